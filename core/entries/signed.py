"""Signatures (签字): a rating and a closing hold for exactly what stood there when somebody signed, and for a time."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.audit import canonical
from core.organisation.units import new_id
from core.store import Work
from core.text import N_, Term
from core.words import Level, RiskStatus, SignedStage

if TYPE_CHECKING:
    from core.entries.rating import Assessment
    from core.entries.risks import Risk
    from core.prevention.measures import Measure

HOLDS_FOR = {Level.HIGH: 365, Level.MEDIUM: 365, Level.LOW: 183}
"""Calendar days for which a signed rating holds: a year, and half a year where the post-holder checks every half-year
(domain rules on who manages). A signed closing does not run out: second looks follow it."""

Snapshot = dict[str, Any]
"""What is signed, as plain JSON values."""


class Hold(Term):
    """Whether a signature still holds."""

    VALID = "valid", N_("Holds")
    STALE = "stale", N_("No longer holds: something was changed")
    EXPIRED = "expired", N_("No longer holds: its time is over")


@dataclass(eq=False)
class Signature:
    """That somebody answers for what stood in an entry: the snapshot itself and its digest (SHA-256, hexadecimal).

    `stale_on` is the day on which what stands in the entry came to differ from the snapshot, None while it is the
    same. `expires_on` is the last day it holds. `replaced` says that another took its place, or that an entry was
    reopened.
    """

    id: str
    unit_id: str
    risk_id: str
    stage: SignedStage
    signed_by: str
    signed_at: datetime
    digest: str
    snapshot: Snapshot
    expires_on: date | None = None
    stale_on: date | None = None
    replaced: bool = False

    def hold(self, today: date) -> Hold:
        """Whether it still holds on a day; what was changed weighs more than what ran out."""
        if self.stale_on is not None:
            return Hold.STALE
        return Hold.EXPIRED if self.expires_on is not None and self.expires_on < today else Hold.VALID


def wanted(status: RiskStatus) -> SignedStage | None:
    """What has to be signed in a state: nothing before the rating or after archiving."""
    if status in (RiskStatus.UNRATED, RiskStatus.ARCHIVED):
        return None
    return SignedStage.CLOSING if status is RiskStatus.CLOSED else SignedStage.RATING


def material(work: Work, risk: "Risk", stage: SignedStage) -> Snapshot:
    """What is material for a signature, and so must not change under it. The one place that says so."""
    ratings = work.store.newest_ratings(risk.id)
    found: Snapshot = {
        "title": risk.title, "manifestation": risk.manifestation, "item": risk.item_id, "kind": risk.risk_type,
        "dimension": risk.dimension, "voices": sorted({link.flag_id for link in work.store.links_of(risk.id)}),
        "level": risk.level, "expected": risk.expected_level,
        "ratings": {rating.stage: _rating(rating) for rating in ratings},
    }  # fmt: skip
    if stage is SignedStage.CLOSING:
        found["measures"] = {measure.id: _measure(work, measure) for measure in work.store.measures_of(risk.id)}
    plain: Snapshot = json.loads(canonical(found))
    return plain


def _rating(rating: "Assessment") -> Snapshot:
    return {
        "factors": rating.factors, "overrides": sorted(rating.overrides), "level": rating.level,
        "reason": rating.reason,
    }  # fmt: skip


def _measure(work: Work, measure: "Measure") -> Snapshot:
    verdicts = [[said.status, said.said_by, said.text] for said in work.store.verdicts_on(measure.id)]
    return {
        "text": measure.text, "owner": measure.owner_id, "due": measure.due_on, "status": measure.status,
        "done": measure.done_on, "verified_by": measure.verified_by, "verdicts": verdicts,
        "evidence": sorted(file.sha256 for file in work.store.evidence_of(measure.id)),
    }  # fmt: skip


def digest(snapshot: Mapping[str, object]) -> str:
    """SHA-256 over the canonical text of a snapshot, in hexadecimal."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def sign(work: Work, risk: "Risk", stage: SignedStage) -> Signature:
    """Sign what stands in an entry now; an earlier signature of the same stage is replaced."""
    end(work, risk, stage)
    snapshot = material(work, risk, stage)
    expires = None
    if stage is SignedStage.RATING and risk.level is not None:
        expires = work.today + timedelta(days=HOLDS_FOR[risk.level])
    signature = Signature(
        new_id(), risk.unit_id, risk.id, stage, work.person_id, work.now, digest(snapshot), snapshot, expires
    )
    work.store.add(signature)
    return signature


def end(work: Work, risk: "Risk", stage: SignedStage) -> None:
    """Let the standing signature of a stage count no longer."""
    for signature, _risk in work.store.standing_signatures([risk.id]):
        if signature.stage is stage:
            signature.replaced = True


def watch(work: Work, risk_ids: Collection[str]) -> None:
    """Hold the standing signatures of entries against what stands there now; at the end of every deed that touched
    them. What was taken back exactly is what was signed, so the signature holds again."""
    for signature, risk in work.store.standing_signatures(risk_ids):
        same = digest(material(work, risk, signature.stage)) == signature.digest
        stale_on = None if same else signature.stale_on or work.today
        if stale_on != signature.stale_on:
            signature.stale_on = stale_on
