"""The unit of work: one transaction for a deed, its audit entry and what the register was after it, or for nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core import dates
from core.access import Actor
from core.alerts.addresses import Address
from core.alerts.deliveries import Delivery
from core.alike.vocabulary import Vocabulary
from core.entries import signed
from core.entries.rating import Assessment
from core.entries.risks import Risk
from core.errors import Refused, Stale
from core.organisation.signin import Session as SignIn
from core.prevention.measures import Evidence, Measure, Progress
from core.review.merging import Link
from core.review.suggesting import Suggestion
from core.store import Work
from core.voices.drafts import Draft
from core.voices.flags import Reading
from db import shelves
from db.files import bring
from db.once import Once
from db.questions.versions import touched
from db.store import SqlStore
from db.trouble import told, trouble

UNRECORDED = (Draft, SignIn, Reading, Suggestion, Vocabulary, Delivery, Address)
"""What may change without a line of its own in the audit log."""


class _Doing(Session):
    """The session of a deed, which notes what is changed in it."""


class Unrecorded(AssertionError):
    """Something was changed and no audit entry written: a fault of the program."""


@contextmanager
def work(engine: Engine, actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """A deed: committed as a whole at the end, rolled back when anything is raised.

    A clash with another deed is raised as `Stale`, a database that takes nothing in as `Unavailable`.
    """
    with _Doing(engine, expire_on_commit=False) as session:
        try:
            doing = Work(actor, SqlStore(session), now or dates.now())
            yield doing
            hold_signatures(doing)
            session.flush()
            if session.info.get("changed") and not session.info.get("recorded"):
                raise Unrecorded(session.info["changed"])
            doing.store.keep_versions(doing.today)
            session.commit()
        except StaleDataError as clash:
            session.rollback()
            raise Stale from clash
        except IntegrityError as clash:
            session.rollback()
            if "unique" in str(clash.orig).lower():
                raise Stale from clash
            raise
        except (DBAPIError, NoConnectionLeft) as error:
            session.rollback()
            if "deadlock" in str(error):
                raise Stale from error
            if found := trouble(error):
                raise found from error
            raise
        except BaseException:
            session.rollback()
            raise
    _outside(engine, session.info)


def _outside(engine: Engine, deed: Mapping[str, Any]) -> None:
    """What of a committed deed is to be done on the shelves; the sweep does what could not be."""
    shelves.clear(deed.get("spent", ()))
    with suppress(Refused, DBAPIError, NoConnectionLeft):
        for sha256 in deed.get("kept", ()) if shelves.shelves()[0] else ():
            bring(engine, sha256)


@contextmanager
def reading(engine: Engine, actor: Actor, now: datetime | None = None) -> Iterator[Work]:
    """A question: nothing is kept of it, and all it reads is of one moment."""
    with told(), Once(_readers(engine), autoflush=False) as session:
        session.info["reading"] = True
        yield Work(actor, SqlStore(session), now or dates.now())
        _end(session)


def _end(session: Session) -> None:
    """End a reading on PostgreSQL as if it were to be kept: there it can have changed nothing. Taken back, it would
    take with it how each question is carried out, which takes the server longer to find than to do."""
    connection = session.connection() if session.in_transaction() else None
    if connection is None or connection.invalidated or connection.dialect.name == "sqlite":
        return
    if begun := connection.get_transaction():
        begun.commit()


@lru_cache(maxsize=8)
def _readers(engine: Engine) -> Engine:
    """The same engine, whose transactions only read."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(reading=True, isolation_level="REPEATABLE READ", postgresql_readonly=True)


def hold_signatures(doing: Work) -> None:
    """At the end of a deed, hold what was signed of the entries it touched against what stands in them now."""
    session = doing.store.session  # type: ignore[attr-defined]
    session.flush()
    if touched := session.info.pop("touched", None):
        signed.watch(doing, touched)
        session.flush()


def _entry_of(session: Session, thing: object) -> set[str]:
    """The entry in which something stands that may be material for a signature."""
    if isinstance(thing, Evidence | Progress):
        measure = session.get(Measure, thing.measure_id)
        return {measure.risk_id} if measure else set()
    if isinstance(thing, Risk):
        return {thing.id}
    return {thing.risk_id} if isinstance(thing, Assessment | Link | Measure) else set()


def _note_changes(session: Session, *_rest: object) -> None:
    for thing in (*session.new, *session.dirty, *session.deleted):
        session.info.setdefault("touched", set()).update(_entry_of(session, thing))
        if not isinstance(thing, UNRECORDED) and (session.is_modified(thing) or thing in session.deleted):
            session.info["changed"] = type(thing).__name__
            touched(session, thing)


event.listen(_Doing, "before_flush", _note_changes)
