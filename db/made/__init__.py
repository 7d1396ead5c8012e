"""A made site: a small place is lived through by the real use cases, and printed as often as asked with other names."""
