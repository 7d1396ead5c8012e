"""Looking whether every file is there, and bringing all of them to the place for new ones."""

import hashlib
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Engine

from core.errors import Missing
from db import shelves
from db.sweeping import PROGRAM
from db.work import reading, work


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
    """Bring every content to the first place, each in a transaction of its own, while servers go on: how many were
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
            with work(engine, PROGRAM) as doing:
                found[doing.store.move_file(sha256, at_home)] += 1  # type: ignore[attr-defined]
    return found


def _lots(engine: Engine) -> Iterator[list[str]]:
    after = ""
    while True:
        with reading(engine, PROGRAM) as asked:
            lot: list[str] = asked.store.file_hashes(after)  # type: ignore[attr-defined]
        if not lot:
            return
        yield lot
        after = lot[-1]
