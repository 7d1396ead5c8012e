"""What one can save: files of evidence, and documents the product writes, each with its button."""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from core import pdf, word
from core.entry import EvidenceRow
from core.store import Work
from core.text import _, language
from pages.ui import gate

P = ParamSpec("P")
R = TypeVar("R")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {".docx": word.KIND, ".pdf": pdf.KIND, ".zip": "application/zip", ".csv": "text/csv", ".xlsx": EXCEL}


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


def document(
    label: str, name: str, write: Callable[[R], bytes], deed: Callable[Concatenate[Work, P], R],
    *args: P.args, **kwargs: P.kwargs,
) -> None:
    """The button of one document: when it is pressed the deed is done, and what it gives is written afterwards, with
    nothing held. The kind of file is told by the end of `name`."""
    session, spoken = gate.session_id(), language.get()

    def made() -> bytes:
        language.set(spoken)
        return write(gate.perform(gate.whose(session), deed, *args, **kwargs))

    st.download_button(
        label, made, safe(name), KINDS[PurePath(name).suffix], key=f"document:{name}:{label}", on_click="ignore",
    )  # fmt: skip


def site() -> str:
    """The address under which the reader reaches the product, without a slash at its end; empty where it is unknown."""
    url = st.context.url
    here = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return f"{here.scheme}://{here.netloc}" if here.netloc else ""


def safe(name: str) -> str:
    """A name of a file that every system takes."""
    return "".join("_" if c in '\\/:*?"<>|' or not c.isprintable() else c for c in name)


def short(name: str) -> str:
    """A file's name as it stands on a button: without markup, and cut in the middle."""
    plain = "".join(c if c not in "`*_[]<>#$|~:\\" else " " for c in name)
    return plain if len(plain) <= 24 else f"{plain[:12]}…{plain[-9:]}"


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
