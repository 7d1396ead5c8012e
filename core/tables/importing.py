"""Importing (导入): tables that people fill in or another system exports, compared with what is kept, row by row.

One way for every kind of table: columns by their headings, cells read one by one, everything that would change shown
first, and nothing saved while anything is wrong. Saving looks at the rows again and does what was agreed to or nothing;
long files are saved in portions (core.tables.portions).
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from core.access import Permission, Scope
from core.documents import Document, kept
from core.errors import Invalid, Missing, Stale, explain
from core.evidence import Upload
from core.formats.books import Book, Column, Value, bound
from core.formats.sheets import Sheet, read
from core.formats.tabular import Field, Table, Trouble, doubled, refusals, table
from core.organisation.units import Unit
from core.store import Work
from core.text import N_, Term, _, clean, folded


@dataclass(frozen=True)
class Change:
    """What a row would do: to what, whether that is new, and each column as (heading, before, after).

    `beside` are other rows of the file without which this one would say something else.
    """

    n: int
    name: str
    new: bool
    said: tuple[tuple[str, str, str], ...]
    form: Any = field(default=None, compare=False, repr=False)
    key: str = ""
    version: int | None = None
    beside: tuple[int, ...] = field(default=(), compare=False, repr=False)


def mark(changes: Sequence[Change]) -> str:
    """By which one sees that the same would be done."""
    return hashlib.sha256(repr(tuple(changes)).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class Kept:
    """What a file says otherwise than what is kept, and why it stays: the row, its column, and the reason."""

    n: int
    name: str
    column: str
    why: str


@dataclass(frozen=True)
class Plan:
    """What a file would do: changes, what stays and why, what is wrong, and how many rows say what is kept already;
    `first` is the number of the first row below its head."""

    changes: tuple[Change, ...]
    troubles: tuple[Trouble, ...]
    same: int = 0
    kept: tuple[Kept, ...] = ()
    notes: tuple[str, ...] = ()
    first: int = 0

    @property
    def mark(self) -> str:
        return mark(self.changes)

    @property
    def added(self) -> int:
        return sum(change.new for change in self.changes)


@dataclass(frozen=True)
class Kind:
    """A kind of table. Its parts are given the unit the table is about, or an empty string where it is about none.

    `now` gives what is kept, as rows of the same columns; none where the kind is never handed out filled.
    """

    name: str
    title: str
    permission: Permission
    fields: Callable[[Work, str], tuple[Field, ...]]
    plan: Callable[[Work, str, Table], Plan]
    save: Callable[[Work, str, Plan], None]
    now: Callable[[Work, str], Sequence[Sequence[Value]]] | None = None
    notes: tuple[str, ...] = ()


def opened(work: Work, kind: Kind, upload: Upload) -> Sheet:
    """Read a file somebody would import; `Invalid` with what would be right."""
    work.actor.require(kind.permission)
    return read(upload)


def look(work: Work, kind: Kind, unit_id: str, sheet: Sheet) -> Plan:
    """What a sheet would change, before anything is kept."""
    scope = work.actor.require(kind.permission)
    _check_unit(work, unit_id, scope)
    found = table(sheet, kind.fields(work, unit_id), kind.name)
    plan = kind.plan(work, unit_id, found)
    troubles = sorted({*found.troubles, *plan.troubles}, key=lambda one: (one.n, one.column))
    notes = list(plan.notes)
    if found.unknown:
        notes.append(_("Columns that are not known and were left alone: {names}.", names=_(", ").join(found.unknown)))
    return replace(plan, troubles=tuple(troubles), notes=tuple(notes), first=found.first)


def save(work: Work, kind: Kind, unit_id: str, sheet: Sheet, mark: str, only: Collection[int] | None = None,
         together: str = "") -> int:
    """Do what a plan said, all of it or nothing; gives how many rows did something. Of a portion, `only` these rows.

    `mark` is that of the plan somebody agreed to: `Stale` when the same sheet would do something else by now.
    `together` is what the portions of one file have in common in the log.
    """
    work.actor.require(kind.permission)
    work.together = together
    plan = look(work, kind, unit_id, sheet)
    plan = replace(plan, changes=tuple(one for one in plan.changes if only is None or one.n in only))
    if plan.troubles:
        raise Invalid(file=_("Nothing was saved: there is still something to be mended in the file."))
    if plan.mark != mark:
        raise Stale(N_("Something has changed since you looked. Please look again at what would be saved."))
    kind.save(work, unit_id, plan)
    return len(plan.changes)


@dataclass(frozen=True)
class Filled:
    """A table with what is kept, on a day."""

    kind: Kind
    fields: tuple[Field, ...]
    rows: Sequence[Sequence[Value]]
    day: date


def form(work: Work, kind: Kind, unit_id: str) -> bytes:
    """The table to fill in. Empty as it is, nothing is kept of its being taken."""
    scope = work.actor.require(kind.permission)
    _check_unit(work, unit_id, scope)
    return _written(kind, kind.fields(work, unit_id), (), _("To be filled in from row 4 on"))


def taken(work: Work, kind: Kind, unit_id: str) -> Filled:
    """The table with what is kept already, to be written as Excel; that it was taken is kept."""
    scope = work.actor.require(kind.permission)
    _check_unit(work, unit_id, scope)
    if kind.now is None:
        raise Missing
    rows = kind.now(work, unit_id)
    unit = work.store.find(Unit, unit_id or work.actor.unit_id or "") or work.store.top_unit()
    kept(work, unit, Document.TABLE, len(rows), _(kind.title))
    return Filled(kind, kind.fields(work, unit_id), rows, work.today)


def written(found: Filled) -> bytes:
    """The table of what is kept as Excel."""
    line = _("{n} rows, as of {day}", n=len(found.rows), day=found.day)
    return _written(found.kind, found.fields, found.rows, line)


def _written(kind: Kind, fields: Sequence[Field], rows: Sequence[Sequence[Value]], line: str) -> bytes:
    columns = tuple(
        Column(_(one.word) + ("*" if one.required else ""), one.width, _(one.about), one.choices, closed=False)
        for one in fields
    )
    notes = (N_("Columns with * must be filled in. An empty cell leaves what is kept as it is."), *kind.notes)
    return bound(Book(_(kind.title), line, columns, tuple(map(_, notes))), rows, len(rows))


def _check_unit(work: Work, unit_id: str, scope: Scope) -> None:
    """Refuse a unit at which the actor does not hold the right to this kind of table; its people are asked about."""
    if unit_id:
        work.store.one(Unit, unit_id, scope)


# rows against what is kept


@dataclass(frozen=True)
class Before:
    """What is kept of something that rows may change: its id, its values by column, its version where it has one."""

    key: str
    values: Mapping[str, Any]
    version: int | None = None


def compare(
    found: Table, fields: Sequence[Field], kept: Mapping[str, Before], make: Callable[[Mapping[str, Any]], BaseModel],
    say: Callable[[str, Any], object] = lambda _name, value: value,
) -> Plan:  # fmt: skip
    """Rows against what is kept, each known by what stands in the first of the fields (folded).

    `make` makes the form a person would have typed, and refuses what that form refuses; `say` says how a value is
    shown. An empty cell leaves what is kept.
    """
    by = fields[0].name
    troubles = doubled(found.rows, lambda row: str(row.values[by]), found, by)
    changes, same = [], 0
    for row in found.rows:
        before = kept.get(folded(str(row.values[by])))
        values = dict(before.values) | {**row.values, by: before.values[by]} if before else dict(row.values)
        try:
            made = make(values)
        except ValidationError as error:
            troubles += refusals(explain(error), found, row)
            continue
        except Invalid as refusal:
            troubles += refusals(refusal.fields, found, row)
            continue
        old, new = ({name: say(name, value) for name, value in side.items()}
                    for side in (before.values if before else {}, made.model_dump()))  # fmt: skip
        said = differing(fields, old, new)
        if said:
            key, version = (before.key, before.version) if before else ("", None)
            changes.append(Change(row.n, str(old.get(by) or new[by]), before is None, said, made, key, version))
        same += not said
    return Plan(tuple(changes), tuple(troubles), same)


def differing(
    fields: Sequence[Field], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """What became different, column by column, in words; that something new is not so is not told."""
    pairs = [(one.word, before.get(one.name), after[one.name]) for one in fields if one.name in after]
    return tuple(
        (_(word), shown(old), shown(new)) for word, old, new in pairs
        if shown(old) != shown(new) and (old, new) != (None, False)
    )  # fmt: skip


def shown(value: object) -> str:
    """A value as a cell says it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value.label if isinstance(value, Term) else clean(str(value))
