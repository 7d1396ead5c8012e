"""Questions about notices: what somebody was told and may still see, and who holds a right near a unit."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    func,
    or_,
    select,
    true,
    update,
)

from core.access import Scope
from core.alerts.notices import PAGE, READ_BY, About, Kind, NoticeRow, Said
from core.organisation.units import Unit, line, new_id
from core.turning import Listed, Turn
from core.words import DecisionStep, Role
from db.kept import among, kept, number, worded
from db.keyset import Order, by, turned
from db.questions.signatures import named
from db.questions.voices import WAITING
from db.questions.warned import not_kept_from
from db.scoping import Asking, before, each, heard, not_owned, putting, within
from db.tables import (
    assignments,
    flags_,
    measures_,
    people_,
    risks_,
    runs_,
    units_,
)
from db.tables.holder_tables import early_warnings
from db.tables.message_tables import notices_
from db.tables.openly import decision_steps, decisions_, dues_, requests_
from db.tables.round_tables import rounds_
from db.tables.vouching import second_looks

_ORDER: Order = ((notices_.c.day, True), (notices_.c.is_read, False), (notices_.c.kind, False), (notices_.c.id, False))

Reach = tuple[tuple[Kind, Scope], ...]
"""Where somebody holds the right by which each kind is seen."""


@kept
def _telling(*, is_sqlite: bool) -> Insert:
    """A notice, or the same one unread again."""
    again = ["person_id", "kind", "subject", "day"]
    return putting(notices_, is_sqlite=is_sqlite).on_conflict_do_update(index_elements=again, set_={"is_read": False})


class Notices(Asking):
    """Notices of one person: each question leaves out what that person may not or no longer see."""

    def put_notices(self, people: Sequence[str], said: Said, day: date) -> None:
        told: set[tuple[str, Said, date]] = self.session.info.setdefault("told", set())
        people = [person_id for person_id in people if (person_id, said, day) not in told]
        if not people:  # said already in this deed
            return
        told.update((person_id, said, day) for person_id in people)
        rows = [
            {"id": new_id(), "unit_id": said.unit_id, "person_id": person_id, "kind": said.kind,
             "subject": said.subject, "day": day, "is_read": False, "is_red": said.red, "is_sent": False}
            for person_id in people
        ]  # fmt: skip
        self.session.execute(_telling(is_sqlite=self._is_sqlite), rows)

    def notice_page(self, person_id: str, reach: Mapping[Kind, Scope], turn: Turn) -> Listed[NoticeRow]:
        query, order = _in_order(person_id, tuple(reach.items()))
        few, ways = turned(self.session, query, query.selected_columns.id, order, turn, PAGE)
        told = worded(
            lambda ids, me: _told().where(notices_.c.person_id == me, notices_.c.id.in_(ids)).order_by(*by(_ORDER)),
            ids=[r.id for r in few], me=person_id,
        )  # fmt: skip
        rows = self.session.execute(*told).all() if few else []
        found = [
            NoticeRow(r.id, r.kind, r.day, r.is_read, r.is_red, r.unit, r.subject, r.number, r.title or r.called or "",
                      r.risk_id)
            for r in rows
        ]  # fmt: skip
        return Listed(found, len(found), ways)

    def count_notices(
        self, person_id: str, reach: Mapping[Kind, Scope], *, red: bool = False, most: int | None = None
    ) -> int:
        mine = tuple(reach.items())
        return self.session.scalar(*worded(lambda: _counting(person_id, mine, most, red=red))) or 0

    def read_notices(self, person_id: str, ids: Sequence[str] | None) -> None:
        mine = notices_.c.person_id == person_id
        if ids is not None:
            mine = and_(mine, notices_.c.id.in_(ids))
        self.session.execute(update(notices_).where(mine).values(is_read=True))

    def desk(self, unit_id: str, roles: Sequence[Role], away: Collection[str], *, nearest: bool = True) -> list[str]:
        found = [
            (person_id, depth) for person_id, depth in self._staff_up(unit_id, tuple(roles)) if person_id not in away
        ]
        last = max((depth for _person_id, depth in found), default=0)
        return sorted({person_id for person_id, depth in found if not nearest or depth == last})

    def _staff_up(self, unit_id: str, roles: tuple[Role, ...]) -> list[tuple[str, int]]:
        """Who holds one of the roles at a unit or above it, with how deep in the tree; asked once in a deed, which may
        take in many flags."""
        known: dict[tuple[str, tuple[Role, ...]], list[tuple[str, int]]] = self.session.info.setdefault("staff", {})
        if (unit_id, roles) in known:
            return known[unit_id, roles]
        unit = self.session.get(Unit, unit_id)
        query = worded(
            lambda up: select(assignments.c.person_id, units_.c.path)
            .join(units_, units_.c.id == assignments.c.unit_id)
            .join(people_, people_.c.id == assignments.c.person_id)
            .where(assignments.c.unit_id.in_(up), among(assignments.c.role, roles), people_.c.left_on.is_(None)),
            up=line(unit.path) if unit else [],
        )
        known[unit_id, roles] = [(row.person_id, len(row.path)) for row in self.session.execute(*query)]
        return known[unit_id, roles]

    def staff_below(self, unit_id: str, roles: Sequence[Role]) -> list[str]:
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id)) or "//"
        query = (
            select(assignments.c.person_id)
            .join(units_, units_.c.id == assignments.c.unit_id)
            .join(people_, people_.c.id == assignments.c.person_id)
            .where(assignments.c.role.in_(roles), units_.c.path.startswith(path, autoescape=True),
                   people_.c.left_on.is_(None))
        )  # fmt: skip
        return list(self.session.scalars(query.distinct()))

    def looks_due(self, unit_id: str, after: date, until: date) -> list[str]:
        query = select(second_looks.c.risk_id).where(
            second_looks.c.unit_id == unit_id, second_looks.c.looked_on.is_(None), second_looks.c.due_on > after,
            second_looks.c.due_on <= until,
        )  # fmt: skip
        return list(self.session.scalars(query.order_by(second_looks.c.risk_id)))

    def has_dues_on(self, unit_id: str, days: Collection[date]) -> bool:
        query = select(dues_.c.id).where(
            dues_.c.unit_id == unit_id, dues_.c.published_on.is_(None), dues_.c.due_on.in_(sorted(days))
        )
        return self.session.scalars(query).first() is not None

    def unpublished_resolutions(self, unit_id: str) -> list[tuple[str, date]]:
        told = decision_steps.alias()
        query = (
            select(decision_steps.c.decision_id, decision_steps.c.held_on)
            .where(
                decision_steps.c.unit_id == unit_id, decision_steps.c.step == DecisionStep.RESOLVED,
                decision_steps.c.held_on.is_not(None),
                ~exists().where(told.c.decision_id == decision_steps.c.decision_id,
                                told.c.step == DecisionStep.RESOLUTION_PUBLISHED),
            )
            .order_by(decision_steps.c.decision_id)
        )  # fmt: skip
        return [(row.decision_id, row.held_on) for row in self.session.execute(query)]

    def is_told(self, kind: Kind, subject: str) -> bool:
        query = select(notices_.c.id).where(notices_.c.kind == kind, notices_.c.subject == subject)
        return self.session.scalars(query).first() is not None


@cache
def _told() -> Select[Any]:
    """Notices with what they lead to; under other names, for the rules of who sees what speak of the tables too."""
    measure, risk, run, round_, decision = (
        one.alias() for one in (measures_, risks_, runs_, rounds_, decisions_)
    )
    entry, subject = func.coalesce(measure.c.risk_id, notices_.c.subject), notices_.c.subject
    called = func.coalesce(run.c.title, round_.c.title, decision.c.title).label("called")
    return (
        select(notices_, units_.c.name.label("unit"), risk.c.number, risk.c.title, risk.c.id.label("risk_id"), called)
        .join(units_, units_.c.id == notices_.c.unit_id)
        .outerjoin(measure, measure.c.id == subject)
        .outerjoin(risk, risk.c.id == entry)
        .outerjoin(run, run.c.id == subject)
        .outerjoin(round_, round_.c.id == subject)
        .outerjoin(decision, decision.c.id == subject)
    )


def _counting(person_id: str, reach: Reach, most: int | None, *, red: bool) -> Select[Any]:
    """How many a person has not read, or that there are so many at least; stands in the menu of every page."""
    query = select(notices_.c.id).where(notices_.c.is_read.is_(False), _seen_by(person_id, reach))
    if red:
        query = query.where(notices_.c.is_red)
    return select(func.count()).select_from(query.limit(None if most is None else number(most)).subquery())


@kept
def _in_order(person_id: str, reach: Reach) -> tuple[Select[Any], Order]:
    """What is a person's is put in order first, and whether it may be seen looked up of as much as a page shows: some
    have thousands."""
    mine = select(*(column for column, _down in _ORDER)).where(notices_.c.person_id == person_id)
    rows = before(mine, *by(_ORDER))
    seen = each(notices_.c.id == rows.c.id, _seen_by(person_id, reach))
    query, _given = worded(lambda: select(rows.c.id).where(seen))
    return query, [(rows.c[column.name], down) for column, down in _ORDER]


@kept
def _seen_by(person_id: str, reach: Reach) -> ColumnElement[bool]:
    """That a notice is this person's, and that what it leads to may still be seen by them."""
    ways: dict[tuple[About, Scope], list[Kind]] = {}
    for kind, scope in reach:
        if scope.paths:
            ways.setdefault((READ_BY[kind][0], scope), []).append(kind)
    seen = [
        and_(among(notices_.c.kind, kinds), _SEEN[about](scope, person_id)) for (about, scope), kinds in ways.items()
    ]
    return and_(notices_.c.person_id == person_id, or_(false(), *seen))


def _inbox(scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(
        flags_.c.unit_id == notices_.c.subject, among(flags_.c.status, WAITING), within(flags_.c.unit_id, scope),
        heard(scope), not_owned(person_id),
    )  # fmt: skip


def _desk(scope: Scope, _person_id: str) -> ColumnElement[bool]:
    return each(
        flags_.c.unit_id == notices_.c.subject, flags_.c.sealed, flags_.c.seal_confirmed.is_(False),
        within(flags_.c.unit_id, scope), heard(scope),
    )  # fmt: skip


def _flag(scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(
        flags_.c.id == notices_.c.subject, within(flags_.c.unit_id, scope), heard(scope), not_owned(person_id)
    )


def _entry(scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(risks_.c.id == notices_.c.subject, within(risks_.c.unit_id, scope), ~named(person_id))


def _measure(scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(
        measures_.c.id == notices_.c.subject, risks_.c.id == measures_.c.risk_id, within(risks_.c.unit_id, scope),
        ~named(person_id),
    )  # fmt: skip


def _request(scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(
        requests_.c.id == notices_.c.subject, requests_.c.answered_on.is_(None), within(requests_.c.unit_id, scope),
        ~cast(requests_.c.kept_from, String).contains(person_id, autoescape=True),
    )  # fmt: skip


def _decision(scope: Scope, _person_id: str) -> ColumnElement[bool]:
    return each(decisions_.c.id == notices_.c.subject, within(decisions_.c.unit_id, scope))


def _disclosure(scope: Scope, _person_id: str) -> ColumnElement[bool]:
    return each(
        dues_.c.unit_id == notices_.c.subject, dues_.c.published_on.is_(None), within(dues_.c.unit_id, scope)
    )


def _run(_scope: Scope, person_id: str) -> ColumnElement[bool]:
    return each(runs_.c.id == notices_.c.subject, runs_.c.begun_by == person_id)


def _own(_scope: Scope, _person_id: str) -> ColumnElement[bool]:
    return true()


def _warning(scope: Scope, person_id: str) -> ColumnElement[bool]:
    heard_of = each(flags_.c.id == early_warnings.c.flag_id, heard(scope))
    entry = each(risks_.c.id == early_warnings.c.risk_id, ~named(person_id))
    return each(
        early_warnings.c.subject == notices_.c.subject, early_warnings.c.ended_on.is_(None),
        within(early_warnings.c.unit_id, scope), or_(early_warnings.c.flag_id.is_(None), heard_of),
        or_(early_warnings.c.risk_id.is_(None), entry), not_kept_from(person_id),
    )  # fmt: skip


_SEEN: dict[About, Callable[[Scope, str], ColumnElement[bool]]] = {
    About.INBOX: _inbox, About.DESK: _desk, About.FLAG: _flag, About.ENTRY: _entry, About.MEASURE: _measure,
    About.WARNING: _warning, About.REQUEST: _request, About.DECISION: _decision, About.DISCLOSURE: _disclosure,
    About.RUN: _run, About.OWN: _own,
}  # fmt: skip
