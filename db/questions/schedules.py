"""The question behind the schedule of a register: every entry a filter shows with its measures and people, at once."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from core.access import Scope
from core.entries.register import Filter
from core.tables.schedule import PlannedRow, ScheduleRow
from core.words import Source
from db.kept import worded
from db.keyset import by
from db.questions.entries import chosen, order, spoke
from db.scoping import Asking
from db.tables import holdings, items_, measures_, people_, posts_, risks_, units_

PARTS = ("owner", "leader", "watchdog")
Planned = dict[str, list[PlannedRow]]
Held = dict[str, list[str]]


class Schedules(Asking):
    """The schedule as it is asked about."""

    def schedule_rows(
        self, scope: Scope, wanted: Filter, today: date, ids: Collection[str] | None = None
    ) -> list[ScheduleRow]:
        conditions = chosen(wanted, scope, today, ids)
        found = self.session.execute(_entries(scope).where(*conditions).order_by(*by(order(wanted.sort)))).all()
        shown = select(risks_.c.id).outerjoin(items_, items_.c.id == risks_.c.item_id).where(*conditions)
        planned: Planned = defaultdict(list)
        measures = select(measures_).where(measures_.c.risk_id.in_(shown))
        for r in self.session.execute(measures.order_by(measures_.c.due_on, measures_.c.id)):
            planned[r.risk_id].append(PlannedRow(r.id, r.text, r.status, r.percent, r.due_on))
        posts = self._posts()
        return [_row(r, planned, posts) for r in found]

    def _posts(self) -> Held:
        """The names of the posts people hold today, by person."""
        query = worded(
            lambda: select(holdings.c.person_id, posts_.c.name)
            .join(posts_, posts_.c.id == holdings.c.post_id)
            .where(holdings.c.until.is_(None))
            .order_by(posts_.c.name)
        )  # fmt: skip
        found: Held = defaultdict(list)
        for r in self.session.execute(*query):
            found[r.person_id].append(r.name)
        return found


def _entries(scope: Scope) -> Select[Any]:
    people = {part: aliased(people_) for part in PARTS}
    query = (
        select(risks_, units_.c.name.label("unit"), items_.c.name.label("item"), posts_.c.name.label("post"),
               *[person.c.name.label(part) for part, person in people.items()],
               *[spoke(source, scope).label(source.value) for source in Source])
        .join(units_, units_.c.id == risks_.c.unit_id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(posts_, posts_.c.id == items_.c.post_id)
    )  # fmt: skip
    for part, person in people.items():
        query = query.outerjoin(person, person.c.id == risks_.c[f"{part}_id"])
    return query


def _row(r: Row[Any], planned: Planned, posts: Held) -> ScheduleRow:
    named = r._mapping
    owner, leader, watchdog = (
        (named[f"{part}_id"], named[part], tuple(posts.get(named[f"{part}_id"], ()))) if named[part] else None
        for part in PARTS
    )
    return ScheduleRow(
        r.id, r.unit_id, r.unit, r.number, r.item or "", r.post or "", r.risk_type, r.title, r.manifestation, r.level,
        owner, leader, watchdog, tuple(planned.get(r.id, ())),
        tuple(source.value for source in Source if named[source.value]), r.dimension, r.status, r.disclosure_class,
        r.disclosure_when,
    )  # fmt: skip
