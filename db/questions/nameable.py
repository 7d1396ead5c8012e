"""Whom a text may name: everybody on a unit's line of the tree, and their relatives."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import CTE, CompoundSelect, Executable, Select, and_, false, null, select, true, union, union_all

from core.organisation.recusal import Known
from core.organisation.units import line
from db.kept import worded
from db.paths import beneath, end
from db.scoping import Asking
from db.tables import assignments, holdings, people_, posts_, units_
from db.tables.relative_tables import declarations_


class Nameable(Asking):
    """People as a text might name them."""

    def known_people(self, unit_id: str) -> list[Known]:
        """Everybody up the tree of a unit and below it, with the posts they hold, as a text might name them."""
        found: dict[str, tuple[str, list[str]]] = {}
        for row in self._told_of(_around, unit_id):
            found.setdefault(row.id, (row.name, []))[1].extend([row.post] if row.post else ())
        return [Known(person_id, name, tuple(posts)) for person_id, (name, posts) in found.items()]

    def nameable(self, unit_id: str) -> tuple[list[Known], list[Known]]:
        """The same people, and relatives of theirs who are elsewhere or no longer here, by name alone; unordered."""
        found: dict[tuple[str, str, bool], list[str]] = {}
        for key, name, post, is_near in self._told_of(_nameable, unit_id):
            found.setdefault((key, name, bool(is_near)), []).extend([post] if post else ())
        near = [Known(key, name, tuple(posts)) for (key, name, is_near), posts in found.items() if is_near]
        return near, [Known(key, name, ()) for key, name, is_near in found if not is_near]

    def _told_of(self, query: Callable[..., Executable], unit_id: str) -> Iterable[Any]:
        """The answer to a question about the line of the tree on which a unit lies."""
        path = self.register_of(unit_id).path  # type: ignore[attr-defined]
        return self.session.execute(*worded(query, up=line(path), path=path, after=end(path)))


def _around(up: Any, path: Any, after: Any) -> Select[tuple[str, str, str | None]]:
    """Who belongs to a unit, one above it or one below it, by home, role or post, with each post they hold."""
    return _with_posts(_belonging(up, path, after)).order_by(units_.c.path, people_.c.name, posts_.c.name)


def _nameable(up: Any, path: Any, after: Any) -> CompoundSelect[Any]:
    """The same, and after them their relatives: whom one of them declared, or who declared one and was confirmed."""
    around = _belonging(up, path, after)
    here = select(people_.c.id).join(around, around.c.id == people_.c.id).where(people_.c.left_on.is_(None)).cte("here")
    one, near = declarations_.c, select(here.c.id)
    kin = union(
        select(one.relative_id.label("id")).where(one.ended_on.is_(None), one.person_id.in_(near)),
        select(one.person_id).where(one.ended_on.is_(None), one.confirmed_on.is_not(None), one.relative_id.in_(near)),
    ).cte("kin")
    elsewhere = select(people_.c.id, people_.c.name, null(), false()).where(
        people_.c.id.in_(select(kin.c.id)), people_.c.id.not_in(near)
    )
    return union_all(_with_posts(around).add_columns(true()), elsewhere)


def _belonging(up: Any, path: Any, after: Any) -> CTE:
    """The ids of these people: `up` are the units of the line, and the others lie between a path and its end. Said so,
    PostgreSQL expects few of them and looks each up, where it would else read everybody."""
    below = select(units_.c.id).where(beneath(path, after))
    line_ = union(select(units_.c.id).where(units_.c.id.in_(up)), below).cte("line")
    homes = ((people_.c.id, people_.c.unit_id), *((one.c.person_id, one.c.unit_id) for one in (assignments, holdings)))
    return union(*(select(who.label("id")).where(home.in_(select(line_.c.id))) for who, home in homes)).cte("around")


def _with_posts(around: CTE) -> Select[tuple[str, str, str | None]]:
    """Those of them who are still here, with each post they hold."""
    return (
        select(people_.c.id, people_.c.name, posts_.c.name.label("post"))
        .join(around, around.c.id == people_.c.id)
        .join(units_, units_.c.id == people_.c.unit_id)
        .outerjoin(holdings, and_(holdings.c.person_id == people_.c.id, holdings.c.until.is_(None)))
        .outerjoin(posts_, posts_.c.id == holdings.c.post_id)
        .where(people_.c.left_on.is_(None))
    )
