"""The files of a sender on an office page: a list, and the clean copy of the one that is chosen; never an original."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

import streamlit as st

from core.evidence import KINDS
from core.privacy.cleaning import Cleaned
from core.text import _, day, literal
from core.voices import attachments
from core.voices.attachments import FileRow
from pages.ui import gate, marks
from pages.ui.downloads import Unnoted, unnoted

STATE = st.session_state


def files(flag_id: str) -> None:
    """The files of a flag, for whoever hears its words; nothing where it has none."""
    rows = gate.ask(attachments.files_of, flag_id)
    if not rows:
        return
    title = escape(_("Photos and documents"))
    st.html(f"<p class='qy-words qy-legend'><b>{title}</b></p>")
    listed(rows)


def listed(rows: Sequence[FileRow]) -> None:
    """Files that whoever is here may look at, one below the other."""
    for row in rows:
        _line(row)
        if STATE.get("attached:shown") == row.id and (found := gate.do(attachments.clean_copy, row.id)):
            _copy(row, found.value)


def _line(row: FileRow) -> None:
    named = literal(_("{kind} no. {n}", kind=row.kind, n=row.n))
    with st.container(horizontal=True, vertical_alignment="center", key=f"qyf_{row.id}"):
        st.markdown(f"{named}　:small[{day(row.added_on)}]", width="content")
        if not row.has_copy:
            st.caption(_("No clean copy could be made. It is sealed for the discipline desk."), width="content")
        elif STATE.get("attached:shown") == row.id:
            if st.button(_("Hide"), key=f"attached:hide:{row.id}"):
                STATE["attached:shown"] = None
                st.rerun()
        elif st.button(_("Look at the file"), key=f"attached:show:{row.id}"):
            STATE["attached:shown"] = row.id
            st.rerun()


def _copy(row: FileRow, copy: Cleaned) -> None:
    """A photo and a text stand on the page itself, at no address of their own; a PDF is saved."""
    if copy.media_type == KINDS["pdf"]:
        name, key = _("attachment-{n}", n=row.n) + ".pdf", f"attached:save:{row.id}"
        unnoted(_("Save the PDF"), copy.content, name, Unnoted.TOLD, key=key)
    elif copy.media_type == KINDS["text"]:
        label = escape(_("The text"))
        st.html(f"<section class='qy-flag' aria-label='{label}'>{marks.words(copy.content.decode())}</section>")
    else:
        inside = b64encode(copy.content).decode("ascii")
        alt = escape(_("Photo no. {n} of the sender", n=row.n))
        st.html(f"<img class='qy-photo' alt='{alt}' src='data:{copy.media_type};base64,{inside}'>")
    st.caption(_("A copy without when, where and with what it was made. The sender sees that your role has opened it."))
