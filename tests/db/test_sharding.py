"""That the paths of residents and cadres could run on a database sharded by community: see docs/sharding.md.

Every statement on these paths that touches a table which grows with what is said must carry the unit, or be named below
with the key it is asked by; and no transaction of theirs may write rows of two communities.
"""

import re
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from core import home
from core.access import RESIDENT, Actor
from core.alerts import notices
from core.audit import Entry
from core.entries import actions, entry, register
from core.openness import board
from core.prevention import tasks
from core.review import inbox, merging
from core.turning import Turn
from core.voices import followup
from db.tables import metadata, units_
from tests import makers
from tests.hidden import HAPPENED, ids, lived
from tests.makers import Place

DB = str(Path(__file__).resolve().parents[2] / "db")
BIG = {
    "flags", "messages", "readings", "receipts", "supports", "contacts", "attachments", "recusals", "risks", "links",
    "distinctions", "suggestions", "judgements", "assessments", "statements", "measures", "progress", "evidence",
    "versions", "clocks", "early_warnings", "signatures", "second_looks", "notices", "audit_entries", "publications",
    "said_index", "said_things",
}  # fmt: skip
"""What grows with what is said. Each row but a receipt's says its unit; one of the log its chain, which names it."""
CARRIES = re.compile(r"\b(unit_id|chain) (= (\?|%\()|IN \()")
"""A condition on the unit that is no mere join: one that is given, or those of a scope."""
FLAG, ENTRY = "of a flag, by its id", "of an entry, by its id"
KEYS = {
    **dict.fromkeys((
        "apart", "count_messages", "distinctions", "entry_of", "judgement", "messages", "readings", "recusals_of",
    ), FLAG),
    **dict.fromkeys((
        "kept_away_from", "last_clock", "links_of", "looks_of", "measures_of", "moves", "newest_ratings",
        "running_clock", "standing_signatures", "suggested",
    ), ENTRY),
    "find": "one row, by its id", "seen": "one row, by its id, where somebody's area is everything",
    "some": "of a flag, by its id, where somebody's area is everything", "receipt": "by the number of the receipt",
    "_pictured": "entries that were changed, by their ids, at the end of a deed",
    "_forget": "the index over names, by what they name",
    "_items": "entries of power items, by the ids of these",
    "_listed": "entries of one page, by their ids, which a question that carries the unit has found",
    "notice_page": "one's own notices, by the ids of those on the page",
    "naming": "who is named, wherever that was said: asked when a person or a relative is entered, crosses on purpose",
}  # fmt: skip
"""Questions that name no unit, with what they are asked by. Their callers hold the row and so its unit: each would be
told it where a database is sharded, and is sent to every shard until then."""
WRITES = re.compile(r"(UPDATE|DELETE FROM) \w+ .*WHERE \w+\.id = ", re.S)
"""What a deed writes down at its end, row by row; the row was loaded before."""
OURS = {"secretary", "clerk", "watchdog", "watchdog2", "other_clerk", "other_watchdog"}


class Heard:
    """What was asked and written: questions that carry no unit, by name, and to which communities each deed wrote."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.bare: dict[str, str] = {}
        self.seen = 0
        self.written: list[set[str]] = []
        with engine.connect() as connection:
            paths = {row.id: row.path for row in connection.execute(select(units_.c.id, units_.c.path))}
            homes = set(connection.scalars(select(units_.c.id).where(units_.c.kind == "community")))
        self.home = {one: next((up for up in path.split("/") if up in homes), one) for one, path in paths.items()}

    def note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        touched = BIG.intersection(re.findall(r"(?:FROM|JOIN|UPDATE|INTO|,) (\w+)", statement))
        if not touched or statement.startswith("INSERT") or WRITES.match(statement):
            return
        self.seen += 1
        if not CARRIES.search(statement):
            frames = [f for f in traceback.extract_stack() if f.filename.startswith(DB)]
            names = [f.name for f in frames if not f.filename.endswith(("once.py", "keyset.py", "work.py"))]
            self.bare.setdefault(names[-1] if names else "flush", statement)

    def flushed(self, session: Session, *_rest: Any) -> None:
        wrote = session.info.setdefault("communities", set())
        for thing in (*session.new, *session.dirty, *session.deleted):
            if isinstance(thing, Entry):
                wrote.add(self.home.get(thing.chain.removesuffix(":residents"), thing.chain))
            elif (unit_id := getattr(thing, "unit_id", None)) and type(thing).__name__ != "Session":
                wrote.add(self.home.get(unit_id, unit_id))

    def committed(self, session: Session) -> None:
        self.written.append(session.info.pop("communities", set()))


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    event.listen(heard.engine, "before_cursor_execute", heard.note)
    event.listen(Session, "before_flush", heard.flushed)
    event.listen(Session, "before_commit", heard.committed)
    try:
        yield
    finally:
        event.remove(heard.engine, "before_cursor_execute", heard.note)
        event.remove(Session, "before_flush", heard.flushed)
        event.remove(Session, "before_commit", heard.committed)


def overheard(place: Place, heard: Heard) -> None:
    """Listen to what residents and cadres do and ask in a place, and to nobody else."""
    do, ask = place.do, place.ask

    def told(who: Actor | str, way: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if who != RESIDENT and who not in OURS:
            return way(who, *args, **kwargs)
        with listening(heard):
            return way(who, *args, **kwargs)

    place.do = lambda who, *args, **kwargs: told(who, do, *args, **kwargs)  # type: ignore[method-assign]
    place.ask = lambda who, *args, **kwargs: told(who, ask, *args, **kwargs)  # type: ignore[method-assign]


def look_round(place: Place) -> None:
    """What the pages of residents, cadres and watchdogs ask."""
    code, risks = place.units["building"].code, ids(place, "risks")
    place.ask(RESIDENT, board.board, code)
    place.ask(RESIDENT, board.ratings, code)
    opened = place.ask(RESIDENT, followup.unlock, makers.speak(place, "楼道里的广告费谁收了", None))
    place.ask(RESIDENT, followup.follow, opened)
    for who in ("clerk", "watchdog"):
        place.ask(who, home.waiting)
        place.ask(who, notices.mine)
        place.ask(who, notices.unread)
        page = place.ask(who, register.register, register.Filter())
        place.ask(who, register.register, register.Filter(turn=Turn(after=page.rows[0].id, page=2)))
        place.ask(who, tasks.listed)
        for risk_id in risks:
            for question in (entry.entry, entry.history, actions.actions, tasks.of_entry, merging.voices):
                place.ask(who, question, risk_id)
    taken_out(place)
    found = place.ask("watchdog", inbox.queue, 40)
    for row in found.rows:
        place.ask("watchdog", merging.candidates, row.id)
        place.ask("watchdog", inbox.thread, row.id)
        place.ask("watchdog", inbox.draft, row.id)


def taken_out(place: Place) -> None:
    """A voice is taken out of an entry, which tells of it from then on."""
    risk_id = makers.controlled(place)[0]
    makers.speak(place, "楼道里的广告费又涨了", None)
    flag_id = next(row.id for row in makers.inbox(place) if "又涨了" in row.text)
    place.do("watchdog", merging.merge, flag_id, risk_id)
    link = next(one for one in place.ask("watchdog", merging.voices, risk_id) if not one.founding)
    place.do("watchdog", merging.unmerge, link.link_id, "说的不是同一件事")
    place.ask("watchdog", merging.voices, risk_id)


@pytest.fixture
def heard(place: Place) -> Heard:
    found = Heard(place.engine)
    overheard(place, found)
    lived(place, sorted(HAPPENED))
    look_round(place)
    return found


@pytest.mark.costly
def test_every_question_of_residents_and_cadres_carries_the_unit_or_a_known_key(heard: Heard) -> None:
    assert heard.seen > 100
    assert {name: said for name, said in heard.bare.items() if name not in KEYS} == {}
    assert KEYS.keys() - heard.bare.keys() == set(), "no longer asked without the unit"


@pytest.mark.costly
def test_no_deed_of_residents_or_cadres_writes_rows_of_two_communities(heard: Heard) -> None:
    assert len(heard.written) > 30
    assert [homes for homes in heard.written if len(homes) > 1] == []


def test_every_table_that_grows_says_its_unit() -> None:
    without = defaultdict(list)
    for name in BIG & metadata.tables.keys():
        if "unit_id" not in metadata.tables[name].c:
            without[name] = [column.name for column in metadata.tables[name].primary_key]
    assert without == {"receipts": ["locator"], "audit_entries": ["chain", "n"]}
