"""Snapshots (快照): what a community's register was when a round was closed; never changed, its digest on the chain.

A snapshot holds the rows of the register with measures, ratings and how many voices of each source there were, without
a word of residents, and without voices that are sealed or name anybody.
"""

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.access import Permission, Scope
from core.audit import canonical
from core.entries.register import Filter
from core.entries.versions import Past, Version, pictured
from core.events import Event
from core.inspection.rounds import Round
from core.organisation.units import Unit, new_id
from core.store import Work


@dataclass(eq=False)
class Snapshot:
    """The frozen register of one community; `digest` is the SHA-256 of the text that `content` holds packed."""

    id: str
    unit_id: str
    round_id: str
    taken_on: date
    digest: str
    entries: int
    content: bytes


@dataclass(frozen=True)
class SnapshotRow:
    """A snapshot without its content, with the title and first day of its round."""

    id: str
    unit_id: str
    unit: str
    round_id: str
    title: str
    starts_on: date
    taken_on: date
    digest: str
    entries: int


def take(work: Work, round_: Round, community: Unit) -> None:
    """Freeze the register of a community as it stood at the end of the day its round was closed."""
    day = round_.closed_on or work.today
    found = work.store.public_versions(community.id, day)
    text = written(community, round_, day, found)
    kept = Snapshot(
        new_id(), community.id, round_.id, day, digest(text), len(found), zlib.compress(text.encode(), 9)
    )  # fmt: skip
    work.store.add(kept)
    work.record(
        Event.REGISTER_FROZEN, kept.id, chain=community.id, sha256=kept.digest, round=round_.id, risks=kept.entries
    )  # fmt: skip


def written(community: Unit, round_: Round, day: date, found: Sequence[Version]) -> str:
    """A register as text that is the same wherever it is written."""
    entries = [{"id": one.risk_id, "day": one.day, **one.fields} for one in found]
    return canonical({
        "unit": community.id, "community": community.name, "round": round_.title, "taken_on": day, "entries": entries,
    })  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def unpacked(content: bytes) -> str:
    return zlib.decompress(content).decode()


def versions(kept: Snapshot) -> list[Version]:
    """The entries a snapshot holds, by number."""
    entries = json.loads(unpacked(kept.content))["entries"]
    return [Version(one.pop("id"), date.fromisoformat(one.pop("day")), one) for one in entries]


def read(work: Work, snapshot_id: str, wanted: Filter | None = None) -> tuple[SnapshotRow, Past]:
    """A frozen register as it is read today: of its voices those of which the actor may hear one."""
    scope = work.actor.require(Permission.REGISTER_READ)
    kept = work.store.one(Snapshot, snapshot_id, scope)
    unit = work.store.one(Unit, kept.unit_id, scope)
    [about] = [row for row in work.store.snapshot_rows(scope, unit.id) if row.id == kept.id]
    found = for_viewer(work, scope, unit.id, versions(kept))
    return about, pictured(unit, kept.taken_on, found, wanted or Filter())


def for_viewer(work: Work, scope: Scope, unit_id: str, found: Sequence[Version]) -> list[Version]:
    """Versions without the voices of which the viewer may hear none today."""
    said = {(one.risk_id, source) for one in found for source in one.fields["voices"]}
    heard = work.store.heard_voices(scope, unit_id, said)
    shown = []
    for one in found:
        voices = {source: n for source, n in one.fields["voices"].items() if (one.risk_id, source) in heard}
        shown.append(replace(one, fields={**one.fields, "voices": voices}))
    return shown


def of_unit(work: Work, unit_id: str) -> list[SnapshotRow]:
    """The frozen registers of a community, the newest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.snapshot_rows(scope, unit_id)
