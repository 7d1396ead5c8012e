"""Messages to the outside: to real receivers, counts alone, at decent hours, tried again, and only where allowed."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from core.access import RESIDENT
from core.alerts import addresses, deliveries, notices
from core.alerts.addresses import AddressForm, Outlet, Outlets
from core.alerts.deliveries import PAUSES, QUIET_FROM, QUIET_UNTIL, TRIES, DeliveryState, decent
from core.alerts.notices import Kind
from core.dates import HERE
from core.entries import risks
from core.errors import Denied, Invalid, Missing, Refused
from core.organisation import people
from core.organisation.calendar import Calendar
from core.privacy import keys
from core.privacy.keys import Ring
from db import jobs, outside
from db.tables.message_tables import addresses_, deliveries_, marks_, notices_
from tests import makers
from tests.makers import Place

SAID = re.compile(r"清源：[^。]*。(请登录查看。)?( http://qingyuan\.test)?")
"""All a message may hold: numbers, and words of the program."""


class Web:
    """A receiver of webhooks on this machine; `status` is what it answers, `got` what it was sent."""

    def __init__(self) -> None:
        self.status, self.got = 200, list[tuple[str, dict[str, str], dict[str, Any]]]()
        web = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                web.got.append((self.path, dict(self.headers), body))
                self.send_response(web.status)
                if web.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def words(self) -> list[str]:
        return [body.get("message") or body["text"]["content"] for _path, _headers, body in self.got]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Post:
    """What a mail server on this machine was handed."""

    def __init__(self) -> None:
        self.got: list[tuple[list[str], Any]] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.got.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return "250 OK"


@pytest.fixture
def web() -> Iterator[Web]:
    receiver = Web()
    yield receiver
    receiver.close()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    taker = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(taker, hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv(outside.MAIL, f"mailto://127.0.0.1:{port}?from=notice@qingyuan.test")
    yield taker
    server.stop()


@pytest.fixture
def place(place: Place, web: Web, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The small place, with nobody told anything yet, and this machine's webhooks allowed."""
    monkeypatch.setenv(outside.OUTSIDE, f"mail wecom hook={web.origin}")
    monkeypatch.setenv(outside.ADDRESS, "http://qingyuan.test")
    with place.engine.begin() as rows:
        rows.execute(delete(notices_))
    return place


def hook(place: Place, web: Web, who: str = "clerk", **more: Any) -> str:
    form = AddressForm(outlet=Outlet.HOOK, target=f"{web.origin}/take?key=abc", **more)
    return str(place.do(who, addresses.add, form))


def swept(place: Place) -> None:
    jobs.sweep(place.engine, now=lambda: place.now)


def at(place: Place, hour: int, minute: int = 0) -> None:
    """Move the clock to an hour of this day, or of the next one when it is past."""
    here = place.now.astimezone(HERE)
    then = datetime.combine(here.date(), time(hour, minute), HERE)
    place.now = (then if then >= here else then + timedelta(days=1)).astimezone(UTC)


def states(place: Place) -> list[tuple[DeliveryState, int]]:
    with place.engine.connect() as rows:
        found = rows.execute(select(deliveries_.c.state, deliveries_.c.tries).order_by(deliveries_.c.made_on))
        return [(row.state, row.tries) for row in found]


def test_a_test_message_reaches_mail_and_webhook_and_says_nothing(place: Place, web: Web, post: Post) -> None:
    mail = place.do("clerk", addresses.add, AddressForm(outlet=Outlet.MAIL, target="zhou@example.test"))
    for address in (mail, hook(place, web)):
        place.do("clerk", deliveries.try_out, address)
        with pytest.raises(Refused):
            place.do("clerk", deliveries.try_out, address)
    swept(place)
    assert web.words() == ["清源：这是一条测试消息。 http://qingyuan.test"]
    [(path, headers, _body)] = web.got
    assert path == "/take?key=abc"
    [(people_, letter)] = post.got
    assert people_ == ["zhou@example.test"]
    assert "清源：这是一条测试消息。" in letter.get_body(("plain", "html")).get_content()
    assert len({headers["X-Qingyuan-Message"], letter["X-Qingyuan-Message"]} - {None}) == 2
    assert states(place) == [(DeliveryState.SENT, 1)] * 2
    swept(place)
    assert len(web.got) + len(post.got) == 2


@pytest.mark.costly
def test_the_message_of_the_day_comes_once_on_working_days_at_its_hour(place: Place, web: Web) -> None:
    _risk, _measure = makers.controlled(place)  # moves the clock a week on, to a Monday
    hook(place, web, hour=9)
    at(place, 8, 59)
    place.do("clerk", notices.mark_read)
    swept(place)
    assert web.got == []
    at(place, 9)
    for _time in range(3):
        swept(place)
    assert len(web.got) == 1
    assert re.search("您有 \\d+ 项待办", web.words()[0])
    sent = len(web.got)
    for _day in range(6):  # Tuesday to Sunday
        at(place, 9)
        place.now += timedelta(days=1)
        swept(place)
    assert len(web.got) == sent + 4
    assert all(SAID.fullmatch(words) for words in web.words())


def test_somebody_for_whom_nothing_waits_gets_no_message(place: Place, web: Web) -> None:
    hook(place, web, "auditor")
    at(place, 12)
    swept(place)
    assert web.got == []
    assert states(place) == []


@pytest.mark.privacy
def test_no_title_no_name_and_no_word_of_a_flag_leaves_the_house(place: Place, web: Web) -> None:
    makers.controlled(place, "救助对象名单公开不及时", "低保名单从来没见贴出来过")
    makers.speak(place, "门面租给谁没有公布")
    makers.speak(place, "周小满收了红包才给办低保")
    for who in ("clerk", "watchdog", "supervisor", "discipline", "secretary"):
        hook(place, web, who)
    at(place, 12)
    swept(place)
    assert len(web.got) >= 4
    assert all(SAID.fullmatch(words) for words in web.words())
    assert not re.search("救助|低保|门面|红包|周小满|榕树|郑守正", json.dumps(web.got, ensure_ascii=False))


def closed(place: Place) -> str:
    risk, measure = makers.controlled(place)
    makers.done(place, measure)
    place.do("clerk", risks.ask_closing, risk, "名单已按季张贴")
    place.do("watchdog", risks.close, risk)
    for who in place.people:
        place.do(who, notices.mark_read)
    return risk


def test_red_comes_at_once_also_at_night_and_only_to_who_wants_it(place: Place, web: Web) -> None:
    risk = closed(place)
    hook(place, web, hour=8)
    quiet = hook(place, web, "secretary", hour=8, at_once=False)
    at(place, 12)
    swept(place)
    web.got.clear()
    at(place, 23)
    place.do("supervisor", risks.reopen, risk, "又没贴")
    swept(place)
    swept(place)
    assert web.words() == ["清源：您有 1 条红色事项通知，请登录查看。 http://qingyuan.test"]
    with place.engine.connect() as rows:
        kept = select(deliveries_.c.id).where(deliveries_.c.address_id == quiet, deliveries_.c.purpose == "at_once")
        assert rows.execute(kept).all() == []


@pytest.mark.privacy
def test_what_a_resident_does_sends_nothing_at_once(place: Place, web: Web) -> None:
    hook(place, web, "watchdog", hour=8)
    at(place, 12)
    swept(place)
    web.got.clear()
    makers.speak(place)
    assert place.ask("watchdog", notices.unread) == 1
    for _hour in range(19):
        place.now += timedelta(hours=1)
        swept(place)
    assert web.got == []  # it is seven in the morning
    place.now += timedelta(hours=1)
    swept(place)
    assert len(web.got) == 1


def test_a_receiver_that_is_down_is_tried_again_and_gets_it_once(place: Place, web: Web) -> None:
    place.do("clerk", deliveries.try_out, hook(place, web))
    web.status = 500
    waits = []
    for _time in range(3):
        before = len(web.got)
        while len(web.got) == before:
            swept(place)
            place.now += timedelta(minutes=1)
        waits.append(place.now)
    assert [b - a for a, b in pairwise(waits)] == [timedelta(minutes=n) for n in (1, 5)]
    assert states(place) == [(DeliveryState.WAITING, 3)]
    web.status = 200
    web.got.clear()
    for _minute in range(60):
        swept(place)
        place.now += timedelta(minutes=1)
    assert len(web.got) == 1
    assert states(place) == [(DeliveryState.SENT, 4)]


@pytest.mark.costly
def test_nobody_there_at_all_is_given_up_and_the_person_and_the_keeper_are_told(place: Place, web: Web) -> None:
    place.do("clerk", deliveries.try_out, hook(place, web))
    web.close()
    for pause in (timedelta(), *PAUSES, PAUSES[-1]):
        place.now += pause
        swept(place)
    assert states(place) == [(DeliveryState.GIVEN_UP, TRIES)]
    assert Kind.UNDELIVERED in {row.kind for row in place.ask("clerk", notices.mine)}
    assert Kind.OTHERS_UNDELIVERED in {row.kind for row in place.ask("system", notices.mine)}
    [row] = place.ask("clerk", deliveries.log)
    assert row.trouble == deliveries.UNREACHED  # and no address
    web.server, web.thread = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler), threading.Thread()
    web.server.shutdown = lambda: None  # type: ignore[method-assign]
    web.thread.start()


class Killed(BaseException):
    """The server is gone."""


def test_killed_between_sending_and_noting_it_is_sent_again_under_the_same_key(
    place: Place, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.do("clerk", deliveries.try_out, hook(place, web))
    sending = outside.send

    def dying(message: deliveries.Outgoing) -> bool:
        sending(message)
        raise Killed

    monkeypatch.setattr(outside, "send", dying)
    with pytest.raises(Killed):
        swept(place)
    monkeypatch.setattr(outside, "send", sending)
    swept(place)
    assert len(web.got) == 1  # not before its pause is over
    place.now += PAUSES[0]
    swept(place)
    swept(place)
    assert states(place) == [(DeliveryState.SENT, 2)]
    assert len(web.got) == 2
    assert len({headers["X-Qingyuan-Message"] for _path, headers, _body in web.got}) == 1


def test_a_robot_of_wecom_gets_its_own_form(place: Place, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.wecombot import NotifyWeComBot

    monkeypatch.setattr(NotifyWeComBot, "notify_url", web.origin + "/cgi-bin/webhook/send?key={key}")
    url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=aaaa1111-bbbb-2222-cccc-333344445555"
    address = place.do("clerk", addresses.add, AddressForm(outlet=Outlet.WECOM, target=url))
    place.do("clerk", deliveries.try_out, address)
    swept(place)
    [(path, _headers, body)] = web.got
    assert path.endswith("key=aaaa1111-bbbb-2222-cccc-333344445555")
    assert body["msgtype"] == "text"


@pytest.mark.privacy
def test_nothing_may_be_called_until_an_operator_says_so(
    place: Place, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = hook(place, web)
    place.do("clerk", deliveries.try_out, address)
    monkeypatch.delenv(outside.OUTSIDE)
    assert place.ask("clerk", addresses.allowed) == []
    swept(place)
    assert web.got == []  # what was allowed once is not any more
    assert states(place) == [(DeliveryState.DROPPED, 1)]
    for outlet, target in (("hook", f"{web.origin}/x"), ("mail", "a@example.test")):
        with pytest.raises(Invalid):
            place.do("clerk", addresses.add, AddressForm(outlet=Outlet(outlet), target=target))


@pytest.mark.privacy
@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1:1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "https://hooks.test.evil.test/",
        "https://hooks.test@evil.test/", "https://hooks.test:8443/", "http://hooks.test/", "https://hooks.test\\@evil/",
        "https://user:word@hooks.test/x", "//hooks.test/x", "hooks.test", "https://hooks.test/ x", "",
        "https://hooks.tést/",
    ],
)  # fmt: skip
def test_a_webhook_calls_no_machine_but_those_allowed(typed: str) -> None:
    allowed = Outlets.read("hook=https://hooks.test")
    with pytest.raises(Invalid):
        addresses.target(Outlet.HOOK, typed, allowed)
    assert addresses.target(Outlet.HOOK, "https://hooks.test/a?b=c", allowed) == "https://hooks.test/a?b=c"


def test_a_redirect_is_not_followed(place: Place, web: Web) -> None:
    place.do("clerk", deliveries.try_out, hook(place, web))
    web.status = 302
    swept(place)
    assert [path for path, *_rest in web.got] == ["/take?key=abc"]
    assert states(place) == [(DeliveryState.WAITING, 1)]


def test_the_list_of_what_is_allowed_is_read_whole_or_refused() -> None:
    assert Outlets.read("") == Outlets()
    assert Outlets.read("mail sms").kinds == {Outlet.MAIL, Outlet.SMS}
    for wrong in ("fax", "hook", "hook=hooks.test", "mail=x", "hook=https://u:p@hooks.test", "hook=https://a.test/path"):
        with pytest.raises(Refused):
            Outlets.read(wrong)


def test_addresses_of_the_robots_are_taken_apart_and_others_refused() -> None:
    allowed = Outlets(frozenset(Outlet), frozenset({"https://hooks.test"}))
    right = {
        Outlet.MAIL: ("zhou.xm@example.cn", "zhou.xm@example.cn", "z***@example.cn"),
        Outlet.SMS: ("13812345678", "13812345678", "138****78"),
        Outlet.DINGTALK: ("https://oapi.dingtalk.com/robot/send?access_token=ab12cd34", "ab12cd34", "***d34"),
        Outlet.FEISHU: ("https://open.feishu.cn/open-apis/bot/v2/hook/ab12-cd34", "ab12-cd34", "***d34"),
        Outlet.HOOK: ("https://hooks.test/a/b", "https://hooks.test/a/b", "https://hooks.test/***"),
    }  # fmt: skip
    for outlet, (typed, kept, mask) in right.items():
        assert addresses.target(outlet, typed, allowed) == kept
        assert addresses.masked(outlet, kept) == mask
    for outlet in Outlet:
        for wrong in ("", "x", "a@b@c", "https://qyapi.weixin.qq.com.evil.test/send?key=12345678"):
            with pytest.raises(Invalid):
                addresses.target(outlet, wrong, allowed)


@pytest.mark.privacy
def test_an_address_is_kept_sealed_and_nobody_else_can_use_it(place: Place, web: Web) -> None:
    address = hook(place, web)
    [own] = place.ask("clerk", addresses.own)
    assert own.mask == f"{web.origin}/***"
    with place.engine.connect() as rows:
        kept = rows.execute(select(addresses_)).one()
    assert "key=abc" not in f"{kept}"
    assert b"key=abc" not in kept.sealed
    assert place.ask("watchdog", addresses.own) == []
    for deed in (deliveries.try_out, addresses.remove):
        with pytest.raises(Missing):
            place.do("watchdog", deed, address)
    with pytest.raises(Denied):
        place.ask(RESIDENT, addresses.own)
    ring: Ring = place.ask("clerk", lambda work: work.store.ring())
    newer = ring.renewed()
    place.do("system", keys.reseal, newer)
    with place.engine.connect() as rows:
        assert newer.newest().opened(rows.execute(select(addresses_.c.sealed)).scalar_one()).endswith(b"key=abc")


def test_an_address_that_is_deleted_gets_nothing_more_and_five_are_enough(place: Place, web: Web) -> None:
    ids = [hook(place, web) for _n in range(5)]
    with pytest.raises(Refused):
        hook(place, web)
    place.do("clerk", deliveries.try_out, ids[0])
    place.do("clerk", addresses.remove, ids[0])
    swept(place)
    assert web.got == []
    assert states(place) == [(DeliveryState.DROPPED, 0)]


def test_whoever_has_left_is_written_to_no_more(place: Place, web: Web) -> None:
    makers.speak(place)
    hook(place, web, "watchdog")
    place.do("system", people.close_account, place.people["watchdog"].person_id)
    at(place, 12)
    swept(place)
    assert web.got == []


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)), st.booleans(), st.sets(st.dates(), max_size=3)
)  # fmt: skip
def test_a_message_waits_for_a_decent_hour_of_a_working_day_and_no_longer(
    when: datetime, red: bool, off: set[Any]
) -> None:
    calendar, asked = Calendar(dict.fromkeys(off, False)), when.replace(tzinfo=UTC)
    found = decent(asked, calendar, red=red).astimezone(HERE)
    if red:
        assert found == asked
        return
    assert QUIET_UNTIL <= found.time() < QUIET_FROM
    assert calendar.works(found.date())
    assert found >= asked
    assert decent(found, calendar, red=False) == found
    if found > asked:  # the moment before is not decent, or lies before what was asked for
        assert found.time() == QUIET_UNTIL


def test_times_out_of_order_make_no_message_twice(place: Place, web: Web) -> None:
    makers.speak(place)
    hook(place, web, "watchdog")
    at(place, 12)
    swept(place)
    place.later(-2)
    swept(place)
    place.later(2)
    swept(place)
    assert len(web.got) == 1
    with place.engine.begin() as rows:
        rows.execute(update(addresses_).values(digested_on=place.today - timedelta(days=9)))
        rows.execute(delete(marks_))
    swept(place)
    assert len(web.got) == 1
