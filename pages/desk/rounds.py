"""Rounds: the calendar with the part of today, how far communities and posts have come, and what is carried over."""

from collections.abc import Sequence

import streamlit as st

from core import dates
from core.access import Permission
from core.inspection import campaigns, completion, quarters
from core.inspection.completion import CommunityRow, Completion
from core.rows import RoundRow
from core.text import _, literal
from core.words import RunKind, RunStatus
from pages.desk import rounds_community, rounds_deeds
from pages.ui import deeds, gate, phases, progress, shell, tables, turning

actor = gate.require(Permission.REGISTER_READ)
TODAY = dates.today(dates.now())


def main() -> None:
    st.title(_("Rounds"))
    deeds.tell()
    known = gate.ask(completion.known)
    if not known:
        st.info(
            _("There has been no round yet. In a round, usually one a year, every post-holder goes through the power "
              "items of their post; what is found is rated, published, put under measures and evaluated, and at the "
              "end the registers are frozen.")
        )  # fmt: skip
        if actor.may(Permission.ROUND_OPEN):
            rounds_deeds.open_one(TODAY)
        return
    row = _choose(known)
    _head(row)
    _body(row)
    if actor.may(Permission.ROUND_OPEN):
        if gate.ask(campaigns.may_steer, row.id):
            rounds_deeds.steer(row, TODAY)
        opened = st.expander(_("Open a round"), key="rounds:new", on_change="rerun")
        if opened.open:
            with opened:
                rounds_deeds.open_one(TODAY)


def _choose(known: Sequence[RoundRow]) -> RoundRow:
    """The round of the address, else one that runs today, else the newest."""
    by_id = {row.id: row for row in known}
    running = next((row.id for row in known if quarters.is_open(row, TODAY)), known[0].id)
    asked = st.query_params.get("round", "")
    if len(known) == 1:
        return known[0]
    ids = list(by_id)
    chosen = st.selectbox(
        _("Round"), ids, ids.index(asked if asked in by_id else running), key=f"rounds:{asked}",
        format_func=lambda one: f"{by_id[one].title} · {by_id[one].unit} · {quarters.told(by_id[one], TODAY)}",
    )  # fmt: skip
    if chosen != (asked or running):
        st.query_params.from_dict({"round": chosen})
    return by_id[chosen]


def _head(row: RoundRow) -> None:
    st.subheader(_("{title} · {unit}", title=literal(row.title), unit=literal(row.unit)))
    st.markdown(f"**{quarters.told(row, TODAY)}**")
    phases.steps(row, TODAY)
    due = _("Self-inspection is asked for by {day}.", day=quarters.inspected_by(row))
    asked = _("Asked are: {posts}.", posts=literal(tables.listed(row.posts))) if row.posts else _(
        "Every post with power items is asked."
    )  # fmt: skip
    closed = _("Closed because: {reason}", reason=literal(row.reason)) if row.reason else ""
    st.caption(" ".join(part for part in (due, asked, closed) if part))


def _body(row: RoundRow) -> None:
    asked = st.query_params.get("unit", "")
    found: Completion = gate.ask(completion.completion, row.id, turning.wanted())
    if found.total.communities == 1:
        rounds_community.show(row, found.rows[0], TODAY)
        return
    if asked:
        one = next((each for each in found.rows if each.unit_id == asked), None)
        shell.link("rounds", "‹ " + _("All communities"), round=row.id)
        rounds_community.show(row, one or rounds_community.named(asked), TODAY)
        return
    _matrix(row, found)


def _matrix(row: RoundRow, found: Completion) -> None:
    total = found.total
    if not total.communities:
        st.info(_("No community of yours takes part in this round."))
        return
    st.markdown(
        _("{n} communities, {posts} posts with {items} power items: {filled} filled in, {nothing} found nothing, "
          "**{left} not yet**.", n=total.communities, posts=total.posts, items=total.items, filled=total.filled,
          nothing=total.nothing, left=total.left)
    )  # fmt: skip
    _freezing(row, found)
    head = [
        _("Community"), _("Posts"), _("Power items"), completion.State.FILLED.label, completion.State.NOTHING.label,
        completion.State.LEFT.label, _("Reminder"),
    ]  # fmt: skip
    several = len({each.above for each in found.rows}) > 1
    tables.table(head, [_line(row, each, several=several) for each in found.rows], blocks=True)
    st.caption(_("Communities in the order of the tree. Posts are counted, never people, and there is no ranking."))
    turning.buttons(found.turned, found.pages, "rounds")


def _line(row: RoundRow, each: CommunityRow, *, several: bool) -> list[tables.Cell]:
    counts = each.counts
    name = tables.at(each.unit, each.above) if several and each.above else each.unit
    return [
        tables.Link(name, "rounds", {"round": row.id, "unit": each.unit_id}), counts.posts, counts.items,
        counts.filled, counts.nothing, counts.left, each.reminder,
    ]  # fmt: skip


def _freezing(row: RoundRow, found: Completion) -> None:
    """How many registers a closed round has frozen, and how the work goes on where they are many."""
    if row.closed_on is None:
        return
    total = found.total
    st.caption(_("{n} of {all} registers frozen", n=total.frozen, all=total.communities))
    if row.run_id and total.frozen < total.communities and gate.ask(campaigns.may_steer, row.id):
        state = progress.follow(RunKind.FREEZING, row.run_id)
        if state.status is RunStatus.DONE:
            st.rerun()


main()
