"""Common risks (共性问题): the same risk in several communities of a superior, found in one run over open entries."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.access import Permission, Scope
from core.alike.bunching import Bunch
from core.entries.register import RegisterRow
from core.errors import Invalid
from core.events import Event
from core.organisation import places
from core.organisation.places import Reach
from core.organisation.units import Unit, new_id
from core.review.groups import Certainty, certainty
from core.review.runs import Group, Member, Run, Told, end, held
from core.store import Work
from core.text import _, folded
from core.turning import START, Turn, Turned
from core.words import RunKind, RunStatus

LONGEST = 1500
"""Characters of one entry that are compared: how it shows, and then what is said in it."""
PAGE = 10
LOT = 1000


@dataclass(frozen=True)
class CommonRow:
    """One entry in a group of a run, as it was kept."""

    group_id: str
    n: int
    group_strength: float
    weak: bool
    risk_id: str
    unit_id: str
    strength: float
    because: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """One entry of a common risk: how sure it belongs here, and because of which words."""

    entry: RegisterRow
    strength: float
    because: tuple[str, ...]

    @property
    def certainty(self) -> Certainty:
        return certainty(self.strength)


@dataclass(frozen=True)
class Common:
    """One risk that stands in several communities, with the entries the reader may see, in the order of the tree."""

    group_id: str
    n: int
    strength: float
    weak: bool
    alike: tuple[Alike, ...]

    @property
    def certainty(self) -> Certainty:
        return certainty(self.strength)

    @property
    def surest(self) -> Alike:
        """The entry that stands for the others."""
        return max(self.alike, key=lambda one: one.strength)

    @property
    def unit_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.entry.unit_id for one in self.alike))


@dataclass(frozen=True)
class Found:
    """Common risks of a run: a page of them, how many there are, and the communities with their open entries today."""

    common: tuple[Common, ...]
    total: int
    turned: Turned
    base: dict[str, tuple[str, int]]


def may_search(work: Work) -> bool:
    """Whether the actor looks after two communities or more."""
    work.actor.require(Permission.RECURRENCE_RUN)
    return places.offer(work, Permission.RECURRENCE_RUN, Reach.REGISTERS).several


def begin(work: Work, unit_id: str) -> str:
    """Search all open entries below a unit for the same risk in several communities; one search at a time there."""
    scope = work.actor.require(Permission.RECURRENCE_RUN)
    if len(work.store.communities_in(scope, [unit_id], 2)) < 2:
        raise Invalid(unit_id=_("A search needs two communities or more. Please choose a unit above them."))
    unit = work.store.one(Unit, unit_id, scope)
    for other in work.store.run_states(scope, RunKind.RECURRENCE):
        if other.unit_id == unit_id and other.is_live:
            return other.id
    run = Run(new_id(), unit_id, RunKind.RECURRENCE, unit.name, work.person_id, work.now)
    work.store.add(run)
    work.record(Event.RUN_BEGUN, run.id, chain=unit_id, kind=run.kind)
    return run.id


def told(work: Work, run_id: str) -> list[Told]:
    """One text for each open entry: what it says of itself, and of its voices those that whoever began may read."""
    scope = work.actor.require(Permission.RECURRENCE_RUN)
    run = work.store.one(Run, run_id, scope)
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    return as_entries(work.store.told_in_entries(scope, run.unit_id, raw))


def as_entries(said: Sequence[Told]) -> list[Told]:
    """What is said of and in each entry as one text; the same power item goes by its name, wherever it is held."""
    entries = {one.risk_id: one for one in said if not one.flag_id}
    texts: dict[str, list[str]] = {risk_id: [one.text] for risk_id, one in entries.items()}
    for one in said:
        if one.flag_id and one.text not in texts[one.risk_id]:
            texts[one.risk_id].append(one.text)
    return [
        Told(risk_id, "", one.unit_id, "\n".join(texts[risk_id])[:LONGEST], one.title, folded(one.item) or None,
             one.item, None, one.day)
        for risk_id, one in entries.items()
    ]  # fmt: skip


def key(one: Told) -> str:
    """What an entry is called while it is compared: its community and itself."""
    return f"{one.unit_id}/{one.risk_id}"


def keep_groups(work: Work, run_id: str, beat: datetime, found: Sequence[Bunch]) -> bool:
    """Keep what stands in two communities or more and finish the run; False when it is not this worker's any more."""
    scope = work.actor.require(Permission.RECURRENCE_RUN)
    run = held(work, run_id, beat, scope)
    if run is None:
        return False
    spread = [bunch for bunch in found if len({key.split("/")[0] for key in bunch.keys}) > 1]
    spread.sort(key=lambda bunch: (bunch.weak, -bunch.strength, -len(bunch.keys)))
    for n, bunch in enumerate(spread, start=1):
        group = Group(new_id(), run.unit_id, run.id, n, bunch.strength, None, bunch.weak)
        work.store.add(group)
        for key in bunch.keys:
            (unit_id, risk_id), tie = key.split("/"), bunch.ties[key]
            work.store.add(
                Member(new_id(), unit_id, group.id, tie.probability, list(tie.shared), risk_id=risk_id)
            )  # fmt: skip
    end(work, run, RunStatus.DONE)
    return True


def common(work: Work, run_id: str, turn: Turn = START) -> Found:
    """A page of the common risks of a run as the reader may see them: entries of theirs, in two communities or more.

    Of the words that tie an entry to the others those are given that stand in what the reader may read of it.
    """
    scope = work.actor.require(Permission.RECURRENCE_RUN)
    run = work.store.one(Run, run_id, scope)
    page = work.store.common_page(scope, run.id, turn)
    shown: dict[str, list[CommonRow]] = {group_id: [] for group_id in page}
    for row in work.store.common_rows(scope, page):
        shown[row.group_id].append(row)
    ids = [row.risk_id for group in shown.values() for row in group]
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    said = [one for some in _few(ids) for one in work.store.told_in_entries(scope, run.unit_id, raw, some)]
    texts = {one.risk_id: f"{one.title}\n{one.text}" for one in as_entries(said)}
    entries = _entries(work, scope, ids)
    found = tuple(_common(group, entries, texts) for group in shown.values())
    return Found(found, page.total, page.turned, work.store.open_counts(scope, run.unit_id))


def _few(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Ids in lots a database takes in one question."""
    return (ids[start : start + LOT] for start in range(0, len(ids), LOT))


def _entries(work: Work, scope: Scope, ids: Sequence[str]) -> dict[str, RegisterRow]:
    return {entry.id: entry for some in _few(ids) for entry in work.store.entries(scope, some)}


def _common(group: Sequence[CommonRow], entries: dict[str, RegisterRow], texts: dict[str, str]) -> Common:
    alike = [
        Alike(entries[row.risk_id], row.strength,
              tuple(word for word in row.because if word in texts.get(row.risk_id, "")))
        for row in group
    ]  # fmt: skip
    alike.sort(key=lambda one: (one.entry.unit, one.entry.number))
    return Common(group[0].group_id, group[0].n, group[0].group_strength, group[0].weak, tuple(alike))


def members_of(work: Work, scope: Scope, group: Group) -> list[RegisterRow]:
    """The entries of a common risk that lie in a scope, by community and the surest first."""
    rows = work.store.common_rows(scope, [group.id])
    strength = {row.risk_id: row.strength for row in rows}
    found = _entries(work, scope, list(strength))
    return sorted(found.values(), key=lambda entry: (entry.unit, entry.unit_id, -strength[entry.id]))


def point_start(work: Work, group_id: str) -> dict[str, Any]:
    """A first draft of a superior's point about a common risk; with whom it is raised core.review.concerned says."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    group = work.store.one(Group, group_id, scope)
    rows = work.store.common_rows(scope, [group.id])
    entries = _entries(work, scope, [row.risk_id for row in rows])
    if not entries:
        raise Invalid(unit_ids=_("Please choose communities."))
    surest = entries[max(rows, key=lambda row: row.strength).risk_id]
    items = Counter(entry.item for entry in entries.values() if entry.item)
    item, times = items.most_common(1)[0] if items else ("", 0)
    return {
        "text": surest.title, "item_name": item if 2 * times >= len(entries) else None, "risk_type": surest.risk_type,
    }
