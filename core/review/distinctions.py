"""Not the same matter (不是同一件事): what a person has told apart is remembered and never suggested again."""

from dataclasses import dataclass
from datetime import date, datetime

from core import dates
from core.access import Permission
from core.alike.calibration import Judgement
from core.entries.risks import Risk, not_own
from core.errors import Refused, Stale
from core.events import Event
from core.organisation.units import new_id
from core.review.suggesting import signs_of
from core.store import Work
from core.text import N_, clean
from core.voices.flags import Flag, load


@dataclass(eq=False)
class Distinction:
    """That a flag does not belong to an entry: who said so, when and why; taken back by a date."""

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    said_by: str
    said_at: datetime
    reason: str = ""
    undone_at: datetime | None = None
    undone_by: str | None = None
    undone_reason: str = ""


@dataclass(frozen=True)
class Apart:
    """An entry that a person has told apart from a flag."""

    risk_id: str
    number: int
    title: str
    said_by: str
    said_on: date
    reason: str


def tell_apart(work: Work, flag_id: str, risk_id: str, reason: str = "") -> None:
    """Say that a flag is not the matter of an entry; said twice it is kept once."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    risk = work.store.one(Risk, risk_id, scope)
    not_own(work, risk)
    if risk.unit_id != flag.unit_id:
        raise Refused(N_("Flag and entry belong to different communities."))
    if any(link.flag_id == flag.id for link in work.store.links_of(risk.id)):
        raise Refused(N_("This flag is one of the entry's voices. Take it out first."))
    if risk.id in work.store.apart(flag.id):
        return
    work.store.add(Distinction(new_id(), flag.unit_id, flag.id, risk.id, work.person_id, work.now, clean(reason)[:500]))
    judge(work, flag, risk.id, same=False)
    work.record(Event.TOLD_APART, flag.id, chain=flag.unit_id, risk=risk.id, number=risk.number)


def take_back_distinction(work: Work, flag_id: str, risk_id: str, reason: str = "") -> None:
    """Take back that a flag is not the matter of an entry: it may be suggested again."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    risk = work.store.one(Risk, risk_id, scope)
    not_own(work, risk)
    if not end(work, flag, risk.id, reason):
        raise Stale(N_("This has been taken back already."))
    judge(work, flag, risk.id, same=None)
    work.record(Event.TELLING_APART_UNDONE, flag.id, chain=flag.unit_id, risk=risk.id, number=risk.number)


def told_apart(work: Work, flag_id: str) -> list[Apart]:
    """The entries a flag has been told apart from, by number."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag = load(work, flag_id, scope)
    told = {one.risk_id: one for one in work.store.distinctions(flag.id) if one.undone_at is None}
    rows = sorted(work.store.entries(scope, list(told)), key=lambda row: row.number)
    return [
        Apart(row.id, row.number, row.title, work.store.name_of(told[row.id].said_by),
              dates.today(told[row.id].said_at), told[row.id].reason)
        for row in rows
    ]  # fmt: skip


def end(work: Work, flag: Flag, risk_id: str, reason: str = "") -> bool:
    """End what stands between a flag and an entry; whether anything did."""
    standing = [one for one in work.store.distinctions(flag.id, risk_id) if one.undone_at is None]
    for one in standing:
        one.undone_at, one.undone_by, one.undone_reason = work.now, work.person_id, clean(reason)[:500]
    return bool(standing)


def revive(work: Work, flag: Flag, risk_id: str, ended_at: datetime) -> None:
    """Let stand again what a merge at that moment had ended, now that the merge is taken back."""
    for one in work.store.distinctions(flag.id, risk_id):
        if one.undone_at == ended_at and risk_id not in work.store.apart(flag.id):
            work.store.add(
                Distinction(new_id(), one.unit_id, one.flag_id, one.risk_id, one.said_by, one.said_at, one.reason)
            )


def judge(work: Work, flag: Flag, risk_id: str, same: bool | None) -> None:
    """Keep a person's last word on a pair, to learn from; None takes back what was said."""
    kept = work.store.judgement(flag.id, risk_id)
    if same is None:
        if kept is not None:
            work.store.remove(kept)
    elif kept is None:
        signs = signs_of(work, flag, risk_id)
        work.store.add(Judgement(new_id(), flag.unit_id, flag.id, risk_id, same, work.today, signs))
    else:
        kept.same, kept.judged_on = same, work.today
