"""The checker of simulated years: recounts from raw rows what must hold after every day, by rules written down again.

It imports nothing of the program: a rule that is wrong there is not wrong here in the same way. The limits are those of
the domain rules on the loop.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

Row = dict[str, Any]
OVER = ("closed", "archived")


@dataclass
class Recount:
    """Everything kept, read anew each day, and what is remembered from the day before."""

    connection: sqlite3.Connection
    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    snapshots: dict[str, str] = field(default_factory=dict)
    lines: int = 0

    def rows(self, table: str) -> list[Row]:
        cursor = self.connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def has(self, table: str) -> bool:
        found = self.connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
        return found.fetchone() is not None

    def violations(self, today: date) -> list[str]:
        """What does not hold at the end of a day, in words."""
        return [
            *self._clocks(), *self._flags(), *self._warnings(today), *self._two_people(), *self._states(today),
            *self._frozen(),
        ]  # fmt: skip

    def _clocks(self) -> Iterator[str]:
        spells = defaultdict(list)
        for clock in self.rows("clocks"):
            spells[clock["risk_id"]].append(clock)
        for risk in self.rows("risks"):
            own = sorted(spells[risk["id"]], key=lambda clock: clock["n"])
            running = [clock for clock in own if clock["ended_on"] is None]
            wanted = 0 if risk["status"] in OVER else 1
            if len(running) != wanted:
                yield f"entry {risk['number']} is {risk['status']} and has {len(running)} running clocks"
            if running and running != own[-1:]:
                yield f"entry {risk['number']}: a clock runs that is not the last one"
            for one, other in pairwise(own):
                if one["ended_on"] is None or one["ended_on"] > other["started_on"]:
                    yield f"entry {risk['number']}: two spells overlap"
            for clock in own:
                if clock["extended"] > 30 or (clock["extended"] and not clock["extension_reason"]):
                    yield f"entry {risk['number']}: an extension that is too long or has no reason"

    def _flags(self) -> Iterator[str]:
        entries = defaultdict(set)
        for link in self.rows("links"):
            if link["undone_at"] is None:
                entries[link["flag_id"]].add(link["risk_id"])
        for flag in self.rows("flags"):
            if flag["status"] in ("new", "asked") and not flag["due_on"]:
                yield f"a flag waits without a limit: {flag['id']}"
            if len(entries[flag["id"]]) != (1 if flag["status"] in ("merged", "opened") else 0):
                yield f"a flag is {flag['status']} and lies in {len(entries[flag['id']])} entries"

    def _warnings(self, today: date) -> Iterator[str]:
        wanted = set(self.causes(today))
        running = {
            (w["rule"], w["subject"], w["person_id"] or w["to_unit_id"])
            for w in self.rows("early_warnings") if w["ended_on"] is None
        }  # fmt: skip
        yield from (f"a warning without a cause: {found}" for found in sorted(running - wanted))
        yield from (f"a cause without a warning: {found}" for found in sorted(wanted - running))

    def causes(self, today: date) -> Iterator[tuple[str, str, str]]:
        """Rule, subject and addressee of everything that must be warned about on a day."""
        risks = {risk["id"]: risk for risk in self.rows("risks") if risk["status"] not in OVER}
        measures, planned = self.rows("measures"), defaultdict(int)
        for measure in measures:
            planned[measure["risk_id"]] += 1
        above = self._above()
        for measure in measures:
            risk = risks.get(measure["risk_id"])
            if risk is None or measure["status"] in ("verified", "verifying"):
                continue
            late = (today - date.fromisoformat(measure["due_on"])).days
            leads = risk["leader_id"] or measure["owner_id"]
            to = {"_due_soon": measure["owner_id"], "_late": leads, "_very_late": above[measure["unit_id"]]}
            for suffix in _limit(late):
                yield f"measure{suffix}", measure["id"], to[suffix]
        yield from self._of_entries(today, risks, planned, above)
        yield from self._of_flags(today, above)
        yield from self._of_posts(today, above)
        yield from self._of_dues(today, above)

    def _of_dues(self, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        retired = {subject["id"] for subject in self.rows("subjects") if subject["retired_on"]}
        for due in self.rows("dues"):
            late = (today - date.fromisoformat(due["due_on"])).days
            if due["published_on"] is None and due["subject_id"] not in retired and late > 0:
                suffix = "just_late" if late <= 7 else "late" if late <= 15 else "very_late"
                yield f"disclosure_{suffix}", due["id"], above[due["unit_id"]] if late > 15 else due["unit_id"]
        for request in self.rows("requests"):
            for suffix in _limit((today - date.fromisoformat(request["due_on"])).days):
                if request["answered_on"] is None and suffix != "_due_soon":
                    to = above[request["unit_id"]] if suffix == "_very_late" else request["unit_id"]
                    yield f"request{suffix}", request["id"], to
        closed = {risk["id"] for risk in self.rows("risks") if risk["status"] == "closed"}
        for look in self.rows("second_looks"):
            if look["looked_on"] is None and look["risk_id"] in closed:
                for suffix in _limit((today - date.fromisoformat(look["due_on"])).days):
                    if suffix != "_due_soon":
                        to = above[look["unit_id"]] if suffix == "_very_late" else look["unit_id"]
                        yield f"look{suffix}", look["id"], to

    def _of_entries(self, today: date, risks: dict[str, Row], planned: dict[str, int], above: dict[str, str]) -> Any:
        rated: dict[str, str] = {}
        for assessment in self.rows("assessments"):
            rated[assessment["risk_id"]] = max(rated.get(assessment["risk_id"], ""), assessment["rated_at"][:10])
        holders = {clock["risk_id"]: clock for clock in self.rows("clocks") if clock["ended_on"] is None}
        doubts, orange = self._doubts(), self._orange(today)
        for risk in risks.values():
            leads = risk["leader_id"] or risk["owner_id"] or risk["unit_id"]
            bare = risk["owner_id"] is None or not planned[risk["id"]]
            if risk["level"] == "high" and bare and (today - date.fromisoformat(rated[risk["id"]])).days >= 7:
                yield "high_unattended", risk["id"], leads
            if doubts[risk["id"]] >= 3:
                yield "not_done", risk["id"], leads
            if orange[risk["id"]] >= 2:
                yield "orange_twice", risk["id"], above[risk["unit_id"]]
            if risk["status"] == "reopened":
                yield "reopened", risk["id"], above[risk["unit_id"]]
            clock = holders.get(risk["id"])
            if clock:
                here = clock["holder_id"] == risk["unit_id"]
                for suffix in _limit((today - date.fromisoformat(clock["due_on"])).days):
                    up = above[risk["unit_id"]] if here and suffix == "_very_late" else clock["holder_id"]
                    yield f"clock{suffix}", risk["id"], up

    def _doubts(self) -> dict[str, int]:
        unsolved = {
            flag["id"] for flag in self.rows("flags")
            if flag["source"] == "resident" and flag["solved"] is not None and flag["solved"] <= 2
        }  # fmt: skip
        found: dict[str, int] = defaultdict(int)
        for link in self.rows("links"):
            found[link["risk_id"]] += link["undone_at"] is None and link["flag_id"] in unsolved
        return found

    def _orange(self, today: date) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for warning in self.rows("early_warnings"):
            age = (today - date.fromisoformat(warning["raised_on"])).days
            found[warning["risk_id"]] += warning["colour"] == "orange" and 1 <= age <= 365
        return found

    def _of_flags(self, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        points = {point["id"]: point["unit_id"] for point in self.rows("points")}
        for flag in self.rows("flags"):
            if flag["status"] != "new" or flag["sealed"]:
                continue
            late = (today - date.fromisoformat(flag["due_on"])).days
            kind, up = ("point", points[flag["point_id"]]) if flag["point_id"] else ("review", above[flag["unit_id"]])
            for suffix in _limit(late):
                if suffix != "_due_soon":
                    yield f"{kind}{suffix}", flag["id"], up if suffix == "_very_late" else flag["unit_id"]

    def _of_posts(self, today: date, above: dict[str, str]) -> Iterator[tuple[str, str, str]]:
        used = {item["post_id"] for item in self.rows("items") if not item["retired"]}
        since: dict[str, str | None] = {}
        for holding in self.rows("holdings"):
            before, until = since.get(holding["post_id"], ""), holding["until"]
            since[holding["post_id"]] = None if until is None or before is None else max(before, until)
        for post in self.rows("posts"):
            left = since.get(post["id"])
            if post["id"] in used and left and (today - date.fromisoformat(left)).days >= 7:
                yield "post_vacant", post["id"], above[post["unit_id"]]

    def _above(self) -> dict[str, str]:
        """For each unit the nearest one above it where a supervisor is who has not left; itself where there is none."""
        left = {person["id"] for person in self.rows("people") if person["left_on"]}
        staffed = {
            a["unit_id"] for a in self.rows("assignments") if a["role"] == "supervisor" and a["person_id"] not in left
        }
        parents = {unit["id"]: unit["parent_id"] for unit in self.rows("units")}
        found = {}
        for unit, parent in parents.items():
            up = parent
            while up is not None and up not in staffed:
                up = parents[up]
            found[unit] = up or unit
        return found

    def _two_people(self) -> Iterator[str]:
        doers = defaultdict(set)
        for line in self.rows("progress"):
            if line["status"] in ("doing", "verifying"):
                doers[line["measure_id"]].add(line["said_by"])
        for measure in self.rows("measures"):
            if measure["verified_by"] and measure["verified_by"] in {measure["owner_id"], *doers[measure["id"]]}:
                yield f"somebody verified their own measure: {measure['id']}"
        looks = defaultdict(list)
        for look in self.rows("second_looks"):
            if look["looked_by"]:
                looks[look["risk_id"]].append(look)
        for risk in self.rows("risks"):
            own = {risk["owner_id"], risk["leader_id"], risk["closing_asked_by"]}
            if risk["closed_by"] and risk["closed_by"] in own:
                yield f"somebody closed their own entry: {risk['number']}"
            for look in looks[risk["id"]]:
                since = risk["closed_on"] and look["looked_on"] >= risk["closed_on"]
                if since and look["looked_by"] in {*own, risk["closed_by"]}:
                    yield f"somebody looked again at their own entry: {risk['number']}"

    def _states(self, today: date) -> Iterator[str]:
        """Every change of a state has its line in the log of that day."""
        query = "SELECT subject, facts, at FROM audit_entries WHERE at >= ?"
        said: set[str] = set()
        for subject, facts, _at in self.connection.execute(query, ((today - timedelta(days=1)).isoformat(),)):
            said.add(subject)
            said.update(value for value in json.loads(facts).values() if isinstance(value, str))
        for table in ("flags", "risks", "measures"):
            for row in self.rows(table):
                before = self.states.get(row["id"])
                if before != (table, row["status"]) and row["id"] not in said:
                    yield f"{table}: {row['id']} became {row['status']} without a line in the log"
                self.states[row["id"]] = table, row["status"]
        lines = self.connection.execute("SELECT count(*) FROM audit_entries").fetchone()[0]
        if lines < self.lines:
            yield "the log became shorter"
        self.lines = lines

    def _frozen(self) -> Iterator[str]:
        """A snapshot of a closed round never changes."""
        if not self.has("snapshots"):
            return
        for row in self.rows("snapshots"):
            content = row["content"] if isinstance(row["content"], bytes) else str(row["content"]).encode()
            seen = hashlib.sha256(content + str(row["digest"]).encode()).hexdigest()
            if self.snapshots.setdefault(row["id"], seen) != seen:
                yield f"a snapshot changed: {row['id']}"
        if self.snapshots.keys() - {row["id"] for row in self.rows("snapshots")}:
            yield "a snapshot is gone"


def _limit(late: int) -> Iterator[str]:
    """What a limit that was passed by so many days calls for; a negative number lies before it."""
    if -7 <= late <= 0:
        yield "_due_soon"
    elif 1 <= late <= 15:
        yield "_late"
    elif late > 15:
        yield "_very_late"
