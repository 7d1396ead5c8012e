"""`python -m bench.faults [--quick] [--only WORD]`: tries every fault, prints what was lost, exits 1 if anything was.

What was acknowledged stands in a ledger of the client's own, on the disk at each acknowledgement. A fault that could
not be made to happen here is told as not tried, and counts as nothing survived.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.faults import clocks, disks, kills, moves, stale, twins, wires
from bench.faults.grounds import Grounds
from bench.faults.kinds import Fault, NotTried, Outcome, Row, verdict

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KEPT = "every acknowledged submission is there once, with its receipt and its line in the log"
ROOM = "503 with what was typed; goes on once there is room"


def _on_both(name: str, expected: str, fault: Callable[[str], Callable[[Grounds], Outcome]]) -> list[Fault]:
    return [Fault(f"{name}, {word}", expected, fault(kind)) for kind, word in KINDS.items()]


FAULTS = (
    *_on_both("kill -9 of the app during submissions", KEPT, kills.app_during_submissions),
    Fault("kill -9 of every process of PostgreSQL", f"{KEPT}; the app finds it again", kills.postgresql_killed),
    *_on_both("kill -9 during merges and verifications", "each deed once and whole", kills.people_at_work),
    *_on_both("two replicas do the same deed at once", "one does it, the other is told", twins.same_deed),
    Fault("disk full, SQLite", ROOM, disks.full_sqlite),
    Fault("size of files limited, SQLite", ROOM, disks.limited_sqlite),
    Fault("disk full, PostgreSQL", ROOM, disks.full_postgresql),
    Fault("read-only database file", "pages open; 503 with what was typed", disks.read_only),
    Fault("SQLite locked by a backup", "whoever sends waits and is heard", disks.locked_by_backup),
    Fault("clock jumps", "nothing deleted, nobody locked in or out for long", clocks.jumps),
    *_on_both("migration killed half-way", "the version before or after, never between", moves.killed),
    Fault("truncated upload", "no part of a file is kept", wires.truncated),
    *_on_both("rows changed by hand", "verify finds them; pages open or say so", stale.by_hand),
    Fault("database restored from yesterday", "verify says so", stale.restored),
)


def tried(fault: Fault, grounds: Grounds) -> Row:
    """Try one fault; whatever goes wrong in trying it counts as something lost."""
    begun, outcome, why = time.perf_counter(), None, ""
    try:
        outcome = fault.run(grounds)
    except NotTried as reason:
        why = str(reason)
    except Exception as broke:
        traceback.print_exc()
        outcome = Outcome("broke off", [f"{type(broke).__name__}: {broke}"[:200]])
    return Row(fault, outcome, why, time.perf_counter() - begun)


def main() -> int:
    reader = argparse.ArgumentParser(prog="python -m bench.faults")
    reader.add_argument("--quick", action="store_true", help="few submissions and kills, within some minutes")
    reader.add_argument("--only", default="", help="the faults whose name holds this word")
    reader.add_argument("--seed", type=int, default=None)
    told = reader.parse_args()
    seed = told.seed if told.seed is not None else random.randrange(10**6)
    random.seed(seed)
    rows = []
    print(f"seed {seed}\n\n| fault | what was tried | expected | lost |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="qingyuan-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        with Grounds(Path(name), quick=told.quick) as grounds:
            for fault in FAULTS:
                if told.only.lower() in fault.name.lower():
                    rows.append(tried(fault, grounds))
                    print(rows[-1].told(), flush=True)
                    print(f"{rows[-1].seconds:.0f} s", file=sys.stderr, flush=True)
    said, code = verdict(rows)
    print(f"\n{said}")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
