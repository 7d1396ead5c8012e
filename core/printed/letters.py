"""Rectification notices (整改通知书): drafted from an entry for a unit or a post, never for a person.

The product only drafts: a person reads, signs and stamps it, and it is none of the formal acts 诫勉 or 责令整改, which
are people's alone (domain rule on warnings).
"""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.documents import Document, kept
from core.entries.entry import EntryRow
from core.entries.risks import load
from core.errors import Denied, Invalid, Refused
from core.formats import word
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.prevention.measures import Measure
from core.privacy.wording import without_people
from core.store import Work
from core.text import N_, Term, _, day
from core.words import MeasureStatus, RiskStatus

DRAFTABLE = tuple(status for status in RiskStatus if status not in (*ENDED, RiskStatus.UNRATED))
"""The states of an entry in which there is something to put right."""


class Addressee(Term):
    UNIT = "unit", N_("The community")
    POST = "post", N_("The post in charge")


class LetterForm(BaseModel):
    """What a notice asks for."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    addressee: Addressee = Field(Addressee.UNIT, title=N_("Addressed to"))
    answer_by: date = Field(title=N_("To be done by"))
    asked: str = Field(
        title=N_("What is to be done, one matter on a line"), min_length=4, max_length=2000,
        json_schema_extra={"long": True},
    )  # fmt: skip
    basis: str = Field(
        title=N_("Basis"), min_length=4, max_length=500, json_schema_extra={"long": True},
        description=N_("Which rules the notice stands on. Please name the ones of your place."),
    )  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """A notice as it is written: the entry, the measures not yet verified, who issues it, and what was typed."""

    entry: EntryRow
    measures: tuple[tuple[str, date, str], ...]
    issuer: str
    form: LetterForm

    @property
    def to(self) -> str:
        if self.form.addressee is Addressee.POST and self.entry.post:
            return _("{unit}, {post}", unit=self.entry.unit, post=self.entry.post)
        return self.entry.unit


def proposed(work: Work, risk_id: str) -> tuple[EntryRow, str]:
    """An entry on which a notice may be drafted, and what is asked for by its measures, one on a line."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    risk = load(work, risk_id, scope)
    if work.actor.person_id in work.store.kept_away(risk.id):
        raise Denied
    if risk.status not in DRAFTABLE:
        raise Refused(N_("A notice is drafted on an entry that has been rated and is not closed."))
    left = [row.text for row in _left(work.store.measures_of(risk.id))]
    return work.store.entry_row(scope, risk.id), "\n".join(left)


def draft(work: Work, risk_id: str, form: LetterForm) -> Letter:
    """A notice as it would be written; refused where what was typed names somebody or its day has passed."""
    scope = work.actor.require(Permission.RISK_HAND_DOWN)
    entry, _asked = proposed(work, risk_id)
    if form.answer_by < work.today:
        raise Invalid(answer_by=_("The due date has passed."))
    if form.addressee is Addressee.POST and not entry.post:
        raise Invalid(addressee=_("No post is in charge of the power item of this entry."))
    without_people(work, entry.unit_id, asked=form.asked, basis=form.basis)
    measures = tuple((row.text, row.due_on, row.status.label) for row in _left(work.store.measures_of(entry.id)))
    issuer = work.store.find(Unit, work.actor.unit_id or "")
    above = next(path for path in scope.paths if work.store.register_of(entry.unit_id).path.startswith(path))
    unit = issuer if issuer and issuer.path.startswith(above) else None
    return Letter(entry, measures, unit.name if unit else "", form)


def taken(work: Work, risk_id: str, form: LetterForm) -> Letter:
    """A notice to be written as Word; that it was taken is kept."""
    work.actor.require(Permission.RISK_HAND_DOWN)
    letter = draft(work, risk_id, form)
    kept(work, work.store.register_of(letter.entry.unit_id), Document.LETTER)
    return letter


def written(letter: Letter) -> bytes:
    """A notice as a Word file, with its places for number, signature and stamp."""
    entry, form = letter.entry, letter.form
    document = word.begun(word.A4, body=15, margin=26)
    word.heading(document, _("Rectification notice"), 0)
    word.line(document, _("(year)      No."), middle=True)
    word.line(document, _("{to}:", to=letter.to))
    level = entry.level.label if entry.level else _("To be rated")
    about = _("Entry no. {n} of the register of integrity risks of {unit}, “{title}” (power item: {item}; level: "
              "{level}), still needs work. You are asked to do the following.", n=entry.number, unit=entry.unit,
              title=entry.title, item=entry.item or "—", level=level)  # fmt: skip
    word.line(document, about, indent=2)
    _part(document, _("1. What is to be done"), [f"{n}. {text}" for n, text in enumerate(_lines(form.asked), 1)])
    _part(document, _("2. By when"), [_("By {day}, with a written answer and evidence of what was done.",
                                        day=form.answer_by)])  # fmt: skip
    _part(document, _("3. Basis"), _lines(form.basis))
    if letter.measures:
        word.heading(document, _("4. Measures planned and not yet verified"))
        rows = [(text, day(due_on), status) for text, due_on, status in letter.measures]
        word.table(document, (_("Measure"), _("Due on"), _("Progress")), rows, widths=(88, 42, 28), size=12)
    _signed(document, letter)
    return word.saved(document)


def _part(document: object, title: str, lines: list[str]) -> None:
    word.heading(document, title)
    for said in lines:
        word.line(document, said, indent=2)


def _signed(document: object, letter: Letter) -> None:
    """The places for whoever issues it and whoever receives it, and what this paper is not."""
    word.line(document, "")
    signed, dated = _("Signed by:                    "), _("Date:      (year)   (month)   (day)")
    for said in (letter.issuer, _("(stamp)"), signed, dated):
        word.line(document, said, right=True, keep=said != dated)
    word.line(document, "")
    word.table(document, (_("Received by (unit)"), _("Signature"), _("Received on")), [("", "", "")],
               widths=(70, 44, 44), size=12)  # fmt: skip
    word.line(document, "")
    note = word.line(document, _("Drafted from the register. It holds only once the person who issues it has read, "
                                 "signed and stamped it; it is no formal act of discipline."))  # fmt: skip
    word.small(note)


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()]


def _left(measures: list[Measure]) -> list[Measure]:
    return [row for row in measures if row.status is not MeasureStatus.VERIFIED]
