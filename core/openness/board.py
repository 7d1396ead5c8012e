"""The public board: a register of selected fields, apart from everything else (domain rule 5.5)."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypedDict

from core.access import Permission
from core.prevention import looks
from core.privacy.small import SMALLEST, protected
from core.text import N_, Term, _
from core.turning import START, Listed, Turn
from core.words import DisclosureClass

if TYPE_CHECKING:
    from core.entries.risks import Risk
    from core.store import Work
    from core.words import Dimension, DisclosureWhen, Level, ReviewResult, RiskStatus


class Rated(Term):
    """What a sender rates of an answer."""

    RESPONSE = "response", N_("Did they respond?")
    SOLVED = "solved", N_("Was it solved?")
    SATISFIED = "satisfied", N_("Are you satisfied?")


class PublicMeasure(TypedDict):
    """What the public reads of a measure; dates as ISO text."""

    text: str
    due: str
    done: str


@dataclass(eq=False)
class Publication:
    """What the public may read of an entry; `id` is the entry's."""

    id: str
    unit_id: str
    number: int
    item: str
    wording: str
    level: "Level | None"
    status: "RiskStatus"
    measures: list[PublicMeasure]
    published_on: date
    closed_on: date | None = None
    looked_on: date | None = None
    look_result: "ReviewResult | None" = None


def notice(work: "Work", risk: "Risk") -> None:
    """Copy the public fields of an entry to the board, if it is one for the public."""
    if not risk.wording or risk.announced_on is None:
        return
    measures = [
        PublicMeasure(text=row.text, due=row.due_on.isoformat(), done=row.done_on.isoformat() if row.done_on else "")
        for row in work.store.measures_of(risk.id)
    ]
    page = work.store.find(Publication, risk.id)
    if page is None:
        page = Publication(
            risk.id, risk.unit_id, risk.number, "", "", None, risk.status, [], published_on=risk.announced_on
        )
        work.store.add(page)
    page.item = work.store.item_name(risk.item_id)
    page.wording, page.level, page.status = risk.wording, risk.level, risk.status
    page.measures, page.closed_on = measures, risk.closed_on
    look = looks.newest(work, risk)
    page.looked_on, page.look_result = (look.looked_on, look.result) if look else (None, None)


def withdraw_notice(work: "Work", risk: "Risk") -> None:
    """Take an entry off the board."""
    if page := work.store.find(Publication, risk.id):
        work.store.remove(page)


@dataclass(frozen=True)
class PublicEntry:
    """One entry as the public reads it."""

    number: int
    item: str
    wording: str
    level: "Level | None"
    status: "RiskStatus"
    measures: tuple[PublicMeasure, ...]
    published_on: date
    closed_on: date | None
    looked_on: date | None
    look: str
    """What the last second look found, as a sentence; empty where there was none."""
    joined: str = ""
    """How many residents say that it is theirs too: from five on, else “fewer than 5”, nobody included."""


@dataclass(frozen=True)
class PublicItem:
    """A power item as the public reads it: how it is done and who watches. Posts, not people."""

    name: str
    dimension: "Dimension"
    basis: str
    body: str
    post: str
    procedure: str
    time_limit: str
    supervision: str
    major: bool
    disclosure_class: DisclosureClass
    disclosure_when: "DisclosureWhen | None"


@dataclass(frozen=True)
class PublicRating:
    """What senders say of the answers they got, by kind: how many rated, from five on, else “fewer than 5”, nobody
    included; and their mean of 1 to 5 with one decimal, from five on."""

    kind: Rated
    count: str
    mean: float | None


ON_BOARD = 40
"""Entries on a page of the board."""


def board(work: "Work", code: str, turn: Turn = START) -> tuple[str, Listed[PublicEntry]]:
    """A community's name and a page of what it has published, the open ones first."""
    work.actor.require(Permission.BOARD_READ)
    community = work.store.register_unit(work.store.unit_by_code(code))
    joined = work.store.supports_of(community.id)
    page = work.store.board_page(community.id, turn)
    entries = [
        PublicEntry(
            p.number, p.item, p.wording, p.level, p.status, tuple(p.measures), p.published_on, p.closed_on,
            p.looked_on, _(looks.TOLD[p.look_result]) if p.look_result else "",
            protected(max(1, joined.get(p.id, 0))),
        )
        for p in page
    ]  # fmt: skip
    return community.name, page.of(entries)


def counts(work: "Work", code: str) -> tuple[int, int]:
    """How many entries on a board are open, and how many are done."""
    work.actor.require(Permission.BOARD_READ)
    return work.store.board_counts(work.store.register_unit(work.store.unit_by_code(code)).id)


def public_items(work: "Work", code: str) -> list[PublicItem]:
    """The power items of a community that are for the public."""
    work.actor.require(Permission.BOARD_READ)
    community = work.store.register_unit(work.store.unit_by_code(code))
    return [
        PublicItem(
            row.name, row.dimension, row.basis, row.body, row.post, row.procedure, row.time_limit, row.supervision,
            row.major, row.disclosure_class, row.disclosure_when,
        )
        for row in work.store.public_items(community.id)
        if row.disclosure_class is not DisclosureClass.NONE
    ]  # fmt: skip


def ratings(work: "Work", code: str) -> list[PublicRating]:
    """How senders rate the answers of a community; sealed matters are not counted."""
    work.actor.require(Permission.BOARD_READ)
    community = work.store.register_unit(work.store.unit_by_code(code))
    given = work.store.ratings_of(community.id)
    return [
        PublicRating(kind, protected(max(1, count)), round(total / count, 1) if count >= SMALLEST else None)
        for kind, (count, total) in given.items()
    ]
