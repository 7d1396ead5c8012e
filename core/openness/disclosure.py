"""Disclosure (公开): what is owed by which day, and that it was really published, with proof."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission, Scope
from core.errors import Invalid, Missing, Stale
from core.events import Event
from core.evidence import Upload, described
from core.items import Item
from core.lifecycle import DUE_STEPS, DueState, step_to
from core.openness import dues, periods
from core.openness.dues import Due
from core.openness.showing import ShownDue
from core.openness.subjects import Subject
from core.orders import Reason, not_ahead, reasoned
from core.organisation.units import Unit, new_id
from core.privacy.personal import masked
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn
from core.words import DisclosureClass, DisclosureWhen

SOON = 7
"""Calendar days before the last day from which something due is a chore."""


@dataclass(eq=False)
class Proof:
    """A file that shows that something was published; the office alone sees it. Its content is kept by hash."""

    id: str
    unit_id: str
    due_id: str
    name: str
    media_type: str
    size: int
    sha256: str
    added_by: str
    added_at: datetime


class Occasion(BaseModel):
    """Something that happened and has to be made public."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    subject_id: str = Field(title=N_("Disclosure item"), min_length=1)
    happened_on: date = Field(title=N_("Day it happened"))
    occasion: str = Field(title=N_("What is to be made public"), min_length=2, max_length=120)


class Publishing(BaseModel):
    """That something was published: when, where, and what the public board may say of it."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    published_on: date = Field(title=N_("Day it was really published"))
    place: str = Field(title=N_("Where and how"), min_length=2, max_length=200)
    text: str = Field(
        "", title=N_("For the public board"), max_length=1000, json_schema_extra={"long": True},
        description=N_("No names. Personal numbers are covered by themselves."),
    )  # fmt: skip


@dataclass(frozen=True)
class DueRow:
    """A disclosure that is owed or done, with its item and its files as (id, name, media type)."""

    id: str
    unit_id: str
    unit: str
    subject_id: str
    subject: str
    heading: str
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen
    masked: bool
    channel: str
    first: date
    last: date
    due_on: date
    occasion: str
    published_on: date | None
    place: str
    text: str
    published_by: str
    files: tuple[tuple[str, str, str], ...] = ()

    @property
    def period(self) -> str:
        """The period in words, or what happened."""
        return self.occasion or periods.words(self.disclosure_when, self.first)

    def late_by(self, today: date) -> int:
        """Calendar days by which it was, or so far is, published late."""
        return periods.late_by(self.due_on, self.published_on, today)


def renew(work: Work, unit_id: str, _since: date | None = None) -> int:
    """Make what a community owes by today: for each period that has begun and each permanent item whose power item
    has changed. Done again it makes none, and after any time without it, it makes all that were missed; how many."""
    scope = work.actor.require(Permission.SITE_KEEP)
    made = 0
    for subject in work.store.some(Subject, scope, unit_id=unit_id, retired_on=None):
        _compare(work, subject)
        made += len(dues.fresh(work, subject, work.today))
    if made:
        work.record(Event.DUES_MADE, unit_id, chain=unit_id, dues=made)
    return made


def _compare(work: Work, subject: Subject) -> None:
    """A permanent item is owed anew when its power item has changed since."""
    item = work.store.find(Item, subject.item_id) if subject.item_id else None
    if item is None or item.version == subject.item_version:
        return
    if subject.disclosure_when is DisclosureWhen.PERMANENT:
        dues.drop_ahead(work, subject, work.today)
        subject.counts_from = work.today
    subject.item_version = item.version
    work.record(Event.SUBJECT_CHANGED, subject.id, chain=subject.unit_id, version=item.version)


def owed(work: Work, unit_id: str | None = None) -> list[DueRow]:
    """What is owed and what was published in the last year in the actor's communities, the earliest due first."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    return work.store.disclosure_dues(scope, unit_id, published_since=work.today - timedelta(days=366))


def overdue(
    work: Work, unit_id: str | None = None, of: DisclosureClass | None = None, turn: Turn = START
) -> Listed[DueRow]:
    """What is not published and past its day, in a unit with all below it or in everything the actor reads; what has
    been owed longest first. Its files are left out, and its pages are not counted."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    return work.store.overdue_page(_below(work, scope, unit_id), work.today, of, turn)


def overdue_classes(work: Work, unit_id: str | None = None) -> dict[DisclosureClass, int]:
    """How much of each class is overdue there; where that is more than `COUNTED`, of some that are one more alone."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    return work.store.overdue_classes(_below(work, scope, unit_id), work.today)


def _below(work: Work, scope: Scope, unit_id: str | None) -> Scope:
    return scope if unit_id is None else Scope((work.store.one(Unit, unit_id, scope).path,), scope.viewer)


def note_occasion(work: Work, form: Occasion) -> str:
    """Note that something happened that has to be made public at once, or for seven days; the clock runs from then."""
    scope = work.actor.require(Permission.DISCLOSURE_EDIT)
    subject = work.store.one(Subject, form.subject_id, scope)
    if subject.retired_on is not None or subject.disclosure_when not in periods.ON_OCCASION:
        raise Invalid(subject_id=_("This is published by the calendar, not on an occasion."))
    not_ahead(work.today, happened_on=form.happened_on)
    what = clean(form.occasion)
    without_people(work, subject.unit_id, occasion=what)
    same_day = [due for due in work.store.dues_of(subject.id) if due.first == form.happened_on]
    if any(due.occasion == what for due in same_day):
        raise Stale(N_("This has been noted already."))
    due = dues.keep(work, subject, periods.occasion(form.happened_on, len(same_day) + 1, work.calendar), what)
    work.record(Event.OCCASION_NOTED, due.id, chain=due.unit_id, what=what, due=due.due_on)
    return due.id


def publish(work: Work, due_id: str, form: Publishing, upload: Upload | None = None) -> None:
    """Record that something was published on a day; refused without a file or photo that shows it."""
    scope = work.actor.require(Permission.DISCLOSURE_EDIT)
    due = work.store.one(Due, due_id, scope)
    event = step_to(due, DueState.PUBLISHED, DUE_STEPS).event
    not_ahead(work.today, published_on=form.published_on)
    if form.published_on < due.first:
        raise Invalid(published_on=_("The period had not begun on that day."))
    place, text = clean(form.place), masked(clean(form.text))
    without_people(work, due.unit_id, place=place, text=text)
    if upload is None:
        raise Invalid(file=_("Please add a photo or file that shows it. Without proof nothing counts as published."))
    file = _proof(work, due, upload)
    due.published_on, due.place, due.text, due.published_by = form.published_on, place, text, work.person_id
    if shown := work.store.find(ShownDue, due.id):
        shown.published_on, shown.place, shown.text = due.published_on, place, text
    late = periods.late_by(due.due_on, due.published_on, work.today)
    work.record(event, due.id, chain=due.unit_id, on=due.published_on, late=late, sha256=file.sha256)


def _proof(work: Work, due: Due, upload: Upload) -> Proof:
    proof = Proof(new_id(), due.unit_id, due.id, *described(upload, work.person_id, work.now))
    for kept in work.store.proofs_of(due.id):
        if kept.sha256 == proof.sha256:
            return kept
    work.store.keep_file(proof.sha256, upload.content)
    work.store.add(proof)
    return proof


def undo(work: Work, due_id: str, form: Reason) -> None:
    """Take back the record that something was published, with a reason; its proof stays, and it is owed again."""
    scope = work.actor.require(Permission.DISCLOSURE_EDIT)
    due = work.store.one(Due, due_id, scope)
    event = step_to(due, DueState.OWED, DUE_STEPS).event
    why = reasoned(form.reason)
    due.published_on, due.place, due.text, due.published_by = None, "", "", None
    if shown := work.store.find(ShownDue, due.id):
        shown.published_on, shown.place, shown.text = None, "", ""
    work.record(event, due.id, chain=due.unit_id, reason=why)


def proof_content(work: Work, proof_id: str) -> bytes:
    """A proof, for the office."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    proof = work.store.seen(Proof, proof_id, scope)
    if proof is None:
        raise Missing
    return work.store.file(proof.sha256)
