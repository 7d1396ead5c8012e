"""Second looks (回头看): a closed entry is looked at again after 30 and 90 days, by nobody who had a part in it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from core import dates
from core.access import EVERYWHERE, Scope
from core.errors import Refused
from core.organisation.units import new_id
from core.store import Work
from core.text import N_
from core.words import Level, ReviewResult

if TYPE_CHECKING:
    from core.entries.risks import Risk


@dataclass(eq=False)
class SecondLook:
    """One look at a closed entry, planned for a day and then made. `n` runs within the entry."""

    id: str
    unit_id: str
    risk_id: str
    n: int
    due_on: date
    result: ReviewResult | None = None
    verified_level: Level | None = None
    note: str = ""
    looked_by: str | None = None
    looked_on: date | None = None


@dataclass(eq=False)
class LookFile:
    """A file that shows what was found; its content is kept by hash."""

    id: str
    unit_id: str
    look_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


TOLD = {
    ReviewResult.EFFECTIVE: N_("It was looked at again: what was done works."),
    ReviewResult.PARTLY: N_("It was looked at again: what was done works in part."),
    ReviewResult.INEFFECTIVE: N_("It was looked at again: what was done does not work yet, so it was taken up again."),
    ReviewResult.UNCLEAR: N_("It was looked at again: it cannot be told yet, so it is looked at once more."),
}
"""What a look found, as residents read it."""


def first_day(closed_on: date) -> date:
    return closed_on + timedelta(days=dates.SECOND_LOOK[0])


def last_day(closed_on: date) -> date:
    """The day from which a look decides for good."""
    return closed_on + timedelta(days=dates.SECOND_LOOK[1])


def next_day(closed_on: date, look: SecondLook, result: ReviewResult, today: date) -> date | None:
    """When an entry is looked at again after a look: 90 days after the closing, 30 days after one that could not tell,
    and 30 days after one that was made when the 90 were over already. None where it is not."""
    if result is ReviewResult.INEFFECTIVE:
        return None
    once_more = today + timedelta(days=dates.LOOK_ONCE_MORE)
    if result is ReviewResult.UNCLEAR:
        return once_more
    last = last_day(closed_on)
    if look.due_on >= last:
        return None
    return last if last > today else once_more


def schedule(work: Work, risk: "Risk", due_on: date) -> None:
    """Plan the next look at an entry."""
    n = max((look.n for look in work.store.looks_of(risk.id)), default=0) + 1
    work.store.add(SecondLook(new_id(), risk.unit_id, risk.id, n, due_on))


def drop(work: Work, risk: "Risk") -> None:
    """Take back the looks still to be made, when an entry is reopened."""
    for look in work.store.looks_of(risk.id):
        if look.result is None:
            work.store.remove(look)


def newest(work: Work, risk: "Risk") -> SecondLook | None:
    """The last look made since the entry was closed; of one that stands open again, the look that reopened it."""
    made = [look for look in work.store.looks_of(risk.id) if look.looked_on]
    if not made:
        return None
    last = made[-1]
    if risk.closed_on is None:
        return last if last.result is ReviewResult.INEFFECTIVE else None
    return last if (last.looked_on or date.min) >= risk.closed_on else None


class Desertion:
    """Watches over a deed that may leave second looks without anybody who may make them, and refuses it then."""

    def __init__(self, work: Work) -> None:
        self._work, self._before = work, work.store.deserted_looks(_ALL)

    def check(self) -> None:
        """After the deed; `Refused` where more looks have nobody than before."""
        if self._work.store.deserted_looks(_ALL) > self._before:
            raise Refused(
                N_("A second look would be left with nobody who may make it. Give somebody else the right first.")
            )


_ALL = Scope((EVERYWHERE,))
