"""Early warnings (预警): raised when a rule sees a cause, addressed to somebody, and over when the cause is.

They follow from what is kept and from the day alone: made anew at any time, they come out the same.
"""

from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.alerts.rules import BY_CODE, Cause, Rule, causes
from core.errors import Stale
from core.events import Event
from core.orders import reasoned
from core.organisation.units import new_id
from core.store import Work
from core.text import N_
from core.turning import START, Listed, Turn
from core.words import WarningLevel


@dataclass(eq=False)
class EarlyWarning:
    """One warning: of which rule, about what, and to a person or the desk of a unit. `told_on` is the last day its
    addressee was told; `note` is what was done about it."""

    id: str
    unit_id: str
    rule: str
    colour: WarningLevel
    subject: str
    risk_id: str | None
    flag_id: str | None
    person_id: str | None
    to_unit_id: str | None
    raised_on: date
    told_on: date
    ended_on: date | None = None
    note: str = ""
    noted_by: str | None = None
    noted_on: date | None = None


@dataclass(frozen=True)
class WarningRow:
    """A warning that runs, with what it is about: an entry, a measure of it, a flag or a post."""

    id: str
    rule: str
    colour: WarningLevel
    unit_id: str
    unit: str
    risk_id: str | None
    number: int | None
    title: str
    flag_id: str | None
    addressee: str
    mine: bool
    raised_on: date
    note: str
    noted_by: str
    noted_on: date | None

    @property
    def of(self) -> Rule:
        return BY_CODE[self.rule]


def warnings(
    work: Work, everyone: bool = False, colour: WarningLevel | None = None, turn: Turn = START
) -> Listed[WarningRow]:
    """The warnings that run: those addressed to the actor or a unit of theirs, or with `everyone` all in their area;
    the gravest first, then the oldest."""
    scope = work.actor.require(Permission.WARNING_READ)
    return work.store.warning_page(scope, work.person_id, not everyone, colour, turn)


def counts(work: Work, everyone: bool = False) -> dict[WarningLevel, int]:
    """How many of these there are by colour."""
    scope = work.actor.require(Permission.WARNING_READ)
    return work.store.warning_counts(scope, work.person_id, not everyone)


def note(work: Work, warning_id: str, reason: str) -> None:
    """Say what is done about a warning: it goes on until its cause is over, but is not told again."""
    scope = work.actor.require(Permission.WARNING_READ)
    if not work.store.runs_warning(scope, work.person_id, warning_id):
        raise Stale(N_("This warning is over."))
    warning = work.store.one(EarlyWarning, warning_id, scope)
    warning.note, warning.noted_by, warning.noted_on = reasoned(reason), work.person_id, work.today
    work.record(Event.WARNING_NOTED, warning.subject, chain=warning.unit_id, reason=warning.note)


def renew(work: Work, unit_id: str, _since: date | None = None) -> tuple[int, int]:
    """Raise what has a cause today in one community, and end what has none; how many of either.

    Done again on the same day it changes nothing. Days that were missed are not made up for: a warning that nobody
    could see would have warned nobody.
    """
    work.actor.require(Permission.SITE_KEEP)
    found = causes(work.store.watched(unit_id, work.today), work.today)
    running = {(warning.rule, warning.subject): warning for warning in work.store.running_warnings(unit_id)}
    over, new = running.keys() - found.keys(), found.keys() - running.keys()
    for key in sorted(over):
        running[key].ended_on = work.today
        _record(work, Event.WARNING_ENDED, running[key])
    for key in running.keys() & found.keys():
        _follow(work, running[key], found[key])
    for key in sorted(new):
        _raise(work, unit_id, BY_CODE[key[0]], found[key])
    return len(new), len(over)


def _raise(work: Work, unit_id: str, rule: Rule, cause: Cause) -> None:
    warning = EarlyWarning(
        new_id(), unit_id, rule.code, rule.colour, cause.subject, cause.risk_id, cause.flag_id, cause.person_id,
        cause.to_unit_id, work.today, work.today,
    )  # fmt: skip
    work.store.add(warning)
    _record(work, Event.WARNING_RAISED, warning)


def _follow(work: Work, warning: EarlyWarning, cause: Cause) -> None:
    """Address a warning to whoever is concerned now, and tell it again where its rule says so."""
    if (warning.person_id, warning.to_unit_id) != (cause.person_id, cause.to_unit_id):
        warning.person_id, warning.to_unit_id, warning.told_on = cause.person_id, cause.to_unit_id, work.today
        _record(work, Event.WARNING_PASSED, warning)
    again = BY_CODE[warning.rule].again
    if again and warning.noted_on is None and (work.today - warning.told_on).days >= again:
        warning.told_on = work.today
        _record(work, Event.WARNING_REPEATED, warning)


def _record(work: Work, event: Event, warning: EarlyWarning) -> None:
    work.record(event, warning.subject, chain=warning.unit_id, rule=warning.rule, colour=warning.colour)
