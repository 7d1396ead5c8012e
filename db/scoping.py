"""Where every question ends: the unit tree, sealed matters, and recusals."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Exists,
    Select,
    Subquery,
    Table,
    and_,
    case,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnClause

from core.access import Scope
from core.organisation.recusal import NAMED, RELATIVE
from core.organisation.relatives import Declaration
from core.organisation.units import Unit
from core.voices.attachments import Attachment
from core.voices.contacts import Contact
from core.voices.flags import Flag
from core.voices.openings import Opening
from core.voices.retention import Hold
from core.words import Role, Source
from db.kept import among, kept, number
from db.paths import below, under
from db.tables import assignments, flags_, holdings, items_, people_, recusals, risks_, unit_kinds, units_
from db.tables.relative_tables import declarations_


class Asking:
    """What every group of questions has: a session, and what the two kinds of server say differently."""

    session: Session

    @property
    def _is_sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    @property
    def _reads(self) -> bool:
        return bool(self.session.info.get("reading"))  # nothing changes in it

    def _met(self, *what: object) -> dict[str, Any]:
        """What a reading has found of a kind, by key; whoever asks for one thing after the other need not ask again."""
        return self.session.info.setdefault(("met", *what), {}) if self._reads else {}

    def _put(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """Rows to insert that may be there already."""
        return putting(table, is_sqlite=self._is_sqlite)


@kept
def putting(table: Table, *, is_sqlite: bool) -> sqlite.Insert | postgresql.Insert:
    """Rows to insert that may be there already, on one kind of server."""
    return sqlite.insert(table) if is_sqlite else postgresql.insert(table)


@kept
def within(unit_id: ColumnElement[str] | ColumnClause[str], scope: Scope) -> ColumnElement[bool]:
    """That a unit lies under one of the scope's paths."""
    return lying(unit_id, scope)


def lying(unit_id: ColumnElement[str] | ColumnClause[str], scope: Scope) -> ColumnElement[bool]:
    """The same where the unit is told by what is worded anew each time, and so would never be found again."""
    return true() if "/" in scope.paths else unit_id.in_(_units(scope))


HOLDING = units_.c.kind.in_(select(unit_kinds.c.code).where(unit_kinds.c.holds_register))
"""That a row of `units` holds a register."""


def _units(scope: Scope) -> Select[tuple[str]]:
    return select(units_.c.id).where(under(scope))


@kept
def registered(unit_id: ColumnElement[str] | ColumnClause[str], scope: Scope) -> ColumnElement[bool]:
    """The same of rows that only communities have. Told so, PostgreSQL does not reckon with as many in each of their
    buildings, and nobody looks there."""
    if "/" in scope.paths:
        return true()
    return unit_id.in_(_units(scope).where(HOLDING))


@kept
def heard(scope: Scope) -> ColumnElement[bool]:
    """That a row of `flags` is not kept from the viewer: it is not sealed, but for the desk, and does not name them."""
    named = exists().where(recusals.c.flag_id == flags_.c.id, recusals.c.person_id == scope.viewer)
    return and_(_for_this_desk(scope) if scope.sealed else flags_.c.sealed.is_(False), ~named)


def _for_this_desk(scope: Scope) -> ColumnElement[bool]:
    """That a row of `flags` is not one for the desk above: it concerns nobody who heads one of the scope's units,
    or there is no desk above that could take it."""
    if "/" in scope.paths:
        return true()
    return or_(
        flags_.c.sealed.is_(False),
        *[and_(_lies_under(path), ~and_(_heads(path), _desk_above(path))) for path in scope.paths],
    )


def _lies_under(path: str) -> ColumnElement[bool]:
    """Looked up for each row: PostgreSQL would else read all units below the path first, to find some twenty flags."""
    here = units_.alias()
    return each(here.c.id == flags_.c.unit_id, below(path, here.c.path)).correlate(flags_)


def _heads(path: str) -> ColumnElement[bool]:
    """That a row of `flags` names somebody who supervises or keeps the desk at exactly this unit, or a relative of
    theirs."""
    here = units_.alias()
    return exists().where(
        recusals.c.flag_id == flags_.c.id, among(recusals.c.reason, (NAMED, RELATIVE)),
        assignments.c.person_id == recusals.c.person_id,
        among(assignments.c.role, (Role.SUPERVISOR, Role.DISCIPLINE)), here.c.id == assignments.c.unit_id,
        here.c.path == path,
    )  # fmt: skip


def _desk_above(path: str) -> ColumnElement[bool]:
    above = units_.alias()
    return exists().where(
        assignments.c.role == Role.DISCIPLINE, above.c.id == assignments.c.unit_id, above.c.path != path,
        literal(path).startswith(above.c.path), people_.c.id == assignments.c.person_id, people_.c.left_on.is_(None),
    )  # fmt: skip


def before(query: Select[Any], *order: ColumnElement[Any]) -> Subquery:
    """Rows, in an order, that are found before anything is looked up about `each`."""
    return query.order_by(*order).offset(number(0)).subquery()


def each(*conditions: ColumnElement[bool]) -> Exists:
    """That there is a row, looked up for each row asked about. Where the first few in an order are wanted, PostgreSQL
    would else join or hash all that may be, for it cannot know how few these conditions leave out."""
    return select(number(1)).where(*conditions).offset(number(0)).exists()


@kept
def kin_of(person: ColumnElement[str] | str) -> Select[tuple[str]]:
    """From whose matters somebody is kept as a relative: whom they declared, and who declared them, once confirmed."""
    mine = declarations_.c.person_id == person
    of_me = and_(declarations_.c.relative_id == person, declarations_.c.confirmed_on.is_not(None))
    other = case((mine, declarations_.c.relative_id), else_=declarations_.c.person_id)
    return select(other).where(declarations_.c.ended_on.is_(None), or_(mine, of_me))


@kept
def of_own(column: ColumnElement[str | None] | ColumnElement[str], person: str) -> ColumnElement[bool]:
    """That a column names a person or a relative from whose matters they are kept."""
    return column.in_(select(_own(person).c.id))


@kept
def _own(person: str) -> CTE:
    """A person and the relatives from whose matters they are kept; looked up once, however often a statement asks."""
    return union_all(select(literal(person).label("id")), kin_of(person)).cte()


@kept
def others(column: ColumnElement[str | None], person: str) -> ColumnElement[bool]:
    """That a column names neither a person nor such a relative; true where it names nobody."""
    return or_(column.is_(None), ~of_own(column, person))


@kept
def not_held(item_id: ColumnElement[str | None] | ColumnClause[str | None], viewer: str | None) -> ColumnElement[bool]:
    """That neither the viewer nor a relative of theirs holds the post of a power item today; true where there is no
    power item. `Store.barred` tells who it is."""
    if viewer is None:
        return true()
    owned = exists().where(
        _HELD.c.id == item_id, holdings.c.post_id == _HELD.c.post_id, of_own(holdings.c.person_id, viewer),
        holdings.c.until.is_(None),
    )  # fmt: skip
    return ~owned


_HELD = items_.alias()


@kept
def not_owned(viewer: str) -> ColumnElement[bool]:
    """That a row of `flags` is not about a power item whose post the viewer holds; superiors' points are answered by
    the community itself."""
    return or_(flags_.c.source == Source.SUPERIOR, not_held(flags_.c.item_id, viewer))


@kept
def inside(unit_id: ColumnElement[str], scope: Scope) -> ColumnElement[bool]:
    """The same as `within`, looked up for each row: where a few rows are asked about, and this is one way of several
    to be among them, PostgreSQL would else read all units of the scope first."""
    return true() if "/" in scope.paths else each(units_.c.id == unit_id, under(scope))


@kept
def readable(
    raw: Scope | None, lies: Callable[[ColumnElement[str], Scope], ColumnElement[bool]] = within
) -> ColumnElement[bool]:
    """That the words of a row of `flags` in a row of `risks` may be read: a resident's only where `raw` reaches, and by
    nobody who answers for the power item of either. `lies` is how the unit is looked up."""
    if raw is None:
        return flags_.c.source != Source.RESIDENT
    others = [not_held(item_id, raw.viewer) for item_id in (flags_.c.item_id, risks_.c.item_id)]
    return or_(flags_.c.source != Source.RESIDENT, and_(lies(flags_.c.unit_id, raw), *others))


@kept
def visible(kind: type[object], scope: Scope) -> ColumnElement[bool]:
    """What of a kind of entity lies in a scope."""
    if kind is Unit:
        return under(scope) if "/" not in scope.paths else true()
    if kind is Flag:
        return and_(within(flags_.c.unit_id, scope), heard(scope))
    if kind is Declaration or (kind in FOR_THE_DESK and not scope.sealed):
        return false()
    if kind in OF_A_FLAG:
        of: Any = kind
        return and_(within(of.unit_id, scope), exists().where(flags_.c.id == of.flag_id, heard(scope)))
    return within(kind.unit_id, scope)  # type: ignore[attr-defined]


FOR_THE_DESK = (Contact, Opening, Hold)
"""What only the discipline desk may load; a declared relative is loaded by nobody, only asked about."""
OF_A_FLAG = (*FOR_THE_DESK, Attachment)
"""What is kept from whoever the flag itself is kept from."""
