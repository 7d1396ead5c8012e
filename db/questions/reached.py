"""From where and by which ways residents are heard: counted for each community and kept as a sum, and looked up for the
places of one."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import CTE, Integer, Select, String, case, func, literal, or_, select, type_coerce, union

from core.access import Scope
from core.insight.participation import SPAN, Reached
from core.rows import UnitRow
from core.words import Channel, Source
from db.kept import among, kept, worded
from db.questions.summing import Area, Counts, Sum, Summing, Where, at, by_day
from db.scoping import each, heard, within
from db.tables import flags_, supports_, unit_kinds, units_

PLACES = ""
"""Stands for the places themselves where else a way stands."""


class Participating(Summing):
    """Participation as it is asked about."""

    def reached(self, scope: Scope, unit_id: str | None, today: date) -> Reached:
        return _reached(self._summed(HEARD, scope, unit_id, today))

    def reached_below(
        self, scope: Scope, unit_id: str | None, units: Sequence[UnitRow], today: date
    ) -> dict[str, Reached]:
        areas = [Area(unit.id, unit.path) for unit in units]
        found = self._summed_below(HEARD, scope, unit_id, areas, today)
        return {area_id: _reached(counts) for area_id, counts in found.items()}

    def heard_places(self, scope: Scope, ids: Collection[str], since: date) -> set[str]:
        query = worded(
            lambda ids, since: select(units_.c.id).where(
                units_.c.id.in_(ids), within(units_.c.id, scope),
                or_(*(each(table.c[column] == units_.c.id, *said)
                      for table, said in _heard(scope, since) for column in ("place_id", "unit_id"))),
            ), ids=list(ids), since=since,
        )  # fmt: skip
        return set(self.session.scalars(*query))


def _heard(scope: Scope, since: Any) -> list[tuple[Any, list[Any]]]:
    """The two ways to be heard, by a flag and by joining an entry, and when a row of their tables is one."""
    said = [among(flags_.c.source, [Source.RESIDENT]), flags_.c.raised_on >= since, heard(scope)]
    return [(flags_, said), (supports_, [supports_.c.said_on >= since])]


@kept
def _heard_from(scope: Scope, where: Where, since: date) -> Select[Any]:
    """Rows of a way and in how many communities it was used; and of `PLACES`, how many open communities and places
    there are, and how many of these are silent."""
    said = union(*(
        select(table.c.unit_id, func.coalesce(table.c.place_id, table.c.unit_id).label("place"), table.c.channel)
        .where(within(table.c.unit_id, scope), at(table.c.unit_id, where), *conditions)
        for table, conditions in _heard(scope, since)
    )).cte("said")  # fmt: skip
    ways = select(type_coerce(said.c.channel, String).label("way"), func.count(said.c.unit_id.distinct()).label("n"),
                  literal(0, Integer).label("places"), literal(0, Integer).label("silent"))  # fmt: skip
    silent = case((units_.c.id.in_(select(_upward(said).c.id)), 0), else_=1)
    places = (
        select(literal(PLACES, String), func.sum(case((unit_kinds.c.holds_register, 1), else_=0)), func.count(),
               func.sum(silent))
        .select_from(units_.join(unit_kinds, unit_kinds.c.code == units_.c.kind))
        .where(units_.c.id.in_(select(_inside(scope, where).c.id)), units_.c.closed_on.is_(None))
    )  # fmt: skip
    found = ways.group_by(said.c.channel).union_all(places).subquery()
    return select(*found.c)


def _upward(said: CTE) -> CTE:
    """The places that are heard from, and all units they lie in."""
    found = select(said.c.place.label("id")).cte("heard", recursive=True)
    return found.union(select(units_.c.parent_id).where(units_.c.id == found.c.id, units_.c.parent_id.is_not(None)))


def _inside(scope: Scope, where: Where) -> CTE:
    """Communities, and all that lies in them."""
    top = select(units_.c.id).join(unit_kinds, unit_kinds.c.code == units_.c.kind)
    found = top.where(unit_kinds.c.holds_register, within(units_.c.id, scope), at(units_.c.id, where))
    inside = found.cte("inside", recursive=True)
    return inside.union(select(units_.c.id).where(units_.c.parent_id == inside.c.id))


def _reached(counts: Counts) -> Reached:
    ways = {Channel(way): numbers[0] for (way,), numbers in counts.items() if way != PLACES}
    return Reached(ways, *counts.get((PLACES,), (0, 0, 0)))


HEARD = Sum("heard", 1, by_day(lambda scope, where, today: _heard_from(scope, where, today - SPAN)), daily=True)
