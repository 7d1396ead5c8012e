"""Counts: the figures of the overview, and what waits for somebody."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union

from core import dates
from core.access import Scope
from core.board import Rated
from core.figures import EntryCount, Punctuality
from core.small import Cell
from core.words import Channel, FlagStatus, MeasureStatus, RiskStatus, Source
from db.entries import standing
from db.kept import among, worded
from db.scoping import Asking, heard, not_held, of_own, others, within
from db.signatures import named
from db.spoken import at, in_it, spoken
from db.tables import (
    evidence,
    flags_,
    holdings,
    items_,
    links,
    measures_,
    posts_,
    progress,
    risks_,
    supports_,
    units_,
)
from db.voices import WAITING, waits


class Tallies(Asking):
    """Figures as they are asked for."""

    def entry_counts(self, scope: Scope, unit_id: str | None, *, voices: bool = True) -> list[EntryCount]:
        columns = [risks_.c[name] for name in ("dimension", "level", "status", "expected_level", "verified_level",
                                               "resolve_level")]  # fmt: skip
        query = select(*columns)
        if voices:
            said = spoken(scope, unit_id)
            query = select(*columns, *in_it(said)).outerjoin(said, said.c.risk_id == risks_.c.id)
        kinds = query.where(within(risks_.c.unit_id, scope), at(risks_.c.unit_id, unit_id), standing()).subquery()
        return [
            EntryCount(
                r.dimension, r.level, r.status, frozenset(s for s in Source if getattr(r, s.value, False)),
                r.expected_level, r.verified_level, r.resolve_level, r.n,
            )
            for r in self.session.execute(select(*kinds.c, func.count().label("n")).group_by(*kinds.c))
        ]  # fmt: skip

    def voice_cells(self, scope: Scope, unit_id: str | None, since: date) -> list[tuple[Source, Cell]]:
        here = within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id), heard(scope)
        by = flags_.c.unit_id, flags_.c.source
        marks = [func.count(flags_.c[kind]).label(kind) for kind in Rated]
        said = (
            select(*by, links.c.risk_id, func.count().label("n"), *marks)
            .outerjoin(links, and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None)))
            .where(*here)
            .group_by(*by, links.c.risk_id, flags_.c.level)
            .subquery()
        )  # a flag has at most one link that stands
        places = self._places_and_ways(*here, flags_.c.source == Source.RESIDENT, flags_.c.raised_on >= since)
        query = select(
            said.c.unit_id, said.c.source, func.sum(said.c.n), func.count(said.c.risk_id),
            *(func.sum(said.c[kind]) for kind in Rated),
        ).group_by(said.c.unit_id, said.c.source)  # fmt: skip
        return [
            (source, Cell(unit, int(flags), entries, *places.get(unit, (0, 0)), tuple(map(int, rated))))
            for unit, source, flags, entries, *rated in self.session.execute(query)
        ]

    def _places_and_ways(self, *conditions: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
        """From how many places and by how many ways the flags of each community came."""
        place = func.coalesce(flags_.c.place_id, flags_.c.unit_id).label("place")
        known = select(flags_.c.unit_id, place, flags_.c.channel).where(*conditions).distinct().subquery()
        query = select(known.c.unit_id, func.count(known.c.place.distinct()), func.count(known.c.channel.distinct()))
        return {unit: (places, ways) for unit, places, ways in self.session.execute(query.group_by(known.c.unit_id))}

    def taking_part(self, scope: Scope, unit_id: str | None, since: date) -> list[tuple[str, Channel]]:
        said = select(units_.c.path, flags_.c.channel).join(
            units_, units_.c.id == func.coalesce(flags_.c.place_id, flags_.c.unit_id)
        ).where(
            within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id), heard(scope),
            flags_.c.source == Source.RESIDENT, flags_.c.raised_on >= since,
        )  # fmt: skip
        joined = select(units_.c.path, supports_.c.channel).join(
            units_, units_.c.id == func.coalesce(supports_.c.place_id, supports_.c.unit_id)
        ).where(
            within(supports_.c.unit_id, scope), at(supports_.c.unit_id, unit_id), supports_.c.said_on >= since
        )  # fmt: skip
        return [(path, channel) for path, channel in self.session.execute(union(said, joined))]

    def punctuality(self, scope: Scope, unit_id: str | None, today: date) -> Punctuality:
        counted = timely(measures_.c.done_on, measures_.c.due_on, today)
        row = self.session.execute(
            select(*counted).where(within(measures_.c.unit_id, scope), at(measures_.c.unit_id, unit_id))
        ).one()
        return Punctuality(*(int(value or 0) for value in row))

    def waiting_measures(self, scope: Scope, person_id: str) -> tuple[int, date | None]:
        doing = (MeasureStatus.OPEN, MeasureStatus.DOING, MeasureStatus.RETURNED)
        return self._waiting(
            lambda: _nearest(measures_.c.due_on).where(
                within(measures_.c.unit_id, scope), measures_.c.owner_id == person_id, among(measures_.c.status, doing)
            )
        )

    def waiting_points(self, scope: Scope) -> tuple[int, date | None]:
        return self._waiting(
            lambda: _nearest(flags_.c.due_on).where(
                within(flags_.c.unit_id, scope), heard(scope), flags_.c.source == Source.SUPERIOR,
                among(flags_.c.status, WAITING),
            )
        )  # fmt: skip

    def waiting_inbox(self, scope: Scope, person_id: str) -> tuple[int, date | None]:
        return self._waiting(
            lambda: _nearest(flags_.c.due_on).where(waits(scope, person_id), flags_.c.status == FlagStatus.NEW)
        )

    def waiting_checks(self, scope: Scope, person_id: str) -> tuple[int, date | None]:
        return self._waiting(
            lambda: _nearest(measures_.c.due_on).where(
                within(measures_.c.unit_id, scope), measures_.c.status == MeasureStatus.VERIFYING,
                others(measures_.c.owner_id, person_id), others(measures_.c.claimed_by, person_id),
                ~_carried_out(person_id), exists().where(risks_.c.id == measures_.c.risk_id, _may_judge(person_id)),
            )
        )  # fmt: skip

    def waiting_steps(self, scope: Scope, person_id: str, today: date) -> dict[str, int]:
        return self.session.execute(*worded(lambda: _steps(scope, person_id, today))).one()._asdict()

    def vacant_posts(self, scope: Scope) -> int:
        """Posts with power items and nobody in them."""
        held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
        items = exists().where(items_.c.post_id == posts_.c.id, items_.c.retired.is_(False))
        vacant = and_(within(posts_.c.unit_id, scope), ~held, items)
        return self._count(select(func.count()).select_from(posts_).where(vacant))

    def _waiting(self, build: Callable[[], Select[int, date]]) -> tuple[int, date | None]:
        """How many, and the nearest day among them."""
        count, first = self.session.execute(*worded(build)).one()
        return count, first

    def _count(self, query: Select[Any]) -> int:
        return self.session.scalar(query) or 0


def _nearest(day: ColumnElement[date]) -> Select[int, date]:
    return select(func.count(), func.min(day))


def _steps(scope: Scope, person_id: str, today: date) -> Select[*tuple[Any, ...]]:
    """How many entries wait for each step of their reviewers."""
    not_mine = and_(others(risks_.c.leader_id, person_id), others(risks_.c.closing_asked_by, person_id))
    over = risks_.c.announced_on <= today - timedelta(days=dates.PUBLIC_NOTICE)
    counted = {
        "close": and_(risks_.c.status == RiskStatus.VERIFYING, not_mine),
        "rate": risks_.c.status == RiskStatus.UNRATED,
        "announce": risks_.c.status == RiskStatus.RATED,
        "file": and_(risks_.c.status == RiskStatus.ANNOUNCED, over),
    }
    counts = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    return select(*counts).where(within(risks_.c.unit_id, scope), _may_judge(person_id))


def _may_judge(person_id: str) -> ColumnElement[bool]:
    """That neither somebody nor a relative answers for a row of `risks`, by owning it or by the post, and that nothing
    said in it keeps them away: the rule of `core.risks.check_rater`."""
    return and_(
        others(risks_.c.owner_id, person_id), not_held(risks_.c.item_id, person_id), ~named(person_id)
    )


def _carried_out(person_id: str) -> ColumnElement[bool]:
    """That somebody or a relative ever reported on a row of `measures` or brought evidence."""
    doing = among(progress.c.status, (MeasureStatus.DOING, MeasureStatus.VERIFYING))
    said = exists().where(progress.c.measure_id == measures_.c.id, of_own(progress.c.said_by, person_id), doing)
    brought = exists().where(evidence.c.measure_id == measures_.c.id, of_own(evidence.c.added_by, person_id))
    return or_(said, brought)


def timely(
    done: ColumnElement[date | None], due: ColumnElement[date], today: date
) -> list[ColumnElement[int]]:
    """How many rows were done by their day, how many after it, and how many are not done and late."""
    conditions = (done <= due, done > due, and_(done.is_(None), due < today))
    return [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
