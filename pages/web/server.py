"""The web application round Streamlit: routes, guards, start and stop."""

from typing import Any

from starlette.middleware import Middleware

from pages.web.guard import Guard


def parts() -> dict[str, Any]:
    """What is built round Streamlit's own server."""
    return {"middleware": [Middleware(Guard)]}
