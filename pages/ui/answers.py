"""What a community made of a superior's point, in words."""

from datetime import date

from core.rows import PointRow
from core.text import _
from core.words import FlagStatus
from pages.ui import marks, tables


def answer(row: PointRow, today: date) -> tables.Cell:
    """The answer as a cell: which entry, why not, or how long there is still time."""
    if not row.is_answered:
        words = _("No answer yet") + " · " + marks.working_words(row.due_on, today)
        return tables.Mark(marks.lamp(row.due_on, today, words))
    if row.status is FlagStatus.DECLINED:
        return _("Not applicable: {reason}", reason=row.reason)
    if row.risk_id is None:
        return row.status.label
    label = _("Accepted, entry {n}") if row.status is FlagStatus.OPENED else _("Already entry {n}")
    return tables.Link(label.format(n=row.number), "entry", {"id": row.risk_id})
