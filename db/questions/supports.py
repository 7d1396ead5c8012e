"""Questions about who joined an entry, and about senders who ask again."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, select, true

from core.access import Scope
from core.openness.board import Rated
from core.organisation.units import Unit
from core.voices.reopenings import Wish
from core.words import Channel, Source
from db.kept import among, worded
from db.keyset import some
from db.questions.voices import WAITING
from db.scoping import Asking, heard, not_held, within
from db.tables import flags_, links, messages, risks_, supports_, units_
from db.tables.openly import requests_


class Supports(Asking):
    """Supports and wishes for reopening as they are asked about."""

    def top_unit(self) -> Unit:
        query = worded(lambda: select(Unit).where(units_.c.parent_id.is_(None)).order_by(units_.c.path).limit(1))
        top: Unit = self.session.scalars(*query).one()
        return top

    def count_supports(self, risk_id: str) -> int:
        query = worded(
            lambda risk_id: select(func.count()).select_from(supports_).where(supports_.c.risk_id == risk_id),
            risk_id=risk_id,
        )  # fmt: skip
        return self.session.scalar(*query) or 0

    def came_in(self, unit_id: str | None, day: date) -> int:
        here = {} if unit_id is None else {"unit_id": unit_id}
        return self.session.scalar(*worded(_came_in, day=day, **here)) or 0

    def supports_of(self, unit_id: str) -> dict[str, int]:
        query = select(supports_.c.risk_id, func.count()).where(supports_.c.unit_id == unit_id)
        return {risk_id: n for risk_id, n in self.session.execute(query.group_by(supports_.c.risk_id))}

    def ratings_of(self, unit_id: str) -> dict[Rated, tuple[int, int]]:
        given = [column for kind in Rated for column in (func.count(flags_.c[kind]), func.sum(flags_.c[kind]))]
        told = flags_.c.unit_id == unit_id, flags_.c.source == Source.RESIDENT, flags_.c.sealed.is_(False)
        row = self.session.execute(select(*given).where(*told)).one()
        return {kind: (int(row[2 * n]), int(row[2 * n + 1] or 0)) for n, kind in enumerate(Rated)}

    def wishes(self, scope: Scope, viewer: str) -> list[Wish]:
        query = worded(
            lambda: select(flags_, units_.c.name.label("unit"), risks_.c.id.label("risk_id"), risks_.c.number,
                           _why().label("why"))
            .join(units_, units_.c.id == flags_.c.unit_id)
            .outerjoin(links, and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None)))
            .outerjoin(risks_, risks_.c.id == links.c.risk_id)
            .where(wished(scope, viewer))
            .order_by(flags_.c.reopening_asked_on, flags_.c.id)
        )  # fmt: skip
        return [
            Wish(
                r.id, r.unit, r.text, r.why or "", r.status, r.reason, r.risk_id, r.number, r.decided_on,
                r.reopening_asked_on,
            )
            for r in self.session.execute(*query)
        ]  # fmt: skip


def _why() -> ScalarSelect[str]:
    """What the sender of a row of `flags` said last."""
    return (
        select(messages.c.text)
        .where(messages.c.flag_id == flags_.c.id, messages.c.from_sender)
        .order_by(messages.c.n.desc())
        .limit(1)
        .correlate(flags_)
        .scalar_subquery()
    )


def wished(scope: Scope, viewer: str) -> ColumnElement[bool]:
    """That the sender of a flag asks for it to be taken up again since the last answer, and the viewer may decide."""
    return and_(
        within(flags_.c.unit_id, scope), heard(scope), not_held(flags_.c.item_id, viewer),
        flags_.c.source == Source.RESIDENT,
        ~among(flags_.c.status, WAITING), flags_.c.reopening_asked_on >= flags_.c.decided_on,
    )  # fmt: skip


def wishes_waiting(scope: Scope, viewer: str) -> Select[int]:
    """Flags whose sender asks for them to be taken up again."""
    return some(select(flags_.c.id).where(wished(scope, viewer)))


def _came_in(day: Any, unit_id: Any = None) -> Select[tuple[int]]:
    """How much came in on a day, in a community or anywhere."""
    told = (
        (flags_, flags_.c.raised_on, among(flags_.c.channel, (Channel.QR, Channel.WEB))),
        (supports_, supports_.c.said_on, true()), (requests_, requests_.c.asked_on, true()),
    )  # fmt: skip
    said, joined, asked = (
        select(func.count()).select_from(table)
        .where(on == day, which, true() if unit_id is None else table.c.unit_id == unit_id).scalar_subquery()
        for table, on, which in told
    )  # fmt: skip
    return select(said + joined + asked)
