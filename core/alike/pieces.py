"""The pieces by which texts are compared: words, pairs and triples of characters, places, numbers, and words that mean
the same; each as a set of hashed columns, so that many texts are compared at once.

Nothing is learnt here and no vocabulary is kept: a column is a hash of the piece.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from core import DATA
from core.alike.sparse import COLUMNS, Matrix, Rows, grams, rows_of
from core.late import rjieba, sparse

KIN = COLUMNS - 1024
"""The first column of the groups of words that mean the same."""
LONGEST = 4000
"""Characters of a text that are compared; the rest says nothing new about which matter it is."""
BLOCK = 2048
"""Texts that are read at once: more would only take more memory."""
PILE = 8 * BLOCK
"""Texts that are stacked first: what they leave behind is used again by the next, and never lies twice in memory."""
HEAD = 24
"""Characters of the first clause that stand for a title where none was given."""

_CLAUSE = re.compile(r"[。！？!?；;，,\n]")
_WORD = re.compile(r"\w+")
_RUN = re.compile(r"[\w#]+")
_NUMBER = re.compile(r"[a-z]*\d+[a-z#]*(?:号楼|栋|幢|期|号|组|单元|路|线|楼|月)?")
_COUNTED = re.compile(r"[一二三四五六七八九十]+(?=号楼|栋|幢|期|号|组|单元|楼)")
_DIGIT = {c: str(n) for n, c in enumerate("一二三四五六七八九", 1)}
_ENDINGS = (
    "小区|社区|街道|大道|花园|家园|新城|广场|学校|小学|中学|大学|学院|幼儿园|医院|公司|集团|号楼|单元|号线|"
    "超市|市场|大厦|中心|公寓|门面|公园|隧道|物业|网格|食堂|公示栏|[路街巷村苑城栋镇县站线府湾庭园里坊店馆组期桥山湖河局所门]"
)
ENDING = re.compile(_ENDINGS)
"""What the names of places, houses and organisations end with."""


@dataclass(frozen=True)
class Said:
    """A text to be compared: its words, and what else is known of it.

    `key` tells whose it is, `group` what it is known to belong to, `day` when it was said, in days from any start.
    """

    key: str
    text: str
    title: str = ""
    item_id: str | None = None
    place_id: str | None = None
    day: int | None = None
    unit_id: str = ""
    group: str = ""


@dataclass(frozen=True)
class Pieces:
    """Texts as sets of pieces, one row a text. `full` holds words and characters, `title` those of the title,
    `near` the pieces of places, `kin` groups of words that mean the same, `numbers` what is counted or numbered."""

    said: tuple[Said, ...]
    words: Matrix
    grams: Matrix
    title: Matrix
    near: Matrix
    title_near: Matrix
    kin: Matrix
    title_kin: Matrix
    numbers: Matrix
    lengths: NDArray[np.float64]


KINDS = tuple(name for name in Pieces.__dataclass_fields__ if name not in ("said", "lengths"))


def plain(text: str) -> str:
    """A text as it is compared: one width, lower case, counted things in digits."""
    return _plain_word(text) if len(text) <= 4 else _plain(text)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    return _COUNTED.sub(lambda found: _digits(found[0]), folded)


_plain_word = lru_cache(maxsize=65536)(_plain)  # words come again and again


def _digits(counted: str) -> str:
    """一 to 九十九 in digits; anything longer stays."""
    tens, ten, ones = counted.rpartition("十")
    if not ten:
        return "".join(_DIGIT[c] for c in counted)
    if len(tens) > 1 or len(ones) > 1:
        return counted
    return f"{_DIGIT.get(tens, '1')}{_DIGIT.get(ones, '0')}"


def head(said: Said) -> str:
    """The title of a text, or its first clause where it has none."""
    if said.title:
        return said.title
    clause = next((part for part in _CLAUSE.split(said.text) if len(part) >= 4), said.text)
    return clause[:HEAD]


def pieces(said: Sequence[Said]) -> Pieces:
    """The pieces of many texts at once."""
    if len(said) <= BLOCK:
        return _read(said)
    step = BLOCK if len(said) <= PILE else PILE
    return stacked([pieces(said[first : first + step]) for first in range(0, len(said), step)])


def _read(said: Sequence[Said]) -> Pieces:
    titles = [plain(head(one)) for one in said]
    wholes = [f"{plain(one.title)}。{plain(one.text)}" if one.title else plain(one.text) for one in said]
    size = len(said)
    whole_words, title_words = _words(wholes), _words(titles)
    pairs, triples = grams(wholes)
    title_pairs, _triples = grams(titles)
    near_pairs, near_triples = grams(["。".join(places(text)) for text in wholes])
    title_near, _more = grams(["。".join(places(text)) for text in titles])
    return Pieces(
        said=tuple(said),
        words=rows_of(size, whole_words, counted=True),
        grams=rows_of(size, pairs, triples, counted=True),
        title=rows_of(size, title_words, title_pairs),
        near=rows_of(size, near_pairs, near_triples),
        title_near=rows_of(size, title_near),
        kin=rows_of(size, _kindred(pairs, triples)),
        title_kin=rows_of(size, _kindred(title_pairs, _triples)),
        numbers=rows_of(size, _hashed([_NUMBER.findall(text) for text in wholes])),
        lengths=np.array([len(text) for text in wholes], dtype=np.float64),
    )


def places(text: str) -> list[str]:
    """Names of places, houses and organisations in a text that was made plain, as far as their endings tell."""
    found = []
    for run in _RUN.findall(text):
        after = 0
        while ending := ENDING.search(run, after + 1):
            found.append(run[max(after, ending.start() - 7, ending.end() - 8) : ending.end()])
            after = ending.end()
    return found


def triples(line: str) -> list[str]:
    """Every three neighbouring word characters of a line, each once."""
    windows = (line[n : n + 3] for n in range(len(line) - 2))
    return list(dict.fromkeys(window for window in windows if window.isalnum()))


def columns_of(found: Sequence[str]) -> Rows:
    """The columns of triples."""
    return grams(found)[1][1]


def segmented(text: str) -> list[str]:
    """The words of a plain text, punctuation left out."""
    return [word for word in rjieba.cut(text, True) if _WORD.fullmatch(word)]


def _words(texts: Iterable[str]) -> tuple[Rows, Rows]:
    rows, columns = _hashed([rjieba.cut(text, True) for text in texts])
    return rows[columns >= 0], columns[columns >= 0]


class _Columns(dict[str, int]):
    """The column of each word, hashed apart from the characters, found once; -1 for what is no word or number."""

    def __missing__(self, word: str) -> int:
        told = _WORD.fullmatch(word.replace("#", ""))
        self[word] = crc32(word.encode("utf-8", "replace")) % COLUMNS if told else -1
        return self[word]


def _hashed(found: Sequence[Sequence[str]]) -> tuple[Rows, Rows]:
    """Row and column of every word."""
    known = _Columns()
    columns = [known[word] for words in found for word in words]
    rows = np.repeat(np.arange(len(found), dtype=np.int64), [len(words) for words in found])
    return rows, np.array(columns, dtype=np.int64)


def stacked(parts: Sequence[Pieces]) -> Pieces:
    """Many pieces as one, in order."""
    said = tuple(one for part in parts for one in part.said)
    return Pieces(
        said=said, lengths=np.concatenate([part.lengths for part in parts]),
        **{name: _below([getattr(part, name) for part in parts]) for name in KINDS},
    )  # fmt: skip


def _below(rows: Sequence[Matrix]) -> Matrix:
    counts = np.concatenate([[0], *[np.diff(one.indptr) for one in rows]])
    data, columns = np.concatenate([one.data for one in rows]), np.concatenate([one.indices for one in rows])
    return sparse.csr_matrix((data, columns, np.cumsum(counts).astype(np.int32)), shape=(len(counts) - 1, COLUMNS))




@cache
def kindred() -> tuple[tuple[str, ...], ...]:
    """Groups of words that mean the same in this field; the words of a power item of the library are one, too."""
    same: list[list[str]] = json.loads((DATA / "kin_words.json").read_text(encoding="utf-8"))
    items: dict[str, list[str]] = json.loads((DATA / "item_words.json").read_text(encoding="utf-8"))
    return tuple(map(tuple, [*same, *([name, *words] for name, words in items.items())]))


@cache
def _kin_table() -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Columns of pairs and triples that tell a group of kindred words, sorted, with the group's column.

    A word of three and more characters is told by its first triple.
    """
    groups = kindred()
    told = sorted({(_column(word), n) for n, group in enumerate(groups) for word in group if len(word) >= 2})
    return np.array([t[0] for t in told], dtype=np.int32), np.array([t[1] + KIN for t in told], dtype=np.int32)


@cache
def _telling() -> NDArray[np.bool_]:
    """Whether a column tells any group of kindred words."""
    told = np.zeros(COLUMNS, dtype=np.bool_)
    told[_kin_table()[0]] = True
    return told


def _column(word: str) -> int:
    pairs, triples = grams([word[:3]])
    return int((pairs if len(word) == 2 else triples)[1][0])


def _kindred(*parts: tuple[Rows, Rows]) -> tuple[Rows, Rows]:
    """Row and group of every word that has others beside it; a word in several groups counts in each."""
    columns, groups = _kin_table()
    rows, found = [], []
    for every_row, every in parts:
        mine = _telling()[every]
        row, column = every_row[mine], every[mine]
        first, last = np.searchsorted(columns, column), np.searchsorted(columns, column, side="right")
        for shift in range(int((last - first).max(initial=0))):
            told = first + shift < last
            rows.append(row[told])
            found.append(groups[first[told] + shift].astype(np.int64))
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    return np.concatenate(rows), np.concatenate(found)
