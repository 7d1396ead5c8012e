"""Cells (单元格): what one says, made into what is kept; each reader says what would be right where it cannot."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from core import DATA
from core.text import Term, _, folded

Read = Callable[[str], object]
"""Makes what is kept of a cell that is not empty; `ValueError` with the sentence on what would be right."""


@cache
def words() -> dict[str, Any]:
    """Headings by kind and column, words for closed terms, and for yes and no, as people write them."""
    found: dict[str, Any] = json.loads(
        (DATA / "import_words.json").read_text(encoding="utf-8")
    )
    return found


def one_of(*terms: Term) -> Read:
    """A reader of closed words: as they are shown, in English, their code, or what people write for them."""
    written = words()["terms"]
    known = {
        folded(word): term for term in reversed(terms)
        for word in (*written.get(f"{type(term).__name__}.{term.value}", ()), term.value, term.word, term.label)
    }  # fmt: skip

    def read_term(text: str) -> Term:
        if folded(text) not in known:
            raise ValueError(_("Please use one of: {words}.", words=_(", ").join(term.label for term in terms)))
        return known[folded(text)]

    return read_term


def yes_or_no(text: str) -> bool:
    for answer in (True, False):
        if folded(text) in map(folded, words()["yes" if answer else "no"]):
            return answer
    raise ValueError(_("Please write yes or no."))


def named(names: Mapping[str, str], right: str) -> Read:
    """A reader of names: gives the id whose name it is. `right` says what would be right where none or several are."""
    ids: dict[str, list[str]] = {}
    for key, name in names.items():
        ids.setdefault(folded(name), []).append(key)

    def read_name(text: str) -> str:
        hits = ids.get(folded(text), ())
        if len(hits) != 1:
            raise ValueError(right)
        return hits[0]

    return read_name
