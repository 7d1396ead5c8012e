"""Deeds of two people: contacts, originals of files, disposal; asked for, agreed to by another, and done once."""

from datetime import datetime
from functools import partial
from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.text import _, day, literal
from core.turning import Listed
from core.voices import openings
from core.voices.openings import LASTS, OpeningRow, Part
from core.words import OpeningKind, OpeningStatus
from pages.desk import openings_ask
from pages.ui import gate, lit, marks, turning
from pages.ui.downloads import Unnoted, unnoted

actor = gate.require(Permission.SEALED_OPEN)
STATE, NOW = st.session_state, dates.now()


def main() -> None:
    rows, grounds = _rows(Part.OPEN), gate.ask(openings.grounds)
    st.title(_("What takes two people"))
    if told := STATE.pop("openings:told", ""):
        st.html(f"<p class='qy-told' role='status'>✓ {escape(told)}</p>")
    st.caption(
        _("A sender's contact, the original of a file, and the disposal of a sealed matter. One of the desk asks with "
          "a reason, another one here or at the level above agrees, and whoever asked does it once within {n} days. "
          "Every step is in the audit log; the sender sees the day and that it was the desk.", n=LASTS.days)
    )  # fmt: skip
    lit.again("openings:lit")
    others = [row for row in rows if row.asked_by != actor.person_id]
    mine = [row for row in rows if row.asked_by == actor.person_id]
    if not (rows or grounds or _rows(Part.PAST)):
        st.info(_("Nothing here yet. Matters stand here once a sender has left a contact or added a file, or once you "
                  "have confirmed a seal."))  # fmt: skip
        return
    for n, row in enumerate(others):
        _to_agree(row, first=n == 0)
    for n, row in enumerate(mine):
        _own(row, first=n == 0 and not others)
    _onward(rows, Part.OPEN)
    openings_ask.matters(grounds, _told)
    _past()


def _rows(part: Part) -> Listed[OpeningRow]:
    return gate.ask(openings.rows, part, turning.kept(f"openings:{part.value}"))


def _onward(rows: Listed[OpeningRow], part: Part) -> None:
    turning.buttons(rows.turned, 0, f"openings:{part.value}", kept=True)


def _what(row: OpeningRow) -> str:
    kind = _("{kind} no. {n}", kind=row.kind, n=row.n) if row.n else row.kind.label
    matter = _("The matter of {day}", day=row.raised_on)
    return f"**{literal(kind)}**　{literal(row.unit)}　{matter}　{marks.matter(row.flag_id)}"


def _day(at: datetime | None) -> str:
    return day(dates.today(at)) if at else ""


def _to_agree(row: OpeningRow, *, first: bool) -> None:
    with st.container(border=True, key=f"qys_agree_{row.id}"):
        st.markdown(_what(row))
        st.markdown(_("{person} asked on {day}: {reason}", person=literal(row.asker), day=_day(row.asked_at),
                      reason=literal(row.reason)))  # fmt: skip
        if row.kind is OpeningKind.DISPOSAL:
            st.caption(openings_ask.EFFECT[row.kind]())
        with st.form(f"agree:{row.id}", border=False):
            reason = st.text_area(_("Your reason, without names"), max_chars=500, height=80)
            with st.container(horizontal=True):
                yes = st.form_submit_button(_("Agree"), type="primary" if first else "secondary")
                no = st.form_submit_button(_("Do not agree"))
    if yes and gate.do(openings.agree, row.id, reason):
        _told(_("Agreed. {person} may do it once until {day}.", person=row.asker, day=_day(NOW + LASTS)))
    if no and gate.do(openings.refuse, row.id, reason):
        _told(_("Not agreed to. {person} sees your reason.", person=row.asker))


def _own(row: OpeningRow, *, first: bool) -> None:
    with st.container(border=True, key=f"qys_own_{row.id}"):
        st.markdown(_what(row))
        if row.status is OpeningStatus.ASKED:
            st.markdown(_("You asked on {day}: {reason}", day=_day(row.asked_at), reason=literal(row.reason)))
            st.caption(_waits(row))
            if st.button(_("Withdraw what you asked for"), key=f"withdraw:{row.id}") and gate.do(
                openings.withdraw, row.id
            ):
                _told(_("Withdrawn. Nobody needs to agree any more."))
            return
        until = _day((row.decided_at or NOW) + LASTS)
        st.markdown(_("{person} has agreed: {reason}", person=literal(row.decider), reason=literal(row.answer)))
        st.caption(_("You may do it once, until {day}.", day=until))
        st.caption(openings_ask.EFFECT[row.kind]())
        if st.button(row.kind.label, type="primary" if first else "secondary", key=f"do:{row.id}"):
            _do(row)


def _waits(row: OpeningRow) -> str:
    people = gate.ask(openings.seconds, row.flag_id)
    if not people:
        return _(
            "Nobody else can agree to this yet: you are alone on this desk, and the level above has none. Please ask "
            "the security administrator to give somebody at the level above the discipline desk's role."
        )
    names = _(", ").join(_("{person} ({unit})", person=two.person, unit=two.unit) for two in people)
    return _("Waits for a second person: {names}.", names=names)


def _do(row: OpeningRow) -> None:
    if row.kind is OpeningKind.DISPOSAL:
        if gate.do(openings.dispose, row.id):
            _told(_("The matter is disposed of. Its receipt says so."))
        return
    held = lit.holder("openings:lit")
    if row.kind is OpeningKind.CONTACT:
        if contact := gate.do(openings.open_contact, row.id):
            lit.show(held, partial(_contact, contact.value))
    elif original := gate.do(openings.open_original, row.id):
        lit.show(held, partial(_original, row, *original.value))


def _contact(contact: str) -> None:
    label = escape(_("The contact"))
    st.html(f"<section class='qy-flag' aria-label='{label}'>{marks.words(contact)}</section>")
    st.caption(_("It is shown this once. To see it again, ask again."))


def _original(row: OpeningRow, content: bytes, media_type: str) -> None:
    name = _("original-{n}", n=row.n or 1) + SUFFIXES.get(media_type, "")
    unnoted(_("Save the original"), content, name, Unnoted.TOLD, media_type, f"save:{row.id}")
    st.caption(_("It is given this once. It may tell who made it, where and when; keep it with the case file alone."))


SUFFIXES = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf", "text/plain": ".txt",
}  # fmt: skip


def _past() -> None:
    shown = st.expander(_("Done, not agreed to, withdrawn or lapsed"), on_change="rerun", key="openings:shown")
    if not shown.open:
        return
    rows = _rows(Part.PAST)
    with shown:
        if not rows:
            st.caption(_("No deed of two people has ended yet."))
        for row in rows:
            _ended(row)
        _onward(rows, Part.PAST)


def _ended(row: OpeningRow) -> None:
    state = _("Lapsed unused") if row.has_lapsed(NOW) else row.status.label
    st.markdown(f"{_what(row)}　{state}　{_day(row.done_at or row.decided_at)}")
    said = [_("{person} asked on {day}: {reason}", person=literal(row.asker), day=_day(row.asked_at),
              reason=literal(row.reason))]  # fmt: skip
    if row.answer:
        said.append(_("{person} said: {reason}", person=literal(row.decider), reason=literal(row.answer)))
    st.caption("  \n".join(said))


def _told(sentence: str) -> None:
    STATE["openings:told"], STATE["openings:matter"] = sentence, None
    st.rerun()


main()
