"""Questions about deeds of two people, and the matters they are about."""

from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from core.access import Scope
from core.voices.openings import MatterRow, OpeningRow
from core.words import OpeningKind, OpeningStatus
from db.kept import worded
from db.scoping import Asking, heard, within
from db.tables import attachments_, contacts_, flags_, holds_, openings_, people_, units_


class Openings(Asking):
    """Deeds of two people as the discipline desk asks about them; nothing here tells what a matter says."""

    def matter_rows(self, scope: Scope) -> list[MatterRow]:
        if not scope.sealed:
            return []
        standing = and_(holds_.c.flag_id == flags_.c.id, holds_.c.lifted_at.is_(None))
        has_files = exists().where(attachments_.c.flag_id == flags_.c.id)
        query = (
            select(flags_, units_.c.name.label("unit"), contacts_.c.kept_on, holds_.c.reason.label("hold"))
            .join(units_, units_.c.id == flags_.c.unit_id)
            .outerjoin(contacts_, contacts_.c.flag_id == flags_.c.id)
            .outerjoin(holds_, standing)
            .where(
                within(flags_.c.unit_id, scope), heard(scope),
                or_(contacts_.c.id.is_not(None), has_files, flags_.c.seal_confirmed, holds_.c.id.is_not(None)),
            )
            .order_by(flags_.c.raised_on.desc(), flags_.c.id)
        )  # fmt: skip
        found = self.session.execute(query).all()
        files: dict[str, list[tuple[str, int]]] = {}
        named = select(attachments_.c.id, attachments_.c.n, attachments_.c.flag_id)
        for r in self.session.execute(
            named.where(attachments_.c.flag_id.in_([row.id for row in found])).order_by(attachments_.c.n)
        ):
            files.setdefault(r.flag_id, []).append((r.id, r.n))
        return [
            MatterRow(r.id, r.unit, r.raised_on, r.status, r.sealed, r.seal_confirmed, r.kept_on,
                      tuple(files.get(r.id, ())), r.hold or "", r.text == "")
            for r in found
        ]  # fmt: skip

    def opening_rows(self, scope: Scope) -> list[OpeningRow]:
        if not scope.sealed:
            return []
        asker, decider = aliased(people_), aliased(people_)
        query = (
            select(openings_, units_.c.name.label("unit"), flags_.c.raised_on, asker.c.name.label("asker"),
                   decider.c.name.label("decider"), attachments_.c.n)
            .join(flags_, flags_.c.id == openings_.c.flag_id)
            .join(units_, units_.c.id == flags_.c.unit_id)
            .join(asker, asker.c.id == openings_.c.asked_by)
            .outerjoin(decider, decider.c.id == openings_.c.decided_by)
            .outerjoin(attachments_, attachments_.c.id == openings_.c.attachment_id)
            .where(within(flags_.c.unit_id, scope), heard(scope))
            .order_by(openings_.c.status != OpeningStatus.ASKED, openings_.c.asked_at.desc(), openings_.c.id)
        )  # fmt: skip
        return [
            OpeningRow(r.id, r.flag_id, r.unit, r.raised_on, r.kind, r.reason, r.status, r.asked_by, r.asker,
                       r.asked_at, r.decider or "", r.decided_at, r.answer, r.done_at, r.n)
            for r in self.session.execute(query)
        ]  # fmt: skip

    def done_openings(self, flag_id: str) -> list[tuple[OpeningKind, datetime]]:
        query = worded(
            lambda flag_id: select(openings_.c.kind, openings_.c.done_at).where(
            openings_.c.flag_id == flag_id, openings_.c.done_at.is_not(None)
        ).order_by(openings_.c.done_at),
            flag_id=flag_id,
        )  # fmt: skip
        return [(r.kind, r.done_at) for r in self.session.execute(*query)]
