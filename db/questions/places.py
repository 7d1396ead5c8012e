"""Questions about units."""

from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select, true
from sqlalchemy.orm import aliased

from core.access import Scope
from core.errors import Missing
from core.organisation.calendar import Calendar, SpecialDay
from core.organisation.places import Reach
from core.organisation.units import Unit, UnitKind, line
from core.rows import UnitRow
from core.text import by_name
from db.kept import number, worded
from db.paths import under
from db.scoping import Asking
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
        found = self.session.execute(*worded(_behind, code=code)).first()
        if found is None:
            raise Missing
        unit: Unit = found[0]
        if found[1] is not None:
            self.session.info.setdefault("registers", {})[unit.id] = found[1]
        return unit

    def register_unit(self, unit: Unit) -> Unit:
        """Found together with a unit that was found by its code."""
        if known := self.session.info.get("registers", {}).get(unit.id):
            return cast(Unit, known)
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
        query = worded(
            lambda: select(units_.c.id, units_.c.name)
            .join(unit_kinds, unit_kinds.c.code == units_.c.kind)
            .where(true() if "/" in scope.paths else under(scope), unit_kinds.c.holds_register,
                   units_.c.closed_on.is_(None))
        )[0]  # fmt: skip
        page = worded(lambda: query.order_by(units_.c.name, units_.c.path).offset(skip).limit(most))
        rows = self.session.execute(*page).all()
        total = skip + len(rows)
        if len(rows) == most or (skip and not rows):  # there may be more, or there are less
            total = self.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        return [(row.id, row.name) for row in rows], total

    def places(self, community_id: str) -> list[UnitRow]:
        query = worded(
            lambda of: _WITH_KIND.join(_top, units_.c.path.startswith(_top.c.path))
            .where(_top.c.id == of, units_.c.id != of, units_.c.closed_on.is_(None)),
            of=community_id,
        )  # fmt: skip
        return self._units(*query)

    def offered(self, scope: Scope, reach: Reach, most: int) -> list[UnitRow] | None:
        """The units in sight that lead to what a reach offers, in the order of the tree, or None where there are more.
        The tree is walked level by level and not to its end, so it costs the same however many there are."""
        query = worded(lambda: _WITH_KIND.where(units_.c.id.in_(select(_tree(scope, reach)).limit(most + 1))))
        found = self.session.execute(*query).all()
        return self._in_order(found) if len(found) <= most else None

    def offered_ones(self, scope: Scope, reach: Reach, ids: Collection[str]) -> list[UnitRow]:
        return self._units(*worded(lambda ids: _in_reach(scope, reach).where(units_.c.id.in_(ids)), ids=list(ids)))

    def offered_at(self, scope: Scope, reach: Reach, at: UnitRow | None, words: str, most: int) -> list[UnitRow]:
        if words:
            query = _in_reach(scope, reach).where(func.lower(units_.c.name).contains(words.lower(), autoescape=True))
            if at is not None:
                query = query.where(units_.c.path.startswith(at.path, autoescape=True), units_.c.id != at.id)
            depth = func.length(units_.c.path) - func.length(func.replace(units_.c.path, "/", ""))
            exact = case((func.lower(units_.c.name) == words.lower(), 0), else_=1)
            found = query.order_by(exact, depth, units_.c.name, units_.c.id).limit(most)
            return self._placed(self.session.execute(found).all())[0]
        query = _WITH_KIND.where(_tops(scope)) if at is None else _in_reach(scope, reach)
        query = query.where(units_.c.parent_id == at.id) if at is not None else query.where(*_passed(reach))
        return self._units(query.order_by(units_.c.name, units_.c.id).limit(most))

    def line_to(self, scope: Scope, unit: UnitRow) -> list[UnitRow]:
        query = worded(
            lambda ids: _WITH_KIND.where(units_.c.id.in_(ids), true() if "/" in scope.paths else under(scope)),
            ids=line(unit.path),
        )
        return self._units(*query)

    def communities_in(self, scope: Scope, ids: Collection[str], most: int | None = None) -> list[UnitRow]:
        """Open communities in sight that are among some units or lie below them, in the order of the tree."""
        tops = Scope(tuple(unit.path for unit in self.offered_ones(scope, Reach.REGISTERS, ids)))
        return self._units(_in_reach(tops, Reach.COMMUNITIES).where(unit_kinds.c.holds_register).limit(most))

    def count_communities(self, scope: Scope, ids: Collection[str]) -> int:
        tops = Scope(tuple(unit.path for unit in self.offered_ones(scope, Reach.REGISTERS, ids)))
        here = _in_reach(tops, Reach.COMMUNITIES).where(unit_kinds.c.holds_register)
        return self.session.scalar(here.with_only_columns(func.count(), maintain_column_froms=True)) or 0

    def _units(self, query: Select[Any], given: dict[str, Any] | None = None) -> list[UnitRow]:
        """The units a question gives, in the order of the tree."""
        return self._in_order(self.session.execute(query, given).all())

    def _in_order(self, found: Sequence[Row[Any]]) -> list[UnitRow]:
        rows, names = self._placed(found)
        places = {part: by_name(name) for part, name in names.items()}
        return sorted(rows, key=lambda row: [(places[part], part) for part in line(row.path)])

    def _placed(self, found: Sequence[Row[Any]]) -> tuple[list[UnitRow], dict[str, str]]:
        """Units with their places in the tree, in the order given; and the names of all they lie in, by id."""
        names = {row.id: row.name for row in found}
        missing = {part for row in found for part in line(row.path)} - names.keys()
        if missing:
            query, given = worded(
                lambda ids: select(units_.c.id, units_.c.name).where(units_.c.id.in_(ids)), ids=sorted(missing)
            )
            names.update((row.id, row.name) for row in self.session.execute(query, given))
        return [
            UnitRow(
                r.id, r.parent_id, r.kind, r.name, r.path, r.code, r.closed_on, r.holds_register,
                " · ".join(names[part] for part in line(r.path)),
            )
            for r in found
        ], names  # fmt: skip


def _behind(code: Any) -> Select[Unit, Unit]:
    """The open unit behind a public code, and the unit itself or the one above that holds the register."""
    here, register = and_(units_.c.code == code, units_.c.closed_on.is_(None)), aliased(Unit)
    up = select(units_.c.id, units_.c.parent_id, units_.c.kind).where(here).cte("up", recursive=True)
    above = select(units_.c.id, units_.c.parent_id, units_.c.kind).join(up, units_.c.id == up.c.parent_id)
    line_ = up.union_all(above)
    holds = select(line_.c.id).join(unit_kinds, unit_kinds.c.code == line_.c.kind).where(unit_kinds.c.holds_register)
    known: Any = register
    return select(Unit, register).outerjoin(register, known.id == holds.limit(number(1)).scalar_subquery()).where(here)


def _passed(reach: Reach) -> list[ColumnElement[bool]]:
    """That what a reach offers is a unit, or may lie below it: kinds are ranked from the city down."""
    found: list[ColumnElement[bool]] = [] if reach in (Reach.ALL, Reach.KEPT) else [units_.c.closed_on.is_(None)]
    if reach not in (Reach.ALL, Reach.OPEN):
        lowest = select(func.max(unit_kinds.c.rank)).where(unit_kinds.c.holds_register).scalar_subquery()
        kinds = select(unit_kinds.c.code).where(unit_kinds.c.rank <= lowest)
        found.append(units_.c.kind.in_(kinds.where(~unit_kinds.c.holds_register) if reach is Reach.ABOVE else kinds))
    return found


def _in_reach(scope: Scope, reach: Reach) -> Select[Any]:
    return _WITH_KIND.where(true() if "/" in scope.paths else under(scope), *_passed(reach))


def _tops(scope: Scope) -> ColumnElement[bool]:
    """That nothing in sight lies above a unit."""
    if "/" in scope.paths:
        return units_.c.parent_id.is_(None)
    own = [path for path in scope.paths if not any(path != other and path.startswith(other) for other in scope.paths)]
    return units_.c.path.in_(own)


def _tree(scope: Scope, reach: Reach) -> ColumnElement[str]:
    """The ids of all that a reach leads through, level by level."""
    tree = select(units_.c.id).where(_tops(scope), *_passed(reach)).cte("tree", recursive=True)
    tree = tree.union_all(select(units_.c.id).where(units_.c.parent_id == tree.c.id, *_passed(reach)))
    return tree.c.id
