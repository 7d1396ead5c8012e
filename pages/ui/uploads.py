"""Files chosen on a page: as core takes them, and noticed when a server restart has lost them."""

import streamlit as st

from core.evidence import LARGEST, Upload
from core.text import _
from pages.ui import gate


def chosen_files(name: str, help_text: str) -> list[Upload]:
    """The files chosen in an uploader; says so when files chosen before have been lost.

    A browser goes on showing a chosen file after the server has restarted and no longer has it, so that a file was
    chosen is kept as a draft, and an empty uploader that should not be empty is told.
    """
    return _chosen(name, _("Files (optional)"), help_text, several=True)


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
            gate.keep_draft(name, {"files": len(given)})
            st.session_state[seen] = len(given)
    elif st.session_state.pop(seen, None):
        gate.drop_draft(name)
    elif gate.draft_of(name).get("files"):
        st.warning(_("The files chosen earlier did not survive. Please remove them and choose them again."))
    return [Upload(file.name, file.getvalue()) for file in given]


def forget_files(name: str) -> None:
    """Empty the uploader after its files were taken."""
    gate.drop_draft(name)
    st.session_state.pop(f"{name}:seen", None)
    st.session_state[f"{name}:version"] = st.session_state.get(f"{name}:version", 0) + 1


def short(name: str) -> str:
    """A file's name as it stands on a button: without markup, and cut in the middle."""
    plain = "".join(c if c not in "`*_[]<>#$|~:\\" else " " for c in name)
    return plain if len(plain) <= 24 else f"{plain[:12]}…{plain[-9:]}"
