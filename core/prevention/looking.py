"""Looking again (回头看): what is due, what residents say since the closing, and the verdict that keeps or reopens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core import dates
from core.access import EVERYWHERE, Permission, Scope
from core.alike.calibration import model
from core.alike.matching import likely
from core.alike.vocabulary import lexicon
from core.entries.entry import EvidenceRow
from core.entries.risks import CHECKERS, Risk, load, move, reopen
from core.errors import Denied, Invalid, Refused, Stale
from core.events import Event
from core.evidence import Upload, described
from core.lifecycle import RISK_STEPS, step_to
from core.openness.board import Rated, notice
from core.organisation.units import new_id
from core.prevention import looks
from core.prevention.looks import LookFile, SecondLook
from core.privacy.small import SMALLEST, protected
from core.review.suggesting import as_said
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import Level, ReviewResult, RiskStatus

COMPARED = 30
"""Flags raised since the closing that are held against an entry, the newest first."""


class LookForm(BaseModel):
    """What a second look found."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    result: ReviewResult = Field(title=N_("What the second look found"))
    verified_level: Level | None = Field(None, title=N_("Verified level"))
    note: str = Field(title=N_("What you saw"), min_length=2, max_length=1000, json_schema_extra={"long": True})


@dataclass(frozen=True)
class LookRow:
    """One look with its entry. `opens_on` is the first day it may be made; `mine` says that the actor may make it, and
    `deserted` that nobody may. Names are empty and days None for a look still to be made."""

    id: str
    risk_id: str
    unit: str
    number: int
    title: str
    level: Level | None
    n: int
    closed_on: date | None
    due_on: date
    result: ReviewResult | None
    verified_level: Level | None
    note: str
    looker: str
    looked_on: date | None
    mine: bool
    deserted: bool


@dataclass(frozen=True)
class Past:
    """One look at an entry as it is read there, with its files."""

    id: str
    n: int
    due_on: date
    result: ReviewResult | None
    verified_level: Level | None
    note: str
    looker: str
    looked_on: date | None
    files: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class Given:
    """Ratings by the senders in an entry as (how many, their sum) of 1–5, and how many of them ask for it to be taken
    up again."""

    marks: dict[Rated, tuple[int, int]]
    again: int


@dataclass(frozen=True)
class Mark:
    """What senders say of the answer: how many rated, and their mean of 1–5 with one decimal where it may be told."""

    kind: Rated
    count: str
    mean: float | None


@dataclass(frozen=True)
class Since:
    """Whether residents still raise a matter: ratings, and counts since its closing, protected where they are few."""

    marks: tuple[Mark, ...]
    joined: str
    alike: str
    again: str
    quiet: bool
    """That nothing of it was raised again; known only to who may read the voices."""


def check_looking(work: Work, risk: Risk) -> SecondLook:
    """The look to be made; refuse where none is to be made yet, and whoever had a part in the entry or is named in
    it."""
    look = due(work, risk)
    step_to(risk, RiskStatus.ARCHIVED, RISK_STEPS, Permission.RISK_LOOK_AGAIN)
    if look is None:
        raise Stale(N_("No second look is planned here."))
    opens = look.due_on - timedelta(days=dates.LOOK_OPENS)
    if work.today < opens:
        raise Refused(N_("The second look may be made from {day} on."), day=opens)
    if work.store.is_concerned(risk.id, work.person_id):
        raise Denied(N_("Whoever closed, answers for or carried out something does not look at it again."))
    return look


def due(work: Work, risk: Risk) -> SecondLook | None:
    """The look at an entry that is still to be made."""
    return next((look for look in work.store.looks_of(risk.id) if look.result is None), None)


def look(work: Work, risk_id: str, form: LookForm, files: Sequence[Upload] = ()) -> None:
    """Look at a closed entry again: it is archived, looked at once more, or opened again."""
    scope = work.actor.require(Permission.RISK_LOOK_AGAIN)
    risk = load(work, risk_id, scope)
    made, note = check_looking(work, risk), clean(form.note)
    if risk.closed_on is None:
        raise Stale
    if len(note) < 2:
        raise Invalid(note=_("Please say what you saw."))
    if form.verified_level is None and form.result in (ReviewResult.EFFECTIVE, ReviewResult.PARTLY):
        raise Invalid(verified_level=_("Please decide which level is left."))
    made.result, made.note, made.verified_level = form.result, note[:1000], form.verified_level
    made.looked_by, made.looked_on = work.person_id, work.today
    risk.verified_level = form.verified_level or risk.verified_level
    _keep(work, made, files)
    work.record(
        Event.LOOKED_AGAIN, risk.id, chain=risk.unit_id, number=made.n, result=form.result, level=form.verified_level,
    )  # fmt: skip
    _follow(work, risk, made, risk.closed_on)


def _follow(work: Work, risk: Risk, made: SecondLook, closed_on: date) -> None:
    """What a look leads to."""
    result = made.result or ReviewResult.UNCLEAR
    following = looks.next_day(closed_on, made, result, work.today)
    if following:
        looks.schedule(work, risk, following)
        notice(work, risk)
    elif result is ReviewResult.INEFFECTIVE:
        reopen(work, risk.id, made.note, result=result)
    else:
        move(work, risk, RiskStatus.ARCHIVED)


def _keep(work: Work, made: SecondLook, files: Sequence[Upload]) -> None:
    """Keep the files of a look, by the rules for evidence of measures; the same file twice is kept once."""
    for upload in {upload.content: upload for upload in files}.values():
        file = LookFile(new_id(), made.unit_id, made.id, *described(upload, work.person_id, work.now))
        work.store.keep_file(file.sha256, upload.content)
        work.store.add(file)
        work.record(Event.EVIDENCE_ADDED, made.risk_id, chain=made.unit_id, file=file.name, sha256=file.sha256)


def file_content(work: Work, file_id: str) -> bytes:
    """The content of a file of a look."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.file(work.store.one(LookFile, file_id, scope).sha256)


def looks_at(work: Work, risk_id: str) -> list[Past]:
    """The looks at an entry in their order, with their files; the last may still be to be made."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    looks, name = work.store.looks_of(risk.id), work.store.name_of
    files = work.store.look_files(risk.id) if looks else []
    return [
        Past(
            one.id, one.n, one.due_on, one.result, one.verified_level, one.note, name(one.looked_by), one.looked_on,
            tuple(
                EvidenceRow(f.id, f.name, f.media_type, f.size, name(f.added_by), f.added_at)
                for f in files if f.look_id == one.id
            ),
        )
        for one in looks
    ]  # fmt: skip


def somebody_may(work: Work, risk_id: str) -> bool:
    """Whether there is anybody who may look at an entry again; who is not told, for the rest may be named in it."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    people = work.store.holders(Scope((EVERYWHERE,)), risk.unit_id, sorted(CHECKERS))
    return any(not work.store.is_concerned(risk.id, one.id) for one in people)


def listed(work: Work, view: str, turn: Turn = START) -> Listed[LookRow]:
    """Second looks the actor may see, a page of them, not counted: `due` now, `ahead`, or `done`."""
    scope = work.actor.require(Permission.REGISTER_READ)
    looker = work.person_id if work.actor.may(Permission.RISK_LOOK_AGAIN) else None
    return work.store.look_page(scope, looker, view, work.today, turn)


def since(work: Work, risk_id: str) -> Since:
    """What residents say of a closed entry: who may read the voices sees how many there are that they may read, and
    everybody else numbers from five on."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    raw = work.actor.scope(Permission.FLAG_READ_RAW)
    own = work.actor.person_id in work.store.barred(risk.item_id, risk.unit_id)
    reads = not own and raw.covers(work.store.register_of(risk.unit_id).path)
    given, closed_on = work.store.given_in(scope, risk.id), risk.closed_on or risk.opened_on
    counts = (work.store.joined_since(scope, risk.id, closed_on), _alike(work, risk, scope, closed_on), given.again)
    joined, alike, again = (str(count) if reads else protected(max(1, count)) for count in counts)
    marks = tuple(
        Mark(
            kind, str(count) if reads else protected(max(1, count)),
            round(total / count, 1) if count >= (1 if reads else SMALLEST) else None,
        )
        for kind, (count, total) in given.marks.items()
    )  # fmt: skip
    return Since(marks, joined, alike, again, quiet=reads and not any(counts))


def _alike(work: Work, risk: Risk, scope: Scope, day: date) -> int:
    """How many residents' flags raised since a day, of which the actor may know, very likely are this matter."""
    everything = Scope((EVERYWHERE,))
    pool = work.store.candidates(everything, risk.unit_id, everything, only=risk.id)
    words, weights = lexicon(work), model(work)
    found = (
        likely(as_said(flag), pool, lexicon=words, model=weights)
        for flag in work.store.raised_since(scope, risk.id, day, COMPARED)
    )
    return sum(any(match.very_like or match.same_item for match in matches) for matches in found)
