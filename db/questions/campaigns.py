"""Questions about rounds: which there are, how far they have come, and what changed in them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true, union_all
from sqlalchemy.orm import aliased

from core.access import EVERYWHERE, Scope
from core.errors import Missing
from core.inspection.completion import Changed, PostRow
from core.inspection.rounds import Round
from core.inspection.snapshots import SnapshotRow
from core.lifecycle import ENDED
from core.organisation.units import Unit, line
from core.rows import RoundRow
from core.words import Answer, RatingStage
from db.kept import among, fixed, kept, number, worded
from db.keyset import some
from db.paths import is_wide, under
from db.questions.completion import HOME, left, posts, state
from db.scoping import Asking, before, within
from db.tables import assessments, holdings, items_, posts_, risks_, unit_kinds, units_
from db.tables.round_tables import inspections, round_posts, rounds_, snapshots_

_MOST = 200
"""Rounds that are told of at once."""


class Campaigns(Asking):
    """Rounds as they are asked about."""

    def round_at(self, unit: Unit, day: date) -> Round | None:
        return self.round_during(unit, day, day)

    def round_during(self, unit: Unit, first: date, last: date, but: str = "") -> Round | None:
        """A round of the unit or of one above it that shares a day with a span: the nearest unit's first."""
        query = worded(
            lambda line, but, first, last: select(Round)
            .join(units_, units_.c.id == rounds_.c.unit_id)
            .where(rounds_.c.unit_id.in_(line), rounds_.c.id != but,
                   rounds_.c.starts_on <= last, rounds_.c.ends_on >= first,
                   or_(rounds_.c.closed_on.is_(None), rounds_.c.closed_on > first))
            .order_by(func.length(units_.c.path).desc(), rounds_.c.starts_on.desc()),
            line=line(unit.path), but=but, first=first, last=last,
        )  # fmt: skip
        return self.session.scalars(*query).first()

    def rounds_of_note(self, scope: Scope, closed_since: date, begun_until: date) -> list[RoundRow]:
        return self._rounds(*worded(
            lambda since, until: _sighted(scope).where(
                or_(rounds_.c.closed_on >= since, and_(rounds_.c.closed_on.is_(None), rounds_.c.starts_on <= until))
            ), since=closed_since, until=begun_until,
        ))  # fmt: skip

    def round_rows(self, scope: Scope) -> list[RoundRow]:
        return self._rounds(*worded(lambda: _sighted(scope)))

    def round_row(self, scope: Scope, round_id: str) -> RoundRow:
        """One of those that are told of at once, or another one."""
        alone = worded(lambda one: _sighted(scope).where(rounds_.c.id == one), one=round_id)
        found = [row for row in self.round_rows(scope) if row.id == round_id] or self._rounds(*alone)
        if not found:
            raise Missing
        return found[0]

    def _rounds(self, query: Select[Any], given: dict[str, Any]) -> list[RoundRow]:
        rows = self.session.execute(query, given).all()
        named: dict[str, list[str]] = defaultdict(list)
        asked = worded(
            lambda ids: select(round_posts.c.round_id, round_posts.c.name)
            .where(round_posts.c.round_id.in_(ids)).order_by(round_posts.c.name),
            ids=[r.id for r in rows if r.of_some],
        )  # fmt: skip
        for round_id, name in self.session.execute(*asked) if any(r.of_some for r in rows) else ():
            named[round_id].append(name)
        return [
            RoundRow(
                r.id, r.unit_id, r.name, r.title, r.starts_on, r.filing_from, r.control_from, r.evaluation_from,
                r.ends_on, r.closed_on, r.reason, r.run_id, tuple(named[r.id]), r.path,
            )
            for r in rows
        ]  # fmt: skip

    def inspected_posts(self, scope: Scope) -> list[str]:
        query = select(posts_.c.name).join(items_, items_.c.post_id == posts_.c.id)
        query = query.where(within(items_.c.unit_id, scope), items_.c.retired.is_(False)).distinct()
        return list(self.session.scalars(query.order_by(posts_.c.name)))

    def reason_given(self, round_id: str, unit_id: str, person_id: str) -> str:
        query = worded(
            lambda round_id, unit_id, person_id: select(inspections.c.note)
            .where(inspections.c.round_id == round_id, inspections.c.unit_id == unit_id,
                   inspections.c.person_id == person_id, inspections.c.answer == Answer.NOTHING,
                   inspections.c.note != "")
            .order_by(inspections.c.said_on.desc(), inspections.c.id).limit(1),
            round_id=round_id, unit_id=unit_id, person_id=person_id,
        )  # fmt: skip
        return self.session.scalar(*query) or ""

    def posts_in_round(self, scope: Scope, row: RoundRow, unit_id: str) -> list[PostRow]:
        given = worded(
            lambda round_id, unit_id: select(items_.c.post_id, inspections.c.note)
            .join(items_, items_.c.id == inspections.c.item_id)
            .where(inspections.c.round_id == round_id, inspections.c.unit_id == unit_id, inspections.c.note != "",
                   inspections.c.answer == Answer.NOTHING, within(inspections.c.unit_id, scope))
            .order_by(inspections.c.said_on, inspections.c.id),
            round_id=row.id, unit_id=unit_id,
        )  # fmt: skip
        reasons: dict[str, list[str]] = defaultdict(list)
        for post_id, note in self.session.execute(*given):
            reasons[post_id].append(note)
        query = worded(lambda round_id, unit_id: posts(scope, round_id, unit_id), round_id=row.id, unit_id=unit_id)
        return [
            PostRow(r.post_id, r.name, r.items, r.said, state(r), not r.held, tuple(dict.fromkeys(reasons[r.post_id])))
            for r in self.session.execute(*query)
        ]

    def posts_left(self, scope: Scope, round_ids: Collection[str]) -> dict[str, int]:
        query = worded(lambda ids: left(scope, ids), ids=list(round_ids))
        return {round_id: int(n) for round_id, n in self.session.execute(*query)}

    def changed_in_rounds(
        self, scope: Scope, unit_id: str | None, today: date, most: int | None = None
    ) -> list[Changed]:
        query = worded(lambda: _changed(scope, unit_id, today, most))
        return [
            Changed(r.id, r.unit_id, r.name, r.number, r.title, r.day, bool(r.post), r.rated_at)
            for r in self.session.execute(*query)
            if r.day is not None and r.rated_at is not None
        ]  # fmt: skip

    def snapshot_rows(self, scope: Scope, unit_id: str) -> list[SnapshotRow]:
        query = worded(
            lambda unit_id: select(snapshots_.c.id, snapshots_.c.unit_id, units_.c.name, snapshots_.c.round_id,
                                   rounds_.c.title,
                   rounds_.c.starts_on, snapshots_.c.taken_on, snapshots_.c.digest, snapshots_.c.entries)
            .join(units_, units_.c.id == snapshots_.c.unit_id)
            .join(rounds_, rounds_.c.id == snapshots_.c.round_id)
            .where(snapshots_.c.unit_id == unit_id, within(snapshots_.c.unit_id, scope))
            .order_by(rounds_.c.starts_on.desc(), snapshots_.c.id),
            unit_id=unit_id,
        )  # fmt: skip
        return [SnapshotRow(*r) for r in self.session.execute(*query)]

    def unfrozen(self, scope: Scope, round_: Round, most: int) -> list[Unit]:
        query = select(Unit).join(unit_kinds, unit_kinds.c.code == units_.c.kind)
        query = query.where(*_to_freeze(scope, round_)).order_by(units_.c.path).limit(most)
        return list(self.session.scalars(query))

    def count_unfrozen(self, scope: Scope, round_: Round) -> int:
        query = select(func.count()).select_from(units_.join(unit_kinds, unit_kinds.c.code == units_.c.kind))
        return self.session.scalar(query.where(*_to_freeze(scope, round_))) or 0


def rounds_ended(scope: Scope, today: date) -> Select[int]:
    """Rounds that are over and not closed."""
    over = rounds_.c.closed_on.is_(None), rounds_.c.ends_on < fixed(today), within(rounds_.c.unit_id, scope)
    return some(select(rounds_.c.id).where(*over))


def _in_sight(scope: Scope) -> ColumnElement[bool]:
    """That a row of `rounds`, joined with its unit, was opened in scope or above it; in a wide scope it is looked up
    for each round, of which there are fewer than units."""
    if EVERYWHERE in scope.paths:
        return true()
    above = {unit_id for path in scope.paths for unit_id in line(path)}
    if is_wide(scope):
        return or_(under(scope), units_.c.id.in_(sorted(above)))
    return rounds_.c.unit_id.in_(union_all(
        select(units_.c.id).where(under(scope)), select(units_.c.id).where(units_.c.id.in_(sorted(above)))
    ))  # fmt: skip


@kept
def _sighted(scope: Scope) -> Select[Any]:
    of_some = exists().where(round_posts.c.round_id == rounds_.c.id).label("of_some")
    query = select(rounds_, units_.c.name, units_.c.path, of_some).join(units_, units_.c.id == rounds_.c.unit_id)
    query = query.where(_in_sight(scope))
    order = rounds_.c.starts_on.desc(), func.length(units_.c.path), units_.c.name, rounds_.c.id
    return query.order_by(*order).limit(number(_MOST))


def _goes_on(today: date) -> ColumnElement[bool]:
    return and_(rounds_.c.closed_on.is_(None), rounds_.c.starts_on <= fixed(today))


def _changed(scope: Scope, unit_id: str | None, today: date, most: int | None) -> Select[Any]:
    here, first = (within(risks_.c.unit_id, scope), _below(unit_id)), None if most is None else number(most)
    parts = [select(part.where(*here).limit(first).subquery()) for part in (_told(scope, today), _taken(today))]
    found = union_all(*parts).subquery()
    return select(*found.c)


def _told(scope: Scope, today: date) -> Select[Any]:
    """Entries of whose power item somebody said in a round that it has changed; few are, of many entries, so they are
    found first. An entry, its power item and what was said of that stand at one community."""
    said = before(
        select(inspections.c.item_id, inspections.c.changed_on).join(rounds_, rounds_.c.id == inspections.c.round_id)
        .where(inspections.c.changed_on.is_not(None), within(inspections.c.unit_id, scope), _goes_on(today))
    )  # fmt: skip
    return _rated(said.c.changed_on, false()).join(said, said.c.item_id == risks_.c.item_id)


def _taken(today: date) -> Select[Any]:
    """Entries whose post somebody else has taken over since a round began."""
    earlier = aliased(holdings)
    handed = exists().where(
        earlier.c.post_id == holdings.c.post_id, earlier.c.id != holdings.c.id, earlier.c.since < holdings.c.since
    )
    covered = exists().where(
        HOME.c.id == rounds_.c.unit_id, units_.c.path.startswith(HOME.c.path), _goes_on(today),
        holdings.c.since > rounds_.c.starts_on,
    )  # fmt: skip
    taken = _rated(holdings.c.since, true()).join(items_, items_.c.id == risks_.c.item_id)
    first = select(func.min(rounds_.c.starts_on)).where(_goes_on(today)).scalar_subquery()  # leaves few to look at
    return taken.join(holdings, holdings.c.post_id == items_.c.post_id).where(holdings.c.since > first, handed, covered)


def _rated(day: ColumnElement[Any], post: ColumnElement[bool]) -> Select[Any]:
    """Entries with a level that have not ended, with the day something changed and when they were last rated."""
    last = (
        select(func.max(assessments.c.rated_at))
        .where(assessments.c.risk_id == risks_.c.id, assessments.c.stage == RatingStage.INITIAL)
        .correlate(risks_)
        .scalar_subquery()
    )
    return (
        select(risks_.c.id, risks_.c.unit_id, units_.c.name, risks_.c.number, risks_.c.title, day.label("day"),
               post.label("post"), last.label("rated_at"))
        .select_from(risks_)
        .join(units_, units_.c.id == risks_.c.unit_id)
        .where(risks_.c.level.is_not(None), ~among(risks_.c.status, ENDED))
    )  # fmt: skip


def _below(unit_id: str | None) -> ColumnElement[bool]:
    if unit_id is None:
        return true()
    path = select(HOME.c.path).where(HOME.c.id == unit_id).scalar_subquery()
    return units_.c.path.startswith(path)


def _to_freeze(scope: Scope, round_: Round) -> list[ColumnElement[bool]]:
    """That a row of `units`, joined with its kind, holds a register of a round that is not frozen."""
    top = select(HOME.c.path).where(HOME.c.id == round_.unit_id).scalar_subquery()
    taken = exists().where(snapshots_.c.round_id == round_.id, snapshots_.c.unit_id == units_.c.id)
    return [
        unit_kinds.c.holds_register, units_.c.closed_on.is_(None), units_.c.path.startswith(top),
        within(units_.c.id, scope), ~taken,
    ]  # fmt: skip
