"""One community in a round: its posts, what came from last year, what is to be rated again, and what was frozen."""

from datetime import date

import streamlit as st

from core.entries import register
from core.insight import yearly
from core.insight.yearly import Moved, Year
from core.inspection import completion, quarters, snapshots
from core.inspection.completion import CommunityRow, Counts, PostRow, State
from core.rows import RoundRow
from core.text import _, day, literal
from core.words import Change
from pages.ui import folding, gate, shell, tables

MARKS = {State.FILLED: "●", State.NOTHING: "○", State.LEFT: "…"}


def named(unit_id: str) -> CommunityRow:
    """A community that does not stand on the page of the matrix at hand."""
    unit = gate.ask(register.place, unit_id)
    return CommunityRow(unit_id, unit.name if unit else "", "", Counts(0, 0, 0, 0, 0))


def show(row: RoundRow, community: CommunityRow, today: date) -> None:
    st.subheader(literal(community.unit))
    _posts(gate.ask(completion.posts, row.id, community.unit_id))
    if row.closed_on is None:
        _again(community.unit_id)
    _years(row, community.unit_id, today)
    _frozen(community.unit_id)


def _posts(posts: list[PostRow]) -> None:
    if not posts:
        st.info(_("No post has power items here yet. Items and their posts are kept in the catalogue of power items."))
        return
    left = sum(post.state is State.LEFT for post in posts)
    st.markdown(_("{n} posts are still missing", n=left) if left else _("Every post has finished."))
    tables.table(
        [_("Post"), _("Power items"), _("Gone through"), _("State"), _("How they looked, where nothing was found")],
        [
            [tables.at(post.post, _("vacant")) if post.vacant else post.post, post.items, post.said,
             f"{MARKS[post.state]} {post.state.label}", "；".join(post.reasons) or "—"]
            for post in posts
        ],
    )  # fmt: skip


def _again(unit_id: str) -> None:
    rows = gate.ask(completion.to_rate_again, unit_id)
    if not rows:
        return
    st.subheader(_("To be rated again: {n}", n=len(rows)))
    shown = tables.page(rows, f"again:{unit_id}")
    tables.table(
        [_("Entry"), _("Because"), _("Since")],
        [[tables.Link(_("No. {n} {title}", n=r.number, title=r.title), "entry", {"id": r.risk_id}), r.because,
          day(r.day)] for r in shown],
    )  # fmt: skip
    shell.link("register", _("Show these in the register") + " ›", again="1", unit=unit_id)


def _years(row: RoundRow, unit_id: str, today: date) -> None:
    """How the register differs from last year's; all of it is compared, when that is asked for."""
    folding.part(
        _("From last year to this"),
        lambda: _year(gate.ask(yearly.year_on_year, row.id, unit_id), unit_id, quarters.is_open(row, today)),
        key="rounds:year",
    )  # fmt: skip


def _year(year: Year, unit_id: str, running: bool) -> None:
    if year.former is None:
        st.caption(
            _("No round before this one left a frozen register here, so what was opened since this round began counts "
              "as new, and what changed cannot be told.")
        )  # fmt: skip
    else:
        st.caption(
            _("Compared with the register frozen on {day} (“{title}”), as of {until}.", day=year.former.taken_on,
              title=literal(year.former.title), until=year.until)
        )  # fmt: skip
    if not year.rows:
        st.markdown(_("There is no entry to compare yet."))
        return
    words = {change: _("{what} ({n})", what=change, n=year.count(change)) for change in Change if year.count(change)}
    chosen = st.pills(
        _("Show"), list(words), format_func=words.__getitem__, key=f"year:{unit_id}", label_visibility="collapsed"
    )
    rows = tables.page([row for row in year.rows if chosen in (None, row.change)], f"years:{unit_id}:{chosen}")
    tables.table([_("Entry"), _("From last year"), _("What became different")], [_moved(row) for row in rows])
    if chosen and running:
        shell.link("register", _("Show these in the register") + " ›", change=chosen.value, unit=unit_id)


def _moved(row: Moved) -> list[tables.Cell]:
    entry = tables.Link(_("No. {n} {title}", n=row.number, title=row.title), "entry", {"id": row.risk_id})
    return [entry, row.change.label, "；".join(row.said) or "—"]


def _frozen(unit_id: str) -> None:
    st.subheader(_("Registers of former days"))
    for kept in gate.ask(snapshots.of_unit, unit_id):
        told = _("Register as of {day}: {n} entries, frozen with “{title}”", day=kept.taken_on, n=kept.entries,
                 title=literal(kept.title))  # fmt: skip
        shell.link("past", told + " ›", snapshot=kept.id)
    shell.link("past", _("Register as of any other day") + " ›", unit=unit_id)
