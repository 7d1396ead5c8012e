"""Search: everything one may see, by its number or by words in it, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from core import items
from core.access import FOUNDER
from core.entries import searching
from core.entries.searching import FEW, Found, excerpt, search, sought
from core.ledgers import decisions
from core.openness import subjects
from core.review import merging
from core.words import Dimension
from tests import makers
from tests.db.test_register import fill
from tests.makers import Place


def found(place: Place, who: str, words: str, **more: object) -> dict[str, list[str]]:
    """Titles by kind."""
    groups = place.ask(who, search, words, **more)
    return {group.kind.value: [hit.title for hit in group.hits] for group in groups}


def test_an_entry_is_found_by_its_number_its_words_and_its_power_item(place: Place) -> None:
    makers.open_risk(place)
    makers.open_risk(place, "盖章登记本没人记", "公章使用登记２ｂ不全")
    assert found(place, "clerk", "2")["entry"] == ["公章使用登记２ｂ不全"]
    for words in ("#2", "No. 2", "第2号", "公章", "章", "登记2B", "Ｂ 登记", "使用登记２ｂ不", "登 记"):
        assert found(place, "clerk", words).get("entry") == ["公章使用登记２ｂ不全"], words
    assert found(place, "clerk", "特困人员初核")["entry"] == ["救助对象名单公开不及时", "公章使用登记２ｂ不全"]
    assert found(place, "clerk", "公章 没有这样的词") == {}
    for nothing in ("", "  ", "\u200b", "%", "_", '"', "'", "*", "OR", "公%章", "\0"):
        assert "entry" not in found(place, "clerk", nothing), nothing


def test_number_comes_first_then_titles_then_other_words(place: Place) -> None:
    makers.open_risk(place, "第一件事情", "门面出租没有公开2")
    form = makers.entry_form(place, "小区里的事").model_copy(update={"manifestation": "门面的事没有人说"})
    makers.speak(place, "另外一件事")
    flag = next(row for row in makers.inbox(place) if row.text == "另外一件事")
    place.do("watchdog", merging.open_entry, flag.id, form)
    makers.open_risk(place, "第三件事情", "也是门面")
    assert found(place, "clerk", "门面")["entry"] == ["门面出租没有公开2", "也是门面", "小区里的事"]
    assert found(place, "clerk", "2")["entry"] == ["小区里的事", "门面出租没有公开2"]


@pytest.mark.costly
def test_everything_that_may_be_seen_is_found_by_its_kind(place: Place) -> None:
    home = place.units["banyan"].id
    makers.controlled(place)
    place.do("clerk", subjects.fill, home)
    place.do("clerk", decisions.add, decisions.DecisionForm(unit_id=home, title="张贴栏改造", item_id=None))
    makers.raise_point(place, ("banyan",), "个别社区张贴不全")
    makers.speak(place, "公告没张贴", None)
    assert found(place, "watchdog", "张贴") == {
        "measure": ["每季度首月五日前在公开栏张贴名单"], "waiting": ["公告没张贴"], "decision": ["张贴栏改造"],
    }  # fmt: skip
    assert found(place, "clerk", "张贴") == {
        "measure": ["每季度首月五日前在公开栏张贴名单"], "point": ["个别社区张贴不全"], "decision": ["张贴栏改造"],
    }  # fmt: skip
    assert found(place, "supervisor", "低保")["item"] == ["低保和特困人员初核"]
    assert found(place, "supervisor", "低保")["subject"] == ["低保和特困人员初核"]
    assert found(place, "supervisor", "及时")["published"] == ["救助名单的公开有时不够及时"]
    assert found(place, "supervisor", "榕树") == {"unit": ["榕树社区"]}
    assert {kind: set(titles) for kind, titles in found(place, "system", "岗").items()} == {
        "post": {"印章管理岗", "民政救助岗"},
    }  # fmt: skip
    assert found(place, "far_supervisor", "张贴") == {}
    assert found(place, "auditor", "张贴") == {}


def test_what_residents_say_is_found_by_whoever_may_read_it_alone(place: Place) -> None:
    makers.open_risk(place, "低保名单从来没见贴出来过")
    voice = {"voice": ["低保名单从来没见贴出来过"]}
    for who in ("watchdog", "watchdog2", "supervisor", "discipline"):
        assert found(place, who, "从来没见") == voice, who
    for who in ("clerk", "secretary", "other_watchdog", "far_supervisor", "system", "security", "auditor"):
        assert found(place, who, "从来没见") == {}, who
    makers.speak(place, "周小满收了红包才给办低保")
    for who in place.people:
        assert found(place, who, "红包") == {}, who


def test_of_what_a_resident_said_the_beginning_alone_is_shown_whatever_is_searched_for(place: Place) -> None:
    words = "低保名单从来没见贴出来过，" + "上次问了说再等等，" * 4 + "到现在也没有贴在公告栏"
    makers.open_risk(place, words)
    makers.raise_point(place, ("banyan",), "有的社区" + "用印登记写得不全，" * 4 + "章也没有专人管")
    for piece in ("从来没见", "再等等", "公告栏"):
        assert found(place, "watchdog", piece)["voice"] == [words[: searching.LINE] + "…"], piece
    makers.speak(place, words)
    assert found(place, "watchdog", "公告栏")["waiting"] == [words[: searching.LINE] + "…"]
    assert found(place, "clerk", "专人管")["point"][0].endswith("专人管")


def test_what_has_ended_or_was_renamed_is_found_no_more_by_its_old_name(place: Place) -> None:
    form = items.ItemForm(name="用印审批", dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["seal"])
    place.do("secretary", items.change_item, place.items["seal"], form)
    assert "item" not in found(place, "clerk", "公章使用")
    assert found(place, "clerk", "用印")["item"] == ["用印审批"]
    place.do("secretary", items.retire_item, place.items["seal"])
    assert "item" not in found(place, "clerk", "用印")


def test_five_of_a_kind_stand_there_with_how_many_there_are_and_all_on_a_page_of_their_own(place: Place) -> None:
    place.do(FOUNDER, fill, place.units["banyan"].id, 27)
    [group] = place.ask("watchdog", search, "件事情")
    assert (len(group.hits), group.total) == (FEW, 27)
    [first] = place.ask("watchdog", search, "件事情", Found.ENTRY)
    [second] = place.ask("watchdog", search, "件事情", Found.ENTRY, first.hits.turned.onward)
    assert [(len(page.hits), page.total) for page in (first, second)] == [(20, 27), (7, 27)]
    assert second.hits.turned.onward is None
    numbers = [hit.number for page in (first, second) for hit in page.hits]
    assert numbers == sorted(numbers, key=lambda n: n or 0)


@pytest.mark.parametrize(("who", "most"), [("clerk", 5), ("watchdog", 5), ("supervisor", 6), ("system", 2)])
def test_a_search_takes_few_statements(place: Place, who: str, most: int) -> None:
    makers.controlled(place)
    asked: list[str] = []
    event.listen(place.engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: asked.append(statement))
    place.ask(who, search, "公开")
    assert len([statement for statement in asked if statement.startswith(("SELECT", "WITH"))]) <= most


@given(st.text(max_size=80))
def test_any_words_ask_for_something_or_nothing(words: str) -> None:
    wanted = sought(words)
    assert wanted is None or all(form for forms in wanted.terms for form in forms)
    if wanted:
        assert len(excerpt(words * 3, wanted)) <= searching.LINE + 2


@given(st.text("门面出租公章三号楼ａＢ12 。", min_size=1, max_size=12))
def test_a_piece_of_a_title_is_searched_for_in_a_form_it_is_kept_in(piece: str) -> None:
    from core.alike.pieces import plain
    from core.text import folded

    wanted, title = sought(piece), f"关于{piece}的事"
    for forms in wanted.terms if wanted else ():
        assert any(form in plain(title) for form in forms)
        assert any(form in folded(title) for form in forms)
