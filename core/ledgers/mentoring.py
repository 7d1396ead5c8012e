"""Demo sites (示范点一对一督导): a community that leads the way, its mentor, and what the mentor saw and advised."""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.entries.risks import fits
from core.errors import Denied, Invalid, Refused
from core.events import Event
from core.orders import reasoned
from core.organisation.people import Found, found
from core.organisation.units import Unit, is_community, new_id
from core.privacy.wording import without_people
from core.rows import PersonRow
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import Role


@dataclass(eq=False)
class Mentorship:
    """A community as a demo site, from when to when, and who mentors it."""

    id: str
    unit_id: str
    mentor_id: str
    since: date
    marked_by: str
    until: date | None = None


@dataclass(eq=False)
class MentorVisit:
    """One visit of the mentor: what was seen and what was advised, without people."""

    id: str
    unit_id: str
    mentorship_id: str
    visited_on: date
    seen: str
    advised: str


@dataclass(frozen=True)
class VisitRow:
    """A visit as it is read."""

    visited_on: date
    seen: str
    advised: str


@dataclass(frozen=True)
class SiteRow:
    """A demo site with its mentor and the visits, the newest first."""

    id: str
    unit_id: str
    unit: str
    mentor_id: str
    mentor: str
    since: date
    until: date | None
    visits: tuple[VisitRow, ...]


class SiteForm(BaseModel):
    """A community to mark as a demo site."""

    model_config = ConfigDict(frozen=True)

    unit_id: str = Field(title=N_("Community"), min_length=1)
    mentor_id: str = Field(title=N_("Mentor"), min_length=1)


class VisitForm(BaseModel):
    """A visit to enter."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    visited_on: date = Field(title=N_("Visited on"))
    seen: str = Field(title=N_("What was seen"), min_length=2, max_length=1000, json_schema_extra={"long": True})
    advised: str = Field(title=N_("What was advised"), min_length=2, max_length=1000, json_schema_extra={"long": True})


def mentors(work: Work, words: str = "") -> Found:
    """Superiors at the actor's units, above and below them, with their units."""
    scope = work.actor.require(Permission.DEMO_SITE_KEEP)
    near = found(work, scope, words, _superior, [Role.SUPERVISOR])
    above = [row for unit_id in sorted(work.store.units_at(scope.paths))
             for row in work.store.holders(scope, unit_id, [Role.SUPERVISOR])]  # fmt: skip
    return Found({row.id: _superior(row) for row in above} | near.names, near.more)


def _superior(row: PersonRow) -> str:
    return _("{name} · {unit}", name=row.name, unit=row.unit)


def mark(work: Work, form: SiteForm) -> str:
    """Mark a community as a demo site with a superior of it as its mentor."""
    scope = work.actor.require(Permission.DEMO_SITE_KEEP)
    unit = work.store.one(Unit, form.unit_id, scope)
    if not is_community(unit, work):
        raise Invalid(unit_id=_("Please choose communities."))
    if any(site.until is None for site in work.store.some(Mentorship, scope, unit_id=unit.id)):
        raise Refused(N_("This community is a demo site already."))
    if not fits(work, form.mentor_id, unit.id, {Role.SUPERVISOR}):
        raise Invalid(mentor_id=_("This person does not hold the right role here."))
    site = Mentorship(new_id(), unit.id, form.mentor_id, work.today, work.person_id)
    work.store.add(site)
    work.record(Event.SITE_MARKED, site.id, chain=unit.id, person=form.mentor_id)
    return site.id


def end(work: Work, site_id: str, reason: str) -> None:
    """End a demo site; its visits stay."""
    scope = work.actor.require(Permission.DEMO_SITE_KEEP)
    site = _running(work.store.one(Mentorship, site_id, scope))
    site.until = work.today
    work.record(Event.SITE_ENDED, site.id, chain=site.unit_id, reason=reasoned(reason))


def visit(work: Work, site_id: str, form: VisitForm) -> str:
    """The mentor enters a visit, without people."""
    scope = work.actor.require(Permission.DEMO_SITE_KEEP)
    site = _running(work.store.one(Mentorship, site_id, scope))
    if site.mentor_id != work.person_id:
        raise Denied(N_("Only the mentor of this site enters visits."))
    if not site.since <= form.visited_on <= work.today:
        raise Invalid(visited_on=_("This day lies outside the time of the mentoring."))
    without_people(work, site.unit_id, seen=form.seen, advised=form.advised)
    kept = MentorVisit(new_id(), site.unit_id, site.id, form.visited_on, clean(form.seen), clean(form.advised))
    work.store.add(kept)
    work.record(Event.VISIT_KEPT, site.id, chain=site.unit_id)
    return kept.id


def sites(work: Work, turn: Turn = START) -> Listed[SiteRow]:
    """The demo sites in the actor's area, those that run first."""
    scope = work.actor.require(Permission.LEDGER_READ)
    return work.store.site_page(scope, turn)


def _running(site: Mentorship) -> Mentorship:
    if site.until is not None:
        raise Refused(N_("This is no demo site any more."))
    return site
