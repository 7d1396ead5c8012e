"""The checker of simulated years: recounts from raw rows what must hold after every day, by rules written down again.

It imports nothing of the program: a rule that is wrong there is not wrong here in the same way. The limits are those of
the domain rules on the loop.
"""

import hashlib
import json
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from tests.years.causes import causes
from tests.years.changes import Changes
from tests.years.rows import OVER, Row, Rows


@dataclass
class Recount:
    """Everything kept, read anew each day, and what is remembered from the days before."""

    connection: sqlite3.Connection
    snapshots: dict[str, str] = field(default_factory=dict)
    registers: dict[str, dict[str, dict[str, tuple[Any, ...]]]] = field(default_factory=dict)
    _changes: Changes = field(default_factory=Changes)

    def violations(self, today: date) -> list[str]:
        """What does not hold at the end of a day, in words."""
        rows = Rows(self.connection)
        checks = (_clocks, _flags, _matters, _two_people)
        found = [line for check in checks for line in check(rows)]
        return [*found, *_warnings(rows, today), *self._changes.unsaid(rows), *self._frozen(rows, today)]

    def rounds_frozen(self) -> int:
        """How many rounds were seen to close and left registers behind."""
        return len({row["round_id"] for row in Rows(self.connection).all("snapshots")} & self.registers.keys())

    def counts(self) -> dict[str, int]:
        """How much there is of what is checked."""
        tables = (
            "flags", "risks", "measures", "clocks", "early_warnings", "dues", "requests", "decisions", "second_looks",
            "snapshots", "audit_entries",
        )  # fmt: skip
        return {table: self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}

    def _frozen(self, rows: Rows, today: date) -> Iterator[str]:
        """A closed round froze each register below it as it stood at the end of that day, and that never changes."""
        kept = {row["id"]: row for row in rows.all("snapshots")}
        if gone := self.snapshots.keys() - kept.keys():
            yield f"snapshots are gone: {gone}"
        for key, row in kept.items():
            seen = hashlib.sha256(bytes(row["content"]) + row["digest"].encode()).hexdigest()
            if key not in self.snapshots:
                yield from self._taken(rows, row)
            if self.snapshots.setdefault(key, seen) != seen:
                yield f"a snapshot changed: {key}"
        rounds = {row["id"]: row for row in rows.all("rounds")}
        for round_ in rounds.values():
            if round_["closed_on"] == today.isoformat() and round_["id"] not in self.registers:
                self.registers[round_["id"]] = _registers(rows)
            if round_["closed_on"]:
                yield from _all_frozen(rows, round_, kept)
        for said in rows.all("inspections"):
            closed_on = rounds[said["round_id"]]["closed_on"]
            if closed_on and said["said_on"] > closed_on:
                yield f"somebody inspected in a closed round: {said['id']}"

    def _taken(self, rows: Rows, row: Row) -> Iterator[str]:
        text = zlib.decompress(row["content"])
        if hashlib.sha256(text).hexdigest() != row["digest"]:
            yield f"a snapshot is not what its digest says: {row['id']}"
        if row["digest"] not in rows.facts("register_frozen", row["id"]):
            yield f"the chain does not hold the digest of a snapshot: {row['id']}"
        register = self.registers.get(row["round_id"]) or _registers(rows)
        held = {entry["id"]: (entry["status"], entry["level"]) for entry in json.loads(text)["entries"]}
        if held != register.get(row["unit_id"], {}):
            yield f"a snapshot is not the register of its day: {row['id']}"


def _registers(rows: Rows) -> dict[str, dict[str, tuple[Any, ...]]]:
    """What each register holds now: state and level of each entry."""
    found: dict[str, dict[str, tuple[Any, ...]]] = defaultdict(dict)
    for risk in rows.all("risks"):
        found[risk["unit_id"]][risk["id"]] = risk["status"], risk["level"]
    return found


def _all_frozen(rows: Rows, round_: Row, snapshots: dict[str, Row]) -> Iterator[str]:
    """A round whose long work is over, or that needed none, has one snapshot of each community below it."""
    runs = {run["id"]: run["status"] for run in rows.all("runs")}
    if round_["run_id"] and runs[round_["run_id"]] != "done":
        return
    held = sorted(row["unit_id"] for row in snapshots.values() if row["round_id"] == round_["id"])
    path = rows.paths[round_["unit_id"]]
    below = sorted(u["id"] for u in rows.all("units") if u["kind"] == "community" and u["path"].startswith(path))
    if held != below:
        yield f"the round {round_['title']} froze {len(held)} of {len(below)} registers"


def _clocks(rows: Rows) -> Iterator[str]:
    """Every open entry has exactly one holder and one running clock."""
    spells = rows.by("clocks", "risk_id")
    for risk in rows.all("risks"):
        own = sorted(spells[risk["id"]], key=lambda clock: clock["n"])
        running = [clock for clock in own if clock["ended_on"] is None]
        wanted = 0 if risk["status"] in OVER else 1
        if len(running) != wanted:
            yield f"entry {risk['number']} is {risk['status']} and has {len(running)} running clocks"
        if running and running != own[-1:]:
            yield f"entry {risk['number']}: a clock runs that is not the last one"
        if running and not rows.paths[risk["unit_id"]].startswith(rows.paths[running[0]["holder_id"]]):
            yield f"entry {risk['number']}: its holder is neither its community nor above it"
        for one, other in pairwise(own):
            if one["ended_on"] is None or one["ended_on"] > other["started_on"]:
                yield f"entry {risk['number']}: two spells overlap"
        for clock in own:
            if clock["extended"] > 30 or (clock["extended"] and not clock["extension_reason"]):
                yield f"entry {risk['number']}: an extension that is too long or has no reason"


def _flags(rows: Rows) -> Iterator[str]:
    entries = defaultdict(set)
    for link in rows.where("links", "undone_at IS NULL"):
        entries[link["flag_id"]].add(link["risk_id"])
    for flag in rows.all("flags"):
        if flag["status"] in ("new", "asked") and not flag["due_on"]:
            yield f"a flag waits without a limit: {flag['id']}"
        if len(entries[flag["id"]]) != (1 if flag["status"] in ("merged", "opened") else 0):
            yield f"a flag is {flag['status']} and lies in {len(entries[flag['id']])} entries"


def _matters(rows: Rows) -> Iterator[str]:
    """Whatever else is open has its one clock: looks, disclosures, requests, demo sites."""
    waiting = rows.by("second_looks", "risk_id", "result IS NULL")
    for risk in rows.all("risks"):
        wanted = risk["status"] == "closed"
        if len(waiting[risk["id"]]) != wanted:
            yield f"entry {risk['number']} is {risk['status']} and waits for {len(waiting[risk['id']])} looks"
    for unit_id, sites in rows.by("mentorships", "unit_id", '"until" IS NULL').items():
        if len(sites) != 1:
            yield f"a community is {len(sites)} demo sites at once: {unit_id}"
    for table in ("dues", "requests"):
        for row in rows.all(table):
            if not row["due_on"]:
                yield f"{table}: without a day: {row['id']}"
    for subject, periods in rows.by("dues", "subject_id", "occasion = ''").items():
        ordered = sorted((due["first"], due["last"]) for due in periods)
        if any(one[1] >= other[0] and one[1] > one[0] for one, other in pairwise(ordered)):
            yield f"two periods of a disclosure overlap: {subject}"


def _two_people(rows: Rows) -> Iterator[str]:
    """Nobody verifies, closes, looks again at or answers what is their own."""
    doers = defaultdict(set)
    for line in rows.where("progress", "status IN ('doing', 'verifying')"):
        doers[line["measure_id"]].add(line["said_by"])
    parts = defaultdict(set)
    for measure in rows.all("measures"):
        own = {measure["owner_id"], *doers[measure["id"]]}
        own |= {measure["claimed_by"], *rows.claimers[measure["id"]]} - {None}
        parts[measure["risk_id"]] |= own
        if measure["verified_by"] in own:
            yield f"somebody verified their own measure: {measure['id']}"
    looks = rows.by("second_looks", "risk_id", "looked_by IS NOT NULL")
    for risk in rows.all("risks"):
        own = {risk["owner_id"], risk["leader_id"], risk["closing_asked_by"]} - {None}
        if risk["closed_by"] in own:
            yield f"somebody closed their own entry: {risk['number']}"
        for look in looks[risk["id"]]:
            since = risk["closed_on"] and look["looked_on"] >= risk["closed_on"]
            if since and look["looked_by"] in {*own, *parts[risk["id"]], risk["closed_by"]}:
                yield f"somebody looked again at their own entry: {risk['number']}"
    for request in rows.where("requests", "answered_by IS NOT NULL"):
        if request["answered_by"] in json.loads(request["kept_from"]):
            yield f"somebody answered a request that is about them: {request['id']}"


def _warnings(rows: Rows, today: date) -> Iterator[str]:
    """No warning without a cause, and no cause without its warning, addressed to the right one."""
    wanted = set(causes(rows, today))
    running = {
        (w["rule"], w["subject"], w["person_id"] or w["to_unit_id"])
        for w in rows.where("early_warnings", "ended_on IS NULL")
    }  # fmt: skip
    yield from (f"a warning without a cause: {found}" for found in sorted(running - wanted))
    yield from (f"a cause without a warning: {found}" for found in sorted(wanted - running))
