"""Declared relatives: one's own, those that wait for one's word, and, for the discipline desk, those of its area."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.organisation import relatives
from core.organisation.relatives import DeclarationForm, DeclarationRow, Ending
from core.text import _, day
from core.turning import COUNTED
from pages.ui import deeds, gate, shell, tables, turning
from pages.ui.forms import Form
from pages.ui.persons import Persons


def page() -> None:
    actor = gate.require(Permission.RELATIVE_DECLARE)
    st.title(_("Relatives and recusal"))
    deeds.tell()
    st.caption(
        _("Whoever is named in a matter does not read it, and neither do their close relatives. Please say which of "
          "your relatives have an account here. You are then kept at once from what is said about them, and you do not "
          "verify or close their work. The same holds for them as soon as they, or the discipline desk, confirm it.")
    )  # fmt: skip
    st.caption(_("Only the two of you and the discipline desk see this, no colleague. The log keeps that something was "
                 "declared, not how you are related."))  # fmt: skip
    rows = gate.ask(relatives.own)
    _to_confirm([row for row in rows if row.waits and row.relative_id == actor.person_id])
    if actor.may(Permission.RELATIVE_JUDGE):
        _desk(actor.person_id or "")
    _declared([row for row in rows if row.person_id == actor.person_id or not row.waits], actor.person_id or "")
    _new(first=not rows)
    shell.link("home", _("Back to what waits for you"))


def _to_confirm(rows: Sequence[DeclarationRow]) -> None:
    for row in rows:
        with st.container(border=True, key=f"qyrl_{row.id}"):
            st.html(_line(_("{person} has declared: you are their {kind}.", person=_who(row.person, row.person_unit),
                            kind=row.kind)))  # fmt: skip
            st.caption(_("If this is not so, leave it and tell the discipline desk. Until it is confirmed, nothing is "
                         "kept from you by it."))  # fmt: skip
            if st.button(_("Yes, this is so"), type="primary", key=f"confirm:{row.id}") and gate.do(
                relatives.confirm, row.id
            ):
                deeds.done(_("Confirmed. From now on you are kept from what is said about each other."))


def _declared(rows: Sequence[DeclarationRow], me: str) -> None:
    if not rows:
        return
    st.subheader(_("Declared"))
    for row in rows:
        mine = row.person_id == me
        who = _who(row.relative, row.relative_unit) if mine else _who(row.person, row.person_unit)
        kind = row.kind.label if mine else _("you are their {kind}", kind=row.kind)
        with st.container(border=True, key=f"qyrl_{row.id}", gap="xxsmall"):
            st.html(_line(who, kind))
            st.caption(_state(row))
            if mine and row.stands:
                _end(row)


def _end(row: DeclarationRow) -> None:
    with st.expander(_("This is no longer so")):
        st.caption(_("What was kept from you stays so: it was said while you were relatives."))
        form = Form(f"end:{row.id}", Ending, start={"ended_on": dates.today(dates.now())}, draft=False)
        if form.send(_("End this declaration"), lambda work, said: relatives.end(work, row.id, said)):
            deeds.done(_("The declaration has ended. It is not deleted."))


def _new(*, first: bool) -> None:
    opened = st.expander(_("Declare a relative"), expanded=first, key="relatives:new", on_change="rerun")
    if not opened.open:
        return
    with opened:
        form = Form("relative", DeclarationForm, options={"relative_id": Persons(relatives.choices)}, draft=False)
        if form.send(_("Declare"), relatives.declare):
            deeds.done(_("Declared. You are kept from what is said about them, now and before."))


def _desk(me: str) -> None:
    st.subheader(_("Declarations in your area"))
    _unreviewed()
    found = gate.ask(relatives.judged, turning.kept("judged"))
    for row in [row for row in found if row.waits and me not in (row.person_id, row.relative_id)]:
        _judge(row)
    rest = [row for row in found if not row.waits]
    if rest:
        tables.table(
            [_("Who declared"), _("Relative"), _("Relation"), _("State")],
            [[_who(row.person, row.person_unit), _who(row.relative, row.relative_unit), row.kind.label, _state(row)]
             for row in rest],
        )  # fmt: skip
    turning.buttons(found.turned, 0, "judged", kept=True)
    if not found:
        st.caption(_("Nobody in your area has declared a relative."))


def _judge(row: DeclarationRow) -> None:
    with st.container(border=True, key=f"qyrj_{row.id}"):
        relative = _("{kind}: {relative}", kind=row.kind, relative=_who(row.relative, row.relative_unit))
        st.html(_line(_who(row.person, row.person_unit), relative))
        st.caption(_state(row))
        with st.container(horizontal=True):
            yes = st.button(_("It holds"), type="primary", key=f"holds:{row.id}")
            no = deeds.sure(
                _("It does not hold"), _("It ends today. What it has kept away stays so."), _("Yes, it does not hold"),
                f"wrong:{row.id}",
            )  # fmt: skip
    if yes and gate.do(relatives.judge, row.id, holds=True):
        deeds.done(_("Confirmed. The two are kept from each other's matters."))
    if no and gate.do(relatives.judge, row.id, holds=False):
        deeds.done(_("The declaration has ended. It is not deleted."))


def _unreviewed() -> None:
    """How many flags nobody may review, for want of somebody who is not concerned."""
    rows = gate.ask(relatives.unreviewed)
    if not rows:
        return
    st.warning(
        _("Some flags wait and nobody may review them: all who could are named in them, answer for the power item or "
          "are relatives. Ask the security administrator to give the role to somebody who is not concerned.")
    )  # fmt: skip
    tables.table([_("Community"), _("Flags nobody may review")], [[name, str(n)] for name, n in rows])
    if sum(n for _name, n in rows) > COUNTED:
        st.caption(_("There are more than {n} of them; these were found first.", n=COUNTED))


def _who(name: str, unit: str) -> str:
    return _("{name} · {post}", name=name, post=unit)


def _line(words: str, more: str = "") -> str:
    return f"<p class='qy-item'>{escape(words)} <span class='qy-muted'>{escape(more)}</span></p>"


def _state(row: DeclarationRow) -> str:
    said = _("declared on {day}", day=day(row.declared_on))
    if row.ended_on:
        return _("{first}, {second}", first=said, second=_("ended on {day}", day=day(row.ended_on)))
    if row.confirmed_on:
        return _("{first}, {second}", first=said, second=_("confirmed on {day}", day=day(row.confirmed_on)))
    return _("{first}, {second}", first=said, second=_("not yet confirmed"))


page()
