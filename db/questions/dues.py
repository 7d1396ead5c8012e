"""Questions about what is owed to be made public, what is overdue, and what was published."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from core.access import Scope
from core.openness.disclosure import DueRow, Proof
from core.openness.dues import Due
from core.turning import COUNTED, ROWS, Listed, Turn
from core.words import DisclosureClass
from db.kept import fixed, number
from db.keyset import by, nearest, turned, upward
from db.questions.openness import Files
from db.scoping import Asking, each, within
from db.tables import people_, units_
from db.tables.openly import due_proofs, dues_, subjects_


class Dues(Asking):
    """Disclosures with a day as they are asked about."""

    def dues_of(self, subject_id: str) -> list[Due]:
        return list(self.session.scalars(select(Due).where(dues_.c.subject_id == subject_id).order_by(dues_.c.due_on)))

    def proofs_of(self, due_id: str) -> list[Proof]:
        return list(self.session.scalars(select(Proof).where(due_proofs.c.due_id == due_id)))

    def disclosure_dues(
        self, scope: Scope, unit_id: str | None = None, *, published_since: date | None = None
    ) -> list[DueRow]:
        query = _dues().where(within(dues_.c.unit_id, scope))
        if unit_id is not None:
            query = query.where(dues_.c.unit_id == unit_id)
        if published_since is not None:
            query = query.where(or_(dues_.c.published_on.is_(None), dues_.c.published_on >= published_since))
        found = self.session.execute(query.order_by(*by(_BY_DAY))).all()
        files: Files = defaultdict(list)
        done = select(due_proofs).where(due_proofs.c.due_id.in_([r.id for r in found]))
        for proof in self.session.execute(done.order_by(due_proofs.c.added_at, due_proofs.c.id)):
            files[proof.due_id].append((proof.id, proof.name, proof.media_type))
        return [_due(r, tuple(files.get(r.id, ()))) for r in found]

    def overdue_page(
        self, scope: Scope, before: date, of: DisclosureClass | None, turn: Turn
    ) -> Listed[DueRow]:
        found = select(dues_.c.id).where(*_late(scope, before))
        if of is not None:
            found = found.where(each(subjects_.c.id == dues_.c.subject_id, subjects_.c.disclosure_class == of))
        order = upward(dues_.c.due_on, dues_.c.unit_id, dues_.c.id)  # many fall due on one day
        few, ways = turned(self.session, found, dues_.c.id, order, turn, ROWS)
        query = _dues().where(dues_.c.id.in_([r.id for r in few])).order_by(*by(order))
        rows = [_due(r, ()) for r in self.session.execute(query)] if few else []
        return Listed(rows, len(rows), ways)

    def overdue_classes(self, scope: Scope, before: date) -> dict[DisclosureClass, int]:
        late = select(dues_.c.subject_id).where(*_late(scope, before))
        first = late.limit(number(COUNTED + 1)).subquery()
        query = select(subjects_.c.disclosure_class, func.count()).join(first, first.c.subject_id == subjects_.c.id)
        found = self.session.execute(query.group_by(subjects_.c.disclosure_class))
        return {of: n for of, n in found}


def dues_waiting(scope: Scope, until: date) -> Select[int, date]:
    """Disclosures that are open and due until then."""
    return nearest(
        dues_.c.due_on, within(dues_.c.unit_id, scope), dues_.c.published_on.is_(None), dues_.c.due_on <= fixed(until)
    )


def _dues() -> Select[Any]:
    return (
        select(dues_, units_.c.name.label("unit"), subjects_.c.name.label("subject"), subjects_.c.heading,
               subjects_.c.disclosure_class, subjects_.c.disclosure_when, subjects_.c.masked, subjects_.c.channel,
               people_.c.name.label("person"))
        .join(units_, units_.c.id == dues_.c.unit_id)
        .join(subjects_, subjects_.c.id == dues_.c.subject_id)
        .outerjoin(people_, people_.c.id == dues_.c.published_by)
    )  # fmt: skip


_BY_DAY = upward(dues_.c.due_on, subjects_.c.name, dues_.c.id)


def _late(scope: Scope, before: date) -> tuple[ColumnElement[bool], ...]:
    return within(dues_.c.unit_id, scope), dues_.c.published_on.is_(None), dues_.c.due_on < before


def _due(r: Row[Any], files: tuple[tuple[str, str, str], ...]) -> DueRow:
    return DueRow(
        r.id, r.unit_id, r.unit, r.subject_id, r.subject, r.heading, r.disclosure_class, r.disclosure_when, r.masked,
        r.channel, r.first, r.last, r.due_on, r.occasion, r.published_on, r.place, r.text, r.person or "", files,
    )  # fmt: skip
