"""What the consistency checks look at: the facts of one community, as far as their reader may know of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from core.lifecycle import ENDED
from core.organisation.recusal import Known
from core.words import (
    DecisionStep,
    Dimension,
    DisclosureClass,
    Level,
    MeasureStatus,
    MeasureType,
    RatingStage,
    ReviewResult,
    RiskStatus,
    Role,
    SignedStage,
    Source,
)

T = TypeVar("T")


@dataclass(frozen=True)
class EntryFact:
    """An entry that is not archived. `described_on` is the last day on which its description was changed,
    None where its public wording was put right since."""

    id: str
    number: int
    title: str
    status: RiskStatus
    level: Level | None
    expected: Level | None
    verified: Level | None
    dimension: Dimension
    item_id: str | None
    owner_id: str | None
    leader_id: str | None
    watchdog_id: str | None
    disclosure_class: DisclosureClass
    wording: str
    announced_on: date | None
    filed_on: date | None
    closed_on: date | None
    closed_by: str | None
    described_on: date | None

    @property
    def is_open(self) -> bool:
        return self.status not in ENDED


@dataclass(frozen=True)
class MeasureFact:
    """A measure of such an entry; `files` are the digests of its evidence."""

    id: str
    risk_id: str
    text: str
    kind: MeasureType
    owner_id: str
    watchdog_id: str
    claimed_by: str | None
    due_on: date
    indicator: str
    status: MeasureStatus
    percent: int
    verified_by: str | None
    files: tuple[str, ...]

    @property
    def is_verified(self) -> bool:
        return self.status is MeasureStatus.VERIFIED


@dataclass(frozen=True)
class RatingFact:
    """The newest rating of a stage."""

    risk_id: str
    stage: RatingStage
    computed: Level
    level: Level
    reason: str
    rated_by: str
    rated_at: datetime


@dataclass(frozen=True)
class SignedFact:
    """What a standing signature was given for: words and levels of the entry as they stood then."""

    risk_id: str
    stage: SignedStage
    title: str
    item_id: str | None
    level: Level | None
    expected: Level | None


@dataclass(frozen=True)
class VoiceFact:
    """A voice of an entry that the reader may hear."""

    risk_id: str
    flag_id: str
    source: Source
    item_id: str | None
    level: Level | None
    linked_at: datetime


@dataclass(frozen=True)
class AgainFact:
    """What a resident said after an entry was closed, about the same power item; only for who reads such words."""

    risk_id: str
    flag_id: str
    raised_on: date


@dataclass(frozen=True)
class ClockFact:
    """The running clock of an entry; `staffed` says that somebody at its holder may act for it."""

    risk_id: str
    holder_id: str
    holder: str
    due_on: date
    staffed: bool


@dataclass(frozen=True)
class LookFact:
    """A second look that was made."""

    id: str
    risk_id: str
    result: ReviewResult
    looked_by: str
    looked_on: date


@dataclass(frozen=True)
class PageFact:
    """What the board shows of an entry."""

    risk_id: str
    item: str
    wording: str
    level: Level | None
    status: RiskStatus
    measures: tuple[str, ...]


@dataclass(frozen=True)
class ItemFact:
    """A power item, retired ones too."""

    id: str
    name: str
    dimension: Dimension
    post_id: str | None
    major: bool
    retired: bool
    disclosure_class: DisclosureClass


@dataclass(frozen=True)
class SubjectFact:
    """A disclosure item in use."""

    id: str
    name: str
    item_id: str | None


@dataclass(frozen=True)
class DecisionFact:
    """A decision with the days of its steps."""

    id: str
    title: str
    item_id: str | None
    steps: Mapping[DecisionStep, date | None]


@dataclass(frozen=True)
class RoundFact:
    """A round of the community or of a unit above it that is not closed."""

    id: str
    title: str
    ends_on: date


@dataclass(frozen=True)
class PersonFact:
    """Somebody who has a part: whether they left, and the roles they hold here or above."""

    id: str
    name: str
    left_on: date | None
    roles: frozenset[Role]


@dataclass(frozen=True)
class Checked:
    """Everything the checks see of a community. `named` are entry and person, where a voice of the entry names them;
    it is empty for who may not read residents' words. `related` are pairs of declared relatives, both ways round, for
    the discipline desk alone. `holding` says who holds each post today; `known` are those
    whom a text might name."""

    unit_id: str
    unit: str
    entries: tuple[EntryFact, ...] = ()
    measures: tuple[MeasureFact, ...] = ()
    ratings: tuple[RatingFact, ...] = ()
    signed: tuple[SignedFact, ...] = ()
    voices: tuple[VoiceFact, ...] = ()
    again: tuple[AgainFact, ...] = ()
    named: frozenset[tuple[str, str]] = frozenset()
    related: frozenset[tuple[str, str]] = frozenset()
    clocks: tuple[ClockFact, ...] = ()
    looks: tuple[LookFact, ...] = ()
    pages: tuple[PageFact, ...] = ()
    items: tuple[ItemFact, ...] = ()
    holding: frozenset[tuple[str, str]] = frozenset()
    subjects: tuple[SubjectFact, ...] = ()
    decisions: tuple[DecisionFact, ...] = ()
    rounds: tuple[RoundFact, ...] = ()
    people: tuple[PersonFact, ...] = ()
    known: tuple[Known, ...] = ()

    @cached_property
    def entry(self) -> dict[str, EntryFact]:
        return {one.id: one for one in self.entries}

    @cached_property
    def item(self) -> dict[str, ItemFact]:
        return {one.id: one for one in self.items}

    @cached_property
    def person(self) -> dict[str, PersonFact]:
        return {one.id: one for one in self.people}

    @cached_property
    def clock(self) -> dict[str, ClockFact]:
        return {one.risk_id: one for one in self.clocks}

    @cached_property
    def page(self) -> dict[str, PageFact]:
        return {one.risk_id: one for one in self.pages}

    @cached_property
    def measures_of(self) -> dict[str, list[MeasureFact]]:
        return grouped(self.measures, lambda one: one.risk_id)

    @cached_property
    def voices_of(self) -> dict[str, list[VoiceFact]]:
        return grouped(self.voices, lambda one: one.risk_id)

    @cached_property
    def rating(self) -> dict[tuple[str, RatingStage], RatingFact]:
        return {(one.risk_id, one.stage): one for one in self.ratings}

    @cached_property
    def holders(self) -> dict[str, set[str]]:
        """Who holds the post of each power item."""
        by_post: dict[str, set[str]] = defaultdict(set)
        for post_id, person_id in self.holding:
            by_post[post_id].add(person_id)
        return {one.id: by_post[one.post_id] if one.post_id else set() for one in self.items}

    def answering(self, entry: EntryFact) -> set[str]:
        """Who holds the post of an entry's power item."""
        return self.holders.get(entry.item_id or "", set())

    def name(self, person_id: str | None) -> str:
        found = self.person.get(person_id or "")
        return found.name if found else ""


def grouped(rows: Iterable[T], key: Callable[[T], str]) -> defaultdict[str, list[T]]:
    """Rows by a key, in their order; nothing under a key that none has."""
    found: defaultdict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
