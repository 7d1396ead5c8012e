"""Superiors' points as the community answers them: accepted, already an entry, or not applicable."""

from html import escape

import streamlit as st

from core import dates, items
from core.access import Permission
from core.entries.risks import RiskForm
from core.rows import PointRow
from core.text import _, day
from core.turning import Listed
from core.voices import points
from core.voices.points import ToAnswer
from pages.ui import already, answers, deeds, gate, marks, shell, tables, turning
from pages.ui.forms import Form


def page() -> None:
    gate.require(Permission.POINT_ANSWER)
    wanted = st.query_params.get("flag")
    if wanted and gate.ask(points.received, answered=False, flag_id=wanted):
        _answer(gate.ask(points.answering, wanted))
        return
    st.title(_("Superiors' points"))
    deeds.tell()
    if wanted:
        st.info(_("This point has been answered."))
    _list(gate.ask(points.received, False, turning.kept("points:waiting")))
    _answered(gate.ask(points.received, True, turning.kept("points:answered")))


def _list(waiting: Listed[PointRow]) -> None:
    if not waiting:
        st.success(_("No point waits for an answer. What superiors raise with your community will stand here."))
    today = dates.today(dates.now())
    for n, row in enumerate(waiting):
        with st.container(border=True):
            st.html(marks.words(row.text))
            limit = marks.lamp(row.due_on, today, marks.working_words(row.due_on, today))
            st.html(f"<p class='qy-muted'>{escape(_raised(row))} · {limit}</p>")
            if st.button(_("Answer"), type="primary" if n == 0 else "secondary", key=f"answer:{row.flag_id}"):
                shell.go("points", flag=row.flag_id)
    turning.buttons(waiting.turned, 0, "points:waiting", kept=True)


def _raised(row: PointRow) -> str:
    return _("raised by {name} on {day}", name=row.raised_by, day=row.raised_on)


def _answered(rows: Listed[PointRow]) -> None:
    if not rows:
        return
    today = dates.today(dates.now())
    st.subheader(_("Answered"))
    tables.table(
        [_("Point"), _("Answer"), _("Answered on")],
        [[row.text, answers.answer(row, today), day(row.decided_on) if row.decided_on else "—"] for row in rows],
    )
    turning.buttons(rows.turned, 0, "points:answered", kept=True)


def _answer(ready: ToAnswer) -> None:
    row, today = ready.point, dates.today(dates.now())
    st.title(_("Answer a point"))
    shell.link("points", _("All points"))
    with st.container(border=True):
        st.html(marks.words(row.text))
        limit = marks.lamp(row.due_on, today, marks.working_words(row.due_on, today))
        about = escape(_("Power item: {item}", item=ready.item)) + " · " if ready.item else ""
        st.html(f"<p class='qy-muted'>{about}{escape(_raised(row))} · {limit}</p>")
    ways = {
        "accept": _("Accept and open an entry"), "entry": _("It is an entry already"),
        "not": _("It does not apply here"),
    }  # fmt: skip
    way = st.segmented_control(
        _("How you answer"), list(ways), default="entry" if ready.likely else "accept", format_func=ways.__getitem__,
        required=True, key=f"way:{row.flag_id}",
    )  # fmt: skip
    if way == "accept":
        _accept(ready)
    elif way == "entry":
        _already(ready)
    else:
        _decline(row)


def _accept(ready: ToAnswer) -> None:
    row = ready.point
    st.caption(_("Put it into the words of the register: what could go wrong here, without people."))
    names = {item.id: item.name for item in gate.ask(items.catalogue, row.unit_id)}
    form = Form(
        f"accept:{row.flag_id}", RiskForm, options={"item_id": names}, start=ready.draft.model_dump(), columns=1
    )
    if form.send(_("Accept and open an entry"), points.accept, row.flag_id):
        _back()


def _already(ready: ToAnswer) -> None:
    entries = {entry.id: entry for entry in (*ready.likely, *ready.others)}
    if not entries:
        st.info(_("The register of your community has no open entry yet, so this cannot be one of them."))
        return
    row, likely = ready.point, {entry.id for entry in ready.likely}
    found = [one.likeness.match for one in already.shown((row.unit_id,), row.text)]
    sure = next((match.risk_id for match in found if match.preselected and match.risk_id in entries), None)

    def words(key: str) -> str:
        name = _("Entry {n}: {title}", n=entries[key].number, title=entries[key].title)
        return _("{entry} (likely)", entry=name) if key in likely else name

    chosen = st.selectbox(
        _("Which entry"), list(entries), index=list(entries).index(sure) if sure else None, format_func=words,
        placeholder=_("Please choose"), key=f"entry:{ready.point.flag_id}",
    )  # fmt: skip
    reason = st.text_input(_("Remark (optional)"), key=f"remark:{ready.point.flag_id}", max_chars=500)
    pressed = st.button(_("Answer: it is this entry"), type="primary", disabled=chosen is None)
    if pressed and chosen and gate.do(points.already_entry, ready.point.flag_id, chosen, reason):
        _back()


def _decline(row: PointRow) -> None:
    st.caption(_("Whoever raised the point reads your reason."))
    reason = st.text_area(_("Why does it not apply here?"), key=f"reason:{row.flag_id}", max_chars=1000)
    pressed = st.button(_("Answer: it does not apply"), type="primary")
    if pressed and gate.do(points.not_applicable, row.flag_id, reason):
        _back()


def _back() -> None:
    deeds.say(_("Your answer has been sent."))
    shell.go("points")


page()
