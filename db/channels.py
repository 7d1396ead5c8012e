"""Channels of Apprise, made from their parts: nothing a person typed can choose a machine, a header or a method."""

import logging
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import apprise
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from core.alerts.addresses import Outlet
from core.alerts.deliveries import Outgoing

KEY = "X-Qingyuan-Message"
"""The header that is one for each message, so that the other side can tell one that was sent twice."""
WAIT = 10.0
"""Seconds for the other side to answer: far less than the lease of the sweep lasts."""

logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its warnings may hold addresses
_ASSET = apprise.AppriseAsset(
    app_id="Qingyuan", app_desc="Qingyuan", app_url="", storage_mode=apprise.PersistentStoreMode.MEMORY,
    http_redirects=False, async_mode=False, plugin_paths=[],
)  # fmt: skip
"""Redirects are not followed: they could lead anywhere."""


def channel(message: Outgoing, server: str) -> Any:
    """The way to an address; `server` is the operator's own mail server or gateway, as an address of Apprise."""
    common = {"asset": _ASSET, "cto": WAIT, "rto": WAIT, "redirect": False}
    match message.outlet:
        case Outlet.WECOM:
            return NotifyWeComBot(key=message.target, **common)
        case Outlet.DINGTALK:
            return NotifyDingTalk(token=message.target, **common)
        case Outlet.FEISHU:
            return NotifyFeishu(token=message.target, **common)
        case Outlet.HOOK:
            return _hook(message, common)
        case Outlet.MAIL:
            return _mail(message, server, common)
        case Outlet.SMS:
            return apprise.Apprise.instantiate(server.replace("{to}", message.target), asset=_ASSET)


def _hook(message: Outgoing, common: dict[str, Any]) -> Any:
    parts = urlsplit(message.target)
    return NotifyJSON(
        host=parts.hostname, port=parts.port, fullpath=unquote(parts.path) or "/", secure=parts.scheme == "https",
        params=dict(parse_qsl(parts.query)), headers={KEY: message.key}, **common,
    )  # fmt: skip


def _mail(message: Outgoing, server: str, common: dict[str, Any]) -> Any:
    found = NotifyEmail.parse_url(server)
    if not found:
        return None
    return NotifyEmail(**found | common | {"targets": [message.target], "headers": {KEY: message.key}})
