"""Channels: what Apprise makes of our parts, whom it calls, and that it says a count and no more."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import apprise
import pytest
import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from core.alerts.addresses import Outlet
from core.alerts.deliveries import Outgoing
from db import outside
from db.channels import channel
from tests.core.alerts.test_deliveries import Web

SAID = "清源：您有 3 项待办，请登录查看。"
NUMBER = "13812345678"
TOKENS = {
    Outlet.WECOM: "aaaa1111-bbbb-2222-cccc-333344445555", Outlet.DINGTALK: "ab12cd34" * 8,
    Outlet.FEISHU: "ab12cd34-0000-1111-2222-abcdabcdabcd",
}  # fmt: skip
ROBOTS = {Outlet.WECOM: NotifyWeComBot, Outlet.DINGTALK: NotifyDingTalk, Outlet.FEISHU: NotifyFeishu}
HOSTS = {
    Outlet.WECOM: "qyapi.weixin.qq.com", Outlet.DINGTALK: "oapi.dingtalk.com", Outlet.FEISHU: "open.feishu.cn",
}  # fmt: skip
GATEWAYS = {
    "twilio://AC0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@+15005550006/86{to}": "twilio.com",
    "vonage://12345678:0123456789abcdef@15005550006/86{to}": "nexmo.com",
    "bulksms://user:password@{to}": "bulksms.com",
    "json://gateway.example.cn/sms/{to}": "gateway.example.cn",
    "forms://user:password@gateway.example.cn/sms?-to={to}": "gateway.example.cn",
}
"""Text-message gateways as an operator may name them, and the host each one calls."""


def message(outlet: Outlet, target: str) -> Outgoing:
    return Outgoing("d1", outlet, target, "key-of-the-message", SAID)


@pytest.fixture
def web() -> Iterator[Web]:
    receiver = Web()
    yield receiver
    receiver.close()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> list[requests.PreparedRequest]:
    """What would have gone out, caught where it leaves the machine."""
    sent: list[requests.PreparedRequest] = []

    def caught(_self: Any, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        assert kwargs["verify"]  # the certificate is looked at
        sent.append(request)
        answer = requests.Response()
        answer.status_code, answer._content, answer.url = 200, b"{}", str(request.url)
        return answer

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", caught)
    return sent


def text_of(request: requests.PreparedRequest) -> str:
    """All that leaves but the address: headers and body, as they can be read."""
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body)
    try:
        body = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        body = requests.utils.unquote_unreserved(body)
    return f"{dict(request.headers)} {body}"


def words(body: Any) -> Iterator[str]:
    """Every text that stands in what was sent."""
    if isinstance(body, str):
        yield body
    for part in body.values() if isinstance(body, dict) else body if isinstance(body, list) else ():
        yield from words(part)


@pytest.mark.privacy
@pytest.mark.parametrize("outlet", ROBOTS)
def test_a_robot_on_this_machine_gets_the_count_and_nothing_else(
    outlet: Outlet, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = urlsplit(ROBOTS[outlet].notify_url)
    monkeypatch.setattr(ROBOTS[outlet], "notify_url", f"{web.origin}{path.path}?{path.query}")
    monkeypatch.setenv(outside.ADDRESS, "http://qingyuan.test")
    assert outside.send(message(outlet, TOKENS[outlet]))
    [(called, _headers, body)] = web.got
    assert TOKENS[outlet] in called
    assert set(words(body)) == {"text", f"{SAID} http://qingyuan.test"}
    web.status = 500
    assert not outside.send(message(outlet, TOKENS[outlet]))


@pytest.mark.privacy
@pytest.mark.parametrize("outlet", ROBOTS)
def test_a_robot_is_called_at_its_own_host_over_https_alone(
    outlet: Outlet, wire: list[requests.PreparedRequest]
) -> None:
    assert outside.send(message(outlet, TOKENS[outlet]))
    [request] = wire
    called = urlsplit(str(request.url))
    assert (called.scheme, called.hostname) == ("https", HOSTS[outlet])
    assert TOKENS[outlet] in str(request.url)
    assert SAID in text_of(request)


@pytest.mark.parametrize("outlet", ROBOTS)
def test_what_we_build_is_what_apprise_builds_from_an_address_of_its_own(outlet: Outlet) -> None:
    ours = channel(message(outlet, TOKENS[outlet]), "")
    again = apprise.Apprise.instantiate(ours.url(privacy=False))
    assert type(again) is ROBOTS[outlet]
    assert again.url_identifier == ours.url_identifier


@pytest.mark.parametrize("server", GATEWAYS)
def test_a_gateway_is_called_with_the_number_and_the_count_and_nothing_else(
    server: str, wire: list[requests.PreparedRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(outside.SMS, server)
    assert channel(message(Outlet.SMS, NUMBER), server) is not None
    assert outside.send(message(Outlet.SMS, NUMBER))
    [request] = wire
    assert str(urlsplit(str(request.url)).hostname).endswith(GATEWAYS[server])
    sent = requests.utils.unquote(f"{request.url} {text_of(request)}".replace("+", " "))
    assert NUMBER in sent
    assert SAID in sent
    assert "qingyuan" not in sent.casefold().replace("user-agent': 'qingyuan", "")


@pytest.mark.privacy
def test_a_gateway_on_this_machine_gets_the_count_and_the_number_in_its_path(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(outside.SMS, web.origin.replace("http", "json", 1) + "/sms/{to}")
    assert outside.send(message(Outlet.SMS, NUMBER))
    [(path, _headers, body)] = web.got
    assert path == f"/sms/{NUMBER}"
    assert (body["message"], body["title"], body["attachments"]) == (SAID, "", [])
    web.status = 503
    assert not outside.send(message(Outlet.SMS, NUMBER))


@pytest.mark.parametrize("server", ["", "nonsense", "fax://{to}", "twilio://too:short@1/{to}"])
def test_a_gateway_that_cannot_be_read_sends_nothing_and_says_so(
    server: str, wire: list[requests.PreparedRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(outside.SMS, server)
    assert not outside.send(message(Outlet.SMS, NUMBER))
    assert wire == []
