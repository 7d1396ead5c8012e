"""Checks on people: who answers, leads, watches, verifies and holds, against what they are today."""

from collections.abc import Iterator
from datetime import date

from core.consistency.checked import Checked, EntryFact
from core.consistency.checking import Check, Comes, Record, Seen, Severity, of_entry, of_measure
from core.entries.risks import CHECKERS, DOERS
from core.text import N_, _
from core.words import Level, RiskStatus, Role

CARRIED = (RiskStatus.CONTROLLED, RiskStatus.VERIFYING, RiskStatus.REOPENED)
"""States in which somebody must answer for an entry."""


def _parts(entry: EntryFact) -> tuple[str | None, ...]:
    return entry.owner_id, entry.leader_id, entry.watchdog_id


def _no_owner(seen: Checked, _today: date) -> Iterator[Seen]:
    """High entries are left to the warning `high_unattended`."""
    bare = (one for one in seen.entries if one.status in CARRIED and one.owner_id is None)
    return (of_entry(one) for one in bare if one.level is not Level.HIGH)


def _no_watchdog(seen: Checked, _today: date) -> Iterator[Seen]:
    return (of_entry(one) for one in seen.entries if one.status in CARRIED and one.watchdog_id is None)


def _left(seen: Checked, person_id: str | None) -> bool:
    person = seen.person.get(person_id or "")
    return person is not None and person.left_on is not None


def _part_left(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        if entry.is_open and (gone := [one for one in dict.fromkeys(_parts(entry)) if _left(seen, one)]):
            yield of_entry(entry, *gone, about=tuple(map(seen.name, gone)))
        for measure in seen.measures_of[entry.id] if entry.is_open else ():
            gone = [one for one in (measure.owner_id, measure.watchdog_id) if _left(seen, one)]
            if gone and not measure.is_verified:
                yield of_measure(measure, *gone, about=tuple(map(seen.name, gone)))


def _lacks(seen: Checked, person_id: str | None, roles: frozenset[Role]) -> bool:
    """Whether somebody who is still here holds none of the roles any more."""
    person = seen.person.get(person_id or "")
    return person is not None and person.left_on is None and person.roles.isdisjoint(roles)


def _doer_without_role(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open, seen.entries):
        people = dict.fromkeys((entry.owner_id, entry.leader_id))
        if lacking := [one for one in people if _lacks(seen, one, DOERS)]:
            yield of_entry(entry, *lacking, about=tuple(map(seen.name, lacking)))
        for measure in seen.measures_of[entry.id]:
            if not measure.is_verified and _lacks(seen, measure.owner_id, DOERS):
                yield of_measure(measure, measure.owner_id, about=(seen.name(measure.owner_id),))


def _checker_without_role(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open, seen.entries):
        if _lacks(seen, entry.watchdog_id, CHECKERS):
            yield of_entry(entry, entry.watchdog_id, about=(seen.name(entry.watchdog_id),))
        for measure in seen.measures_of[entry.id]:
            if not measure.is_verified and _lacks(seen, measure.watchdog_id, CHECKERS):
                yield of_measure(measure, measure.watchdog_id, about=(seen.name(measure.watchdog_id),))


def _low_not_by_post(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        answering = seen.answering(entry)
        low = entry.is_open and entry.level is Level.LOW and entry.owner_id
        if low and answering and entry.owner_id not in answering:
            yield of_entry(entry, entry.owner_id, *sorted(answering), about=(seen.name(entry.owner_id),))


def _watches_own(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        own = seen.answering(entry) | {entry.owner_id, entry.leader_id}
        if entry.is_open and entry.watchdog_id and entry.watchdog_id in own:
            yield of_entry(entry, entry.watchdog_id, about=(seen.name(entry.watchdog_id),))


def _verifies_own(seen: Checked, _today: date) -> Iterator[Seen]:
    for measure in seen.measures:
        entry = seen.entry[measure.risk_id]
        own = seen.answering(entry) | {entry.owner_id, measure.claimed_by}
        if entry.is_open and not measure.is_verified and measure.watchdog_id in own:
            yield of_measure(measure, measure.watchdog_id, about=(seen.name(measure.watchdog_id),))


def _verified_by_concerned(seen: Checked, _today: date) -> Iterator[Seen]:
    for measure in filter(lambda one: one.verified_by, seen.measures):
        entry = seen.entry[measure.risk_id]
        if measure.verified_by in (measure.owner_id, measure.claimed_by, entry.owner_id, entry.leader_id):
            yield of_measure(measure, measure.verified_by, about=(seen.name(measure.verified_by),))


def _part_named(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in filter(lambda one: one.is_open, seen.entries):
        named = [one for one in dict.fromkeys(_parts(entry)) if one and (entry.id, one) in seen.named]
        if named:
            yield of_entry(entry, *named, about=tuple(map(seen.name, named)))


def _judged_by_named(seen: Checked, _today: date) -> Iterator[Seen]:
    judges = [(one.risk_id, one.rated_by) for one in seen.ratings]
    judges += [(one.risk_id, one.verified_by or "") for one in seen.measures]
    judges += [(one.id, one.closed_by or "") for one in seen.entries]
    found: dict[str, set[str]] = {}
    for risk_id, person_id in set(judges) & seen.named:
        found.setdefault(risk_id, set()).add(person_id)
    for entry in seen.entries:
        if people := sorted(found.get(entry.id, ())):
            yield of_entry(entry, *people, about=tuple(map(seen.name, people)))


def _judged_by_relative(seen: Checked, _today: date) -> Iterator[Seen]:
    kin: dict[str, set[str]] = {}
    for one, other in seen.related:
        kin.setdefault(one, set()).add(other)
    for entry in seen.entries:
        own = seen.answering(entry) | {entry.owner_id, entry.leader_id}
        measures = seen.measures_of[entry.id]
        judging = {entry.closed_by: own, entry.watchdog_id: own} if entry.is_open else {entry.closed_by: own}
        pairs = [*judging.items(), *((one.verified_by, own | {one.owner_id, one.claimed_by}) for one in measures)]
        if found := sorted({one for one, doing in pairs if one and not kin.get(one, set()).isdisjoint(doing)}):
            yield of_entry(entry, *found, about=tuple(map(seen.name, found)))


def _clock_without_desk(seen: Checked, _today: date) -> Iterator[Seen]:
    for clock in seen.clocks:
        entry = seen.entry[clock.risk_id]
        if entry.is_open and not clock.staffed:
            yield of_entry(entry, clock.holder_id, about=(_("held by {unit}", unit=clock.holder),))


def _clock_not_as_state(seen: Checked, _today: date) -> Iterator[Seen]:
    return (of_entry(one, one.status) for one in seen.entries if one.is_open != (one.id in seen.clock))


W, G, O, R = Severity.WRONG, Severity.GAP, Severity.ODD, Record  # noqa: E741 - severities stand in a table
CHECKS = (
    Check("no_owner", G, _no_owner, (R.ENTRY,),
          N_("An entry under control has nobody who answers for it."),
          N_("What nobody answers for is not carried out."),
          N_("Somebody answers for every entry from the control on. High entries have an early warning of their own.")),
    Check("no_watchdog", G, _no_watchdog, (R.ENTRY,),
          N_("An entry under control has nobody who watches it."),
          N_("Whoever carries something out cannot be the only one who sees it."),
          N_("A watchdog or supervisor who does not answer for the power item watches it.")),
    Check("part_left", W, _part_left, (R.ENTRY, R.MEASURE, R.PERSON),
          N_("Somebody who has left still has a part in an open entry or measure."),
          N_("Limits run on, and nobody is told of them any more."),
          N_("The part is given to somebody who is here.")),
    Check("doer_without_role", W, _doer_without_role, (R.ENTRY, R.MEASURE, R.PERSON),
          N_("Whoever answers for an entry or carries out a measure is no cadre here any more."),
          N_("They can neither report nor ask for the closing."),
          N_("A cadre of the community takes the part over.")),
    Check("checker_without_role", W, _checker_without_role, (R.ENTRY, R.MEASURE, R.PERSON),
          N_("Whoever watches an entry or is to verify a measure is neither watchdog nor supervisor here any more."),
          N_("The verification would wait for somebody who cannot give it."),
          N_("A watchdog or supervisor takes the part over.")),
    Check("low_not_by_post", O, _low_not_by_post, (R.ENTRY, R.POST),
          N_("For an entry of low level somebody else answers than the holder of its post."),
          N_("Low risks are usually managed where they arise, by the post-holder."),
          N_("The post-holder answers for it, or there is a reason why somebody else does.")),
    Check("watches_own", W, _watches_own, (R.ENTRY, R.POST),
          N_("Whoever watches an entry answers for it or has taken its post since."),
          N_("Nobody watches over themselves."),
          N_("Somebody without a part in the power item watches it.")),
    Check("verifies_own", W, _verifies_own, (R.MEASURE, R.ENTRY, R.POST),
          N_("Whoever is to verify a measure answers for its entry, has taken it on or holds its post."),
          N_("The verification would be refused, or prove nothing."),
          N_("Name somebody without a part in it as verifier, at the measure.")),
    Check("verified_by_concerned", W, _verified_by_concerned, (R.MEASURE, R.ENTRY),
          N_("A measure was verified by somebody who leads or answers for its entry."),
          N_("A verification by one of those concerned proves nothing."),
          N_("Somebody else looks at the measure again, or the part in the entry passes to somebody else.")),
    Check("part_named", W, _part_named, (R.ENTRY, R.VOICE, R.PERSON),
          N_("Somebody who is named in a voice of an entry has a part in it."),
          N_("Whoever a matter is about is kept away from it."),
          N_("Their part passes to somebody whom no voice names."), raw=True),
    Check("judged_by_named", W, _judged_by_named, (R.ENTRY, R.RATING, R.MEASURE, R.VOICE),
          N_("Somebody who is named in a voice of an entry has rated it, verified a measure or closed it."),
          N_("Their judgement may have been right when it was given; it no longer convinces anybody."),
          N_("Somebody whom no voice names rates, verifies or signs anew."), raw=True),
    Check("judged_by_relative", W, _judged_by_relative, (R.ENTRY, R.MEASURE, R.PERSON),
          N_("Somebody who watches an entry, verified a measure or closed it is a relative of who answers for it."),
          N_("They may have become or declared themselves relatives since; the judgement convinces nobody any more."),
          N_("Somebody without such a tie watches, verifies or signs anew."), desk=True),
    Check("clock_without_desk", W, _clock_without_desk, (R.CLOCK, R.PERSON),
          N_("An entry is held by a unit where nobody is who could act."),
          N_("Its limit runs on without anybody who sees it."),
          N_("Somebody is given the role there, or the entry is handed to another unit.")),
    Check("clock_not_as_state", W, _clock_not_as_state, (R.ENTRY, R.CLOCK),
          N_("An open entry has no running limit, or a closed one still has one."),
          N_("Without a limit nothing becomes late, and nobody is warned."),
          N_("Every open entry has one running limit and every ended one none. The site's keeper restores the rows."),
          comes=Comes.ROWS),
)  # fmt: skip
