"""How far rounds have come: their power items by community and post, in one statement for all of them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, exists, func, or_, select

from core.access import Scope
from core.completion import State
from core.words import Answer
from db.kept import kept
from db.round_tables import inspections, round_posts, rounds_, snapshots_
from db.scoping import within
from db.tables import holdings, items_, posts_, unit_kinds, units_

HOME = units_.alias("home")
"""The unit a round was opened at."""
COUNTED = ("n_posts", "n_items", "n_filled", "n_nothing", "n_frozen")


@kept
def runs(day: date) -> ColumnElement[bool]:
    return and_(rounds_.c.closed_on.is_(None), rounds_.c.starts_on <= day, rounds_.c.ends_on >= day)


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


def communities(scope: Scope, round_id: Any, unit_id: Any) -> Select[Any]:
    """The communities of a round that was opened at a unit, and the sums of all of them beside each."""
    by_post = _by_post(scope, rounds_.c.id == round_id)
    over = by_post.c.said >= by_post.c["items"]
    above = units_.alias("above")
    frozen = select(func.count()).where(snapshots_.c.unit_id == units_.c.id, snapshots_.c.round_id == round_id)
    top = select(HOME.c.path).where(HOME.c.id == unit_id).scalar_subquery()
    found = (
        select(units_.c.id, units_.c.name, above.c.name.label("above"),
               above.c.path.label("line"),
               func.count(by_post.c.post_id).label("n_posts"),
               func.coalesce(func.sum(by_post.c["items"]), 0).label("n_items"),
               func.coalesce(func.sum(case((and_(over, by_post.c.more > 0), 1), else_=0)), 0).label("n_filled"),
               func.coalesce(func.sum(case((and_(over, by_post.c.more == 0), 1), else_=0)), 0).label("n_nothing"),
               frozen.correlate(units_).scalar_subquery().label("n_frozen"))
        .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
        .outerjoin(above, above.c.id == units_.c.parent_id)
        .outerjoin(by_post, by_post.c.unit_id == units_.c.id)
        .where(unit_kinds.c.holds_register, units_.c.closed_on.is_(None), units_.c.path.startswith(top),
               within(units_.c.id, scope))
        .group_by(units_.c.id, units_.c.name, above.c.name, above.c.path)
    ).subquery()  # fmt: skip
    sums = [func.sum(found.c[name]).over().label(f"all_{name}") for name in COUNTED]
    query = select(found, func.count().over().label("all_communities"), *sums)
    return query.order_by(found.c.line, found.c.name, found.c.id)


def left(scope: Scope, today: date) -> Select[Any]:
    by_post = _by_post(scope, runs(today))
    todo = func.sum(case((by_post.c.said < by_post.c["items"], 1), else_=0))
    return select(by_post.c.round_id, todo).group_by(by_post.c.round_id)


def posts(scope: Scope, round_id: Any, unit_id: Any) -> Select[Any]:
    """The posts of one community in a round, and whether anybody holds them."""
    by_post = _by_post(scope, rounds_.c.id == round_id, items_.c.unit_id == unit_id)
    held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
    query = select(by_post, posts_.c.name, held.label("held")).join(posts_, posts_.c.id == by_post.c.post_id)
    return query.order_by(posts_.c.name, posts_.c.id)
