"""Questions about deeds of two people, and the matters they are about."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, literal, not_, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from core.access import Scope
from core.turning import ROWS, Listed, Turn
from core.voices.openings import Ground, MatterRow, OpeningRow, Part
from core.words import OpeningKind, OpeningStatus
from db.kept import among, worded
from db.keyset import turned
from db.scoping import Asking, heard, within
from db.tables import attachments_, contacts_, flags_, holds_, openings_, people_, units_

CARDS = 10
"""Deeds on a page; each has a form of its own."""
_DAYS = {
    Ground.CONTACT: (contacts_.c.kept_on, contacts_.c.flag_id),
    Ground.FILES: (attachments_.c.added_on, attachments_.c.flag_id),
    Ground.SEALED: (flags_.c.raised_on, flags_.c.id),
    Ground.HELD: (holds_.c.set_at, holds_.c.flag_id),
}
"""Since when a matter stands here for a ground, and which it is."""
_LEFT, _HELD, _EARLIER = contacts_.alias(), holds_.alias(), attachments_.alias()
_ASKER, _DECIDER = aliased(people_), aliased(people_)


class Openings(Asking):
    """Deeds of two people as the discipline desk asks about them; nothing here tells what a matter says."""

    def grounds(self, scope: Scope) -> list[Ground]:
        if not scope.sealed:
            return []
        some = [_standing(ground, scope, literal(1)).exists() for ground in Ground]
        found = self.session.execute(select(*some)).one()
        return [ground for ground, is_there in zip(Ground, found, strict=True) if is_there]

    def matter_page(self, scope: Scope, ground: Ground, turn: Turn) -> Listed[MatterRow]:
        if not scope.sealed:
            return Listed()
        query = _standing(
            ground, scope, flags_.c.id, flags_.c.raised_on, flags_.c.status, flags_.c.sealed, flags_.c.seal_confirmed,
            (flags_.c.text == "").label("empty"), units_.c.name.label("unit"),
            select(_LEFT.c.kept_on).where(_LEFT.c.flag_id == flags_.c.id).scalar_subquery().label("kept_on"),
            select(func.max(_HELD.c.reason)).where(_HELD.c.flag_id == flags_.c.id, _HELD.c.lifted_at.is_(None))
            .scalar_subquery().label("hold"),
        ).join(units_, units_.c.id == flags_.c.unit_id)  # fmt: skip
        day, flag_id = _DAYS[ground]
        rows, ways = turned(self.session, query, flag_id, ((day, True), (flag_id, True)), turn, ROWS)
        files = self._files([row.id for row in rows])
        return Listed([_matter(row, files.get(row.id, [])) for row in rows], len(rows), ways)

    def _files(self, flag_ids: list[str]) -> dict[str, list[tuple[str, int]]]:
        """The files of each matter in their order, with their numbers."""
        found: dict[str, list[tuple[str, int]]] = {}
        query = select(attachments_.c.id, attachments_.c.n, attachments_.c.flag_id)
        for r in self.session.execute(
            query.where(attachments_.c.flag_id.in_(flag_ids)).order_by(attachments_.c.n)
        ):
            found.setdefault(r.flag_id, []).append((r.id, r.n))
        return found

    def opening_page(
        self, scope: Scope, part: Part, person_id: str, agreed_since: datetime, turn: Turn
    ) -> Listed[OpeningRow]:
        if not scope.sealed:
            return Listed()
        query = (
            select(openings_, units_.c.name.label("unit"), flags_.c.raised_on, _ASKER.c.name.label("asker"),
                   _DECIDER.c.name.label("decider"), attachments_.c.n)
            .join(flags_, flags_.c.id == openings_.c.flag_id)
            .join(units_, units_.c.id == flags_.c.unit_id)
            .join(_ASKER, _ASKER.c.id == openings_.c.asked_by)
            .outerjoin(_DECIDER, _DECIDER.c.id == openings_.c.decided_by)
            .outerjoin(attachments_, attachments_.c.id == openings_.c.attachment_id)
            .where(within(flags_.c.unit_id, scope), heard(scope), _belongs(part, person_id, agreed_since))
        )  # fmt: skip
        order = ((openings_.c.asked_at, True), (openings_.c.id, False))
        most = ROWS if part is Part.PAST else CARDS
        rows, ways = turned(self.session, query, openings_.c.id, order, turn, most)
        return Listed(map(_opening, rows), len(rows), ways)

    def done_openings(self, flag_id: str) -> list[tuple[OpeningKind, datetime]]:
        query = worded(
            lambda flag_id: select(openings_.c.kind, openings_.c.done_at).where(
            openings_.c.flag_id == flag_id, openings_.c.done_at.is_not(None)
        ).order_by(openings_.c.done_at),
            flag_id=flag_id,
        )  # fmt: skip
        return [(r.kind, r.done_at) for r in self.session.execute(*query)]


def _standing(ground: Ground, scope: Scope, *columns: ColumnElement[Any]) -> Select[Any]:
    """The matters that stand here for a ground, each once, with some columns."""
    _day, flag_id = _DAYS[ground]
    of = flag_id.table
    numbered, earlier = (tuple_(one.c.n, one.c.id) for one in (attachments_, _EARLIER))
    first = ~exists().where(_EARLIER.c.flag_id == attachments_.c.flag_id, earlier < numbered)
    held = holds_.c.lifted_at.is_(None)
    stands = {Ground.FILES: first, Ground.SEALED: flags_.c.seal_confirmed, Ground.HELD: held}.get(ground, true())
    query = select(*columns).select_from(flags_).where(within(of.c.unit_id, scope), heard(scope), stands)
    return query if of is flags_ else query.join(of, flag_id == flags_.c.id)


def _belongs(part: Part, person_id: str, agreed_since: datetime) -> ColumnElement[bool]:
    """That a deed is of a part for somebody; what was agreed to before `agreed_since` can be done no more."""
    granted = and_(openings_.c.asked_by == person_id, openings_.c.decided_at >= agreed_since)
    is_open = or_(
        among(openings_.c.status, [OpeningStatus.ASKED]),
        and_(among(openings_.c.status, [OpeningStatus.GRANTED]), granted),
    )
    return is_open if part is Part.OPEN else not_(is_open)


def _matter(r: Row[Any], files: list[tuple[str, int]]) -> MatterRow:
    return MatterRow(
        r.id, r.unit, r.raised_on, r.status, r.sealed, r.seal_confirmed, r.kept_on, tuple(files), r.hold or "", r.empty
    )


def _opening(r: Row[Any]) -> OpeningRow:
    return OpeningRow(
        r.id, r.flag_id, r.unit, r.raised_on, r.kind, r.reason, r.status, r.asked_by, r.asker, r.asked_at,
        r.decider or "", r.decided_at, r.answer, r.done_at, r.n,
    )  # fmt: skip
