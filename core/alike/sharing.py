"""What two texts share, for people to see: whole words, words that mean the same, and places."""

import re
from collections.abc import Iterable
from functools import cache

from core.alike.pieces import ENDING, kindred, places, plain, segmented
from core.late import rjieba

MARKED = 8
"""Words, and places, that are marked at most."""


def shared(text: str, others: Iterable[str]) -> tuple[str, ...]:
    """The words of a text that others say too, or say in words that mean the same; neighbouring ones as one run."""
    known, groups = _told("。".join(others))
    runs: list[list[str]] = [[]]
    for word in rjieba.cut(text, True):
        plain_word = plain(word)
        if plain_word in known or not _kin().get(plain_word, frozenset()).isdisjoint(groups):
            runs[-1].append(word)
        else:
            runs.append([])
    whole = {_trimmed(run) for run in runs if run}
    worth = {run for run in whole if len(_LITTLE.sub("", plain(run))) >= 2}
    kept: list[str] = []
    for run in sorted(worth, key=lambda r: (-len(r), r)):
        if not any(run in longer for longer in kept):
            kept.append(run)
    return tuple(kept[:MARKED])


def _trimmed(words: list[str]) -> str:
    """A run of words without little ones and marks at its ends; one that denies what follows stays."""
    first, last = 0, len(words)
    while first < last and _EDGE.fullmatch(words[first]) and words[first] not in "不没":
        first += 1
    while first < last and _EDGE.fullmatch(words[last - 1]):
        last -= 1
    return "".join(words[first:last])


def _told(text: str) -> tuple[set[str], set[int]]:
    """The words of a text, and the groups of kindred words it speaks of."""
    words = set(segmented(plain(text)))
    return words, {group for word in words for group in _kin().get(word, ())}


@cache
def _kin() -> dict[str, frozenset[int]]:
    """The groups each word belongs to."""
    found: dict[str, set[int]] = {}
    for n, group in enumerate(kindred()):
        for word in group:
            found.setdefault(word, set()).add(n)
    return {word: frozenset(groups) for word, groups in found.items()}


_LITTLE = re.compile(
    "我们|他们|你们|大家|很久|好久|没人|社区|居委会|居民|没有|从来|怎么|什么|为什么|为啥|不知道|一直|希望|建议|可能|容易|存在|"
    r"[的了着过吗呢吧啊呀嘛就都也很又还在是有和与及把被给让到对从个这那哪些我你他她它不没\W_]"
)
"""What no word shared is made of alone."""
_EDGE = re.compile(r"[的了着过吗呢吧啊呀嘛就都也很又还在是有和与及把被给让到对从个这那哪些我你他她它不没]|[\W_]+")
"""What no run of words that is marked begins or ends with."""


def common_places(text: str, other: str) -> tuple[str, ...]:
    """The places and houses that two texts both name, as the first one writes them."""
    line, heard = plain(text), plain(other)
    found = []
    for place in dict.fromkeys(places(line)):
        ends = (place[n:] for n in range(len(place) - 1) if not ENDING.fullmatch(place[n:]))
        if named := next((end for end in ends if end in heard and end in text), ""):
            found.append(named)
    return tuple(dict.fromkeys(found))[:MARKED]
