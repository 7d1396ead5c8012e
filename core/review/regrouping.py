"""Regrouping (移并、拆分): voices go from one entry to another, and each such deed can be taken back exactly.

Of a link nothing is ever changed but the day it ends on. A move is a new link that names the one whose place it takes;
taking it back is a new link that repeats that one.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.entries.clocks import follow
from core.entries.risks import Risk, RiskForm, not_own
from core.errors import Invalid, Refused, Stale
from core.events import Event
from core.lifecycle import ENDED, RISK_STEPS, advance
from core.orders import reasoned
from core.organisation.units import new_id
from core.review.distinctions import end, judge, revive
from core.review.merging import Link, check_unmerge, moved, new_entry, unmerge, withdraw_if_empty
from core.review.suggesting import renew
from core.store import Work
from core.text import N_, _
from core.voices.flags import load, loadable
from core.words import RiskStatus


class MoveForm(BaseModel):
    """Which entry a voice goes to, and why."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    risk_id: str = Field(title=N_("Which entry it belongs to"), min_length=1)
    reason: str = Field(title=N_("Why it is another matter"), min_length=2, max_length=500)


class SplitForm(RiskForm):
    """The entry that some of the voices found, and why."""

    reason: str = Field(title=N_("Why these are another matter"), min_length=2, max_length=500)


@dataclass(frozen=True)
class Open:
    """What the actor can do now with the voices of an entry, by their standing links."""

    move: frozenset[str]
    take_out: frozenset[str]
    take_back: frozenset[str]
    split: bool


def move(work: Work, link_id: str, risk_id: str, reason: str) -> str:
    """Move a flag to another entry of its community; it keeps its state, as if it had been merged there."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    target = work.store.one(Risk, risk_id, work.actor.require(Permission.FLAG_MERGE))
    link = _standing(work, link_id, scope)
    flag, home = load(work, link.flag_id, scope), work.store.one(Risk, link.risk_id, scope)
    check_move(work, home)
    not_own(work, target)
    if target.id == home.id:
        raise Invalid(risk_id=_("The flag is in this entry already."))
    if target.unit_id != flag.unit_id:
        raise Refused(N_("Flag and entry belong to different communities."))
    _check_open(target)
    new = _carry(work, link, target.id, reasoned(reason))
    end(work, flag, target.id)
    judge(work, flag, home.id, same=False)
    judge(work, flag, target.id, same=True)
    withdraw_if_empty(work, home)
    renew(work, target)
    work.record(
        Event.FLAG_MOVED, flag.id, chain=flag.unit_id, risk=target.id, link=new.id, before=home.number, to=target.number
    )
    return new.id


def split(work: Work, risk_id: str, link_ids: Collection[str], form: RiskForm, reason: str) -> str:
    """Found a new entry from some of the voices of another; gives its id."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    work.actor.require(Permission.FLAG_MERGE)
    home = work.store.one(Risk, risk_id, scope)
    check_move(work, home)
    standing = work.store.links_of(home.id)
    chosen = [link for link in standing if link.id in link_ids]
    if len(chosen) < len(set(link_ids)):
        raise Stale
    if not 0 < len(chosen) < len(standing):
        raise Invalid(link_ids=_("Please choose some of the voices, but not all."))
    flags, why = [load(work, link.flag_id, scope) for link in chosen], reasoned(reason)
    founded = new_entry(work, home, form)
    not_own(work, founded)
    deed = new_id()
    for n, (link, flag) in enumerate(zip(chosen, flags, strict=True)):
        new = _carry(work, link, founded.id, why, deed_id=deed, founding=n == 0)
        judge(work, flag, home.id, same=False)
        work.record(
            Event.FLAG_MOVED, flag.id, chain=flag.unit_id, risk=founded.id, link=new.id, before=home.number,
            to=founded.number,
        )  # fmt: skip
    renew(work, founded)
    work.record(Event.RISK_SPLIT, home.id, chain=home.unit_id, risk=founded.id, number=founded.number)
    return founded.id


def take_back(work: Work, link_id: str, reason: str) -> None:
    """Take back whatever brought a flag into an entry: a merge, a move, or a split as a whole.

    Deeds are taken back from the newest to the oldest: a flag that was moved on is first brought back from there.
    """
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    link = _standing(work, link_id, scope)
    if link.came_from is None:
        unmerge(work, link.id, reason)
        return
    work.actor.require(Permission.FLAG_MERGE)
    why, here = reasoned(reason), work.store.one(Risk, link.risk_id, scope)
    links = check_take_back(work, link, here)
    home = work.store.one(Risk, _origin(work, link, scope).risk_id, scope)
    _bring_home(work, home)
    for one in links:
        _return(work, one, home, why, scope)
    withdraw_if_empty(work, here)
    renew(work, home)
    if link.deed_id is not None:
        work.record(Event.SPLIT_UNDONE, home.id, chain=home.unit_id, risk=here.id, number=here.number)


def check_move(work: Work, home: Risk) -> None:
    """Refuse to take voices elsewhere from an ended entry, as the one who answers for it, or when none would stay."""
    _check_open(home)
    check_unmerge(work, home)


def check_take_back(work: Work, link: Link, here: Risk) -> Sequence[Link]:
    """The links that go back together; refused where something that came later rests on them."""
    not_own(work, here)
    _check_open(here)
    if link.deed_id is None:
        check_unmerge(work, here)
        return [link]
    deed = work.store.links_of_deed(link.deed_id)
    links = [one for one in deed if one.undone_at is None]
    if {one.flag_id for one in links} != {one.flag_id for one in deed}:
        raise Refused(N_("Some of these voices have been moved on or taken out since, so the splitting stays."))
    if here.status is not RiskStatus.UNRATED:
        raise Refused(N_("The entry that was founded by splitting has been rated since, so it stays."))
    if {one.id for one in work.store.links_of(here.id)} != {one.id for one in links}:
        raise Refused(N_("The entry that was founded by splitting has got other voices since, so it stays."))
    return links


def open_now(work: Work, risk_id: str) -> Open:
    """What the actor can do now with the voices of an entry, and with those that were moved out of it."""
    scope = work.actor.require(Permission.REGISTER_READ)
    home = work.store.one(Risk, risk_id, scope)
    path = work.store.register_of(home.unit_id).path
    if not all(work.actor.scope(p).covers(path) for p in (Permission.FLAG_MERGE, Permission.FLAG_UNMERGE)):
        return Open(frozenset(), frozenset(), frozenset(), split=False)
    links = work.store.links_of(home.id)
    able = loadable(work, [one.flag_id for one in links], scope)
    mine = frozenset(one.id for one in links if one.flag_id in able)
    move = mine if _allows(check_move, work, home) else frozenset()
    take_out = mine if _allows(check_unmerge, work, home) else frozenset()
    back = {one.back for one in moved(work, home).values() if one.back}
    can = frozenset(one for one in back if _allows(_check_back, work, one, scope))
    return Open(move, take_out, can, split=len(links) > 1 and bool(move))


def _check_back(work: Work, link_id: str, scope: Scope) -> None:
    """Refuse where `take_back` would."""
    link = _standing(work, link_id, scope)
    for one in check_take_back(work, link, work.store.one(Risk, link.risk_id, scope)):
        load(work, one.flag_id, scope)
    home = work.store.one(Risk, _origin(work, link, scope).risk_id, scope)
    not_own(work, home)
    if not _is_withdrawn(home):
        _check_open(home)


def _allows(check: Callable[..., object], *args: object) -> bool:
    try:
        check(*args)
    except Refused:
        return False
    return True


def _standing(work: Work, link_id: str, scope: Scope) -> Link:
    link = work.store.one(Link, link_id, scope)
    if link.undone_at is not None:
        raise Stale(N_("Something else was done with this voice since. Only the last of it can be taken back."))
    return link


def _origin(work: Work, link: Link, scope: Scope) -> Link:
    return work.store.one(Link, link.came_from or "", scope)


def _is_withdrawn(risk: Risk) -> bool:
    """Whether an entry was left without voices, in contrast to one that was closed and looked at again."""
    return risk.status is RiskStatus.ARCHIVED and risk.closed_on is None


def _check_open(risk: Risk) -> None:
    if risk.status in ENDED:
        raise Refused(N_("A closed entry is not changed. Reopen it first."))


def _carry(
    work: Work, link: Link, risk_id: str, why: str, *, deed_id: str | None = None, founding: bool = False
) -> Link:
    """End a link, and let another take its place in a different entry."""
    link.undone_at, link.undone_by, link.undone_reason = work.now, work.person_id, why
    new = Link(
        new_id(), link.unit_id, link.flag_id, risk_id, link.before, work.person_id, work.now, why, founding,
        came_from=link.id, deed_id=deed_id,
    )  # fmt: skip
    work.store.add(new)
    return new


def _bring_home(work: Work, home: Risk) -> None:
    """Make ready the entry that voices come back to: one withdrawn when the last of them left is restored."""
    not_own(work, home)
    if _is_withdrawn(home):
        event = advance(home, RiskStatus.UNRATED, RISK_STEPS)
        follow(work, home)
        work.record(event, home.id, chain=home.unit_id)
    _check_open(home)


def _return(work: Work, link: Link, home: Risk, why: str, scope: Scope) -> None:
    """End a link, and repeat the one whose place it had taken."""
    flag = load(work, link.flag_id, scope)
    origin = _origin(work, link, scope)
    link.undone_at, link.undone_by, link.undone_reason = work.now, work.person_id, why
    again = Link(
        new_id(), origin.unit_id, origin.flag_id, origin.risk_id, origin.before, origin.linked_by, origin.linked_at,
        origin.reason, origin.founding, came_from=origin.came_from, deed_id=origin.deed_id,
    )  # fmt: skip
    work.store.add(again)
    revive(work, flag, link.risk_id, link.linked_at)
    judge(work, flag, home.id, same=None if origin.founding else True)
    if link.deed_id is None:
        judge(work, flag, link.risk_id, same=False)
    work.record(Event.FLAG_MOVED_BACK, flag.id, chain=flag.unit_id, risk=home.id, link=again.id, to=home.number)
