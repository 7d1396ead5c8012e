"""Several processes writing at once, as servers do: no chain forks, no line is missing, nobody waits for ever."""

import multiprocessing
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, event, text

from core.access import FOUNDER
from core.errors import Stale
from core.events import Event
from db.engine import connect
from db.migrate import upgrade
from db.questions.log import Log
from db.work import reading, work

PROCESSES, DEEDS, CHAINS = 4, 15, 5


def write(url: str, writer: int, many: bool) -> None:
    """Deeds of one server: a line on one chain, or lines on several in any order; tried again when it met another."""
    engine, draw = connect(url), Random(writer)
    for n in range(DEEDS):
        chains = draw.sample(range(CHAINS), 3) if many else [0]
        while True:
            try:
                with work(engine, FOUNDER) as doing:
                    for chain in chains:
                        doing.record(Event.POST_ADDED, f"{writer}-{n}", chain=f"chain{chain}", name="岗位")
                break
            except Stale:
                continue
    engine.dispose()


def crowd(engine: Engine, tmp_path: Path, many: bool) -> Counter[str]:
    """How many lines each deed left, after so many processes have done theirs."""
    url = engine.url.render_as_string(hide_password=False)
    if engine.dialect.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'busy.db'}"
    shared = connect(url)
    upgrade(shared)
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write, args=(url, n, many)) for n in range(PROCESSES)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(240)
    assert [one.exitcode for one in writers] == [0] * PROCESSES
    with reading(shared, FOUNDER) as asked:
        assert isinstance(asked.store, Log)
        assert [found.first for _chain, found in asked.store.verdicts() if found.first] == []
    with shared.connect() as rows:
        lines = Counter(rows.scalars(text("SELECT subject FROM audit_entries")))
    shared.dispose()
    return lines


@pytest.mark.costly
def test_processes_on_one_chain_leave_each_line_once(engine: Engine, tmp_path: Path) -> None:
    assert crowd(engine, tmp_path, many=False) == dict.fromkeys(
        [f"{writer}-{n}" for writer in range(PROCESSES) for n in range(DEEDS)], 1
    )


@pytest.mark.costly
def test_processes_that_take_several_chains_in_any_order_do_every_deed_once(engine: Engine, tmp_path: Path) -> None:
    assert crowd(engine, tmp_path, many=True) == dict.fromkeys(
        [f"{writer}-{n}" for writer in range(PROCESSES) for n in range(DEEDS)], 3
    )


def test_a_deed_with_many_lines_asks_for_its_chain_once(engine: Engine) -> None:
    with work(engine, FOUNDER) as doing:
        doing.record(Event.POST_ADDED, "x", chain="a", name="岗位")
    said: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *rest: said.append(str(rest[2])))
    with work(engine, FOUNDER) as doing:
        for _line in range(10):
            doing.record(Event.POST_ADDED, "x", chain="a", name="岗位")
    lock = [one for one in said if one.lstrip().startswith("SELECT") and "chain_heads" in one]
    assert len(lock) == 1
    assert len([one for one in said if "audit_entries" in one]) == 10
    if engine.dialect.name == "postgresql":  # a line and the head in one statement
        assert len([one for one in said if "chain_heads" in one]) == 11
