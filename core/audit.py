"""The audit log: append-only, hash-chained, one chain for each unit and one beside it for its residents.

Residents' events carry the date only. They stand on a chain of their own, so that no timed neighbour tells their hour.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from core import words
from core.access import Permission
from core.documents import Document
from core.ledgers.doubts import Doubt
from core.privacy.keeping import Kept
from core.text import N_, Term

if TYPE_CHECKING:
    from core.rows import AuditRow, ChainRow
    from core.store import Work

ORIGIN = "0" * 64
PAGE = 50
AT_ONCE = 100_000
"""Lines of chains that are read while somebody waits: some seconds' worth."""
Head = tuple[int, str]
"""How many lines a chain has and the digest of the last; 0 and nothing for one without lines."""


class Flaw(Term):
    """How a chain can fail to hold: by itself, or beside what a witness outside the database saw of it."""

    NUMBER = "number", N_("a line is missing or out of order")
    PREVIOUS = "previous", N_("a line was put in, taken out or moved")
    DIGEST = "digest", N_("a line was changed")
    HEAD = "head", N_("lines were cut off at the end")
    OLDER = "older", N_("lines the witness saw are not there: the database is an older one")
    OTHERS = "others", N_("the line is not the one the witness saw: rewritten, or gone on from an older database")


FACTS: dict[str, tuple[str, type[Term] | None]] = {
    "account": (N_("account"), None), "answer": (N_("answer"), words.Answer), "before": (N_("before"), None),
    "claims": (N_("measures taken on"), None), "sites": (N_("demo sites mentored"), None),
    "changed": (N_("changed"), None), "channel": (N_("channel"), words.Channel),
    "chains": (N_("chains of the log"), None), "flaw": (N_("what does not hold"), Flaw), "line": (N_("line"), None),
    "communities": (N_("communities"), None), "consent": (N_("with consent"), None),
    "computed": (N_("computed level"), words.Level), "days": (N_("days"), None),
    "digest": (N_("digest of what was signed"), None),
    "due": (N_("due"), None), "held": (N_("held on"), None), "present": (N_("residents there"), None),
    "residents": (N_("what residents did"), None), "risks": (N_("register entries"), None),
    "file": (N_("file"), None), "flags": (N_("flags"), None), "judgements": (N_("judgements"), None),
    "leader": (N_("leader"), None), "shared": (N_("shared"), None), "together": (N_("done together with others"), None),
    "level": (N_("level"), words.Level),
    "measures": (N_("measures"), None), "name": (N_("name"), None), "number": (N_("entry number"), None),
    "objection": (N_("objection"), None), "owner": (N_("owner"), None), "percent": (N_("percent"), None),
    "person": (N_("person"), None), "posts": (N_("posts"), None),
    "purpose": (N_("what for"), words.OpeningKind), "reason": (N_("reason"), None),
    "refused": (N_("refused"), None), "result": (N_("result"), words.ReviewResult), "rows": (N_("rows"), None),
    "signed": (N_("signed"), words.SignedStage), "swept": (N_("what was deleted"), Kept),
    "role": (N_("role"), words.Role), "stage": (N_("stage"), words.RatingStage), "title": (N_("title"), None),
    "holder": (N_("holder"), None), "more": (N_("working days more"), None),
    "last": (N_("last day"), None), "solved": (N_("solved by"), words.ResolveLevel),
    "colour": (N_("warning"), words.WarningLevel), "rule": (N_("rule"), None), "works": (N_("offices work"), None),
    "to": (N_("to"), None), "triage": (N_("sorted as"), words.Triage), "undisclosed": (N_("not disclosed"), None),
    "document": (N_("document"), Document),
    "doubt": (N_("doubt"), Doubt), "dues": (N_("disclosures"), None), "late": (N_("days late"), None),
    "on": (N_("on"), None), "released": (N_("on the board"), None), "leads": (N_("heads the unit"), None),
    "step": (N_("step"), words.DecisionStep),
    "steps": (N_("steps"), None), "what": (N_("what happened"), None), "withheld": (N_("withheld"), None),
    "until": (N_("until"), None),
    "unit": (N_("unit"), None), "version": (N_("version"), None), "watchdog": (N_("watchdog"), None),
}  # fmt: skip
"""The facts of a line that are told to a reader: the word for each, and the vocabulary of its codes."""


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
    """Where a chain does not hold: the place counted from its first line, and why."""

    chain: str
    n: int
    why: Flaw


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found: the first break, if any, after reading so many lines; and where it ends."""

    first: Break | None
    lines: int
    end: Head = (0, "")


def residents_chain(unit_id: str) -> str:
    return f"{unit_id}:residents"


def is_residents(chain: str) -> bool:
    return chain.endswith(":residents")


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
    head: Head, chain: str, at: str, actor: str, event: str, subject: str, facts: Mapping[str, object]
) -> Entry:
    """The next entry of a chain, its digest over every field and the digest before it."""
    n, before = head
    entry = Entry(chain, n + 1, at, actor, event, subject, canonical(facts), before or ORIGIN, "")
    entry.digest = digest(entry)
    return entry


def digest(entry: Entry) -> str:
    """SHA-256 over the canonical text of an entry without its own digest."""
    fields = {name: value for name, value in _fields(entry).items() if name != "digest"}
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def _fields(entry: Entry) -> dict[str, object]:
    names = ("chain", "n", "at", "actor", "event", "subject", "facts", "previous", "digest")
    return {name: getattr(entry, name) for name in names}


def verdict(
    chain: str, lines: Iterable[Entry], head: Head | None, seen: Head = (0, ""), since: int = 1
) -> Verdict:
    """Read a chain in order up to the first line that does not hold; `head` is its length and last digest, kept apart.

    A chain and its head rewritten together cannot be told from an honest one by themselves: `seen` is how far a witness
    saw it, whose word is taken for the lines before `since` where reading begins there.
    """
    before, n, read = ORIGIN if since == 1 else None, since - 1, 0
    for n, line in enumerate(lines, start=since):
        read += 1
        flaw = _flaw(line, n, before) or (Flaw.OTHERS if n == seen[0] and line.digest != seen[1] else None)
        if flaw:
            return Verdict(Break(chain, n, flaw), read)
        before = line.digest
    end = (n, before or "") if n else (0, "")
    if (head or (0, "")) != end:
        return Verdict(Break(chain, n, Flaw.HEAD), read)
    return Verdict(Break(chain, n + 1, Flaw.OLDER) if n < seen[0] else None, read, end)


def _flaw(line: Entry, n: int, before: str | None) -> Flaw | None:
    if line.n != n:
        return Flaw.NUMBER
    if before is not None and line.previous != before:
        return Flaw.PREVIOUS
    return Flaw.DIGEST if digest(line) != line.digest else None


def chains(work: "Work", unit_id: str = "") -> list["ChainRow"]:
    """The chains of the auditor's units, or of one of them, each with the chain of its residents beside it."""
    scope = work.actor.require(Permission.AUDIT_READ)
    return work.store.chains(scope, unit_id)


def entries(work: "Work", chain: str, below: int | None = None) -> list["AuditRow"]:
    """Lines of a chain, the newest first, a page at a time; `below` is the number the page ends before."""
    scope = work.actor.require(Permission.AUDIT_READ)
    return work.store.entries_of_chain(scope, chain, below, PAGE)


def names(work: "Work", lines: Iterable["AuditRow"]) -> dict[str, str]:
    """What the people, units, posts and power items that lines speak of are called today, by id."""
    scope = work.actor.require(Permission.AUDIT_READ)
    ids = {value for line in lines for value in (line.subject, *line.facts.values()) if isinstance(value, str)}
    return work.store.names(scope, ids)


def check(work: "Work", chain: str) -> Verdict:
    """Read a chain from its first line to its last and say whether it holds."""
    scope = work.actor.require(Permission.AUDIT_READ)
    lines, head = work.store.read_chain(scope, chain)
    return verdict(chain, lines, head)
