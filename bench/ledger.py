"""The client's own ledger of what a server has acknowledged, and what of it the server's database lacks.

Each line is on the disk before the client goes on, so that a line is missing only for what nobody was told.
"""

import os
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select

from core.events import Event
from core.voices.receipts import locator, plain
from db.questions.log import Log
from db.store import SqlStore
from db.tables import audit_entries, flags_, receipts_
from db.work import reading

LOT = 500


class Ledger:
    """Lines of words, the key first; every one is whole and on the disk once `write` returns."""

    def __init__(self, path: Path) -> None:
        self._out, self._lock, self.lines = path.open("ab"), threading.Lock(), 0

    def write(self, *words: str) -> None:
        line = "\t".join(words).encode() + b"\n"
        with self._lock:
            self._out.write(line)
            self._out.flush()
            os.fdatasync(self._out.fileno())
            self.lines += 1

    def close(self) -> None:
        self._out.close()


def read(path: Path) -> list[tuple[str, ...]]:
    """Whole lines alone: of a line that was cut off nobody was told."""
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [tuple(line.split("\t")) for line in whole.decode().splitlines()]


@dataclass(frozen=True)
class Loss:
    """Acknowledged words that are gone, that stand there twice, or whose record is missing; chains that break."""

    gone: int = 0
    twice: int = 0
    unrecorded: int = 0
    broken: int = 0

    def __bool__(self) -> bool:
        return any((self.gone, self.twice, self.unrecorded, self.broken))

    def __str__(self) -> str:
        said = ((self.gone, "gone"), (self.twice, "twice"), (self.unrecorded, "without a record"),
                (self.broken, "chains broken"))  # fmt: skip
        return ", ".join(f"{n} {word}" for n, word in said if n) or "nothing"


def lost(engine: Engine, acknowledged: Iterable[tuple[str, ...]]) -> Loss:
    """What became of acknowledged submissions, each a receipt code with the words that were sent for it.

    Words must be different from each other; a form that was sent again after an answer was lost stands there once.
    """
    told = {locator(plain(code)): words for code, words in acknowledged}
    kept: dict[str, tuple[str, str]] = {}
    with engine.connect().execution_options(reading=True) as connection:
        keys = sorted(told)
        for start in range(0, len(keys), LOT):
            query = select(receipts_.c.locator, flags_.c.id, flags_.c.text).join(
                flags_, flags_.c.id == receipts_.c.flag_id
            )
            for row in connection.execute(query.where(receipts_.c.locator.in_(keys[start : start + LOT]))):
                kept[row.locator] = (row.id, row.text)
        times = Counter(connection.scalars(select(flags_.c.text)))
        raised = select(audit_entries.c.subject).where(audit_entries.c.event == Event.FLAG_RAISED)
        recorded = set(connection.scalars(raised))
    gone = [key for key, words in told.items() if kept.get(key, ("", ""))[1] != words]
    return Loss(
        len(gone), sum(times[words] > 1 for words in told.values()),
        sum(flag not in recorded for flag, _text in kept.values()), broken(engine),
    )  # fmt: skip


def broken(engine: Engine) -> int:
    """How many chains of the audit log do not hold."""
    from core.access import FOUNDER

    with reading(engine, FOUNDER) as asked:
        store = asked.store
        assert isinstance(store, SqlStore)
        return sum(verdict.first is not None for _chain, verdict in Log.verdicts(store))
