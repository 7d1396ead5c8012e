"""The same deed twice at once: one is done, the other is told in words, and nothing is there twice."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from core import items
from core.access import RESIDENT
from core.alerts import warnings
from core.consistency import findings
from core.consistency.findings import Putting, Wanted
from core.entries import bulk, escalation, views
from core.entries.bulk import Deed, Naming
from core.entries.escalation import Extension
from core.entries.views import ViewForm
from core.errors import Refused
from core.organisation import units
from core.organisation.units import NewKind
from core.review import inbox, merging, triage
from core.voices import flags, followup, openings, unlocking
from core.words import OpeningKind, Role
from db.engine import connect
from db.migrate import upgrade
from db.sweeping import PROGRAM
from tests import makers
from tests.core.consistency.test_checks import BY_DEEDS
from tests.core.voices.test_openings import matter
from tests.makers import Place, make_place

MANY = 4


@pytest.fixture
def busy(engine: Engine, tmp_path: Path) -> Place:
    """The small place where several connections can come at once: in memory there is only one."""
    if engine.dialect.name == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'busy.db'}")
        upgrade(engine)
    return make_place(engine)


def at_once(place: Place, *deeds: tuple[Any, ...]) -> list[str]:
    """Do them all at the same moment; what those that were not done were told."""
    start, told = threading.Barrier(len(deeds)), []

    def one(who: Any, deed: Callable[..., Any], *args: Any) -> None:
        start.wait()
        try:
            place.do(who, deed, *args)
        except Refused as refusal:
            told.append(str(refusal))

    threads = [threading.Thread(target=one, args=deed) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def rows(place: Place, query: str) -> list[tuple[Any, ...]]:
    with place.engine.connect().execution_options(reading=True) as connection:
        return [tuple(row) for row in connection.execute(text(query))]


@pytest.mark.postgresql
def test_nothing_with_a_name_is_there_twice(busy: Place) -> None:
    banyan = busy.units["banyan"].id
    names = [point.power_item for point in items.library()][:9]
    assert at_once(busy, *[("supervisor", items.adopt, banyan, names)] * MANY) == []
    assert len(at_once(busy, *[("system", units.add_kind, NewKind(above="grid", name="微网格"))] * MANY)) == MANY - 1
    assert rows(busy, "SELECT name FROM items GROUP BY unit_id, name HAVING count(*) > 1") == []
    assert rows(busy, "SELECT rank FROM unit_kinds GROUP BY rank HAVING count(*) > 1") == []


@pytest.mark.postgresql
def test_a_flag_is_decided_once_and_a_receipt_used_once(busy: Place) -> None:
    one, other = (
        makers.open_risk(busy, words, title)
        for words, title in (("名单更新太慢", "救助名单更新不及时"), ("名单贴得太短", "救助名单张贴时间短"))
    )
    code = makers.speak(busy)
    [flag] = makers.inbox(busy)
    busy.do("watchdog", triage.ask_sender, flag.id, "是哪一年的名单")
    opened = busy.ask(RESIDENT, unlocking.unlock, code)
    assert len(at_once(busy, *[(RESIDENT, followup.answer, opened, "去年的")] * MANY)) == MANY - 1
    told = at_once(
        busy, ("watchdog", merging.merge, flag.id, one), ("watchdog2", merging.merge, flag.id, other),
        ("supervisor", triage.decline, flag.id, "不属于风险点"),
    )  # fmt: skip
    assert len(told) == 2
    assert all(told)
    links = rows(busy, f"SELECT id FROM links WHERE flag_id = '{flag.id}' AND undone_at IS NULL")
    assert len(links) == (busy.ask("watchdog", lambda work: work.store.entry_of(flag.id)) is not None)
    assert len(at_once(busy, *[("watchdog", inbox.take_back, flag.id, "放回去")] * MANY)) == MANY - 1
    assert len(at_once(busy, *[(RESIDENT, followup.take_back, opened)] * MANY)) == MANY - 1
    said = rows(busy, f"SELECT text FROM messages WHERE flag_id = '{flag.id}' AND from_sender")
    assert len(said) == 1
    assert "去年" not in said[0][0]
    assert busy.ask("watchdog", lambda work: work.store.find(flags.Flag, flag.id)).text != flag.text


@pytest.mark.postgresql
def test_an_entry_is_passed_on_once_and_its_limit_extended_once(busy: Place) -> None:
    risk_id, _measure = makers.controlled(busy)
    more = Extension(days=10, reason="等批复")
    assert len(at_once(busy, *[("supervisor", escalation.extend, risk_id, more)] * MANY)) == MANY - 1
    people = ("clerk", "secretary", "watchdog")
    told = at_once(busy, *[(who, escalation.raise_up, risk_id, "解决不了") for who in people])
    assert len(told) == 2
    assert rows(busy, "SELECT n, extended, ended_on IS NULL FROM clocks ORDER BY n") == [(1, 10, False), (2, 0, True)]
    deeds = "('risk_escalated', 'clock_extended')"
    assert rows(busy, f"SELECT count(*) FROM audit_entries WHERE event IN {deeds}") == [(2,)]


@pytest.mark.postgresql
def test_a_warning_is_raised_once_however_many_look_at_the_same_moment(busy: Place) -> None:
    makers.controlled(busy)
    busy.later(40)
    at_once(busy, *[(PROGRAM, warnings.renew, busy.units["banyan"].id)] * MANY)
    assert rows(busy, "SELECT count(*) FROM early_warnings") == [(1,)]


@pytest.mark.postgresql
def test_a_view_has_its_name_once_and_opens_the_register_for_nobody_once_it_is_gone(busy: Place) -> None:
    banyan = busy.units["banyan"].id
    shared = ViewForm(name="待评定的", unit_id=banyan)
    told = at_once(busy, *[(who, views.save, {"level": ["unrated"]}, shared) for who in ("clerk", "supervisor") * 2])
    assert len(told) == MANY - 1
    [(view_id,)] = rows(busy, "SELECT id FROM saved_views")
    at_once(busy, *[("clerk", views.make_default, view_id)] * MANY)
    assert len(rows(busy, "SELECT * FROM default_views")) == 1
    told = at_once(
        busy, ("clerk", views.remove, view_id), ("supervisor", views.make_default, view_id),
        ("supervisor", views.change, view_id, "高风险的"), ("watchdog", views.make_default, view_id),
    )  # fmt: skip
    assert all(told)
    assert rows(busy, "SELECT * FROM saved_views") == rows(busy, "SELECT * FROM default_views") == []


@pytest.mark.costly
@pytest.mark.postgresql
def test_a_finding_is_set_aside_once_and_taken_up_once(busy: Place) -> None:
    busy.items["entry"], busy.items["measure"] = makers.controlled(busy)
    BY_DEEDS["expected_above"](busy)
    banyan, until = busy.units["banyan"].id, busy.today + timedelta(days=30)
    key = busy.ask("supervisor", findings.report, Wanted()).found[0].finding.key
    putting = Putting(reason="下月一并处理", until=until)
    told = at_once(busy, *[("supervisor", findings.set_aside, banyan, key, putting)] * MANY)
    assert len(told) == MANY - 1
    [(aside,)] = rows(busy, "SELECT id FROM set_asides")
    assert len(at_once(busy, *[("supervisor", findings.take_up, aside)] * MANY)) == MANY - 1


@pytest.mark.postgresql
def test_people_are_named_once_where_two_do_the_same_for_many(busy: Place) -> None:
    ids = [makers.open_risk(busy, words, words) for words in ("名单更新太慢", "名单贴得太短")]
    order = Naming(owner_id=busy.people["clerk"].person_id, watchdog_id=busy.people["watchdog"].person_id)
    plan = busy.ask("watchdog", bulk.preview, Deed.ASSIGN, ids, order)
    together = bulk.begun()
    deeds = [
        (who, bulk.carry_out, Deed.ASSIGN, row, order, together) for row in plan for who in ("watchdog", "supervisor")
    ]
    assert len(at_once(busy, *deeds)) == len(ids)
    assert rows(busy, "SELECT count(*) FROM audit_entries WHERE event = 'risk_assigned'") == [(2,)]


@pytest.mark.privacy
@pytest.mark.postgresql
def test_what_takes_two_is_asked_for_decided_and_done_once(busy: Place) -> None:
    desk = ("discipline", "desk2", "desk3")
    for who in desk[1:]:
        makers.make_person(busy, who, who, "street", Role.DISCIPLINE)
    flag_id, _code = matter(busy)
    told = at_once(busy, *[(who, openings.ask, flag_id, OpeningKind.CONTACT, "核实") for who in desk * 2])
    assert len(told) == 5
    [(opening, asker)] = rows(busy, "SELECT id, asked_by FROM openings")
    others = [who for who in desk if busy.people[who].person_id != asker]
    told = at_once(
        busy, *[(who, deed, opening, "看过") for who in others for deed in (openings.agree, openings.refuse)]
    )
    assert len(told) == 3
    with busy.engine.begin() as kept:
        kept.execute(text(f"UPDATE openings SET status = 'granted' WHERE id = '{opening}'"))
    [one] = [who for who in desk if who not in others]
    assert len(at_once(busy, *[(one, openings.open_contact, opening)] * MANY)) == MANY - 1
    events = "SELECT event FROM audit_entries WHERE event IN ('opening_asked', 'contact_opened')"
    assert sorted(rows(busy, events)) == [("contact_opened",), ("opening_asked",)]
