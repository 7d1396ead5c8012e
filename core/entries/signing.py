"""Sign-off (签字确认): who signed what, whether it still holds, what was changed since, and signing again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core import dates
from core.access import Permission
from core.entries.risks import Risk, check_closer, check_rater, load
from core.entries.signed import Hold, Snapshot, digest, material, sign, wanted
from core.errors import Denied, Refused, Stale
from core.events import Event
from core.store import Work
from core.text import N_, _, day
from core.words import Dimension, Level, MeasureStatus, RatingStage, RiskType, SignedStage

RIGHTS = {SignedStage.RATING: Permission.RISK_RATE, SignedStage.CLOSING: Permission.RISK_CLOSE}
"""Who may decide may sign."""


@dataclass(frozen=True)
class SignatureRow:
    """One signature as it is read; `hold` is None for one that nothing rests on any more: another took its place, or
    the entry has gone on to what is signed next."""

    stage: SignedStage
    signer: str
    signed_on: date
    expires_on: date | None
    hold: Hold | None
    stale_on: date | None


@dataclass(frozen=True)
class Asked:
    """What is to be signed again: what was changed since in words, and the digest of what stands there now."""

    stage: SignedStage
    changes: tuple[str, ...]
    digest: str


def signatures(work: Work, risk_id: str) -> list[SignatureRow]:
    """Every signature of an entry, the newest first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    now = wanted(load(work, risk_id, scope).status)
    return [
        SignatureRow(
            one.stage, name, dates.today(one.signed_at), one.expires_on,
            one.hold(work.today) if one.stage is now and not one.replaced else None, one.stale_on,
        )
        for one, name in work.store.signatures_of(scope, risk_id)
    ]  # fmt: skip


def check_signing(work: Work, risk: Risk) -> SignedStage:
    """What is to be signed; refuse a signature by whoever may not decide here, answers for the entry or is named in it,
    and one that is not needed because the last one still holds."""
    stage = wanted(risk.status)
    if stage is None:
        raise Refused(N_("There is nothing to sign here now."))
    if not work.actor.scope(RIGHTS[stage]).covers(work.store.register_of(risk.unit_id).path):
        raise Denied
    (check_closer if stage is SignedStage.CLOSING else check_rater)(work, risk)
    held = [one for one, _risk in work.store.standing_signatures([risk.id]) if one.stage is stage]
    if any(one.hold(work.today) is Hold.VALID for one in held):
        raise Refused(N_("What was signed still holds."))
    return stage


def asked(work: Work, risk_id: str) -> Asked:
    """What the actor is asked to sign again; only who may sign reads what was changed."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    stage = check_signing(work, risk)
    now = material(work, risk, stage)
    before = next((s.snapshot for s, _r in work.store.standing_signatures([risk.id]) if s.stage is stage), None)
    return Asked(stage, tuple(changes(work, before, now)) if before else (), digest(now))


def sign_again(work: Work, risk_id: str, seen: str) -> None:
    """Sign what stands in an entry now; `seen` is the digest of what the signer was shown, `Stale` where it moved."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    stage = check_signing(work, risk)
    if digest(material(work, risk, stage)) != seen:
        raise Stale
    signature = sign(work, risk, stage)
    work.record(Event.RISK_SIGNED, risk.id, chain=risk.unit_id, signed=stage, digest=signature.digest)


def changes(work: Work, before: Snapshot, now: Snapshot) -> Iterator[str]:
    """What differs between two snapshots, in sentences; empty where only the time ran out."""
    for key, word in (("title", N_("Risk point")), ("manifestation", N_("How it shows"))):
        if before[key] != now[key]:
            yield _("{what}: “{before}” became “{now}”", what=_(word), before=_told(before[key]), now=_told(now[key]))
    if before["item"] != now["item"]:
        names = [work.store.item_name(one["item"]) or _("none named") for one in (before, now)]
        yield _became(_("Power item"), *names)
    for key, word, kind in (
        ("kind", N_("Kind of risk"), RiskType), ("dimension", N_("Dimension"), Dimension),
        ("level", N_("Initial level"), Level), ("expected", N_("Level expected after measures"), Level),
    ):  # fmt: skip
        if before[key] != now[key]:
            yield _became(_(word), *(kind(one[key]).label if one[key] else _("no level") for one in (before, now)))
    yield from _voices(set(before["voices"]), set(now["voices"]))
    for stage in RatingStage:
        old, new = before["ratings"].get(stage.value), now["ratings"].get(stage.value)
        if old != new:
            yield _("{stage}: factors, overrides or reason were decided anew", stage=stage)
    yield from _measures(before.get("measures", {}), now.get("measures", {}))


def _told(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


LONGEST = 40
"""Characters of a text that is told in a sentence."""


def _became(what: str, before: str, now: str) -> str:
    return _("{what}: {before} became {now}", what=what, before=before, now=now)


def _voices(before: set[str], now: set[str]) -> Iterator[str]:
    if come := now - before:
        yield _("{n} voices were merged in", n=len(come))
    if gone := before - now:
        yield _("{n} voices were taken out", n=len(gone))


def _measures(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*before, *now]):
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if old is None:
            yield _("Measure “{text}” was added", text=_told(now[key]["text"]))
        elif new is None:
            yield _("Measure “{text}” fell away", text=_told(old["text"]))
        else:
            yield _("Measure “{text}”: {what}", text=_told(old["text"]), what="；".join(_parts(old, new)))


def _parts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if old["text"] != new["text"]:
        yield _("it now reads “{now}”", now=_told(new["text"]))
    if old["due"] != new["due"]:
        yield _became(_("Due on"), *(day(date.fromisoformat(one["due"])) for one in (old, new)))
    if old["status"] != new["status"]:
        yield _became(_("State"), *(MeasureStatus(one["status"]).label for one in (old, new)))
    if old["evidence"] != new["evidence"]:
        yield _("the files were changed")
    if any(old[key] != new[key] for key in ("owner", "done", "verified_by", "verdicts")):
        yield _("owner, day or verdict was changed")
