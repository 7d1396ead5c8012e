"""Questions about second looks: which wait, who may make them, and what residents say since the closing."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Select,
    Subquery,
    and_,
    case,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
)

from core import dates
from core.access import Scope
from core.entries.risks import CHECKERS
from core.openness.board import Rated
from core.prevention.looking import Given, LookRow
from core.prevention.looks import LookFile, SecondLook
from core.turning import COUNTED, ROWS, Listed, Turn
from core.voices.flags import Flag
from core.words import RiskStatus, Source
from db.kept import among, fixed, kept, number, worded
from db.keyset import turned
from db.questions.concerned import concerned
from db.questions.signatures import SOMEBODY
from db.scoping import Asking, before, each, heard, within
from db.tables import (
    assignments,
    flags_,
    links,
    people_,
    risks_,
    supports_,
    units_,
)
from db.tables.vouching import look_files, second_looks


def _nobody() -> ColumnElement[bool]:
    """That nobody here may look at a row of `risks`, which stands at a row of `units`. Who has a seat is found first:
    whether they are concerned is dear to find out."""
    seated = select(assignments.c.person_id).where(*_seated()).correlate(units_)
    return ~exists().where(SOMEBODY.c.id.in_(seated), ~concerned(SOMEBODY.c.id))


def _seated(*conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """That a row of `assignments` lets somebody look at what stands at a row of `units`."""
    return (
        among(assignments.c.role, sorted(CHECKERS)), _SEAT.c.id == assignments.c.unit_id,
        units_.c.path.startswith(_SEAT.c.path), people_.c.id == assignments.c.person_id, people_.c.left_on.is_(None),
        *conditions,
    )  # fmt: skip


_SEAT = units_.alias("seat")


def _waits(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """That a second look is still to be made, as long as its entry is closed."""
    return within(second_looks.c.unit_id, scope), second_looks.c.result.is_(None)


def _closed() -> ColumnElement[bool]:
    return and_(risks_.c.id == second_looks.c.risk_id, among(risks_.c.status, (RiskStatus.CLOSED,)))


def looks_waiting(scope: Scope, person_id: str, today: date) -> Select[int, date]:
    """Looks that are due and that somebody may make."""
    mine = _for(scope, person_id, today)
    return select(func.count(), func.min(mine.c.due_on)).select_from(mine)


def looks_unmade(scope: Scope, person_id: str, today: date) -> Select[int]:
    """Of the looks due first, as many as are counted, those that somebody may not make. Only among them are any that
    nobody may make, which is dear to find out."""
    return select(func.count()).select_from(_unmade(scope, person_id, today).subquery())


def _unmade(scope: Scope, person_id: str, today: date) -> Select[str]:
    due, mine = _due(scope, today), _for(scope, person_id, today)
    closed = each(risks_.c.id == due.c.risk_id, among(risks_.c.status, (RiskStatus.CLOSED,)))
    first = select(due).where(closed).order_by(due.c.due_on, due.c.id).limit(number(COUNTED + 1)).subquery()
    mine_too = each(units_.c.id == first.c.unit_id, *_seated(assignments.c.person_id == person_id))
    return select(first.c.id).where(or_(first.c.id.not_in(select(mine.c.id)), ~mine_too))


@kept
def _for(scope: Scope, person_id: str, today: date) -> CTE:
    """The first of the looks that are due and that somebody may make, as many as are counted."""
    due = _due(scope, today)
    mine = each(risks_.c.id == due.c.risk_id, risks_.c.status == RiskStatus.CLOSED, ~concerned(person_id))
    found = select(due.c.id, due.c.due_on).where(mine).order_by(due.c.due_on, due.c.id).limit(number(COUNTED + 1))
    return found.cte()


def _due(scope: Scope, today: date) -> Subquery:
    columns = second_looks.c.id, second_looks.c.unit_id, second_looks.c.risk_id, second_looks.c.due_on
    due = select(*columns).where(*_waits(scope), _opened(today))
    return before(due, second_looks.c.due_on, second_looks.c.id)


def _opened(today: date) -> ColumnElement[bool]:
    return second_looks.c.due_on <= fixed(today + timedelta(days=dates.LOOK_OPENS))


def _deserted(*conditions: ColumnElement[bool]) -> Select[int]:
    """How many looks nobody may make."""
    return (
        select(func.count())
        .select_from(second_looks)
        .join(risks_, risks_.c.id == second_looks.c.risk_id)
        .join(units_, units_.c.id == second_looks.c.unit_id)
        .where(*conditions, _nobody())
    )


def _seen(scope: Scope, view: str, today: date) -> ColumnElement[bool]:
    """That a second look is one of those of a view."""
    waits = and_(*_waits(scope), _closed())
    wanted = {"due": and_(waits, _opened(today)), "ahead": and_(waits, ~_opened(today))}
    return wanted.get(view, and_(within(second_looks.c.unit_id, scope), second_looks.c.result.is_not(None)))


class Looks(Asking):
    """Second looks as they are asked about."""

    def looks_of(self, risk_id: str) -> list[SecondLook]:
        query = worded(
            lambda risk_id: select(SecondLook).where(second_looks.c.risk_id == risk_id).order_by(second_looks.c.n),
            risk_id=risk_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def look_files(self, risk_id: str) -> list[LookFile]:
        query = worded(
            lambda risk_id: select(LookFile).join(second_looks, second_looks.c.id == look_files.c.look_id)
            .where(second_looks.c.risk_id == risk_id).order_by(look_files.c.added_at, look_files.c.id),
            risk_id=risk_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def is_concerned(self, risk_id: str, person_id: str) -> bool:
        query = worded(lambda key: select(risks_.c.id).where(risks_.c.id == key, concerned(person_id)), key=risk_id)
        return self.session.scalar(*query) is not None

    def look_page(self, scope: Scope, person_id: str | None, view: str, today: date, turn: Turn) -> Listed[LookRow]:
        is_ahead = view in ("due", "ahead")
        day = (second_looks.c.due_on, False) if is_ahead else (second_looks.c.looked_on, True)
        query, _given = worded(lambda: _rows(person_id, waits=is_ahead).where(_seen(scope, view, today)))
        order = day, (second_looks.c.id, False)
        rows, ways = turned(self.session, query, second_looks.c.id, order, turn, ROWS)
        return Listed(map(_row, rows), len(rows), ways)

    def deserted_looks(self, scope: Scope) -> int:
        query = worded(lambda: _deserted(*_waits(scope), _closed()))
        return self.session.scalar(*query) or 0

    def deserted_first(self, scope: Scope, person_id: str, today: date) -> int:
        query = worded(lambda: _deserted(second_looks.c.id.in_(_unmade(scope, person_id, today))))
        return self.session.scalar(*query) or 0

    def given_in(self, scope: Scope, risk_id: str) -> Given:
        marks = [column for kind in Rated for column in (func.count(flags_.c[kind]), func.sum(flags_.c[kind]))]
        again = func.count().filter(flags_.c.reopening_asked_on >= flags_.c.decided_on)
        here = and_(links.c.risk_id == risk_id, links.c.undone_at.is_(None))
        row = self.session.execute(
            select(*marks, again).join(links, links.c.flag_id == flags_.c.id).where(here, _of_residents(scope))
        ).one()
        given = {kind: (int(row[2 * n]), int(row[2 * n + 1] or 0)) for n, kind in enumerate(Rated)}
        return Given(given, int(row[-1]))

    def joined_since(self, scope: Scope, risk_id: str, day: date) -> int:
        said = select(func.count()).select_from(flags_.join(links, links.c.flag_id == flags_.c.id)).where(
            links.c.risk_id == risk_id, links.c.undone_at.is_(None), flags_.c.raised_on > day, _of_residents(scope)
        )  # fmt: skip
        joined = select(func.count()).select_from(supports_).where(
            supports_.c.risk_id == risk_id, supports_.c.said_on > day
        )
        return sum(self.session.scalar(query) or 0 for query in (said, joined))

    def raised_since(self, scope: Scope, risk_id: str, day: date, most: int) -> list[Flag]:
        unit_id = select(risks_.c.unit_id).where(risks_.c.id == risk_id).scalar_subquery()
        inside = exists().where(
            links.c.flag_id == flags_.c.id, links.c.risk_id == risk_id, links.c.undone_at.is_(None)
        )
        query = select(Flag).where(
            flags_.c.unit_id == unit_id, flags_.c.raised_on > day, _of_residents(scope), ~inside
        )
        return list(self.session.scalars(query.order_by(flags_.c.raised_on.desc(), flags_.c.id).limit(most)))


def _of_residents(scope: Scope) -> ColumnElement[bool]:
    return and_(within(flags_.c.unit_id, scope), heard(scope), flags_.c.source == Source.RESIDENT)


@kept
def _rows(person_id: str | None, *, waits: bool) -> Select[Any]:
    """Second looks: who made them, or of those that wait whether somebody may make them, and whether nobody may."""
    looker = select(people_.c.name).where(people_.c.id == second_looks.c.looked_by).scalar_subquery()
    parts = (null(), *_ways(person_id)) if waits else (looker, true(), false())
    names = ("looker", "concerned", "deserted")
    told: list[ColumnElement[Any]] = [part.label(name) for name, part in zip(names, parts, strict=True)]
    return (
        select(second_looks, risks_.c.number, risks_.c.title, risks_.c.level, risks_.c.closed_on,
               units_.c.name.label("unit"), *told)
        .join(risks_, risks_.c.id == second_looks.c.risk_id)
        .join(units_, units_.c.id == second_looks.c.unit_id)
    )  # fmt: skip


def _ways(person_id: str | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whether somebody is concerned, and whether nobody may look: asked only where they may not."""
    if person_id is None:
        return true(), _nobody()
    may = and_(~concerned(person_id), exists().where(*_seated(assignments.c.person_id == person_id)))
    return concerned(person_id), case((may, false()), else_=_nobody())


def _row(r: Row[Any]) -> LookRow:
    waits = r.result is None
    return LookRow(
        r.id, r.risk_id, r.unit, r.number, r.title, r.level, r.n, r.closed_on, r.due_on, r.result, r.verified_level,
        r.note, r.looker or "", r.looked_on, mine=waits and not r.concerned, deserted=waits and bool(r.deserted),
    )  # fmt: skip
