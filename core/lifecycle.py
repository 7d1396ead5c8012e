"""The steps of the loop: which state follows which, by whose right, leaving which trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from core.access import Permission as P
from core.errors import Stale
from core.events import Event as E
from core.text import N_, Term
from core.words import FlagStatus as F
from core.words import Handing as H
from core.words import MeasureStatus as M
from core.words import OpeningStatus as O
from core.words import RiskStatus as R


@dataclass(frozen=True)
class Step:
    """One allowed move from state to state; `also` are the events beside the first where one move is told in ways."""

    before: Term
    after: Term
    permission: P
    event: E
    also: tuple[E, ...] = ()


S = TypeVar("S", bound=Term)


class Standing(Protocol):
    """Anything that stands in a state, kept or worked out from its days."""

    @property
    def status(self) -> Term: ...


class Moving(Protocol[S]):
    """Anything whose state is kept and can be moved."""

    status: S


class DueState(Term):
    """Where a disclosure stands, by whether it was recorded as published."""

    OWED = "owed", N_("Not made public yet")
    PUBLISHED = "published", N_("Was made public")


class StepState(Term):
    """Where one of the six steps of a decision stands."""

    OPEN = "open", N_("Not entered yet")
    TAKEN = "taken", N_("Taken")
    SKIPPED = "skipped", N_("Skipped")


class RoundState(Term):
    """Where a round stands, by whether it was closed."""

    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed and frozen")


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

DECISION_STEPS = tuple(
    Step(before, after, P.DECISION_EDIT, event)
    for before in StepState
    for after, event in ((StepState.TAKEN, E.DECISION_STEP_TAKEN), (StepState.SKIPPED, E.DECISION_STEP_SKIPPED))
)
"""Each step by itself: the order of the six and their days are remarked on and hinder nothing."""

DUE_STEPS = (
    Step(DueState.OWED, DueState.PUBLISHED, P.DISCLOSURE_EDIT, E.DISCLOSED),
    Step(DueState.PUBLISHED, DueState.OWED, P.DISCLOSURE_EDIT, E.DISCLOSURE_UNDONE),
)

OPENING_STEPS = (
    Step(O.ASKED, O.GRANTED, P.SEALED_OPEN, E.OPENING_GRANTED),
    Step(O.ASKED, O.REFUSED, P.SEALED_OPEN, E.OPENING_REFUSED),
    Step(O.ASKED, O.WITHDRAWN, P.SEALED_OPEN, E.OPENING_WITHDRAWN),
    Step(O.GRANTED, O.DONE, P.SEALED_OPEN, E.CONTACT_OPENED, also=(E.ORIGINAL_OPENED, E.DISPOSED)),
)

ROUND_STEPS = (
    Step(RoundState.OPEN, RoundState.OPEN, P.ROUND_OPEN, E.ROUND_MOVED),
    Step(RoundState.OPEN, RoundState.CLOSED, P.ROUND_OPEN, E.ROUND_CLOSED),
)

_ABOVE = (H.RAISED, H.CONCERNED, H.RETURNED, H.HANDED_DOWN, H.OBJECTED)
HANDING_STEPS = (
    *(Step(before, H.RAISED, P.RISK_ESCALATE, E.RISK_ESCALATED) for before in H),
    *(Step(before, H.CONCERNED, P.FLAG_MERGE, E.RISK_ESCALATED) for before in H),
    *(Step(before, H.HANDED_DOWN, P.RISK_HAND_DOWN, E.RISK_HANDED_DOWN) for before in _ABOVE),
    Step(H.RAISED, H.RETURNED, P.RISK_HAND_DOWN, E.RISK_GIVEN_BACK),
    *(
        Step(before, H.OBJECTED, P.RISK_ESCALATE, E.HANDING_OBJECTED)
        for before in (H.RAISED, H.RETURNED, H.HANDED_DOWN)
    ),
)
"""How an entry came to its holder, and how it may go on from there; units and reasons: core.entries.escalation."""

LIFECYCLES = {
    N_("Flag"): FLAG_STEPS,
    N_("Register entry"): RISK_STEPS,
    N_("Measure"): MEASURE_STEPS,
    N_("Step of a decision"): DECISION_STEPS,
    N_("Disclosure owed"): DUE_STEPS,
    N_("Second person"): OPENING_STEPS,
    N_("Round"): ROUND_STEPS,
    N_("Escalation"): HANDING_STEPS,
}


def step_to(thing: Standing, after: Term, steps: Sequence[Step], right: P | None = None) -> Step:
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
