"""Questions of meetings: what lies before one, and what was decided."""

from collections import defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, not_, or_, select

from core.access import Scope
from core.ledgers.meetings import AgendaEntry, DecisionRow, MeetingRow
from core.lifecycle import ENDED
from core.turning import ROWS, Listed, Turn
from db.kept import among, kept, worded
from db.keyset import listed, upward
from db.questions.signatures import named
from db.scoping import Asking, within
from db.tables import flags_, links, people_, risks_, supports_, units_
from db.tables.holder_tables import clocks_
from db.tables.ledger_tables import decisions, meetings_

_LOOKED_THROUGH = 200
"""Entries with some words among which those are looked for that may lie before a meeting."""
_holder = units_.alias("holder")


class Meetings(Asking):
    """Meetings as they are asked about."""

    def agenda_entries(self, scope: Scope) -> list[AgendaEntry]:
        query = _agenda(scope).order_by(units_.c.name, units_.c.path, risks_.c.number)
        return [_lies_before(r) for r in self.session.execute(query)]

    def agenda_choice(self, scope: Scope, words: str, most: int) -> list[AgendaEntry]:
        query = _agenda(scope)
        if words:
            likes = risks_.c.title.contains(words, autoescape=True), units_.c.name.contains(words, autoescape=True)
            is_number = words.isascii() and words.isdigit() and len(words) < 9
            said = or_(*likes, *([risks_.c.number == int(words)] if is_number else []))
            few = select(risks_.c.id).join(units_, units_.c.id == risks_.c.unit_id).where(
                within(risks_.c.unit_id, scope), ~among(risks_.c.status, ENDED), said
            ).limit(_LOOKED_THROUGH).cte().prefix_with("MATERIALIZED")  # fmt: skip
            query = query.where(risks_.c.id.in_(select(few.c.id)))
        query = query.order_by(clocks_.c.due_on, risks_.c.id).limit(most)
        return [_lies_before(r) for r in self.session.execute(query)]

    def meeting_page(self, scope: Scope, turn: Turn) -> Listed[MeetingRow]:
        query = (
            select(meetings_, units_.c.name.label("unit"), people_.c.name.label("host"))
            .join(units_, units_.c.id == meetings_.c.unit_id)
            .join(people_, people_.c.id == meetings_.c.held_by)
            .where(within(meetings_.c.unit_id, scope))
        )  # fmt: skip
        order = ((meetings_.c.held_on, True), *upward(units_.c.name, units_.c.path, meetings_.c.id))
        rows = listed(self.session, query, meetings_.c.id, order, turn, ROWS, lambda row: row)
        made = self._decided(scope, [r.id for r in rows])
        return rows.of(
            MeetingRow(r.id, r.unit_id, r.unit, r.held_on, r.present, r.host, tuple(made[r.id])) for r in rows
        )

    def _decided(self, scope: Scope, meeting_ids: list[str]) -> dict[str, list[DecisionRow]]:
        """What some meetings decided, without what the viewer may not see."""
        query = worded(
            lambda ids: select(decisions, people_.c.name.label("owner"), risks_.c.number)
            .join(people_, people_.c.id == decisions.c.owner_id)
            .outerjoin(risks_, risks_.c.id == decisions.c.risk_id)
            .where(
                decisions.c.meeting_id.in_(ids), within(decisions.c.unit_id, scope),
                or_(decisions.c.risk_id.is_(None), and_(~named(scope.viewer), _open_to_all())),
            )
            .order_by(decisions.c.due_on, decisions.c.id),
            ids=meeting_ids,
        )  # fmt: skip
        made: dict[str, list[DecisionRow]] = defaultdict(list)
        for r in self.session.execute(*query) if meeting_ids else ():
            made[r.meeting_id].append(DecisionRow(r.text, r.owner, r.due_on, r.risk_id, r.number))
        return made


@kept
def _agenda(scope: Scope) -> Select[Any]:
    """Open entries as they lie before a meeting, without those that name the viewer or stand on sealed voices alone."""
    return (
        select(risks_.c.id, risks_.c.number, risks_.c.title, units_.c.name, risks_.c.level, risks_.c.status,
               people_.c.name.label("owner"), clocks_.c.holder_id, _holder.c.name.label("holder"), clocks_.c.how,
               clocks_.c.due_on)
        .join(units_, units_.c.id == risks_.c.unit_id)
        .join(clocks_, and_(clocks_.c.risk_id == risks_.c.id, clocks_.c.ended_on.is_(None)))
        .join(_holder, _holder.c.id == clocks_.c.holder_id)
        .outerjoin(people_, people_.c.id == risks_.c.owner_id)
        .where(within(risks_.c.unit_id, scope), ~among(risks_.c.status, ENDED), ~named(scope.viewer), _open_to_all())
    )  # fmt: skip


def _lies_before(r: Row[Any]) -> AgendaEntry:
    return AgendaEntry(
        r.id, r.number, r.title, r.name, r.level, r.status, r.owner or "", r.holder_id, r.holder, r.how, r.due_on
    )


def _open_to_all() -> ColumnElement[bool]:
    """That a row of `risks` does not stand on sealed voices alone."""
    voice = and_(links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), flags_.c.id == links.c.flag_id)
    sealed, heard = (exists().where(voice, flags_.c.sealed.is_(state)) for state in (True, False))
    return or_(not_(sealed), heard, exists().where(supports_.c.risk_id == risks_.c.id))
