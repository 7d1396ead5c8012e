"""A change of the schema that is killed half-way."""

import multiprocessing
import random
import time
from collections.abc import Callable

from sqlalchemy import func, select

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.ledger import broken
from db.engine import connect
from db.migrate import differences, downgrade, heads, upgrade, version
from db.tables import flags_

FROM = "0006"
"""The version before which every migration is tried: there are enough of them to be killed within."""


def bring_up(url: str) -> None:
    engine = connect(url)
    upgrade(engine)
    engine.dispose()


def killed(kind: str) -> Callable[[Grounds], Outcome]:
    def run(grounds: Grounds) -> Outcome:
        spawn = multiprocessing.get_context("spawn")
        with grounds.copy(kind) as (here, site):
            engine = here.engine()
            for n in range(5):
                making.spoken(engine, site.codes[n], f"楼道里的灯坏了一年了，第{n}次说")
            downgrade(engine, FROM)
            engine.dispose()
            outcome, kills, seen = Outcome(), 0, set()
            for turn in range(6 if grounds.quick else 40):
                process = spawn.Process(target=bring_up, args=(here.url,))
                process.start()
                time.sleep(1.0 + random.random() * 0.4 * (turn + 1))
                kills += process.is_alive()
                process.kill()
                process.join()
                engine = here.engine()
                seen.add(version(engine))
                engine.dispose()
                if seen & set(heads()):
                    break
            outcome.hold(seen <= {FROM, *heads()}, f"it stopped in between, at {seen}")
            bring_up(here.url)
            engine = here.engine()
            outcome.hold(differences(engine) == [], "the tables are not what they should be")
            with engine.connect().execution_options(reading=True) as rows:
                outcome.hold(rows.scalar(select(func.count()).select_from(flags_)) == 5, "words were lost")
            outcome.hold(not broken(engine), "a chain does not hold")
            making.spoken(engine, site.codes[0], "升级以后再说一件事情")
            engine.dispose()
            outcome.tried = f"{kills} kills on the way from {FROM} to {heads()[0]}"
            return outcome

    return run
