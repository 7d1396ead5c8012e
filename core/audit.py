"""The audit log: append-only, hash-chained, one chain for each unit and one beside it for its residents.

Residents' events carry the date only. They stand on a chain of their own, so that no timed neighbour tells their hour.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

ORIGIN = "0" * 64


@dataclass(eq=False)
class Entry:
    """One line of a chain. `at` is an ISO instant in UTC, or an ISO date alone for what a resident did."""

    chain: str
    n: int
    at: str
    actor: str
    event: str
    subject: str
    facts: str
    previous: str
    digest: str


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold, and why."""

    chain: str
    n: int
    why: str


def residents_chain(unit_id: str) -> str:
    return f"{unit_id}:residents"


def canonical(facts: Mapping[str, object]) -> str:
    """Facts as text that is the same wherever it is written."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no fact: {type(value).__name__}")


def sealed_entry(
    previous: Entry | None, chain: str, at: str, actor: str, event: str, subject: str, facts: Mapping[str, object]
) -> Entry:
    """The next entry of a chain, its digest over every field and the digest before it."""
    before = previous.digest if previous else ORIGIN
    n = previous.n + 1 if previous else 1
    entry = Entry(chain, n, at, actor, event, subject, canonical(facts), before, "")
    entry.digest = digest(entry)
    return entry


def digest(entry: Entry) -> str:
    """SHA-256 over the canonical text of an entry without its own digest."""
    fields = {name: value for name, value in _fields(entry).items() if name != "digest"}
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def _fields(entry: Entry) -> dict[str, object]:
    names = ("chain", "n", "at", "actor", "event", "subject", "facts", "previous", "digest")
    return {name: getattr(entry, name) for name in names}


def breaks(chain: str, entries: Iterable[Entry], head: tuple[int, str] | None) -> list[Break]:
    """Every place where a chain, in order, does not hold; `head` is its length and last digest as kept apart."""
    found: list[Break] = []
    before, n = ORIGIN, 0
    for entry in entries:
        n += 1
        if entry.n != n:
            found.append(Break(chain, entry.n, "number"))
            n = entry.n
        if entry.previous != before:
            found.append(Break(chain, entry.n, "previous"))
        if digest(entry) != entry.digest:
            found.append(Break(chain, entry.n, "digest"))
        before = entry.digest
    if head is not None and head != (n, before):
        found.append(Break(chain, n, "head"))
    return found
