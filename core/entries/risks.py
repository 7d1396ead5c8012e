"""Risk points (廉政风险点): the entries of the register, a condition and never an accusation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core import dates
from core.access import Permission, Scope
from core.entries import closings
from core.entries.clocks import follow
from core.errors import Denied, Invalid, Refused
from core.events import Event
from core.lifecycle import ENDED, RISK_STEPS, advance, step_to
from core.openness.board import notice, withdraw_notice
from core.orders import reasoned
from core.organisation.people import Person
from core.organisation.relatives import check_watcher
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.words import (
    Dimension,
    DisclosureClass,
    DisclosureWhen,
    Level,
    MeasureStatus,
    ResolveLevel,
    RiskStatus,
    RiskType,
    Role,
)


@dataclass(eq=False)
class Risk:
    """One entry of a community's register. `number` runs within the community."""

    id: str
    unit_id: str
    number: int
    title: str
    item_id: str | None
    dimension: Dimension
    risk_type: RiskType
    opened_on: date
    manifestation: str = ""
    status: RiskStatus = RiskStatus.UNRATED
    level: Level | None = None
    expected_level: Level | None = None
    verified_level: Level | None = None
    owner_id: str | None = None
    leader_id: str | None = None
    watchdog_id: str | None = None
    disclosure_class: DisclosureClass = DisclosureClass.AFFAIRS
    disclosure_when: DisclosureWhen | None = DisclosureWhen.NOTICE_7_DAYS
    secret_reason: str = ""
    wording: str = ""
    announced_on: date | None = None
    filed_on: date | None = None
    closing_asked_by: str | None = None
    closing_note: str = ""
    closed_on: date | None = None
    closed_by: str | None = None
    resolve_level: ResolveLevel | None = None


class RiskForm(BaseModel):
    """How an entry describes its risk."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    title: str = Field(title=N_("Risk point"), min_length=4, max_length=200)
    manifestation: str = Field("", title=N_("How it shows"), max_length=1000, json_schema_extra={"long": True})
    item_id: str | None = Field(None, title=N_("Power item"))
    dimension: Dimension = Field(title=N_("Dimension"))
    risk_type: RiskType = Field(title=N_("Kind of risk"))


class Notice(BaseModel):
    """What the public reads of an entry: a reviewed wording without people."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    wording: str = Field(title=N_("Public wording"), min_length=4, max_length=300, json_schema_extra={"long": True})
    disclosure_class: DisclosureClass = Field(DisclosureClass.AFFAIRS, title=N_("Disclosure"))
    disclosure_when: DisclosureWhen = Field(DisclosureWhen.NOTICE_7_DAYS, title=N_("When disclosed"))


def load(work: Work, risk_id: str, scope: Scope) -> Risk:
    return work.store.one(Risk, risk_id, scope)


def check_change(work: Work, risk: Risk) -> None:
    """Refuse a change of an ended entry, or by whoever answers for it."""
    if risk.status in ENDED:
        raise Refused(N_("A closed entry is not changed."))
    not_own(work, risk)


def describe(work: Work, risk_id: str, form: RiskForm) -> None:
    """Change how an entry describes its risk."""
    scope = work.actor.require(Permission.RISK_DESCRIBE)
    risk = load(work, risk_id, scope)
    check_change(work, risk)
    without_people(work, risk.unit_id, title=form.title, manifestation=form.manifestation)
    fill(work, risk, form)
    notice(work, risk)
    work.record(Event.RISK_DESCRIBED, risk.id, chain=risk.unit_id)


def fill(work: Work, risk: Risk, form: RiskForm) -> None:
    if form.item_id and work.store.item_unit(form.item_id) != risk.unit_id:
        raise Invalid(item_id=_("Please choose one of the options."))
    risk.title, risk.manifestation, risk.item_id = clean(form.title), clean(form.manifestation), form.item_id
    risk.dimension, risk.risk_type = form.dimension, form.risk_type


def check_people(work: Work, risk: Risk, owner_id: str | None, leader_id: str | None, watchdog_id: str | None) -> None:
    """Refuse people who do not hold the right role at an entry, and a watcher who would answer for it."""
    check_watcher(work, watchdog_id, {owner_id, leader_id, *work.store.owners(risk.item_id, risk.unit_id)})
    for field, person_id in (("owner_id", owner_id), ("leader_id", leader_id), ("watchdog_id", watchdog_id)):
        roles = CHECKERS if field == "watchdog_id" else DOERS
        if person_id and not fits(work, person_id, risk.unit_id, roles):
            raise Invalid(**{field: _("This person does not hold the right role here.")})


def assign(work: Work, risk_id: str, owner_id: str | None, leader_id: str | None, watchdog_id: str | None) -> None:
    """Name who answers for an entry, who leads, and who watches; the watcher never answers for the power item."""
    scope = work.actor.require(Permission.RISK_ASSIGN)
    risk = load(work, risk_id, scope)
    check_change(work, risk)
    check_people(work, risk, owner_id, leader_id, watchdog_id)
    risk.owner_id, risk.leader_id, risk.watchdog_id = owner_id, leader_id, watchdog_id
    named = {"owner": owner_id, "leader": leader_id, "watchdog": watchdog_id}
    work.record(Event.RISK_ASSIGNED, risk.id, chain=risk.unit_id, **named)


DOERS = frozenset({Role.CADRE})
"""Who can answer for an entry or carry out a measure."""
CHECKERS = frozenset({Role.WATCHDOG, Role.SUPERVISOR})
"""Who can watch an entry or verify a measure."""
PUBLIC_CLASSES = tuple(c for c in DisclosureClass if c is not DisclosureClass.NONE)


def fits(work: Work, person_id: str, unit_id: str, roles: Collection[Role]) -> bool:
    """Whether a person, still here, holds one of the roles at a unit or above it."""
    person = work.store.find(Person, person_id)
    held = work.store.roles_at(person_id, unit_id)
    return person is not None and person.left_on is None and not held.isdisjoint(roles)


def check_announce(work: Work, risk: Risk) -> None:
    not_own(work, risk)
    step_to(risk, RiskStatus.ANNOUNCED, RISK_STEPS)


def announce(work: Work, risk_id: str, form: Notice) -> None:
    """Put an entry on public notice for 7 days, in its public wording."""
    scope = work.actor.require(Permission.RISK_ANNOUNCE)
    risk = load(work, risk_id, scope)
    check_announce(work, risk)
    check_notice(work, risk, form)
    risk.wording, risk.announced_on = clean(form.wording), work.today
    risk.disclosure_class, risk.disclosure_when = form.disclosure_class, form.disclosure_when
    move(work, risk, RiskStatus.ANNOUNCED)


def check_notice(work: Work, risk: Risk, form: Notice) -> None:
    """Refuse a notice that is not for the public, or that holds people."""
    if form.disclosure_class is DisclosureClass.NONE:
        raise Invalid(disclosure_class=_("What is not disclosed is filed without public notice."))
    without_people(work, risk.unit_id, wording=form.wording)


def check_filing(work: Work, risk: Risk) -> None:
    """Refuse filing by whoever answers for the entry, at the wrong step, or while the public notice runs."""
    not_own(work, risk)
    step_to(risk, RiskStatus.FILED, RISK_STEPS, Permission.RISK_FILE)
    until = risk.announced_on + timedelta(days=dates.PUBLIC_NOTICE) if risk.announced_on else work.today
    if risk.status is RiskStatus.ANNOUNCED and work.today < until:
        raise Refused(N_("The public notice runs until {day}."), day=until)


def file(work: Work, risk_id: str, secret_reason: str = "") -> None:
    """File an entry: after 7 days of public notice, or at once with a reason why it is not disclosed."""
    scope = work.actor.require(Permission.RISK_FILE)
    risk = load(work, risk_id, scope)
    check_filing(work, risk)
    if risk.status is RiskStatus.RATED:
        if len(clean(secret_reason)) < 2:
            raise Invalid(secret_reason=_("Please say why this is not disclosed."))
        risk.disclosure_class, risk.disclosure_when, risk.announced_on = DisclosureClass.NONE, None, None
        risk.secret_reason, risk.wording = clean(secret_reason)[:500], ""
        withdraw_notice(work, risk)
    risk.filed_on = work.today
    move(work, risk, RiskStatus.FILED, undisclosed=bool(risk.secret_reason))


def check_control(work: Work, risk: Risk) -> None:
    """Refuse control without an owner or without a measure still to be carried out."""
    step_to(risk, RiskStatus.CONTROLLED, RISK_STEPS, Permission.RISK_CONTROL)
    if risk.owner_id is None:
        raise Refused(N_("Please name who answers for this entry first."))
    if not any(s is not MeasureStatus.VERIFIED for s in work.store.measure_states(risk.id)):
        raise Refused(N_("Please plan a measure first."))


def control(work: Work, risk_id: str) -> None:
    """Put a filed or reopened entry under its measures; after reopening a new measure must be planned first."""
    scope = work.actor.require(Permission.RISK_CONTROL)
    risk = load(work, risk_id, scope)
    check_control(work, risk)
    move(work, risk, RiskStatus.CONTROLLED)


def check_ask_closing(work: Work, risk: Risk) -> None:
    """Refuse a closing asked for by anybody but the owner or leader, or before every measure is verified."""
    step_to(risk, RiskStatus.VERIFYING, RISK_STEPS)
    if work.actor.person_id not in (risk.owner_id, risk.leader_id):
        raise Denied(N_("Only whoever answers for this entry can ask for its closing."))
    states = work.store.measure_states(risk.id)
    if not states or any(state is not MeasureStatus.VERIFIED for state in states):
        raise Refused(N_("Every measure must be verified first."))


def ask_closing(work: Work, risk_id: str, note: str) -> None:
    """The owner asks for an entry to be closed, once every measure is verified."""
    scope = work.actor.require(Permission.RISK_ASK_CLOSING)
    risk = load(work, risk_id, scope)
    check_ask_closing(work, risk)
    if len(clean(note)) < 2:
        raise Invalid(note=_("Please say what was done."))
    risk.closing_asked_by, risk.closing_note = work.actor.person_id, clean(note)[:1000]
    move(work, risk, RiskStatus.VERIFYING)


def check_closing(work: Work, risk: Risk) -> None:
    """Refuse a verdict on a closing by whoever asked for it, answers for the entry or is named in it, and relatives."""
    step_to(risk, RiskStatus.CLOSED, RISK_STEPS)
    check_closer(work, risk)


def check_closer(work: Work, risk: Risk) -> None:
    if work.actor.person_id in work.store.with_kin((risk.owner_id, risk.leader_id, risk.closing_asked_by)):
        raise Denied(N_("Closing takes two people: somebody else confirms it."))
    check_rater(work, risk)


def close(work: Work, risk_id: str) -> None:
    """Confirm and sign the closing: a watchdog or supervisor who neither owns the entry nor asked for it."""
    scope = work.actor.require(Permission.RISK_CLOSE)
    risk = load(work, risk_id, scope)
    check_closing(work, risk)
    move(work, risk, RiskStatus.CLOSED, digest=closings.confirm(work, risk))


def refuse_closing(work: Work, risk_id: str, reason: str) -> None:
    """Send a closing back to the owner."""
    scope = work.actor.require(Permission.RISK_CLOSE)
    risk = load(work, risk_id, scope)
    check_closing(work, risk)
    risk.closing_asked_by = None
    move(work, risk, RiskStatus.CONTROLLED, reason=reasoned(reason))


def check_reopening(work: Work, risk: Risk) -> None:
    step_to(risk, RiskStatus.REOPENED, RISK_STEPS)
    not_own(work, risk)


def reopen(work: Work, risk_id: str, reason: str, **facts: object) -> None:
    """Open a closed entry again, with a reason; the log keeps `facts`, such as the second look that found it so."""
    scope = work.actor.require(Permission.RISK_REOPEN)
    risk = load(work, risk_id, scope)
    check_reopening(work, risk)
    closings.undo(work, risk)
    move(work, risk, RiskStatus.REOPENED, reason=reasoned(reason), **facts)


def move(work: Work, risk: Risk, after: RiskStatus, **facts: object) -> None:
    """Bring an entry to a state: what the public reads of it follows, and the log says so."""
    event = advance(risk, after, RISK_STEPS)
    follow(work, risk)
    notice(work, risk)
    work.record(event, risk.id, chain=risk.unit_id, **facts)


def check_rater(work: Work, risk: Risk) -> None:
    """Refuse whoever answers for the entry or is named in it."""
    not_own(work, risk)
    if work.actor.person_id in work.store.kept_away(risk.id):
        raise Denied


def not_own(work: Work, risk: Risk) -> None:
    """Refuse whoever holds the post of the power item or owns the entry, and their relatives."""
    if work.actor.person_id in work.store.with_kin({risk.owner_id, *work.store.owners(risk.item_id, risk.unit_id)}):
        raise Denied(N_("You or a relative of yours answers for this power item, so somebody else decides about this."))
