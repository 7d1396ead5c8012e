"""The register (台账) as it is read: filtered, sorted and paged rows.

A filter can be written into an address and read from it. These are the names, and this is the one place for them; a
name may stand more than once, or hold several values with commas between them; what is not understood is left out.

==========  ==========================================================
text        words of the entry or its power item, or its number
level       high, medium, low, unrated
expected    the same of the level expected after the measures
verified    the same of the verified level
dimension   codes of Dimension
status      codes of RiskStatus; without it archived ones are left out
warning     codes of WarningLevel: entries about which such a warning runs
source      codes of Source: entries in which any of these voices spoke
voices      codes of Source: entries in which exactly these voices spoke
unit        id of a unit; all below it are meant
item        id of a power item
post        name of the post that answers for the power item
solved      codes of ResolveLevel: where the matter is solved; undecided where nobody has said
look        codes of ReviewResult: what the last second look found
named       name of a power item, in whichever communities
overdue     1: entries with a measure past its day
mine        1: entries one answers for, leads or watches
change      code of Change: entries of one community by what became of them since last year's round
again       1: entries to be rated again
standing    1: with archived entries, without those that were withdrawn
since       day from which on entries were opened, as 2026-01-31
until       day up to which entries were opened
whole       1: archived entries too
sort        number, level, newest, due
after       id of the entry a page begins after; see core.turning
before      id of the entry a page ends before
page        what that page is called, from 1
==========  ==========================================================
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar
from unicodedata import normalize

from core.access import Permission
from core.items import Item
from core.organisation import places
from core.organisation.places import Reach
from core.rows import UnitRow
from core.store import Work
from core.text import N_, Term
from core.turning import ALL_HERE, START, Turn, Turned, from_address
from core.words import (
    Change,
    Dimension,
    Level,
    ResolveLevel,
    ReviewResult,
    RiskStatus,
    RiskType,
    Source,
    WarningLevel,
)

PAGE = 50


class Sort(Term):
    NUMBER = "number", N_("By number")
    LEVEL = "level", N_("Highest level first")
    NEWEST = "newest", N_("Newest first")
    DUE = "due", N_("Next due first")


@dataclass(frozen=True)
class Filter:
    """What to show; empty means everything. `voices` are exact: the set of sources that spoke."""

    text: str = ""
    levels: tuple[str, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    statuses: tuple[RiskStatus, ...] = ()
    sources: tuple[Source, ...] = ()
    warnings: tuple[WarningLevel, ...] = ()
    voices: frozenset[Source] | None = None
    unit_id: str | None = None
    item_id: str | None = None
    expected: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    post: str | None = None
    solved: tuple[str, ...] = ()
    looks: tuple[ReviewResult, ...] = ()
    standing: bool = False
    item_name: str = ""
    overdue: bool = False
    lapsed: bool = False
    mine: str | None = None
    change: Change | None = None
    again: bool = False
    since: date | None = None
    until: date | None = None
    whole: bool = False
    sort: Sort = Sort.NUMBER
    turn: Turn = START

    @property
    def narrows(self) -> bool:
        """Whether anything is left out that an empty filter would show."""
        free = ("sort", "turn")
        return any(getattr(self, f.name) != f.default for f in fields(self) if f.name not in free)


    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The words that are searched for, all of which must be there; each as typed and with full-width signs made
        half-width, for a title may hold either."""
        return tuple(tuple(dict.fromkeys((word, normalize("NFKC", word)))) for word in self.text.split())

    @property
    def number(self) -> int | None:
        """The number of an entry, where that is what was typed."""
        typed = normalize("NFKC", self.text).strip().lstrip("#").strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


UNRATED = "unrated"
"""Stands among `levels` for entries without a level."""
LEVELS = (*(level.value for level in Level), UNRATED)
UNDECIDED = "undecided"
"""Stands in `solved` for entries of which nobody has said where they are solved."""
SOLVED = (*(where.value for where in ResolveLevel), UNDECIDED)
LONGEST_TEXT = 60
LONGEST_NAME = 80
SINGLE = (
    "unit", "item", "overdue", "lapsed", "mine", "again", "standing", "since", "until", "whole", "sort", "after",
    "before", "page",
)  # fmt: skip
"""What an address says once at most."""

T = TypeVar("T", bound=Term)


def from_query(query: Mapping[str, Sequence[str]], person_id: str | None) -> Filter:
    """The filter an address asks for; `person_id` is who “mine” means."""

    def given(name: str) -> list[str]:
        return [part for value in query.get(name, ()) for part in value.split(",") if part]

    def terms(name: str, kind: type[T]) -> tuple[T, ...]:
        wanted = set(given(name))
        return tuple(term for term in kind if term.value in wanted)

    first = {name: (given(name) or [""])[0] for name in SINGLE}
    exact, change = terms("voices", Source), terms("change", Change)
    def levels(name: str) -> tuple[str, ...]:
        wanted = set(given(name))
        return tuple(level for level in LEVELS if level in wanted)

    sort = next((sort for sort in Sort if sort.value == first["sort"]), Sort.NUMBER)
    return Filter(
        text=" ".join(query.get("text", ()))[:LONGEST_TEXT].strip(),
        levels=levels("level"), expected=levels("expected"), verified=levels("verified"),
        dimensions=terms("dimension", Dimension), looks=terms("look", ReviewResult),
        solved=tuple(where for where in SOLVED if where in given("solved")),
        post=" ".join(query.get("post", ())).strip()[:LONGEST_TEXT] or None, standing=first["standing"] == "1",
        statuses=terms("status", RiskStatus), sources=terms("source", Source),
        warnings=terms("warning", WarningLevel),
        voices=frozenset(exact) if exact else None, unit_id=first["unit"] or None, item_id=first["item"] or None,
        item_name=" ".join(query.get("named", ()))[:LONGEST_NAME].strip(),
        overdue=first["overdue"] == "1", lapsed=first["lapsed"] == "1",
        mine=person_id if first["mine"] == "1" else None, change=change[0] if change else None,
        again=first["again"] == "1", since=_day(first["since"]), until=_day(first["until"]),
        whole=first["whole"] == "1", sort=sort, turn=from_address(first),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def to_query(wanted: Filter) -> dict[str, list[str]]:
    """The address of a filter; only what differs from an empty one."""
    lists: dict[str, Sequence[str]] = {
        "level": wanted.levels, "dimension": wanted.dimensions, "status": wanted.statuses, "source": wanted.sources,
        "warning": wanted.warnings, "expected": wanted.expected, "verified": wanted.verified, "solved": wanted.solved,
        "look": wanted.looks,
        "voices": [source for source in Source if source in (wanted.voices or ())],
    }  # fmt: skip
    found = {name: [str(value) for value in values] for name, values in lists.items() if values}
    single = {
        "text": wanted.text, "unit": wanted.unit_id or "", "item": wanted.item_id or "", "post": wanted.post or "",
        "standing": "1" if wanted.standing else "",
        "named": wanted.item_name,
        "overdue": "1" if wanted.overdue else "", "lapsed": "1" if wanted.lapsed else "",
        "mine": "1" if wanted.mine else "",
        "change": wanted.change.value if wanted.change else "", "again": "1" if wanted.again else "",
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "", "whole": "1" if wanted.whole else "",
        "sort": wanted.sort.value if wanted.sort is not Sort.NUMBER else "",
        **wanted.turn.query,
    }  # fmt: skip
    return found | {name: [value] for name, value in single.items() if value}


@dataclass(frozen=True)
class RegisterRow:
    """One entry in the list. `sources` are the voices in it; `overdue` counts measures past their day; `lapsed` says
    that what was signed no longer holds; `warning` is the gravest one that runs."""

    id: str
    unit_id: str
    unit: str
    number: int
    title: str
    item_id: str | None
    item: str
    dimension: Dimension
    risk_type: RiskType
    status: RiskStatus
    level: Level | None
    sources: tuple[str, ...]
    owner: str
    next_due: date | None
    overdue: int
    opened_on: date
    lapsed: bool
    warning: WarningLevel | None = None


@dataclass(frozen=True)
class Page:
    """Rows of one page, how many there are in all, and the ways to other pages."""

    rows: tuple[RegisterRow, ...]
    total: int
    turned: Turned = ALL_HERE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


def register(work: Work, wanted: Filter) -> Page:
    """The entries the actor may see, filtered, sorted, 50 a page."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.register(scope, wanted, work.today)


def below(work: Work, unit_id: str = "") -> list[UnitRow]:
    """The communities in a unit, or in sight, whose register the actor may read, closed ones too; where they are many,
    the units one step further down."""
    work.actor.require(Permission.REGISTER_READ)
    offer = places.offer(work, Permission.REGISTER_READ, Reach.KEPT, unit_id)
    if offer.few is None:
        return list(places.step(work, Permission.REGISTER_READ, Reach.KEPT, unit_id).rows)
    path = offer.asked.path if offer.asked else ""
    return [row for row in offer.communities if row.path.startswith(path)]


def place(work: Work, unit_id: str) -> UnitRow | None:
    """A community whose register the actor may read, or a unit above some."""
    work.actor.require(Permission.REGISTER_READ)
    return next(iter(places.named(work, Permission.REGISTER_READ, Reach.KEPT, [unit_id])), None)


def item(work: Work, item_id: str) -> str:
    """The name of a power item the actor may see; empty for any other."""
    scope = work.actor.require(Permission.REGISTER_READ)
    found = work.store.seen(Item, item_id, scope)
    return found.name if found else ""
