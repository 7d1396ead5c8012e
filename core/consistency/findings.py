"""Consistency (核对): what does not fit together in the registers one may read, and findings set aside for a time.

An address says what is shown: `unit` a community or a unit above it, `severity` and `rule` codes, `aside` 1 for what
was set aside as well, `page` the page of communities, `now` 1 to check all on the page, however many.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.consistency.checking import Check, Severity
from core.consistency.checks import BY_CODE, CHECKS, Finding, by_severity, findings
from core.entries.risks import Risk, check_rater
from core.errors import Invalid, Stale
from core.events import Event
from core.formats.books import Book, Column, Value, bound
from core.orders import reasoned
from core.organisation.units import Unit, new_id
from core.store import Work
from core.text import N_, _, page_number

COMMUNITIES = 20
"""Communities that are checked at once."""
AT_ONCE = 3
"""Communities that are checked without being asked to: it takes a while for each."""
ENTRIES = 500
"""Entries in them, with which that takes a while too."""
LONGEST = 366
"""Days for which a finding can be set aside."""


@dataclass(eq=False)
class SetAside:
    """That a finding is left as it is until a day, and why; over before that when its facts, and so its key, change."""

    id: str
    unit_id: str
    code: str
    subject: str
    key: str
    reason: str
    until: date
    set_by: str
    set_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class AsideRow:
    """A setting aside that nobody took back, with the name of who did it."""

    id: str
    unit_id: str
    key: str
    reason: str
    until: date
    by: str
    set_on: date


@dataclass(frozen=True)
class Found:
    """A finding, and its setting aside where one holds today."""

    finding: Finding
    aside: AsideRow | None = None


class Putting(BaseModel):
    """Why a finding is left as it is, and until when."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    reason: str = Field(title=N_("Why it is left as it is"), min_length=2, max_length=500,
                        json_schema_extra={"long": True})  # fmt: skip
    until: date = Field(title=N_("Set aside until"))


@dataclass(frozen=True)
class Wanted:
    """What is shown; empty means everything."""

    unit_id: str | None = None
    severity: Severity | None = None
    rule: str | None = None
    aside: bool = False
    page: int = 1
    now: bool = False


def from_query(query: Mapping[str, str]) -> Wanted:
    """What an address asks for; what is not understood is left out."""
    severity = next((one for one in Severity if one.value == query.get("severity")), None)
    rule = query.get("rule", "")
    return Wanted(
        query.get("unit") or None, severity, rule if rule in BY_CODE else None, query.get("aside") == "1",
        page_number(query.get("page", "")), query.get("now") == "1",
    )  # fmt: skip


def to_query(wanted: Wanted) -> dict[str, str]:
    """The address of what is shown; only what differs from showing everything."""
    told = {
        "unit": wanted.unit_id or "", "severity": wanted.severity.value if wanted.severity else "",
        "rule": wanted.rule or "", "aside": "1" if wanted.aside else "",
        "page": str(wanted.page) if wanted.page > 1 else "", "now": "1" if wanted.now else "",
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Community:
    """One community with how many findings of each severity stand there."""

    unit_id: str
    unit: str
    counts: Mapping[Severity, int]


@dataclass(frozen=True)
class Report:
    """What the checks find in a page of communities; nothing yet where they or their entries are many and were not
    `checked`. `counts` and `rules` are of everything that stands there, before a severity or a rule was chosen; `found`
    is what was chosen, the gravest first; `aside` counts what is set aside."""

    communities: tuple[Community, ...]
    total: int
    counts: Mapping[Severity, int]
    rules: tuple[tuple[Check, int], ...]
    found: tuple[Found, ...]
    aside: int
    checked: bool = True

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // COMMUNITIES))


def report(work: Work, wanted: Wanted) -> Report:
    """What the checks find in the communities the actor may read, as far as the actor may know of it."""
    scope = work.actor.require(Permission.REGISTER_READ)
    area = _area(work, wanted, scope)
    shown, total = work.store.communities_at(area, COMMUNITIES * (wanted.page - 1), COMMUNITIES)
    if total and not shown:  # beyond the last page
        return report(work, replace(wanted, page=1))
    ids = [key for key, _name in shown]
    if not (wanted.now or wanted.rule) and (total > AT_ONCE or work.store.has_entries(ids, ENTRIES)):
        return Report(tuple(Community(key, name, {}) for key, name in shown), total, {}, (), (), 0, checked=False)
    found = _found(work, scope, ids)
    standing = [one.finding for one in found if one.aside is None]
    rules = Counter(one.check.code for one in standing)
    return Report(
        tuple(
            Community(key, name, by_severity([one for one in standing if one.unit_id == key])) for key, name in shown
        ),
        total, by_severity(standing),
        tuple((check, rules[check.code]) for check in _ORDERED if rules[check.code]),
        tuple(one for one in found if _fits(one, wanted)), len(found) - len(standing),
    )  # fmt: skip


def everything(work: Work, wanted: Wanted) -> Iterator[Found]:
    """The same over all pages of communities, one lot after the other."""
    scope = work.actor.require(Permission.REGISTER_READ)
    area, skip = _area(work, wanted, scope), 0
    while units := work.store.communities_at(area, skip, COMMUNITIES)[0]:
        yield from (one for one in _found(work, scope, [key for key, _name in units]) if _fits(one, wanted))
        skip += COMMUNITIES


def sheet(work: Work, wanted: Wanted) -> bytes:
    """What was chosen, of all communities, as an Excel file."""
    work.actor.require(Permission.REGISTER_READ)
    heads = (
        Column(_("How it weighs"), 12), Column(_("What does not fit"), 40), Column(_("Community"), 16),
        Column(_("Number"), 8), Column(_("About"), 40), Column(_("Details"), 30), Column(_("What is right"), 50),
        Column(_("Set aside"), 30),
    )  # fmt: skip
    rows = [_row(one) for one in everything(work, wanted)]
    return bound(Book(_("Consistency check"), _("As of {day}.", day=work.today), heads), rows, len(rows))


def _row(found: Found) -> tuple[Value, ...]:
    finding, check = found.finding, found.finding.check
    return (
        check.severity.label, _(check.what), finding.unit, finding.number, finding.title or finding.where, finding.told,
        _(check.right), aside_words(found.aside),
    )  # fmt: skip


def aside_words(aside: AsideRow | None) -> str:
    """Until when a finding is set aside, why and by whom; empty for one that stands."""
    if aside is None:
        return ""
    return _("set aside until {day} by {name}: {reason}", day=aside.until, name=aside.by, reason=aside.reason)


def of_entry(work: Work, risk_id: str) -> list[Found]:
    """What the checks find about one entry, the gravest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    return [one for one in _found(work, scope, [risk.unit_id], risk.id) if one.finding.risk_id == risk.id]


def set_aside(work: Work, unit_id: str, key: str, form: Putting) -> None:
    """Leave a finding as it is until a day, with a reason; never by who answers for its entry or is named in it."""
    scope = work.actor.require(Permission.CHECK_SET_ASIDE)
    unit = work.store.one(Unit, unit_id, scope)
    found = next((one for one in _found(work, scope, [unit.id]) if one.finding.key == key), None)
    if found is None or found.aside is not None:
        raise Stale
    finding = found.finding
    if finding.risk_id:
        check_rater(work, work.store.one(Risk, finding.risk_id, scope))
    if not work.today < form.until <= work.today + timedelta(days=LONGEST):
        raise Invalid(until=_("Please choose a day within a year from tomorrow on."))
    why = reasoned(form.reason)
    former = next(iter(work.store.some(SetAside, scope, unit_id=unit.id, key=key, ended_on=None)), None)
    if former is None:
        work.store.add(SetAside(
            new_id(), unit.id, finding.check.code, finding.subject, key, why, form.until, work.person_id, work.today
        ))  # fmt: skip
    else:  # its day has passed
        former.reason, former.until, former.set_by, former.set_on = why, form.until, work.person_id, work.today
    work.record(
        Event.FINDING_SET_ASIDE, finding.subject, chain=unit.id, rule=finding.check.code, until=form.until, reason=why
    )


def take_up(work: Work, aside_id: str) -> None:
    """Let a finding that was set aside stand again."""
    scope = work.actor.require(Permission.CHECK_SET_ASIDE)
    aside = work.store.one(SetAside, aside_id, scope)
    if aside.ended_on is not None:
        raise Stale
    aside.ended_on = work.today
    work.record(Event.FINDING_TAKEN_UP, aside.subject, chain=aside.unit_id, rule=aside.code)


_ORDERED = sorted(CHECKS, key=lambda check: list(Severity).index(check.severity))
_PLACE = {check.code: n for n, check in enumerate(_ORDERED)}


def _area(work: Work, wanted: Wanted, scope: Scope) -> Scope:
    """Where one looks: at a unit and all below it, or everywhere one may."""
    if wanted.unit_id is None:
        return scope
    above = work.store.seen(Unit, wanted.unit_id, scope)
    return Scope((above.path,) if above else (), scope.viewer)


def _found(work: Work, scope: Scope, unit_ids: Sequence[str], only: str | None = None) -> list[Found]:
    """Every finding in some communities, those of one check together, the gravest first; `only` one entry's are whole
    where it is given."""
    raw, kin = work.actor.scope(Permission.FLAG_READ_RAW), work.actor.scope(Permission.RELATIVE_JUDGE)
    asides = {
        (row.unit_id, row.key): row for row in work.store.set_aside_rows(scope, unit_ids) if row.until >= work.today
    }
    found = [
        Found(finding, asides.get((finding.unit_id, finding.key)) if asides else None)
        for seen in work.store.checked(scope, raw, kin, unit_ids, only) for finding in findings(seen, work.today)
    ]  # fmt: skip
    return sorted(found, key=lambda one: _PLACE[one.finding.check.code])


def _fits(one: Found, wanted: Wanted) -> bool:
    check = one.finding.check
    return (
        (one.aside is None or wanted.aside) and wanted.severity in (None, check.severity)
        and wanted.rule in (None, check.code)
    )  # fmt: skip
