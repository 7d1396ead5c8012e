"""The demo: an invented place, played through the real use cases."""
