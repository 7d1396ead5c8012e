"""Texts in which it is known what is one matter, and the pairs of them that are weighed."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from core.alike.grouping import earlier, pair_signs
from core.alike.likeness import Floats, Ids, Likenesses, starter
from core.alike.pieces import Pieces, Said, pieces

OWN = Path(__file__).parent / "data" / "matters.csv"


@dataclass(frozen=True)
class Texts:
    """Texts in the order they were said, the matter of each, and pairs nobody can decide, which are not scored.

    The last `copies` of them are learnt from and never judged.
    """

    name: str
    said: tuple[Said, ...]
    matters: tuple[str, ...]
    open_pairs: frozenset[tuple[str, str]] = frozenset()
    copies: int = 0

    def originals(self) -> "Texts":
        """The texts that are judged."""
        size = len(self.said) - self.copies
        return Texts(self.name, self.said[:size], self.matters[:size], self.open_pairs)

    def is_original(self, text: Ids) -> np.ndarray:
        """Which of some texts, told by their place, are judged."""
        return text < len(self.said) - self.copies

    def counts(self, one: int, other: int) -> bool:
        """Whether a pair is scored."""
        first, last = sorted((self.said[one].key, self.said[other].key))
        return (first, last) not in self.open_pairs

    def undecided(self) -> list[tuple[int, int]]:
        """The pairs that are not scored, as places."""
        place = {said.key: n for n, said in enumerate(self.said)}
        return [(place[a], place[b]) for a, b in self.open_pairs if a in place and b in place]

    def repeated(self) -> list[int]:
        """The texts whose matter was said before."""
        seen: set[str] = set()
        found = []
        for n, matter in enumerate(self.matters):
            if matter in seen:
                found.append(n)
            seen.add(matter)
        return found


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_said(rows: Iterable[Mapping[str, str]]) -> tuple[Said, ...]:
    """Rows with id, time, title and body; unit, place and item where they are given."""
    return tuple(
        Said(
            row["id"], row["body"], row["title"], row.get("item") or None,
            f"{row['unit']}/{row['place']}" if row.get("place") else None,
            date.fromisoformat(row["time"][:10]).toordinal(), row.get("unit") or "",
        )
        for row in rows
    )  # fmt: skip


def own() -> Texts:
    """Our own short texts of three invented communities."""
    rows = read_rows(OWN)
    return Texts("own", read_said(rows), tuple(row["matter"] for row in rows))


def told_again(texts: Texts) -> Texts:
    """With every fifth text told once more at the end: word for word, without its title, or its first two thirds.

    Our own texts never say a thing twice in the same words, as people do; weights that never saw that take a copy for
    something else.
    """
    repeated = list(zip(texts.said, texts.matters, strict=True))[::5]
    copies = [_again(said, ("whole", "untitled", "cut")[n % 3]) for n, (said, _matter) in enumerate(repeated)]
    matters = (*texts.matters, *(matter for _said, matter in repeated))
    return Texts(texts.name, (*texts.said, *copies), matters, texts.open_pairs, len(copies))


def _again(said: Said, how: str) -> Said:
    text = said.text[: max(12, len(said.text) * 2 // 3)] if how == "cut" else said.text
    title = "" if how == "untitled" else said.title
    return replace(said, key=f"{said.key} again", text=text, title=title, day=said.day + 3 if said.day else None)


def foreign(folder: Path) -> Texts:
    """Texts of a folder outside the repository: merge_flags.csv, merge_labels.csv, merge_ambiguous.csv."""
    matters = {row["id"]: row["cluster"] for row in read_rows(folder / "merge_labels.csv")}
    said = read_said(read_rows(folder / "merge_flags.csv"))
    pairs = ((row["id_a"], row["id_b"]) for row in read_rows(folder / "merge_ambiguous.csv"))
    return Texts("data", said, tuple(matters[s.key] for s in said), frozenset((min(p), max(p)) for p in pairs))


@dataclass
class Pairs:
    """The pairs of a set of texts that are weighed, each text with earlier ones of its community, with their signs."""

    texts: Texts
    like: Likenesses
    one: Ids
    other: Ids
    signs: Floats

    @property
    def same(self) -> np.ndarray:
        matters = np.array(self.texts.matters)
        return np.asarray(matters[self.one] == matters[self.other])

    @property
    def scored(self) -> np.ndarray:
        return np.array([self.texts.counts(a, b) for a, b in zip(self.one, self.other, strict=True)])


def pairs_of(texts: Texts, top: int, *, online: bool) -> Pairs:
    """The pairs of some texts: what is rare told from all of them, or `online` from those before each alone."""
    read = pieces(texts.said)
    like = Likenesses(read, starter().plus(read))
    if online:
        one, other, signs = as_they_came(read, top)
        return Pairs(texts, like, one, other, signs)
    found = list(earlier(like, top=top))
    one, other = np.concatenate([a for a, _b in found]), np.concatenate([b for _a, b in found])
    units = np.array([said.unit_id for said in texts.said])
    one, other = one[units[one] == units[other]], other[units[one] == units[other]]
    return Pairs(texts, like, one, other, pair_signs(like, one, other))


def as_they_came(read: Pieces, top: int) -> tuple[Ids, Ids, Floats]:
    """The pairs of texts with those before them, what is rare told from those before alone.

    Texts are taken in blocks, so that the counting is done anew some hundred times and not for each text; the counts
    by which earlier texts are looked up take in the block itself.
    """
    size = len(read.said)
    block = max(20, size // 200)
    found = []
    for first in range(0, size, block):
        like = Likenesses(part(read, first + block), starter().plus(part(read, first)))
        found += [(one, other, pair_signs(like, one, other)) for one, other in earlier(like, first, top)]
    one, other, signs = zip(*found, strict=True)
    return np.concatenate(one), np.concatenate(other), np.concatenate(signs)


def part(read: Pieces, end: int) -> Pieces:
    """The first so many texts."""
    return Pieces(**{name: getattr(read, name)[:end] for name in Pieces.__dataclass_fields__})
