"""How far the communities of a round have come: a page of them, and the sums over all."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select

from core.access import Scope
from core.inspection.completion import PAGE, CommunityRow, Completion, Counts
from core.rows import RoundRow
from core.turning import Turn
from db.keyset import Order, turned
from db.questions.completion import by_post
from db.scoping import Asking, within
from db.tables import items_, unit_kinds, units_
from db.tables.round_tables import rounds_, snapshots_

_part, _above, _top = units_.alias("part"), units_.alias("above"), units_.alias("top")
_ORDER: Order = (
    (_above.c.path.is_(None), False), (_above.c.path, False), (_part.c.name, False), (_part.c.id, False),
)  # fmt: skip
"""The order of the tree."""


class Completed(Asking):
    """Communities of a round as they are counted."""

    def completion(self, scope: Scope, row: RoundRow, turn: Turn) -> Completion:
        """Communities first, then the posts of those on the page alone; all posts are only summed up."""
        part = _taking_part(scope, row)
        query = (
            select(_part.c.id, _part.c.name, _above.c.name.label("above"))
            .join(unit_kinds, unit_kinds.c.code == _part.c.kind)
            .outerjoin(_above, _above.c.id == _part.c.parent_id)
            .where(*part)
        )
        few, ways = turned(self.session, query, _part.c.id, _ORDER, turn, PAGE)
        counted = self._by_community(scope, row, [r.id for r in few])
        rows = tuple(CommunityRow(r.id, r.name, r.above or "", counted[r.id]) for r in few)
        return Completion(rows, self._in_all(scope, row, part), ways)

    def _by_community(self, scope: Scope, row: RoundRow, ids: Sequence[str]) -> dict[str, Counts]:
        posts = by_post(scope, rounds_.c.id == row.id, items_.c.unit_id.in_(ids))
        query = (
            select(units_.c.id, *_sums(posts), _frozen(row, snapshots_.c.unit_id == units_.c.id))
            .outerjoin(posts, posts.c.unit_id == units_.c.id)
            .where(units_.c.id.in_(ids))
            .group_by(units_.c.id)
        )
        return {key: Counts(1, *map(int, counts)) for key, *counts in self.session.execute(query)}

    def _in_all(self, scope: Scope, row: RoundRow, part: Sequence[ColumnElement[bool]]) -> Counts:
        here = select(_part.c.id).join(unit_kinds, unit_kinds.c.code == _part.c.kind).where(*part)
        posts = by_post(scope, rounds_.c.id == row.id, items_.c.unit_id.in_(here))
        many = select(func.count()).select_from(here.subquery()).scalar_subquery()
        query = select(many, *_sums(posts), _frozen(row, snapshots_.c.unit_id.in_(here)))
        return Counts(*map(int, self.session.execute(query).one()))


def _taking_part(scope: Scope, row: RoundRow) -> list[ColumnElement[bool]]:
    """That a unit joined with its kind is an open one that holds a register, below where the round was opened."""
    top = select(_top.c.path).where(_top.c.id == row.unit_id).scalar_subquery()
    return [
        unit_kinds.c.holds_register, _part.c.closed_on.is_(None), _part.c.path.startswith(top),
        within(_part.c.id, scope),
    ]  # fmt: skip


def _sums(posts: Subquery) -> list[ColumnElement[Any]]:
    """Posts, their power items, and the posts that have said something or that they found nothing of all of these."""
    over = posts.c.said >= posts.c["items"]
    filled, nothing = (func.sum(case((and_(over, so), 1), else_=0)) for so in (posts.c.more > 0, posts.c.more == 0))
    sums = (func.sum(posts.c["items"]), filled, nothing)
    return [func.count(posts.c.post_id), *(func.coalesce(one, 0) for one in sums)]


def _frozen(row: RoundRow, where: ColumnElement[bool]) -> Any:
    query: Select[Any] = select(func.count()).where(snapshots_.c.round_id == row.id, where)
    return query.correlate(units_).scalar_subquery()

