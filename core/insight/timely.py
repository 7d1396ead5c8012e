"""What is done in time (按时): measures by post and by age, disclosures by class; nobody is counted by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.access import Permission
from core.insight.figures import Punctuality
from core.store import Work
from core.text import N_, Term, by_name
from core.words import DisclosureClass

SPAN = timedelta(days=365)
"""How far back disclosures are counted."""


@dataclass(frozen=True)
class PostCount:
    """Measures by the post that answers for the power item of their entry; `post` is empty without one."""

    post: str
    done: Punctuality


@dataclass(frozen=True)
class ClassCount:
    """Disclosures that fell due, by class."""

    kind: DisclosureClass
    done: Punctuality


class Age(Term):
    """How an open measure stands to its day."""

    LONG = "long", N_("More than 60 days overdue")
    SOME = "some", N_("16 to 60 days overdue")
    FEW = "few", N_("1 to 15 days overdue")
    SOON = "soon", N_("Due within 7 days")
    MONTH = "month", N_("Due in 8 to 30 days")
    LATER = "later", N_("Due later")

    @property
    def overdue(self) -> bool:
        return self in (Age.LONG, Age.SOME, Age.FEW)


_LAST = {Age.LONG: -61, Age.SOME: -16, Age.FEW: -1, Age.SOON: 7, Age.MONTH: 30}
"""Days until its day that a measure has at the most, to be of an age."""


@dataclass(frozen=True)
class Measures:
    """Measures by post, whose day has come; and open ones by age, every age there."""

    posts: tuple[PostCount, ...]
    ages: dict[Age, int]


def measures(work: Work, unit_id: str | None = None) -> Measures:
    """Measures in time and open ones by age, in a unit or in everything the actor may see.

    Posts stand by name, since nobody is ranked; posts without a measure whose day has come are left out.
    """
    scope = work.actor.require(Permission.OVERVIEW_READ)
    counts = work.store.post_counts(scope, unit_id, work.today)
    posts = sorted((row for row in counts if row.done.rate is not None), key=lambda row: by_name(row.post))
    return Measures(tuple(posts), ages(work.store.open_measures(scope, unit_id), work.today))


def disclosures(work: Work, unit_id: str | None = None) -> tuple[ClassCount, ...]:
    """Of what fell due within a year: published in time, late, or not yet; by class, in the order of the field."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    found = {
        row.kind: row for row in work.store.disclosure_counts(scope, unit_id, work.today)
    }
    return tuple(found[kind] for kind in DisclosureClass if kind in found)


def ages(due: Iterable[tuple[date, int]], today: date) -> dict[Age, int]:
    """Open measures by how far away their day is; every age is there."""
    found = dict.fromkeys(Age, 0)
    for day, n in due:
        found[age((day - today).days)] += n
    return found


def age(days: int) -> Age:
    """The age of a measure that has so many days left; negative when its day is over."""
    return next((age for age, last in _LAST.items() if days <= last), Age.LATER)


def between(age: Age, today: date) -> tuple[date, date]:
    """The first and the last day that a measure of an age is due on."""
    order = list(Age)
    before = order.index(age) - 1
    first = today + timedelta(days=_LAST[order[before]] + 1) if before >= 0 else date.min
    return first, today + timedelta(days=_LAST[age]) if age in _LAST else date.max


def together(rows: Iterable[PostCount | ClassCount]) -> Punctuality:
    """All rows in one."""
    counted = [(row.done.on_time, row.done.late, row.done.overdue) for row in rows]
    return Punctuality(*(sum(column) for column in zip(*counted, strict=True))) if counted else Punctuality(0, 0, 0)
