"""The public board of a community, without an account: risks, what is made public month by month, power items."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import dates
from core.access import RESIDENT
from core.errors import Missing
from core.lifecycle import ENDED
from core.openness import board as boards
from core.openness import periods, showing
from core.openness.showing import ShownDue, ShownStep
from core.text import day
from core.turning import Turn, from_address
from core.voices.doorstep import doorstep
from core.words import DecisionStep, DisclosureWhen
from pages.ui import gate
from pages.ui.marks import due_words, level_words
from pages.web.doors import code_of, places
from pages.web.pages import render
from pages.web.plainly import Sent, page


def routes() -> list[Route]:
    return [Route("/b/{code}", page(board), methods=["GET"])]


def board(request: Request, _sent: Sent) -> Response:
    """What a community has published, what it makes public in a month, and how its power items are handled."""
    code, today = code_of(request), dates.today(dates.now())
    try:
        step = gate.inquire(RESIDENT, doorstep, code)
    except Missing:
        return places(request, {}, 404)
    asked = request.query_params
    name, entries = gate.inquire(RESIDENT, boards.board, code, from_address(asked))
    first = _month(asked.get("month", ""), today)
    pages = [from_address(asked, prefix) for prefix in ("d", "a")]
    items = gate.inquire(RESIDENT, boards.public_items, code)
    return render(
        request, "resident/board.html", step=step, place=name, level_words=level_words, day=day, shown=_day, due=_due,
        today=day(today), open=[entry for entry in entries if entry.status not in ENDED],
        done=[entry for entry in entries if entry.status in ENDED],
        entries=entries, counts=gate.inquire(RESIDENT, boards.counts, code), turn=_turn(asked.get("month", "")),
        items=items, disclosed=_by_period(items), ratings=gate.inquire(RESIDENT, boards.ratings, code),
        openness=gate.inquire(RESIDENT, showing.openness, code, first, *pages), month=_name(first),
        before=_iso(first - timedelta(days=1)), after=_iso(first + timedelta(days=31)),
        period=_period, upto=_up_until, late=_late, steps=_step,
    )  # fmt: skip


def _month(asked: str, today: date) -> date:
    """The first day of the month that was asked for, within ten years; else of this month."""
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", asked)
    if found and abs(int(found[1]) - today.year) <= 10:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def _turn(month: str) -> Callable[[Turn, str], str]:
    """The address of another page of a list on the board; the month that is looked at stays."""
    kept = {"month": month} if month else {}

    def address(to: Turn, prefix: str) -> str:
        return "?" + urlencode(kept | {prefix + name: value for name, value in to.query.items()})

    return address


def _iso(value: date) -> str:
    return f"{value.year}-{value.month:02d}"


def _name(first: date) -> str:
    return periods.words(DisclosureWhen.MONTHLY, first)


def _period(due: ShownDue) -> str:
    return due.occasion or periods.words(due.disclosure_when, due.first)


def _up_until(due: ShownDue) -> date | None:
    """The last day of a notice that still hangs."""
    last = periods.up_until(due.disclosure_when, due.published_on) if due.published_on else None
    return last if last and last >= dates.today(dates.now()) else None


def _late(due: ShownDue) -> int:
    return periods.late_by(due.due_on, due.published_on, dates.today(dates.now()))


def _step(shown: ShownStep) -> str:
    return DecisionStep(shown["step"]).label


def _by_period(items: Sequence[boards.PublicItem]) -> list[tuple[DisclosureWhen, list[str]]]:
    """What is to be made public, by how often."""
    named = [(when, [one.name for one in items if one.disclosure_when is when]) for when in DisclosureWhen]
    return [(when, names) for when, names in named if names]


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def _due(iso: str) -> str:
    return due_words(date.fromisoformat(iso), dates.today(dates.now()))
