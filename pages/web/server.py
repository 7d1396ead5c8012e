"""The web application round Streamlit: routes, guards, start and stop."""

import streamlit as st
from starlette.middleware import Middleware

from pages.web.guard import Guard


def server(script: str) -> st.App:
    """Streamlit's own server with our routes and guards."""
    return st.App(script, middleware=[Middleware(Guard)])
