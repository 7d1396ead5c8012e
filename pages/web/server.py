"""The web application round Streamlit: routes, guards, start and stop."""

import asyncio
import gc
import pkgutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from importlib import import_module
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

import core
import pages.ui
from core.alike import meaning
from core.errors import Unavailable
from core.settings import choice
from pages.ui import gate
from pages.web import account, faults, finding, frame, front, notice, papers, resident, setup
from pages.web.guard import Guard
from pages.web.headers import Compressed, Rules
from pages.web.pages import Reader, explain

WORKER = "QINGYUAN_WORKER"
"""Set to `outside` where `python -m db work` carries out long work instead of the server."""
HEAVY = ("pandas", "pyarrow", "altair", "rjieba", "scipy.sparse.linalg", "scipy.sparse.csgraph", "scipy.special")
"""What some page will need, imported while nobody waits."""
RARELY = (5000, 10, 10)
"""After how many new objects the collector looks for what has gone, and how often further: a run of a page makes some
thousands, and a long look would hold up whoever waits just then."""
SETTLE = 3.0
"""Seconds after the start in which whoever waited for it gets a first page before anything else is done."""


class _Deeper(StringConvertor):
    """An address of several parts that is none of Streamlit's own; its frame would be a blank page there."""

    regex = r"(?!(?:_stcore|static|media|component|app|auth)/)[^/]+/.*"


class _Plain(StringConvertor):
    """One part of an address without a dot, so that Streamlit's own files stay reachable."""

    regex = "[^/.]+"


def parts() -> dict[str, Any]:
    """What is built round Streamlit's own server; `Refused` where a setting cannot be read."""
    choice(WORKER, "outside")
    meaning.chosen()
    gate.look_at_settings()
    return {
        "routes": routes(),
        "middleware": [Middleware(Rules), Middleware(Guard), Middleware(Reader), Middleware(Compressed)],
        "lifespan": lifespan,
        "on_script_error": faults.show,
        "exception_handlers": {HTTPException: explain, Unavailable: explain, Exception: explain},
    }


def routes() -> list[Route]:
    """Every plain address, ours before Streamlit's."""
    register_url_convertor("plain", _Plain())
    register_url_convertor("deeper", _Deeper())
    return [
        Route("/web/zh.js", frame.chinese_words, methods=["GET"]),
        Route("/web/{name}", frame.static, methods=["GET"]),
        *account.routes(),
        *setup.routes(),
        *resident.routes(),
        *notice.routes(),
        *papers.routes(),
        *finding.routes(),
        *front.routes(),
        Route("/{address:plain}", front.nowhere, methods=["GET"]),
        Route("/{address:deeper}", front.nowhere, methods=["GET"]),
    ]


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """Start: the database opened and migrated, and soon afterwards the rest imported and long work taken up. Stop: all
    that undone."""
    faults.keep_logs_bare()
    gate.open_site()
    if not gate.is_founded():
        print(setup.announcement(), flush=True)  # noqa: T201 - the console is where the code belongs
    for trouble in filter(None, (gate.keeping_trouble(), gate.files_trouble())):
        print(trouble, file=sys.stderr, flush=True)  # noqa: T201 - the server's log is where its keeper looks
    worker = gate.worker(faults.note) if not choice(WORKER, "outside") else None
    settling = asyncio.create_task(_settle(worker.start if worker else None))
    try:
        yield
    finally:
        settling.cancel()
        with suppress(asyncio.CancelledError):
            await settling
        if worker:
            await run_in_threadpool(worker.stop)
        gate.close_site()


async def _settle(take_up: Callable[[], None] | None) -> None:
    await asyncio.sleep(SETTLE)
    try:
        await run_in_threadpool(warm)
    except Exception as fault:  # whatever page needs it will say so again
        faults.note(fault)
    if take_up:
        take_up()


def warm() -> None:
    """Import what pages will need, and keep the collector from looking through it after every run."""
    for name in HEAVY:
        import_module(name)
    for package in (core, pages.ui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    if near := meaning.chosen():
        near("", [""])
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
