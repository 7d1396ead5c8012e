"""Texts in which it is known what is one matter, and how well a method finds that."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from core.grouping import earlier, pair_signs
from core.likeness import Floats, Ids, Likenesses, starter
from core.pieces import Pieces, Said, pieces

OWN = Path(__file__).parent / "data" / "matters.csv"


@dataclass(frozen=True)
class Texts:
    """Texts in the order they were said, the matter of each, and pairs nobody can decide, which are not scored."""

    name: str
    said: tuple[Said, ...]
    matters: tuple[str, ...]
    open_pairs: frozenset[tuple[str, str]] = frozenset()

    def counts(self, one: int, other: int) -> bool:
        """Whether a pair is scored."""
        first, last = sorted((self.said[one].key, self.said[other].key))
        return (first, last) not in self.open_pairs

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


Ranked = dict[int, list[tuple[float, int]]]


def ranked(one: Ids, other: Ids, score: Floats) -> Ranked:
    """By text the earlier ones with their score, best first."""
    found: Ranked = {}
    for a, b, s in zip(one, other, score, strict=True):
        found.setdefault(int(a), []).append((float(s), int(b)))
    return {a: sorted(rows, key=lambda row: (-row[0], row[1])) for a, rows in found.items()}


def recalls(texts: Texts, found: Ranked, at: Sequence[int] = (1, 3, 5)) -> dict[int, float]:
    """How often an earlier text of the same matter stands among the first so many."""
    hits = dict.fromkeys(at, 0)
    repeated = texts.repeated()
    for n in repeated:
        scored = [b for _s, b in found.get(n, []) if texts.counts(n, b)]
        place = next((p for p, b in enumerate(scored, 1) if texts.matters[b] == texts.matters[n]), 0)
        for limit in at:
            hits[limit] += 0 < place <= limit
    return {limit: hits[limit] / max(1, len(repeated)) for limit in at}


@dataclass(frozen=True)
class Decision:
    """How good it is to propose the best earlier text from a score on."""

    least: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


def decisions(texts: Texts, found: Ranked) -> list[Decision]:
    """One row for every score that occurs as a best one."""
    best = sorted(
        ((rows[0][0], texts.matters[rows[0][1]] == texts.matters[n]) for n, rows in found.items()
         if texts.counts(n, rows[0][1])), reverse=True,
    )  # fmt: skip
    repeated = max(1, len(texts.repeated()))
    right, rows = 0, []
    for count, (score, good) in enumerate(best, 1):
        right += good
        if count == len(best) or best[count][0] != score:
            rows.append(Decision(score, right / count, right / repeated))
    return rows


def best_at(rows: Sequence[Decision], precision: float) -> Decision:
    """The decision with the best F1 among those at least so precise; nothing proposed where none is."""
    fitting = [row for row in rows if row.precision >= precision]
    return max(fitting, key=lambda row: row.f1, default=Decision(1.0, 1.0, 0.0))


def widest_at(rows: Sequence[Decision], precision: float) -> Decision:
    """The decision with the greatest recall among those at least so precise."""
    fitting = [row for row in rows if row.precision >= precision]
    return max(fitting, key=lambda row: row.recall, default=Decision(1.0, 1.0, 0.0))


def of_groups(texts: Texts, labels: Sequence[int]) -> tuple[float, float]:
    """B-cubed F over what is no single, and F1 over pairs, of groups given by labels."""
    gold: dict[str, set[int]] = {}
    made: dict[int, set[int]] = {}
    for n, (matter, label) in enumerate(zip(texts.matters, labels, strict=True)):
        gold.setdefault(matter, set()).add(n)
        made.setdefault(label, set()).add(n)
    shares = {n: len(gold[texts.matters[n]] & made[labels[n]]) for n in range(len(labels))}
    in_gold = [n for n in shares if len(gold[texts.matters[n]]) > 1]
    in_made = [n for n in shares if len(made[labels[n]]) > 1]
    recall = sum(shares[n] / len(gold[texts.matters[n]]) for n in in_gold) / max(1, len(in_gold))
    precision = sum(shares[n] / len(made[labels[n]]) for n in in_made) / max(1, len(in_made))
    bcubed = 2 * precision * recall / max(1e-9, precision + recall)
    right = sum(shares[n] - 1 for n in shares) / 2
    ours = sum(len(group) * (len(group) - 1) / 2 for group in made.values())
    place = {s.key: n for n, s in enumerate(texts.said)}
    ours -= sum(1 for a, b in texts.open_pairs if labels[place[a]] == labels[place[b]])
    theirs = sum(len(group) * (len(group) - 1) / 2 for group in gold.values())
    return bcubed, 2 * right / max(1.0, ours + theirs)
