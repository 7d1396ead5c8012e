"""Files chosen on a page: as core takes them, and noticed when a server restart has lost them."""

import streamlit as st

from core.evidence import LARGEST, Upload
from core.text import _
from pages.ui import gate

CHOSEN = "chosen"
"""What the address of a page says of an uploader of somebody without an account, who has no drafts."""

def chosen_files(name: str, help_text: str, label: str = "") -> list[Upload]:
    """The files chosen in an uploader; says so when files chosen before have been lost.

    A browser goes on showing a chosen file after the server has restarted and no longer has it, so that a file was
    chosen is kept as a draft, without an account in the address of the page, and an empty uploader that should not be
    empty is told.
    """
    return _chosen(name, label or _("Files (optional)"), help_text, several=True)


def chosen_file(name: str, label: str, help_text: str) -> Upload | None:
    """The one file chosen in an uploader; says so when one chosen before has been lost."""
    return next(iter(_chosen(name, label, help_text, several=False)), None)


def _chosen(name: str, label: str, help_text: str, *, several: bool) -> list[Upload]:
    version = st.session_state.setdefault(f"{name}:version", 0)
    found = st.file_uploader(
        label, accept_multiple_files=several, key=f"{name}:{version}", help=help_text,
        max_upload_size=LARGEST // 1024 // 1024,
    )  # fmt: skip
    given = found if isinstance(found, list) else [found] if found is not None else []
    st.caption(help_text)
    seen = f"{name}:seen"
    if given:
        if st.session_state.get(seen) != len(given):
            _note(name, len(given))
            st.session_state[seen] = len(given)
    elif st.session_state.pop(seen, None):
        _forget(name)
    elif was_chosen(name):
        st.warning(_("The files chosen earlier did not survive. Please remove them and choose them again."))
    return [Upload(file.name, file.getvalue()) for file in given]


def was_chosen(name: str) -> bool:
    """Whether a file was chosen in an uploader, here or before the server lost it."""
    return st.query_params.get(CHOSEN) == name or bool(gate.draft_of(name).get("files"))


def forget_files(name: str) -> None:
    """Empty the uploader after its files were taken."""
    _forget(name)
    st.session_state.pop(f"{name}:seen", None)
    st.session_state[f"{name}:version"] = st.session_state.get(f"{name}:version", 0) + 1


def _note(name: str, count: int) -> None:
    if not gate.keep_draft(name, {"files": count}):
        st.query_params[CHOSEN] = name


def _forget(name: str) -> None:
    gate.drop_draft(name)
    if st.query_params.get(CHOSEN) == name:
        del st.query_params[CHOSEN]
