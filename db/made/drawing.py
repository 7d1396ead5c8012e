"""What is drawn anew for each print, by dice: ids, codes, names, words, files, and what depends on how many voices."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from math import gcd
from typing import Any

from core.voices.receipts import LOCATOR_DIGITS
from db.made.ink import Ink
from db.made.sayings import Sayings

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
CODE = 8
"""Letters of the code of a unit."""


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
        self._locators = scattered(dice, 10**LOCATOR_DIGITS)
        self._codes = scattered(dice, len(LETTERS) ** CODE)
        self.ways: dict[str, Callable[[Any], Any]] = {
            "code": lambda _of: self._code(),
            "locator": lambda _of: f"{next(self._locators):09}",
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

    def _code(self) -> str:
        rest, letters = next(self._codes), ""
        for _n in range(CODE):
            rest, at = divmod(rest, len(LETTERS))
            letters += LETTERS[at]
        return letters

    def _digest(self, content: bytes) -> str:
        """The digest of a file that is another one in each print."""
        self._file = b"%s\n%s" % (content, self.dice.randbytes(10).hex().encode())
        return sha256(self._file).hexdigest()


def scattered(dice: random.Random, size: int) -> Iterator[int]:
    """Numbers below a size, in no order that shows, none of them twice."""
    step = next(n for n in iter(lambda: dice.randrange(size // 3, size), None) if gcd(n, size) == 1)
    at = dice.randrange(size)
    while True:
        yield at
        at = (at + step) % size
