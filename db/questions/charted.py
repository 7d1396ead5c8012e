"""Counts for the charts of measures, disclosures, second looks and residents' marks, and of what was done by day."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, select, true, union_all

from core import dates
from core.access import Scope
from core.insight.figures import Punctuality
from core.insight.timely import ClassCount, PostCount
from core.insight.trends import Deed
from core.openness.board import Rated
from core.words import MeasureStatus, ReviewResult, RiskStatus, Source
from db.kept import kept
from db.questions.entries import last_look, standing
from db.questions.spoken import at
from db.questions.tallies import timely
from db.scoping import Asking, heard, within
from db.tables import assessments, flags_, items_, measures_, posts_, progress, risks_
from db.tables.openly import dues_, subjects_
from db.tables.vouching import second_looks


class Charted(Asking):
    """Figures of the charts as they are asked for."""

    def post_counts(self, scope: Scope, unit_id: str | None, today: date) -> list[PostCount]:
        rows = self.session.execute(_posts(scope, unit_id, today))
        return [PostCount(name, Punctuality(*counts)) for name, *counts in rows]

    def open_measures(self, scope: Scope, unit_id: str | None) -> list[tuple[date, int]]:
        return [(day, n) for day, n in self.session.execute(_open_measures(scope, unit_id))]

    def disclosure_counts(
        self, scope: Scope, unit_id: str | None, since: date, today: date
    ) -> list[ClassCount]:
        rows = self.session.execute(_disclosures(scope, unit_id, since, today))
        return [ClassCount(kind, Punctuality(*counts)) for kind, *counts in rows]

    def look_results(self, scope: Scope, unit_id: str | None) -> dict[ReviewResult, int]:
        return {result: n for result, n in self.session.execute(_looks(scope, unit_id))}

    def late_looks(self, scope: Scope, unit_id: str | None, today: date) -> int:
        return self.session.scalar(_late_looks(scope, unit_id, today)) or 0

    def marks_given(self, scope: Scope, unit_id: str | None) -> list[dict[Rated, tuple[int, int]]]:
        return [
            {kind: (int(row[2 * n]), int(row[2 * n + 1] or 0)) for n, kind in enumerate(Rated)}
            for row in self.session.execute(_marks(scope, unit_id))
        ]

    def deeds_on(self, scope: Scope, unit_id: str | None, since: date) -> list[tuple[Deed, date, int]]:
        day = _day_of_sqlite if self._is_sqlite else _day
        return [(Deed(deed), on, n) for deed, on, n in self.session.execute(_deeds(scope, unit_id, since, day))]


def _day(instant: ColumnElement[Any]) -> ColumnElement[date]:
    """The local date of an instant."""
    return func.date(func.timezone(dates.HERE.key, instant), type_=Date)


def _day_of_sqlite(instant: ColumnElement[Any]) -> ColumnElement[date]:
    return func.date(instant, "+8 hours", type_=Date)


@kept
def _posts(scope: Scope, unit_id: str | None, today: date) -> Select[Any]:
    post = func.coalesce(posts_.c.name, "")
    return (
        select(post, *timely(measures_.c.done_on, measures_.c.due_on, today))
        .join(risks_, risks_.c.id == measures_.c.risk_id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(posts_, posts_.c.id == items_.c.post_id)
        .where(within(measures_.c.unit_id, scope), at(measures_.c.unit_id, unit_id), standing())
        .group_by(posts_.c.name)
    )


@kept
def _open_measures(scope: Scope, unit_id: str | None) -> Select[Any]:
    return (
        select(measures_.c.due_on, func.count())
        .join(risks_, risks_.c.id == measures_.c.risk_id)
        .where(
            within(measures_.c.unit_id, scope), at(measures_.c.unit_id, unit_id), standing(),
            measures_.c.done_on.is_(None), measures_.c.status != MeasureStatus.VERIFIED,
        )
        .group_by(measures_.c.due_on)
    )  # fmt: skip


@kept
def _disclosures(scope: Scope, unit_id: str | None, since: date, today: date) -> Select[Any]:
    return (
        select(subjects_.c.disclosure_class, *timely(dues_.c.published_on, dues_.c.due_on, today))
        .join(subjects_, subjects_.c.id == dues_.c.subject_id)
        .where(
            within(dues_.c.unit_id, scope), at(dues_.c.unit_id, unit_id), dues_.c.due_on >= since,
            dues_.c.due_on <= today,
        )
        .group_by(subjects_.c.disclosure_class)
    )  # fmt: skip


@kept
def _looks(scope: Scope, unit_id: str | None) -> Select[Any]:
    return (
        select(second_looks.c.result, func.count())
        .join(risks_, risks_.c.id == second_looks.c.risk_id)
        .where(
            within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, unit_id), standing(),
            last_look(),
        )
        .group_by(second_looks.c.result)
    )  # fmt: skip


@kept
def _late_looks(scope: Scope, unit_id: str | None, today: date) -> Select[Any]:
    return (
        select(func.count())
        .select_from(second_looks.join(risks_, risks_.c.id == second_looks.c.risk_id))
        .where(
            within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, unit_id),
            second_looks.c.result.is_(None), second_looks.c.due_on < today, risks_.c.status == RiskStatus.CLOSED,
        )
    )  # fmt: skip


@kept
def _marks(scope: Scope, unit_id: str | None) -> Select[Any]:
    """Of each community in which a mark was given, how many of each kind and their sum."""
    marks = [column for kind in Rated for column in (func.count(flags_.c[kind]), func.sum(flags_.c[kind]))]
    given = func.coalesce(*(flags_.c[kind] for kind in Rated)).is_not(None)
    here = within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id)
    return select(*marks).where(*here, given, heard(scope)).group_by(flags_.c.unit_id)


@kept
def _deeds(
    scope: Scope, unit_id: str | None, since: date, day_of: Callable[[ColumnElement[Any]], ColumnElement[date]]
) -> Select[Any]:
    raised = and_(flags_.c.source != Source.RESIDENT, heard(scope))
    kept_ = {
        Deed.FOUND: (flags_.c.raised_on, flags_.c.unit_id, raised),
        Deed.OPENED: (risks_.c.opened_on, risks_.c.unit_id, standing()),
        Deed.RATED: (day_of(assessments.c.rated_at), assessments.c.unit_id, true()),
        Deed.REPORTED: (day_of(progress.c.said_at), progress.c.unit_id, true()),
        Deed.CLOSED: (risks_.c.closed_on, risks_.c.unit_id, standing()),
        Deed.LOOKED: (second_looks.c.looked_on, second_looks.c.unit_id, true()),
        Deed.DISCLOSED: (dues_.c.published_on, dues_.c.unit_id, true()),
    }  # fmt: skip
    found = union_all(*(
        select(literal(deed.value).label("deed"), day.label("day"), func.count().label("n"))
        .where(within(of, scope), at(of, unit_id), day >= since, condition)
        .group_by(day)
        for deed, (day, of, condition) in kept_.items()
    )).subquery()  # fmt: skip
    return select(*found.c)
