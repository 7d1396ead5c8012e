"""What core asks of whoever keeps things, and the unit of work every use case is given."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from core import dates
from core.access import Actor, Scope
from core.audit import Entry, Head, residents_chain, sealed_entry
from core.errors import Denied
from core.store.checks import Checking
from core.store.choosing import Choosing
from core.store.figures import Figures
from core.store.finding import Finding
from core.store.holders import Holders
from core.store.insight import Insight
from core.store.kept import KeptApart
from core.store.ledgers import Ledgers
from core.store.lists import Lists
from core.store.messages import Mailroom
from core.store.openness import Openness
from core.store.relatives import Kept
from core.store.rounds import Campaigns
from core.store.vouched import Vouched

if TYPE_CHECKING:
    from core.alike.calibration import Judged, Judgement, Weights
    from core.alike.matching import Candidate
    from core.alike.pieces import Said
    from core.alike.vocabulary import Standing, Vocabulary
    from core.entries.entry import EntryRow, EvidenceRow
    from core.entries.register import Filter, Page, RegisterRow
    from core.entries.risks import Risk
    from core.home import Awaited
    from core.ledgers.handover import Held
    from core.openness.board import Publication, Rated
    from core.organisation.calendar import Calendar
    from core.organisation.people import Assignment, Person
    from core.organisation.recusal import Known
    from core.organisation.signin import Session, Visit
    from core.organisation.units import Unit, UnitKind
    from core.prevention.measures import Evidence, Measure
    from core.prevention.tasks import About
    from core.review.distinctions import Distinction
    from core.review.groups import GroupRow, MemberRow, Near, Review
    from core.review.merging import Choice, Link, Moved
    from core.review.runs import Run, RunRow, RunState, Told
    from core.review.suggesting import Suggestion
    from core.rows import (
        AssessmentRow,
        AuditRow,
        ChainRow,
        InboxRow,
        ItemRow,
        MeasureRow,
        PersonRow,
        PostRow,
        ProgressRow,
        StatementRow,
        UnitRow,
    )
    from core.tables.schedule import ScheduleRow
    from core.turning import Listed, Turn
    from core.voices.attachments import FileRow
    from core.voices.flags import Flag, Message
    from core.voices.receipts import Receipt
    from core.voices.reopenings import Wish
    from core.words import Level, MeasureStatus, Role, RunKind, Source

T = TypeVar("T")


class Store(
    Holders, KeptApart, Lists, Mailroom, Campaigns, Openness, Vouched, Ledgers, Kept, Figures, Insight, Checking,
    Finding, Choosing, Protocol,
):  # fmt: skip
    """Everything kept. Loading gives entities to change; questions give frozen rows to show.

    Whatever takes a scope leaves out what lies outside it, what is sealed, and what its viewer is recused from.
    """

    # loading
    def one(self, kind: type[T], key: str, scope: Scope) -> T: ...  # Missing when out of scope
    def seen(self, kind: type[T], key: str, scope: Scope) -> T | None: ...
    def seen_all(self, kind: type[T], keys: Collection[str], scope: Scope) -> dict[str, T]: ...  # by id
    def some(self, kind: type[T], scope: Scope, **equal: object) -> list[T]: ...
    def find(self, kind: type[T], key: str) -> T | None: ...  # no scope: for the program's own bookkeeping
    def add(self, thing: object) -> None: ...
    def remove(self, thing: object) -> None: ...

    # the audit log
    def lock_chain(self, chain: str) -> Head: ...  # until the work is over
    def append(self, entry: Entry) -> None: ...
    def chains(self, scope: Scope, unit_id: str = "") -> list["ChainRow"]: ...
    def entries_of_chain(self, scope: Scope, chain: str, below: int | None, limit: int) -> list["AuditRow"]: ...
    def names(self, scope: Scope, ids: Collection[str]) -> dict[str, str]: ...
    def read_chain(self, scope: Scope, chain: str) -> tuple[Iterator[Entry], Head | None]: ...  # and head

    # units
    def kinds(self) -> list["UnitKind"]: ...
    def kind(self, code: str) -> "UnitKind": ...
    def unit_by_code(self, code: str) -> "Unit": ...  # Missing when unknown or closed
    def register_unit(self, unit: "Unit") -> "Unit": ...  # the unit itself or the one above that holds the register
    def register_of(self, unit_id: str) -> "Unit": ...
    def unit_rows(self, scope: Scope) -> list["UnitRow"]: ...
    def communities(self, *, closed: bool = False) -> list["UnitRow"]: ...  # open ones, for the public list; or all
    def places(self, community_id: str) -> list["UnitRow"]: ...  # open grids and buildings below a community

    # people
    def is_founded(self) -> bool: ...
    def person(self, person_id: str) -> "Person": ...
    def person_named(self, account: str) -> "Person | None": ...
    def name_of(self, person_id: str | None) -> str: ...
    def names_of(self, people: Collection[str | None]) -> dict[str | None, str]: ...  # "" for nobody
    def grants(self, person_id: str) -> list[tuple["Role", str]]: ...
    def assignments(self, person_id: str) -> list["Assignment"]: ...
    def roles_at(self, person_id: str, unit_id: str) -> "set[Role]": ...
    def people_rows(self, scope: Scope) -> list["PersonRow"]: ...
    def post_rows(self, scope: Scope) -> list["PostRow"]: ...
    def posts_held(self, scope: Scope, person_id: str) -> list[str]: ...  # the names of those a person holds today
    def holders(self, scope: Scope, unit_id: str, roles: Sequence["Role"]) -> list["PersonRow"]: ...
    def known_people(self, unit_id: str) -> list["Known"]: ...
    def nameable(self, unit_id: str) -> tuple[list["Known"], list["Known"]]: ...  # they, and their relatives elsewhere
    def open_work(self, person_id: str) -> int: ...
    def sign_in(self, session_id: str) -> "Session | None": ...
    def signed_in(self, session_id: str) -> "Visit | None": ...  # with grants
    def touch(self, session_id: str, now: datetime) -> None: ...
    def end_sessions(self, person_id: str, but: str = "") -> None: ...

    # power items; rounds and what was stand in core.store.rounds
    def owners(self, item_id: str | None, unit_id: str) -> set[str]: ...  # who holds the post of the item today
    def item_unit(self, item_id: str) -> str | None: ...
    def item_name(self, item_id: str | None) -> str: ...
    def item_rows(self, scope: Scope, unit_id: str | None = None) -> list["ItemRow"]: ...
    def item_names(self, scope: Scope, unit_ids: Collection[str]) -> list[str]: ...  # of those in use
    def unattended_items(self, scope: Scope) -> dict[str, int]: ...  # by community
    def public_items(self, community_id: str) -> list["ItemRow"]: ...

    # flags
    def inbox(
        self, scope: Scope, viewer: str, today: date, unit_id: str | None = None, most: int | None = None
    ) -> list["InboxRow"]: ...
    def inbox_row(self, scope: Scope, viewer: str, flag_id: str) -> "InboxRow | None": ...
    def inbox_counts(
        self, scope: Scope, viewer: str
    ) -> list[tuple[str, str, int, int]]: ...  # by community, with its name: all, and those that sound like danger
    def apart(self, flag_id: str) -> set[str]: ...  # entries a person has told apart from a flag
    def distinctions(self, flag_id: str, risk_id: str = "") -> list["Distinction"]: ...  # ended ones too
    def judgement(self, flag_id: str, risk_id: str) -> "Judgement | None": ...
    def readings_on(self, flags: Collection[str], day: date) -> set[tuple[str, str]]: ...  # flag and role
    def has_reading(self, flag_id: str, role: str, day: date) -> bool: ...
    def readings(self, flag_id: str) -> list[tuple[str, date]]: ...
    def messages(self, flag_id: str) -> list["Message"]: ...
    def count_messages(self, flag_id: str) -> int: ...
    def receipt(self, locator: str) -> "Receipt | None": ...

    # the register
    def next_number(self, unit_id: str) -> int: ...
    def candidates(
        self, scope: Scope, unit_id: str, raw: Scope | None = None, near: "Said | None" = None,
        only: str | None = None,
    ) -> list["Candidate"]: ...  # `only` one, ended or not, or those that `near` may belong to, where they are many
    def waiting(self, unit_id: str, most: int) -> list["Flag"]: ...  # no scope: for the program's own bookkeeping
    def suggested(self, risk_id: str) -> dict[str, "Suggestion"]: ...  # by flag
    def weights(self) -> "Weights | None": ...  # the newest standing ones
    def judged(self, most: int) -> list["Judged"]: ...  # drawn at random, the same ones each time
    def vocabulary(self) -> "Vocabulary | None": ...
    def vocabulary_made(self) -> "Standing | None": ...  # the same one without its table
    def sample(self, most: int) -> list[str]: ...  # what unsealed flags say, for counting words
    def open_entries(self, scope: Scope, unit_id: str) -> list["Choice"]: ...
    def links_of(self, risk_id: str, undone: bool = False) -> list["Link"]: ...
    def links_in(self, risk_ids: Collection[str]) -> list["Link"]: ...  # standing ones
    def links_of_deed(self, deed_id: str) -> list["Link"]: ...  # undone ones too
    def moves(self, risk_id: str) -> "dict[str, Moved]": ...  # by link, only what was moved
    def heard_in(self, scope: Scope, risk_id: str) -> "list[tuple[Source, Level | None]]": ...  # with their own ratings
    def files_in(self, scope: Scope, risk_id: str) -> "dict[str, list[FileRow]]": ...  # of standing voices, by flag
    def entry_of(self, flag_id: str) -> "Risk | None": ...
    def entries(self, scope: Scope, ids: Sequence[str]) -> list["RegisterRow"]: ...
    def schedule_rows(
        self, scope: Scope, wanted: "Filter", today: date, ids: Collection[str] | None = None
    ) -> "list[ScheduleRow]": ...
    def register(
        self, scope: Scope, wanted: "Filter", today: date, ids: Collection[str] | None = None
    ) -> "Page": ...  # of `ids` alone, where they are given
    def assessments(self, scope: Scope, risk_id: str) -> list["AssessmentRow"]: ...
    def statements(self, scope: Scope, risk_id: str) -> list["StatementRow"]: ...
    def risk_history(self, scope: Scope, risk_id: str) -> list["AuditRow"]: ...
    def published(self, unit_id: str) -> list["Publication"]: ...
    def publication(self, unit_id: str, number: int) -> "Publication | None": ...

    # who joins, and who asks again
    def top_unit(self) -> "Unit": ...
    def count_supports(self, risk_id: str) -> int: ...
    def came_in(self, unit_id: str | None, day: date) -> int: ...  # what residents said and joined; None: anywhere
    def supports_of(self, unit_id: str) -> dict[str, int]: ...  # how many by entry, of those that have any
    def ratings_of(self, unit_id: str) -> "dict[Rated, tuple[int, int]]": ...  # how many of 1–5, and their sum
    def wishes(self, scope: Scope, viewer: str) -> "list[Wish]": ...

    # measures
    def measures_of(self, risk_id: str) -> list["Measure"]: ...
    def measure_states(self, risk_id: str) -> list["MeasureStatus"]: ...
    def measure_rows(
        self, scope: Scope, *, risk_id: str | None = None, late: date | None = None
    ) -> list["MeasureRow"]: ...
    def evidence_of(self, measure_id: str) -> list["Evidence"]: ...
    def measure_page(
        self, scope: Scope, today: date, statuses: "Collection[MeasureStatus] | None", overdue: bool, turn: "Turn",
        about: "About | None" = None,
    ) -> "Listed[MeasureRow]": ...
    def progress_in(self, scope: Scope, ids: Sequence[str]) -> "dict[str, list[ProgressRow]]": ...  # by measure
    def evidence_in(self, scope: Scope, ids: Sequence[str]) -> "dict[str, list[EvidenceRow]]": ...  # by measure
    def doers(self, measure_id: str) -> set[str]: ...  # who ever reported on it or brought evidence
    def entry_row(self, scope: Scope, risk_id: str) -> "EntryRow": ...  # Missing when out of scope
    def held(self, scope: Scope, people: Collection[str]) -> "dict[str, Held]": ...  # by person
    def keep_file(self, sha256: str, content: bytes) -> None: ...
    def file(self, sha256: str) -> bytes: ...

    # what waits; figures stand in core.store.figures
    def registers(self, scope: Scope) -> list["UnitRow"]: ...  # units that hold a register or stand above one
    def what_waits(
        self, scope: Scope, person_id: str, today: date, awaited: "Collection[Awaited]"
    ) -> "dict[Awaited, tuple[int, date | None]]": ...  # how many of each, and the nearest day
    def waiting_points(self, scope: Scope) -> int: ...

    # long work and its groups
    def run_states(self, scope: Scope, kind: "RunKind", run_id: str | None = None) -> "list[RunState]": ...
    def rows_to_take(self, scope: Scope, run_id: str, limit: int) -> "list[RunRow]": ...
    def refused_rows(self, scope: Scope, run_id: str) -> list[tuple[int, str]]: ...
    def forget_rows(self, scope: Scope, run_id: str) -> None: ...
    def next_run(self, now: datetime) -> "Run | None": ...  # waiting, or left by its worker; no scope, as for `find`
    def claim_run(self, run_id: str, now: datetime) -> None: ...
    def beat_run(self, run_id: str, beat: datetime, now: datetime, done: int, total: int) -> bool: ...  # still held
    def release_run(self, run_id: str, beat: datetime) -> None: ...
    def told_in_run(self, scope: Scope, run_id: str) -> "list[Told]": ...
    def told_in_entries(
        self, scope: Scope, unit_id: str, raw: Scope, ids: Collection[str] | None = None
    ) -> "list[Told]": ...
    def reviews(self, scope: Scope, viewer: str) -> "list[Review]": ...
    def group_rows(self, scope: Scope, viewer: str, run_id: str) -> "list[GroupRow]": ...
    def group_words(self, scope: Scope, viewer: str, run_id: str) -> dict[str, list[Sequence[str]]]: ...  # by group
    def member_rows(self, scope: Scope, viewer: str, group_id: str) -> "list[MemberRow]": ...
    def near_entries(self, scope: Scope, group_id: str) -> "list[Near]": ...
    def open_counts(self, scope: Scope, unit_id: str) -> dict[str, tuple[str, int]]: ...  # by community

    # drafts
    def put_draft(self, person_id: str, form: str, fields: dict[str, object], today: date) -> None: ...
    def draft(self, person_id: str, form: str) -> dict[str, object]: ...
    def drop_draft(self, person_id: str, form: str) -> None: ...


@dataclass
class Work:
    """One deed or question: who acts, what is kept, and the moment it happens (aware, UTC)."""

    actor: Actor
    store: Store
    now: datetime
    together: str = ""  # the id that deeds done on many things at once have in common

    @property
    def today(self) -> date:
        return dates.today(self.now)

    @property
    def person_id(self) -> str:
        """The acting person; `Denied` for somebody without an account."""
        if self.actor.person_id is None:
            raise Denied
        return self.actor.person_id

    @property
    def calendar(self) -> "Calendar":
        """The working days all limits are counted by."""
        return self.store.calendar()

    def record(self, event: str, subject: str, *, chain: str, **facts: object) -> None:
        """Write what was done into the audit log and tell whom it concerns, in the same transaction."""
        self._append(chain, self.now.isoformat(timespec="seconds"), event, subject, facts)

    def record_resident(self, event: str, subject: str, *, chain: str, **facts: object) -> None:
        """Write what a resident did, or what was written down for one: the date only, on the residents' chain."""
        self._append(residents_chain(chain), self.today.isoformat(), event, subject, facts)

    def _append(self, chain: str, at: str, event: str, subject: str, facts: Mapping[str, object]) -> None:
        from core.alerts.addressees import tell_of  # it knows every concept, and they all know this module

        actor = self.actor.person_id or self.actor.name
        if self.together:
            facts = {**facts, "together": self.together}
        head = self.store.lock_chain(chain)
        self.store.append(sealed_entry(head, chain, at, actor, event, subject, facts))
        tell_of(self, event, subject, chain.removesuffix(":residents"), facts)
