"""Files of evidence, each with the button that saves it."""

from collections.abc import Callable, Sequence

import streamlit as st

from core.entry import EvidenceRow
from core.store import Work
from core.text import _
from pages.ui import gate


def downloads(files: Sequence[EvidenceRow], content: Callable[[Work, str], bytes]) -> None:
    """One button for each file; what is in it is read when it is pressed. Nothing where there is none."""
    if not files:
        return
    with st.container(horizontal=True):
        for file in files:
            st.download_button(
                _("Evidence: {name} ({size})", name=short(file.name), size=_size(file.size)),
                data=gate.later(content, file.id), file_name=file.name, mime=file.media_type,
                key=f"file:{file.id}", on_click="ignore",
            )  # fmt: skip


def short(name: str) -> str:
    """A file's name as it stands on a button: without markup, and cut in the middle."""
    plain = "".join(c if c not in "`*_[]<>#$|~:\\" else " " for c in name)
    return plain if len(plain) <= 24 else f"{plain[:12]}…{plain[-9:]}"


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
