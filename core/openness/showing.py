"""What the board shows of decisions, disclosures and answers: rows of selected fields of its own (domain rule 5.5).

Each row is written by the deed that publishes it; the board reads these rows and nothing they were made from.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypedDict

from core.access import Permission
from core.store import Work
from core.turning import START, Listed, Turn
from core.words import DisclosureClass, DisclosureWhen


class ShownStep(TypedDict):
    """A published step of a decision: its code, its day as ISO text, and what the public reads of it."""

    step: str
    on: str
    text: str


@dataclass(eq=False)
class ShownDecision:
    """What the public may read of a decision; `id` is the decision's."""

    id: str
    unit_id: str
    title: str
    item: str
    steps: list[ShownStep]
    shown_on: date


@dataclass(eq=False)
class ShownDue:
    """What the public may read of a disclosure that is due or done; `id` is the due's, `first` begins its period,
    `occasion` says what happened, for what is published on an occasion."""

    id: str
    unit_id: str
    subject: str
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen
    first: date
    due_on: date
    occasion: str = ""
    published_on: date | None = None
    place: str = ""
    text: str = ""


@dataclass(eq=False)
class ShownAnswer:
    """What the public may read of a request for disclosure: both wordings are the office's own, `id` the request's."""

    id: str
    unit_id: str
    wording: str
    answer: str
    withheld: bool
    answered_on: date


@dataclass(frozen=True)
class Openness:
    """What a community shows of one month: what was due or done in it, what is overdue, its decisions and answers."""

    community: str
    month: tuple[ShownDue, ...]
    overdue: tuple[ShownDue, ...]
    decisions: Listed[ShownDecision]
    answers: Listed[ShownAnswer]


def openness(work: Work, code: str, first: date, decisions: Turn = START, answers: Turn = START) -> Openness:
    """What the board of a place shows for the month that begins on `first`, with a page of its decisions and one of
    its answers, the newest first."""
    work.actor.require(Permission.BOARD_READ)
    community = work.store.register_unit(work.store.unit_by_code(code))
    dues = work.store.shown_dues(community.id, first, first + timedelta(days=31), overdue=work.today)
    in_month = [due for due in dues if any(_in(day, first) for day in (due.due_on, due.published_on) if day)]
    overdue = [due for due in dues if due.published_on is None and due.due_on < work.today and due not in in_month]
    return Openness(
        community.name, tuple(in_month), tuple(overdue), work.store.decisions_page(community.id, decisions),
        work.store.answers_page(community.id, answers),
    )  # fmt: skip


def _in(day: date, first: date) -> bool:
    return (day.year, day.month) == (first.year, first.month)
