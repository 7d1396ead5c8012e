"""Questions of the small registers."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, select

from core.access import Scope
from core.ledgers.commitments import CommitmentRow, CommitmentState, Signer, Since
from core.ledgers.mentoring import SiteRow, VisitRow
from core.ledgers.vettings import AnswerRow, VettingRow
from core.tables.exchange import TakenPack
from core.turning import COUNTED, ROWS, Listed, Turn
from core.words import CommitmentKind
from db.kept import kept, worded
from db.keyset import by, listed, some, turned, upward
from db.scoping import Asking, before, within
from db.tables import holdings, people_, posts_, unit_kinds, units_
from db.tables.ledger_tables import (
    commitments_,
    exchange_packs,
    mentor_visits,
    mentorships,
    vetting_answers,
    vettings_,
)


class Ledgers(Asking):
    """Small registers as they are asked about."""

    def signers(self, scope: Scope) -> list[Signer]:
        query = worded(
            lambda: select(holdings.c.id, holdings.c.unit_id, units_.c.name.label("unit"),
                           people_.c.id.label("person_id"),
                   people_.c.name.label("person"), posts_.c.name)
            .join(units_, units_.c.id == holdings.c.unit_id)
            .join(people_, people_.c.id == holdings.c.person_id)
            .join(posts_, posts_.c.id == holdings.c.post_id)
            .where(within(holdings.c.unit_id, scope), holdings.c.until.is_(None))
            .order_by(units_.c.name, units_.c.path, people_.c.name, posts_.c.name)
        )  # fmt: skip
        return [Signer(*row) for row in self.session.execute(*query)]

    def unsigned(self, scope: Scope) -> tuple[list[Signer], int]:
        counting = some(select(holdings.c.id).where(_unsigned(scope), ~_OTHER))
        total = self.session.scalar(counting) or 0
        if not 0 < total <= COUNTED:
            return [], total
        query = worded(
            lambda: select(func.min(holdings.c.id), units_.c.id, units_.c.name, people_.c.id.label("person_id"),
                           people_.c.name.label("person"), func.min(posts_.c.name))
            .join(units_, units_.c.id == holdings.c.unit_id)
            .join(people_, people_.c.id == holdings.c.person_id)
            .join(posts_, posts_.c.id == holdings.c.post_id)
            .where(_unsigned(scope))
            .group_by(units_.c.id, units_.c.name, units_.c.path, people_.c.id, people_.c.name)
            .order_by(units_.c.name, units_.c.path, people_.c.name)
        )  # fmt: skip
        return [Signer(*row) for row in self.session.execute(*query)], total

    def commitment_rows(self, scope: Scope) -> list[CommitmentRow]:
        query = worded(lambda: _newest(scope).order_by(*by(_BY_PLACE)))
        return [_commitment(r) for r in self.session.execute(*query)]

    def commitment_page(
        self, scope: Scope, counted: Since, state: CommitmentState | None, turn: Turn
    ) -> Listed[CommitmentRow]:
        places = before(select(units_.c.id, units_.c.name, units_.c.path), units_.c.name, units_.c.path)
        order = upward(
            places.c.name, places.c.path, people_.c.name, posts_.c.name, commitments_.c.kind, commitments_.c.id
        )
        query = (
            select(commitments_.c.id)
            .select_from(places)
            .join(commitments_, commitments_.c.unit_id == places.c.id)
            .join(people_, people_.c.id == commitments_.c.person_id)
            .join(posts_, posts_.c.id == commitments_.c.post_id)
            .where(*_latest(scope), *([] if state is None else [_state(counted) == state]))
        )
        few, ways = turned(self.session, query, commitments_.c.id, order, turn, ROWS)
        here = _newest(scope).where(commitments_.c.id.in_([r.id for r in few])).order_by(*by(_BY_PLACE))
        rows = list(map(_commitment, self.session.execute(here))) if few else []
        return Listed(rows, len(rows), ways)

    def commitment_counts(self, scope: Scope, counted: Since) -> dict[CommitmentState, int]:
        query = worded(lambda: _counts(scope, counted))
        return {CommitmentState(state): n for state, n in self.session.execute(*query)}

    def vetting_page(self, scope: Scope, turn: Turn) -> Listed[VettingRow]:
        query = (
            select(vettings_, units_.c.name.label("unit"))
            .join(units_, units_.c.id == vettings_.c.unit_id)
            .where(within(vettings_.c.unit_id, scope))
        )  # fmt: skip
        order = ((vettings_.c.held_on, True), *upward(units_.c.name, units_.c.path, vettings_.c.id))
        rows = listed(self.session, query, vettings_.c.id, order, turn, ROWS, lambda row: row)
        asked = worded(
            lambda ids: select(vetting_answers)
            .where(vetting_answers.c.vetting_id.in_(ids))
            .order_by(vetting_answers.c.n),
            ids=[r.id for r in rows],
        )
        answers: dict[str, list[AnswerRow]] = defaultdict(list)
        for r in self.session.execute(*asked):
            answers[r.vetting_id].append(AnswerRow(r.id, r.department, r.answered_on))
        return rows.of(VettingRow(r.id, r.unit, r.title, r.held_on, tuple(answers[r.id])) for r in rows)

    def packs_for(self, unit_id: str) -> list[TakenPack]:
        here, above = units_.alias(), units_.alias()
        units = select(above.c.id).where(here.c.id == unit_id, here.c.path.startswith(above.c.path))
        query = select(TakenPack).where(exchange_packs.c.unit_id.in_(units))
        return list(self.session.scalars(query.order_by(exchange_packs.c.taken_on.desc(), exchange_packs.c.id)))

    def demo_sites(self, scope: Scope) -> set[str]:
        query = select(mentorships.c.unit_id).where(within(mentorships.c.unit_id, scope), mentorships.c.until.is_(None))
        return set(self.session.scalars(query))

    def site_page(self, scope: Scope, turn: Turn) -> Listed[SiteRow]:
        query = (
            select(mentorships, units_.c.name.label("unit"), people_.c.name.label("mentor"))
            .join(units_, units_.c.id == mentorships.c.unit_id)
            .join(people_, people_.c.id == mentorships.c.mentor_id)
            .where(within(mentorships.c.unit_id, scope))
        )  # fmt: skip
        ended = mentorships.c.until.is_not(None)
        order = (*upward(ended, units_.c.name, units_.c.path), (mentorships.c.since, True), (mentorships.c.id, False))
        rows = listed(self.session, query, mentorships.c.id, order, turn, ROWS, lambda row: row)
        seen = worded(
            lambda ids: select(mentor_visits)
            .where(mentor_visits.c.mentorship_id.in_(ids))
            .order_by(mentor_visits.c.visited_on.desc(), mentor_visits.c.id),
            ids=[r.id for r in rows],
        )
        visits: dict[str, list[VisitRow]] = defaultdict(list)
        for r in self.session.execute(*seen):
            visits[r.mentorship_id].append(VisitRow(r.visited_on, r.seen, r.advised))
        return rows.of(
            SiteRow(r.id, r.unit_id, r.unit, r.mentor_id, r.mentor, r.since, r.until, tuple(visits[r.id])) for r in rows
        )


@kept
def _unsigned(scope: Scope) -> ColumnElement[bool]:
    """That a row of `holdings` is of somebody who holds a post in a community and has no pledge there."""
    pledged = exists().where(
        commitments_.c.unit_id == holdings.c.unit_id, commitments_.c.person_id == holdings.c.person_id,
        commitments_.c.kind == CommitmentKind.PLEDGE,
    )  # fmt: skip
    community = (
        select(_of.c.id).join(unit_kinds, unit_kinds.c.code == _of.c.kind)
        .where(unit_kinds.c.holds_register, _of.c.closed_on.is_(None))
    )  # fmt: skip
    here = within(holdings.c.unit_id, scope), holdings.c.unit_id.in_(community)
    return and_(*here, holdings.c.until.is_(None), ~pledged)


_of = units_.alias()
_later = commitments_.alias()
_HOLDS = exists().where(
    holdings.c.post_id == commitments_.c.post_id, holdings.c.person_id == commitments_.c.person_id,
    holdings.c.until.is_(None),
)  # fmt: skip


_other = holdings.alias()
_OTHER = exists().where(
    _other.c.unit_id == holdings.c.unit_id, _other.c.person_id == holdings.c.person_id, _other.c.until.is_(None),
    _other.c.id < holdings.c.id,
)  # fmt: skip
"""That somebody holds another post there as well, which stands for both."""


@kept
def _latest(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """That a row of `commitments` is the newest of its kind for somebody in a post."""
    later = exists().where(
        _later.c.post_id == commitments_.c.post_id, _later.c.person_id == commitments_.c.person_id,
        _later.c.kind == commitments_.c.kind, _later.c.done_on > commitments_.c.done_on,
    )  # fmt: skip
    return within(commitments_.c.unit_id, scope), ~later


@kept
def _newest(scope: Scope) -> Select[Any]:
    """These, with the names they are shown by."""
    return (
        select(commitments_, units_.c.name.label("unit"), people_.c.name.label("person"),
               posts_.c.name.label("post"), _HOLDS.label("holds"))
        .join(units_, units_.c.id == commitments_.c.unit_id)
        .join(people_, people_.c.id == commitments_.c.person_id)
        .join(posts_, posts_.c.id == commitments_.c.post_id)
        .where(*_latest(scope))
    )  # fmt: skip


def _counts(scope: Scope, counted: Since) -> Select[Any]:
    found = select(_state(counted).label("state")).where(*_latest(scope)).subquery()
    return select(found.c.state, func.count()).group_by(found.c.state)


_BY_PLACE = upward(
    units_.c.name, units_.c.path, people_.c.name, posts_.c.name, commitments_.c.kind, commitments_.c.id
)  # fmt: skip


def _state(since: Since) -> ColumnElement[str]:
    """How a pledge or visit stands, by the days since which one counts as due or as done."""
    last = func.coalesce(commitments_.c.checked_on, commitments_.c.done_on)
    return case(
        (~_HOLDS, CommitmentState.LEFT.value), (last < since.due, CommitmentState.OVERDUE.value),
        (last < since.done, CommitmentState.DUE.value), else_=CommitmentState.DONE.value,
    )  # fmt: skip


def _commitment(r: Row[Any]) -> CommitmentRow:
    return CommitmentRow(
        r.id, r.unit_id, r.unit, r.kind, r.person_id, r.person, r.post, r.done_on, r.checked_on, bool(r.holds)
    )
