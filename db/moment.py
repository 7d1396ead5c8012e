"""One moment for all that a run of a page asks, up to its next deed: one transaction, one answer to each question."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from sqlalchemy import Engine

from core import dates
from core.access import Actor
from core.errors import Refused
from core.store import Work
from db.trouble import told
from db.work import reading


class _Here(threading.local):
    """What this thread has open: None outside a moment, and `asked` None before its first question."""

    shared: ExitStack | None = None
    asked: Work | None = None


_here = _Here()


@contextmanager
def moment() -> Iterator[None]:
    """Let what this thread asks until the block ends be of one moment, that of the first question."""
    _here.shared = ExitStack()
    try:
        yield
    finally:
        pass_on()
        _here.shared = None


def pass_on() -> None:
    """A deed begins, or a question failed: what this thread asks next is of a later moment."""
    _here.asked = None
    if _here.shared is not None:
        _here.shared.close()


@contextmanager
def asking(database: Callable[[], Engine], actor: Actor) -> Iterator[Work]:
    """A question in an actor's name, of this thread's moment where there is one.

    The database is looked up once a moment: a thread that holds one connection never waits for another.
    """
    if _here.shared is None:
        with reading(database(), actor) as alone:
            yield alone
        return
    if _here.asked is None:
        _here.asked = _here.shared.enter_context(reading(database(), actor))
    try:
        with told():  # the reading's own sees no error of a question: it ends with the moment
            yield replace(_here.asked, actor=actor, now=dates.now())
    except Refused:
        raise
    except BaseException:
        pass_on()
        raise
