"""The register as it is read: filters, order, pages, and filters written into addresses."""

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from core.access import FOUNDER
from core.alerts.warnings import renew
from core.entries import register
from core.entries.register import PAGE, UNRATED, Filter, Sort, from_query, to_query
from core.entries.risks import Risk
from core.events import Event
from core.organisation.units import new_id
from core.prevention import measures
from core.review import merging
from core.store import Work
from core.turning import START, Turn
from core.voices import points
from core.words import Dimension, Level, ReviewResult, RiskStatus, RiskType, Source, WarningLevel
from db.sweeping import PROGRAM
from tests import makers
from tests.makers import Place

T = TypeVar("T")


def some_of(codes: Iterable[T]) -> st.SearchStrategy[tuple[T, ...]]:
    """Some of the codes, in their order."""
    return st.sets(st.sampled_from(list(codes))).map(lambda chosen: tuple(code for code in codes if code in chosen))


FILTERS = st.builds(
    Filter, text=st.text("低保公章 12", max_size=8).map(str.strip),
    levels=some_of(register.LEVELS),
    statuses=some_of(RiskStatus),
    warnings=some_of(WarningLevel),
    voices=st.sets(st.sampled_from(Source), min_size=1).map(frozenset) | st.none(),
    unit_id=st.sampled_from((None, "abc")), item_id=st.sampled_from((None, "def")), overdue=st.booleans(),
    expected=some_of(register.LEVELS), verified=some_of(register.LEVELS), solved=some_of(register.SOLVED),
    looks=some_of(ReviewResult),
    post=st.sampled_from((None, "民政专干")), standing=st.booleans(), mine=st.sampled_from((None, "me")),
    sort=st.sampled_from(Sort), turn=st.builds(
        Turn, st.sampled_from(("", "a1")), st.sampled_from(("", "b2")), st.integers(1, 99)
    ),
)  # fmt: skip


@given(FILTERS)
def test_a_filter_comes_back_from_its_address(wanted: Filter) -> None:
    assert from_query(to_query(wanted), "me") == wanted


NAMES = ("level", "status", "voices", "page", "sort", "mine", "x")


@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.text())))
def test_any_address_gives_a_filter(query: dict[str, list[str]]) -> None:
    assert from_query(query, None).turn.page >= 1


def test_commas_and_repeated_names_say_the_same() -> None:
    both = from_query({"voices": ["self,resident"]}, None)
    assert both == from_query({"voices": ["self", "resident"]}, None)
    assert both.voices == {Source.SELF, Source.RESIDENT}
    assert from_query({"level": ["high,nonsense"]}, None).levels == ("high",)


def found(place: Place, who: str = "supervisor", **wanted: object) -> list[int]:
    return [row.number for row in place.ask(who, register.register, Filter(**wanted)).rows]  # type: ignore[arg-type]


def test_each_filter_keeps_what_it_says(place: Place) -> None:
    first, measure_id = makers.controlled(place)
    second = makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    place.do("clerk", measures.report, measure_id, 10, "开始")
    assert found(place) == [1, 2]
    assert found(place, levels=("medium",)) == [1]
    assert found(place, levels=(UNRATED,)) == [2]
    assert found(place, levels=("medium", UNRATED)) == [1, 2]
    assert found(place, statuses=(RiskStatus.UNRATED,)) == [2]
    assert found(place, dimensions=(Dimension.CLEAN_POLITICS,)) == []
    assert found(place, text="公章") == [2]
    assert found(place, text="低保和特困") == [1, 2]  # the power item's name
    assert [found(place, text=number) for number in ("2", "#2", "２", "# ２")] == [[2]] * 4
    assert [found(place, text=words) for words in ("登记　公章", "公章 特困", "公章 低保 没有的")] == [[2], [2], []]
    assert found(place, text="%") == []
    assert found(place, item_id=place.items["relief"]) == [1, 2]
    assert found(place, item_id=place.items["seal"]) == []
    assert found(place, "clerk", mine=place.people["clerk"].person_id) == [1]
    assert found(place, overdue=True) == []
    place.later(40)
    assert found(place, overdue=True) == [1]
    assert found(place, warnings=tuple(WarningLevel)) == []
    place.do(PROGRAM, renew, place.units["banyan"].id)
    assert found(place, warnings=(WarningLevel.RED,)) == [1]
    assert found(place, warnings=(WarningLevel.YELLOW,)) == []
    [row, other] = place.ask("supervisor", register.register, Filter()).rows
    assert (row.warning, other.warning) == (WarningLevel.RED, None)
    assert found(place, unit_id=place.units["street"].id) == [1, 2]
    assert found(place, unit_id=place.units["river"].id) == []
    assert found(place, unit_id="nowhere") == []
    assert {first, second} == {row.id for row in place.ask("supervisor", register.register, Filter()).rows}


def test_voices_are_exact_and_sources_are_any(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.raise_point(place, ("banyan",))
    [point] = place.ask("supervisor", points.raised)
    place.do("supervisor", merging.merge, point.flag_id, risk_id)
    assert found(place, sources=(Source.RESIDENT,)) == [1, 2]
    assert found(place, sources=(Source.SUPERIOR,)) == [1]
    assert found(place, voices=frozenset({Source.RESIDENT})) == [2]
    assert found(place, voices=frozenset({Source.RESIDENT, Source.SUPERIOR})) == [1]
    assert found(place, voices=frozenset({Source.SELF})) == []


def test_archived_entries_are_left_out_unless_chosen(place: Place) -> None:
    risk_id = makers.open_risk(place)
    [voice] = place.ask("watchdog", merging.voices, risk_id)
    place.do("watchdog", merging.unmerge, voice.link_id, "立错了")
    assert found(place) == []
    assert found(place, statuses=(RiskStatus.ARCHIVED,)) == [1]


def fill(work: Work, unit_id: str, count: int) -> None:
    levels = [*Level, None]
    for n in range(count):
        risk = Risk(new_id(), unit_id, n + 1, f"第{n}件事情", None, Dimension.CLEAN_AFFAIRS, RiskType.DUTY, work.today)
        risk.level = levels[n % 4]
        work.store.add(risk)
    work.record(Event.RISK_DESCRIBED, unit_id, chain=unit_id)


def turned(place: Place, sort: Sort) -> list[register.Page]:
    """Every page, one after the other; going back finds each of them again."""
    pages = [place.ask("watchdog", register.register, Filter(sort=sort))]
    while onward := pages[-1].turned.onward:
        pages.append(place.ask("watchdog", register.register, Filter(sort=sort, turn=onward)))
    for before, here in pairwise(pages):
        back = place.ask("watchdog", register.register, Filter(sort=sort, turn=here.turned.back or START))
        assert back == before
    return pages


@pytest.mark.parametrize("sort", Sort)
def test_turning_shows_every_entry_once_in_every_order(place: Place, sort: Sort) -> None:
    place.do(FOUNDER, fill, place.units["banyan"].id, 2 * PAGE + 7)
    place.do(FOUNDER, fill, place.units["river"].id, PAGE)
    pages = [place.ask("supervisor", register.register, Filter(sort=sort))]
    while onward := pages[-1].turned.onward:
        pages.append(place.ask("supervisor", register.register, Filter(sort=sort, turn=onward)))
    shown = [row.id for page in pages for row in page.rows]
    assert (len(shown), len(set(shown))) == (3 * PAGE + 7, 3 * PAGE + 7)
    assert [page.turned.page for page in pages] == [1, 2, 3, 4]


def test_what_comes_or_goes_meanwhile_neither_repeats_a_row_nor_leaves_one_out(place: Place) -> None:
    place.do(FOUNDER, fill, place.units["banyan"].id, PAGE + 7)
    first = place.ask("watchdog", register.register, Filter())
    with place.engine.begin() as rows:
        rows.execute(text("UPDATE risks SET status = 'archived' WHERE number <= 3"))
    onward = place.ask("watchdog", register.register, Filter(turn=first.turned.onward or START))
    assert [row.number for row in onward.rows] == list(range(PAGE + 1, PAGE + 8))
    gone = place.ask("watchdog", register.register, Filter(turn=Turn(after=first.rows[0].id, page=2)))
    assert (gone.turned.page, [row.number for row in gone.rows[:2]]) == (1, [4, 5]), "a row that is gone: the beginning"
    elsewhere = place.ask("other_watchdog", register.register, Filter(turn=Turn(after=first.rows[9].id, page=2)))
    assert elsewhere.rows == ()


def test_pages_follow_one_another_and_each_order_holds(place: Place) -> None:
    place.do(FOUNDER, fill, place.units["banyan"].id, 2 * PAGE + 7)
    pages = turned(place, Sort.NUMBER)
    assert [len(page.rows) for page in pages] == [PAGE, PAGE, 7]
    assert {(page.total, page.pages) for page in pages} == {(2 * PAGE + 7, 3)}
    assert [row.number for page in pages for row in page.rows] == list(range(1, 2 * PAGE + 8))
    ordered = turned(place, Sort.LEVEL)
    ranks = [list(Level).index(row.level) if row.level else 3 for page in ordered for row in page.rows]
    assert ranks == sorted(ranks)
    assert found(place, "watchdog", sort=Sort.NEWEST)[0] == 2 * PAGE + 7
    assert found(place, "other_watchdog") == []


def test_the_next_due_day_comes_first_and_entries_without_one_last(place: Place) -> None:
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.controlled(place)
    assert found(place, sort=Sort.DUE) == [2, 1]
