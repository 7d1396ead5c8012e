"""Sums stay right when who keeps them is killed half-way, is late, or is not alone."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from core.access import FOUNDER
from core.store import Work
from db import jobs
from db.questions.sums import Answered, Sums
from db.questions.sweeps import LEASE, MARGIN
from db.sweeping import sweep
from tests import makers
from tests.db.test_sums import held, keep, kept  # noqa: F401
from tests.db.test_sweeping import aged, shared  # noqa: F401
from tests.makers import Place

pytestmark = pytest.mark.costly

KEEPING = """
import os, signal, sys
from datetime import datetime
from db import jobs
from db.engine import connect
from db.questions import sums
from db.sweeping import sweep

url, now, left = sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
put, sums.FEW, jobs.SUMMED = sums.Sums._put_answers, 0, 1

def dying(self, *args, **more):
    global left
    put(self, *args, **more)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

sums.Sums._put_answers = dying
sweep(connect(url), [jobs.SUMS], now=lambda: now)
"""
"""A server that keeps the sums of one community in each step, and is killed after it has put down so many answers."""


def server(place: Place, root: Path, left: int = 0) -> subprocess.Popen[bytes]:
    url = place.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, "-c", KEEPING, url, place.now.isoformat(), str(left)], cwd=root)


def is_unsummed(work: Work) -> bool:
    return work.store.is_unsummed(work.today)


@pytest.mark.parametrize("left", [1, 4, 7])
def test_a_server_killed_while_it_keeps_sums_leaves_none_that_is_wrong(
    shared: Place, root: Path, monkeypatch: pytest.MonkeyPatch, left: int  # noqa: F811
) -> None:
    """In the first answer of a community, in those of the areas above it, and after others were kept."""
    makers.open_risk(shared)
    keep(shared)
    for unit in ("banyan", "river", "far"):
        makers.speak(shared, "门口的灯坏了", None, unit)
    assert server(shared, root, left).wait() == -9
    held(shared, monkeypatch)
    assert shared.ask(FOUNDER, is_unsummed)
    aged(shared.engine, LEASE + MARGIN)
    keep(shared)
    assert not shared.ask(FOUNDER, is_unsummed)
    held(shared, monkeypatch)


def test_two_servers_at_once_keep_each_sum_as_one_would(
    shared: Place, root: Path, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    makers.open_risk(shared)
    for one in [server(shared, root), server(shared, root)]:
        assert one.wait() == 0
    assert not shared.ask(FOUNDER, is_unsummed)
    held(shared, monkeypatch)


def test_who_counted_before_another_server_took_over_puts_nothing_down(
    shared: Place, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    makers.open_risk(shared)
    count = Sums.sums_now

    def late(self: Sums, today: date, most: int) -> list[Answered]:
        monkeypatch.setattr(Sums, "sums_now", count)
        found = count(self, today, most)
        makers.speak(shared, "门口的灯坏了", None)
        aged(shared.engine, LEASE + MARGIN)
        keep(shared)
        return found

    monkeypatch.setattr(Sums, "sums_now", late)
    assert not sweep(shared.engine, [jobs.SUMS], now=lambda: shared.now).found
    assert not shared.ask(FOUNDER, is_unsummed)
    held(shared, monkeypatch)
