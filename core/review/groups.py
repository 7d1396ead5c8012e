"""Groups (成组审核): flags that were taken in together and may be one matter, decided group by group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.access import Permission
from core.alike.weighing import shipped
from core.entries.risks import RiskForm
from core.errors import Invalid, Missing, Stale
from core.events import Event
from core.orders import reasoned
from core.review.merging import Choice, merge_all, open_entry
from core.review.runs import Group, Member
from core.store import Work
from core.text import N_, Term, _
from core.voices.flags import Flag, tell_reading
from core.words import Channel, GroupStatus

PAGES = (20, 50, 100)
"""How many members may be shown at once."""
MOST = 100
"""Members decided about in one deed."""
TOLD, LONG = 3, 12
"""Runs of words by which a group is told from others, and the characters of each that are given."""


class Certainty(Term):
    """How sure it is that what was said is one matter; of a group, by the weakest tie that holds it together."""

    SURE = "sure", N_("very probably one matter")
    LIKELY = "likely", N_("probably one matter")
    POSSIBLE = "possible", N_("perhaps one matter")


def certainty(strength: float) -> Certainty:
    """A probability (0–1) in words: sure where one would be chosen beforehand, likely where one would be proposed."""
    thresholds = shipped().thresholds
    if strength >= thresholds["preselected"]:
        return Certainty.SURE
    return Certainty.LIKELY if strength >= thresholds["likely"] else Certainty.POSSIBLE


@dataclass(frozen=True)
class GroupRow:
    """A group as one reviewer meets it: `mine` members wait for them, `withheld` wait for somebody else; `about` are
    words that most of those share.

    Members nobody may know of are in neither number.
    """

    id: str
    run_id: str
    unit_id: str
    unit: str
    n: int
    strength: float
    weak: bool
    status: GroupStatus
    mine: int
    withheld: int
    about: tuple[str, ...] = ()

    @property
    def certainty(self) -> Certainty:
        return certainty(self.strength)


@dataclass(frozen=True)
class MemberRow:
    """One flag of a group with its words, how sure it belongs here, and because of which of them; `number` is what it
    is called where it came from."""

    flag_id: str
    channel: Channel
    text: str
    raised_on: date
    item_id: str | None
    item: str
    place: str
    strength: float
    because: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True)
class Near:
    """An entry a group may belong to, with how sure."""

    entry: Choice
    strength: float

    @property
    def certainty(self) -> Certainty:
        return certainty(self.strength)


@dataclass(frozen=True)
class Review:
    """A run with groups: how many there are, and how many still wait for this reviewer."""

    run_id: str
    title: str
    unit: str
    day: date
    groups: int
    left: int


def reviews(work: Work) -> list[Review]:
    """The runs whose groups the actor may decide about, those with groups left first."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    return work.store.reviews(scope, work.person_id)


def groups(work: Work, run_id: str) -> list[GroupRow]:
    """The groups of a run that wait for the actor or were decided, in the order to go through them."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    words = work.store.group_words(raw, work.person_id, run_id)
    return [
        replace(row, about=about(words.get(row.id, ()))) for row in work.store.group_rows(scope, work.person_id, run_id)
    ]


def about(shared: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The runs of words most members share, each member's given: at most three, none inside another, cut short."""
    said = {word for words in shared for word in words}
    often = {word: sum(any(word in other for other in words) for words in shared) for word in said}
    kept: list[str] = []
    for word in sorted(said, key=lambda one: (-often[one], -len(one), one)):
        if len(kept) < TOLD and not any(word in other or other in word for other in kept):
            kept.append(word)
    return tuple(word if len(word) <= LONG else word[: LONG - 1] + "…" for word in kept)


def members(work: Work, group_id: str) -> list[MemberRow]:
    """The members of a group the actor may read and decide about, the surest first."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = work.store.one(Group, group_id, scope)
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    return work.store.member_rows(raw, work.person_id, group.id)


def near(work: Work, group_id: str) -> list[Near]:
    """The entries a group is like, the surest first."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = work.store.one(Group, group_id, scope)
    return work.store.near_entries(scope, group.id)


def entries(work: Work, group_id: str) -> list[Choice]:
    """Every entry a group could join: the open ones of its community."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = work.store.one(Group, group_id, scope)
    return work.store.open_entries(scope, group.unit_id)


def note_readings(work: Work, group_id: str, flag_ids: Sequence[str]) -> None:
    """Keep that the actor's roles opened these words today, as for a flag in the inbox."""
    scope = work.actor.require(Permission.FLAG_READ_RAW)
    group = work.store.one(Group, group_id, scope)
    community = work.store.register_of(group.unit_id)
    inside = {row.flag_id for row in work.store.member_rows(scope, work.person_id, group.id)}
    opened = inside.intersection(flag_ids)
    flags, read = work.store.seen_all(Flag, opened, scope), work.store.readings_on(opened, work.today)
    if flags.keys() != opened:
        raise Missing
    for role in sorted(work.actor.roles_with(Permission.FLAG_READ_RAW, community.path)):
        for flag in flags.values():
            if (flag.id, role) not in read and tell_reading(work, flag, role):
                work.record(Event.FLAG_READ, flag.id, chain=flag.unit_id, role=role)


@dataclass(frozen=True)
class Choosing:
    """Which members of a group a deed is about, and which of those that were seen are left out of the group."""

    flag_ids: tuple[str, ...]
    out_ids: tuple[str, ...] = ()


def join_entry(work: Work, group_id: str, chosen: Choosing, risk_id: str, reason: str = "") -> None:
    """Merge the chosen members of a group into an entry, all of them or none."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = _open(work.store.one(Group, group_id, scope))
    merge_all(work, _checked(work, group, chosen), risk_id, reason)
    group.risk_id = risk_id
    _close(work, group, chosen)


def found_entry(work: Work, group_id: str, chosen: Choosing, form: RiskForm) -> str:
    """Open one entry on the chosen members of a group, all of them or none; gives the entry's id."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = _open(work.store.one(Group, group_id, scope))
    first, *others = _checked(work, group, chosen)
    risk_id = open_entry(work, first, form)
    if others:
        merge_all(work, others, risk_id, "")
    group.risk_id = risk_id
    _close(work, group, chosen)
    return risk_id


def set_aside(work: Work, group_id: str, reason: str) -> None:
    """Leave a group as it is: its flags wait in the inbox, one by one."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = _open(work.store.one(Group, group_id, scope))
    why = reasoned(reason)
    group.status, group.decided_by, group.decided_at = GroupStatus.SET_ASIDE, work.person_id, work.now
    work.record(Event.GROUP_SET_ASIDE, group.id, chain=group.unit_id, reason=why)


def bring_back(work: Work, group_id: str) -> None:
    """Take up a group again: whatever of it still waits is a proposal as before."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    group = work.store.one(Group, group_id, scope)
    if group.status is GroupStatus.OPEN:
        raise Stale
    group.status, group.decided_by, group.decided_at = GroupStatus.OPEN, None, None
    for member in work.store.some(Member, scope, group_id=group.id):
        member.left_out = False
    work.record(Event.GROUP_BROUGHT_BACK, group.id, chain=group.unit_id)


def _open(group: Group) -> Group:
    if group.status is not GroupStatus.OPEN:
        raise Stale(N_("This group has been decided already."))
    return group


def _checked(work: Work, group: Group, chosen: Choosing) -> list[str]:
    """The chosen members, each of which the actor may decide about."""
    flag_ids = list(dict.fromkeys(chosen.flag_ids))
    if not flag_ids:
        raise Invalid(flag_ids=_("Please choose at least one."))
    if len(flag_ids) > MOST:
        raise Invalid(flag_ids=_("Please choose at most {n} at once.", n=MOST))
    if not _waiting(work, group).issuperset([*flag_ids, *chosen.out_ids]):
        raise Stale
    return flag_ids


def _waiting(work: Work, group: Group) -> set[str]:
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    return {row.flag_id for row in work.store.member_rows(raw, work.person_id, group.id)}


def _close(work: Work, group: Group, chosen: Choosing) -> None:
    """What was seen and left out waits in the inbox by itself; the group is decided once nothing of it is left."""
    for member in work.store.some(Member, work.actor.scope(Permission.FLAG_MERGE), group_id=group.id):
        member.left_out = member.left_out or member.flag_id in chosen.out_ids
    if not _waiting(work, group).difference(chosen.flag_ids, chosen.out_ids):
        group.status, group.decided_by, group.decided_at = GroupStatus.DECIDED, work.person_id, work.now
    flags = len(set(chosen.flag_ids))
    work.record(Event.GROUP_DECIDED, group.id, chain=group.unit_id, flags=flags, risk=group.risk_id)
