"""One more look before words are kept, the same by page, by script and in the app; and what stops a crowd."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text as sql
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.alike import hints
from core.organisation.tries import Tries
from core.privacy import crowd
from core.voices import telling
from pages.ui import throttle
from pages.web import notice, resident
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_resident import press

OWN = "我叫王小明，住3栋502室，电话13812345678，停车费的账没有贴"
COVERED = "我叫***，住******，电话13*******78，停车费的账没有贴"
ALONE = "全楼就我一家没有门禁卡，为什么"
URGENT = "着火了快来人，我叫王小明"
SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def web(site: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    for name in ("_speaking_here", "_speaking", "_slowly_here", "_slowly", "_looking_here", "_looking"):
        tries: Tries = getattr(throttle, name)
        monkeypatch.setattr(throttle, name, Tries(tries.most, tries.span))
    with TestClient(Starlette(routes=[*resident.routes(), *notice.routes()])) as client:
        yield client


def send(web: TestClient, site: Place, text: str, **more: str) -> str:
    return web.post(f"/r/{site.units['building'].code}", data={"once": "a" * 32, "text": text, **more}).text


def kept(site: Place) -> list[str]:
    with site.engine.connect() as connection:
        return [row.text for row in connection.execute(sql("select text from flags"))]


def test_a_name_and_a_number_are_shown_once_more_before_anything_is_kept(web: TestClient, site: Place) -> None:
    page = send(web, site, OWN)
    assert "请再看一眼" in page
    assert [piece for piece in ("王小明", "3栋502室", "13812345678") if f"<mark>{piece}</mark>" not in page] == []
    assert re.findall(r'name="do" value="(\w+)"', page)[-3:] == ["cover", "all", "edit"]
    assert kept(site) == []


def test_covering_keeps_no_name_and_sending_as_it_is_keeps_no_number(web: TestClient, site: Place) -> None:
    assert 'id="code"' in send(web, site, OWN, do="cover")
    assert 'id="code"' in send(web, site, OWN, do="all")
    assert sorted(kept(site)) == sorted([COVERED, OWN.replace("13812345678", "13*******78")])


def test_going_back_keeps_what_was_typed_with_the_sentences_beside_it(web: TestClient, site: Place) -> None:
    page = send(web, site, OWN, do="edit")
    assert f">\n{OWN}</textarea>" in page
    assert "可能让人认出您" in page


def test_only_what_makes_a_difference_is_offered(web: TestClient, site: Place) -> None:
    numbers = send(web, site, "打电话13812345678问过，账没有贴")
    assert ("遮盖后提交" in numbers, "就这样提交" in numbers) == (True, False)
    alone = send(web, site, ALONE)
    assert ("遮盖后提交" in alone, "就这样提交" in alone) == (False, True)


def test_one_page_asks_both_questions(web: TestClient, site: Place) -> None:
    makers.controlled(site)
    page = send(web, site, f"救助名单到现在也没有贴出来，{OWN}")
    assert ("请再看一眼" in page, "这事是不是已经有了" in page, "这也是我的事" in page) == (True, True, True)
    assert 'id="code"' in send(web, site, f"救助名单到现在也没有贴出来，{OWN}", do="cover")


def test_what_cannot_wait_goes_in_at_once_and_its_receipt_names_the_door(web: TestClient, site: Place) -> None:
    page = send(web, site, URGENT)
    assert ('id="code"' in page, "119" in page) == (True, True)
    assert kept(site) == [URGENT]
    again = web.post("/receipt", data={
        "code": re.findall(r'name="code" value="(\d{36})"', page)[0], "do": "look", "print": "large",
        "unit": site.units["building"].code, "concerns": "emergency,nonsense",
    }).text  # fmt: skip
    assert "119" in again


def test_a_fault_in_looking_keeps_nobody_from_speaking(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_text: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(telling, "cautions", broken)
    assert 'id="code"' in send(web, site, OWN)


@pytest.mark.privacy
@pytest.mark.parametrize("broken", [(hints, "triage"), (resident, "foreseen")], ids=("hint", "comparing"))
def test_a_fault_in_what_is_found_out_about_words_is_noted_without_them_and_they_are_taken(
    web: TestClient, site: Place, broken: tuple[Any, str], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def fault(*_args: object) -> None:
        raise RuntimeError(OWN)

    monkeypatch.setattr(*broken, fault)
    with caplog.at_level(0):
        for wish in ("all", "cover"):
            assert 'id="code"' in send(web, site, OWN, do=wish)
    assert sorted(kept(site)) == sorted([COVERED, OWN.replace("13812345678", "13*******78")])
    assert "RuntimeError" in caplog.text
    assert "王小明" not in caplog.text


@pytest.mark.privacy
def test_looking_while_typing_says_the_same_and_keeps_nothing(
    web: TestClient, site: Place, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(0):
        answer = web.post("/r/look", data={"text": OWN, "unit": "x", "lang": "zh-CN"}, headers=SAME_SITE)
    assert [one["sentence"] for one in answer.json()["told"]] == [one.sentence for one in telling.cautions(OWN)]
    assert ("set-cookie" in answer.headers, answer.headers["cache-control"]) == (False, "no-store")
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore", "asyncio"))]
    assert "王小明" not in str([record.getMessage() for record in ours])
    assert kept(site) == []
    english = web.post("/r/look", data={"text": OWN, "lang": "en"}, headers=SAME_SITE)
    assert "telephone number" in english.text


def test_looking_is_for_pages_of_this_site_and_within_limits(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert web.post("/r/look", data={"text": OWN}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert web.post("/r/look", data={"text": OWN}).status_code == 403
    assert web.post("/r/look", data={"text": "x" * 70_000}, headers=SAME_SITE).status_code == 400
    monkeypatch.setattr(throttle, "_looking_here", Tries(1, throttle.MINUTE))
    asked = [("a", 200), ("a", 429), ("b", 200)]
    for unit, status in asked:
        assert web.post("/r/look", data={"text": OWN, "unit": unit}, headers=SAME_SITE).status_code == status


def test_a_field_no_person_sees_asks_to_send_again_and_loses_nothing(web: TestClient, site: Place) -> None:
    page = send(web, site, "停车费的账没有贴", website="http://spam")
    assert ("请再点一次" in page, ">\n停车费的账没有贴</textarea>" in page, "website" in page) == (True, True, False)
    assert kept(site) == []
    assert 'id="code"' in send(web, site, "停车费的账没有贴")


def test_a_crowded_community_is_slower_and_its_neighbour_is_not(
    web: TestClient, site: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "DAILY", 3)
    monkeypatch.setattr(throttle, "_slowly_here", Tries(4, throttle.MINUTE))
    here, there = (f"/r/{site.units[unit].code}" for unit in ("building", "river"))
    answers = [web.post(here, data={"text": f"第{n}个账没有贴"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert "第5个账没有贴</textarea>" in answers[5].text
    assert web.post(there, data={"text": "江畔的账没有贴"}).status_code == 200


def test_the_app_looks_too_covers_and_names_the_door(open_app: OpenApp, site: Place) -> None:
    app = open_app(None, "speak", unit=site.units["building"].code)
    app.text_area[0].set_value(OWN).run()
    assert "可能让人认出您" in shown(app)
    press(app, "送出")
    assert "请再看一眼" in shown(app)
    assert kept(site) == []
    press(app, "遮盖后提交")
    assert "qy-digits" in shown(app)
    assert kept(site) == [COVERED]


def test_the_app_keeps_nothing_urgent_waiting(open_app: OpenApp, site: Place) -> None:
    app = open_app(None, "speak", unit=site.units["building"].code)
    app.text_area[0].set_value(URGENT).run()
    press(app, "送出")
    assert ("qy-digits" in shown(app), "119" in shown(app)) == (True, True)
