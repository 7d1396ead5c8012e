"""Questions about power items, rounds and inspections."""

from collections import defaultdict
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select

from core.access import Scope
from core.rounds import Inspection, Round
from core.rows import InspectionRow, ItemRow
from core.units import Unit
from core.words import RiskStatus
from db.scoping import Asking, within
from db.tables import holdings, inspections, items_, people_, posts_, risks_, rounds_

_OVER = (RiskStatus.CLOSED, RiskStatus.ARCHIVED)


class Catalogue(Asking):
    """The catalogue of power items as it is asked about."""

    def owners(self, item_id: str | None, unit_id: str) -> set[str]:
        if item_id is None:
            return set()
        query = (
            select(holdings.c.person_id)
            .join(items_, items_.c.post_id == holdings.c.post_id)
            .where(items_.c.id == item_id, items_.c.unit_id == unit_id, holdings.c.until.is_(None))
        )
        return set(self.session.scalars(query))

    def item_unit(self, item_id: str) -> str | None:
        return self.session.scalar(select(items_.c.unit_id).where(items_.c.id == item_id))

    def item_name(self, item_id: str | None) -> str:
        return self.session.scalar(select(items_.c.name).where(items_.c.id == item_id)) or ""

    def item_rows(self, scope: Scope, unit_id: str | None = None) -> list[ItemRow]:
        conditions = [within(items_.c.unit_id, scope)]
        if unit_id:
            conditions.append(items_.c.unit_id == unit_id)
        return self._items(*conditions)

    def public_items(self, community_id: str) -> list[ItemRow]:
        return self._items(items_.c.unit_id == community_id, items_.c.retired.is_(False))

    def _items(self, *conditions: ColumnElement[bool]) -> list[ItemRow]:
        query = select(items_, posts_.c.name.label("post")).outerjoin(posts_, posts_.c.id == items_.c.post_id)
        found = self.session.execute(query.where(*conditions).order_by(items_.c.dimension, items_.c.name)).all()
        posts = {row.post_id for row in found if row.post_id}
        held = (
            select(holdings.c.post_id, people_.c.name)
            .join(people_, people_.c.id == holdings.c.person_id)
            .where(holdings.c.post_id.in_(posts), holdings.c.until.is_(None))
        )
        holders: dict[str, list[str]] = defaultdict(list)
        for post_id, name in self.session.execute(held):
            holders[post_id].append(name)
        counted = select(risks_.c.item_id, func.count()).where(
            risks_.c.item_id.in_([row.id for row in found]), risks_.c.status.not_in(_OVER)
        )
        entries = {item: n for item, n in self.session.execute(counted.group_by(risks_.c.item_id))}
        return [
            ItemRow(
                r.id, r.unit_id, r.name, r.dimension, r.basis, r.body, r.post_id, r.post or "", r.procedure,
                r.time_limit, r.supervision, r.major, r.disclosure_class, r.disclosure_when, r.masked, r.version,
                r.retired, tuple(holders[r.post_id]) if r.post_id else (), entries.get(r.id, 0),
            )
            for r in found
        ]  # fmt: skip

    def round_at(self, unit: Unit, day: date) -> Round | None:
        ids = unit.path.strip("/").split("/")
        query = select(Round).where(rounds_.c.unit_id.in_(ids), rounds_.c.starts_on <= day, rounds_.c.ends_on >= day)
        return self.session.scalars(query.order_by(rounds_.c.starts_on.desc())).first()

    def inspection(self, round_id: str, item_id: str) -> Inspection | None:
        query = select(Inspection).where(inspections.c.round_id == round_id, inspections.c.item_id == item_id)
        return self.session.scalars(query).first()

    def inspections(self, scope: Scope, round_id: str, person_id: str) -> list[InspectionRow]:
        said = and_(inspections.c.item_id == items_.c.id, inspections.c.round_id == round_id)
        open_entries = (
            select(func.count())
            .where(risks_.c.item_id == items_.c.id, risks_.c.status.not_in(_OVER))
            .correlate(items_)
            .scalar_subquery()
        )
        mine = select(holdings.c.post_id).where(holdings.c.person_id == person_id, holdings.c.until.is_(None))
        query = (
            select(items_, inspections.c.answer, inspections.c.note, inspections.c.said_on,
                   open_entries.label("open_entries"))
            .outerjoin(inspections, said)
            .where(items_.c.post_id.in_(mine), items_.c.retired.is_(False), within(items_.c.unit_id, scope))
            .order_by(items_.c.dimension, items_.c.name)
        )  # fmt: skip
        return [
            InspectionRow(r.id, r.name, r.dimension, r.answer, r.note or "", r.said_on, r.open_entries)
            for r in self.session.execute(query)
        ]
