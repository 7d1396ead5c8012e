"""Every change of a state has its line in the log: what was kept yesterday, what is kept today, and what was said."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.years.rows import Row, Rows

STATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "flags": (("status", "sealed"), ("id",)),
    "risks": (("status", "level", "owner_id", "leader_id", "watchdog_id", "verified_level"), ("id",)),
    "measures": (("status", "verified_by"), ("id",)),
    "clocks": (("ended_on", "due_on", "extended"), ("risk_id",)),
    "second_looks": (("result",), ("risk_id",)),
    "dues": (("published_on",), ("id", "unit_id", "subject_id")),
    "requests": (("answered_on",), ("id",)),
    "subjects": (("retired_on",), ("id",)),
    "decisions": (("title",), ("id",)),
    "decision_steps": (("held_on", "skipped"), ("decision_id",)),
    "rounds": (("closed_on", "ends_on"), ("id",)),
    "inspections": (("answer",), ("item_id",)),
    "snapshots": (("digest",), ("id",)),
    "mentorships": (("mentor_id", "until"), ("id",)),
    "meetings": (("held_on",), ("id",)),
    "meeting_decisions": (("owner_id", "due_on"), ("meeting_id",)),
    "assignments": (("role",), ("person_id",)),
    "holdings": (("until",), ("post_id", "person_id")),
    "early_warnings": (("ended_on", "told_on", "person_id", "to_unit_id"), ("subject",)),
}
"""Of each table what makes its state, and what the log may name it by."""
PASSED = ("owner_id", "watchdog_id", "claimed_by")
"""Who has a part in a measure; a hand-over says it of all at once, by who gives and who takes."""


@dataclass
class Changes:
    """What was kept at the end of the day before, and how far the log had been read."""

    kept: dict[str, dict[str, tuple[Any, ...]]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    lines: int = 0

    def unsaid(self, rows: Rows) -> Iterator[str]:
        """The changes since the day before that no line of the log tells."""
        said, people = self._said(rows)
        for table, (columns, names) in STATES.items():
            before, now = self.kept.get(table, {}), {}
            for row in rows.all(table):
                now[row["id"]] = tuple(row[column] for column in columns)
                if before.get(row["id"]) != now[row["id"]] and not said & {row[name] for name in names}:
                    yield f"{table}: {row['id']} became {now[row['id']]} without a line in the log"
            self.kept[table] = now
        yield from self._parts(rows, said, people)
        lines = rows.connection.execute("SELECT count(*) FROM audit_entries").fetchone()[0]
        if lines < self.lines:
            yield "the log became shorter"
        self.lines = lines

    def _parts(self, rows: Rows, said: set[str], people: set[str]) -> Iterator[str]:
        before, now = self.kept.get("parts", {}), {}
        for row in rows.all("measures"):
            now[row["id"]] = tuple(row[part] for part in PASSED)
            if before.get(row["id"]) != now[row["id"]] and row["id"] not in said and not people & set(now[row["id"]]):
                yield f"measures: {row['id']} is in other hands without a line in the log"
        self.kept["parts"] = now

    def _said(self, rows: Rows) -> tuple[set[str], set[str]]:
        """What the new lines of the log are about, and who took something over by them."""
        said: set[str] = set()
        people: set[str] = set()
        query = "SELECT event, subject, facts FROM audit_entries WHERE chain = ? AND n > ?"
        heads = dict(rows.connection.execute("SELECT chain, max(n) FROM audit_entries GROUP BY chain"))
        for chain in heads:
            for event, subject, facts in rows.connection.execute(query, (chain, self.heads.get(chain, 0))):
                told: Row = json.loads(facts)
                said.add(subject)
                said.update(value for value in told.values() if isinstance(value, str))
                if event == "post_handed_over":
                    people.add(told["to"])
        self.heads = heads
        return said, people
