"""Counts for the charts of measures, disclosures, second looks and residents' marks, and of what was done by day."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, select

from core import dates
from core.access import Scope
from core.board import Rated
from core.figures import Punctuality
from core.timely import ClassCount, PostCount
from core.trends import Deed
from core.words import MeasureStatus, ReviewResult, RiskStatus, Source
from db.entries import last_look, standing
from db.openly import dues_, subjects_
from db.scoping import Asking, heard, within
from db.spoken import at
from db.tables import assessments, flags_, items_, measures_, posts_, progress, risks_
from db.tallies import timely
from db.vouching import second_looks


class Charted(Asking):
    """Figures of the charts as they are asked for."""

    def post_counts(self, scope: Scope, unit_id: str | None, today: date) -> list[PostCount]:
        post = func.coalesce(posts_.c.name, "")
        query = (
            select(post, *timely(measures_.c.done_on, measures_.c.due_on, today))
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .outerjoin(posts_, posts_.c.id == items_.c.post_id)
            .where(within(measures_.c.unit_id, scope), at(measures_.c.unit_id, unit_id), standing())
            .group_by(posts_.c.name)
        )
        return [PostCount(name, Punctuality(*counts)) for name, *counts in self.session.execute(query)]

    def open_measures(self, scope: Scope, unit_id: str | None) -> list[tuple[date, int]]:
        query = (
            select(measures_.c.due_on, func.count())
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .where(
                within(measures_.c.unit_id, scope), at(measures_.c.unit_id, unit_id), standing(),
                measures_.c.done_on.is_(None), measures_.c.status != MeasureStatus.VERIFIED,
            )
            .group_by(measures_.c.due_on)
        )  # fmt: skip
        return [(day, n) for day, n in self.session.execute(query)]

    def disclosure_counts(
        self, scope: Scope, unit_id: str | None, since: date, today: date
    ) -> list[ClassCount]:
        query = (
            select(subjects_.c.disclosure_class, *timely(dues_.c.published_on, dues_.c.due_on, today))
            .join(subjects_, subjects_.c.id == dues_.c.subject_id)
            .where(
                within(dues_.c.unit_id, scope), at(dues_.c.unit_id, unit_id), dues_.c.due_on >= since,
                dues_.c.due_on <= today,
            )
            .group_by(subjects_.c.disclosure_class)
        )  # fmt: skip
        return [ClassCount(kind, Punctuality(*counts)) for kind, *counts in self.session.execute(query)]

    def look_results(self, scope: Scope, unit_id: str | None) -> dict[ReviewResult, int]:
        query = (
            select(second_looks.c.result, func.count())
            .join(risks_, risks_.c.id == second_looks.c.risk_id)
            .where(
                within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, unit_id), standing(),
                last_look(),
            )
            .group_by(second_looks.c.result)
        )  # fmt: skip
        return {result: n for result, n in self.session.execute(query)}

    def late_looks(self, scope: Scope, unit_id: str | None, today: date) -> int:
        query = (
            select(func.count())
            .select_from(second_looks.join(risks_, risks_.c.id == second_looks.c.risk_id))
            .where(
                within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, unit_id),
                second_looks.c.result.is_(None), second_looks.c.due_on < today, risks_.c.status == RiskStatus.CLOSED,
            )
        )  # fmt: skip
        return self.session.scalar(query) or 0

    def marks_given(self, scope: Scope, unit_id: str | None) -> list[dict[Rated, tuple[int, int]]]:
        marks = [column for kind in Rated for column in (func.count(flags_.c[kind]), func.sum(flags_.c[kind]))]
        rows = self.session.execute(
            select(*marks)
            .where(within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id), heard(scope))
            .group_by(flags_.c.unit_id)
        )
        return [
            {kind: (int(row[2 * n]), int(row[2 * n + 1] or 0)) for n, kind in enumerate(Rated)}
            for row in rows if any(row)
        ]  # fmt: skip

    def deeds_on(self, scope: Scope, unit_id: str | None, since: date) -> list[tuple[Deed, date, int]]:
        raised = and_(flags_.c.source != Source.RESIDENT, heard(scope))
        kept = {
            Deed.FOUND: (flags_.c.raised_on, flags_.c.unit_id, raised),
            Deed.OPENED: (risks_.c.opened_on, risks_.c.unit_id, standing()),
            Deed.RATED: (self._day(assessments.c.rated_at), assessments.c.unit_id, None),
            Deed.REPORTED: (self._day(progress.c.said_at), progress.c.unit_id, None),
            Deed.CLOSED: (risks_.c.closed_on, risks_.c.unit_id, standing()),
            Deed.LOOKED: (second_looks.c.looked_on, second_looks.c.unit_id, None),
            Deed.DISCLOSED: (dues_.c.published_on, dues_.c.unit_id, None),
        }  # fmt: skip
        found = []
        for deed, (day, of, condition) in kept.items():
            query = _by_day(day, of, scope, unit_id, since)
            rows = self.session.execute(query if condition is None else query.where(condition))
            found += [(deed, on, n) for on, n in rows]
        return found

    def _day(self, instant: ColumnElement[Any]) -> ColumnElement[date]:
        """The local date of an instant."""
        if self._is_sqlite:
            return func.date(instant, "+8 hours", type_=Date)
        return func.date(func.timezone(dates.HERE.key, instant), type_=Date)


def _by_day(
    day: ColumnElement[Any], of: ColumnElement[str], scope: Scope, unit_id: str | None, since: date
) -> Select[Any]:
    return select(day, func.count()).where(within(of, scope), at(of, unit_id), day >= since).group_by(day)
