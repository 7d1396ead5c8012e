"""Where what a register is made of lies: in communities."""

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.sql.elements import ColumnClause

from core.access import Scope
from db.kept import kept
from db.scoping import under
from db.tables import unit_kinds, units_


@kept
def registered(unit_id: ColumnElement[str] | ColumnClause[str], scope: Scope) -> ColumnElement[bool]:
    """That the community of a row lies in a scope, as `within` says of any unit. Told that it is a community,
    PostgreSQL does not reckon with as much in each of its buildings, and nobody looks there."""
    if "/" in scope.paths:
        return true()
    holding = select(unit_kinds.c.code).where(unit_kinds.c.holds_register)
    return unit_id.in_(select(units_.c.id).where(under(scope), units_.c.kind.in_(holding)))
