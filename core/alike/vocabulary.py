"""Vocabulary (用语): how often the site's flags use each piece of text, so that what is rare here tells more."""

import io
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.access import Permission
from core.alike.likeness import Lexicon, starter
from core.alike.pieces import Said, pieces
from core.organisation.units import new_id
from core.store import Work

SAMPLE, OFTEN = 20_000, 3
"""Flags whose words are counted, and in how many of them a piece must stand to be kept."""
LOT = 2000
"""Flags read at once."""


@dataclass(eq=False)
class Vocabulary:
    """How often the site's flags use each piece of text, as a packed table of numbers.

    Pieces said in few flags are left out, so that no name and no single story stands in it.
    """

    id: str
    texts: int
    made_on: date
    counts: bytes


@dataclass(frozen=True)
class Standing:
    """How many of the site's flags a vocabulary was counted from, and when."""

    id: str
    texts: int
    made_on: date


_known: dict[str, Lexicon] = {}
"""The newest vocabulary, unpacked."""


def lexicon(work: Work) -> Lexicon:
    """The vocabulary in use: what texts of the field say, with what this site's flags say."""
    made = work.store.vocabulary_made()
    if made is None:
        return starter()
    kept = None if made.id in _known else work.store.vocabulary()
    if kept:
        packed = np.load(io.BytesIO(kept.counts))
        counts = starter().counts.copy()
        counts[packed["columns"]] += packed["counts"]
        _known.clear()
        _known[kept.id] = Lexicon(counts, starter().texts + kept.texts)
    return _known[made.id]


def standing(work: Work) -> Standing | None:
    """What the vocabulary in use was counted from; None while it is the shipped one alone."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    return work.store.vocabulary_made()


def counted(work: Work) -> Vocabulary:
    """What the flags that are not sealed say, counted anew; nothing is kept yet, for counting takes seconds."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    texts = work.store.sample(SAMPLE)
    found = Lexicon.empty()
    for start in range(0, len(texts), LOT):
        found = found.plus(pieces([Said(str(n), text) for n, text in enumerate(texts[start : start + LOT])]))
    columns = np.flatnonzero(found.counts >= OFTEN).astype(np.int32)
    packed = io.BytesIO()
    np.savez_compressed(packed, columns=columns, counts=found.counts[columns].astype(np.int32))
    return Vocabulary(new_id(), found.texts, work.today, packed.getvalue())


def is_due(work: Work) -> bool:
    """Whether nothing has been counted today."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    kept = work.store.vocabulary_made()
    return kept is None or kept.made_on < work.today


def keep(work: Work, found: Vocabulary) -> bool:
    """Put a count in place of the one before; False when another server was first today."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    if not is_due(work):
        return False
    old = work.store.vocabulary()
    if old is not None:
        work.store.remove(old)
    work.store.add(found)
    return True
