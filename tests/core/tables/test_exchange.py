"""Exchange packs: what goes into one, what is refused, and how another community learns from it."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import items
from core.entries import register
from core.entries.register import Filter
from core.errors import Denied, Invalid, Missing, Refused
from core.events import Event
from core.tables import exchange
from core.tables.exchange import Chosen, PackFile
from core.words import Dimension, Level
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.documents
POINT = {
    "dimension": "clean_affairs", "risk_type": "process", "power_item": "低保和特困人员初核", "level": "medium",
    "risk_point": "复核结果没有及时公开", "measures": [{"text": "按季张贴复核名单", "measure_type": "openness",
                                                        "stage": "prevention"}],
}  # fmt: skip


def chosen(place: Place, who: str = "clerk") -> list[Chosen]:
    offers = place.ask(who, exchange.offered, place.units["banyan"].id)
    return [Chosen(one.risk_id, one.power_item, one.risk_point, one.measures) for one in offers]


def told(**more: Any) -> dict[str, Any]:
    usual = {"format": exchange.FORMAT, "version": 1, "title": "交流包", "made_on": "2026-11-02", "points": [POINT]}
    return usual | more


def file(said: Any, digest: str = "", names: tuple[str, str] = (exchange.CONTENT, exchange.DIGEST)) -> bytes:
    """A pack made by hand, honest about its content unless a digest is given."""
    content = said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode()
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(names[0], content)
        packed.writestr(names[1], digest or hashlib.sha256(content).hexdigest())
    return kept.getvalue()


def taken_in(place: Place, content: bytes, who: str = "other_clerk", unit: str = "river") -> str:
    return str(place.do(who, exchange.take_in, place.units[unit].id, content))


def test_a_pack_holds_published_entries_without_the_community_and_is_read_again(place: Place) -> None:
    makers.controlled(place)
    makers.open_risk(place, "公章谁都能拿", "用印登记不全")  # not on the board
    here = place.units["banyan"].id
    pack: PackFile = place.do("clerk", exchange.taken_out, here, "救助公开", chosen(place))
    content = exchange.written(pack)
    assert content == exchange.written(pack)
    read, digest = exchange.read(content)
    assert read == pack
    [point] = read.points
    assert (point.power_item, point.risk_point, point.level) == (
        "低保和特困人员初核", "救助名单的公开有时不够及时", Level.MEDIUM,
    )  # fmt: skip
    assert [row.text for row in point.measures] == ["每季度首月五日前在公开栏张贴名单"]
    said = zipfile.ZipFile(io.BytesIO(content)).read(exchange.CONTENT)
    assert hashlib.sha256(said).hexdigest() == digest
    for word in ("榕树", "望江", "低保名单从来没见", *makers.NAMES.values(), here):
        assert word not in said.decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("榕树社区的名单公开不及时", "地名"), ("望江的名单公开不及时", "地名"), ("3栋的名单没有贴", "地名"),
        ("林向前经手的名单公开不及时", "人"), ("三名居民反映名单公开不及时", "很少的几个人"),
        ("有2户反映没有收到", "很少的几个人"), ("请打13812345678", "13812345678"),
    ],
)  # fmt: skip
def test_words_that_tell_of_people_places_or_few_are_refused_each_by_itself(place: Place, text: str, why: str) -> None:
    makers.controlled(place)
    [one] = chosen(place)
    for wrong in (
        Chosen(one.risk_id, one.power_item, text, one.measures),
        Chosen(one.risk_id, one.power_item, one.risk_point, (text,)),
        Chosen(one.risk_id, text, one.risk_point, one.measures),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            place.ask("clerk", exchange.checked, place.units["banyan"].id, "交流包", [wrong])
        [sentence] = refusal.value.fields.values()
        assert why in sentence
    with pytest.raises(Invalid):
        place.ask("clerk", exchange.checked, place.units["banyan"].id, f"交流包{text}", [one])


@pytest.mark.parametrize(
    "text", ["实行三人签字", "两人入户核查并签字", "公示期不少于7天", "两名经办人互相复核", "十四户以上抽查"]
)
def test_rules_that_name_a_number_of_hands_may_be_shared(place: Place, text: str) -> None:
    makers.controlled(place)
    [one] = chosen(place)
    neutral = Chosen(one.risk_id, one.power_item, one.risk_point, (text,))
    pack = place.ask("clerk", exchange.checked, place.units["banyan"].id, "交流包", [neutral])
    assert pack.points[0].measures[0].text == text


@pytest.mark.costly
def test_only_entries_of_the_board_of_ones_own_community_go_out(place: Place) -> None:
    risk_id, _measure = makers.controlled(place)
    hidden = makers.open_risk(place, "公章谁都能拿", "用印登记不全")
    here, [one] = place.units["banyan"].id, chosen(place)
    for wrong in (hidden, "x"):
        with pytest.raises(Missing):
            place.do("clerk", exchange.taken_out, here, "交流包", [Chosen(wrong, "公章使用", "用印登记不全", ())])
    with pytest.raises(Invalid):
        place.do("clerk", exchange.taken_out, here, "交流包", [])
    with pytest.raises(Missing):
        place.do("other_clerk", exchange.taken_out, here, "交流包", [one])
    for who in ("watchdog", "discipline", "auditor"):
        with pytest.raises(Denied):
            place.do(who, exchange.taken_out, here, "交流包", [one])
        with pytest.raises(Denied):
            taken_in(place, file(told()), who, "banyan")
    assert place.do("supervisor", exchange.taken_out, here, "交流包", [one]).points[0].risk_point == one.risk_point
    assert risk_id == one.risk_id


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "不是交流包"), (b"PK\x03\x04 broken", "不是交流包"), (b"x" * (exchange.LARGEST + 1), "超过1 MB"),
        (file(told(), digest="0" * 64), "被改动过"), (file(told(version=2)), "更新的版本"),
        (file(told(version=0)), "不是交流包"), (file(told(format="other")), "不是交流包"), (file(b"[1]"), "不是交流包"),
        (file(b"\xff\xfe"), "不是交流包"), (file(b"[" * 5000), "不是交流包"), (file(told(points=[])), "不是交流包"),
        (file(told(points=[POINT] * 201)), "不是交流包"),
        (file(told(points=[POINT | {"level": "worst"}])), "不是交流包"),
        (file(told(points=[POINT | {"risk_point": "长" * 301}])), "不是交流包"),
        (file(told(), names=("../pack.json", exchange.DIGEST)), "不是交流包"), (file(b" " * 20_000_000), "超过1 MB"),
    ],
    ids=range(16),
)  # fmt: skip
def test_a_pack_that_is_broken_changed_newer_or_too_large_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        exchange.read(content)
    assert why in refusal.value.fields["file"]


@settings(max_examples=60)
@given(st.binary(max_size=400), st.integers(0, 10_000), st.integers(0, 255))
def test_no_bytes_whatever_break_the_reader(noise: bytes, at: int, byte: int) -> None:
    good = file(told())
    bent = bytearray(good)
    bent[at % len(good)] = byte
    for content in (noise, bytes(bent), good[: at % len(good)]):
        try:
            pack, _digest = exchange.read(content)
        except Invalid:
            continue
        assert pack.points[0].risk_point == POINT["risk_point"]


def test_a_pack_taken_in_is_a_suggestion_and_changes_no_register(place: Place) -> None:
    makers.controlled(place)
    here = place.units["banyan"].id
    content = exchange.written(place.do("clerk", exchange.taken_out, here, "救助公开", chosen(place)))
    form = items.ItemForm(name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS)
    there = place.units["river"].id
    place.do("other_clerk", items.add_item, there, form)
    before = place.ask("other_clerk", exchange.known_elsewhere, there, form.name)
    taken_in(place, content)
    known = place.ask("other_clerk", exchange.known_elsewhere, there, form.name)
    assert [point.risk_point for point in known if point not in before] == ["救助名单的公开有时不够及时"]
    assert known[0].measures == ("每季度首月五日前在公开栏张贴名单",)
    assert [point for point in known if point in before] == before
    assert place.ask("other_clerk", register.register, Filter()).total == 0
    assert place.ask("clerk", exchange.known_elsewhere, here, form.name) == before
    with pytest.raises(Refused):
        taken_in(place, content)
    with pytest.raises(Missing):
        taken_in(place, content, "clerk")


def test_what_a_street_takes_in_is_known_in_its_communities_until_it_is_put_away(place: Place) -> None:
    pack_id = taken_in(place, file(told()), "supervisor", "street")
    for who, unit, seen in (
        ("clerk", "banyan", True), ("other_clerk", "river", True), ("far_supervisor", "far", False),
    ):  # fmt: skip
        known = place.ask(who, exchange.known_elsewhere, place.units[unit].id, "低保和特困人员初核")
        assert (POINT["risk_point"] in [point.risk_point for point in known]) is seen
    assert [pack.id for pack in place.ask("clerk", exchange.packs, place.units["banyan"].id)] == [pack_id]
    with pytest.raises(Missing):
        place.do("clerk", exchange.put_away, pack_id)
    place.do("supervisor", exchange.put_away, pack_id)
    assert place.ask("clerk", exchange.packs, place.units["banyan"].id) == []
    taken_in(place, file(told()), "supervisor", "street")


def test_a_pack_that_names_somebody_is_refused_with_the_place(place: Place) -> None:
    points = [POINT, POINT | {"risk_point": "冯远方经手的事项没有公开"}]
    with pytest.raises(Invalid) as refusal:
        taken_in(place, file(told(points=points)))
    assert refusal.value.fields["file"].startswith("包里第2条")


def test_invisible_marks_of_a_pack_are_taken_out(place: Place) -> None:
    taken_in(place, file(told(points=[POINT | {"risk_point": "复核\u202e结果\x07没有及时公开"}])))
    [pack] = place.ask("other_clerk", exchange.packs, place.units["river"].id)
    assert pack.told()[0].risk_point == "复核结果没有及时公开"


@pytest.mark.parametrize("hidden", [{"title": "\u200b\u2060"}, {"points": [POINT | {"risk_point": "\u200b" * 6}]}])
def test_what_is_nothing_but_invisible_marks_is_no_text(place: Place, hidden: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        taken_in(place, file(told(**hidden)))
    assert place.ask("other_clerk", exchange.packs, place.units["river"].id) == []


def test_the_title_of_a_pack_names_nobody_either(place: Place) -> None:
    with pytest.raises(Invalid) as refusal:
        taken_in(place, file(told(title="冯远方的做法")))
    assert "冯远方" in refusal.value.fields["file"]


def test_an_entry_stands_in_a_pack_once_so_that_all_its_words_are_checked(place: Place) -> None:
    makers.controlled(place)
    [one] = chosen(place)
    named = Chosen(one.risk_id, one.power_item, "林向前经手的名单公开不及时", one.measures)
    with pytest.raises(Missing):
        place.do("clerk", exchange.taken_out, place.units["banyan"].id, "救助公开", [named, one])


def test_a_damaged_pack_is_refused_however_it_was_packed() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr(exchange.CONTENT, b"{}")
        packed.writestr(exchange.DIGEST, "0")
    for at in range(len(kept.getvalue())):
        content = bytearray(kept.getvalue())
        content[at] ^= 0xFF
        with pytest.raises(Invalid):
            exchange.read(bytes(content))


def test_items_are_the_same_by_name_or_where_the_one_name_holds_the_other() -> None:
    assert exchange.same_item("公章使用", "公章 使用")
    assert exchange.same_item("公章使用管理", "公章使用")
    assert not exchange.same_item("公章", "公章使用")
    assert not exchange.same_item("低保初核", "公章使用")


def test_taking_in_and_putting_away_are_told_on_the_chain(place: Place) -> None:
    scope = place.people["auditor"].require("audit:read")
    chain = place.units["river"].id
    pack_id = taken_in(place, file(told()))
    place.do("other_clerk", exchange.put_away, pack_id)
    rows = place.ask("auditor", lambda work: work.store.entries_of_chain(scope, chain, None, 2))
    assert [row.event for row in rows] == [Event.PACK_DROPPED, Event.PACK_TAKEN_IN]
