"""Addresses (站外通知方式): where a person wants to be told outside the product, kept sealed and shown masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from core.access import EVERYWHERE, Permission, Scope
from core.errors import Invalid, Missing, Refused
from core.events import Event
from core.organisation.units import new_id
from core.text import N_, Term, _

if TYPE_CHECKING:
    from core.store import Work

MOST = 5
"""Addresses of one person."""
OWN = Scope((EVERYWHERE,))
"""For what is the actor's own, wherever their unit lies."""


class Outlet(Term):
    """A kind of channel to the outside."""

    MAIL = "mail", N_("E-mail")
    WECOM = "wecom", N_("WeCom group robot")
    DINGTALK = "dingtalk", N_("DingTalk group robot")
    FEISHU = "feishu", N_("Feishu group robot")
    HOOK = "hook", N_("Webhook (JSON)")
    SMS = "sms", N_("Text message")


@dataclass(frozen=True)
class Outlets:
    """What the operator of a site allows: kinds of channel, and for webhooks the origins that may be called."""

    kinds: frozenset[Outlet] = frozenset()
    origins: frozenset[str] = field(default=frozenset())

    @classmethod
    def read(cls, text: str) -> "Outlets":
        """A list like `mail wecom hook=https://hooks.example.cn`; nothing allows nothing. `Refused` for what is no kind
        or no origin."""
        kinds, origins = set(), set()
        for part in text.split():
            name, _sign, origin = part.partition("=")
            if name not in list(Outlet) or (name == Outlet.HOOK) != bool(origin) or _origin(origin) != origin:
                raise Refused(N_("“{part}” is no channel. Please write it like mail or hook=https://host."), part=part)
            kinds.add(Outlet(name))
            origins |= {origin} if origin else set()
        return cls(frozenset(kinds), frozenset(origins))


def _origin(text: str) -> str:
    """The part of an address that says which machine is called; empty when it says none."""
    try:
        parts = urlsplit(text)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            return ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


@dataclass(eq=False)
class Address:
    """One address: `sealed` opens with the keys of the site alone; `hour` (7–21) is when the day's message is sent."""

    id: str
    unit_id: str
    person_id: str
    outlet: Outlet
    sealed: bytes
    mask: str
    hour: int
    at_once: bool
    digested_on: date | None = None


@dataclass(frozen=True)
class AddressRow:
    """An address as its owner sees it."""

    id: str
    outlet: Outlet
    mask: str
    hour: int
    at_once: bool


class AddressForm(BaseModel):
    """A new address."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    outlet: Outlet = Field(title=N_("How"))
    target: str = Field(
        "", max_length=500, title=N_("Address"),
        description=N_("Your e-mail address, the whole address of the robot or webhook, or your mobile number."),
    )  # fmt: skip
    hour: int = Field(8, ge=7, le=21, title=N_("When the day's message comes"))
    at_once: bool = Field(True, title=N_("Tell me of red matters at once, also at night"))


_ROBOTS = {
    Outlet.WECOM: r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=([A-Za-z0-9_-]{8,80})",
    Outlet.DINGTALK: r"https://oapi\.dingtalk\.com/robot/send\?access_token=([A-Za-z0-9]{8,128})",
    Outlet.FEISHU: r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9_-]{8,80})/?",
}
_EXAMPLES: Mapping[Outlet, str] = {
    Outlet.MAIL: "name@example.cn", Outlet.SMS: "13800000000",
    Outlet.WECOM: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
    Outlet.DINGTALK: "https://oapi.dingtalk.com/robot/send?access_token=…",
    Outlet.FEISHU: "https://open.feishu.cn/open-apis/bot/v2/hook/…",
    Outlet.HOOK: "https://hooks.example.cn/…",
}  # fmt: skip


def target(outlet: Outlet, typed: str, outlets: Outlets) -> str:
    """What is kept of an address: mail address, number, key of the robot, or the webhook's address; `Invalid` when it
    is none of the kind or would call a machine that is not allowed."""
    if outlet not in outlets.kinds:
        raise Invalid(outlet=_("This channel is not allowed here. Please ask the system administrator."))
    if outlet is Outlet.HOOK:
        if not typed.isascii() or re.search(r"\s", typed) or _origin(typed) not in outlets.origins:
            raise Invalid(target=_("This machine may not be called from here. Please ask the system administrator."))
        return typed
    pattern = _ROBOTS.get(outlet) or {
        Outlet.MAIL: r"([A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)", Outlet.SMS: r"(1\d{10})",
    }[outlet]  # fmt: skip
    found = re.fullmatch(pattern, typed)
    if not found:
        raise Invalid(target=_("Please write it like {example}.", example=_EXAMPLES[outlet]))
    return found[1]


def masked(outlet: Outlet, kept: str) -> str:
    """So much of an address that its owner knows it again."""
    if outlet is Outlet.MAIL:
        name, _at, host = kept.partition("@")
        return f"{name[:1]}***@{host}"
    if outlet is Outlet.SMS:
        return f"{kept[:3]}****{kept[-2:]}"
    return f"{_origin(kept)}/***" if outlet is Outlet.HOOK else f"***{kept[-3:]}"


def may_call(outlet: Outlet, kept: str, outlets: Outlets) -> bool:
    """Whether the site still allows an address that was entered once."""
    return outlet in outlets.kinds and (outlet is not Outlet.HOOK or _origin(kept) in outlets.origins)


def own(work: "Work") -> list[AddressRow]:
    """The actor's addresses."""
    work.actor.require(Permission.NOTICE_READ)
    found = work.store.some(Address, OWN, person_id=work.person_id)
    rows = [AddressRow(one.id, one.outlet, one.mask, one.hour, one.at_once) for one in found]
    return sorted(rows, key=lambda row: (list(Outlet).index(row.outlet), row.mask, row.id))


def allowed(work: "Work") -> list[Outlet]:
    """The kinds of channel that may be chosen at this site."""
    work.actor.require(Permission.NOTICE_READ)
    kinds = work.store.outlets().kinds
    return [outlet for outlet in Outlet if outlet in kinds]


def add(work: "Work", form: AddressForm) -> str:
    """Enter an address of one's own."""
    work.actor.require(Permission.NOTICE_READ)
    kept = target(form.outlet, form.target, work.store.outlets())
    if len(own(work)) >= MOST:
        raise Refused(N_("You have {n} addresses already. Please delete one first."), n=MOST)
    unit_id, sealed = work.store.person(work.person_id).unit_id, work.store.ring().sealed(kept.encode())
    address = Address(
        new_id(), unit_id, work.person_id, form.outlet, sealed, masked(form.outlet, kept), form.hour, form.at_once
    )
    work.store.add(address)
    work.record(Event.ADDRESS_ADDED, address.id, chain=unit_id)
    return address.id


def remove(work: "Work", address_id: str) -> None:
    """Delete an address of one's own; what still waits to be sent there is dropped with it."""
    work.actor.require(Permission.NOTICE_READ)
    address = of_actor(work, address_id)
    work.store.drop_address(address)
    work.record(Event.ADDRESS_REMOVED, address_id, chain=address.unit_id)


def of_actor(work: "Work", address_id: str) -> Address:
    """An address of the actor's own; `Missing` when it is somebody else's."""
    work.actor.require(Permission.NOTICE_READ)
    address = work.store.one(Address, address_id, OWN)
    if address.person_id != work.person_id:
        raise Missing
    return address
