"""Lists turn their pages by key: every row once going on and back, whatever comes and goes meanwhile."""

import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, delete, insert, select
from sqlalchemy.orm import Session

from core.access import RESIDENT, Actor, Permission
from core.alerts import notices, warnings
from core.entries import escalation, register, searching
from core.entries.searching import Found
from core.inspection import completion
from core.ledgers import decisions, meetings
from core.openness import board, requests, showing, subjects
from core.organisation import people, posts, relatives
from core.prevention import looking, tasks
from core.review import inbox, recurrence
from core.turning import START, Listed, Turn, Turned
from core.voices import openings, points
from core.voices.openings import Ground, Part
from db import keyset
from db.keyset import Order, turned
from db.questions import completion as rounds_done
from db.questions import doings, dues, looks, pointed, registers
from db.questions import notices as told
from db.questions import openings as opened
from db.questions import relatives as related
from db.questions import voices as voiced
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.db.test_scoping import full  # noqa: F401
from tests.grown import grow
from tests.makers import Place

rows_ = Table("rows", MetaData(), Column("id", String, primary_key=True), Column("a", Integer), Column("b", Integer))
ORDERS: tuple[Order, ...] = (
    ((rows_.c.a.is_(None), False), (rows_.c.a, False), (rows_.c.b, True), (rows_.c.id, False)),
    ((rows_.c.b, True), (rows_.c.id, True)),
)
ROW = st.tuples(st.none() | st.integers(0, 2), st.integers(0, 2))


class Site:
    """A table of rows, and its list as somebody turns its pages while rows come and go."""

    def __init__(self, found: Sequence[tuple[int | None, int]], order: Order, most: int) -> None:
        engine = create_engine("sqlite://")
        rows_.create(engine)
        self.session, self.order, self.most = Session(engine), order, most
        self.ids: set[str] = set()
        for one in found:
            self.comes(one)
        self.stayed = set(self.ids)

    def comes(self, row: tuple[int | None, int]) -> None:
        key = secrets.token_hex(4)
        self.session.execute(insert(rows_).values(id=key, a=row[0], b=row[1]))
        self.ids.add(key)

    def changes(self, meanwhile: list[tuple[int | None, int] | int | None], but: Sequence[str]) -> None:
        """A row comes or goes; not one of the page at hand, for without the row it ends with the list begins anew."""
        change = meanwhile.pop() if meanwhile else None
        if isinstance(change, tuple):
            self.comes(change)
        elif change is not None and (left := sorted(self.ids - set(but))):
            key = left[change % len(left)]
            self.session.execute(delete(rows_).where(rows_.c.id == key))
            self.ids.discard(key)
            self.stayed.discard(key)

    def page(self, turn: Turn) -> tuple[list[str], Turned]:
        rows, ways = turned(self.session, select(rows_), rows_.c.id, self.order, turn, self.most)
        return [row.id for row in rows], ways


@settings(max_examples=80)
@given(
    st.lists(ROW, max_size=14), st.sampled_from(ORDERS), st.integers(1, 4),
    st.lists(ROW | st.integers(0, 99) | st.none(), max_size=8),
)  # fmt: skip
def test_a_row_that_stays_stands_on_exactly_one_page_whatever_comes_and_goes(
    found: list[tuple[int | None, int]], order: Order, most: int, meanwhile: list[tuple[int | None, int] | int | None]
) -> None:
    site = Site(found, order, most)
    shown, ways = site.page(START)
    seen = [*shown]
    while ways.onward:
        site.changes(meanwhile, shown)
        rows, after = site.page(ways.onward)
        if after.page == 1:  # nothing is left beyond: the list begins anew
            break
        shown, ways = rows, after
        seen += rows
    assert len(seen) == len(set(seen))
    assert site.stayed <= set(seen)

    site.stayed = (set(seen) & site.ids) - set(shown)
    again: list[str] = []
    while ways.back:
        site.changes(meanwhile, shown)
        rows, ways = site.page(ways.back)
        if ways.back is None:  # the first page is a full one, so it may show some of the second again
            rows = [row for row in rows if row not in again]
        shown, again = rows, [*rows, *again]
    assert len(again) == len(set(again))
    assert site.stayed <= set(again)


Asked = Callable[[Place, Turn], Any]


def _of(who: str | Actor, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Asked:
    return lambda place, turn: place.ask(who, question, *args, turn=turn, **kwargs)


def _here(question: Callable[..., Any], who: str = "clerk") -> Asked:
    return lambda place, turn: place.ask(who, question, place.units["banyan"].id, turn=turn)


def _overdue(place: Place, turn: Turn) -> Any:
    with makers.work_of(place, "supervisor") as work:
        scope = work.actor.scope(Permission.DISCLOSURE_READ)
        return work.store.overdue_page(scope, place.today + timedelta(days=366), None, turn)


def _board(place: Place, turn: Turn) -> Any:
    return place.ask(RESIDENT, board.board, place.units["building"].code, turn)[1]


def _openly(name: str) -> Asked:
    def asked(place: Place, turn: Turn) -> Any:
        code = place.units["building"].code
        return getattr(place.ask(RESIDENT, showing.openness, code, place.today.replace(day=1), **{name: turn}), name)

    return asked


def _found(kind: Found, words: str, who: str = "watchdog") -> Asked:
    def asked(place: Place, turn: Turn) -> Any:
        groups = place.ask(who, searching.search, words, kind, turn)
        return groups[0].hits if groups else Listed()

    return asked


def _register(place: Place, turn: Turn) -> Any:
    page = place.ask("supervisor", register.register, register.Filter(sort=register.Sort.DUE, turn=turn))
    return page.rows, page.total, page.turned


def _round(place: Place, turn: Turn) -> Any:
    [first, *_rest] = place.ask("supervisor", completion.known)
    page = place.ask("supervisor", completion.completion, first.id, turn)
    return page.rows, page.total.communities, page.turned


def _common(place: Place, turn: Turn) -> Any:
    page = place.ask("supervisor", recurrence.common, place.items["searched"], turn)
    return page.common, page.total, page.turned


def _tasks(who: str, question: Callable[..., Any]) -> Asked:
    def asked(place: Place, turn: Turn) -> Any:
        found = place.ask(who, question, turn)
        return found.of([task.row for task in found])

    return asked


def _decisions(place: Place, turn: Turn) -> Any:
    found = place.ask("supervisor", decisions.decisions, turn)
    return found.of([one.row for one in found])


LISTS: dict[str, Asked] = {
    "register": _register, "measures": _of("supervisor", tasks.listed, None, False),
    "measures to verify": _tasks("supervisor", tasks.to_verify), "measures to do": _tasks("clerk", tasks.mine),
    "measures done": _of("clerk", tasks.done),
    "passed on": lambda place, turn: place.ask("supervisor", escalation.passed, escalation.Passing.CAME_UP, turn),
    "decisions": _decisions, "meetings": _of("supervisor", meetings.meetings),
    "looks": _of("watchdog", looking.listed, "due"), "looks made": _of("watchdog", looking.listed, "done"),
    "notices": _of("watchdog", notices.mine), "warnings": _of("supervisor", warnings.warnings, True),
    "points": _of("clerk", points.received), "points waiting": _of("clerk", points.received, False),
    "points raised": _of("supervisor", points.raised_points), "answers": _of("supervisor", points.raised),
    "overdue": _overdue, "sealed": _of("discipline", inbox.sealed), "requests": _of("clerk", requests.requests),
    "disclosure catalogue": _here(subjects.listed), "accounts": _of("system", people.find_accounts),
    "declarations of relatives": _of("discipline", relatives.judged),
    "matters": _of("discipline", openings.matters, Ground.CONTACT),
    "deeds of two": _of("discipline", openings.rows, Part.OPEN),
    "holders": _of("security", people.find_holders), "posts": _of("system", posts.find_posts), "board": _board,
    "decisions on the board": _openly("decisions"), "answers on the board": _openly("answers"),
    "entries found": _found(Found.ENTRY, "名单"), "voices found": _found(Found.VOICE, "名单"),
    "waiting found": _found(Found.WAITING, "名单"), "points found": _found(Found.POINT, "公章", "clerk"),
    "things found": _found(Found.MEASURE, "名单"), "communities of a round": _round, "common risks": _common,
}  # fmt: skip
"""Every list that is turned by key, as somebody asks for it."""


UNCOUNTED = {
    "matters", "deeds of two", "notices", "warnings", "overdue", "points", "points waiting", "answers", "sealed",
    "looks", "looks made", "declarations of relatives",
}  # fmt: skip
"""Lists that may be so long that nobody counts all of it."""


def _parts(found: Any) -> tuple[list[str], int, Turned]:
    rows, total, ways = (found, found.total, found.turned) if isinstance(found, Listed) else found
    return [_key(row) for row in rows], total, ways


def _key(row: Any) -> str:
    return str(next(getattr(row, name) for name in KEYS if hasattr(row, name)))


KEYS = ("id", "flag_id", "risk_id", "point_id", "group_id", "unit_id", "number")
"""By what a row of a list is known, the narrowest first."""


@pytest.mark.costly
def test_every_list_shows_each_row_once_going_on_and_back(
    full: Place, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    grow(full.engine, 2)

    def one(session: Session, query: Any, key: Any, order: Order, turn: Turn, _most: int) -> Any:
        return turned(session, query, key, order, turn, 1)

    for module in (keyset, rounds_done, doings, dues, looks, opened, pointed, registers, related, told, voiced):
        monkeypatch.setattr(module, "turned", one)
    short = []
    for name, asked in LISTS.items():
        pages, turn = [], START
        while turn is not None:
            rows, total, ways = _parts(asked(full, turn))
            pages, turn = [*pages, rows], ways.onward
        seen = [row for page in pages for row in page]
        total = len(seen) if name in UNCOUNTED else total
        assert (len(seen), len(set(seen))) == (total, total), name
        back = pages[-1:]
        while ways.back:
            rows, _total, ways = _parts(asked(full, ways.back))
            back.append(rows)
        assert back[::-1] == pages, name
        short += [name] if total < 2 else []
    assert set(short) == SHORT


SHORT = {"decisions on the board", "answers on the board", "points found", "common risks", "meetings"}
"""Lists of which there is one row here, or none."""
