"""The steps of the loop: which state follows which, by whose right, leaving which trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from core.access import Permission as P
from core.errors import Stale
from core.events import Event as E
from core.text import N_, Term
from core.words import FlagStatus as F
from core.words import MeasureStatus as M
from core.words import RiskStatus as R


@dataclass(frozen=True)
class Step:
    """One allowed move from state to state."""

    before: Term
    after: Term
    permission: P
    event: E


S = TypeVar("S", bound=Term)


class Moving(Protocol[S]):
    """Anything that has a state."""

    status: S


FLAG_STEPS = (
    Step(F.NEW, F.MERGED, P.FLAG_MERGE, E.FLAG_MERGED),
    Step(F.NEW, F.OPENED, P.FLAG_MERGE, E.FLAG_OPENED),
    Step(F.NEW, F.ASKED, P.FLAG_TRIAGE, E.FLAG_ASKED),
    Step(F.NEW, F.REFERRED, P.FLAG_TRIAGE, E.FLAG_REFERRED),
    Step(F.NEW, F.DECLINED, P.FLAG_TRIAGE, E.FLAG_DECLINED),
    Step(F.ASKED, F.NEW, P.RECEIPT_OPEN, E.FLAG_ANSWERED),
    Step(F.ASKED, F.MERGED, P.FLAG_MERGE, E.FLAG_MERGED),
    Step(F.ASKED, F.OPENED, P.FLAG_MERGE, E.FLAG_OPENED),
    Step(F.ASKED, F.REFERRED, P.FLAG_TRIAGE, E.FLAG_REFERRED),
    Step(F.ASKED, F.DECLINED, P.FLAG_TRIAGE, E.FLAG_DECLINED),
    Step(F.REFERRED, F.NEW, P.FLAG_TRIAGE, E.FLAG_RESTORED),
    Step(F.DECLINED, F.NEW, P.FLAG_TRIAGE, E.FLAG_RESTORED),
    Step(F.MERGED, F.NEW, P.FLAG_UNMERGE, E.FLAG_UNMERGED),
    Step(F.OPENED, F.NEW, P.FLAG_UNMERGE, E.FLAG_UNMERGED),
    Step(F.MERGED, F.ASKED, P.FLAG_UNMERGE, E.FLAG_UNMERGED),
    Step(F.OPENED, F.ASKED, P.FLAG_UNMERGE, E.FLAG_UNMERGED),
)

RISK_STEPS = (
    Step(R.UNRATED, R.RATED, P.RISK_RATE, E.RISK_RATED),
    Step(R.UNRATED, R.ARCHIVED, P.FLAG_UNMERGE, E.RISK_WITHDRAWN),
    Step(R.ARCHIVED, R.UNRATED, P.FLAG_UNMERGE, E.RISK_RESTORED),
    Step(R.RATED, R.RATED, P.RISK_RATE, E.RISK_RATED),
    Step(R.RATED, R.ANNOUNCED, P.RISK_ANNOUNCE, E.RISK_ANNOUNCED),
    Step(R.RATED, R.FILED, P.RISK_FILE, E.RISK_FILED),
    Step(R.ANNOUNCED, R.RATED, P.RISK_RATE, E.RISK_RATED),
    Step(R.ANNOUNCED, R.FILED, P.RISK_FILE, E.RISK_FILED),
    Step(R.FILED, R.FILED, P.RISK_RATE, E.RISK_RATED),
    Step(R.FILED, R.CONTROLLED, P.RISK_CONTROL, E.RISK_CONTROLLED),
    Step(R.CONTROLLED, R.CONTROLLED, P.RISK_RATE, E.RISK_RATED),
    Step(R.CONTROLLED, R.VERIFYING, P.RISK_ASK_CLOSING, E.CLOSING_ASKED),
    Step(R.VERIFYING, R.CONTROLLED, P.RISK_CLOSE, E.CLOSING_REFUSED),
    Step(R.VERIFYING, R.CLOSED, P.RISK_CLOSE, E.RISK_CLOSED),
    Step(R.CLOSED, R.REOPENED, P.RISK_REOPEN, E.RISK_REOPENED),
    Step(R.CLOSED, R.ARCHIVED, P.RISK_LOOK_AGAIN, E.RISK_ARCHIVED),
    Step(R.REOPENED, R.REOPENED, P.RISK_RATE, E.RISK_RATED),
    Step(R.REOPENED, R.CONTROLLED, P.RISK_CONTROL, E.RISK_CONTROLLED),
)

ENDED = frozenset({R.CLOSED, R.ARCHIVED})
"""States of an entry that is over."""

MEASURE_STEPS = (
    Step(M.OPEN, M.DOING, P.MEASURE_REPORT, E.MEASURE_REPORTED),
    Step(M.DOING, M.DOING, P.MEASURE_REPORT, E.MEASURE_REPORTED),
    Step(M.RETURNED, M.DOING, P.MEASURE_REPORT, E.MEASURE_REPORTED),
    Step(M.DOING, M.VERIFYING, P.MEASURE_REPORT, E.VERIFICATION_ASKED),
    Step(M.VERIFYING, M.VERIFIED, P.MEASURE_VERIFY, E.MEASURE_VERIFIED),
    Step(M.VERIFYING, M.RETURNED, P.MEASURE_VERIFY, E.MEASURE_RETURNED),
)

LIFECYCLES = {
    N_("Flag"): FLAG_STEPS,
    N_("Register entry"): RISK_STEPS,
    N_("Measure"): MEASURE_STEPS,
}


def step_to(thing: Moving[S], after: S, steps: Sequence[Step], right: P | None = None) -> Step:
    """The step that leads a thing to a state, by a given right where one is named; `Stale` when none does."""
    for step in steps:
        if step.before == thing.status and step.after == after and right in (None, step.permission):
            return step
    raise Stale(N_("This is now “{status}”, so this step is no longer open."), status=thing.status)


def advance(thing: Moving[S], after: S, steps: Sequence[Step]) -> E:
    """Move a thing to a state and say which event that is; `Stale` when no step leads there."""
    step = step_to(thing, after, steps)
    thing.status = after
    return step.event


def chart(steps: Sequence[Step]) -> str:
    """The steps as a Mermaid state chart, for the documents: states in the reader's words, rights as codes."""
    states = dict.fromkeys(state for step in steps for state in (step.before, step.after))
    names = [f"    {state}: {state.label}" for state in states]
    rows = [f"    {s.before} --> {s.after}: {s.permission}" for s in steps]
    return "\n".join(["stateDiagram-v2", *names, f"    [*] --> {steps[0].before}", *rows])
