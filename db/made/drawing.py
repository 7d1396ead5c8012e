"""What is drawn anew for each print, by dice: ids, codes, names, words, files, and what depends on how many voices."""

import random
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from db.made.ink import Ink
from db.made.sayings import Sayings

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Drawing:
    """Draws by kind. `printed` counts the units of each kind so far, `held` holds the flags of each voice of the matter
    that is being printed, `number` the one of its entry."""

    def __init__(self, dice: random.Random, ink: Ink) -> None:
        self.dice, self.ink = dice, ink
        self.sayings = Sayings(dice)
        self.printed: Counter[str] = Counter()
        self.held: dict[str, list[str]] = {}
        self.number = 0
        self._file = b""
        self.ways: dict[str, Callable[[Any], Any]] = {
            "code": lambda _of: "".join([self.sayings.one(LETTERS) for _n in range(8)]),
            "locator": lambda _of: f"{int(self.dice.random() * 10**9):09}",
            "person": lambda _of: self.sayings.person(),
            "place": lambda kind: self.sayings.place(kind, self.printed[kind] - 1),
            "account": lambda account: f"{account}{self.printed.total()}",
            "file": self._digest,
            "content": lambda _of: self.ink.bytes(self._file),
            "number": lambda _of: str(self.number),
            "spaced": lambda flag: '", "'.join(self.held[flag]),
            "tight": lambda flag: '","'.join(self.held[flag]),
            "count": lambda of: str(of[0] + sum(len(self.held[flag]) - 1 for flag in of[1])),
        }

    def draw(self, kind: str, of: Any) -> Any:
        """One thing of a kind, or words."""
        way = self.ways.get(kind)
        return way(of) if way else self.sayings.say(kind, of)

    def ids(self, n: int) -> list[str]:
        """New ids in their order: they take the places of the old ones in the same order, so that lists of ids that
        were sorted are sorted again."""
        drawn = self.dice.randbytes(10 * n).hex()
        return sorted([drawn[at : at + 20] for at in range(0, 20 * n, 20)])

    def _digest(self, content: bytes) -> str:
        """The digest of a file that is another one in each print."""
        self._file = b"%s\n%s" % (content, self.dice.randbytes(10).hex().encode())
        return sha256(self._file).hexdigest()
