"""A clock that jumps: a year ahead, a week back. Time comes into the product at one place, the moment a unit of work is
given, so the clock is moved there."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.ledger import broken
from core import dates
from core.access import RESIDENT
from core.alerts import sweeps
from core.errors import Expired
from core.organisation import doors, signin
from core.organisation.tries import Tries
from core.voices import followup
from db import jobs
from db.sweeping import PROGRAM
from db.tables import flags_, people_, receipts_
from db.work import reading, work


def jumps(grounds: Grounds) -> Outcome:
    """Sweeps, sign-ins, receipts, limits in memory, locked accounts and clocks, before and after each jump."""
    outcome = Outcome("a year ahead, then a week back, each with sweeps, sign-in, receipt, limits and locks")
    with grounds.copy("sqlite") as (here, site):
        engine, now = here.engine(), dates.now()
        code = making.spoken(engine, site.codes[0], "楼道里的灯坏了一年了")
        jobs.sweep(engine, now=lambda: now)
        before = _count(engine)
        session = signin.digest(_signed_in(engine, now))
        for ahead in (timedelta(days=365), timedelta(days=366)):
            jobs.sweep(engine, now=lambda ahead=ahead: now + ahead)  # type: ignore[misc]
        outcome.hold(_count(engine) == before, "a leap of the clock deleted something")
        outcome.hold(_is_over(engine, session, now + timedelta(days=365)), "a sign-in outlived the year")
        with reading(engine, RESIDENT, now + timedelta(days=365)) as asked:
            outcome.hold(followup.follow(asked, code).text, "the receipt does not open a year ahead")
        jobs.sweep(engine, now=lambda: now)
        with reading(engine, PROGRAM, now) as asked:
            outcome.hold(sweeps.is_behind(asked), "the clock set back is not noticed")
        outcome.hold(_count(engine) == before, "the clock set back deleted something")
        with work(engine, PROGRAM, now) as doing:
            sweeps.trust_clock(doing)
        found = jobs.sweep(engine, now=lambda: now + timedelta(days=1))
        outcome.hold(not found.faults and _count(engine) == before, "after the clock was confirmed the sweep fails")
        _back(outcome, engine, now)
        making.spoken(engine, site.codes[0], "钟表调整以后再说一件事情")
        outcome.hold(not broken(engine), "a chain does not hold")
        engine.dispose()
    return outcome


def _back(outcome: Outcome, engine, now: datetime) -> None:  # type: ignore[no-untyped-def]
    """A week back: what was closed in the future is not closed for a week, and no sign-in lasts longer by it."""
    back = now - timedelta(days=7)
    outcome.hold(_is_over(engine, signin.digest(_signed_in(engine, now)), back), "a sign-in goes on for a week longer")
    tries = Tries(1)
    tries.count("door", now)
    outcome.hold(not tries.is_closed("door", back), "a limit in memory stays closed for a week")
    until = now + doors.LOCKED
    outcome.hold(doors.is_closed(until, now), "an account that was tried too often is not locked")
    outcome.hold(not doors.is_closed(until, back), "a locked account stays locked for a week")


def _signed_in(engine, now: datetime) -> str:  # type: ignore[no-untyped-def]
    with engine.connect().execution_options(reading=True) as rows:
        person_id = rows.scalar(select(people_.c.id).where(people_.c.account == "cadre0"))
    with work(engine, RESIDENT, now) as doing:
        return signin.begin(doing, doing.store.person(person_id))


def _is_over(engine, session: str, now: datetime) -> bool:  # type: ignore[no-untyped-def]
    try:
        with reading(engine, RESIDENT, now) as asked:
            signin.whose(asked, session)
    except Expired:
        return True
    return False


def _count(engine) -> tuple[int, ...]:  # type: ignore[no-untyped-def]
    with engine.connect().execution_options(reading=True) as rows:
        return tuple(rows.scalar(select(func.count()).select_from(table)) or 0 for table in (flags_, receipts_))


