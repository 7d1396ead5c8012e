"""What an actor can do now with an entry and its measures: by right, by step, and never with one's own.

The page shows these and nothing else; each use case asks the same check before it changes anything.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from core.access import Permission as P
from core.entries import escalation, rating, risks, signing
from core.entries.risks import Risk
from core.errors import Refused
from core.openness import rewording
from core.prevention import claims, looking, measures, rearranging
from core.prevention.measures import Measure
from core.review import merging
from core.store import Work
from core.words import RiskStatus

T = TypeVar("T")
Check = Callable[[Work, T], object]


class Action(StrEnum):
    """A deed on an entry."""

    CLOSE = "close"
    REFUSE_CLOSING = "refuse_closing"
    ASK_CLOSING = "ask_closing"
    LOOK = "look"
    SIGN = "sign"
    RATE = "rate"
    ANNOUNCE = "announce"
    FILE = "file"
    FILE_UNDISCLOSED = "file_undisclosed"
    CONTROL = "control"
    PLAN = "plan"
    ASSIGN = "assign"
    OBJECT = "object"
    STATE = "state"
    DESCRIBE = "describe"
    REWORD = "reword"
    REOPEN = "reopen"
    UNMERGE = "unmerge"
    RAISE_UP = "raise_up"
    GIVE_BACK = "give_back"
    HAND_DOWN = "hand_down"
    OBJECT_HANDING = "object_handing"
    EXTEND = "extend"
    SETTLE = "settle"


class MeasureAction(StrEnum):
    """A deed on a measure."""

    REPORT = "report"
    ATTACH = "attach"
    ASK_VERIFICATION = "ask_verification"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    REARRANGE = "rearrange"
    REWORD = "reword"
    CLAIM = "claim"
    GIVE_UP_CLAIM = "give_up_claim"


def _noticed(work: Work, risk: Risk) -> None:
    risks.check_filing(work, risk)
    if risk.status is not RiskStatus.ANNOUNCED:
        raise Refused("")


def _undisclosed(work: Work, risk: Risk) -> None:
    risks.check_filing(work, risk)
    if risk.status is not RiskStatus.RATED:
        raise Refused("")


ON_ENTRY: dict[Action, tuple[P, Check[Risk]]] = {
    Action.CLOSE: (P.RISK_CLOSE, risks.check_closing),
    Action.REFUSE_CLOSING: (P.RISK_CLOSE, risks.check_closing),
    Action.ASK_CLOSING: (P.RISK_ASK_CLOSING, risks.check_ask_closing),
    Action.LOOK: (P.RISK_LOOK_AGAIN, looking.check_looking),
    Action.SIGN: (P.REGISTER_READ, signing.check_signing),
    Action.RATE: (P.RISK_RATE, rating.check_rating),
    Action.ANNOUNCE: (P.RISK_ANNOUNCE, risks.check_announce),
    Action.FILE: (P.RISK_FILE, _noticed),
    Action.FILE_UNDISCLOSED: (P.RISK_FILE, _undisclosed),
    Action.CONTROL: (P.RISK_CONTROL, risks.check_control),
    Action.PLAN: (P.MEASURE_PLAN, measures.check_planning),
    Action.ASSIGN: (P.RISK_ASSIGN, risks.check_change),
    Action.OBJECT: (P.RISK_STATE, rating.check_objection),
    Action.STATE: (P.RISK_STATE, rating.check_statement),
    Action.DESCRIBE: (P.RISK_DESCRIBE, risks.check_change),
    Action.REWORD: (P.RISK_ANNOUNCE, rewording.check_rewording),
    Action.REOPEN: (P.RISK_REOPEN, risks.check_reopening),
    Action.UNMERGE: (P.FLAG_UNMERGE, merging.check_unmerge),
    Action.RAISE_UP: (P.RISK_ESCALATE, escalation.check_raise),
    Action.GIVE_BACK: (P.RISK_HAND_DOWN, escalation.check_give_back),
    Action.HAND_DOWN: (P.RISK_HAND_DOWN, escalation.check_hand_down),
    Action.OBJECT_HANDING: (P.RISK_ESCALATE, escalation.check_object),
    Action.EXTEND: (P.CLOCK_EXTEND, escalation.check_extend),
    Action.SETTLE: (P.RISK_HAND_DOWN, escalation.check_settle),
}
ON_MEASURE: dict[MeasureAction, tuple[P, Check[Measure]]] = {
    MeasureAction.REPORT: (P.MEASURE_REPORT, measures.check_report),
    MeasureAction.ATTACH: (P.MEASURE_REPORT, measures.check_attach),
    MeasureAction.ASK_VERIFICATION: (P.MEASURE_REPORT, measures.check_ask_verification),
    MeasureAction.VERIFY: (P.MEASURE_VERIFY, measures.check_verdict),
    MeasureAction.SEND_BACK: (P.MEASURE_VERIFY, measures.check_verdict),
    MeasureAction.REARRANGE: (P.MEASURE_PLAN, rearranging.check_rearranging),
    MeasureAction.REWORD: (P.MEASURE_PLAN, rewording.check_measure),
    MeasureAction.CLAIM: (P.MEASURE_CLAIM, claims.check_claim),
    MeasureAction.GIVE_UP_CLAIM: (P.MEASURE_CLAIM, claims.check_giving_up),
}


def actions(work: Work, risk_id: str) -> frozenset[Action]:
    """What the actor can do now with an entry."""
    scope = work.actor.require(P.REGISTER_READ)
    return on_entry(work, risks.load(work, risk_id, scope))


def on_entry(work: Work, risk: Risk) -> frozenset[Action]:
    """What the actor can do now with a loaded entry."""
    path = work.store.register_of(risk.unit_id).path
    return frozenset(
        action for action, (permission, check) in ON_ENTRY.items()
        if work.actor.scope(permission).covers(path) and _passes(check, work, risk)
    )  # fmt: skip


def on_measure(work: Work, measure: Measure) -> frozenset[MeasureAction]:
    """What the actor can do now with a loaded measure."""
    path = work.store.register_of(measure.unit_id).path
    return frozenset(
        action for action, (permission, check) in ON_MEASURE.items()
        if work.actor.scope(permission).covers(path) and _passes(check, work, measure)
    )  # fmt: skip


def _passes(check: Check[T], work: Work, thing: T) -> bool:
    try:
        check(work, thing)
    except Refused:
        return False
    return True
