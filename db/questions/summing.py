"""Sums: figures of an area as what is kept of its communities, so that they cost the same however much was said.

Kept of each community is what a question counts there, without sealed matters, and of each area the sum; it holds as
long as no line was added to the community's log. Where something has happened since, and where a flag is kept from the
viewer, the community is counted as it stands in its place. So the answer is always the one that counting everything
would give; who may know of sealed matters, for whom all is counted, asks for no figures.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal, or_, select, true, union

from core.access import EVERYWHERE, Scope
from db.kept import kept, worded
from db.paths import under
from db.scoping import Asking
from db.tables import chain_heads, recusals, summed, sums, unit_kinds, units_

FEW = 20
"""Communities counted one by one beside what is kept."""
MOST = 100
"""Communities counted as they stand beside what is kept; where there are more, everything is."""
Key = tuple[Any, ...]
Counts = dict[Key, tuple[int, ...]]


@dataclass(frozen=True)
class These:
    """Some communities and nothing below them. A question about some is worded as one about any others."""

    ids: tuple[str, ...] = field(compare=False)


Where = str | These | None
"""A unit with all below it, some communities, or all that lies in a scope."""


@kept
def at(unit_id: ColumnElement[str], wanted: Where) -> ColumnElement[bool]:
    """That a row belongs to a place; its question is asked with `given`."""
    if wanted is None:
        return true()
    if isinstance(wanted, These):
        return unit_id.in_(bindparam("these", expanding=True))
    path = select(units_.c.path).where(units_.c.id == wanted).scalar_subquery()
    return unit_id.in_(select(units_.c.id).where(units_.c.path.startswith(path)))


def given(wanted: Where) -> dict[str, Any]:
    """What a question about a place is asked with."""
    return {"these": list(wanted.ids)} if isinstance(wanted, These) else {}


Rows = Iterable[Sequence[Any]]


def plainly(query: Callable[[Scope, Where], Select[Any]]) -> "Asks":
    """How a question is asked whose answer does not depend on the day."""
    return lambda store, scope, where, _today: store.session.execute(query(scope, where), given(where))


def by_day(query: Callable[[Scope, Where, date], Select[Any]]) -> "Asks":
    """How one is asked that does."""
    return lambda store, scope, where, today: store.session.execute(query(scope, where, today), given(where))


Asks = Callable[[Any, Scope, Where, date], Rows]


@dataclass(frozen=True)
class Sum:
    """A question whose answer for an area is the sum of the answers for its communities: rows that begin with `keys`
    columns of what is counted and go on with numbers. `daily`: it counts up to a day."""

    name: str
    keys: int
    ask: Asks
    daily: bool = False

    def counted(self, store: object, scope: Scope, where: Where, today: date) -> Counts:
        """What there is now."""
        return self.counts(self.ask(store, scope, where, today))

    def counts(self, rows: Rows) -> Counts:
        """Rows by plain keys: a code or a day as its text."""
        found: Counts = {}
        for row in rows:
            _add(found, tuple(map(_plain, row[: self.keys])), [int(n or 0) for n in row[self.keys :]])
        return found


@dataclass(frozen=True)
class Area:
    """A unit with all below it, and what is kept of it as the answer to a question."""

    id: str
    path: str
    rows: Rows | None = field(default=None, compare=False)


class Summing(Asking):
    """Sums as they are asked for; `form` says which questions there are and what they mean."""

    form: str

    def _summed(self, question: Sum, scope: Scope, where: str | None, today: date = date.min) -> Counts:
        """The answer to a question, from what is kept where anything is; the day of one that is daily."""
        found = self._kept_sum(question, scope, where, today)
        return question.counted(self, scope, where, today) if found is None else found

    def _kept_sum(self, question: Sum, scope: Scope, where: str | None, today: date = date.min) -> Counts | None:
        """The answer from what is kept; None where nothing is, or too many communities have changed."""
        areas = self._areas(question, scope, where)
        apart = self._apart(question, scope, areas, today) if areas else None
        if apart is None or len(apart) > MOST or apart == [area.id for area in areas]:
            return None
        found: Counts = {}
        for area in areas:
            add(found, read(area.rows or (), question.keys))
        if apart:
            for counts in self._kept(question, apart, whole=False).values():
                add(found, counts, -1)
            add(found, question.counted(self, scope, These(tuple(apart)), today))
        return found

    def _summed_below(
        self, question: Sum, scope: Scope, where: str | None, below: Sequence[Area], today: date = date.min
    ) -> dict[str, Counts]:
        """The answers of some units in a place, by their ids; nothing of one that lies elsewhere."""
        areas = self._areas(question, scope, where)
        apart = self._apart(question, scope, areas, today) if areas else None
        if apart is None or len(apart) > MOST:
            return {area.id: question.counted(self, scope, area.id, today) for area in below}
        found: dict[str, Counts] = {area.id: {} for area in below}
        below = [area for area in below if any(area.path.startswith(other.path) for other in areas)]
        found |= self._kept(question, [area.id for area in below], whole=True)
        paths = {row.id: row.path for row in self.session.execute(_PLACED, {"these": apart})} if apart else {}
        known = self._kept(question, apart, whole=False) if apart else {}
        for area in below:
            if ids := tuple(unit_id for unit_id, path in paths.items() if path.startswith(area.path)):
                for unit_id in ids:
                    add(found[area.id], known.get(unit_id, {}), -1)
                add(found[area.id], question.counted(self, scope, These(ids), today))
        return found

    def _of_each(
        self, question: Sum, scope: Scope, where: str | None, today: date = date.min
    ) -> list[tuple[str, Counts]] | None:
        """The answers of the communities in the order of the tree; None where nothing is kept, or many have changed."""
        areas = self._areas(question, scope, where)
        apart = self._apart(question, scope, areas, today) if areas else None
        if apart is None or len(apart) > FEW:
            return None
        own = and_(sums.c.unit_id == units_.c.id, sums.c.question == question.name, ~sums.c.whole)
        query = (
            select(units_.c.id, sums.c.rows)
            .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .outerjoin(sums, own)
            .where(unit_kinds.c.holds_register, _lies_in(tuple(areas)))
            .order_by(units_.c.path)
        )
        found = {unit_id: read(rows or (), question.keys) for unit_id, rows in self.session.execute(query)}
        for unit_id in apart:
            found[unit_id] = question.counted(self, scope, These((unit_id,)), today)
        return list(found.items())

    def _areas(self, question: Sum, scope: Scope, where: str | None) -> list[Area]:
        """The largest units whose sum a viewer's answer is; none where nothing is kept of one of them."""
        if scope.sealed:
            return []
        query = worded(
            lambda name, where=None: _wholes(scope, name, where), name=question.name,
            **({} if where is None else {"where": where}),
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        asked = next((row.path for row in rows if row.id == where), "")
        found = {row.path: row for row in rows if row.path.startswith(asked) and scope.covers(row.path)}
        largest = [
            row for path, row in found.items() if not any(path.startswith(other) for other in found if other != path)
        ]
        return [] if any(row.rows is None for row in largest) else [Area(*row) for row in largest]

    def _kept(self, question: Sum, ids: Sequence[str], *, whole: bool) -> dict[str, Counts]:
        query = select(sums.c.unit_id, sums.c.rows).where(
            sums.c.unit_id.in_(ids), sums.c.whole.is_(whole), sums.c.question == question.name
        )
        return {unit_id: read(rows, question.keys) for unit_id, rows in self.session.execute(query)}

    def _apart(self, question: Sum, scope: Scope, areas: Sequence[Area], today: date) -> list[str]:
        """Communities whose own answer is not the one that is kept; one statement for all questions of a day."""
        lies = _lies_in(tuple(areas))
        moved = select(units_.c.id).select_from(_SUMMED).where(
            lies, unit_kinds.c.holds_register, _is_stale(self.form, today if question.daily else None)
        )  # fmt: skip
        return list(self.session.scalars(union(moved, _kept_away(scope, lies)).limit(MOST + 1)))


def together(kept: Iterable[tuple[str, Counts]]) -> Counts:
    """The sum of the answers of communities."""
    found: Counts = {}
    for _unit, counts in kept:
        add(found, counts)
    return found


def add(found: Counts, more: Mapping[Key, Sequence[int]], times: int = 1) -> None:
    """Add counts to others, or take them away; what comes to nothing is left out."""
    for key, numbers in more.items():
        _add(found, key, [n * times for n in numbers])


def _add(found: Counts, key: Key, numbers: Sequence[int]) -> None:
    known = found.get(key)
    total = tuple(numbers) if known is None else tuple(map(int.__add__, known, numbers))
    if any(total):
        found[key] = total
    else:
        found.pop(key, None)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def written(counts: Counts) -> list[list[Any]]:
    """Counts as they are kept."""
    return [[*key, *numbers] for key, numbers in counts.items()]


def read(rows: Iterable[Sequence[Any]], keys: int) -> Counts:
    return {tuple(row[:keys]): tuple(row[keys:]) for row in rows}


def _wholes(scope: Scope, name: Any, where: Any) -> Select[Any]:
    """What is kept of the units at the head of a scope as the answer to a question, and of one more."""
    tops = units_.c.parent_id.is_(None) if EVERYWHERE in scope.paths else units_.c.path.in_(scope.paths)
    whole = and_(sums.c.unit_id == units_.c.id, sums.c.whole, sums.c.question == name)
    chosen = false() if where is None else units_.c.id == where
    return select(units_.c.id, units_.c.path, sums.c.rows).outerjoin(sums, whole).where(or_(tops, chosen))


def _lies_in(areas: tuple[Area, ...]) -> ColumnElement[bool]:
    return under(Scope(tuple(area.path for area in areas)))


_PLACED = select(units_.c.id, units_.c.path).where(units_.c.id.in_(bindparam("these", expanding=True)))
_HEAD, _RESIDENTS = chain_heads.alias(), chain_heads.alias()
_SUMMED = (
    units_.join(unit_kinds, unit_kinds.c.code == units_.c.kind)
    .outerjoin(summed, summed.c.unit_id == units_.c.id)
    .outerjoin(_HEAD, _HEAD.c.chain == units_.c.id)
    .outerjoin(_RESIDENTS, _RESIDENTS.c.chain == units_.c.id + literal(":residents"))
)
LINES = func.coalesce(_HEAD.c.n, 0) + func.coalesce(_RESIDENTS.c.n, 0)
"""How many lines the log of a unit has."""


def _is_stale(form: str, day: date | None) -> ColumnElement[bool]:
    """That something has happened since the sums of a unit were kept, or that they are of other questions or another
    day."""
    known = [summed.c.unit_id.is_(None), summed.c.lines != LINES, summed.c.form != form]
    return or_(*known, summed.c.day != day) if day else or_(*known)


def _kept_away(scope: Scope, lies: ColumnElement[bool]) -> Select[str]:
    """Communities in which a flag names the viewer, or somebody from whose matters they are kept."""
    return (
        select(recusals.c.unit_id)
        .join(units_, units_.c.id == recusals.c.unit_id)
        .where(recusals.c.person_id == scope.viewer, lies)
    )


def stale(form: str, today: date, most: int) -> Select[str, int]:
    """Communities whose sums are to be kept anew, with how many lines their log has."""
    return (
        select(units_.c.id, LINES)
        .select_from(_SUMMED)
        .where(unit_kinds.c.holds_register, _is_stale(form, today))
        .order_by(units_.c.path)
        .limit(most)
    )
