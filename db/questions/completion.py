"""Questions how far rounds have come: their power items by community and post, and a page of communities with the sums
over all of them."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, Subquery, and_, case, exists, func, or_, select

from core.access import Scope
from core.inspection.completion import PAGE, CommunityRow, Completion, Counts, State
from core.rows import RoundRow
from core.turning import ALL_HERE, COUNTED, Turn
from core.words import Answer
from db.kept import number, worded
from db.keyset import Order, turned
from db.scoping import Asking, each, within
from db.tables import holdings, items_, posts_, unit_kinds, units_
from db.tables.round_tables import inspections, round_posts, rounds_, snapshots_

HOME = units_.alias("home")
"""The unit a round was opened at."""
_part, _above, _top = units_.alias("part"), units_.alias("above"), units_.alias("top")
_ORDER: Order = (
    (_above.c.path.is_(None), False), (_above.c.path, False), (_part.c.name, False), (_part.c.id, False),
)  # fmt: skip
"""The order of the tree."""


class Completed(Asking):
    """Communities of a round as they are counted."""

    def completion(self, scope: Scope, row: RoundRow, turn: Turn) -> Completion:
        """Communities first, then the posts of those on the page alone; all posts are only summed up."""
        top = row.unit_id
        query = worded(lambda: (
            select(_part.c.id, _part.c.name, _above.c.name.label("above"))
            .join(unit_kinds, unit_kinds.c.code == _part.c.kind)
            .outerjoin(_above, _above.c.id == _part.c.parent_id)
            .where(*_taking_part(scope, top))
        ))[0]  # fmt: skip
        few, ways = turned(self.session, query, _part.c.id, _ORDER, turn, PAGE)
        counted = self._by_community(scope, row.id, [r.id for r in few])
        rows = tuple(CommunityRow(r.id, r.name, r.above or "", counted[r.id]) for r in few)
        return Completion(rows, _sum(rows) if ways == ALL_HERE else self._in_all(scope, row), ways)

    def _by_community(self, scope: Scope, round_id: str, ids: Sequence[str]) -> dict[str, Counts]:
        query = worded(lambda one, ids: _community_counts(scope, one, ids), one=round_id, ids=list(ids))
        return {key: Counts(1, *map(int, counts)) for key, *counts in self.session.execute(*query)}

    def _in_all(self, scope: Scope, row: RoundRow) -> Counts:
        query = worded(lambda one, top: _all_counts(scope, one, top), one=row.id, top=row.unit_id)
        return Counts(*map(int, self.session.execute(*query).one()))


def _sum(rows: Sequence[CommunityRow]) -> Counts:
    """The counts of all communities where they stand on one page."""
    return Counts(*[sum(getattr(row.counts, one.name) for row in rows) for one in fields(Counts)])


def _community_counts(scope: Scope, round_id: Any, ids: Any) -> Select[Any]:
    found = _by_post(scope, rounds_.c.id == round_id, items_.c.unit_id.in_(ids))
    return (
        select(units_.c.id, *_sums(found), _frozen(round_id, snapshots_.c.unit_id == units_.c.id))
        .outerjoin(found, found.c.unit_id == units_.c.id)
        .where(units_.c.id.in_(ids))
        .group_by(units_.c.id)
    )


def _all_counts(scope: Scope, round_id: Any, top: Any) -> Select[Any]:
    here = select(_part.c.id).join(unit_kinds, unit_kinds.c.code == _part.c.kind).where(*_taking_part(scope, top))
    found = _by_post(scope, rounds_.c.id == round_id, items_.c.unit_id.in_(here))
    many = select(func.count()).select_from(here.subquery()).scalar_subquery()
    return select(many, *_sums(found), _frozen(round_id, snapshots_.c.unit_id.in_(here)))


def asked(round_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """That a row of `posts` is asked in a round: it is named there, or none is."""
    named = exists().where(round_posts.c.round_id == round_id)
    return or_(~named, named.where(round_posts.c.name == posts_.c.name))


def _by_post(scope: Scope, *conditions: ColumnElement[bool]) -> Subquery:
    """For each round and post that is asked in it: its power items, those said anything of, and those with more to say
    than that nothing was found."""
    said = and_(inspections.c.round_id == rounds_.c.id, inspections.c.item_id == items_.c.id)
    more = func.sum(case((inspections.c.answer != Answer.NOTHING, 1), else_=0)).label("more")
    return (
        select(rounds_.c.id.label("round_id"), items_.c.unit_id, items_.c.post_id,
               func.count(items_.c.id).label("items"), func.count(inspections.c.id).label("said"), more)
        .select_from(rounds_)
        .join(HOME, HOME.c.id == rounds_.c.unit_id)
        .join(units_, units_.c.path.startswith(HOME.c.path))
        .join(items_, items_.c.unit_id == units_.c.id)
        .join(posts_, posts_.c.id == items_.c.post_id)
        .outerjoin(inspections, said)
        .where(items_.c.retired.is_(False), within(items_.c.unit_id, scope), asked(rounds_.c.id), *conditions)
        .group_by(rounds_.c.id, items_.c.unit_id, items_.c.post_id)
        .subquery()
    )  # fmt: skip


def state(row: Row[Any]) -> State:
    if row.said < row.items:
        return State.LEFT
    return State.FILLED if row.more else State.NOTHING


def left(scope: Scope, round_ids: Any) -> Select[Any]:
    """How many posts have not gone through their power items, by round, counted no further than to more than are told
    of all of them; those due first are counted first."""
    there = _covered(round_ids)
    said = each(inspections.c.round_id == there.c.round_id, inspections.c.item_id == items_.c.id)
    found = (
        select(there.c.filing_from, there.c.round_id, items_.c.unit_id, items_.c.post_id)
        .join(items_, items_.c.unit_id == there.c.unit_id)
        .join(posts_, posts_.c.id == items_.c.post_id)
        .where(items_.c.retired.is_(False), ~said, within(items_.c.unit_id, scope), asked(there.c.round_id))
        .distinct()
        .order_by(there.c.filing_from)
        .limit(number(COUNTED + 1))
        .subquery()
    )
    return select(found.c.round_id, func.count()).group_by(found.c.round_id)


def _covered(round_ids: Any) -> CTE:
    """The units of some rounds, from where each was opened down to the communities, step by step: comparing paths would
    read all units for each round."""
    above = (
        select(rounds_.c.id.label("round_id"), rounds_.c.filing_from, rounds_.c.unit_id, HOME.c.kind)
        .join(HOME, HOME.c.id == rounds_.c.unit_id)
        .where(rounds_.c.id.in_(round_ids))
        .cte(recursive=True)
    )
    leads_on = and_(unit_kinds.c.code == above.c.kind, ~unit_kinds.c.holds_register)
    below = (
        select(above.c.round_id, above.c.filing_from, units_.c.id, units_.c.kind)
        .join(unit_kinds, leads_on)
        .join(units_, units_.c.parent_id == above.c.unit_id)
    )
    return above.union_all(below)


def posts(scope: Scope, round_id: Any, unit_id: Any) -> Select[Any]:
    """The posts of one community in a round, and whether anybody holds them."""
    found = _by_post(scope, rounds_.c.id == round_id, items_.c.unit_id == unit_id)
    held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
    query = select(found, posts_.c.name, held.label("held")).join(posts_, posts_.c.id == found.c.post_id)
    return query.order_by(posts_.c.name, posts_.c.id)


def _taking_part(scope: Scope, unit_id: Any) -> list[ColumnElement[bool]]:
    """That a unit joined with its kind is an open one that holds a register, below where the round was opened."""
    top = select(_top.c.path).where(_top.c.id == unit_id).scalar_subquery()
    return [
        unit_kinds.c.holds_register, _part.c.closed_on.is_(None), _part.c.path.startswith(top),
        within(_part.c.id, scope),
    ]  # fmt: skip


def _sums(found: Subquery) -> list[ColumnElement[Any]]:
    """Posts, their power items, and the posts that have said something or that they found nothing of all of these."""
    over = found.c.said >= found.c["items"]
    filled, nothing = (func.sum(case((and_(over, so), 1), else_=0)) for so in (found.c.more > 0, found.c.more == 0))
    sums = (func.sum(found.c["items"]), filled, nothing)
    return [func.count(found.c.post_id), *(func.coalesce(one, 0) for one in sums)]


def _frozen(round_id: Any, where: ColumnElement[bool]) -> Any:
    query: Select[Any] = select(func.count()).where(snapshots_.c.round_id == round_id, where)
    return query.correlate(units_).scalar_subquery()
