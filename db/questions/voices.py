"""Questions about flags: the inbox, receipts, sealed matters, superiors' points."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Select,
    and_,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.operators import OperatorType

from core.access import Scope
from core.alike.calibration import Judgement
from core.events import Event
from core.review.distinctions import Distinction
from core.review.merging import Link, Moved
from core.rows import SealedRow
from core.turning import ROWS, Listed, Turn
from core.voices.attachments import FileRow
from core.voices.flags import Message
from core.voices.receipts import Receipt
from core.words import FlagStatus, Level, Source
from db.kept import among, worded
from db.keyset import some, turned, upward
from db.scoping import Asking, heard, not_held, registered, within
from db.tables import (
    attachments_,
    audit_entries,
    distinctions_,
    flags_,
    judgements,
    links,
    messages,
    readings,
    receipts_,
    risks_,
    units_,
)

WAITING = (FlagStatus.NEW, FlagStatus.ASKED)


def waits(scope: Scope, viewer: str, status: FlagStatus | None = None) -> ColumnElement[bool]:
    """That a flag waits for the viewer, in one state or either: residents' and cadres', in scope, not about an item of
    the viewer's own."""
    either = among(flags_.c.status, WAITING)
    return and_(
        registered(flags_.c.unit_id, scope), heard(scope), not_held(flags_.c.item_id, viewer),
        either if status is None else _Narrower(either, among(flags_.c.status, (status,))),
        ~among(flags_.c.source, (Source.SUPERIOR,)),
    )  # fmt: skip


class _Narrower(FunctionElement[bool]):
    """A condition and a narrower one. SQLite is told both, for only by the wider does it find the index of all that
    waits; PostgreSQL finds it by the narrower, and told both would reckon with far fewer rows than there are."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: OperatorType | None = None) -> "_Narrower":
        return self  # as a truth value SQLite would compare it with 1


@compiles(_Narrower)
def _both(element: _Narrower, compiler: SQLCompiler, **how: Any) -> str:
    return " AND ".join(compiler.process(one, **how) for one in element.clauses)


@compiles(_Narrower, "postgresql")
def _narrower(element: _Narrower, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(list(element.clauses)[-1], **how)


def _heard_in_entries(scope: Scope) -> ColumnElement[bool]:
    """That a row of `flags` stands in an entry by a row of `links`, and the viewer may know of it."""
    return and_(links.c.undone_at.is_(None), within(flags_.c.unit_id, scope), heard(scope))


class Voices(Asking):
    """Flags as they are asked about."""

    def words_near(self, unit_id: str) -> list[tuple[str, str, str, str | None]]:
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id)) or "//"
        line = or_(literal(path).startswith(units_.c.path), units_.c.path.startswith(path, autoescape=True))
        near = select(units_.c.id).where(line)
        said = select(flags_.c.id, flags_.c.unit_id, flags_.c.text, flags_.c.raised_by).where(
            flags_.c.unit_id.in_(near)
        )
        answered = select(messages.c.flag_id, messages.c.unit_id, messages.c.text, null()).where(
            messages.c.unit_id.in_(near), messages.c.from_sender
        )
        return [(row[0], row[1], row[2], row[3]) for row in self.session.execute(union_all(said, answered))]

    def apart(self, flag_id: str) -> set[str]:
        query = worded(
            lambda one: select(distinctions_.c.risk_id)
            .where(distinctions_.c.flag_id == one, distinctions_.c.undone_at.is_(None)),
            one=flag_id,
        )  # fmt: skip
        return set(self.session.scalars(*query))

    def distinctions(self, flag_id: str, risk_id: str = "") -> list[Distinction]:
        query = worded(
            lambda flag, risk=None: select(Distinction)
            .where(distinctions_.c.flag_id == flag, true() if risk is None else distinctions_.c.risk_id == risk)
            .order_by(distinctions_.c.said_at, distinctions_.c.id),
            flag=flag_id, **({"risk": risk_id} if risk_id else {}),
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def judgement(self, flag_id: str, risk_id: str) -> Judgement | None:
        query = select(Judgement).where(judgements.c.flag_id == flag_id, judgements.c.risk_id == risk_id)
        return self.session.scalars(query).first()

    def links_of_deed(self, deed_id: str) -> list[Link]:
        return list(self.session.scalars(select(Link).where(links.c.deed_id == deed_id).order_by(links.c.id)))

    def moves(self, risk_id: str) -> dict[str, Moved]:
        found = {}
        query = worded(_moving, risk=risk_id)
        for r in self.session.execute(*query):
            here = r.undone_at is None
            back = r.id if here else r.next_id if r.next_undone is None else None
            found[r.id] = Moved(r.from_number, r.to_number, back or "", bool(r.deed_id if here else r.next_deed))
        return found

    def heard_in(self, scope: Scope, risk_id: str) -> list[tuple[Source, Level | None]]:
        query = worded(
            lambda risk_id: select(flags_.c.source, flags_.c.level)
            .join(links, links.c.flag_id == flags_.c.id)
            .where(links.c.risk_id == risk_id, _heard_in_entries(scope))
            .order_by(links.c.linked_at, links.c.id),
            risk_id=risk_id,
        )  # fmt: skip
        return [(r.source, r.level) for r in self.session.execute(*query)]

    def files_in(self, scope: Scope, risk_id: str) -> dict[str, list[FileRow]]:
        query = worded(
            lambda risk_id: select(attachments_)
            .join(flags_, flags_.c.id == attachments_.c.flag_id).join(links, links.c.flag_id == flags_.c.id)
            .where(links.c.risk_id == risk_id, _heard_in_entries(scope)).order_by(attachments_.c.n),
            risk_id=risk_id,
        )  # fmt: skip
        found: dict[str, list[FileRow]] = {}
        for r in self.session.execute(*query) if scope.paths else ():
            row = FileRow(r.id, r.n, r.media_type, r.size, r.added_on, bool(r.clean))
            found.setdefault(r.flag_id, []).append(row)
        return found

    def readings_on(self, flags: Collection[str], day: date) -> set[tuple[str, str]]:
        query = worded(
            lambda flags: select(readings.c.flag_id, readings.c.role)
            .where(readings.c.flag_id.in_(flags), readings.c.read_on == day),
            flags=sorted(flags),
        )  # fmt: skip
        return {(r.flag_id, r.role) for r in self.session.execute(*query)} if flags else set()

    def has_reading(self, flag_id: str, role: str, day: date) -> bool:
        query = select(func.count()).where(
            readings.c.flag_id == flag_id, readings.c.role == role, readings.c.read_on == day
        )
        return bool(self.session.scalar(query))

    def readings(self, flag_id: str) -> list[tuple[str, date]]:
        query = select(readings.c.role, readings.c.read_on).where(readings.c.flag_id == flag_id)
        return [(r.role, r.read_on) for r in self.session.execute(query.order_by(readings.c.read_on, readings.c.role))]

    def messages(self, flag_id: str) -> list[Message]:
        query = worded(lambda one: select(Message).where(messages.c.flag_id == one).order_by(messages.c.n), one=flag_id)
        return list(self.session.scalars(*query))

    def count_messages(self, flag_id: str) -> int:
        return self.session.scalar(select(func.count()).where(messages.c.flag_id == flag_id)) or 0

    def receipt(self, locator: str) -> Receipt | None:
        reads = bool(self.session.info.get("reading"))
        query = worded(lambda locator: _receipt(locator, reads=reads), locator=locator)
        return self.session.scalars(*query).first()

    def sealed_page(self, scope: Scope, turn: Turn) -> Listed[SealedRow]:
        query, _given = worded(lambda: _sealed_matters(scope))
        order = upward(flags_.c.seal_confirmed, flags_.c.raised_on, flags_.c.id)
        rows, ways = turned(self.session, query, flags_.c.id, order, turn, ROWS)
        return Listed(map(_sealed, rows), len(rows), ways)


def _receipt(locator: Any, *, reads: bool) -> Select[Receipt]:
    """A receipt, which nobody else may change meanwhile unless it is only read."""
    query = select(Receipt).where(receipts_.c.locator == locator)
    return query if reads else query.with_for_update()


def matters_sealed(scope: Scope) -> Select[int]:
    """Sealed matters to confirm or lift."""
    to_confirm = flags_.c.sealed, flags_.c.seal_confirmed.is_(False)
    return some(select(flags_.c.id).where(within(flags_.c.unit_id, scope), heard(scope), *to_confirm))


def _sealed_matters(scope: Scope) -> Select[Any]:
    openings = (
        select(func.count())
        .where(audit_entries.c.subject == flags_.c.id, audit_entries.c.event == Event.SEALED_OPENED.value)
        .correlate(flags_)
        .scalar_subquery()
    )
    return (
        select(flags_, units_.c.name.label("unit"), openings.label("openings"))
        .join(units_, units_.c.id == flags_.c.unit_id)
        .where(within(flags_.c.unit_id, scope), heard(scope), flags_.c.sealed)
    )


def _sealed(r: Row[Any]) -> SealedRow:
    return SealedRow(r.id, r.unit, r.raised_on, r.due_on, r.seal_confirmed, r.status, r.openings)


def _moving(risk: Any) -> Select[Any]:
    """The links of an entry that came from another one or went on to one."""
    came, went = aliased(links), aliased(links)
    there, then = aliased(risks_), aliased(risks_)
    return (
        select(links, there.c.number.label("from_number"), then.c.number.label("to_number"),
               went.c.id.label("next_id"), went.c.undone_at.label("next_undone"), went.c.deed_id.label("next_deed"))
        .outerjoin(came, came.c.id == links.c.came_from)
        .outerjoin(there, there.c.id == came.c.risk_id)
        .outerjoin(went, and_(went.c.flag_id == links.c.flag_id, went.c.came_from == links.c.id))
        .outerjoin(then, then.c.id == went.c.risk_id)
        .where(links.c.risk_id == risk, or_(came.c.id.is_not(None), went.c.id.is_not(None)))
        .order_by(went.c.undone_at.is_(None))
    )  # fmt: skip
