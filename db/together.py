"""One run of a page asks many questions: they share one reading, so that they see the same moment and begin one
transaction between them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import replace

from sqlalchemy import Engine

from core import dates
from core.access import Actor
from core.errors import Refused
from core.store import Work
from db.work import reading


class _Run:
    """What the questions of one run share: nothing yet, or a reading."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._asked: Work | None = None

    def asked(self, engine: Callable[[], Engine], actor: Actor) -> Work:
        if self._asked is None:
            self._asked = self._open.enter_context(reading(engine(), actor))
        return replace(self._asked, actor=actor, now=dates.now())

    def end_reading(self) -> None:
        self._asked = None
        self._open.close()


_run: ContextVar[_Run | None] = ContextVar("run", default=None)


@contextmanager
def one_run() -> Iterator[None]:
    """Round a run of a page, in its own thread."""
    run = _Run()
    before = _run.set(run)
    try:
        yield
    finally:
        _run.reset(before)
        run.end_reading()


@contextmanager
def asking(engine: Callable[[], Engine], actor: Actor) -> Iterator[Work]:
    """A question: in the reading of its run, or in one of its own where there is no run."""
    if (run := _run.get()) is None:
        with reading(engine(), actor) as asked:
            yield asked
        return
    try:
        yield run.asked(engine, actor)
    except Refused:
        raise
    except BaseException:  # a transaction in which something failed answers nothing more
        run.end_reading()
        raise


def look_anew() -> None:
    """Before a deed, and before what must not rest on a moment that has passed: the next question opens a reading."""
    if run := _run.get():
        run.end_reading()
