"""Looking whether every file is there, and bringing all of them to the place for new ones."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import Engine

from core.errors import Missing
from db import shelves
from db.files import bring
from db.sweeping import PROGRAM
from db.work import reading


def look(engine: Engine) -> tuple[int, list[str]]:
    """How many contents there are, and the hashes of those that are lost or are not what they were."""
    count, wrong = 0, []
    for lot in _lots(engine):
        for sha256 in lot:
            count += 1
            with reading(engine, PROGRAM) as asked:
                try:
                    holds = hashlib.sha256(asked.store.file(sha256)).hexdigest() == sha256
                except Missing:
                    holds = False
            if not holds:
                wrong.append(sha256)
    return count, wrong


def move(engine: Engine) -> Counter[bool | None]:
    """Bring every content to the first place, one after the other, while servers go on: how many were
    moved (True), were there already (False), and are lost or spoilt and left as they are (None).

    Killed at any moment nothing is lost, and it is done again.
    """
    first, found = shelves.shelves()[0], Counter[bool | None]()
    at_home: set[str] = set()
    if first is not None:
        with reading(engine, PROGRAM) as asked:
            at_home = {name for name, _since in first.names(asked.store.top_unit().id)}
    for lot in _lots(engine):
        for sha256 in lot:
            found[bring(engine, sha256, at_home)] += 1
    return found


def bring_out(engine: Engine, stopped: Callable[[], bool]) -> int:
    """Bring to the shelf for new files what still lies in the database; how many contents it was."""
    if shelves.shelves()[0] is None:
        return 0
    return sum(bool(bring(engine, sha256)) for lot in _lots(engine, here=True) for sha256 in lot if not stopped())


def _lots(engine: Engine, *, here: bool = False) -> Iterator[list[str]]:
    after = ""
    while True:
        with reading(engine, PROGRAM) as asked:
            lot: list[str] = asked.store.file_hashes(after, here=here)  # type: ignore[attr-defined]
        if not lot:
            return
        yield lot
        after = lot[-1]
