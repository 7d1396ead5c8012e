"""Taking in (批量录入的进行): rows that were handed in become flags, a few at a time, and then are grouped."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from core.access import Permission, Scope
from core.errors import Invalid
from core.flags import ResidentFlag, Spoken, take
from core.grouping import Bunch
from core.runs import Group, Member, Run, RunRow, Told, end, held
from core.store import Work
from core.units import Unit, new_id
from core.words import Channel, Event, RunStatus, Source

CHUNK = 50
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
    spoken = Spoken(Source.RESIDENT, Channel(said["channel"]), flag_id=flag_id(row.run_id, row.n))
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


def keep_groups(work: Work, run_id: str, beat: datetime, found: Sequence[Bunch]) -> bool:
    """Keep what belongs together as proposals and finish the run; False when it is not this worker's any more.

    A proposal holds new flags alone, and the entries whose voices they are like; a flag like nothing else has none.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    run = held(work, run_id, beat, scope)
    if run is None:
        return False
    waiting = {one.flag_id for one in work.store.told_in_run(Scope(scope.paths), run.id)}
    proposals = [(bunch, *_parts(bunch, waiting)) for bunch in found]
    proposals = [one for one in proposals if len(one[1]) > 1 or (one[1] and one[2])]
    proposals.sort(key=lambda one: (one[0].weak, -len(one[1]), -one[0].strength))
    for n, (bunch, flags, entries) in enumerate(proposals, start=1):
        only = next(iter(entries)) if len(entries) == 1 else None
        group = Group(new_id(), run.unit_id, run.id, n, bunch.strength, only, bunch.weak)
        work.store.add(group)
        for flag, key in flags.items():
            tie = bunch.ties[key]
            work.store.add(
                Member(new_id(), run.unit_id, group.id, tie.probability, list(tie.shared), flag_id=flag)
            )  # fmt: skip
        for entry, sure in entries.items():
            work.store.add(Member(new_id(), run.unit_id, group.id, sure, risk_id=entry))
    end(work, run, RunStatus.DONE)
    return True


def _parts(bunch: Bunch, waiting: set[str]) -> tuple[dict[str, str], dict[str, float]]:
    """The new flags of a bunch with their keys, and its entries with how sure each is, the surest first."""
    flags: dict[str, str] = {}
    entries: dict[str, float] = {}
    for key in bunch.keys:
        entry, flag = key.split("/")
        if entry:
            entries[entry] = max(entries.get(entry, 0.0), bunch.ties[key].probability)
        elif flag in waiting:
            flags[flag] = key
    return flags, dict(sorted(entries.items(), key=lambda one: -one[1]))


def key(one: Told) -> str:
    """What words are called while they are compared: their entry and their flag, as far as there is one."""
    return f"{one.risk_id}/{one.flag_id}"
