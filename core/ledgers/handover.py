"""Hand-over: what a leaver held passes to somebody else, clocks and all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from core.access import GRANTS, Permission, Scope
from core.entries.risks import CHECKERS, DOERS, Risk, fits
from core.errors import Invalid, Refused
from core.events import Event
from core.items import Item
from core.ledgers.mentoring import Mentorship
from core.lifecycle import ENDED
from core.organisation.people import Found, Person, found, near
from core.organisation.posts import Holding, Post
from core.organisation.units import new_id
from core.prevention.looks import Desertion
from core.prevention.measures import Measure, all_doers
from core.rows import PersonRow
from core.store import Work
from core.text import N_, _, clean
from core.words import MeasureStatus, Role

CLAIMERS = frozenset(role for role in Role if Permission.MEASURE_CLAIM in GRANTS[role])
"""Who may take a measure on."""
T = TypeVar("T")


class HandOver(BaseModel):
    """Passing a leaver's posts, entries and measures to somebody else."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    giver_id: str = Field(title=N_("Who leaves"), min_length=1)
    taker_id: str = Field(title=N_("Who takes over"), min_length=1)
    reason: str = Field(title=N_("Reason"), min_length=2, max_length=300)


@dataclass(frozen=True)
class Held:
    """How much hangs on a person: posts, open entries, open measures, measures taken on, and demo sites mentored."""

    posts: int = 0
    entries: int = 0
    measures: int = 0
    claims: int = 0
    sites: int = 0


@dataclass(frozen=True)
class Passing:
    """What passes and what does not, in words. `conflicts` forbid the hand-over; `staying` remains with the giver."""

    posts: tuple[str, ...]
    entries: tuple[str, ...]
    measures: tuple[str, ...]
    claims: tuple[str, ...]
    sites: tuple[str, ...]
    staying: tuple[str, ...]
    conflicts: tuple[str, ...]


@dataclass
class _Load:
    """Everything that would pass from one person to another."""

    giver: Person
    taker: Person
    holdings: list[Holding] = field(default_factory=list)
    risks: list[Risk] = field(default_factory=list)
    measures: list[tuple[Measure, Risk]] = field(default_factory=list)
    claims: list[tuple[Measure, Risk]] = field(default_factory=list)
    sites: list[Mentorship] = field(default_factory=list)
    staying: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.holdings or self.risks or self.measures or self.claims or self.sites)


def givers(work: Work, words: str = "") -> Found:
    """The people in the actor's area on whom posts, open work or demo sites hang, with what does; those who have left
    are among them."""
    scope = work.actor.require(Permission.POST_HAND_OVER)
    rows, more = near(work, scope, words)
    held = work.store.held(scope, [row.id for row in rows]) if rows else {}
    return Found({row.id: _hanging(row, held[row.id]) for row in rows if row.id in held}, more)


def _hanging(row: PersonRow, held: Held) -> str:
    counts = _(
        "{posts} posts, {entries} entries, {measures} measures", posts=held.posts, entries=held.entries,
        measures=held.measures,
    )  # fmt: skip
    more = _("{claims} measures taken on, {sites} demo sites mentored", claims=held.claims, sites=held.sites)
    return " · ".join(filter(None, (row.name, row.unit, counts, more if held.claims or held.sites else "")))


def takers(work: Work, giver_id: str, words: str = "") -> Found:
    """Who else is here, with unit and posts or roles."""
    scope = work.actor.require(Permission.POST_HAND_OVER)

    def told(row: PersonRow) -> str:
        parts = row.posts or tuple(role.label for _id, role, _unit in row.roles)
        return " · ".join((row.name, row.unit, "、".join(parts)))

    return found(work, scope, words, told, but=giver_id)


def preview(work: Work, giver_id: str, taker_id: str) -> Passing:
    """What would pass from one person to another, and what stands against it."""
    scope = work.actor.require(Permission.POST_HAND_OVER)
    return _told(work, scope, _load(work, scope, giver_id, taker_id))


def hand_over(work: Work, order: HandOver) -> Passing:
    """Pass every post, open entry, open measure, claim and demo site of one person to another.

    Due dates stay as they are, so the clocks run on with the new holder. Nothing passes while one conflict stands.
    """
    scope = work.actor.require(Permission.POST_HAND_OVER)
    load = _load(work, scope, order.giver_id, order.taker_id)
    told = _told(work, scope, load)
    if told.conflicts:
        raise Refused(N_("This cannot pass: {reasons}"), reasons=" ".join(told.conflicts))
    if load.is_empty:
        raise Refused(N_("There is nothing to hand over."))
    desertion = Desertion(work)
    _pass(work, scope, load)
    desertion.check()
    facts = {
        "posts": len(load.holdings), "risks": len(load.risks), "measures": len(load.measures),
        "claims": len(load.claims), "sites": len(load.sites),
    }  # fmt: skip
    work.record(
        Event.POST_HANDED_OVER, load.giver.id, chain=load.giver.unit_id, to=load.taker.id, reason=clean(order.reason),
        **facts,
    )  # fmt: skip
    return told


def _load(work: Work, scope: Scope, giver_id: str, taker_id: str) -> _Load:
    giver, taker = work.store.one(Person, giver_id, scope), work.store.one(Person, taker_id, scope)
    if giver.id == taker.id or taker.left_on is not None:
        raise Invalid(taker_id=_("Please choose somebody else."))
    load = _Load(giver, taker)
    load.holdings = [h for h in work.store.some(Holding, scope, person_id=giver.id) if h.until is None]
    for risk in _of(work, Risk, scope, giver.id, ("owner_id", "leader_id", "watchdog_id")):
        if risk.status in ENDED:
            continue
        if taker.id in work.store.kept_away(risk.id):
            load.staying.append(_("Entry {n} needs somebody else.", n=risk.number))
        else:
            load.risks.append(risk)
    for measure in _of(work, Measure, scope, giver.id, ("owner_id", "watchdog_id", "claimed_by")):
        of = work.store.one(Risk, measure.risk_id, scope)
        if measure.status is MeasureStatus.VERIFIED or taker.id in work.store.kept_away(of.id):
            continue
        if giver.id in (measure.owner_id, measure.watchdog_id):
            load.measures.append((measure, of))
        if measure.claimed_by == giver.id:
            load.claims.append((measure, of))
    load.sites = work.store.some(Mentorship, scope, mentor_id=giver.id, until=None)
    return load


def _of(work: Work, kind: type[T], scope: Scope, person_id: str, roles: tuple[str, ...]) -> list[T]:
    return list(dict.fromkeys(thing for role in roles for thing in work.store.some(kind, scope, **{role: person_id})))


def _told(work: Work, scope: Scope, load: _Load) -> Passing:
    posts = [work.store.one(Post, h.post_id, scope).name for h in load.holdings]
    conflicts = [
        *_post_conflicts(work, scope, load), *_entry_conflicts(work, load), *_measure_conflicts(work, load),
        *_claim_conflicts(work, load), *_site_conflicts(work, load),
    ]  # fmt: skip
    return Passing(
        tuple(posts),
        tuple(_("Entry {n}: {title}", n=r.number, title=r.title) for r in load.risks),
        tuple(_("Entry {n}: {title}", n=r.number, title=m.text) for m, r in load.measures),
        tuple(_("Entry {n}: {title}", n=r.number, title=m.text) for m, r in load.claims),
        tuple(work.store.register_of(site.unit_id).name for site in load.sites),
        tuple(load.staying),
        tuple(dict.fromkeys(conflicts)),
    )


def _post_conflicts(work: Work, scope: Scope, load: _Load) -> Iterator[str]:
    """Posts with power items go to cadres of the community, and to nobody who watches an entry of the item."""
    for holding in load.holdings:
        items = {item.id for item in work.store.some(Item, scope, post_id=holding.post_id)}
        if not items:
            continue
        if not fits(work, load.taker.id, holding.unit_id, DOERS):
            name = work.store.one(Post, holding.post_id, scope).name
            yield _("{name} is no cadre here and cannot take the post “{post}”.", name=load.taker.name, post=name)
        for risk in work.store.some(Risk, scope, watchdog_id=load.taker.id):
            if risk.item_id in items and risk.status not in ENDED:
                yield _("Entry {n} would be watched by its own owner.", n=risk.number)


def _entry_conflicts(work: Work, load: _Load) -> Iterator[str]:
    giver, taker = load.giver.id, load.taker.id
    for risk in load.risks:
        after = {role: taker if getattr(risk, role) == giver else getattr(risk, role)
                 for role in ("owner_id", "leader_id", "watchdog_id")}  # fmt: skip
        own = work.store.owners(risk.item_id, risk.unit_id) | {after["owner_id"], after["leader_id"]}
        if after["watchdog_id"] and after["watchdog_id"] in work.store.with_kin(own):
            yield _("Entry {n} would be watched by its own owner.", n=risk.number)
        needed = [CHECKERS] if risk.watchdog_id == giver else []
        needed += [DOERS] if giver in (risk.owner_id, risk.leader_id) else []
        if not all(fits(work, taker, risk.unit_id, roles) for roles in needed):
            yield _("Entry {n}: {name} does not hold the right role here.", n=risk.number, name=load.taker.name)


def _measure_conflicts(work: Work, load: _Load) -> Iterator[str]:
    giver, taker = load.giver.id, load.taker.id
    for measure, risk in load.measures:
        doing, checks = all_doers(work, measure), measure.watchdog_id == giver
        if measure.owner_id == giver:
            doing = doing - {giver} | {taker}
        if (taker if checks else measure.watchdog_id) in work.store.with_kin(doing):
            yield _("Entry {n}: a measure would be verified by its own owner.", n=risk.number)
        if not fits(work, taker, measure.unit_id, DOERS if measure.owner_id == giver else CHECKERS):
            yield _("Entry {n}: {name} does not hold the right role here.", n=risk.number, name=load.taker.name)


def _claim_conflicts(work: Work, load: _Load) -> Iterator[str]:
    """Who takes a claim over may take measures on there, and neither they nor a relative verify it."""
    near = work.store.with_kin([load.taker.id]) if load.claims else set()
    for measure, risk in load.claims:
        if not near.isdisjoint((measure.watchdog_id, risk.watchdog_id)):
            yield _("Entry {n}: a measure would be verified by its own owner.", n=risk.number)
        if not fits(work, load.taker.id, measure.unit_id, CLAIMERS):
            yield _("Entry {n}: {name} does not hold the right role here.", n=risk.number, name=load.taker.name)


def _site_conflicts(work: Work, load: _Load) -> Iterator[str]:
    for site in load.sites:
        if not fits(work, load.taker.id, site.unit_id, {Role.SUPERVISOR}):
            unit = work.store.register_of(site.unit_id).name
            yield _("{name} does not supervise “{unit}” and cannot mentor it.", name=load.taker.name, unit=unit)


def _pass(work: Work, scope: Scope, load: _Load) -> None:
    giver, taker = load.giver.id, load.taker.id
    own = {h.post_id for h in work.store.some(Holding, scope, person_id=taker) if h.until is None}
    for holding in load.holdings:
        holding.until = work.today
        if holding.post_id not in own:
            work.store.add(Holding(new_id(), holding.unit_id, holding.post_id, taker, work.today))
    for risk in load.risks:
        for role in ("owner_id", "leader_id", "watchdog_id"):
            if getattr(risk, role) == giver:
                setattr(risk, role, taker)
        named = {"owner": risk.owner_id, "leader": risk.leader_id, "watchdog": risk.watchdog_id}
        work.record(Event.RISK_ASSIGNED, risk.id, chain=risk.unit_id, **named)
    for measure, _risk in load.measures:
        for role in ("owner_id", "watchdog_id"):
            if getattr(measure, role) == giver:
                setattr(measure, role, taker)
    for measure, _risk in load.claims:
        measure.claimed_by, measure.claimed_on = taker, work.today
        work.record(Event.CLAIM_PASSED, measure.id, chain=measure.unit_id, person=giver, to=taker)
    for site in load.sites:
        site.mentor_id = taker
        work.record(Event.SITE_PASSED, site.id, chain=site.unit_id, person=giver, to=taker)
