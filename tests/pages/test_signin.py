"""Signing in, first start and the first page, as plain web pages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import dates
from core.access import RESIDENT
from core.organisation import signin
from core.organisation.founding import Door
from db.engine import databases
from pages.ui import first_start, gate
from pages.web.server import parts
from tests.makers import PASSWORD, Place, make_place

HOME = "http://testserver"
OWN = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}
CODE = "1234-5678-9012"
FOUNDING = {
    "city": "清源市", "district": "南湖区", "street": "望江街道", "communities": "榕树社区", "name": "卫东",
    "account": "wei", "password": "long-enough-1", "again": "long-enough-1", "second_name": "蒋安",
    "second_account": "jiang", "second_password": "also-long-2", "code": CODE,
}  # fmt: skip
Browser = Callable[[], TestClient]


@pytest.fixture
def browser() -> Iterator[Browser]:
    """New browsers, each with cookies of its own."""
    built = parts()
    app = Starlette(**{key: built[key] for key in ("routes", "middleware", "exception_handlers")})
    yield lambda: TestClient(app, base_url=HOME, follow_redirects=False)
    databases.close()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site nobody has set up, whose code is known."""
    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(first_start, "door", lambda: Door(CODE))
    databases.close()


def send(client: TestClient, address: str, headers: dict[str, str] = OWN, at: str = "", **fields: str):
    """Open the page with the form, and send the form as a browser does."""
    page = client.get(at or address)
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)
    return client.post(address, data={"csrf": csrf[1] if csrf else "", **fields}, headers=headers)


def enter(client: TestClient, account: str = "clerk", password: str = PASSWORD, **fields: str):
    return send(client, "/account/login", account=account, password=password, **fields)


def test_the_right_password_gives_a_cookie_no_script_can_read_and_leads_on(site: Place, browser: Browser) -> None:
    client = browser()
    answer = enter(client, next="/register?q=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/register?q=1")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("sid=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/register").headers["location"].startswith("/account/password?next=")  # the first password
    wrong, unknown = enter(browser(), password="not-it-at-all"), enter(browser(), account="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert "账号或密码不正确" in wrong.text
    assert wrong.text.count("nobody") == 0
    assert "账号或密码不正确" in unknown.text
    assert "set-cookie" not in wrong.headers


def test_under_https_the_cookie_is_bound_to_the_host(site: Place, browser: Browser) -> None:
    client = browser()
    client.base_url = "https://testserver"
    own = {"Origin": "https://testserver"}
    answer = send(client, "/account/login", headers=own | {"Sec-Fetch-Site": "same-origin"}, account="clerk",
                  password=PASSWORD)  # fmt: skip
    assert answer.headers["set-cookie"].startswith("__Host-sid=")
    assert "Secure" in answer.headers["set-cookie"]
    token = client.cookies["__Host-sid"]
    client.cookies.clear()
    client.cookies.set("sid", token)
    assert client.get("/account/password").status_code == 303  # under HTTPS the plain cookie is worth nothing


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}, {"Origin": "null"},
     {"Origin": "http://[::1"}],
    ids=["other origin", "cross site", "no word of it", "null", "no address"],
)
def test_a_form_from_elsewhere_is_refused(site: Place, browser: Browser, headers: dict[str, str]) -> None:
    client = browser()
    assert send(client, "/account/login", headers=headers, account="clerk", password=PASSWORD).status_code == 403
    assert client.post("/account/logout", headers=headers).status_code == 403
    assert client.post("/account/look", data={"lang": "en"}, headers=headers).status_code == 403


def test_a_form_without_its_token_is_refused(site: Place, browser: Browser) -> None:
    client = browser()
    fields = {"account": "clerk", "password": PASSWORD}
    assert client.post("/account/login", data=fields, headers=OWN).status_code == 403
    client.get("/account/login")
    assert client.post("/account/login", data=fields | {"csrf": "made up"}, headers=OWN).status_code == 403
    assert enter(client).status_code == 303


@pytest.mark.costly
@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https://evil.example", "", "/\tx", "/\r\nx"])
def test_sign_in_leads_nowhere_else(site: Place, browser: Browser, address: str) -> None:
    assert enter(browser(), next=address).headers["location"] == "/"


def test_five_wrong_passwords_lock_the_account_with_one_sentence(site: Place, browser: Browser) -> None:
    client = browser()
    for _try in range(5):
        assert enter(client, password="not-it-at-all").status_code == 401
    answer = enter(client)
    assert answer.status_code == 429
    assert "15 分钟" in answer.text


def test_a_first_password_is_changed_before_anything_else(site: Place, browser: Browser) -> None:
    client, other = browser(), browser()
    enter(client)
    enter(other)
    assert client.get("/?q=1").headers["location"] == "/account/password?next=%2F"
    wrong = send(client, "/account/password", old=PASSWORD, new="short", again="short", next="/inbox")
    assert wrong.status_code == 422
    assert "至少" in wrong.text
    right = send(client, "/account/password", old=PASSWORD, new="a-better-one-9", again="a-better-one-9", next="/inbox")
    assert right.headers["location"] == "/inbox"
    assert client.get("/inbox").status_code == 200
    assert other.get("/account/password").headers["location"].startswith("/account/login")


def test_signing_out_ends_the_session_on_the_server(site: Place, browser: Browser) -> None:
    client = browser()
    enter(client)
    token = client.cookies["sid"]
    assert gate.identify(signin.digest(token))
    answer = client.post("/account/logout", headers=OWN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "sid" not in client.cookies
    assert gate.identify(signin.digest(token)) is None


def test_language_and_print_are_kept_and_lead_back_within_the_site_alone(site: Place, browser: Browser) -> None:
    client = browser()
    assert '<html lang="zh-CN">' in client.get("/").text
    here = OWN | {"Referer": f"{HOME}/account/login?next=%2Fx"}
    back = client.post("/account/look", data={"lang": "en"}, headers=here)
    assert back.headers["location"] == "/account/login?next=%2Fx"
    away = client.post("/account/look", data={"print": "large"}, headers=OWN | {"Referer": "https://evil.example/x"})
    lost = client.post("/account/look", data={"print": "large"}, headers=OWN | {"Referer": "http://[::1"})
    assert away.headers["location"] == lost.headers["location"] == "/"
    assert client.post("/account/look", data={"lang": "xx"}, headers=OWN).status_code == 303
    assert '<html lang="en" class="large">' in client.get("/").text


def test_the_first_page_lists_the_communities_and_the_app_stands_there_for_people_with_an_account(
    site: Place, browser: Browser
) -> None:
    client = browser()
    page = client.get("/").text
    code = site.units["banyan"].code
    assert f'href="/r/{code}"' in page
    assert f'href="/b/{code}"' in page
    assert 'href="/receipt"' in page
    assert 'id="root"' not in page
    assert "远山社区" not in client.get("/?q=榕树").text
    assert "没有找到" in client.get("/?q=<script>").text
    session = site.do(RESIDENT, lambda work: signin.begin(work, _settled(work, site)))
    client.cookies.set("sid", session)
    assert 'id="root"' in client.get("/").text
    assert client.get("/home?id=3").headers["location"] == "/?id=3"


def _settled(work, site: Place):
    person = work.store.person(site.people["clerk"].person_id)
    person.must_change = False
    return person


def test_an_address_that_is_none_gets_one_sentence(site: Place, browser: Browser) -> None:
    answer = browser().get("/nothing")
    assert answer.status_code == 404
    assert "这个地址没有页面" in answer.text
    for path in ("/web/zh.json", "/static/%00.js", f"/static/{'a' * 5000}.js"):
        assert browser().get(path, headers={"Accept-Encoding": "gzip"}).status_code == 404


def test_before_the_set_up_every_way_leads_to_it(empty: None, browser: Browser) -> None:
    client = browser()
    for address in ("/", "/inbox", "/speak", "/account/login"):
        assert client.get(address).headers["location"] == "/setup", address
    assert client.get("/setup").status_code == client.get("/setup/real").status_code == 200
    assert send(client, "/account/demo", at="/setup", person="x").status_code == 404


def test_only_the_code_sets_a_site_up_and_what_was_typed_stays(empty: None, browser: Browser) -> None:
    client = browser()
    wrong = send(client, "/setup/real", **FOUNDING | {"code": "1111-1111-1111", "district": ""})
    assert wrong.status_code == 422
    assert wrong.text.count('aria-invalid="true"') == 2
    assert "望江街道" in wrong.text
    assert "long-enough-1" not in wrong.text
    weak = send(client, "/setup/real", **FOUNDING | {"password": "short", "again": "short"})
    assert weak.status_code == 422
    assert not databases.is_founded()
    answer = send(client, "/setup/real", **FOUNDING)
    assert answer.headers["location"] == "/"
    assert 'id="root"' in client.get("/").text  # the founder is signed in
    assert "系统已经启用" in client.get("/setup").text
    again = send(browser(), "/setup/real", at="/account/login", **FOUNDING | {"account": "other"})
    assert again.headers["location"] == "/setup"


def test_guessing_the_code_is_slowed(empty: None, browser: Browser) -> None:
    client = browser()
    for _try in range(5):
        assert "设置码不对" in send(client, "/setup/demo", at="/setup", code="0").text
    assert "请等一分钟" in send(client, "/setup/demo", at="/setup", code=CODE).text
    assert not databases.is_demo()


def _small_demo(engine: Engine) -> None:
    place = make_place(engine)
    place.now = dates.now()


def test_the_demo_needs_the_code_and_is_out_of_reach_once_the_site_is_real(
    empty: None, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_start, "make_demo", _small_demo)
    client = browser()
    assert send(client, "/setup/demo", at="/setup", code="1").status_code == 422
    assert send(client, "/setup/demo", at="/setup", code=CODE).headers["location"] == "/setup"
    page = client.get("/setup").text
    assert "周小满" in page
    assert "社区干部" in page
    clerk = re.search(r'value="([0-9a-f]{20})">\s*<strong>周小满', page)
    assert clerk
    assert send(client, "/account/demo", at="/setup", person="0" * 20).status_code == 404
    assert send(client, "/account/demo", at="/setup", person=clerk[1]).headers["location"] == "/"
    assert 'id="root"' in client.get("/").text
    founder = browser()
    assert send(founder, "/setup/real", **FOUNDING).status_code == 303
    assert 'id="root"' not in client.get("/").text
    assert send(client, "/account/demo", at="/account/login", person=clerk[1]).status_code == 404
    assert "演示数据" not in client.get("/").text
    gone = send(client, "/setup/demo", at="/account/login", code=CODE)
    assert gone.status_code == 404
