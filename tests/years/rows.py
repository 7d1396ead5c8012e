"""The raw rows of one moment, read once each; nothing of the program."""

import json
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Row = dict[str, Any]
OVER = ("closed", "archived")


@dataclass
class Rows:
    """Tables by name; a condition is SQL over one table."""

    connection: sqlite3.Connection
    _read: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def all(self, table: str) -> list[Row]:
        return self.where(table, "1")

    def where(self, table: str, condition: str) -> list[Row]:
        if (table, condition) not in self._read:
            cursor = self.connection.execute(f"SELECT * FROM {table} WHERE {condition}")
            names = [column[0] for column in cursor.description]
            self._read[table, condition] = [dict(zip(names, row, strict=True)) for row in cursor]
        return self._read[table, condition]

    def by(self, table: str, column: str, condition: str = "1") -> dict[str, list[Row]]:
        """The rows of a table by one of its columns."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.where(table, condition):
            found[row[column]].append(row)
        return found

    def facts(self, event: str, subject: str) -> str:
        """The facts of every line of the log about an event and a subject, one after another."""
        query = "SELECT facts FROM audit_entries WHERE subject = ? AND event = ?"
        return "".join(facts for (facts,) in self.connection.execute(query, (subject, event)))

    @cached_property
    def claimers(self) -> dict[str, set[str]]:
        """Whoever had taken a measure on before it passed to somebody else."""
        found: dict[str, set[str]] = defaultdict(set)
        query = "SELECT subject, facts FROM audit_entries WHERE event = 'claim_passed'"
        for subject, facts in self.connection.execute(query):
            found[subject].add(json.loads(facts)["person"])
        return found

    @cached_property
    def paths(self) -> dict[str, str]:
        return {unit["id"]: unit["path"] for unit in self.all("units")}

    @cached_property
    def seats(self) -> dict[str, dict[str, set[str]]]:
        """For each unit and role who holds it there or above and has not left."""
        here = {person["id"] for person in self.where("people", "left_on IS NULL")}
        own: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for one in self.all("assignments"):
            if one["person_id"] in here:
                own[one["unit_id"]][one["role"]].add(one["person_id"])
        found: dict[str, dict[str, set[str]]] = {}
        for unit_id, path in self.paths.items():
            found[unit_id] = defaultdict(set)
            for above in path.strip("/").split("/"):
                for role, people in own[above].items():
                    found[unit_id][role] |= people
        return found

    @cached_property
    def above(self) -> dict[str, str]:
        """For each unit the nearest one above it where a supervisor is who has not left; itself where there is none."""
        here = {person["id"] for person in self.where("people", "left_on IS NULL")}
        staffed = {
            a["unit_id"] for a in self.all("assignments") if a["role"] == "supervisor" and a["person_id"] in here
        }
        found = {}
        for unit_id, path in self.paths.items():
            line = [above for above in path.strip("/").split("/")[:-1] if above in staffed]
            found[unit_id] = line[-1] if line else unit_id
        return found
