"""Rows that questions give: frozen, plain, ready to be shown."""

from dataclasses import dataclass
from datetime import date, datetime

from core.words import (
    ActorKind,
    Answer,
    Channel,
    Dimension,
    DisclosureClass,
    DisclosureWhen,
    FlagStatus,
    Level,
    MeasureStage,
    MeasureStatus,
    MeasureType,
    RatingStage,
    Role,
    Source,
)


@dataclass(frozen=True)
class UnitRow:
    """A unit with its kind's name and its place in the tree."""

    id: str
    parent_id: str | None
    kind: str
    name: str
    path: str
    code: str
    closed_on: date | None
    holds_register: bool
    trail: str

    @property
    def is_community(self) -> bool:
        """Whether it is open and holds a register."""
        return self.holds_register and self.closed_on is None


@dataclass(frozen=True)
class PersonRow:
    """A person with roles as (assignment id, role, unit name) and the posts held today."""

    id: str
    name: str
    account: str
    unit_id: str
    unit: str
    left_on: date | None
    locked_until: datetime | None
    roles: tuple[tuple[str, Role, str], ...]
    posts: tuple[str, ...]


@dataclass(frozen=True)
class PostRow:
    """A post with who holds it today, as (holding id, person id, name); `leads` says that it heads the unit."""

    id: str
    unit_id: str
    unit: str
    name: str
    holders: tuple[tuple[str, str, str], ...]
    items: int
    leads: bool = False


@dataclass(frozen=True)
class ItemRow:
    """A power item with its post and who holds it; `entries` counts its open register entries."""

    id: str
    unit_id: str
    name: str
    dimension: Dimension
    basis: str
    body: str
    post_id: str | None
    post: str
    procedure: str
    time_limit: str
    supervision: str
    major: bool
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen | None
    masked: bool
    version: int
    retired: bool
    holders: tuple[str, ...]
    entries: int


@dataclass(frozen=True)
class RoundRow:
    """A round with its calendar and the unit it was opened at; `posts` are the names of those asked, or none for all.

    `path` is the unit's place in the tree; `run_id` is the long work that freezes its registers, where they are many.
    """

    id: str
    unit_id: str
    unit: str
    title: str
    starts_on: date
    filing_from: date
    control_from: date
    evaluation_from: date
    ends_on: date
    closed_on: date | None
    reason: str
    run_id: str | None
    posts: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class InspectionRow:
    """One power item of one's own post in a round; `answer` is None until something was said.

    `found` are the risks raised about it in this round, as they were said.
    """

    item_id: str
    item: str
    dimension: Dimension
    answer: Answer | None
    note: str
    said_on: date | None
    said_by: str
    open_entries: int
    found: tuple[str, ...]


@dataclass(frozen=True)
class SaidRow:
    """What was said of one power item in one round."""

    title: str
    answer: Answer
    note: str
    said_by: str
    said_on: date


@dataclass(frozen=True)
class InboxRow:
    """A flag that awaits a decision; `certainty` (0–1) and `likely_number` are of the likeliest entry suggested;
    `urgent` ones sounded like danger."""

    id: str
    unit_id: str
    unit: str
    place: str
    source: Source
    channel: Channel
    text: str
    item_id: str | None
    item: str
    level: Level | None
    status: FlagStatus
    raised_on: date
    due_on: date
    speaker: str
    certainty: float | None
    likely_number: int | None
    urgent: bool


@dataclass(frozen=True)
class SealedRow:
    """A sealed matter without its words."""

    id: str
    unit: str
    raised_on: date
    due_on: date
    confirmed: bool
    status: FlagStatus
    openings: int


@dataclass(frozen=True)
class PointRow:
    """What one community made of a superior's point; `number` is the entry it became or joined."""

    point_id: str
    flag_id: str
    unit_id: str
    unit: str
    text: str
    item_id: str | None
    status: FlagStatus
    reason: str
    risk_id: str | None
    number: int | None
    raised_by: str
    raised_on: date
    due_on: date
    decided_on: date | None

    @property
    def is_answered(self) -> bool:
        return self.status not in (FlagStatus.NEW, FlagStatus.ASKED)


@dataclass(frozen=True)
class AssessmentRow:
    """A rating as it was decided."""

    stage: RatingStage
    factors: dict[str, int]
    overrides: tuple[str, ...]
    computed: Level
    level: Level
    reason: str
    rater: str
    rated_at: datetime


@dataclass(frozen=True)
class StatementRow:
    """What a post-holder said beside a rating."""

    speaker: str
    objection: bool
    text: str
    said_at: datetime


@dataclass(frozen=True)
class MeasureRow:
    """A measure with its entry and its people."""

    id: str
    unit_id: str
    unit: str
    risk_id: str
    number: int
    title: str
    level: Level | None
    text: str
    measure_type: MeasureType
    stage: MeasureStage
    actor_kind: ActorKind
    indicator: str
    owner_id: str
    owner: str
    watchdog_id: str
    watchdog: str
    starts_on: date
    due_on: date
    status: MeasureStatus
    percent: int
    done_on: date | None
    evidence: int
    claimed_by: str
    claimed_on: date | None


@dataclass(frozen=True)
class ProgressRow:
    """One report or verdict on a measure."""

    status: MeasureStatus
    percent: int
    text: str
    speaker: str
    said_at: datetime


@dataclass(frozen=True)
class ChainRow:
    """A chain with its unit and length."""

    chain: str
    unit: str
    residents: bool
    length: int


@dataclass(frozen=True)
class AuditRow:
    """One line of the audit log as it is read."""

    chain: str
    n: int
    at: str
    actor: str
    event: str
    subject: str
    facts: dict[str, object]
    digest: str
