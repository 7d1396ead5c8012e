"""What an operator runs: `python -m db VERB`."""

import argparse
import sys
from collections.abc import Callable, Sequence

from core.access import FOUNDER
from core.errors import Refused
from core.text import N_, _
from db import migrate
from db.engine import databases
from db.log import Log
from db.seed import make_demo
from db.work import reading


def migrate_all() -> int:
    """Bring the database up to date; opening it does that, so this only says where it stands."""
    print(_("The database is at version {version}.", version=migrate.version(databases.real())))
    return 0


def verify() -> int:
    """Read every chain of the audit log; 1 when one does not hold."""
    broken = chains = lines = 0
    with reading(databases.current(), FOUNDER) as asked:
        for chain, found in Log.verdicts(asked.store):  # type: ignore[arg-type]
            chains, lines = chains + 1, lines + found.lines
            if found.first:
                broken += 1
                print(_("Chain {chain} breaks at line {n}: {why}.", chain=chain, n=found.first.n, why=found.first.why))
    if broken:
        print(_("{broken} of {chains} chains do not hold.", broken=broken, chains=chains))
        return 1
    print(_("All {chains} chains hold; {lines} lines were read.", chains=chains, lines=lines))
    return 0


def demo() -> int:
    """Make the demo with its invented people and places."""
    make_demo(databases.demo())
    print(_("The demo is ready. Start the product and choose a person."))
    return 0


VERBS: dict[str, tuple[str, Callable[[], int]]] = {
    "migrate": (N_("Bring the database up to date"), migrate_all),
    "verify": (N_("Check that the audit log holds"), verify),
    "demo": (N_("Make the demo with invented people and places"), demo),
}


def main(arguments: Sequence[str]) -> int:
    """Run one verb and give the exit code: 0 done, 1 refused or not in order, 2 not understood."""
    parser = argparse.ArgumentParser(prog="python -m db")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, (help_, _deed) in VERBS.items():
        verbs.add_parser(name, help=_(help_))
    chosen = parser.parse_args(arguments).verb
    try:
        return VERBS[chosen][1]()
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        databases.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
