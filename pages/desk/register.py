"""The register."""

import streamlit as st

from core.access import Permission
from core.text import _
from pages.ui import gate

gate.require(Permission.REGISTER_READ)
st.title(_("Register"))
