"""Parts of the questions how far rounds have come: their power items by community and post, in one statement."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, exists, func, or_, select

from core.access import Scope
from core.inspection.completion import State
from core.words import Answer
from db.kept import kept
from db.scoping import within
from db.tables import holdings, items_, posts_, units_
from db.tables.round_tables import inspections, round_posts, rounds_

HOME = units_.alias("home")
"""The unit a round was opened at."""


@kept
def runs(day: date) -> ColumnElement[bool]:
    return and_(rounds_.c.closed_on.is_(None), rounds_.c.starts_on <= day, rounds_.c.ends_on >= day)


def asked(round_id: ColumnElement[str] | str) -> ColumnElement[bool]:
    """That a row of `posts` is asked in a round: it is named there, or none is."""
    named = exists().where(round_posts.c.round_id == round_id)
    return or_(~named, named.where(round_posts.c.name == posts_.c.name))


def by_post(scope: Scope, *conditions: ColumnElement[bool]) -> Subquery:
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


def left(scope: Scope, today: date) -> Select[Any]:
    found = by_post(scope, runs(today))
    todo = func.sum(case((found.c.said < found.c["items"], 1), else_=0))
    return select(found.c.round_id, todo).group_by(found.c.round_id)


def posts(scope: Scope, round_id: Any, unit_id: Any) -> Select[Any]:
    """The posts of one community in a round, and whether anybody holds them."""
    found = by_post(scope, rounds_.c.id == round_id, items_.c.unit_id == unit_id)
    held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
    query = select(found, posts_.c.name, held.label("held")).join(posts_, posts_.c.id == found.c.post_id)
    return query.order_by(posts_.c.name, posts_.c.id)
