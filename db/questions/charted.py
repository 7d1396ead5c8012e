"""Counts for the charts of measures, disclosures, second looks and residents' marks, and of what was done by day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, func, literal, select, true, union_all

from core import dates
from core.access import Scope
from core.insight.figures import Punctuality
from core.insight.outcomes import Marks, marks
from core.insight.timely import SPAN, ClassCount, PostCount
from core.insight.trends import WEEKS, Deed, monday
from core.openness.board import Rated
from core.words import DisclosureClass, MeasureStatus, ReviewResult, RiskStatus, Source
from db.kept import kept
from db.questions.entries import last_look, standing
from db.questions.summing import Asks, Sum, Summing, Where, at, by_day, given, plainly
from db.questions.tallies import timely
from db.scoping import heard, within
from db.tables import assessments, flags_, items_, measures_, posts_, progress, risks_
from db.tables.openly import dues_, subjects_
from db.tables.vouching import second_looks


class Charted(Summing):
    """Figures of the charts as they are asked for."""

    def post_counts(self, scope: Scope, unit_id: str | None, today: date) -> list[PostCount]:
        found = self._summed(POSTS, scope, unit_id, today)
        return [PostCount(name, Punctuality(*counts)) for (name,), counts in found.items()]

    def open_measures(self, scope: Scope, unit_id: str | None) -> list[tuple[date, int]]:
        found = self._summed(OPEN, scope, unit_id)
        return [(date.fromisoformat(day), n) for (day,), (n,) in found.items()]

    def disclosure_counts(
        self, scope: Scope, unit_id: str | None, today: date
    ) -> list[ClassCount]:
        found = self._summed(DISCLOSED, scope, unit_id, today)
        return [ClassCount(DisclosureClass(kind), Punctuality(*counts)) for (kind,), (*counts, _all) in found.items()]

    def look_results(self, scope: Scope, unit_id: str | None) -> dict[ReviewResult, int]:
        return {ReviewResult(result): n for (result,), (n,) in self._summed(LOOKS, scope, unit_id).items() if result}

    def late_looks(self, scope: Scope, unit_id: str | None, today: date) -> int:
        return self._summed(LATE, scope, unit_id, today).get((), (0,))[0]

    def marks_given(self, scope: Scope, unit_id: str | None) -> dict[Rated, Marks]:
        return {Rated(kind): Marks(*marks) for (kind,), marks in self._summed(MARKS, scope, unit_id).items()}

    def _count_marks(self, scope: Scope, where: Where, _today: date) -> Iterator[Sequence[Any]]:
        """Rows of each kind of mark and what may be told of a community."""
        for row in self.session.execute(_marks(scope, where), given(where)):
            for n, kind in enumerate(Rated):
                yield kind, *astuple(marks(row[2 * n], int(row[2 * n + 1] or 0)))

    def deeds_on(self, scope: Scope, unit_id: str | None, since: date, today: date) -> list[tuple[Deed, date, int]]:
        found = self._summed(replace(DEEDS, ask=_since(lambda _today: since)), scope, unit_id, today)
        return [(Deed(deed), date.fromisoformat(on), n) for (deed, on), (n,) in found.items()]

    @property
    def day_of(self) -> Callable[[ColumnElement[Any]], ColumnElement[date]]:
        """The local date of an instant."""
        return _day_of_sqlite if self._is_sqlite else _day


def _day(instant: ColumnElement[Any]) -> ColumnElement[date]:
    return func.date(func.timezone(dates.HERE.key, instant), type_=Date)


def _day_of_sqlite(instant: ColumnElement[Any]) -> ColumnElement[date]:
    return func.date(instant, "+8 hours", type_=Date)


@kept
def _posts(scope: Scope, where: Where, today: date) -> Select[Any]:
    post = func.coalesce(posts_.c.name, "")
    return (
        select(post, *timely(measures_.c.done_on, measures_.c.due_on, today))
        .join(risks_, risks_.c.id == measures_.c.risk_id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(posts_, posts_.c.id == items_.c.post_id)
        .where(within(measures_.c.unit_id, scope), at(measures_.c.unit_id, where), standing())
        .group_by(posts_.c.name)
    )


@kept
def _open_measures(scope: Scope, where: Where) -> Select[Any]:
    return (
        select(measures_.c.due_on, func.count())
        .join(risks_, risks_.c.id == measures_.c.risk_id)
        .where(
            within(measures_.c.unit_id, scope), at(measures_.c.unit_id, where), standing(),
            measures_.c.done_on.is_(None), measures_.c.status != MeasureStatus.VERIFIED,
        )
        .group_by(measures_.c.due_on)
    )  # fmt: skip


@kept
def _disclosures(scope: Scope, where: Where, today: date) -> Select[Any]:
    return (
        select(subjects_.c.disclosure_class, *timely(dues_.c.published_on, dues_.c.due_on, today), func.count())
        .join(subjects_, subjects_.c.id == dues_.c.subject_id)
        .where(
            within(dues_.c.unit_id, scope), at(dues_.c.unit_id, where),
            dues_.c.due_on.between(today - SPAN, today),
        )
        .group_by(subjects_.c.disclosure_class)
    )  # fmt: skip


@kept
def _looks(scope: Scope, where: Where) -> Select[Any]:
    return (
        select(second_looks.c.result, func.count())
        .join(risks_, risks_.c.id == second_looks.c.risk_id)
        .where(
            within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, where), standing(),
            last_look(),
        )
        .group_by(second_looks.c.result)
    )  # fmt: skip


@kept
def _late_looks(scope: Scope, where: Where, today: date) -> Select[Any]:
    return (
        select(func.count())
        .select_from(second_looks.join(risks_, risks_.c.id == second_looks.c.risk_id))
        .where(
            within(second_looks.c.unit_id, scope), at(second_looks.c.unit_id, where),
            second_looks.c.result.is_(None), second_looks.c.due_on < today, risks_.c.status == RiskStatus.CLOSED,
        )
    )  # fmt: skip


@kept
def _marks(scope: Scope, where: Where) -> Select[Any]:
    """Of each community in which a mark was given, how many of each kind and their sum."""
    columns = [column for kind in Rated for column in (func.count(flags_.c[kind]), func.sum(flags_.c[kind]))]
    rated = func.coalesce(*(flags_.c[kind] for kind in Rated)).is_not(None)
    here = within(flags_.c.unit_id, scope), at(flags_.c.unit_id, where)
    return select(*columns).where(*here, rated, heard(scope)).group_by(flags_.c.unit_id)


@kept
def _deeds(
    scope: Scope, where: Where, since: date, day_of: Callable[[ColumnElement[Any]], ColumnElement[date]]
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
        .where(within(of, scope), at(of, where), day >= since, condition)
        .group_by(day)
        for deed, (day, of, condition) in kept_.items()
    )).subquery()  # fmt: skip
    return select(*found.c)


def _since(first: Callable[[date], date]) -> Asks:
    """Deeds are asked for from a day on that depends on the day."""
    return lambda store, scope, where, today: store.session.execute(
        _deeds(scope, where, first(today), store.day_of), given(where)
    )


POSTS = Sum("posts", 1, by_day(_posts), daily=True)
OPEN = Sum("open", 1, plainly(_open_measures))
DISCLOSED = Sum("disclosed", 1, by_day(_disclosures), daily=True)
LOOKS = Sum("looks", 1, plainly(_looks))
LATE = Sum("late", 0, by_day(_late_looks), daily=True)
MARKS = Sum("marks", 1, Charted._count_marks)
DEEDS = Sum("deeds", 2, _since(lambda today: monday(today, max(WEEKS)).replace(day=1)), daily=True)
