"""Addressees (通知对象): which event tells whom. The only list of it; to record an event is to tell these people."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from core.access import GRANTS, Permission
from core.alerts.notices import READ_BY, About, Kind, Said, tell
from core.entries.risks import CHECKERS, Risk
from core.events import Event as E
from core.ledgers.doubts import PUBLISH_WITHIN
from core.openness.requests import Request
from core.openness.subjects import Subject
from core.prevention.measures import Measure, all_doers
from core.review.runs import Run
from core.voices.flags import Flag
from core.voices.openings import Opening
from core.words import OpeningStatus, Role, Source, WarningLevel

if TYPE_CHECKING:
    from core.store import Work


@dataclass
class Deed:
    """What was just recorded: of which unit, about what, with which facts."""

    work: "Work"
    event: str
    subject: str
    chain: str
    facts: Mapping[str, object]

    @cached_property
    def flag(self) -> Flag | None:
        return self.work.store.find(Flag, self.subject)

    @cached_property
    def measure(self) -> Measure | None:
        return self.work.store.find(Measure, self.subject)

    @cached_property
    def risk(self) -> Risk | None:
        return self.work.store.find(Risk, self.measure.risk_id if self.measure else self.subject)

    @cached_property
    def away(self) -> set[str]:
        """Who is kept from it: named in the flag or in a voice of the entry, or, where a flag is to be judged, the
        holder of its power item, and their relatives (domain rule 5.2)."""
        if self.flag:
            away = set(self.work.store.recused(self.flag.id))
            if self.flag.source is not Source.SUPERIOR:
                away |= self.work.store.barred(self.flag.item_id, self.flag.unit_id)
            return away
        return self.work.store.kept_away(self.risk.id) if self.risk else set()


Who = Callable[[Deed], Collection[str | None]]


def desk(permission: Permission) -> Who:
    """Whoever holds a right nearest to the unit, going up the tree."""
    return lambda deed: deed.work.store.desk(deed.chain, _roles(permission), deed.away)


def above(permission: Permission) -> Who:
    """Whoever holds a right at the unit or anywhere above it."""
    return lambda deed: deed.work.store.desk(deed.chain, _roles(permission), deed.away, nearest=False)


def below(permission: Permission) -> Who:
    """Whoever holds a right at the unit or anywhere below it."""
    return lambda deed: deed.work.store.staff_below(deed.chain, _roles(permission))


def watchers(deed: Deed) -> Collection[str | None]:
    """Whoever watches what a unit does, nearest to it."""
    return deed.work.store.desk(deed.chain, sorted(CHECKERS), deed.away)


def _roles(permission: Permission) -> list[Role]:
    return [role for role in Role if permission in GRANTS[role] and role is not Role.RESIDENT]


def flags_that(which: Callable[[Flag], bool], who: Who) -> Who:
    """The same, for some flags alone."""
    return lambda deed: who(deed) if deed.flag and which(deed.flag) else ()


def parts(*names: str) -> Who:
    """Those who have a part in the entry: owner, leader, watchdog."""
    return lambda deed: [getattr(deed.risk, name) for name in names] if deed.risk else ()


def doing(name: str) -> Who:
    """Who carries out the measure."""
    return lambda deed: [getattr(deed.measure, name)] if deed.measure else ()


def verifier(deed: Deed) -> Collection[str | None]:
    """Who is to verify the measure; where they are a relative of who did it, whoever is nearest and is none."""
    if deed.measure is None:
        return ()
    away = deed.work.store.with_kin(all_doers(deed.work, deed.measure))
    if deed.measure.watchdog_id not in away:
        return [deed.measure.watchdog_id]
    return deed.work.store.desk(deed.chain, _roles(Permission.MEASURE_VERIFY), away | deed.away)


def fact(name: str) -> Who:
    """Whom the record itself names."""
    return lambda deed: [str(deed.facts[name])] if name in deed.facts else ()


def themselves(deed: Deed) -> Collection[str | None]:
    return [deed.subject]


def post_holders(deed: Deed) -> Collection[str | None]:
    return deed.work.store.owners(deed.risk.item_id, deed.risk.unit_id) if deed.risk else ()


def holders(deed: Deed) -> Collection[str | None]:
    """Whoever may pass an entry on at the level that holds it now."""
    return deed.work.store.desk(str(deed.facts["holder"]), _roles(Permission.RISK_ESCALATE), deed.away)


def warned(*colours: WarningLevel) -> Who:
    """Whom a warning of these colours is addressed to: a person, or the desk of a unit."""

    def who(deed: Deed) -> Collection[str | None]:
        people: set[str | None] = set()
        if deed.facts["colour"] not in colours:
            return people
        for one in deed.work.store.running_warnings(deed.chain):
            if (one.subject, one.rule) == (deed.subject, deed.facts["rule"]):
                people.add(one.person_id)
                if one.to_unit_id:
                    people.update(deed.work.store.desk(one.to_unit_id, _roles(Permission.WARNING_READ), deed.away))
        return people

    return who


def _may_answer(deed: Deed) -> Collection[str | None]:
    request = deed.work.store.find(Request, deed.subject)
    subject = deed.work.store.find(Subject, request.subject_id) if request and request.subject_id else None
    if request is None:
        return ()
    away = {*request.kept_from, *deed.work.store.barred(subject.item_id if subject else None, request.unit_id)}
    return deed.work.store.desk(deed.chain, _roles(Permission.REQUEST_ANSWER), away)


def _raised(deed: Deed) -> Collection[str | None]:
    return [deed.flag.raised_by] if deed.flag and deed.flag.source is Source.SUPERIOR else ()


def _begun(deed: Deed) -> Collection[str | None]:
    run = deed.work.store.find(Run, deed.subject)
    return [run.begun_by] if run else ()


def _asked(deed: Deed) -> Collection[str | None]:
    """Whoever asked for what the actor has just decided about."""
    scope = deed.work.actor.scope(Permission.SEALED_OPEN)
    found = deed.work.store.some(Opening, scope, flag_id=deed.subject, decided_by=deed.work.actor.person_id)
    return [one.asked_by for one in found if one.decided_at == deed.work.now and one.status is not OpeningStatus.DONE]


@dataclass(frozen=True)
class Tells:
    """What one event says to whom; `red` at once, `myself` also to whoever did it."""

    kind: Kind
    who: Who
    red: bool = False
    myself: bool = False


P = Permission
_WARNED = (
    Tells(Kind.WARNING, warned(WarningLevel.YELLOW, WarningLevel.ORANGE)),
    Tells(Kind.WARNING_RED, warned(WarningLevel.RED), red=True),
)
_HELD = (Tells(Kind.HOLDING, holders),)
_PARTS = parts("owner_id", "leader_id")
TOLD: dict[str, tuple[Tells, ...]] = {
    E.FLAG_RAISED: (
        Tells(Kind.SEALED, flags_that(lambda flag: flag.sealed, above(P.SEALED_LIFT))),
        Tells(Kind.POINT, flags_that(lambda flag: flag.source is Source.SUPERIOR, desk(P.POINT_ANSWER))),
        Tells(
            Kind.REVIEW,
            flags_that(lambda flag: not flag.sealed and flag.source is not Source.SUPERIOR, desk(P.INBOX_READ)),
        ),
    ),
    E.FLAG_SEALED: (Tells(Kind.SEALED, above(P.SEALED_LIFT)),),
    E.SEAL_LIFTED: (Tells(Kind.REVIEW, desk(P.INBOX_READ)),),
    E.FLAG_ANSWERED: (Tells(Kind.SENDER, flags_that(lambda flag: not flag.sealed, desk(P.INBOX_READ))),),
    E.SENDER_WROTE: (Tells(Kind.SENDER, flags_that(lambda flag: not flag.sealed, desk(P.INBOX_READ))),),
    E.REOPENING_ASKED: (Tells(Kind.AGAIN, flags_that(lambda flag: not flag.sealed, desk(P.INBOX_READ))),),
    E.DECISION_STEP_SKIPPED: (Tells(Kind.STEP_SKIPPED, watchers),),
    E.REQUEST_MADE: (Tells(Kind.REQUEST, _may_answer),),
    E.FLAG_OPENED: (Tells(Kind.POINT_ANSWERED, _raised),),
    E.FLAG_MERGED: (Tells(Kind.POINT_ANSWERED, _raised),),
    E.FLAG_DECLINED: (Tells(Kind.POINT_ANSWERED, _raised),),
    E.RISK_ASSIGNED: (Tells(Kind.ASSIGNED, parts("owner_id", "leader_id", "watchdog_id")),),
    E.RISK_RATED: (Tells(Kind.RATED, post_holders), Tells(Kind.RATED, _PARTS)),
    E.RISK_STATED: (Tells(Kind.STATED, desk(P.RISK_RATE)),),
    E.RISK_FILED: (Tells(Kind.FILED, _PARTS),),
    E.CLOSING_ASKED: (Tells(Kind.CLOSING, desk(P.RISK_CLOSE)), Tells(Kind.CLOSING, parts("watchdog_id"))),
    E.CLOSING_REFUSED: (Tells(Kind.CLOSING_BACK, _PARTS),),
    E.RISK_CLOSED: (Tells(Kind.CLOSED, _PARTS),),
    E.LOOKED_AGAIN: (Tells(Kind.LOOKED, _PARTS),),
    E.RISK_REOPENED: (Tells(Kind.REOPENED, _PARTS, red=True), Tells(Kind.REOPENED, desk(P.RISK_RATE), red=True)),
    E.MEASURE_PLANNED: (Tells(Kind.MEASURE, doing("owner_id")),),
    **dict.fromkeys((E.MEASURE_REARRANGED, E.MEASURE_REWORDED), (Tells(Kind.MEASURE, doing("owner_id")),)),
    E.VERIFICATION_ASKED: (Tells(Kind.VERIFY, verifier),),
    E.MEASURE_VERIFIED: (Tells(Kind.VERIFIED, doing("owner_id")),),
    E.MEASURE_RETURNED: (Tells(Kind.RETURNED, doing("owner_id")),),
    **dict.fromkeys((E.RISK_ESCALATED, E.RISK_GIVEN_BACK, E.RISK_HANDED_DOWN, E.HANDING_OBJECTED), _HELD),
    **dict.fromkeys((E.WARNING_RAISED, E.WARNING_PASSED, E.WARNING_REPEATED), _WARNED),
    E.ROUND_OPENED: (Tells(Kind.ROUND, below(P.FLAG_INSPECT)),),
    E.RUN_FINISHED: (Tells(Kind.RUN_DONE, _begun, myself=True),),
    E.RUN_FAILED: (Tells(Kind.RUN_FAILED, _begun, myself=True),),
    E.OPENING_ASKED: (Tells(Kind.OPENING, above(P.SEALED_OPEN)),),
    **dict.fromkeys((E.OPENING_GRANTED, E.OPENING_REFUSED), (Tells(Kind.OPENING_DECIDED, _asked),)),
    E.POST_HANDED_OVER: (Tells(Kind.HANDED, fact("to")),),
    E.POST_TAKEN: (Tells(Kind.ACCOUNT, fact("person")),),
    E.ROLE_GRANTED: (Tells(Kind.ACCOUNT, themselves),),
    E.ROLE_REVOKED: (Tells(Kind.ACCOUNT, themselves),),
    E.PASSWORD_RESET: (Tells(Kind.ACCOUNT, themselves),),
    **dict.fromkeys((E.SWEEP_MISSED, E.CLOCK_BEHIND), (Tells(Kind.CLOCK, above(P.SITE_KEEP)),)),
    E.LOG_BROKEN: (Tells(Kind.LOG, above(P.AUDIT_READ), red=True), Tells(Kind.LOG, above(P.ROLE_GRANT), red=True)),
    E.WITNESS_AWAY: tuple(Tells(Kind.WITNESS, above(right), red=True) for right in (P.SITE_KEEP, P.AUDIT_READ)),
    E.GIVEN_UP: (
        Tells(Kind.UNDELIVERED, themselves, myself=True), Tells(Kind.OTHERS_UNDELIVERED, above(P.SITE_KEEP)),
    ),
}  # fmt: skip
"""What each event says to whom. What a resident did is never red: a message at once would tell its hour."""


REMINDED = (Kind.LOOK_DUE, Kind.DISCLOSURE_DUE, Kind.RESOLUTION_DUE, Kind.RESOLUTION_LATE)
"""What the day alone tells, by no event."""
AHEAD = 3
"""Calendar days before its day on which something to be made public is told of; on the day itself once more."""


def remind(work: "Work", unit_id: str, since: date | None) -> None:
    """Tell a community of what has come near or fallen due since the last day this was done."""
    work.actor.require(Permission.SITE_KEEP)
    before = since or work.today - timedelta(days=1)
    _remind_of_looks(work, unit_id, before)
    _remind_of_resolutions(work, unit_id)
    days = {work.today, *(before + timedelta(days=AHEAD + n) for n in range(1, (work.today - before).days + 1))}
    if work.store.has_dues_on(unit_id, {day for day in days if day >= work.today}):
        desk_ = work.store.desk(unit_id, _roles(Permission.DISCLOSURE_EDIT), ())
        tell(work, desk_, Said(Kind.DISCLOSURE_DUE, unit_id, unit_id))


def _remind_of_looks(work: "Work", unit_id: str, before: date) -> None:
    """To the desk of a community, less whoever had a part in the entry."""
    for risk_id in work.store.looks_due(unit_id, before, work.today):
        risk = work.store.find(Risk, risk_id)
        if risk is not None:
            part = work.store.with_kin((risk.owner_id, risk.leader_id, risk.closed_by, risk.closing_asked_by))
            away = work.store.kept_away(risk.id) | part
            people = work.store.desk(unit_id, _roles(Permission.RISK_LOOK_AGAIN), away)
            tell(work, people, Said(Kind.LOOK_DUE, unit_id, risk.id))


def _remind_of_resolutions(work: "Work", unit_id: str) -> None:
    """To whoever enters the steps of decisions, and once late to whoever watches them too; once as long as the notice
    is kept, for a step may be entered long after its day."""
    for decision_id, resolved_on in work.store.unpublished_resolutions(unit_id):
        limit = work.calendar.after(resolved_on, PUBLISH_WITHIN)
        if limit > work.today + timedelta(days=AHEAD):
            continue
        kind = Kind.RESOLUTION_LATE if limit < work.today else Kind.RESOLUTION_DUE
        people = work.store.desk(unit_id, _roles(Permission.DECISION_EDIT), ())
        watching = work.store.desk(unit_id, sorted(CHECKERS), ()) if kind is Kind.RESOLUTION_LATE else []
        if not work.store.is_told(kind, decision_id):
            tell(work, {*people, *watching}, Said(kind, unit_id, decision_id))


def tell_of(work: "Work", event: str, subject: str, chain: str, facts: Mapping[str, object]) -> None:
    """Tell everybody whom an event that is being recorded concerns, except who did it and who is kept from it."""
    if event not in TOLD:
        return
    deed = Deed(work, event, subject, chain, facts)
    for tells in TOLD[event]:
        about, people = READ_BY[tells.kind][0], {person for person in tells.who(deed) if person}
        if not tells.myself:
            people.discard(work.actor.person_id or "")
        if people and about not in (About.OWN, About.RUN):
            people -= deed.away
        if people:
            by_unit = about in (About.INBOX, About.DESK, About.DISCLOSURE, About.OWN)
            tell(work, people, Said(tells.kind, chain, chain if by_unit else subject, tells.red))
