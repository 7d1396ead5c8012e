"""The table of what is done by time. Whoever adds a job adds a line here: its name, what it does, and how often."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Engine, text

from core import dates
from core import witness as log_witness
from core.alerts import addressees, deliveries, warnings
from core.alike import vocabulary
from core.entries import escalation
from core.errors import Refused
from core.openness import disclosure
from core.organisation import doors
from core.privacy.keeping import Kept, terms
from core.settings import given
from core.store import Work
from core.text import N_, _
from core.voices import retention
from db import auditing, filing, outside, shelves, sweeping, witness
from db.files import left_over
from db.sweeping import PROGRAM, Job, Note, Swept, Turn, by_unit, loud
from db.work import reading

KEEP = "QINGYUAN_KEEP"
"""Variable: terms of this site in place of the program's own, like `contact=60 draft=30`, in days."""
SUMMED = 20
"""Communities whose sums are kept in one transaction."""
LOT = 200
"""Deletions of one kind in one transaction, so that nobody waits long for the next one."""


def trouble() -> str:
    """Why the terms of this site cannot be read, so that nothing is deleted by them; nothing when they can."""
    try:
        terms(given(KEEP))
    except Refused as refusal:
        return str(refusal)
    return ""


def _retention(turn: Turn) -> None:
    """Delete what has been kept long enough, in lots; how much of each kind it was."""
    days, more = terms(given(KEEP)), True
    while more:
        lot = turn.do(retention.sweep, days, LOT)
        turn.found.update({kind.label: count for kind, count in lot.items()})
        more = max(lot.values()) >= LOT
    turn.do(lambda doing: doing.store.forget_old_doors(doing.today - doors.FORGOTTEN))
    clear(turn.engine)


def _files(turn: Turn) -> None:
    """Bring out what could not be brought with its deed; let go from the shelves what is to go, and what a server that
    was killed has left there."""
    if not shelves.outside():
        return
    filing.bring_out(turn.engine, turn.stopped)
    places = turn.ask(lambda asked: asked.store.spent_places())
    if shelves.clear(places):
        turn.do(lambda doing: doing.store.forget_places(places))
    site = turn.ask(lambda asked: asked.store.top_unit().id)
    for shelf, lot in left_over(site, turn.now()):
        for place in turn.ask(lambda asked, lot=lot: asked.store.unknown_places(lot)):
            shelf.drop(place)
            turn.found[_("files nobody knows")] += 1


def _vocabulary(turn: Turn) -> None:
    """Count anew what the site's flags say: read outside any transaction, and kept in a short one."""
    if turn.ask(vocabulary.is_due):
        turn.do(vocabulary.keep, turn.ask(vocabulary.counted))


def _messages(turn: Turn) -> None:
    """Put what is to be told outside on the list, and send what is due: claimed, sent between two steps, noted."""
    for address_id in turn.ask(deliveries.digests_due):
        turn.once(address_id, deliveries.prepare_digest, address_id)
    turn.do(deliveries.prepare_red)
    while (delivery := turn.do(deliveries.claim)) is not None:
        message = turn.ask(deliveries.outgoing, delivery.id)
        if isinstance(message, str):
            turn.do(deliveries.drop, delivery.id, message)
        else:
            sent = outside.send(message)
            turn.do(deliveries.settle, delivery.id, sent=sent)
            turn.found[_("messages sent") if sent else _("tries that failed")] += 1


def _witness(turn: Turn) -> None:
    """Let the witness see what the log has grown by, and tell of each chain that is newly found not to hold; once a day
    that there is no witness which could be read and kept."""
    if witness.file_of(turn.engine) is None:
        return
    try:
        found = auditing.audit(turn.engine, auditing.of_the_day(dates.today(turn.now())))
    except Refused:
        turn.once("away", log_witness.tell_away)
        raise
    known = set(found.before.broken if found.before else ())
    if fresh := [one for one in found.broken if one not in known]:
        turn.do(log_witness.tell, fresh)
        turn.found[_("chains that do not hold")] += len(fresh)


def _sums(turn: Turn) -> None:
    """Keep the sums of communities in which something has happened: counted outside the transaction that keeps them."""
    while not turn.stopped() and (found := turn.ask(lambda asked: asked.store.sums_now(asked.today, SUMMED))):
        turn.do(lambda doing, found=found: doing.store.keep_sums(found))
        if len(found) < SUMMED:  # what has happened meanwhile waits for the next look
            return


def _are_sums_old(work: Work) -> bool:
    return work.store.is_unsummed(work.today)


SUMS = Job("sums", _sums, waits=_are_sums_old, title=N_("Sums for figures"))
JOBS: tuple[Job, ...] = (
    Job("retention", _retention, deletes=True, title=N_("Deletions")),
    Job("files", _files, deletes=True, title=N_("Files outside the database")),
    Job("vocabulary", _vocabulary, title=N_("Counting of words")),
    Job("disclosure", by_unit(disclosure.renew), title=N_("Disclosures that fall due")),
    Job("concerned", by_unit(escalation.lift_concerned, closed=True), title=N_("Entries that begin above by recusal")),
    Job("warnings", by_unit(warnings.renew, closed=True), title=N_("Early warnings")),
    Job("reminders", by_unit(addressees.remind, closed=True), title=N_("Reminders")),
    Job("witness", _witness, title=N_("Check of the audit log")),
    SUMS,
    Job("messages", _messages, waits=deliveries.has_something, title=N_("Messages to the outside")),
)  # fmt: skip
"""In this order."""


def sweep(
    engine: Engine, *, stopped: Callable[[], bool] = lambda: False, note: Note = loud,
    now: Callable[[], datetime] | None = None,
) -> Swept:  # fmt: skip
    """Do what is due of all jobs."""
    return sweeping.sweep(engine, JOBS, stopped=stopped, note=note, now=now)


def to_delete(engine: Engine) -> dict[Kept, int]:
    """How much of each kind a sweep would delete now; nothing is deleted."""
    with reading(engine, PROGRAM) as asked:
        return retention.due(asked, terms(given(KEEP)))


def still_to_do(engine: Engine) -> dict[str, date | None]:
    """The jobs that are due now, each with the last day it was done for."""
    with reading(engine, PROGRAM, sweeping.clock_of(engine)()) as asked:
        return {job.label: asked.store.mark(job.name, sweeping.WHOLE) for job in sweeping.due(asked, JOBS)}


def clear(engine: Engine) -> None:
    """Let nothing that was deleted stand in the files of SQLite: neither in its index of texts nor in its journal."""
    if engine.dialect.name != "sqlite":
        return
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said_index (said_index) VALUES ('optimize')"))
    with engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
