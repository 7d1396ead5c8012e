"""Merging (归并): flags become provenance of one entry; each merge is a link, and taking it back is a date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from core import dates
from core.access import Permission, Scope
from core.alike.matching import Match
from core.entries.clocks import follow
from core.entries.escalation import lift_if_concerned
from core.entries.risks import Risk, RiskForm, fill, not_own
from core.errors import Refused, Stale
from core.events import Event
from core.lifecycle import ENDED, RISK_STEPS, advance
from core.orders import reasoned
from core.organisation.units import new_id
from core.privacy.wording import without_people
from core.review.distinctions import end, judge, revive
from core.review.suggesting import as_said, matches, renew
from core.review.triage import decide
from core.store import Work
from core.text import N_, clean
from core.voices.attachments import FileRow
from core.voices.flags import Flag, hearable, load
from core.words import FlagStatus, RiskStatus, Source, Triage


@dataclass(eq=False)
class Link:
    """That a flag belongs to an entry: who said so, when, why, and when it was taken back.

    `before` is the state of the flag before the merge, so that taking it back restores exactly that. `came_from` is
    the link this one took the place of, when a flag was moved; links that were moved together share a `deed_id`.
    """

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    before: FlagStatus
    linked_by: str
    linked_at: datetime
    reason: str
    founding: bool = False
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str = ""
    came_from: str | None = None
    deed_id: str | None = None


@dataclass(frozen=True)
class Likeness:
    """A likely entry as a person reads it: what it says, in which voices, and why it may be the same."""

    match: Match
    number: int
    title: str
    item: str
    status: RiskStatus
    voices: tuple[str, ...]


class MergeForm(BaseModel):
    """Which entry a flag is merged into, and why."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    risk_id: str = Field(title=N_("Entry"), min_length=1)
    reason: str = Field("", title=N_("Why it is the same matter"), max_length=500)


@dataclass(frozen=True)
class Choice:
    """An open entry as one chooses it from a list."""

    risk_id: str
    number: int
    title: str
    item: str


def candidates(work: Work, flag_id: str) -> list[Likeness]:
    """At most three entries of the same community that may be the same matter as a flag."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    return likely_entries(work, flag, scope)


def open_entries(work: Work, flag_id: str) -> list[Choice]:
    """Every entry a flag could be merged into, by number: those of its community that have not ended."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    return work.store.open_entries(scope, flag.unit_id)


def likely_entries(work: Work, flag: Flag, scope: Scope) -> list[Likeness]:
    """The likely entries for a flag, from what the actor may see; residents' words count where they may be read."""
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    apart = work.store.apart(flag.id)
    said = as_said(flag)
    pool = [one for one in work.store.candidates(scope, flag.unit_id, raw, said) if one.risk_id not in apart]
    found = matches(work, flag, pool)
    rows = {row.id: row for row in work.store.entries(scope, [match.risk_id for match in found])}
    return [
        Likeness(m, rows[m.risk_id].number, rows[m.risk_id].title, rows[m.risk_id].item, rows[m.risk_id].status,
                 rows[m.risk_id].sources)
        for m in found
    ]  # fmt: skip


def merge(work: Work, flag_id: str, risk_id: str, reason: str = "") -> str:
    """Merge a flag into an entry of the same community; the flag stays as it was said."""
    work.actor.require(Permission.FLAG_MERGE)
    return merge_all(work, [flag_id], risk_id, reason)[0]


def merge_all(work: Work, flag_ids: Sequence[str], risk_id: str, reason: str) -> list[str]:
    """Merge flags into one entry, all of them or none; gives the ids of their links.

    The weights learn from the first alone: it is one word of a person, and the others are like it.
    """
    scope = work.actor.require(Permission.FLAG_MERGE)
    risk = work.store.one(Risk, risk_id, scope)
    not_own(work, risk)
    made = [join(work, load(work, flag_id, scope), risk, reason, judged=not n) for n, flag_id in enumerate(flag_ids)]
    renew(work, risk)
    return made


def join(work: Work, flag: Flag, risk: Risk, reason: str, *, judged: bool = True) -> str:
    """Link a flag to an entry and say so on the flag; `judged` where the weights may learn from it."""
    if risk.unit_id != flag.unit_id:
        raise Refused(N_("Flag and entry belong to different communities."))
    if risk.status in ENDED:
        raise Refused(N_("A closed entry is not changed. Reopen it first."))
    if flag.sealed:
        raise Refused(N_("A sealed matter is not merged."))
    link = Link(
        new_id(), flag.unit_id, flag.id, risk.id, flag.status, work.person_id, work.now, clean(reason)[:500]
    )
    event = decide(work, flag, FlagStatus.MERGED, "", Triage.RISK_POINT)
    work.store.add(link)
    end(work, flag, risk.id)
    if judged:
        judge(work, flag, risk.id, same=True)
    work.record(event, flag.id, chain=flag.unit_id, risk=risk.id, link=link.id)
    lift_if_concerned(work, risk)
    return link.id


def open_entry(work: Work, flag_id: str, form: RiskForm) -> str:
    """Open a new entry of the register from a flag."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    risk_id = found_entry(work, flag, form)
    renew(work, work.store.one(Risk, risk_id, scope))
    return risk_id


def found_entry(work: Work, flag: Flag, form: RiskForm) -> str:
    """Open an entry on a flag: number, words and the link of its first voice."""
    if flag.sealed:
        raise Refused(N_("A sealed matter is not merged."))
    risk = new_entry(work, flag, form)
    link = Link(new_id(), flag.unit_id, flag.id, risk.id, flag.status, work.person_id, work.now, "", founding=True)
    event = decide(work, flag, FlagStatus.OPENED, "", Triage.RISK_POINT)
    work.store.add(link)
    work.record(event, flag.id, chain=flag.unit_id, risk=risk.id, link=link.id, number=risk.number)
    lift_if_concerned(work, risk)
    return risk.id


def new_entry(work: Work, beside: Flag | Risk, form: RiskForm) -> Risk:
    """A new entry of the register that a flag or another entry belongs to, still without a voice."""
    without_people(work, beside.unit_id, title=form.title, manifestation=form.manifestation)
    number, unit_id = work.store.next_number(beside.unit_id), beside.unit_id
    risk = Risk(new_id(), unit_id, number, form.title, form.item_id, form.dimension, form.risk_type, work.today)
    fill(work, risk, form)
    work.store.add(risk)
    follow(work, risk)
    return risk


def check_unmerge(work: Work, risk: Risk) -> None:
    """Refuse to take a voice out of an entry by whoever answers for it, or the only voice of a rated one."""
    not_own(work, risk)
    if risk.status is not RiskStatus.UNRATED and len(work.store.links_of(risk.id)) < 2:
        raise Refused(N_("This is the only voice in an entry that has been rated, so it stays."))


def withdraw_if_empty(work: Work, risk: Risk) -> None:
    """Withdraw an entry that was left without voices."""
    if not work.store.links_of(risk.id):
        event = advance(risk, RiskStatus.ARCHIVED, RISK_STEPS)
        follow(work, risk)
        work.record(event, risk.id, chain=risk.unit_id)


def unmerge(work: Work, link_id: str, reason: str) -> None:
    """Take a merge back: the flag is again exactly what it was. An entry left without voices is withdrawn."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    link = work.store.one(Link, link_id, scope)
    if link.undone_at is not None:
        raise Stale(N_("This merge has been taken back already."))
    why = reasoned(reason)
    flag = load(work, link.flag_id, scope)
    risk = work.store.one(Risk, link.risk_id, scope)
    check_unmerge(work, risk)
    link.undone_at, link.undone_by, link.undone_reason = work.now, work.actor.person_id, why
    withdraw_if_empty(work, risk)
    decide(work, flag, link.before, "", None)
    flag.decided_on = None
    revive(work, flag, risk.id, link.linked_at)
    if not link.founding:
        judge(work, flag, risk.id, same=False)
    work.record(Event.FLAG_UNMERGED, flag.id, chain=flag.unit_id, risk=risk.id, link=link.id)


@dataclass(frozen=True)
class Moved:
    """How a link stands in a move: the number of the entry its flag came from, of the one it went to, and the standing
    link by which that is taken back, together with others where an entry was split."""

    came_from: int | None = None
    went_to: int | None = None
    back: str = ""
    together: bool = False


@dataclass(frozen=True)
class Voice:
    """One flag inside an entry as the actor may read it; where the words are withheld, `text` is None and no file is
    shown."""

    link_id: str
    flag_id: str
    source: str
    channel: str
    text: str | None
    raised_on: str
    level: str | None
    speaker: str
    founding: bool
    linked_by: str
    reason: str
    undone_on: str
    undone_by: str
    undone_reason: str
    moved: Moved
    files: tuple[FileRow, ...] = ()


def moved(work: Work, risk: Risk) -> Mapping[str, Moved]:
    """How the links of an entry stand in moves; asked only where one came from another entry or was ended."""
    links = work.store.links_of(risk.id, undone=True)
    return work.store.moves(risk.id) if any(link.came_from or link.undone_at for link in links) else {}


def voices(work: Work, risk_id: str) -> list[Voice]:
    """Every flag in an entry, also those taken out again; residents' words, and the reasons that may quote them, only
    for who may hear them."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    own = work.actor.person_id in work.store.barred(risk.item_id, risk.unit_id)
    found, moves = [], moved(work, risk)
    files = work.store.files_in(work.actor.scope(Permission.FLAG_READ_RAW), risk.id)
    links = work.store.links_of(risk.id, undone=True)
    flags = work.store.seen_all(Flag, [link.flag_id for link in links], scope)
    heard = hearable(work, list(flags.values()))
    names = work.store.names_of({
        *(flag.raised_by for flag in flags.values()), *(link.linked_by for link in links),
        *(link.undone_by for link in links),
    })  # fmt: skip
    for link in links:
        flag = flags.get(link.flag_id)
        if flag is None:
            continue
        hear = flag.id in heard and not (own and flag.source is Source.RESIDENT)
        found.append(
            Voice(
                link.id, flag.id, flag.source, flag.channel, flag.text if hear else None, flag.raised_on.isoformat(),
                flag.level, names[flag.raised_by], link.founding, names[link.linked_by],
                link.reason if hear else "", dates.today(link.undone_at).isoformat() if link.undone_at else "",
                names[link.undone_by], link.undone_reason if hear else "",
                moves.get(link.id, Moved()), tuple(files.get(flag.id, ())) if hear and not link.undone_at else (),
            )
        )  # fmt: skip
    return found
