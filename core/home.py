"""What waits for the person who signs in."""

from dataclasses import dataclass
from datetime import date

from core.access import Permission as P
from core.store import Work


@dataclass(frozen=True)
class Waiting:
    """Counts of what waits, each with the nearest day; None where it is not this person's work."""

    to_inspect: int | None = None
    inspected: int | None = None
    round_title: str = ""
    round_ends: date | None = None
    measures_due: int | None = None
    measures_next: date | None = None
    points: int | None = None
    points_next: date | None = None
    inbox: int | None = None
    inbox_next: date | None = None
    to_verify: int | None = None
    to_close: int | None = None
    to_rate: int | None = None
    to_announce: int | None = None
    to_file: int | None = None
    unanswered: int | None = None
    sealed: int | None = None
    vacant_posts: int | None = None


def waiting(work: Work) -> Waiting:
    """What waits for the actor, by the rights they hold."""
    work.actor.require(P.ACCOUNT_USE)
    actor, facts = work.actor, dict[str, object]()
    if actor.may(P.FLAG_INSPECT):
        facts |= work.store.waiting_rounds(actor.scope(P.FLAG_INSPECT), work.person_id, work.today)
        facts |= work.store.waiting_measures(actor.scope(P.MEASURE_REPORT), work.person_id)
        facts |= work.store.waiting_points(actor.scope(P.POINT_ANSWER))
    if actor.may(P.INBOX_READ):
        facts |= work.store.waiting_inbox(actor.scope(P.INBOX_READ), work.person_id)
        facts |= work.store.waiting_checks(actor.scope(P.MEASURE_VERIFY), work.person_id, work.today)
    if actor.may(P.FLAG_RAISE):
        facts |= work.store.waiting_raised(actor.scope(P.FLAG_RAISE))
        facts |= work.store.waiting_posts(actor.scope(P.POST_HAND_OVER))
    if actor.may(P.SEALED_OPEN):
        facts["sealed"] = work.store.count_sealed(actor.scope(P.SEALED_OPEN))
    return Waiting(**facts)  # type: ignore[arg-type]
