"""Taking in (批量录入的进行): rows that were handed in become flags, a few at a time, and then are grouped."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.access import Permission, Scope
from core.alike.bunching import Bunch, Tie
from core.alike.calibration import model
from core.alike.matching import Candidate, likely
from core.alike.pieces import Said
from core.alike.vocabulary import lexicon
from core.errors import Invalid
from core.events import Event
from core.organisation.units import Unit, new_id
from core.review.runs import Group, Member, Run, RunRow, Told, end, held
from core.review.suggesting import Suggestion
from core.store import Work
from core.voices.flags import ResidentFlag, Spoken, take
from core.words import Channel, RunStatus, Source

CHUNK = 20
"""Rows taken in one transaction."""


def flag_id(run_id: str, n: int) -> str:
    """The id of the flag a row becomes: the same each time, and telling nothing of the order of rows."""
    return hashlib.sha256(f"row:{run_id}|{n}".encode()).hexdigest()[:20]


def take_rows(work: Work, run_id: str, beat: datetime) -> bool | None:
    """Make the next rows into flags, each by the rules of a single one; whether there are more, None when the run is
    not this worker's any more."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    run = held(work, run_id, beat, scope)
    if run is None:
        return None
    rows = work.store.rows_to_take(scope, run.id, CHUNK)
    if not rows:
        return False
    community = work.store.register_of(run.unit_id)
    for row in rows:
        _take(work, community, row)
    refused = sum(bool(row.trouble) for row in rows)
    run.done, run.beat_at = run.done + len(rows), work.now
    work.record(Event.ROWS_TAKEN, run.id, chain=run.unit_id, rows=len(rows) - refused, refused=refused)
    return True


def _take(work: Work, community: Unit, row: RunRow) -> None:
    """One row becomes a flag, and its words stand there alone."""
    said = row.fields
    draft = ResidentFlag(text=said["text"], item_id=said.get("item"), place_id=said.get("place"))
    spoken = Spoken(Source.RESIDENT, Channel(said["channel"]), flag_id=flag_id(row.run_id, row.n), many=True)
    try:
        flag = take(work, community, draft, spoken)
    except Invalid as refusal:  # a place or power item was closed since the sheet was checked
        row.trouble = " ".join(refusal.fields.values())
    else:
        flag.raised_on = date.fromisoformat(said["day"]) if said.get("day") else flag.raised_on
        row.flag_id = flag.id
    row.fields = {name: said[name] for name in ("number",) if name in said}


def told(work: Work, run_id: str) -> list[Told]:
    """What is compared after an intake: all that is said in open entries there, then its flags that still wait.

    Nobody reads it: sealed matters stay out, and each reader of a group is shown only what they may see.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    run = work.store.one(Run, run_id, scope)
    program = Scope(scope.paths)
    entries = work.store.told_in_entries(program, run.unit_id, program)
    return [*entries, *work.store.told_in_run(program, run.id)]


@dataclass(frozen=True)
class Proposal:
    """New flags that hang together, each with its tie, and how surely (0–1) each is one matter with which entries."""

    ties: Mapping[str, Tie]
    likely: Mapping[str, Mapping[str, float]]
    strength: float
    weak: bool

    @property
    def entries(self) -> dict[str, float]:
        """The entries one of the flags is like, with how sure the surest is, the surest first."""
        found: dict[str, float] = {}
        for sure in self.likely.values():
            for entry, probability in sure.items():
                found[entry] = max(found.get(entry, 0.0), probability)
        return dict(sorted(found.items(), key=lambda one: -one[1]))


def proposals(work: Work, run_id: str, found: Sequence[Bunch]) -> list[Proposal]:
    """What is proposed of that which hangs together: the new flags of it, held against its entries like a single flag.

    A flag like nothing else is in none. The order is that in which they are gone through: weak ones last, large first.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    run = work.store.one(Run, run_id, scope)
    program = Scope(scope.paths)
    waiting = {one.flag_id: one for one in work.store.told_in_run(program, run.id)}
    pool = {one.risk_id: one for one in work.store.candidates(program, run.unit_id, program)}
    made = []
    for bunch in found:
        keys = [key.split("/") for key in bunch.keys]
        near = [pool[entry] for entry in dict.fromkeys(entry for entry, _flag in keys) if entry in pool]
        ties = {flag: bunch.ties[f"/{flag}"] for entry, flag in keys if not entry and flag in waiting}
        like = {flag: sure for flag in ties if near and (sure := _likely(work, waiting[flag], near))}
        if len(ties) > 1 or like:
            made.append(Proposal(ties, like, bunch.strength, bunch.weak))
    return sorted(made, key=lambda one: (one.weak, -len(one.ties), -one.strength))


def _likely(work: Work, one: Told, near: Sequence[Candidate]) -> dict[str, float]:
    """How surely a flag is one matter with each of some entries: those to which it is tied as a group is."""
    flag = Said(one.flag_id, one.text, one.title, one.item_id, one.place_id, one.day.toordinal() if one.day else None)
    weights = model(work)
    found = likely(flag, near, lexicon=lexicon(work), model=weights)
    return {one.risk_id: one.probability for one in found if one.probability >= weights.thresholds["grouped"]}


def keep_groups(work: Work, run_id: str, beat: datetime, made: Sequence[Proposal]) -> bool:
    """Keep the proposals and finish the run; False when it is not this worker's any more."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    run = held(work, run_id, beat, scope)
    if run is None:
        return False
    for n, one in enumerate(made, start=1):
        only = next(iter(one.entries)) if len(one.entries) == 1 else None
        group = Group(new_id(), run.unit_id, run.id, n, one.strength, only, one.weak)
        work.store.add(group)
        for flag, tie in one.ties.items():
            work.store.add(
                Member(new_id(), run.unit_id, group.id, tie.probability, list(tie.shared), flag_id=flag)
            )  # fmt: skip
            for entry, sure in one.likely.get(flag, {}).items():
                work.store.add(Suggestion(new_id(), run.unit_id, flag, entry, sure))
        for entry, sure in one.entries.items():
            work.store.add(Member(new_id(), run.unit_id, group.id, sure, risk_id=entry))
    end(work, run, RunStatus.DONE)
    return True


def key(one: Told) -> str:
    """What words are called while they are compared: their entry and their flag, as far as there is one."""
    return f"{one.risk_id}/{one.flag_id}"
