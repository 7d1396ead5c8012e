"""Questions about power items, and what post-holders said of them in rounds."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, true

from core.access import Scope
from core.inspection.rounds import Inspection, Round
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.rows import InspectionRow, ItemRow, SaidRow
from core.words import Source
from db.kept import among, worded
from db.questions.completion import asked
from db.scoping import Asking, heard, within
from db.tables import flags_, holdings, items_, people_, posts_, risks_, units_
from db.tables.round_tables import inspections, rounds_


class Catalogue(Asking):
    """The catalogue of power items as it is asked about."""

    def owners(self, item_id: str | None, unit_id: str) -> set[str]:
        return {*self._holders_of(item_id, unit_id)}

    def _holders_of(self, item_id: str | None, unit_id: str) -> dict[str, str]:
        """Who holds the post of a power item, with their names in order."""
        if item_id is None:
            return {}
        query = worded(
            lambda item_id, unit_id: select(people_.c.id, people_.c.name)
            .join(holdings, holdings.c.person_id == people_.c.id)
            .join(items_, items_.c.post_id == holdings.c.post_id)
            .where(items_.c.id == item_id, items_.c.unit_id == unit_id, holdings.c.until.is_(None))
            .order_by(people_.c.name, people_.c.id),
            item_id=item_id, unit_id=unit_id,
        )  # fmt: skip
        return {row.id: row.name for row in self.session.execute(*query)}

    def item_unit(self, item_id: str) -> str | None:
        return self.session.scalar(select(items_.c.unit_id).where(items_.c.id == item_id))

    def item_name(self, item_id: str | None) -> str:
        if item_id is None:
            return ""
        query = worded(lambda one: select(items_.c.name).where(items_.c.id == one), one=item_id)
        return self.session.scalar(*query) or ""

    def item_rows(self, scope: Scope, unit_id: str | None = None) -> list[ItemRow]:
        conditions = [within(items_.c.unit_id, scope)]
        if unit_id:
            conditions.append(items_.c.unit_id == unit_id)
        return self._items(*conditions)

    def item_names(self, scope: Scope, unit_ids: Collection[str]) -> list[str]:
        query = select(items_.c.name).where(
            items_.c.unit_id.in_(unit_ids), within(items_.c.unit_id, scope), items_.c.retired.is_(False)
        )
        return list(self.session.scalars(query.distinct()))

    def unattended_items(self, scope: Scope) -> dict[str, int]:
        held = exists().where(holdings.c.post_id == items_.c.post_id, holdings.c.until.is_(None))
        query = select(items_.c.unit_id, func.count()).where(
            within(items_.c.unit_id, scope), items_.c.retired.is_(False), ~held
        )
        return {unit_id: n for unit_id, n in self.session.execute(query.group_by(items_.c.unit_id))}

    def public_items(self, community_id: str) -> list[ItemRow]:
        return self._items(items_.c.unit_id == community_id, items_.c.retired.is_(False))

    def _items(self, *conditions: ColumnElement[bool]) -> list[ItemRow]:
        query = select(items_, posts_.c.name.label("post")).outerjoin(posts_, posts_.c.id == items_.c.post_id)
        found = self.session.execute(query.where(*conditions).order_by(items_.c.dimension, items_.c.name)).all()
        held = worded(
            lambda posts: select(holdings.c.post_id, people_.c.name)
            .join(people_, people_.c.id == holdings.c.person_id)
            .where(holdings.c.post_id.in_(posts), holdings.c.until.is_(None)),
            posts=sorted({row.post_id for row in found if row.post_id}),
        )
        holders: dict[str, list[str]] = defaultdict(list)
        for post_id, name in self.session.execute(*held):
            holders[post_id].append(name)
        counted = worded(
            lambda items: select(risks_.c.item_id, func.count())
            .where(risks_.c.item_id.in_(items), ~among(risks_.c.status, ENDED)).group_by(risks_.c.item_id),
            items=[row.id for row in found],
        )  # fmt: skip
        entries = {item: n for item, n in self.session.execute(*counted)}
        return [
            ItemRow(
                r.id, r.unit_id, r.name, r.dimension, r.basis, r.body, r.post_id, r.post or "", r.procedure,
                r.time_limit, r.supervision, r.major, r.disclosure_class, r.disclosure_when, r.masked, r.version,
                r.retired, tuple(holders[r.post_id]) if r.post_id else (), entries.get(r.id, 0),
            )
            for r in found
        ]  # fmt: skip

    def inspected_units(self, scope: Scope, person_id: str) -> list[Unit]:
        query = worded(
            lambda person: select(Unit)
            .where(units_.c.id.in_(select(items_.c.unit_id).where(_own(person), within(items_.c.unit_id, scope))))
            .order_by(units_.c.path),
            person=person_id,
        )
        return list(self.session.scalars(*query))

    def inspection(self, round_id: str, item_id: str) -> Inspection | None:
        query = worded(
            lambda item_id, round_id: select(Inspection)
            .where(inspections.c.round_id == round_id, inspections.c.item_id == item_id),
            item_id=item_id, round_id=round_id,
        )  # fmt: skip
        return self.session.scalars(*query).first()

    def said_of(self, scope: Scope, item_id: str) -> list[SaidRow]:
        query = worded(
            lambda item_id: select(inspections, rounds_.c.title, people_.c.name)
            .join(rounds_, rounds_.c.id == inspections.c.round_id)
            .join(people_, people_.c.id == inspections.c.person_id)
            .where(inspections.c.item_id == item_id, within(inspections.c.unit_id, scope))
            .order_by(rounds_.c.starts_on.desc(), inspections.c.id),
            item_id=item_id,
        )  # fmt: skip
        return [SaidRow(r.title, r.answer, r.note, r.name, r.said_on) for r in self.session.execute(*query)]

    def inspections(
        self, scope: Scope, unit_id: str, round_: Round | None, person_id: str, in_words: bool = True
    ) -> list[InspectionRow]:
        has_round = round_ is not None
        query = worded(
            lambda unit, person, key: _inspected(key, person)
            .where(asked(key) if has_round else true(), items_.c.unit_id == unit, within(items_.c.unit_id, scope)),
            unit=unit_id, person=person_id, key=round_.id if round_ else "",
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        found = self._found(scope, [r.id for r in rows], round_) if round_ and in_words else {}
        return [
            InspectionRow(
                r.id, r.name, r.dimension, r.answer, r.note or "", r.said_on, r.said_by or "", r.open_entries,
                tuple(found.get(r.id, ())),
            )
            for r in rows
        ]  # fmt: skip

    def _found(self, scope: Scope, item_ids: Sequence[str], round_: Round) -> dict[str, list[str]]:
        """What cadres raised about power items during a round, by item."""
        query = worded(
            lambda items, first, last: select(flags_.c.item_id, flags_.c.text)
            .where(flags_.c.item_id.in_(items), among(flags_.c.source, [Source.SELF]), heard(scope),
                   flags_.c.raised_on.between(first, last))
            .order_by(flags_.c.raised_on, flags_.c.id),
            items=list(item_ids), first=round_.starts_on, last=round_.ends_on,
        )  # fmt: skip
        found: dict[str, list[str]] = defaultdict(list)
        for item_id, text in self.session.execute(*query):
            found[item_id].append(text)
        return found


def _inspected(round_id: Any, person_id: Any) -> Select[Any]:
    """The power items a person answers for, with what was said of each in a round, and how many open entries it has."""
    said = and_(inspections.c.item_id == items_.c.id, inspections.c.round_id == round_id)
    open_entries = (
        select(func.count())
        .where(risks_.c.item_id == items_.c.id, ~among(risks_.c.status, ENDED))
        .correlate(items_)
        .scalar_subquery()
    )
    return (
        select(items_.c.id, items_.c.name, items_.c.dimension, inspections.c.answer, inspections.c.note,
               inspections.c.said_on, people_.c.name.label("said_by"), open_entries.label("open_entries"))
        .outerjoin(inspections, said)
        .outerjoin(people_, people_.c.id == inspections.c.person_id)
        .join(posts_, posts_.c.id == items_.c.post_id)
        .where(_own(person_id))
        .order_by(items_.c.dimension, items_.c.name)
    )  # fmt: skip


def _own(person_id: Any) -> ColumnElement[bool]:
    """That a row of `items` is in use and hangs on a post the person holds today."""
    mine = select(holdings.c.post_id).where(holdings.c.person_id == person_id, holdings.c.until.is_(None))
    return and_(items_.c.post_id.in_(mine), items_.c.retired.is_(False))
