"""What one can save, each with its button. No file leaves but through here: what tells of a register is kept on the
chain when it is taken, and what is not gives a reason."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import PurePath
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlsplit

import streamlit as st

from core import documents
from core.documents import Document
from core.entries.entry import EvidenceRow
from core.formats import pdf, word
from core.store import Work
from core.text import _, language
from pages.ui import gate

P = ParamSpec("P")
R = TypeVar("R")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    ".docx": word.KIND, ".pdf": pdf.KIND, ".zip": "application/zip", ".csv": "text/csv", ".xlsx": EXCEL,
    ".png": "image/png", ".txt": "text/plain",
}  # fmt: skip


class Unnoted(StrEnum):
    """Why a file leaves without a line of its own on the chain."""

    BLANK = "it is empty, the same for everybody"
    OWN = "it is the receipt of whoever takes it"
    GIVEN = "somebody handed it in, and it is read where it hangs"
    TOLD = "that it was made or opened stands on the chain already"


def downloads(files: Sequence[EvidenceRow], content: Callable[[Work, str], bytes]) -> None:
    """One button for each file; what is in it is read when it is pressed. Nothing where there is none."""
    if not files:
        return
    with st.container(horizontal=True):
        for file in files:
            label = _("Evidence: {name} ({size})", name=short(file.name), size=_size(file.size))
            unnoted(label, gate.later(content, file.id), file.name, Unnoted.GIVEN, file.media_type, f"file:{file.id}")


def unnoted(
    label: str, content: bytes | str | Callable[[], bytes], name: str, _why: Unnoted, kind: str = "", key: str = "",
) -> None:
    """The button of a file that is kept nowhere when it is taken, with the reason why not. The kind of file is told by
    the end of `name` where it is not given."""
    st.download_button(
        label, content, safe(name), kind or KINDS[PurePath(name).suffix], key=key or f"unnoted:{name}:{label}",
        on_click="ignore",
    )  # fmt: skip


def noted(
    label: str, name: str, content: Callable[[], bytes], what: Document, unit_id: str = "", rows: int | None = None,
) -> None:
    """The button of a document that is asked for when it is pressed, with nothing held; then it is kept that it leaves,
    and only then it does."""
    session, spoken = gate.session_id(), language.get()

    def taken() -> bytes:
        language.set(spoken)
        made = content()
        gate.perform(gate.whose(session), documents.note, what, unit_id, rows)
        return made

    _button(label, taken, name)


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

    _button(label, made, name)


def _button(label: str, made: Callable[[], bytes], name: str) -> None:
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
