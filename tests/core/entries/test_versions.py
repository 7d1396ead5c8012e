"""What was: the register of today is the newest of former ones, and a former one never changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core import items
from core.access import FOUNDER, RESIDENT
from core.entries import rating, register, risks, versions
from core.entries.register import PAGE, Filter, Sort
from core.entries.risks import Risk
from core.errors import Denied, Missing, Refused
from core.events import Event
from core.organisation import posts
from core.organisation.recusal import Recusal
from core.organisation.units import new_id
from core.prevention import measures
from core.review import merging
from core.store import Work
from core.turning import Turn
from core.voices import supports
from core.voices.flags import Flag
from core.words import Dimension, Level, RiskStatus, RiskType, Source
from db.engine import connect
from tests import makers
from tests.makers import Place, copy_of

VIEWERS = ("supervisor", "watchdog", "clerk")


def ids(place: Place) -> list[str]:
    return [risk.id for risk in place.ask(FOUNDER, lambda w: w.store.some(Risk, w.actor.scope("register:read")))]


def steps(place: Place, risk_id: str) -> list[Callable[[], object]]:
    """What can be done with an entry, whether it is allowed just now or not."""
    clerk, secretary, watchdog = (place.people[who].person_id for who in ("clerk", "secretary", "watchdog"))
    form = risks.RiskForm(
        title=f"说法第{place.now.microsecond}次改过", item_id=place.items["seal"], dimension=Dimension.CLEAN_POLITICS,
        risk_type=RiskType.DUTY,
    )  # fmt: skip
    [*own] = place.ask("clerk", lambda w: w.store.measures_of(risk_id))
    last = own[-1].id if own else ""
    links = place.ask("watchdog", lambda w: w.store.links_of(risk_id))
    return [
        lambda: place.do("watchdog", risks.describe, risk_id, form),
        lambda: makers.rated(place, risk_id, Level.HIGH, "居民反映集中"),
        lambda: place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="救助名单的公开有时不够及时")),
        lambda: place.do("supervisor", risks.file, risk_id, "涉及个人隐私"),
        lambda: place.do("watchdog", risks.assign, risk_id, clerk, secretary, watchdog),
        lambda: makers.planned(place, risk_id, days=3),
        lambda: place.do("clerk", risks.control, risk_id),
        lambda: place.do("clerk", measures.report, last, 40, "已经开始"),
        lambda: makers.done(place, last),
        lambda: place.do("clerk", risks.ask_closing, risk_id, "措施都落实了"),
        lambda: place.do("watchdog2", risks.close, risk_id),
        lambda: place.do("supervisor", risks.reopen, risk_id, "又有人反映"),
        lambda: _joined(place, risk_id),
        lambda: _merged(place, risk_id),
        lambda: place.do("watchdog", merging.unmerge, links[-1].id if links else "", "不是一回事"),
    ]


def _joined(place: Place, risk_id: str) -> None:
    published = place.ask(FOUNDER, lambda w: w.store.published(place.units["banyan"].id))
    number = next((page.number for page in published if page.id == risk_id), 0)
    place.do(RESIDENT, supports.join, place.units["banyan"].code, number)


def _merged(place: Place, risk_id: str) -> None:
    makers.raise_point(place, ("banyan",), f"第{place.now.microsecond}次检查发现用印登记不全")
    flags = place.ask("supervisor", lambda w: w.store.some(Flag, w.actor.scope("flag:raise"), status="new"))
    place.do("supervisor", merging.merge, flags[-1].id, risk_id)


def renamed(place: Place) -> None:
    form = items.ItemForm(name=f"公章使用{place.now.microsecond}", dimension=Dimension.CLEAN_AFFAIRS)
    place.do("secretary", items.change_item, place.items["seal"], form)


def then(place: Place, who: str, back: int = 0, **wanted: Any) -> versions.Past:
    day = place.today - timedelta(days=back)
    found: versions.Past = place.ask(who, versions.as_of, place.units["banyan"].id, day, Filter(**wanted))
    return found


def now(place: Place, who: str, **wanted: Any) -> tuple[object, ...]:
    wanted["unit_id"] = place.units["banyan"].id
    rows = place.ask(who, register.register, Filter(**wanted)).rows
    return tuple(replace(row, lapsed=False) for row in rows)


DEEDS = st.lists(st.tuples(st.integers(0, 17), st.integers(0, 2), st.integers(0, 2)), min_size=4, max_size=14)


def tried(place: Place, deed: int, which: int) -> None:
    """One of the deeds of `DEEDS`; nothing where the product refuses it."""
    known = ids(place)
    try:
        if deed == 15:
            makers.open_risk(place, f"又一件事{place.now.microsecond}", f"又一个风险点{place.now.microsecond}")
        elif deed == 16:
            renamed(place)
        elif deed == 17:
            place.do("system", posts.take_post, place.posts["seal"], place.people["clerk"].person_id)
        else:
            steps(place, known[which % len(known)])[deed]()
    except (Refused, StopIteration):
        pass


@pytest.mark.costly
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_as_of_today_is_the_register_and_no_later_deed_changes_a_former_day(
    made: Place, deeds: list[tuple[int, int, int]]
) -> None:
    engine = connect("sqlite://")
    place = copy_of(made, engine)
    makers.controlled(place)
    kept: dict[tuple[str, Any], versions.Past] = {}
    for deed, which, days in deeds:
        tried(place, deed, which)
        for who in VIEWERS:
            assert then(place, who).rows == now(place, who)
            statuses = (RiskStatus.ARCHIVED, RiskStatus.CLOSED)
            assert then(place, who, statuses=statuses).rows == now(place, who, statuses=statuses)
            kept[who, place.today] = then(place, who)
        place.later(days)
    for (who, day), past in kept.items():
        assert place.ask(who, versions.as_of, place.units["banyan"].id, day) == past
    engine.dispose()


def test_a_former_day_shows_what_was_and_every_order_and_filter_holds(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    place.later(30)
    makers.rated(place, risk_id, Level.HIGH, "居民反映集中")
    [before, after] = [next(r for r in then(place, "watchdog", back).rows if r.id == risk_id) for back in (1, 0)]
    assert (before.level, after.level, before.overdue, before.next_due) == (Level.MEDIUM, Level.HIGH, 1, after.next_due)
    for sort in Sort:
        assert then(place, "watchdog", sort=sort).rows == now(place, "watchdog", sort=sort)
    for wanted in ({"levels": ("high",)}, {"levels": ("unrated",)}, {"text": "公章"}, {"text": "#2"},
                   {"sources": (Source.RESIDENT,)}, {"sources": (Source.SELF,)}):  # fmt: skip
        assert then(place, "watchdog", **wanted).rows == now(place, "watchdog", **wanted)
    assert then(place, "watchdog", 400).rows == ()
    assert then(place, "watchdog", 400).known_from is None
    [newest, *_older] = place.ask("clerk", versions.life, risk_id)
    assert (newest.day, newest.said) == (place.today, ("等级由 中 变为 高，理由：居民反映集中",))


@pytest.mark.costly
def test_a_former_register_is_read_page_by_page_and_beyond_its_end_the_last_one_stands(place: Place) -> None:
    for n in range(PAGE + 2):
        makers.open_risk(place, f"第{n}处没有人管", f"第{n}处没有人管")
    [link] = place.ask("watchdog", lambda w: w.store.links_of(then(place, "watchdog").rows[0].id))
    place.do("watchdog", merging.unmerge, link.id, "不是一回事")
    pages = [then(place, "watchdog", turn=Turn(page=page)) for page in (1, 2, 3, 9)]
    whole = pictured(place)
    assert [row.number for page in pages[:2] for row in page.rows] == [row.number for row in whole] == sorted(
        row.number for row in whole
    )
    assert {page.total for page in pages} == {len(whole)} == {PAGE + 1}
    assert pages[1].rows == pages[2].rows == pages[3].rows != ()
    assert [set(page.versions) for page in pages] == [{row.id for row in page.rows} for page in pages]
    [some, *_rest] = pages[1].rows
    stood = place.ask("watchdog", versions.entry_on, place.units["banyan"].id, some.id, place.today)
    assert stood == pages[1].versions[some.id]
    assert place.ask("watchdog", versions.entry_on, place.units["street"].id, some.id, place.today) is None
    assert place.ask("watchdog", versions.entry_on, place.units["banyan"].id, some.id, place.today - YEAR) is None


YEAR = timedelta(days=400)


def pictured(place: Place) -> tuple[versions.RegisterRow, ...]:
    """The whole register of today, by number, put together from all that was."""
    found = place.ask("watchdog", lambda w: w.store.versions_on(
        w.actor.scope("register:read"), place.units["banyan"].id, place.today
    ))  # fmt: skip
    rows = [versions.row(one, place.units["banyan"], place.today) for one in found]
    return tuple(row for row in rows if row.status is not RiskStatus.ARCHIVED)


def test_who_may_not_see_an_entry_today_does_not_see_it_as_of_then(place: Place) -> None:
    makers.controlled(place)
    place.later(3)
    for who in ("far_supervisor", "other_clerk", "other_watchdog"):
        with pytest.raises(Missing):
            then(place, who, 1)
    for who in ("auditor", "system", RESIDENT):
        with pytest.raises(Denied):
            then(place, who, 1)
    with pytest.raises(Missing):
        place.ask("supervisor", versions.as_of, place.units["street"].id, place.today)


@pytest.mark.costly
@pytest.mark.privacy
def test_a_voice_kept_from_somebody_today_did_not_speak_on_former_days_either(place: Place) -> None:
    risk_id = makers.open_risk(place)
    place.later(3)
    [flag_id] = [link.flag_id for link in place.ask("watchdog", lambda w: w.store.links_of(risk_id))]
    assert [row.sources for row in then(place, "clerk", 2).rows] == [("resident",)]
    place.do(FOUNDER, _withheld, flag_id, place.units["banyan"].id, place.people["clerk"].person_id)
    assert [row.sources for row in then(place, "clerk", 2).rows] == [()]
    assert [row.sources for row in then(place, "watchdog", 2).rows] == [("resident",)]
    found = then(place, "watchdog", 2)
    assert flag_id not in str(found)
    assert "低保名单从来没见贴出来过" not in str(found)


def _withheld(work: Work, flag_id: str, unit_id: str, person_id: str) -> None:
    work.store.add(Recusal(new_id(), unit_id, flag_id, person_id, "related"))
    work.record(Event.FLAG_RAISED, flag_id, chain=unit_id)


def test_keeping_what_was_takes_at_most_seven_statements_a_deed_however_many_measures_there_are(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    for days in range(5, 20):
        makers.planned(place, risk_id, days=days)
    said: list[str] = []

    def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(place.engine, "before_cursor_execute", heard)
    place.do("clerk", measures.report, measure_id, 30, "已经开始")
    event.remove(place.engine, "before_cursor_execute", heard)
    kept = [n for n, statement in enumerate(said) if "risks.manifestation" in statement and "posts" in statement]
    assert len(said) - kept[0] <= 7, said[kept[0] :]
    assert "INSERT INTO versions" in "".join(said)
    assert place.ask("clerk", rating.ratings, risk_id)
