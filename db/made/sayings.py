"""What is said in a made site, put together by rule: names of places and people, residents' words, entries, measures.

The forms and what they are filled with stand in `sayings.json`; risks come from the library; every name is invented.
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import items

FILE = Path(__file__).with_suffix(".json")
SLOT = re.compile(r"\{(\w+)\}")


def read() -> dict[str, Any]:
    """Everything there is to say."""
    kept: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


class Sayings:
    """Says things by dice: what kind of thing, and about which power item."""

    def __init__(self, dice: random.Random) -> None:
        self.roll = dice.random
        kept = read()
        self.pools: dict[str, Sequence[str]] = kept["pools"]
        self.ends: dict[str, str] = kept["units"]
        self.forms: dict[str, tuple[str, list[str]]] = {
            kind: (SLOT.sub("%s", form), SLOT.findall(form)) for kind, form in kept["forms"].items()
        }
        self.points: dict[str, list[str]] = defaultdict(list)
        for point in items.library():
            self.points[point.power_item].append(point.risk_point)

    def one(self, of: Sequence[str]) -> str:
        return of[int(self.roll() * len(of))]

    def say(self, kind: str, item: str) -> str:
        """Words of a kind about a power item; of one the library does not know, what goes wrong anywhere."""
        form, slots = self.forms[kind]
        return form % tuple([self._fill(slot, item) for slot in slots])

    def _fill(self, slot: str, item: str) -> str:
        if slot == "item":
            return item
        if slot == "point":
            return self.one(self.points.get(item) or self.pools["gaps"])
        return self.one(self.pools[slot])

    def person(self) -> str:
        name = self.one(self.pools["surnames"]) + self.one(self.pools["given"])
        return name + self.one(self.pools["given"]) if self.roll() < 0.8 else name

    def place(self, kind: str, n: int) -> str:
        """The n-th place of a kind; a name comes again, with a quarter of heaven, when all have been used."""
        heads, tails = self.pools["heads"], self.pools["tails"]
        again, n = divmod(n, len(heads) * len(tails))
        turn, head = divmod(n, len(heads))
        name = heads[head] + tails[(turn + head) % len(tails)]
        return f"{name}{self.pools['quarters'][:again]}{self.ends[kind]}"
