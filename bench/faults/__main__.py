"""`python -m bench.faults [--quick] [--only WORD]`: tries every fault and prints what was lost; exits 1 if anything was.

What was acknowledged stands in a ledger of the client's own, on the disk at each acknowledgement. A fault that could not
be made to happen here is told as not tried, and counts as nothing survived.
"""

import argparse
import random
import sys
import tempfile
import time
import traceback
from pathlib import Path

from bench.faults import clocks, disks, kills, moves, stale, twins, wires
from bench.faults.grounds import Grounds
from bench.faults.kinds import Fault, NotTried, Outcome, Row, verdict

KEPT = "every acknowledged submission stands there once, with its receipt and its line in the log"
FAULTS = (
    Fault("kill -9 of the app during submissions, SQLite", KEPT, kills.app_during_submissions("sqlite")),
    Fault("kill -9 of the app during submissions, PostgreSQL", KEPT, kills.app_during_submissions("postgresql")),
    Fault("kill -9 of every process of PostgreSQL", KEPT + "; the app finds it again", kills.postgresql_during_submissions),
    Fault("kill -9 during merges and verifications, SQLite", "each deed once and whole", kills.people_at_work("sqlite")),
    Fault("kill -9 during merges and verifications, PostgreSQL", "each deed once and whole", kills.people_at_work("postgresql")),
    Fault("two replicas do the same deed at once, SQLite", "one does it, the other is told", twins.same_deed("sqlite")),
    Fault("two replicas do the same deed at once, PostgreSQL", "one does it, the other is told", twins.same_deed("postgresql")),
    Fault("disk full, SQLite", "503 with what was typed; goes on once there is room", disks.full_sqlite),
    Fault("files limited, SQLite", "503 with what was typed; goes on without the limit", disks.limited_sqlite),
    Fault("disk full, PostgreSQL", "503 with what was typed; goes on once there is room", disks.full_postgresql),
    Fault("read-only database file", "pages open; 503 with what was typed", disks.read_only),
    Fault("SQLite locked by a backup", "whoever sends waits and is heard", disks.locked_by_backup),
    Fault("clock jumps", "nothing deleted, nobody locked in or out for long", clocks.jumps),
    Fault("migration killed half-way, SQLite", "the version before or after, never between", moves.killed("sqlite")),
    Fault("migration killed half-way, PostgreSQL", "the version before or after, never between", moves.killed("postgresql")),
    Fault("truncated upload", "no part of a file is kept", wires.truncated),
    Fault("rows changed by hand, SQLite", "verify finds them; pages open or say so", stale.by_hand("sqlite")),
    Fault("rows changed by hand, PostgreSQL", "verify finds them; pages open or say so", stale.by_hand("postgresql")),
    Fault("database restored from yesterday", "verify says so", stale.restored),
)  # fmt: skip


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
