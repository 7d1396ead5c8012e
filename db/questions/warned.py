"""The warnings that run: about a row of the register, and as they are asked about."""

from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, String, and_, case, cast, exists, func, or_, select

from core.access import Scope
from core.alerts.warnings import EarlyWarning, WarningRow
from core.text import _
from core.turning import ROWS, Listed, Turn
from core.words import WarningLevel
from db.kept import kept, worded
from db.keyset import Order, by, some, turned
from db.scoping import Asking, heard, not_owned, within
from db.tables import flags_, measures_, people_, posts_, risks_, units_
from db.tables.holder_tables import early_warnings
from db.tables.ledger_tables import mentorships
from db.tables.openly import dues_, requests_, subjects_

_GRAVE = case(*((early_warnings.c.colour == colour, place) for place, colour in enumerate(WarningLevel)))


def warned() -> ColumnElement[bool]:
    """That a warning is about a row of `risks` and runs."""
    return and_(early_warnings.c.risk_id == risks_.c.id, early_warnings.c.ended_on.is_(None))


def gravest() -> ScalarSelect[Any]:
    """The place in WarningLevel of the gravest warning about a row of `risks`; None where there is none."""
    return select(func.max(_GRAVE)).where(warned()).correlate(risks_).scalar_subquery()


class Warned(Asking):
    """Warnings as they are asked about."""

    def running_warnings(self, unit_id: str) -> list[EarlyWarning]:
        query = worded(
            lambda unit_id: select(EarlyWarning)
            .where(early_warnings.c.unit_id == unit_id, early_warnings.c.ended_on.is_(None)),
            unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def warning_rows(self, scope: Scope, viewer: str, colour: WarningLevel) -> list[WarningRow]:
        query = _warnings(scope, viewer).where(early_warnings.c.colour == colour).order_by(*by(_ORDER))
        return [_row(row) for row in self.session.execute(query)]

    def warning_page(
        self, scope: Scope, viewer: str, mine: bool, colour: WarningLevel | None, turn: Turn
    ) -> Listed[WarningRow]:
        found = worded(lambda: _running(scope, viewer, mine, colour))[0]
        few, ways = turned(self.session, found, early_warnings.c.id, _ORDER, turn, ROWS)
        query = worded(
            lambda ids: _warnings(scope, viewer).where(early_warnings.c.id.in_(ids)).order_by(*by(_ORDER)),
            ids=[r.id for r in few],
        )
        rows = [_row(row) for row in self.session.execute(*query)] if few else []
        return Listed(rows, len(rows), ways)

    def warning_counts(self, scope: Scope, viewer: str, mine: bool) -> dict[WarningLevel, int]:
        query = worded(lambda: _counts(scope, viewer, mine))
        counts = self.session.execute(*query).one()._mapping
        return {colour: counts[colour] for colour in WarningLevel if counts[colour]}

    def runs_warning(self, scope: Scope, viewer: str, warning_id: str) -> bool:
        query = select(early_warnings.c.id).where(*_seen(scope, viewer), early_warnings.c.id == warning_id)
        return self.session.scalar(query) is not None


def warnings_waiting(scope: Scope, viewer: str) -> Select[int]:
    """Those addressed to the viewer about which nothing has been said yet."""
    unsaid = early_warnings.c.noted_on.is_(None)
    return some(select(early_warnings.c.id).where(*_seen(scope, viewer), _mine(scope, viewer), unsaid))


def _running(scope: Scope, viewer: str, mine: bool, colour: WarningLevel | None) -> Select[Any]:
    conditions = *_seen(scope, viewer), *([_mine(scope, viewer)] if mine else [])
    of = [] if colour is None else [early_warnings.c.colour == colour]
    return select(early_warnings.c.id).where(*conditions, *of)


def _counts(scope: Scope, viewer: str, mine: bool) -> Select[Any]:
    """Warnings by colour, each counted as far as anybody is told."""
    seen = *_seen(scope, viewer), *([_mine(scope, viewer)] if mine else [])
    counts = {
        colour: some(select(early_warnings.c.id).where(early_warnings.c.colour == colour, *seen))
        for colour in WarningLevel
    }
    return select(*(count.scalar_subquery().label(colour) for colour, count in counts.items()))


_noter = people_.alias("noter")


def _mine(scope: Scope, viewer: str) -> ColumnElement[bool]:
    """That a warning is addressed to the viewer, or to a unit at which they hold a role."""
    own = [select(units_.c.id).where(units_.c.path == path).scalar_subquery() for path in scope.paths]
    return or_(early_warnings.c.person_id == viewer, *[early_warnings.c.to_unit_id == unit_id for unit_id in own])


@kept
def _warnings(scope: Scope, viewer: str) -> Select[Any]:
    """Warnings that run, with what they are about and whom they are addressed to."""
    to, risk, person = units_.alias(), risks_, people_
    return (
        select(early_warnings, units_.c.name.label("unit"), risk.c.number, risk.c.title, measures_.c.text,
               posts_.c.name.label("post"), mentorships.c.id.label("site"), subjects_.c.name.label("disclosure"),
               to.c.name.label("desk"), person.c.name.label("person"),
               _mine(scope, viewer).label("mine"), _noter.c.name.label("noter"))
        .join(units_, units_.c.id == early_warnings.c.unit_id)
        .outerjoin(risk, risk.c.id == early_warnings.c.risk_id)
        .outerjoin(measures_, measures_.c.id == early_warnings.c.subject)
        .outerjoin(posts_, posts_.c.id == early_warnings.c.subject)
        .outerjoin(mentorships, mentorships.c.id == early_warnings.c.subject)
        .outerjoin(dues_, dues_.c.id == early_warnings.c.subject)
        .outerjoin(subjects_, subjects_.c.id == dues_.c.subject_id)
        .outerjoin(requests_, requests_.c.id == early_warnings.c.subject)
        .outerjoin(to, to.c.id == early_warnings.c.to_unit_id)
        .outerjoin(person, person.c.id == early_warnings.c.person_id)
        .outerjoin(_noter, _noter.c.id == early_warnings.c.noted_by)
        .where(*_seen(scope, viewer))
    )  # fmt: skip


def _seen(scope: Scope, viewer: str) -> tuple[ColumnElement[bool], ...]:
    """Warnings that run in an area; one about a flag only for who may know of the flag."""
    flag = exists().where(flags_.c.id == early_warnings.c.flag_id, heard(scope), not_owned(viewer))
    return (
        early_warnings.c.ended_on.is_(None), within(early_warnings.c.unit_id, scope),
        or_(early_warnings.c.flag_id.is_(None), flag), not_kept_from(viewer),
    )  # fmt: skip


_ORDER: Order = ((_GRAVE, True), (early_warnings.c.raised_on, False), (early_warnings.c.id, False))
"""The gravest first, then the oldest."""


@kept
def not_kept_from(viewer: str) -> ColumnElement[bool]:
    """That a warning is about no request for disclosure that may be about the viewer."""
    asked = requests_.alias()
    kept = cast(asked.c.kept_from, String).contains(viewer, autoescape=True)
    return ~exists().where(asked.c.id == early_warnings.c.subject, kept)


def _row(row: Row[Any]) -> WarningRow:
    site = _("Demo site") if row.site else ""
    title = " · ".join(filter(None, (row.title, row.text, row.post, row.disclosure, site)))
    return WarningRow(
        row.id, row.rule, row.colour, row.unit_id, row.unit, row.risk_id, row.number, title, row.flag_id,
        row.person or row.desk or "", bool(row.mine), row.raised_on, row.note, row.noter or "", row.noted_on,
    )  # fmt: skip
