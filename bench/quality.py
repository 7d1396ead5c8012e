"""How well a method finds the same matter, all methods scored alike: no threshold is chosen with the texts it is judged
by."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.matters import Texts
from core.alike.grouping import Pass, hanging
from core.alike.likeness import Floats, Ids

FOLDS = 5
SURE = 0.97
"""Precision asked of what is chosen beforehand."""
STEPS, LEVEL = 60, 0.02
"""Thresholds that are tried for groups, and how much less good ones count as good: one large group makes the best one a
matter of chance."""

Ranked = dict[int, list[tuple[float, int]]]


def folds(texts: Texts, seed: int) -> Ids:
    """The fold of every text; texts of one matter lie in the same."""
    draw = np.random.default_rng(seed)
    fold = {matter: int(draw.integers(FOLDS)) for matter in sorted(set(texts.matters))}
    return np.array([fold[matter] for matter in texts.matters], dtype=np.int64)


@dataclass(frozen=True)
class Judged:
    """Pairs of texts, `one` said after `other`, and how sure a method is that they are the same matter.

    `scores` has one row a fold and one column a pair; row n was found without the matters of fold n. A method that
    learns nothing has the same row five times.
    """

    one: Ids
    other: Ids
    scores: Floats

    def of(self, kept: np.ndarray) -> "Judged":
        """Some of the pairs."""
        return Judged(self.one[kept], self.other[kept], self.scores[:, kept])

    def ranked(self, fold: int, among: np.ndarray) -> Ranked:
        """By each text of `among` the earlier ones with the score of that fold, best first."""
        kept = among[self.one]
        return ranked(self.one[kept], self.other[kept], self.scores[fold][kept])


def ranked(one: Ids, other: Ids, score: Floats) -> Ranked:
    """By text the earlier ones with their score, best first."""
    found: Ranked = {}
    for a, b, s in zip(one, other, score, strict=True):
        found.setdefault(int(a), []).append((float(s), int(b)))
    return {a: sorted(rows, key=lambda row: (-row[0], row[1])) for a, rows in found.items()}


def place_of_first(texts: Texts, found: Ranked, text: int) -> int:
    """At which place, from 1, an earlier text of the same matter stands; 0 where none does."""
    scored = [other for _score, other in found.get(text, []) if texts.counts(text, other)]
    return next((n for n, other in enumerate(scored, 1) if texts.matters[other] == texts.matters[text]), 0)


@dataclass(frozen=True)
class Decision:
    """How good it is to propose the best earlier text from a score on."""

    least: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


NOTHING = Decision(np.inf, 1.0, 0.0)
"""Nothing is proposed."""


def best_ones(texts: Texts, found: Ranked) -> list[tuple[float, bool]]:
    """The score of the best earlier text of each, and whether it is the same matter."""
    best = ((n, *rows[0]) for n, rows in found.items())
    return [(score, texts.matters[b] == texts.matters[n]) for n, score, b in best if texts.counts(n, b)]


def decisions(texts: Texts, found: Ranked, among: np.ndarray | None = None) -> list[Decision]:
    """One row for every score that occurs as a best one; of the texts in `among`, or of all."""
    best = sorted(best_ones(texts, found), reverse=True)
    repeated = max(1, sum(among is None or bool(among[n]) for n in texts.repeated()))
    right, rows = 0, []
    for count, (score, good) in enumerate(best, 1):
        right += good
        if count == len(best) or best[count][0] != score:
            rows.append(Decision(score, right / count, right / repeated))
    return rows


def best_at(rows: Sequence[Decision], precision: float) -> Decision:
    """The decision with the best F1 among those at least so precise; nothing proposed where none is."""
    return max((row for row in rows if row.precision >= precision), key=lambda row: row.f1, default=NOTHING)


def widest_at(rows: Sequence[Decision], precision: float) -> Decision:
    """The decision with the greatest recall among those at least so precise."""
    return max((row for row in rows if row.precision >= precision), key=lambda row: row.recall, default=NOTHING)


def of_groups(texts: Texts, labels: Sequence[int], among: np.ndarray | None = None) -> tuple[float, float]:
    """B-cubed F over what is no single, and F1 over pairs, of groups given by labels."""
    gold: dict[str, set[int]] = {}
    made: dict[int, set[int]] = {}
    kept = [n for n in range(len(labels)) if among is None or among[n]]
    for n in kept:
        gold.setdefault(texts.matters[n], set()).add(n)
        made.setdefault(labels[n], set()).add(n)
    shares = {n: len(gold[texts.matters[n]] & made[labels[n]]) for n in kept}
    in_gold = [n for n in kept if len(gold[texts.matters[n]]) > 1]
    in_made = [n for n in kept if len(made[labels[n]]) > 1]
    recall = sum(shares[n] / len(gold[texts.matters[n]]) for n in in_gold) / max(1, len(in_gold))
    precision = sum(shares[n] / len(made[labels[n]]) for n in in_made) / max(1, len(in_made))
    ours, theirs = _pairs(made.values()), _pairs(gold.values())
    ours -= sum(labels[a] == labels[b] for a, b in texts.undecided() if among is None or (among[a] and among[b]))
    right = sum(shares[n] - 1 for n in kept) / 2
    return 2 * precision * recall / max(1e-9, precision + recall), 2 * right / max(1.0, ours + theirs)


def _pairs(groups: Iterable[set[int]]) -> float:
    return sum(len(group) * (len(group) - 1) / 2 for group in groups)


def grouped_at(texts: Texts, found: Pass, among: np.ndarray | None = None) -> float:
    """The score from which texts should hang together: amid those where B-cubed F and pair F1 are best in sum.

    All texts hang together as they do, and those in `among` tell how well.
    """
    best = [rows[0][0] for rows in ranked(found.one, found.other, found.probability).values()]
    tried = np.unique(np.quantile(best, np.linspace(0.4, 0.995, STEPS))) if best else np.ones(1)
    good = np.array([sum(of_groups(texts, tied(texts, found, found.probability >= t), among)) for t in tried])
    return float(np.median(tried[good >= good.max() - LEVEL]))


def tied(texts: Texts, found: Pass, holds: np.ndarray) -> list[int]:
    """The group of each text where some pairs hang together."""
    labels: list[int] = hanging(len(texts.said), Pass(found.one, found.other, holds.astype(np.float64)), 0.5).tolist()
    return labels


@dataclass(frozen=True)
class Figures:
    """How well a method does. `best` proposes where F1 is best, `aimed` where a precision is asked, too, `sure` at a
    precision of .97; each with the precision it really had."""

    recall_1: float
    recall_5: float
    best: Decision
    aimed: Decision
    sure: Decision
    bcubed: float
    pairs: float


def figures(texts: Texts, fold: Ids, online: Judged, bulk: Judged, aim: float) -> Figures:
    """A method's figures over the texts that are no copies, each threshold chosen on the other folds."""
    online, bulk = (one.of(texts.is_original(one.one)) for one in (online, bulk))
    texts = texts.originals()
    fold = fold[: len(texts.said)]
    found: Ranked = {}
    for n in range(FOLDS):
        found |= online.ranked(n, fold == n)
    places = [place_of_first(texts, found, n) for n in texts.repeated()]
    first, five = (sum(0 < place <= most for place in places) / max(1, len(places)) for most in (1, 5))

    def deciding(choose: Callable[[Sequence[Decision]], Decision]) -> Decision:
        return _decided(texts, fold, online, choose)

    return Figures(
        first, five, deciding(lambda rows: best_at(rows, 0.0)), deciding(lambda rows: best_at(rows, aim)),
        deciding(lambda rows: widest_at(rows, SURE)), *_grouped(texts, fold, bulk),
    )  # fmt: skip


def _decided(
    texts: Texts, fold: Ids, judged: Judged, choose: Callable[[Sequence[Decision]], Decision]
) -> Decision:  # fmt: skip
    """What is proposed in each fold from the score chosen on the others."""
    right, proposed = 0, 0
    for n in range(FOLDS):
        rest = fold != n
        least = choose(decisions(texts, judged.ranked(n, rest), rest)).least
        best = [good for score, good in best_ones(texts, judged.ranked(n, ~rest)) if score >= least]
        right, proposed = right + sum(best), proposed + len(best)
    return Decision(np.nan, right / max(1, proposed), right / max(1, len(texts.repeated())))


def _grouped(texts: Texts, fold: Ids, judged: Judged) -> tuple[float, float]:
    """Groups in which each text is tied to earlier ones from the score chosen on the other folds."""
    rows = [Pass(judged.one, judged.other, scores) for scores in judged.scores]
    least = np.array([grouped_at(texts, found, fold != n) for n, found in enumerate(rows)])
    mine = fold[judged.one]
    return of_groups(texts, tied(texts, rows[0], judged.scores[mine, np.arange(len(mine))] >= least[mine]))


HEADING = (
    f"{'':26}{'recall@1':>9}{'@5':>7}{'F1 (P/R)':>21}{'at P asked':>21}{'sure: P':>10}{'R':>7}{'B³':>7}{'pairs':>7}"
)  # fmt: skip


def line(name: str, made: Figures) -> str:
    """A row of the table under `HEADING`."""
    told = [f"{d.f1:.3f} ({d.precision:.3f}/{d.recall:.3f})" for d in (made.best, made.aimed)]
    return (
        f"{name:26}{made.recall_1:9.3f}{made.recall_5:7.3f}{told[0]:>21}{told[1]:>21}"
        f"{made.sure.precision:10.3f}{made.sure.recall:7.3f}{made.bcubed:7.3f}{made.pairs:7.3f}"
    )
