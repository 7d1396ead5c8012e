"""Tables (表格) as people fill them in: read by their columns, each cell told that cannot be taken."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.formats.books import as_said
from core.formats.cells import Read, words
from core.formats.columns import Head, cell, head
from core.formats.sheets import ABOVE, COLUMNS, ROWS, Line, Sheet
from core.text import _, folded


@dataclass(frozen=True)
class Field:
    """One column of a kind of table: its heading, what it means, how a cell is read, what is offered in it."""

    name: str
    word: str
    about: str = ""
    required: bool = False
    read: Read = str
    choices: tuple[str, ...] = ()
    width: float = 16


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: the row in the file, the column with its heading, and what would be right."""

    n: int
    column: str
    why: str


@dataclass(frozen=True)
class Row:
    """A row as it was read: what it says in each column that is filled, and what is kept of that."""

    n: int
    said: Mapping[str, str]
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A sheet read by the columns of a kind: `wrong` rows have a trouble and no `Row`; `unknown` are headings nobody
    knows, left alone; `first` is the number of the first row below the head; `absent` are the headings of columns the
    sheet does not have."""

    rows: tuple[Row, ...]
    troubles: tuple[Trouble, ...]
    names: Mapping[str, str]
    unknown: tuple[str, ...]
    first: int = 0
    absent: Mapping[str, str] = field(default_factory=dict)

    def trouble(self, row: Row, name: str, why: str) -> Trouble:
        """Something wrong in a column of a row, be it that the sheet lacks it; in the first one where no kind of table
        has such a column."""
        if name in self.absent:
            return Trouble(row.n, _("{column} (not in the file)", column=self.absent[name]), why)
        return Trouble(row.n, self.names.get(name, next(iter(self.names.values()), "A")), why)


def _headings(fields: Sequence[Field], kind: str) -> dict[str, str]:
    """Every heading (folded) that stands for a column: its own in both languages, its code, and what people write."""
    synonyms = words()["columns"].get(kind, {})
    found: dict[str, str] = {}
    for one in fields:
        for word in (_(one.word), one.word, one.name, *synonyms.get(one.name, ())):
            found.setdefault(folded(word), one.name)
    return found


def table(sheet: Sheet, fields: Sequence[Field], kind: str) -> Table:
    """Read a sheet by columns: the head found below titles, merged cells filled, every cell that is wrong told."""
    above = head(replace(sheet, lines=filled(sheet)), _headings(fields, kind))
    names = {name: above.name(at) for name, at in above.columns.items()}
    missing = [one for one in fields if one.required and one.name not in above.columns]
    if missing or not above.columns:
        told = _(", ").join(_(one.word) for one in missing or fields)
        why = _("The column is missing: {words}. It was looked for in the first {n} rows.", words=told, n=ABOVE)
        return Table((), (Trouble(above.line.n, "—", why),), names, ())
    rows, troubles = [], []
    for line in above.below:
        found = _row(line, above, fields)
        if isinstance(found, Row):
            rows.append(found)
        else:
            troubles += found
    if not above.below:
        troubles.append(Trouble(above.line.n, "—", _("There is no row below the headings.")))
    used = set(above.columns.values())
    unknown = (above.heading(at) for at in range(len(above.line.cells)) if at not in used)
    first = above.below[0].n if above.below else above.line.n + 1
    absent = {one.name: _(one.word) for one in fields if one.name not in names}
    return Table(tuple(rows), tuple(troubles), names, tuple(filter(None, unknown)), first, absent)


def _row(line: Line, above: Head, fields: Sequence[Field]) -> Row | list[Trouble]:
    said = {name: as_said(cell(line, at)) for name, at in above.columns.items()}
    values: dict[str, object] = {}
    wrong = []
    for one in fields:
        text = said.get(one.name, "")
        try:
            if text:
                values[one.name] = one.read(text)
            elif one.required:
                raise ValueError(_("Please fill this in."))
        except ValueError as fault:
            wrong.append(Trouble(line.n, above.name(above.columns[one.name]), str(fault)))
    return wrong or Row(line.n, {name: text for name, text in said.items() if text}, values)


def filled(sheet: Sheet, only: Collection[int] | None = None) -> tuple[Line, ...]:
    """The rows of a sheet, what stands in cells that were made one going down written into each row of them; in some
    columns `only`, counted from 0."""
    lines = {line.n: list(line.cells) for line in sheet.lines}
    order, left = list(lines), ROWS * COLUMNS
    for one in (cells for cells in sheet.merged if only is None or cells.left in only):
        first = lines.get(one.top, [])
        value = first[one.left] if one.left < len(first) else ""
        below = order[bisect_left(order, one.top + 1) : bisect_left(order, one.bottom + 1)] if value else []
        for n in below[:left]:
            cells = lines[n]
            cells.extend([""] * (one.left + 1 - len(cells)))
            cells[one.left] = cells[one.left] or value
        left -= len(below)
    return tuple(Line(n, tuple(cells)) for n, cells in lines.items())


def refusals(fields: Mapping[str, str], found: Table, row: Row) -> list[Trouble]:
    """What a form refuses, told of the columns of a row."""
    return [found.trouble(row, name, why) for name, why in fields.items()]


def doubled(rows: Iterable[Row], key: Callable[[Row], str], found: Table, name: str) -> list[Trouble]:
    """Rows that stand for the same thing, each told where the other is."""
    first: dict[str, int] = {}
    troubles = []
    for row in rows:
        before = first.setdefault(folded(key(row)), row.n)
        if before != row.n:
            why = _("This stands in row {n} already. Please keep one of the two.", n=before)
            troubles.append(found.trouble(row, name, why))
    return troubles
