"""Questions about people, posts and sign-ins."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, func, or_, select, update

from core.access import Grant, Scope
from core.lifecycle import ENDED
from core.organisation.people import Assignment, Person
from core.organisation.signin import Session as SignIn
from core.organisation.signin import Visit
from core.organisation.units import line
from core.rows import PersonRow, PostRow
from core.turning import Listed, Turn
from core.words import MeasureStatus, Role
from db.kept import worded
from db.keyset import by, listed, upward
from db.scoping import Asking, within
from db.tables import assignments, holdings, items_, measures_, people_, posts_, risks_, sessions, units_
from db.tables.ledger_tables import mentorships

PEOPLE = 50
"""Accounts, or posts, on a page."""
_STAFF = upward(units_.c.path, people_.c.name, people_.c.id)
_POSTS = upward(units_.c.path, posts_.c.name, posts_.c.id)


def _staff() -> Select[Any]:
    return select(people_, units_.c.name.label("unit")).join(units_, units_.c.id == people_.c.unit_id)


def _posts() -> Select[Any]:
    return select(posts_, units_.c.name.label("unit")).join(units_, units_.c.id == posts_.c.unit_id)


def _holders(ids: Any) -> Select[Any]:
    """Who holds some posts."""
    return (
        select(holdings.c.id, holdings.c.post_id, people_.c.id.label("person_id"), people_.c.name)
        .join(people_, people_.c.id == holdings.c.person_id)
        .where(holdings.c.post_id.in_(ids), holdings.c.until.is_(None))
    )


def _items_of(ids: Any) -> Select[Any]:
    """How many power items hang on some posts."""
    here = items_.c.post_id.in_(ids), items_.c.retired.is_(False)
    return select(items_.c.post_id, func.count().label("n")).where(*here).group_by(items_.c.post_id)


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
        query = worded(lambda: _posts().where(within(posts_.c.unit_id, scope)).order_by(*by(_POSTS)))
        return self._filled(self.session.execute(*query).all(), scope)

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

    def _filled(self, rows: Sequence[Row[Any]], these: Scope | list[str]) -> list[PostRow]:
        """Posts with who holds each, either all of a scope or some by their ids."""
        holders: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for row in self._about(_holders, these):
            holders[row.post_id].append((row.id, row.person_id, row.name))
        items = {row.post_id: row.n for row in self._about(_items_of, these)}
        return [
            PostRow(r.id, r.unit_id, r.unit, r.name, tuple(holders[r.id]), items.get(r.id, 0), r.leads) for r in rows
        ]

    def _about(self, asked: Callable[[Any], Select[Any]], these: Scope | list[str]) -> Result[Any]:
        if isinstance(these, Scope):
            return self.session.execute(*worded(
                lambda: asked(select(posts_.c.id).where(within(posts_.c.unit_id, these)))
            ))  # fmt: skip
        return self.session.execute(*worded(asked, ids=these))

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
