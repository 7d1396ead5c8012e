"""The top of an entry, its people, its outcome and its history."""

from datetime import timedelta
from html import escape

import streamlit as st

from core import dates
from core.entries import entry
from core.entries.entry import EntryRow
from core.entries.rating import manages
from core.text import N_, _, day
from core.words import DisclosureClass, RiskStatus
from pages.ui import gate, marks, shell

R = RiskStatus
LINE = (R.UNRATED, R.RATED, R.ANNOUNCED, R.FILED, R.CONTROLLED, R.VERIFYING, R.CLOSED)
NEXT = {
    R.UNRATED: N_("Next: a supervisor decides the level."),
    R.RATED: N_("Next: public notice for 7 days, or filing with the reason why it is not disclosed."),
    R.FILED: N_("Next: name who answers for it, plan measures, and put it under control."),
    R.VERIFYING: N_("Next: a watchdog or supervisor looks, and confirms the closing or sends it back."),
    R.REOPENED: N_("Next: plan a new measure and put the entry under control again."),
}


def head(row: EntryRow) -> None:
    """Number, title, power item, post and holder, level, community, and where the entry stands."""
    post = _("{post} · {names}", post=row.post, names="、".join(row.holders) or _("vacant")) if row.post else ""
    facts = (
        (_("Community"), row.unit), (_("Power item"), row.item or _("none named")), (_("Post"), post),
        (_("Dimension"), row.dimension.label), (_("Kind of risk"), row.risk_type.label),
    )  # fmt: skip
    shows = f"<p class='qy-muted'>{escape(row.manifestation)}</p>" if row.manifestation else ""
    number = _("No. {n}", n=row.number)
    st.html(
        f"<div class='qy-entry'><p class='qy-muted'>{number} · {marks.level_mark(row.level)}</p>"
        f"<h1>{escape(row.title)}</h1>{shows}{_list(facts)}{_steps(row)}<p>{escape(_next(row))}</p></div>"
    )


def _list(facts: tuple[tuple[str, str], ...]) -> str:
    lines = "".join(f"<li><b>{escape(name)}</b>{escape(value)}</li>" for name, value in facts if value)
    return f"<ul class='qy-facts'>{lines}</ul>"


def _steps(row: EntryRow) -> str:
    """The status machine as a line: what is behind, where it stands, what comes."""
    hidden = row.disclosure_class is DisclosureClass.NONE
    line = [s for s in LINE if not (hidden and s is R.ANNOUNCED)]
    if row.status is R.ARCHIVED:
        line = [*line, R.ARCHIVED] if row.closed_on else [R.ARCHIVED]
    elif row.status is R.REOPENED:
        line.insert(line.index(R.CONTROLLED), R.REOPENED)
    here = line.index(row.status)
    marked = [
        f"<li class='{'qy-past' if n < here else 'qy-here' if n == here else 'qy-ahead'}'"
        f"{' aria-current=step' if n == here else ''}>{'✓ ' if n < here else ''}{escape(state.label)}</li>"
        for n, state in enumerate(line)
    ]  # fmt: skip
    return f"<ol class='qy-steps'>{''.join(marked)}</ol>"


def _next(row: EntryRow) -> str:
    if row.status is R.ANNOUNCED and row.announced_on:
        until = row.announced_on + timedelta(days=dates.PUBLIC_NOTICE)
        return _("Next: the notice runs until {day}; then a supervisor files the entry.", day=until)
    if row.status is R.CLOSED and row.closed_on:
        first, second = (row.closed_on + timedelta(days=days) for days in dates.SECOND_LOOK)
        return _("Next: second looks on {first} and {second}, by somebody who had no part in it; then it is archived.",
                 first=first, second=second)  # fmt: skip
    if row.status is R.ARCHIVED:
        done = N_("Closed, looked at again and archived.")
        return _(done if row.closed_on else N_("Withdrawn: no voice is left in this entry."))
    if row.status is R.CONTROLLED:
        who = row.owner or _("the owner")
        return _("Next: measures are carried out and verified; then {who} asks for the closing.", who=who)
    return _(NEXT[row.status])


def contents(measures: int) -> None:
    """Where each part of a long page stands."""
    parts = {
        "voices": _("What the three voices say"), "rating": _("Agreed rating"),
        "measures": _("Preventive measures") + f" {measures}", "outcome": _("Disclosure and closing"),
        "signed": _("Signatures"), "looks": _("Second looks"),
    }  # fmt: skip
    links = "".join(f"<li><a href='#{anchor}'>{escape(words)}</a></li>" for anchor, words in parts.items())
    st.html(f"<nav><ul class='qy-facts'>{links}</ul></nav>")


def people(row: EntryRow) -> None:
    """Owner, leader, watchdog, and who usually manages an entry of this level."""
    nobody = _("nobody yet")
    st.html(_list((
        (_("Owner"), row.owner or nobody), (_("Leader in charge"), row.leader or nobody),
        (_("Watches"), row.watchdog or nobody),
    )))  # fmt: skip
    if row.level:
        st.caption(manages(row.level))


def outcome(row: EntryRow) -> None:
    """What the public reads, when it was filed, and how it was closed."""
    facts = [(_("Disclosure"), _disclosure(row))]
    if row.announced_on:
        facts.append((_("On public notice since"), day(row.announced_on)))
    if row.secret_reason:
        facts.append((_("Why it is not disclosed"), row.secret_reason))
    if row.filed_on:
        facts.append((_("Filed on"), day(row.filed_on)))
    if row.closing_asked_by:
        facts.append((_("Closing asked for by"), _("{name}: {note}", name=row.closing_asked_by, note=row.closing_note)))
    if row.closed_on:
        facts.append((_("Closed"), _("{day}, confirmed by {name}", day=row.closed_on, name=row.closed_by)))
    st.html(_list(tuple(facts)))
    if row.wording and row.announced_on:
        st.caption(_("What the public reads"))
        st.html(f"<div class='qy-notice'>{marks.words(row.wording)}</div>")


def _disclosure(row: EntryRow) -> str:
    if row.disclosure_class is DisclosureClass.NONE:
        return row.disclosure_class.label
    if row.announced_on is None:
        return _("not yet on public notice")
    when = f" · {row.disclosure_when.label}" if row.disclosure_when else ""
    return row.disclosure_class.label + when


def history(row: EntryRow) -> None:
    """What was done, by whom and when, folded until somebody wants to know."""
    shown = st.expander(_("History"), on_change="rerun", key=f"entry:history:{row.id}")
    with shown:
        if shown.open:
            lines = gate.ask(entry.history, row.id)
            if not lines:
                st.caption(_("Nothing has been decided yet. Every decision will stand here with day and name."))
            shell.link("past", _("As it stood on another day, and what changed") + " ›", unit=row.unit_id, entry=row.id)
            told = [f"<li><b>{day(line.day)}</b>{escape(line.who)} · {escape(line.what)}</li>" for line in lines]
            st.html(f"<ul class='qy-facts qy-tall'>{''.join(told)}</ul>")
