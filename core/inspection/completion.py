"""How far a round has come, by community and post: filled in, nothing found with a reason, or not yet.

Posts are counted, never people, and nobody is ranked: communities stand in the order of the tree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core import dates
from core.access import Permission
from core.errors import Missing
from core.inspection.quarters import is_open
from core.organisation.units import Unit
from core.rows import RoundRow
from core.store import Work
from core.text import N_, Term, _
from core.turning import ALL_HERE, COUNTED, START, Turn, Turned

PAGE = 50


class State(Term):
    """What a post has said of all its power items in a round."""

    FILLED = "filled", N_("Filled in")
    NOTHING = "nothing", N_("Nothing found, with a reason")
    LEFT = "left", N_("Not yet")


@dataclass(frozen=True)
class Counts:
    """Posts by state, and what they are counted on; `frozen` counts registers that a closed round has frozen."""

    communities: int
    posts: int
    items: int
    filled: int
    nothing: int
    frozen: int = 0

    @property
    def left(self) -> int:
        return self.posts - self.filled - self.nothing


@dataclass(frozen=True)
class CommunityRow:
    """One community in a round, with the unit above it."""

    unit_id: str
    unit: str
    above: str
    counts: Counts

    @property
    def reminder(self) -> str:
        """What is still missing here, in words."""
        if not self.counts.posts:
            return _("No post has power items here")
        return _("{n} posts are still missing", n=self.counts.left) if self.counts.left else _("complete")


@dataclass(frozen=True)
class Completion:
    """A page of communities, and the counts of all of them."""

    rows: tuple[CommunityRow, ...]
    total: Counts
    turned: Turned = ALL_HERE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total.communities // PAGE))


@dataclass(frozen=True)
class PostRow:
    """One post in a round: its power items, how many were gone through, and the reasons where nothing was found."""

    post_id: str
    post: str
    items: int
    said: int
    state: State
    vacant: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """A rated entry whose power item was said to have changed on a day, or whose `post` has had somebody else since."""

    risk_id: str
    unit_id: str
    unit: str
    number: int
    title: str
    day: date
    post: bool
    rated_at: datetime

    @property
    def because(self) -> str:
        return _("the post has somebody else") if self.post else _("its power item has changed")


def known(work: Work) -> list[RoundRow]:
    """Rounds in and above the actor's area, the newest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.round_rows(scope)


def running(work: Work) -> list[RoundRow]:
    """The rounds that run today in and above the actor's area."""
    work.actor.require(Permission.REGISTER_READ)
    return [row for row in of_note(work) if is_open(row, work.today)]


NEWS = timedelta(days=14)
"""How long before its first day and after its closing a round is told of."""


def of_note(work: Work) -> list[RoundRow]:
    """Rounds that run, will soon begin, are over and not closed, or were just closed."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.rounds_of_note(scope, work.today - NEWS, work.today + NEWS)


def left(work: Work, rows: Sequence[RoundRow]) -> dict[str, int]:
    """How many posts in sight have not finished, by the id of a round among these that runs today; of more than
    `COUNTED` in all of them the rest is not counted."""
    scope = work.actor.require(Permission.REGISTER_READ)
    ids = [row.id for row in rows if is_open(row, work.today)]
    return work.store.posts_left(scope, ids) if ids else {}


def completion(work: Work, round_id: str, turn: Turn = START) -> Completion:
    """How far the communities of a round have come, as far as the actor may see them, a page at a time."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.completion(scope, work.store.round_row(scope, round_id), turn)


def posts(work: Work, round_id: str, unit_id: str) -> list[PostRow]:
    """The posts of one community in a round."""
    scope = work.actor.require(Permission.REGISTER_READ)
    unit = work.store.one(Unit, unit_id, scope)
    current = work.store.round_row(scope, round_id)
    if not unit.path.startswith(work.store.register_of(current.unit_id).path):
        raise Missing
    return work.store.posts_in_round(scope, current, unit.id)


def to_rate_again(work: Work, unit_id: str | None = None) -> list[Changed]:
    """Entries whose power item was said to have changed in a round that is open, or whose post has had somebody else
    since it began, and that were not rated on that day or after it; in the order of the register."""
    scope = work.actor.require(Permission.REGISTER_READ)
    found = _again(work.store.changed_in_rounds(scope, unit_id, work.today))
    return sorted(found.values(), key=lambda row: (row.unit, row.number))


def count_to_rate_again(work: Work) -> int:
    """How many such entries there are, as far as they are counted: what was rated since is among what is read."""
    scope = work.actor.require(Permission.REGISTER_READ)
    rows = work.store.changed_in_rounds(scope, None, work.today, 2 * COUNTED)
    if len(rows) >= 2 * COUNTED and len(_again(rows)) <= COUNTED:
        rows = work.store.changed_in_rounds(scope, None, work.today)
    return len(_again(rows))


def _again(rows: Iterable[Changed]) -> dict[str, Changed]:
    found: dict[str, Changed] = {}
    for row in sorted(rows, key=lambda row: row.day):
        if dates.today(row.rated_at) < row.day:
            found[row.risk_id] = row
    return found
