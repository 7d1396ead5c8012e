"""Two replicas doing the same deed at the same moment: two processes, each with its own connections."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

from sqlalchemy import func, select

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.ledger import broken
from core.access import RESIDENT, Actor
from core.entries import risks
from core.errors import Refused
from core.events import Event
from core.formats.sheets import Upload
from core.prevention import measures
from core.review import intake, merging, triage
from core.review.intake import IntakeForm
from core.voices import flags
from db.engine import connect
from db.tables import audit_entries, flags_, run_rows
from db.worker import work_off

TIMES = 4
"""How often each deed is done at once, each time on something else."""
ROWS = 60
Deed = tuple[str, Actor, tuple[Any, ...]]
DEEDS: dict[str, Callable[..., Any]] = {
    "speak": flags.speak, "merge": merging.merge, "decline": triage.decline, "verify": measures.verify,
    "close": risks.close,
}  # fmt: skip


def replica(url: str, deeds: Sequence[Deed], start: "Barrier", told: Connection) -> None:
    """Do deeds as one replica of two, each when the other begins it too; tells what it was answered."""
    engine, answers = connect(url), []
    for name, who, arguments in deeds:
        start.wait(timeout=120)
        try:
            if name == "run":
                work_off(engine, lambda: False, _loud)
                answers.append("done")
            else:
                answers.append(f"done {making.do(engine, who, DEEDS[name], *arguments)}")
        except Refused as refusal:
            answers.append(f"refused {refusal}")
        except Exception as fault:
            answers.append(f"fault {type(fault).__name__}")
    told.send(answers)


def _loud(fault: BaseException) -> str:
    raise fault


def at_once(url: str, deeds: Sequence[Deed]) -> list[tuple[str, str]]:
    """What both replicas were answered, deed by deed."""
    spawn = multiprocessing.get_context("spawn")
    start, pipes, both = spawn.Barrier(2), [spawn.Pipe(False) for _n in range(2)], []
    for _mine, theirs in pipes:
        both.append(spawn.Process(target=replica, args=(url, deeds, start, theirs)))
        both[-1].start()
        theirs.close()
    answers = [mine.recv() for mine, _theirs in pipes]
    for process in both:
        process.join()
    return list(zip(*answers, strict=True))


def same_deed(kind: str) -> Callable[[Grounds], Outcome]:
    def run(grounds: Grounds) -> Outcome:
        with grounds.copy(kind) as (here, site):
            engine = here.engine()
            ready = [making.ready(engine, one, site.supervisor, 2, 1) for one in site.communities[:TIMES]]
            deeds = [deed for one in ready for deed in _deeds(one, site.supervisor)]
            run_id = _sheet(engine, ready[0])
            deeds.append(("run", ready[0].community.cadre, ()))
            answers = at_once(here.url, deeds)
            outcome = Outcome(f"{len(deeds)} deeds, each by two processes at once, and a sheet of {ROWS} rows")
            for (name, _who, _arguments), pair in zip(deeds, answers, strict=True):
                _judge(outcome, name, pair)
            with engine.connect().execution_options(reading=True) as rows:
                query = select(audit_entries.c.subject, audit_entries.c.event).where(
                    audit_entries.c.event.in_([Event.FLAG_MERGED, Event.MEASURE_VERIFIED, Event.RISK_CLOSED])
                )
                told = list(rows.execute(query))
                outcome.hold(len(told) == len(set(told)), "a deed stands twice in the log")
                took = select(func.count(run_rows.c.flag_id.distinct())).where(run_rows.c.run_id == run_id)
                outcome.hold(rows.scalar(took) == ROWS, "rows of the sheet are missing")
                said = select(func.count()).select_from(flags_).where(flags_.c.text.like("%单元门%"))
                outcome.hold(rows.scalar(said) == ROWS, "rows of the sheet are flags more than once")
            outcome.hold(not broken(engine), "a chain does not hold")
            engine.dispose()
            return outcome

    return run


def _deeds(one: making.Ready, supervisor: Actor) -> list[Deed]:
    watchdog = one.community.watchdog
    draft = flags.ResidentFlag(text=f"信箱坏了一直没有人修（{one.community.code}）")
    return [
        ("speak", RESIDENT, (one.community.code, draft, flags.Channel.QR, "ab" * 16)),
        ("merge", watchdog, (one.flags[0], one.risk_id)), ("decline", watchdog, (one.flags[1], "不属于廉政风险")),
        ("verify", watchdog, (one.measures[0], "现场看过，属实")), ("close", supervisor, (one.closing_id,)),
    ]  # fmt: skip


def _judge(outcome: Outcome, name: str, pair: tuple[str, str]) -> None:
    """Of the same deed one is done and the other told why not; a form sent twice gives one receipt (the page sends it
    once more where it met the other)."""
    outcome.hold(not any(answer.startswith("fault") for answer in pair), f"{name}: {pair}")
    done = [answer for answer in pair if answer.startswith("done")]
    if name == "speak":
        outcome.hold(done and len(set(done)) == 1, f"{name}: {pair}")
    elif name != "run":
        outcome.hold(len(done) == 1, f"{name}: {pair}")


def _sheet(engine: Any, one: making.Ready) -> str:
    """A sheet that waits to be taken in; the id of its run."""
    lines = ["内容", *(f"{n}号楼单元门坏了好久（第{n}处）" for n in range(ROWS))]
    upload = Upload("登记.csv", "\n".join(lines).encode())
    form = IntakeForm(text=0, consent=True)
    cadre, unit_id = one.community.cadre, one.community.unit_id
    sheet = making.ask(engine, cadre, intake.opened, upload)
    found = making.ask(engine, cadre, intake.checked, unit_id, sheet, form)
    return str(making.do(engine, cadre, intake.begin, upload, found, form))
