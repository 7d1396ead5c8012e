"""The pieces of texts seen lately, kept: reading a text takes longer than comparing it, and many are compared often."""

from collections.abc import Iterator, Sequence
from itertools import islice
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from core.alike.pieces import KINDS, Pieces, Said, pieces
from core.alike.sparse import COLUMNS, Matrix
from core.late import sparse

KEPT = 8192
"""Texts whose pieces are kept, about 4 KB each."""

Row = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Columns and values of one row."""
Kept = tuple[list[Row], float]
"""A text's row of each kind, and its length."""

_lately: dict[Said, Kept] = {}
_lock = Lock()


def recalled(said: Sequence[Said]) -> Pieces:
    """The pieces of texts; those not seen lately are read at once."""
    with _lock:
        known = {one: _lately.pop(one) for one in dict.fromkeys(said) if one in _lately}
    new = [one for one in dict.fromkeys(said) if one not in known]
    if new:
        known.update(zip(new, _apart(pieces(new)), strict=True))
    with _lock:
        _lately.update(known)
        for one in list(islice(_lately, max(0, len(_lately) - KEPT))):
            del _lately[one]
    return _together(said, [known[one] for one in said])


def _apart(read: Pieces) -> Iterator[Kept]:
    kinds: list[Matrix] = [getattr(read, kind) for kind in KINDS]
    for n, length in enumerate(read.lengths):
        inside = [slice(rows.indptr[n], rows.indptr[n + 1]) for rows in kinds]
        yield [(k.indices[i].copy(), k.data[i].copy()) for k, i in zip(kinds, inside, strict=True)], float(length)


def _together(said: Sequence[Said], kept: Sequence[Kept]) -> Pieces:
    kinds = {}
    for place, kind in enumerate(KINDS):
        rows = [of[place] for of, _length in kept]
        starts = np.cumsum([0, *(len(columns) for columns, _values in rows)])
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        kinds[kind] = sparse.csr_matrix((values, columns, starts.astype(np.int32)), shape=(len(said), COLUMNS))
    return Pieces(said=tuple(said), lengths=np.array([length for _rows, length in kept]), **kinds)
