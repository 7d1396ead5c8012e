"""Questions about people, posts and sign-ins."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Executable,
    Row,
    Select,
    and_,
    false,
    func,
    null,
    or_,
    select,
    true,
    union,
    union_all,
    update,
)

from core.access import Grant, Scope
from core.lifecycle import ENDED
from core.organisation.people import Assignment, Person
from core.organisation.recusal import Known
from core.organisation.signin import Session as SignIn
from core.organisation.signin import Visit
from core.organisation.units import line
from core.rows import PersonRow, PostRow
from core.turning import Listed, Turn
from core.words import MeasureStatus, Role
from db.kept import worded
from db.keyset import by, listed, upward
from db.scoping import Asking, beneath, end, within
from db.tables import assignments, holdings, items_, measures_, people_, posts_, risks_, sessions, units_
from db.tables.ledger_tables import mentorships
from db.tables.relative_tables import declarations_

PEOPLE = 50
"""Accounts, or posts, on a page."""
_STAFF = upward(units_.c.path, people_.c.name, people_.c.id)
_POSTS = upward(units_.c.path, posts_.c.name, posts_.c.id)


def _staff() -> Select[Any]:
    return select(people_, units_.c.name.label("unit")).join(units_, units_.c.id == people_.c.unit_id)


def _posts() -> Select[Any]:
    return select(posts_, units_.c.name.label("unit")).join(units_, units_.c.id == posts_.c.unit_id)


def _named(words: str, *columns: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """That one of some names, or that of the unit, holds what is looked for."""
    return [or_(*(name.contains(words, autoescape=True) for name in (*columns, units_.c.name)))] if words else []


class Staff(Asking):
    """People as they are asked about."""

    def is_founded(self) -> bool:
        return self.session.scalar(select(func.count()).select_from(people_)) != 0

    def person(self, person_id: str) -> Person:
        return self.session.get_one(Person, person_id)

    def person_named(self, account: str) -> Person | None:
        query = select(Person).where(people_.c.account == account)
        if not self.session.info.get("reading"):
            query = query.with_for_update()
        return self.session.scalars(query).first()

    def name_of(self, person_id: str | None) -> str:
        found = self.session.get(Person, person_id) if person_id else None
        return found.name if found else ""

    def names_of(self, people: Collection[str | None]) -> dict[str | None, str]:
        known = sorted({one for one in people if one})
        found: dict[str | None, str] = dict.fromkeys(people, "")
        if known:
            query = worded(lambda ids: select(people_.c.id, people_.c.name).where(people_.c.id.in_(ids)), ids=known)
            found.update((row.id, row.name) for row in self.session.execute(*query))
        return found

    def grants(self, person_id: str) -> list[tuple[Role, str]]:
        query = worded(
            lambda person: select(assignments.c.role, units_.c.path)
            .join(units_, units_.c.id == assignments.c.unit_id).where(assignments.c.person_id == person),
            person=person_id,
        )  # fmt: skip
        return [(row.role, row.path) for row in self.session.execute(*query)]

    def assignments(self, person_id: str) -> list[Assignment]:
        return list(self.session.scalars(select(Assignment).where(assignments.c.person_id == person_id)))

    def roles_at(self, person_id: str, unit_id: str) -> set[Role]:
        query = worded(lambda one: select(units_.c.path).where(units_.c.id == one), one=unit_id)
        path = self.session.scalar(*query) or ""
        return {role for role, own in self.grants(person_id) if path.startswith(own)}

    def people_rows(self, scope: Scope) -> list[PersonRow]:
        return self._people(within(people_.c.unit_id, scope))

    def holders(self, scope: Scope, unit_id: str, roles: Sequence[Role]) -> list[PersonRow]:
        """Who holds one of the roles at a unit or above it and has not left."""
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id, within(units_.c.id, scope)))
        if path is None:
            return []
        holders = (
            select(assignments.c.person_id)
            .where(assignments.c.role.in_(roles), assignments.c.unit_id.in_(line(path)))
        )
        return self._people(people_.c.id.in_(holders), people_.c.left_on.is_(None))

    def people_page(self, scope: Scope, words: str, turn: Turn) -> Listed[PersonRow]:
        query = _staff().where(within(people_.c.unit_id, scope), *_named(words, people_.c.name, people_.c.account))
        page = listed(self.session, query, people_.c.id, _STAFF, turn, PEOPLE, lambda row: row)
        return page.of(self._detailed(page, [row.id for row in page]))

    def people_near(self, scope: Scope, words: str, most: int, roles: Collection[Role] = ()) -> list[PersonRow]:
        """Unordered in the database: whoever reads it shows all or none, or looks for a name."""
        query = _staff().where(within(people_.c.unit_id, scope), *_named(words, people_.c.name, people_.c.account))
        if roles:
            query = query.where(people_.c.id.in_(select(assignments.c.person_id).where(assignments.c.role.in_(roles))))
        found = self._detailed((rows := self.session.execute(query.limit(most)).all()), [row.id for row in rows])
        return sorted(found, key=lambda row: (row.unit, row.name, row.id))

    def _people(self, *conditions: ColumnElement[bool]) -> list[PersonRow]:
        found = self.session.execute(_staff().where(*conditions).order_by(*by(_STAFF))).all()
        return self._detailed(found, select(people_.c.id).where(*conditions))

    def _detailed(self, found: Sequence[Row[Any]], ids: Sequence[str] | Select[tuple[str]]) -> list[PersonRow]:
        """People with the roles and posts they hold; asked by a question where there may be very many."""
        roles: dict[str, list[tuple[str, Role, str]]] = defaultdict(list)
        held = (
            select(assignments, units_.c.name)
            .join(units_, units_.c.id == assignments.c.unit_id)
            .where(assignments.c.person_id.in_(ids))
        )
        for row in self.session.execute(held):
            roles[row.person_id].append((row.id, row.role, row.name))
        posts: dict[str, list[str]] = defaultdict(list)
        in_post = (
            select(holdings.c.person_id, posts_.c.name)
            .join(posts_, posts_.c.id == holdings.c.post_id)
            .where(holdings.c.person_id.in_(ids), holdings.c.until.is_(None))
            .order_by(posts_.c.name)
        )
        for row in self.session.execute(in_post):
            posts[row.person_id].append(row.name)
        return [
            PersonRow(r.id, r.name, r.account, r.unit_id, r.unit, r.left_on, r.locked_until, tuple(roles[r.id]),
                      tuple(posts[r.id]))
            for r in found
        ]  # fmt: skip

    def post_rows(self, scope: Scope) -> list[PostRow]:
        here = within(posts_.c.unit_id, scope)
        rows = self.session.execute(_posts().where(here).order_by(*by(_POSTS))).all()
        return self._filled(rows, select(posts_.c.id).where(here))

    def posts_held(self, scope: Scope, person_id: str) -> list[str]:
        query = worded(
            lambda person: select(posts_.c.name)
            .join(units_, units_.c.id == posts_.c.unit_id)
            .join(holdings, holdings.c.post_id == posts_.c.id)
            .where(holdings.c.person_id == person, holdings.c.until.is_(None), within(posts_.c.unit_id, scope))
            .order_by(*by(_POSTS)),
            person=person_id,
        )
        return list(self.session.scalars(*query))

    def post_page(self, scope: Scope, words: str, turn: Turn) -> Listed[PostRow]:
        query = _posts().where(within(posts_.c.unit_id, scope), *_named(words, posts_.c.name))
        page = listed(self.session, query, posts_.c.id, _POSTS, turn, PEOPLE, lambda row: row)
        return page.of(self._filled(page, [row.id for row in page]))

    def _filled(self, rows: Sequence[Row[Any]], ids: Sequence[str] | Select[tuple[str]]) -> list[PostRow]:
        holders: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        in_post = (
            select(holdings.c.id, holdings.c.post_id, people_.c.id.label("person_id"), people_.c.name)
            .join(people_, people_.c.id == holdings.c.person_id)
            .where(holdings.c.post_id.in_(ids), holdings.c.until.is_(None))
        )
        for row in self.session.execute(in_post):
            holders[row.post_id].append((row.id, row.person_id, row.name))
        counted = select(items_.c.post_id, func.count()).where(items_.c.post_id.in_(ids), items_.c.retired.is_(False))
        items = {post: n for post, n in self.session.execute(counted.group_by(items_.c.post_id))}
        return [
            PostRow(r.id, r.unit_id, r.unit, r.name, tuple(holders[r.id]), items.get(r.id, 0), r.leads) for r in rows
        ]

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

    def open_work(self, person_id: str) -> int:
        """How many posts, open entries, open measures, claims and demo sites still hang on a person."""
        asked = (
            select(func.count()).where(holdings.c.person_id == person_id, holdings.c.until.is_(None)),
            select(func.count()).where(
                or_(risks_.c.owner_id == person_id, risks_.c.leader_id == person_id, risks_.c.watchdog_id == person_id),
                risks_.c.status.not_in(ENDED),
            ),
            select(func.count()).where(
                or_(measures_.c.owner_id == person_id, measures_.c.watchdog_id == person_id,
                    measures_.c.claimed_by == person_id),
                measures_.c.status != MeasureStatus.VERIFIED,
            ),
            select(func.count()).where(mentorships.c.mentor_id == person_id, mentorships.c.until.is_(None)),
        )  # fmt: skip
        return sum(self.session.scalar(query) or 0 for query in asked)

    def sign_in(self, session_id: str) -> SignIn | None:
        return self.session.get(SignIn, session_id)

    def signed_in(self, session_id: str) -> Visit | None:
        query = worded(
            lambda session_id: select(
                people_.c.id, people_.c.name, people_.c.unit_id, people_.c.must_change, people_.c.left_on,
                sessions.c.begun_at, sessions.c.seen_at, sessions.c.ended, assignments.c.role, units_.c.path,
            )
            .select_from(sessions)
            .join(people_, people_.c.id == sessions.c.person_id)
            .outerjoin(assignments, assignments.c.person_id == people_.c.id)
            .outerjoin(units_, units_.c.id == assignments.c.unit_id)
            .where(sessions.c.id == session_id)
            .order_by(assignments.c.id),
            session_id=session_id,
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        if not rows:
            return None
        one, grants = rows[0], tuple(Grant(row.role, row.path) for row in rows if row.role)
        return Visit(
            one.id, one.name, one.unit_id, one.must_change, one.left_on, one.begun_at, one.seen_at, one.ended, grants
        )

    def touch(self, session_id: str, now: datetime) -> None:
        stale = now - timedelta(minutes=1)
        self.session.execute(
            update(sessions).where(sessions.c.id == session_id, sessions.c.seen_at < stale).values(seen_at=now)
        )

    def end_sessions(self, person_id: str, but: str = "") -> None:
        self.session.execute(
            update(sessions).where(sessions.c.person_id == person_id, sessions.c.id != but).values(ended=True)
        )


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
