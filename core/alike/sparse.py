"""Sparse rows: which text says which piece, each piece a column that is a hash of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.late import sparse

WIDTH = 22
"""Bits of a column's number: 4 million columns, of which a text of 200 characters fills about 400."""
COLUMNS = 1 << WIDTH

Rows = NDArray[np.int64]
Matrix = Any
"""A `scipy.sparse.csr_matrix`."""


def grams(texts: Sequence[str]) -> tuple[tuple[Rows, Rows], tuple[Rows, Rows]]:
    """Row and column of every pair and every triple of neighbouring word characters."""
    joined = "\n".join(text.replace("\n", " ") for text in texts)
    raw = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    row = np.cumsum(raw == 10).astype(np.int64)
    inside = np.isin(raw, _wordless(joined), invert=True)
    two = inside[:-1] & inside[1:]
    three = two[:-1] & inside[2:]
    pair = _mixed(raw[:-1] * np.uint64(0x9E3779B1) + raw[1:] * np.uint64(0x85EBCA77))
    triple = _mixed(
        raw[:-2] * np.uint64(0x9E3779B1) + raw[1:-1] * np.uint64(0xC2B2AE3D) + raw[2:] * np.uint64(0x27D4EB2F)
    )
    return (row[:-1][two], pair[two]), (row[:-2][three], triple[three])


def _wordless(text: str) -> NDArray[np.uint64]:
    return np.array([ord(c) for c in set(text) if not c.isalnum()], dtype=np.uint64)


def _mixed(values: NDArray[np.uint64]) -> Rows:
    """Spread over the columns (the multiplier is the one of splitmix64)."""
    spread = (values ^ (values >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return ((spread >> np.uint64(64 - WIDTH)) % np.uint64(COLUMNS)).astype(np.int64)


def rows_of(size: int, *parts: tuple[Rows, Rows], counted: bool = False) -> Matrix:
    """One row a text, each piece once: as 1, or as 1 and the logarithm of how often it is said."""
    keys = np.sort(np.concatenate([(row << WIDTH) | column for row, column in parts]))
    at = np.flatnonzero(np.diff(keys, prepend=-1))
    often = np.diff(at, append=len(keys)) if counted else np.ones(len(at))
    rows, columns = keys[at] >> WIDTH, (keys[at] & (COLUMNS - 1)).astype(np.int32)
    starts = np.searchsorted(rows, np.arange(size + 1)).astype(np.int32)
    return sparse.csr_matrix(((1 + np.log(often)).astype(np.float32), columns, starts), shape=(size, COLUMNS))


def counted(rows: Matrix) -> Rows:
    """In how many rows each column stands; counted part by part, as numpy copies what it counts."""
    step = 1 << 22
    parts = (rows.indices[first : first + step] for first in range(0, rows.nnz, step))
    return sum((np.bincount(part, minlength=rows.shape[1]) for part in parts), np.zeros(rows.shape[1], dtype=np.int64))
