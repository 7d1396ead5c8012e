"""Intake of many (批量录入): residents' words from paper forms or another system's export, checked row by row."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from core import DATA, dates
from core.access import Permission, Scope
from core.errors import Invalid, Missing, Stale, explain
from core.events import Event
from core.evidence import Upload
from core.formats.books import listed
from core.formats.columns import Column, Head, cell, head, letter, named, stated_day, way, ways_in_words
from core.formats.sheets import Line, Sheet, read
from core.formats.tabular import filled
from core.organisation.units import Unit, is_community, new_id
from core.privacy.personal import masked
from core.review.runs import Run, RunRow, resume
from core.store import Work
from core.text import N_, _, clean
from core.voices.flags import ResidentFlag
from core.words import RECORDED, Channel, RunKind, RunStatus


class IntakeForm(BaseModel):
    """Which column of a sheet holds what, and that its rows may be taken. Columns are counted from 0."""

    model_config = ConfigDict(frozen=True)

    text: int = Field(title=Column.TEXT.word, ge=0)
    title: int | None = Field(None, title=Column.TITLE.word, ge=0)
    day: int | None = Field(None, title=Column.DAY.word, ge=0)
    channel: int | None = Field(None, title=Column.CHANNEL.word, ge=0)
    item: int | None = Field(None, title=Column.ITEM.word, ge=0)
    place: int | None = Field(None, title=Column.PLACE.word, ge=0)
    number: int | None = Field(None, title=Column.NUMBER.word, ge=0)
    otherwise: Channel = Field(Channel.PAPER, title=N_("How it was said, where a row does not say"))
    without_bad: bool = Field(False, title=N_("Take the good rows and leave the others out"))
    consent: bool = Field(False, title=N_("These words were given for this purpose, and I may record them"))

    @field_validator("otherwise")
    @classmethod
    def _spoken(cls, value: Channel) -> Channel:
        if value not in RECORDED:
            raise ValueError(_("Please choose one of the options."))
        return value

    def at(self, column: Column) -> int | None:
        """Where a column stands in the sheet."""
        found: int | None = getattr(self, column.value)
        return found


@dataclass(frozen=True)
class Given:
    """A row that can be taken, as it will be kept: personal numbers covered."""

    n: int
    fields: dict[str, str]


@dataclass(frozen=True)
class Trouble:
    """Why a row cannot be taken: its number in the file, the column and its heading, and what would be right."""

    n: int
    at: int
    column: str
    why: str


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong in one column, with every row in which it is."""

    column: str
    why: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Checked:
    """A sheet of a community after checking; `undated` counts rows whose date is not believed, so that today's is
    kept."""

    unit_id: str
    given: tuple[Given, ...]
    troubles: tuple[Trouble, ...]
    undated: int

    @cached_property
    def bad_rows(self) -> int:
        return len({trouble.n for trouble in self.troubles})

    @cached_property
    def complaints(self) -> list[Complaint]:
        """The troubles by what is wrong, the most frequent first."""
        rows: dict[tuple[str, str], list[int]] = {}
        for trouble in self.troubles:
            rows.setdefault((trouble.column, trouble.why), []).append(trouble.n)
        found = [Complaint(column, why, tuple(numbers)) for (column, why), numbers in rows.items()]
        return sorted(found, key=lambda one: (-len(one.rows), one.rows))


@dataclass(frozen=True)
class Known:
    """What the rows of a community may name: its places and power items by id."""

    unit_id: str
    places: Mapping[str, str]
    items: Mapping[str, str]
    today: date


def sample(name: str = "intake_sample.csv") -> bytes:
    """A sheet to begin with, as a spreadsheet opens it: of paper forms, or of a grid system's tasks."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        first, *rows = csv.reader(file)
    return listed(first, rows)


GRID_SAMPLE = "grid_sample.csv"


def opened(work: Work, upload: Upload) -> Sheet:
    """Read a file that somebody would take in; `Invalid` with what would be right.

    A day, way, place or power item in cells that were made one counts for each of their rows; words never do.
    """
    work.actor.require(Permission.FLAG_RECORD)
    sheet = read(upload)
    shared = {at for column, at in head(sheet).columns.items() if column in SHARED}
    return replace(sheet, lines=filled(sheet, shared))


SHARED = (Column.DAY, Column.CHANNEL, Column.PLACE, Column.ITEM)


def checked(work: Work, unit_id: str, sheet: Sheet, form: IntakeForm) -> Checked:
    """Look at every row before anything is kept."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    community = _community(work, unit_id, scope)
    return check(head(sheet), form, _known(work, community))


def _community(work: Work, unit_id: str, scope: Scope) -> Unit:
    """The community, without keeping others from it while thousands of rows are written."""
    for unit in work.store.some(Unit, scope, id=unit_id):
        if not is_community(unit, work):
            raise Invalid(unit_id=_("Please choose communities."))
        return unit
    raise Missing


def _known(work: Work, community: Unit) -> Known:
    places = {row.id: row.trail for row in work.store.places(community.id)}
    items = {row.id: row.name for row in work.store.public_items(community.id)}
    return Known(community.id, places | {community.id: community.name}, items, work.today)


def check(above: Head, form: IntakeForm, known: Known) -> Checked:
    """Every row below the head as it would be taken, and every trouble in the others."""
    given, troubles, undated = [], [], 0
    numbers = Counter(cell(line, form.number) for line in above.below)
    for line in above.below:
        fields, wrong, believed = _row(line, form, known)
        if numbers[fields[Column.NUMBER]] > 1 and fields[Column.NUMBER]:
            wrong[Column.NUMBER] = _("This number stands in more than one row.")
        for at, why in sorted((form.at(column) or 0, why) for column, why in wrong.items()):
            troubles.append(Trouble(line.n, at, above.name(at), why))
        if not wrong:
            given.append(Given(line.n, _as_kept(fields)))
            undated += not believed
    return Checked(known.unit_id, tuple(given), tuple(troubles), undated)


def _row(line: Line, form: IntakeForm, known: Known) -> tuple[dict[Column, str], dict[Column, str], bool]:
    """The fields of a row, what is wrong with them, and whether its date is believed."""
    said = {column: cell(line, form.at(column)) for column in Column}
    wrong: dict[Column, str] = {}
    try:
        whole = _whole(said[Column.TITLE], said[Column.TEXT])
        said[Column.TEXT] = ResidentFlag(text=whole, item_id=None, place_id=None).text
    except ValidationError as error:
        wrong[Column.TEXT] = explain(error)["text"]
    if not cell(line, form.text):
        wrong[Column.TEXT] = _("Please fill this in.")
    channel = way(said[Column.CHANNEL]) if said[Column.CHANNEL] else form.otherwise
    if channel is None:
        wrong[Column.CHANNEL] = _("Please use one of: {words}.", words=ways_in_words())
    day = stated_day(said[Column.DAY]) if said[Column.DAY] else known.today
    if day is None:
        wrong[Column.DAY] = _("Please write the date with its year, such as 2026-03-05.")
    for column, names in ((Column.PLACE, known.places), (Column.ITEM, known.items)):
        if said[column]:
            found = named(said[column], names)
            if found is None:
                wrong[column] = _UNKNOWN[column]()
            said[column] = found or ""
    if len(said[Column.NUMBER]) > 60:
        wrong[Column.NUMBER] = _("Please keep to {n} characters.", n=60)
    believed = day is not None and dates.is_believed(day, known.today)
    said[Column.CHANNEL] = channel or ""
    said[Column.DAY] = day.isoformat() if day and believed else ""
    return said, wrong, believed


_UNKNOWN = {
    Column.PLACE: lambda: _("No such grid or building here. Use one of its names, or leave it empty."),
    Column.ITEM: lambda: _("No such power item here. Use a name from the catalogue of power items, or leave it empty."),
}


def _whole(title: str, text: str) -> str:
    """Title and words as one text, the title only where the words do not begin with it."""
    return text if not title or text.startswith(title) else f"{title}\n{text}"


def _as_kept(fields: Mapping[Column, str]) -> dict[str, str]:
    kept = {column.value: value for column, value in fields.items() if value and column is not Column.TITLE}
    kept[Column.TEXT] = masked(kept[Column.TEXT])
    if Column.NUMBER in kept:
        kept[Column.NUMBER] = masked(kept[Column.NUMBER])
    return kept


def begin(work: Work, upload: Upload, found: Checked, form: IntakeForm) -> str:
    """Keep the rows of a sheet that was checked by these columns and put them up to be taken; gives the id of the run.

    Checking takes seconds where rows are many, so that is done before. The id comes from community, content and
    columns, so the same sheet sent twice is one run; one that was cancelled or has failed goes on where it stopped.
    """
    scope = work.actor.require(Permission.FLAG_RECORD)
    community = _community(work, found.unit_id, scope)
    if not form.consent:
        raise Invalid(consent=_("Please confirm this first."))
    if not found.given:
        raise Invalid(text=_("There is no row that can be taken."))
    if found.troubles and not form.without_bad:
        raise Invalid(without_bad=_("Mend these rows in the file, or choose to leave them out."))
    columns = form.model_dump_json(exclude={"consent", "without_bad"})
    seed = b"|".join((community.id.encode(), columns.encode(), hashlib.sha256(upload.content).digest()))
    run_id = hashlib.sha256(b"run:" + seed).hexdigest()[:20]
    before = work.store.seen(Run, run_id, scope)
    if before is not None:
        return _again(work, before, found)
    title = masked(clean(upload.name))[:80] or _("Without a name")
    run = Run(
        run_id, community.id, RunKind.INTAKE, title, work.person_id, work.now, total=len(found.given)
    )  # fmt: skip
    work.store.add(run)
    for row in _rows(run, found):
        work.store.add(row)
    work.record(Event.RUN_BEGUN, run.id, chain=community.id, kind=run.kind, rows=run.total)
    return run.id


def _rows(run: Run, found: Checked) -> Iterator[RunRow]:
    """The rows as they are kept; of a bad one nothing that stands in the file, its headings included."""
    for given in found.given:
        yield RunRow(new_id(), run.unit_id, run.id, given.n, given.fields)
    told: dict[int, list[str]] = {}
    for trouble in found.troubles:
        told.setdefault(trouble.n, []).append(_("Column {letter}: {why}", letter=letter(trouble.at), why=trouble.why))
    for n, sentences in told.items():
        yield RunRow(new_id(), run.unit_id, run.id, n, trouble=" ".join(sentences))


def _again(work: Work, run: Run, found: Checked) -> str:
    """The same sheet once more: a run that was stopped gets back the rows it has not taken; others are left alone."""
    if run.status is RunStatus.DONE:
        raise Stale(N_("These rows were taken in already."))
    if run.status in (RunStatus.CANCELLED, RunStatus.FAILED):
        fields = {given.n: given.fields for given in found.given}
        for row in work.store.rows_to_take(work.actor.scope(Permission.FLAG_RECORD), run.id, len(fields)):
            row.fields = fields.get(row.n, row.fields)
        resume(work, run)
    return run.id
