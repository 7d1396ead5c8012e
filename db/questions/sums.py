"""Keeping sums: which questions there are, and writing down what they come to where something has happened."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, delete, func, or_, select

from core.access import EVERYWHERE, Scope
from db.questions import charted, paces, reached, tallies, voiced
from db.questions.summing import Counts, Sum, Summing, These, add, read, stale, written
from db.tables import summed, sums, unit_kinds, units_

FEW = 20
"""Communities of a site up to which nothing is kept: counting them costs little."""
SUMS: tuple[Sum, ...] = (
    tallies.ENTRIES, tallies.VOICES, tallies.IN_TIME, charted.POSTS, charted.OPEN, charted.DISCLOSED, charted.LOOKS,
    charted.LATE, charted.MARKS, charted.DEEDS, paces.TURNS, voiced.ALIKE, voiced.SILENT, voiced.RATED,
    reached.HEARD,
)  # fmt: skip
KEYS = {question.name: question.keys for question in SUMS}
VERSION = "2"
"""To be raised where a question comes to mean something else."""
Answers = dict[str, Counts]
"""What questions come to, by their names."""


@dataclass(frozen=True)
class Answered:
    """What a community comes to after so many lines of its log, on a day."""

    unit_id: str
    lines: int
    day: date
    answers: Answers


class Sums(Summing):
    """Sums as they are kept. No scope: the program's own bookkeeping, with no line in the log."""

    form = hashlib.sha256(repr((VERSION, *KEYS.items())).encode()).hexdigest()[:40]

    def is_unsummed(self, today: date) -> bool:
        return bool(self._unsummed(today, 1))

    def sums_now(self, today: date, most: int) -> list[Answered]:
        return [self._sums_of(unit_id, lines, today) for unit_id, lines in self._unsummed(today, most)]

    def _unsummed(self, today: date, most: int) -> list[tuple[str, int]]:
        """Communities where something has happened since, with how many lines their log has; none at a small site."""
        holding = select(func.count()).select_from(units_).join(unit_kinds, unit_kinds.c.code == units_.c.kind)
        if (self.session.scalar(holding.where(unit_kinds.c.holds_register)) or 0) <= FEW:
            return []
        return [(unit_id, lines) for unit_id, lines in self.session.execute(stale(self.form, today, most))]

    def _sums_of(self, unit_id: str, lines: int, today: date) -> Answered:
        """What a community comes to now."""
        everything, here = Scope((EVERYWHERE,)), These((unit_id,))
        return Answered(unit_id, lines, today, {
            question.name: question.counted(self, everything, here, today) for question in SUMS
        })  # fmt: skip

    def keep_sums(self, answered: Sequence[Answered]) -> None:
        """Put down what communities come to, and from below what the areas they lie in come to with it. Nothing is
        carried on from what an area came to before, so that once a day everything is counted anew."""
        areas: dict[str, str] = {}
        for one in answered:
            self.session.execute(delete(sums).where(sums.c.unit_id == one.unit_id, ~sums.c.whole))
            self._put_answers(one.unit_id, one.answers, whole=False)
            areas |= {path: unit_id for unit_id, path in self.session.execute(_above(one.unit_id))}
        for path in sorted(areas, key=len, reverse=True):
            self._put_answers(areas[path], self._together(areas[path]), whole=True)
        put = self._put(summed)
        self.session.execute(
            put.on_conflict_do_update(index_elements=["unit_id"], set_={
                name: put.excluded[name] for name in ("lines", "day", "form")
            }),
            [{"unit_id": one.unit_id, "lines": one.lines, "day": one.day, "form": self.form} for one in answered],
        )  # fmt: skip

    def _together(self, unit_id: str) -> Answers:
        """What a unit comes to with all below it: its own answers and the sums of the units just below."""
        below = select(units_.c.id).where(units_.c.parent_id == unit_id)
        query = select(sums.c.question, sums.c.rows).where(
            or_(and_(sums.c.unit_id == unit_id, ~sums.c.whole), and_(sums.c.unit_id.in_(below), sums.c.whole))
        )
        found: Answers = {name: {} for name in KEYS}
        for name, rows in self.session.execute(query):
            if name in KEYS:
                add(found[name], read(rows, KEYS[name]))
        return found

    def _put_answers(self, unit_id: str, answers: Answers, *, whole: bool) -> None:
        put = self._put(sums)
        rows = [
            {"unit_id": unit_id, "whole": whole, "question": name, "rows": written(counts)}
            for name, counts in answers.items()
        ]
        keys = ["unit_id", "whole", "question"]
        self.session.execute(put.on_conflict_do_update(index_elements=keys, set_={"rows": put.excluded.rows}), rows)


def _above(unit_id: str) -> Select[str, str]:
    """A unit and all above it, with their paths."""
    own = select(units_.c.path).where(units_.c.id == unit_id).scalar_subquery()
    return select(units_.c.id, units_.c.path).where(func.substr(own, 1, func.length(units_.c.path)) == units_.c.path)
