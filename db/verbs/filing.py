"""Verbs about files: whether all are there, and where they lie."""

from core.text import N_, _
from db import filing
from db.engine import databases
from db.verbs import switch, verb


@verb(
    "files", N_("Look whether every file is there, or bring all to the place for new ones"),
    switch("--move", N_("Bring every file to the first place QINGYUAN_FILES names")),
)  # fmt: skip
def files(*, move: bool) -> int:
    """Look at every file, after moving those that lie elsewhere where that is wanted; 1 when one is lost or spoilt."""
    engine = databases.current()
    if move:
        found = filing.move(engine)
        print(_("{moved} files were moved, {rest} were there already.", moved=found[True], rest=found[False]))
    count, wrong = filing.look(engine)
    for sha256 in wrong:
        print(_("File {sha256} is not there or is not what it was.", sha256=sha256))
    if wrong:
        print(_("{lost} files are not there or are not what they were.", lost=len(wrong)))
        return 1
    print(_("All {count} files are there and are what they were.", count=count))
    return 0
