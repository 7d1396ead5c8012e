"""Questions about units."""

from typing import Any

from sqlalchemy import Select, func, select, true

from core.access import Scope
from core.errors import Missing
from core.organisation.calendar import Calendar, SpecialDay
from core.organisation.units import Unit, UnitKind, line
from core.rows import UnitRow
from core.text import by_name
from db.kept import worded
from db.scoping import Asking, under
from db.tables import unit_kinds, units_
from db.tables.holder_tables import special_days

_top = units_.alias("top")
_WITH_KIND = select(units_, unit_kinds.c.holds_register).join(unit_kinds, unit_kinds.c.code == units_.c.kind)


class Places(Asking):
    """The unit tree and the calendar as they are asked about."""

    def calendar(self) -> Calendar:
        if "calendar" not in self.session.info:
            days = self.session.execute(*worded(lambda: select(special_days.c.day, special_days.c.works)))
            self.session.info["calendar"] = Calendar({day: works for day, works in days})
        found: Calendar = self.session.info["calendar"]
        return found

    def special_days(self) -> list[SpecialDay]:
        return list(self.session.scalars(select(SpecialDay).order_by(special_days.c.day)))

    def kinds(self) -> list[UnitKind]:
        if not self.session.info.get("reading"):  # of two who put a kind in, the second sees the first one's
            self.session.execute(select(unit_kinds.c.code).with_for_update()).all()
        return list(self.session.scalars(select(UnitKind).order_by(unit_kinds.c.rank)))

    def kind(self, code: str) -> UnitKind:
        return self.session.get_one(UnitKind, code)

    def unit_by_code(self, code: str) -> Unit:
        query = worded(
            lambda code: select(Unit).where(units_.c.code == code, units_.c.closed_on.is_(None)), code=code
        )
        unit: Unit | None = self.session.scalars(*query).first()
        if unit is None:
            raise Missing
        return unit

    def register_unit(self, unit: Unit) -> Unit:
        query = worded(
            lambda ids: select(Unit)
            .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .where(units_.c.id.in_(ids), unit_kinds.c.holds_register),
            ids=line(unit.path),
        )
        found: Unit | None = self.session.scalars(*query).first()
        if found is None:
            raise Missing
        return found

    def register_of(self, unit_id: str) -> Unit:
        return self.session.get_one(Unit, unit_id)

    def unit_rows(self, scope: Scope) -> list[UnitRow]:
        return self._units(*worded(lambda: _WITH_KIND.where(true() if "/" in scope.paths else under(scope))))

    def registers(self, scope: Scope) -> list[UnitRow]:
        """Open units in sight that hold a register or have one below them, in the order of the tree."""
        rows = [row for row in self.unit_rows(scope) if row.closed_on is None]
        holding = [row.path for row in rows if row.holds_register]
        return [row for row in rows if any(path.startswith(row.path) for path in holding)]

    def communities(self, *, closed: bool = False) -> list[UnitRow]:
        open_ = true() if closed else units_.c.closed_on.is_(None)
        return self._units(_WITH_KIND.where(unit_kinds.c.holds_register, open_))

    def communities_at(self, scope: Scope, skip: int, most: int) -> tuple[list[tuple[str, str]], int]:
        here = units_.join(unit_kinds, unit_kinds.c.code == units_.c.kind)
        query = worded(
            lambda: select(units_.c.id, units_.c.name).select_from(here)
            .where(true() if "/" in scope.paths else under(scope), unit_kinds.c.holds_register,
                   units_.c.closed_on.is_(None))
        )[0]  # fmt: skip
        rows = self.session.execute(query.order_by(units_.c.name, units_.c.path).offset(skip).limit(most))
        total = self.session.scalar(select(func.count()).select_from(query.subquery()))
        return [(row.id, row.name) for row in rows], total or 0

    def places(self, community_id: str) -> list[UnitRow]:
        query = worded(
            lambda of: _WITH_KIND.join(_top, units_.c.path.startswith(_top.c.path))
            .where(_top.c.id == of, units_.c.id != of, units_.c.closed_on.is_(None)),
            of=community_id,
        )  # fmt: skip
        return self._units(*query)

    def _units(self, query: Select[Any], given: dict[str, Any] | None = None) -> list[UnitRow]:
        found = self.session.execute(query, given).all()
        names = {row.id: row.name for row in found}
        missing = {part for row in found for part in line(row.path)} - names.keys()
        if missing:
            query, given = worded(
                lambda ids: select(units_.c.id, units_.c.name).where(units_.c.id.in_(ids)), ids=sorted(missing)
            )
            names.update((row.id, row.name) for row in self.session.execute(query, given))
        rows = [
            UnitRow(
                r.id, r.parent_id, r.kind, r.name, r.path, r.code, r.closed_on, r.holds_register,
                " · ".join(names[part] for part in line(r.path)),
            )
            for r in found
        ]  # fmt: skip
        places = {part: by_name(name) for part, name in names.items()}
        return sorted(rows, key=lambda row: [(places[part], part) for part in line(row.path)])
