"""Blind spots (盲区): which voices saw which entry, what one of them missed, and how far they agree by power item.

Everything here rests on the marks of the voices that whoever may read the register reads there. No number of residents'
flags or supports goes into any of it, so none can come out of it, by whatever filters: the same page would be shown had
twice as many residents said the same. How the figures are made, and what they cannot say: docs/blind-spots.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.access import Permission, Scope
from core.errors import Missing
from core.insight.chance import RARE, Crossing, Share, Unseen, holm, unseen
from core.insight.figures import overlap
from core.organisation import places
from core.organisation.places import Reach
from core.rows import RoundRow, UnitRow
from core.store import Work
from core.text import N_, Term
from core.turning import COUNTED
from core.words import Dimension, Level, RiskStatus, Source

ALWAYS = date.max
SOME = 5
"""Entries about one power item or dimension below which nothing is said of agreement there."""


@dataclass(frozen=True)
class Asked:
    """What to look at; empty means everything in sight. `round_id`: entries opened in the days of that round."""

    unit_id: str | None = None
    round_id: str | None = None
    dimension: Dimension | None = None
    item_id: str | None = None


@dataclass(frozen=True)
class Sight:
    """What is asked for as the store takes it: of a unit and all below it or of the whole scope, under a `path`, opened
    between two days, of a dimension, about a power item."""

    unit_id: str | None
    path: str
    first: date | None
    last: date | None
    dimension: Dimension | None
    item_id: str | None


@dataclass(frozen=True)
class Alike:
    """`n` entries about power items of one name in one dimension, with the same voices, at least one."""

    item: str
    dimension: Dimension
    sources: frozenset[Source]
    n: int


@dataclass(frozen=True)
class Voiced:
    """One entry with the voices in it, and the levels each gave by itself, every level once."""

    id: str
    unit_id: str
    unit: str
    number: int
    title: str
    item_id: str | None
    item: str
    dimension: Dimension
    status: RiskStatus
    level: Level | None
    opened_on: date
    sources: frozenset[Source]
    own: frozenset[tuple[Source, Level]]


@dataclass(frozen=True)
class Missed:
    """Of the entries without one voice, in how many each of the others is."""

    silent: Source
    by: Mapping[Source, Share]


class Verdict(Term):
    """What may be said of the agreement in one place beside all others."""

    MORE = "more", N_("more often than elsewhere, hardly by chance")
    LESS = "less", N_("less often than elsewhere, hardly by chance")
    CHANCE = "chance", N_("may be chance")
    FEW = "few", N_("too few entries to say")


@dataclass(frozen=True)
class Agreement:
    """How often more than one voice is in the entries of a power item or a dimension, and `elsewhere`; `chance` is how
    often (0–1) so great a difference comes about by itself, with all that was compared in mind."""

    key: str
    name: str
    spoke: Mapping[Source, int]
    several: Share
    elsewhere: Share
    chance: float

    @property
    def verdict(self) -> Verdict:
        if self.several.whole < SOME or self.elsewhere.whole < SOME:
            return Verdict.FEW
        if self.chance > RARE:
            return Verdict.CHANCE
        more = self.several.part * self.elsewhere.whole > self.elsewhere.part * self.several.whole
        return Verdict.MORE if more else Verdict.LESS


@dataclass(frozen=True)
class WhoSaw:
    """Entries by the voices in them, what each voice missed, and what neither cadres nor residents may have seen."""

    total: int
    overlap: dict[frozenset[Source], int]
    missed: tuple[Missed, ...]
    unseen: Unseen | None
    only_superiors: int


@dataclass(frozen=True)
class Week:
    """Entries opened since a day, those of them that residents alone brought up, and their power items, the one with
    most entries first. With `more` these are the newest alone."""

    first: date
    total: int
    alone: int
    items: tuple[str, ...]
    more: bool = False


@dataclass(frozen=True)
class ByPlace:
    """Agreement by power item and by dimension."""

    items: tuple[Agreement, ...]
    dimensions: tuple[Agreement, ...]


@dataclass(frozen=True)
class Choices:
    """What one may choose among: rounds, and the power items of one community; `units` are the one that was chosen and
    that of the chosen round."""

    units: tuple[UnitRow, ...]
    rounds: tuple[RoundRow, ...]
    items: Mapping[str, str]


def choices(work: Work, unit_id: str | None, round_id: str | None = None) -> Choices:
    """The filters there are; power items where one community is looked at."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    rounds = work.store.round_rows(scope)
    if round_id and round_id not in {row.id for row in rounds}:  # one older than those that are told of at once
        with suppress(Missing):
            rounds = [*rounds, work.store.round_row(scope, round_id)]
    about = {row.unit_id for row in rounds if row.id == round_id} | ({unit_id} if unit_id else set())
    units = places.named(work, Permission.OVERVIEW_READ, Reach.REGISTERS, sorted(about))
    offer = places.offer(work, Permission.OVERVIEW_READ, Reach.REGISTERS)
    alone = "" if offer.several else next((row.id for row in offer.communities), "")
    home = next((row.id for row in units if row.id == unit_id and row.holds_register), "" if unit_id else alone)
    powers = work.store.powers(scope, home, ALWAYS, ALWAYS) if home else []
    return Choices(tuple(units), tuple(rounds), {one.id: one.name for one in powers})


def who_saw(work: Work, asked: Asked) -> WhoSaw:
    """Who saw which entries, in sets that exclude each other."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    sets = overlap((one.sources, one.n) for one in work.store.alike(scope, sight(work, scope, asked)))
    return WhoSaw(
        sum(sets.values()), sets, tuple(missed(sets, source) for source in Source),
        unseen(*(_count(sets, *spoke) for spoke in ((True, True), (True, False), (False, True)))),
        sets[frozenset({Source.SUPERIOR})],
    )  # fmt: skip


def week(work: Work) -> Week:
    """What of this week's entries only residents saw, in everything the actor may see: of the newest, where there are
    more than are counted."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    first = work.today - timedelta(days=6)
    ids = work.store.opened(scope, first, work.today, COUNTED + 1)
    found = [one for one in work.store.voiced(scope, ids[:COUNTED]) if one.sources]
    alone = [one for one in found if one.sources == frozenset({Source.RESIDENT})]
    items = Counter(one.item for one in alone)
    names = sorted(filter(None, items), key=lambda name: (-items[name], name))
    return Week(first, len(found), len(alone), tuple(names), len(ids) > COUNTED)


def agreement(work: Work, asked: Asked) -> ByPlace:
    """How far the voices agree in each place that is asked for, beside everything else in the unit and round."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    wide = replace(asked, dimension=None, item_id=None)
    base = work.store.alike(scope, sight(work, scope, wide))
    wanted = base if asked == wide else work.store.alike(scope, sight(work, scope, asked))
    items, dimensions = {one.item for one in wanted}, {one.dimension.value for one in wanted}
    return ByPlace(
        tuple(one for one in by_item(base) if one.key in items),
        tuple(one for one in by_dimension(base) if one.key in dimensions),
    )


def sight(work: Work, scope: Scope, asked: Asked) -> Sight:
    """What is asked for, a round as its days and the path of its unit; entries that were closed are among it."""
    if not asked.round_id:
        return Sight(asked.unit_id, "", None, None, asked.dimension, asked.item_id)
    first, last, path = during(work, scope, asked.round_id)
    return Sight(asked.unit_id, path, first, last, asked.dimension, asked.item_id)


def during(work: Work, scope: Scope, round_id: str | None) -> tuple[date, date, str]:
    """The days of a round and the path of its unit, where that is in sight; all days and places without one."""
    if not round_id:
        return date.min, ALWAYS, ""
    row = work.store.round_row(scope, round_id)
    path = next((unit.path for unit in work.store.offered_ones(scope, Reach.REGISTERS, [row.unit_id])), "")
    return row.starts_on, min(row.ends_on, row.closed_on or row.ends_on), path


def missed(sets: Mapping[frozenset[Source], int], silent: Source) -> Missed:
    """What a voice missed of what is known, and who raised it instead, from entries by the voices in them."""
    without = {voices: n for voices, n in sets.items() if silent not in voices}
    whole, others = sum(without.values()), [source for source in Source if source is not silent]
    return Missed(silent, {s: Share(sum(n for voices, n in without.items() if s in voices), whole) for s in others})


def _count(sets: Mapping[frozenset[Source], int], cadres: bool, residents: bool) -> int:
    return sum(
        n for voices, n in sets.items()
        if (Source.SELF in voices) is cadres and (Source.RESIDENT in voices) is residents
    )  # fmt: skip


def by_item(found: Sequence[Alike]) -> list[Agreement]:
    """Agreement by power item, the item with most entries first; the same item of several communities is one row."""
    groups: dict[str, list[Alike]] = {}
    for one in found:
        if one.item:
            groups.setdefault(one.item, []).append(one)
    ordered = sorted(groups, key=lambda name: (-_entries(groups[name]), name))
    return compared([(name, name, groups[name]) for name in ordered], found)


def by_dimension(found: Sequence[Alike]) -> list[Agreement]:
    groups = [(d, [one for one in found if one.dimension is d]) for d in Dimension]
    return compared([(d.value, d.label, group) for d, group in groups if group], found)


def compared(groups: Sequence[tuple[str, str, list[Alike]]], found: Sequence[Alike]) -> list[Agreement]:
    """Each group of entries beside all others; groups of fewer than `SOME` are not tested and cost the others
    nothing."""
    all_of = _by_several(found)
    shares = [_by_several(group) for *_rest, group in groups]
    rests = [Share(all_of.part - one.part, all_of.whole - one.whole) for one in shares]
    tried = [n for n, one in enumerate(shares) if min(one.whole, rests[n].whole) >= SOME]
    tests = [
        Crossing(s.part, s.whole - s.part, r.part, r.whole - r.part).chance
        for s, r in ((shares[n], rests[n]) for n in tried)
    ]
    chances = dict(zip(tried, holm(tests), strict=True))
    return [
        Agreement(key, name, {s: _entries(one for one in group if s in one.sources) for s in Source}, shares[n],
                  rests[n], chances.get(n, 1.0))
        for n, (key, name, group) in enumerate(groups)
    ]  # fmt: skip


def _entries(found: Iterable[Alike]) -> int:
    return sum(one.n for one in found)


def _by_several(found: Sequence[Alike]) -> Share:
    """Of entries, those in which more than one voice is."""
    return Share(_entries(one for one in found if len(one.sources) > 1), _entries(found))
