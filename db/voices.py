"""Questions about flags: the inbox, receipts, sealed matters, superiors' points."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from core.access import Scope
from core.flags import Message
from core.receipts import Receipt
from core.rows import InboxRow, PointRow, SealedRow
from core.words import Event, FlagStatus, Source
from db.scoping import Asking, heard, not_owned, within
from db.tables import (
    audit_entries,
    flags_,
    items_,
    links,
    messages,
    people_,
    points_,
    readings,
    receipts_,
    recusals,
    risks_,
    units_,
)

WAITING = (FlagStatus.NEW, FlagStatus.ASKED)


def waits(scope: Scope, viewer: str) -> ColumnElement[bool]:
    """That a flag waits for the viewer: residents' and cadres', in scope, not about an item of the viewer's own."""
    return and_(
        within(flags_.c.unit_id, scope), heard(scope), not_owned(viewer), flags_.c.status.in_(WAITING),
        flags_.c.source != Source.SUPERIOR,
    )  # fmt: skip


class Voices(Asking):
    """Flags as they are asked about."""

    def recused(self, flag_id: str) -> list[str]:
        return list(self.session.scalars(select(recusals.c.person_id).where(recusals.c.flag_id == flag_id)))

    def words_near(self, unit_id: str) -> list[tuple[str, str, str]]:
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id)) or "//"
        line = or_(literal(path).startswith(units_.c.path), units_.c.path.startswith(path, autoescape=True))
        near = select(units_.c.id).where(line)
        said = select(flags_.c.id, flags_.c.unit_id, flags_.c.text).where(flags_.c.unit_id.in_(near))
        answered = select(messages.c.flag_id, messages.c.unit_id, messages.c.text).where(
            messages.c.unit_id.in_(near), messages.c.from_sender
        )
        return [(row[0], row[1], row[2]) for row in self.session.execute(union_all(said, answered))]

    def inbox(self, scope: Scope, viewer: str, unit_id: str | None = None) -> list[InboxRow]:
        place = aliased(units_)
        query = (
            select(flags_, units_.c.name.label("unit"), place.c.name.label("place"), items_.c.name.label("item"),
                   people_.c.name.label("speaker"))
            .join(units_, units_.c.id == flags_.c.unit_id)
            .outerjoin(place, place.c.id == flags_.c.place_id)
            .outerjoin(items_, items_.c.id == flags_.c.item_id)
            .outerjoin(people_, people_.c.id == flags_.c.raised_by)
            .where(waits(scope, viewer))
            .order_by(flags_.c.status == FlagStatus.ASKED, flags_.c.due_on, flags_.c.id)
        )  # fmt: skip
        if unit_id:
            query = query.where(flags_.c.unit_id == unit_id)
        return [
            InboxRow(
                r.id, r.unit_id, r.unit, r.place or "", r.source, r.channel, r.text, r.item_id, r.item or "", r.level,
                r.status, r.raised_on, r.due_on, r.speaker or "",
            )
            for r in self.session.execute(query)
        ]  # fmt: skip

    def has_reading(self, flag_id: str, role: str, day: date) -> bool:
        query = select(func.count()).where(
            readings.c.flag_id == flag_id, readings.c.role == role, readings.c.read_on == day
        )
        return bool(self.session.scalar(query))

    def readings(self, flag_id: str) -> list[tuple[str, date]]:
        query = select(readings.c.role, readings.c.read_on).where(readings.c.flag_id == flag_id)
        return [(r.role, r.read_on) for r in self.session.execute(query.order_by(readings.c.read_on, readings.c.role))]

    def messages(self, flag_id: str) -> list[Message]:
        return list(self.session.scalars(select(Message).where(messages.c.flag_id == flag_id).order_by(messages.c.n)))

    def count_messages(self, flag_id: str) -> int:
        return self.session.scalar(select(func.count()).where(messages.c.flag_id == flag_id)) or 0

    def receipt(self, locator: str) -> Receipt | None:
        query = select(Receipt).where(receipts_.c.locator == locator)
        if not self.session.info.get("reading"):
            query = query.with_for_update()
        return self.session.scalars(query).first()

    def sealed_rows(self, scope: Scope) -> list[SealedRow]:
        openings = (
            select(func.count())
            .where(audit_entries.c.subject == flags_.c.id, audit_entries.c.event == Event.SEALED_OPENED.value)
            .correlate(flags_)
            .scalar_subquery()
        )
        query = (
            select(flags_, units_.c.name.label("unit"), openings.label("openings"))
            .join(units_, units_.c.id == flags_.c.unit_id)
            .where(within(flags_.c.unit_id, scope), heard(scope), flags_.c.sealed)
            .order_by(flags_.c.seal_confirmed, flags_.c.raised_on, flags_.c.id)
        )
        return [
            SealedRow(r.id, r.unit, r.raised_on, r.due_on, r.seal_confirmed, r.status, r.openings)
            for r in self.session.execute(query)
        ]

    def count_sealed(self, scope: Scope) -> int:
        query = select(func.count()).where(
            within(flags_.c.unit_id, scope), heard(scope), flags_.c.sealed, flags_.c.seal_confirmed.is_(False)
        )
        return self.session.scalar(query) or 0

    def point_rows(self, scope: Scope) -> list[PointRow]:
        current = and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None))
        query = (
            select(flags_, points_.c.text.label("point"), points_.c.raised_on.label("on"),
                   points_.c.due_on.label("answer_due"), units_.c.name.label("unit"), risks_.c.id.label("risk_id"),
                   risks_.c.number, people_.c.name.label("raiser"))
            .join(points_, points_.c.id == flags_.c.point_id)
            .join(units_, units_.c.id == flags_.c.unit_id)
            .join(people_, people_.c.id == points_.c.raised_by)
            .outerjoin(links, current)
            .outerjoin(risks_, risks_.c.id == links.c.risk_id)
            .where(within(flags_.c.unit_id, scope), heard(scope))
            .order_by(points_.c.raised_on.desc(), points_.c.id, units_.c.name)
        )  # fmt: skip
        return [
            PointRow(
                r.point_id, r.id, r.unit_id, r.unit, r.point, r.item_id, r.status, r.reason, r.risk_id, r.number,
                r.raiser, r.on, r.answer_due, r.decided_on,
            )
            for r in self.session.execute(query)
        ]  # fmt: skip
