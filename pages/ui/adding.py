"""What somebody with a receipt may add to their words: how serious they find it, and photos or documents."""

import streamlit as st

from core.access import RESIDENT
from core.errors import Invalid, Refused
from core.evidence import Upload
from core.text import _, day, literal
from core.voices import attachments, followup
from core.voices.attachments import MOST, FileRow, prepared
from core.voices.story import Story
from core.voices.unlocking import Opened
from core.words import Level
from pages.ui import gate, uploads

STATE = st.session_state


def add(opened: Opened, content: bytes) -> str:
    """Clean a file, with nothing locked, and keep it; what its sender is told. Refusals are raised.

    What its sender calls it is not even asked. Once more when the same file was sent twice at the same moment.
    """
    file = prepared(Upload("", content))
    if gate.insist(RESIDENT, attachments.add, opened, file):
        return _("Thank you. The file has arrived.")
    return _("Thank you. The file has arrived. Nothing could be taken out of it, so it is sealed and not shown to the committee.")  # fmt: skip  # noqa: E501


def own_level(opened: Opened, story: Story, page: str) -> None:
    """How serious the sender finds the matter, as long as it is not decided on."""
    if not story.may_set_level:
        return
    names = {Level.HIGH: _("Very serious"), Level.MEDIUM: _("Middling"), Level.LOW: _("Slight")}
    level = st.segmented_control(
        _("How serious is it, in your view? (you may leave this)"), list(names), default=story.level,
        format_func=names.__getitem__, key=f"level:{page}",
    )  # fmt: skip
    if level != story.level and gate.do(followup.own_level, opened, level):
        st.success(_("Thank you. This has been noted."))


def files(opened: Opened, story: Story, page: str) -> None:
    """The sender's files, each with what became of it, and the field for one more as long as there is room.

    `page` names the field, since nothing of the code may stand in an address.
    """
    key = f"files-{page}"
    if STATE.setdefault(f"{key}:of", opened.locator) != opened.locator:
        uploads.forget_files(key)
        STATE[f"{key}:of"] = opened.locator
    if told := STATE.pop(f"{key}:told", ""):
        st.success(told)
    rows = gate.inquire(RESIDENT, attachments.own, opened)
    if story.may_add_files and len(rows) < MOST:
        with st.expander(_("Add a photo or document (you may leave this)"), expanded=uploads.was_chosen(key)):
            _field(opened, key)
    for n, row in enumerate(rows, 1):
        _line(opened, key, n, row, may_delete=story.may_take_back)


def _field(opened: Opened, key: str) -> None:
    hint = _("At most {n} files of 10 MB. Only a copy is shown, without when, where and with what it was made. What one sees in it stays: please cover faces, names and numbers first.", n=MOST)  # fmt: skip  # noqa: E501
    chosen = uploads.chosen_file(key, _("Photo, PDF or plain text"), hint)
    if not st.button(_("Add this file"), key=f"{key}:add"):
        return
    if chosen is None:
        st.error(_("Please choose a file."))
        return
    try:
        STATE[f"{key}:told"] = add(opened, chosen.content)
    except Invalid as refusal:
        st.error(refusal.fields["file"])
    except Refused as refusal:
        st.error(str(refusal))
    else:
        uploads.forget_files(key)
        st.rerun()


def _line(opened: Opened, key: str, n: int, row: FileRow, *, may_delete: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{literal(row.kind)} {n}**　:small[{day(row.added_on)}]")
        st.caption(row.fate)
        label = _("Delete {kind} {n}", kind=row.kind, n=n)
        if may_delete and st.button(label, key=f"{key}:drop:{row.id}") and gate.do(followup.drop_file, opened, row.id):
            STATE[f"{key}:told"] = _("The file has been deleted.")
            st.rerun()
