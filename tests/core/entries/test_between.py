"""What became of a register between two days: every field that differs is told, and a former day is what a replay of
the kept days gives."""

import io
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook
from sqlalchemy import text

from core.access import FOUNDER, RESIDENT
from core.entries import between, risks, versions
from core.entries.between import Became
from core.entries.differences import differences
from core.entries.register import Filter
from core.errors import Denied, Missing
from core.formats.books import HEAD
from core.review import merging
from core.voices import points
from core.words import Level, RiskStatus
from db.engine import connect
from tests import makers
from tests.core.entries.test_versions import DEEDS, then, tried
from tests.makers import Place, copy_of

EVERYTHING = Filter(statuses=tuple(RiskStatus))
CODES = {
    "status": ("unrated", "rated", "controlled", "closed"), "level": (None, "high", "medium"),
    "expected_level": (None, "low"), "verified_level": (None, "low"), "dimension": ("clean_affairs", "clean_politics"),
    "risk_type": ("process", "duty"), "title": ("名单公开不及时", "名单公开不全"), "manifestation": ("", "只贴一天"),
    "item_id": (None, "a", "b"), "item": (None, "低保初核", "公章使用"), "post": (None, "民政岗"),
    "owner": (None, "周小满", "林向前"), "leader": (None, "林向前"), "watchdog": (None, "郑守正"),
    "announced_on": (None, "2026-11-02"), "filed_on": (None, "2026-11-09"), "closed_on": (None, "2026-12-01"),
    "disclosure_class": ("affairs", "none"), "disclosure_when": (None, "quarterly"),
}  # fmt: skip
OF_MEASURE = {
    "text": ("张贴名单", "张贴全部名单"), "measure_type": ("rule", "process"), "stage": ("prevention", "handling"),
    "actor_kind": ("party", "member"), "starts_on": ("2026-11-01", "2026-11-02"),
    "due_on": ("2026-12-01", "2026-12-20"), "indicator": ("", "拍照"), "status": ("open", "doing", "verified"),
    "percent": (0, 40), "done_on": (None, "2026-11-20"), "owner": ("周小满", "林向前"),
    "watchdog": ("郑守正", "钱思远"),
}  # fmt: skip
RATING = {"stage": ("initial", "expected"), "computed": ("high",), "level": ("high", "medium"), "reason": ("", "集中"),
          "rater": ("孙立人",), "on": ("2026-11-05",)}  # fmt: skip


def _one_of(codes: dict[str, Any]) -> some.SearchStrategy[dict[str, Any]]:
    return some.fixed_dictionaries({name: some.sampled_from(values) for name, values in codes.items()})


VOICES = some.dictionaries(some.sampled_from(("self", "superior", "resident")), some.integers(0, 3))
MEASURES = some.dictionaries(some.sampled_from("mn"), _one_of(OF_MEASURE)).map(
    lambda found: [{"id": key} | found[key] for key in sorted(found)]
)
PICTURE = some.tuples(_one_of(CODES), MEASURES, VOICES)
ENTRIES = some.tuples(some.tuples(PICTURE, PICTURE, PICTURE), some.lists(_one_of(RATING), max_size=3))


def _fields(parts: tuple[dict[str, Any], list[dict[str, Any]], dict[str, int]], ratings: list[Any]) -> dict[str, Any]:
    plain, measures, voices = parts
    return {"number": 1, "opened_on": "2026-11-01", **plain, "measures": measures, "voices": voices,
            "ratings": ratings}  # fmt: skip


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Every field that differs, found by comparing alone."""
    found = {name for name in before if name not in ("measures", "voices", "ratings") and before[name] != after[name]}
    found |= {"ratings"} if len(before["ratings"]) != len(after["ratings"]) else set()
    for source in {*before["voices"], *after["voices"]}:
        then, now = (side["voices"].get(source, 0) for side in (before, after))
        if bool(then) != bool(now) or (source != "resident" and then != now):  # how many residents, none is to learn
            found.add(f"voices.{source}")
    old, new = ({one["id"]: one for one in side["measures"]} for side in (before, after))
    found |= {f"measures.{key}" for key in old.keys() ^ new.keys()}
    return found | {f"measures.{key}.{name}" for key in old.keys() & new.keys() for name in old[key]
                    if old[key][name] != new[key][name]}  # fmt: skip


def told(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {field for one in differences(before, after) for field in one.fields}


@pytest.mark.costly
@settings(max_examples=settings().max_examples)
@given(ENTRIES)
def test_the_words_of_two_spans_cover_what_differs_over_both(
    made: tuple[tuple[Any, Any, Any], list[Any]]
) -> None:
    (a, b, c), ratings = made
    one, two, three = _fields(a, []), _fields(b, ratings[:1]), _fields(c, ratings)
    over_both = told(one, two) | told(two, three)
    # a measure that was told as gone and as added is told with all it holds
    assert {field for field in changed(one, three) if field.rsplit(".", 1)[0] not in over_both} <= over_both
    for before, after in ((one, two), (two, three), (one, three)):
        assert changed(before, after) <= told(before, after)
        sentences = [difference.said for difference in differences(before, after)]
        assert all(sentences)
        assert bool(sentences) == bool(changed(before, after))
        assert not any("None" in sentence for sentence in sentences)


@pytest.mark.figures
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_a_former_day_is_what_a_replay_of_the_kept_days_gives(made: Place, deeds: list[tuple[int, int, int]]) -> None:
    engine = connect("sqlite://")
    place = copy_of(made, engine)
    makers.controlled(place)
    first = place.today - timedelta(days=8)
    for deed, which, days in deeds:
        tried(place, deed, which)
        place.later(days)
    replayed: dict[str, Any] = {}
    rows = _kept(place)
    for n in range((place.today - first).days + 1):
        day = first + timedelta(days=n)
        replayed |= {risk_id: fields for risk_id, on, fields in rows if on == day.isoformat()}
        past = place.ask("watchdog2", versions.as_of, place.units["banyan"].id, day, EVERYTHING)
        assert {key: _bare(one.fields) for key, one in past.versions.items()} == {
            key: _bare(fields) for key, fields in replayed.items()
        }
    span = place.ask("watchdog2", between.between, place.units["banyan"].id, first, place.today)
    assert {turn.risk_id for turn in span.turns if turn.change is Became.NEW} <= set(replayed)
    engine.dispose()


def _kept(place: Place) -> list[tuple[str, str, dict[str, Any]]]:
    with place.engine.connect() as rows:
        return [(row.risk_id, str(row.day), json.loads(row.fields))
                for row in rows.execute(text("SELECT * FROM versions ORDER BY day"))]  # fmt: skip


def _bare(fields: Any) -> dict[str, Any]:
    """Without the voices, which are counted for each reader."""
    return {name: value for name, value in fields.items() if name not in ("voices", "joined")}


def span(place: Place, back: int, who: str = "watchdog2") -> between.Span:
    day = place.today - timedelta(days=back)
    found: between.Span = place.ask(who, between.between, place.units["banyan"].id, day, place.today)
    return found


def test_new_changed_and_gone_are_told_in_words(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    other, _measure = makers.controlled(place, "公章使用登记不全", "盖章登记本没人记")
    place.later(10)
    makers.rated(place, other, Level.HIGH, "居民反映集中")
    makers.planned(place, other, days=9)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "措施都落实了")
    place.do("watchdog2", risks.close, risk_id)
    makers.open_risk(place, "门面租金没人说", "门面租金公开不及时")
    found = span(place, 1)
    assert found.counts == dict.fromkeys(Became, 1)
    gone, turned, new = found.turns
    assert (gone.change, turned.change, new.change) == (Became.GONE, Became.CHANGED, Became.NEW)
    assert turned.said[0] == "等级由 中 变为 高，理由：居民反映集中"
    added = next(one for one in turned.said if one.startswith("新增措施"))
    assert added.startswith("新增措施“每季度首月五日前在公开栏张贴名单”，由周小满在")
    assert "状态由 防控中 变为 已销号" in gone.said
    assert new.said[0].endswith("立项")
    assert span(place, 0).turns == ()
    assert place.ask("clerk", between.of_entry, other, place.today, place.today - timedelta(1)) == turned.said
    assert place.ask("clerk", between.of_entry, other, place.today - timedelta(400), place.today) == ()
    backwards = place.ask(
        "watchdog2", between.between, place.units["banyan"].id, place.today, place.today - timedelta(1)
    )
    assert backwards == found


def test_an_entry_that_was_withdrawn_before_its_rating_is_no_news(place: Place) -> None:
    makers.controlled(place)
    place.later(1)
    risk_id = makers.open_risk(place, "门面租金没人说", "门面租金公开不及时")
    assert Counter(turn.change for turn in span(place, 1).turns) == {Became.NEW: 1}
    [link] = place.ask("watchdog", lambda work: work.store.links_of(risk_id))
    place.do("watchdog", merging.unmerge, link.id, "不是一回事")
    assert span(place, 1).turns == ()


def test_changes_are_for_who_may_read_the_register_there(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    for who in ("far_supervisor", "other_clerk"):
        with pytest.raises(Missing):
            span(place, 1, who)
        with pytest.raises(Missing):
            place.ask(who, between.of_entry, risk_id, date(2026, 1, 1), place.today)
    for who in ("auditor", "system", RESIDENT):
        with pytest.raises(Denied):
            place.ask(who, between.between, place.units["banyan"].id, place.today, place.today)
        with pytest.raises(Denied):
            place.ask(who, between.sheet, place.units["banyan"].id, place.today, place.today)
    with pytest.raises(Missing):
        place.ask(FOUNDER, between.between, place.units["street"].id, place.today, place.today)


@pytest.mark.privacy
def test_a_voice_kept_from_somebody_is_no_change_to_them(place: Place) -> None:
    makers.raise_point(place, ("banyan",))
    [point] = place.ask("supervisor", points.raised)
    risk_id = place.do("supervisor", merging.open_entry, point.flag_id, makers.entry_form(place))
    place.later(3)
    _said_too(place, risk_id, "周小满管的低保名单从来没贴出来")
    [heard] = span(place, 1, "watchdog2").turns
    assert heard.said == ("“群众帮”也提到了",)
    assert span(place, 1, "clerk").turns == ()


@pytest.mark.privacy
def test_that_more_residents_spoke_is_told_of_no_day(place: Place) -> None:
    """Else whoever goes from day to day counts them by the days on which they spoke again."""
    risk_id = makers.open_risk(place)
    for words in ("低保名单还是没贴", "名单贴在哪里"):
        place.later(1)
        _said_too(place, risk_id, words)
        assert span(place, 1, "clerk").turns == span(place, 1, "watchdog2").turns == ()
    assert place.ask("clerk", versions.life, risk_id) == []


def _said_too(place: Place, risk_id: str, words: str) -> None:
    makers.speak(place, words, None)
    [row] = makers.inbox(place, "watchdog2")
    place.do("watchdog2", merging.merge, row.id, risk_id)


@pytest.mark.documents
def test_the_excel_file_holds_a_row_for_each_sentence_and_no_formula(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    place.later(1)
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "=1+1 救助名单"))
    found = span(place, 1)
    content = place.ask("watchdog2", between.sheet, found.unit_id, found.first, found.last)
    rows = [*load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=HEAD + 1, values_only=True)]
    assert rows[0][1] == "'=1+1 救助名单"
    assert [row[3] for row in rows] == [said for turn in found.turns for said in turn.said]
    empty = place.ask("watchdog2", between.sheet, found.unit_id, found.first, found.last, Became.GONE)
    assert load_workbook(io.BytesIO(empty)).worksheets[0].max_row == HEAD
    assert then(place, "watchdog2").total == 1
