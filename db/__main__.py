"""What an operator runs: `python -m db VERB`. Whoever adds a module of verbs names it here."""

import sys

from db.verbs import VERBS, carrying, filing, main, running, site, store

__all__ = ["VERBS", "carrying", "filing", "main", "running", "site", "store"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
