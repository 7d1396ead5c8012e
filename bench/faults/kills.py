"""Processes killed at random instants: of the product, of people at work, of PostgreSQL."""

import multiprocessing
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.ledger import Ledger, broken, lost, read
from bench.served import Served
from bench.speaking import Resident, together, words
from bench.stand import Site, Stand
from core.access import Actor
from core.errors import Refused, Unavailable
from core.events import Event
from core.prevention import measures
from core.review import merging
from core.words import FlagStatus, MeasureStatus
from db.engine import connect
from db.tables import audit_entries, flags_, links, measures_

SENDERS = 6
GIVEN_UP = 600.0
"""Seconds after which whoever sends stops trying."""


def app_during_submissions(kind: str) -> Callable[[Grounds], Outcome]:
    """Residents send on and on, each form until it is acknowledged, while the server is killed and started again."""

    def run(grounds: Grounds) -> Outcome:
        with grounds.copy(kind) as (here, site), here.app() as app:
            return _sent_through(grounds, here, site, app, app.kill, app.start)

    return run


def postgresql_killed(grounds: Grounds) -> Outcome:
    """The same while every process of PostgreSQL is killed; the product stays up and finds it again."""
    with grounds.copy("postgresql") as (here, site), here.app() as app:
        return _sent_through(grounds, here, site, app, grounds.postgres.kill, grounds.postgres.start)


def _sent_through(
    grounds: Grounds, here: Stand, site: Site, app: Served, kill: Callable[[], None], start: Callable[[], None]
) -> Outcome:
    ledger = Ledger(here.folder / "ledger")
    answers: Counter[int] = Counter()
    numbers, lock = count(1), threading.Lock()
    until = time.monotonic() + GIVEN_UP

    def send() -> None:
        resident = Resident(app.port, timeout=20)
        while True:
            with lock:
                n = next(numbers)
            if n > grounds.submissions:
                break
            once, code = secrets.token_hex(16), None
            while code is None and time.monotonic() < until:
                code = resident.speak(site.codes[n % len(site.codes)], words(n), once)
                if code is None:
                    time.sleep(0.1)
            if code:
                ledger.write(code, words(n))
        with lock:
            answers.update(resident.answers)

    def strike() -> None:
        for after in sorted(random.sample(range(1, grounds.submissions * 9 // 10), grounds.kills)):
            while ledger.lines < after and time.monotonic() < until:
                time.sleep(0.002)
            time.sleep(random.random() * 0.3)
            kill()
            start()

    together([*[send] * SENDERS, strike])
    ledger.close()
    engine = here.engine()
    found = lost(engine, [(code, said) for code, said in read(here.folder / "ledger")])
    engine.dispose()
    outcome = Outcome(f"{ledger.lines} submissions acknowledged, {grounds.kills} kills")
    outcome.hold(not found, f"submissions lost: {found}")
    outcome.hold(ledger.lines == grounds.submissions, f"only {ledger.lines} of {grounds.submissions} got through")
    bugs = answers[500]
    outcome.hold(not bugs, f"{bugs} answers called it a fault of the program")
    return outcome


def people_at_work(kind: str) -> Callable[[Grounds], Outcome]:
    """Merges and verifications by signed-in people, in processes of their own through the product's use cases, on the
    database of the site; these processes are killed, and whoever comes after goes on with what is left."""

    def run(grounds: Grounds) -> Outcome:
        with grounds.copy(kind) as (here, site):
            engine = here.engine()
            each = grounds.deeds // 2 // 2
            ready = [making.ready(engine, one, site.supervisor, each, each) for one in site.communities[:2]]
            engine.dispose()
            deeds: list[Deed] = []
            for one in ready:
                deeds += [("merge", one.community.watchdog, flag, one.risk_id) for flag in one.flags]
                deeds += [("verify", one.community.watchdog, measure, "") for measure in one.measures]
            random.shuffle(deeds)
            kills = _worked_through(here, deeds, grounds.kills)
            return _judged(here, len(deeds), kills)

    return run


Deed = tuple[str, Actor, str, str]
HANDS = 2


def _worked_through(here: Stand, deeds: Sequence[Deed], kills: int) -> int:
    """Have the deeds done by two processes at a time until all are, killing one now and then; how many were killed."""
    spawn = multiprocessing.get_context("spawn")
    left, killed, turn = list(deeds), 0, 0
    while left:
        turn += 1
        files = [here.folder / f"ledger-{turn}-{hand}" for hand in range(HANDS)]
        hands = [
            spawn.Process(target=work_off, args=(here.url, file, left[hand::HANDS]))
            for hand, file in enumerate(files)
        ]  # fmt: skip
        for process in hands:
            process.start()
        if killed < kills:
            goal = random.randint(1, max(1, len(left) // 3))
            while any(process.is_alive() for process in hands) and sum(map(_lines, files)) < goal:
                time.sleep(0.002)
            time.sleep(random.random() * 0.1)
            for process in hands:
                killed += process.is_alive()
                process.kill()
        for process in hands:
            process.join()
        told = {line[1] for file in files if file.exists() for line in read(file)}
        left = [deed for deed in left if deed[2] not in told]
    return killed


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def work_off(url: str, file: Path, deeds: Sequence[Deed]) -> None:
    """Do deeds one after the other, each told to the ledger once it has been acknowledged."""
    engine, ledger = connect(url), Ledger(file)
    for what, who, subject, into in deeds:
        try:
            if what == "merge":
                making.do(engine, who, merging.merge, subject, into)
            else:
                making.do(engine, who, measures.verify, subject, "现场看过，属实")
            ledger.write("done", subject, what)
        except Refused:  # done by who was killed before they were told
            ledger.write("met", subject, what)
        except Unavailable:
            continue


def _judged(here: Stand, count_: int, kills: int) -> Outcome:
    lines = [line for file in here.folder.glob("ledger-*") for line in read(file)]
    done = {what: {line[1] for line in lines if line[2] == what} for what in ("merge", "verify")}
    engine = here.engine()
    with engine.connect().execution_options(reading=True) as rows:
        standing = select(links.c.flag_id, func.count()).where(links.c.undone_at.is_(None)).group_by(links.c.flag_id)
        linked = {flag: n for flag, n in rows.execute(standing)}
        merged = set(rows.scalars(select(flags_.c.id).where(flags_.c.status == FlagStatus.MERGED)))
        verified = set(rows.scalars(select(measures_.c.id).where(measures_.c.status == MeasureStatus.VERIFIED)))
        told = Counter((row.event, row.subject) for row in rows.execute(select(audit_entries)))
    outcome = Outcome(f"{len(done['merge'])} merges and {len(done['verify'])} verifications, {kills} processes killed")
    once = [linked.get(flag) == 1 and flag in merged for flag in done["merge"]]
    outcome.hold(all(once), f"{once.count(False)} merges lost or there twice")
    outcome.hold(done["verify"] <= verified, f"{len(done['verify'] - verified)} verifications lost")
    events = {"merge": Event.FLAG_MERGED.value, "verify": Event.MEASURE_VERIFIED.value}
    wrong = sum(told[events[what], subject] != 1 for what in done for subject in done[what])
    outcome.hold(not wrong, f"{wrong} deeds without one line of their own in the log")
    outcome.hold(len(done["merge"]) + len(done["verify"]) == count_, "not every deed could be done")
    outcome.hold(not broken(engine), "a chain does not hold")
    engine.dispose()
    return outcome
