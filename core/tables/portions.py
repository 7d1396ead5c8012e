"""Portions (分批保存): a long import is saved a few rows at a time, so that nobody waits for it.

Whatever stops it leaves whole rows. What is saved stays; the same file taken in again does only what is left.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from core.entries.bulk import sentence
from core.errors import Expired, Refused
from core.formats.sheets import Sheet
from core.formats.tabular import filled
from core.tables.importing import Change, Plan, mark

PORTION = 100
"""Rows saved in one transaction: half a second to two, as long as others wait at most."""


@dataclass(frozen=True)
class Portion:
    """Some changes that somebody agreed to, and the part of the file they stand in: its head and their rows."""

    sheet: Sheet
    changes: tuple[Change, ...]
    first: int

    @property
    def mark(self) -> str:
        return mark(self.changes)

    @property
    def rows(self) -> frozenset[int]:
        """The rows that are saved, without those that are only read beside them."""
        return frozenset(change.n for change in self.changes)

    def halves(self) -> tuple["Portion", "Portion"]:
        middle = len(self.changes) // 2
        return self._of(self.changes[:middle]), self._of(self.changes[middle:])

    def _of(self, changes: tuple[Change, ...]) -> "Portion":
        rows = {n for change in changes for n in (change.n, *change.beside)}
        lines = tuple(line for line in self.sheet.lines if line.n < self.first or line.n in rows)
        return replace(self, sheet=replace(self.sheet, lines=lines), changes=changes)


@dataclass
class Saved:
    """How far an import is: rows that are kept, and rows that were not done, each with why."""

    done: int = 0
    left: list[tuple[Change, str]] = field(default_factory=list)


def portions(sheet: Sheet, plan: Plan, size: int = PORTION) -> list[Portion]:
    """A plan in portions, in its order; cells made one are written out, so that each row stands for itself."""
    whole = Portion(replace(sheet, lines=filled(sheet)), plan.changes, plan.first)
    return [whole._of(plan.changes[at : at + size]) for at in range(0, len(plan.changes), size)]


def carry_out(
    waiting: Sequence[Portion], save: Callable[[Portion], object], told: Callable[[Saved], object]
) -> Saved:
    """Save portion after portion, each by itself: a refused one by its halves, down to the row that is told.

    `told` hears of what is kept, after it is. An ended sign-in ends it.
    """
    saved, left = Saved(), list(reversed(waiting))
    while left:
        portion = left.pop()
        try:
            save(portion)
        except Expired:
            raise
        except Refused as refusal:
            if len(portion.changes) > 1:
                left += reversed(portion.halves())
                continue
            saved.left.append((portion.changes[0], sentence(refusal)))
        else:
            saved.done += len(portion.changes)
        told(saved)
    return saved
