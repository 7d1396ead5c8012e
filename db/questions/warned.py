"""The warnings that run about a row of the register."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, select

from core.words import WarningLevel
from db.tables import risks_
from db.tables.holder_tables import early_warnings


def warned() -> ColumnElement[bool]:
    """That a warning is about a row of `risks` and runs."""
    return and_(early_warnings.c.risk_id == risks_.c.id, early_warnings.c.ended_on.is_(None))


def gravest() -> ScalarSelect[Any]:
    """The place in WarningLevel of the gravest warning about a row of `risks`; None where there is none."""
    places = case(*((early_warnings.c.colour == colour, place) for place, colour in enumerate(WarningLevel)))
    return select(func.max(places)).where(warned()).correlate(risks_).scalar_subquery()
