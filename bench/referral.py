"""How well the hints of the first review do: `python -m bench.referral` measures, `… fit` writes the weights anew."""

import csv
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from numpy.typing import NDArray

from core.alike import hints
from core.items import library
from core.words import Triage

Matrix = NDArray[np.float64]
HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "core" / "data" / "referral_weights.json"
ORDER = tuple(Triage)
FOLDS = 10
MOST_PIECES = 2000
"""How many characters and pairs of characters keep a weight."""
CUE, PIECE, BIAS = 0.1, 1.0, 3.0
"""How freely the weights of cues, of pieces and of the classes themselves may grow."""
HELD_BACK = 0.05
"""How strongly weights are held back."""
AFTER = "fg"
"""First letters of the ids of those development texts that were written after the cues: they decide how sure one is."""
BANDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
CATALOGUE = tuple(
    SimpleNamespace(id=name, name=name, procedure="") for name in dict.fromkeys(p.power_item for p in library())
)


@dataclass(frozen=True)
class Row:
    """A labelled text: the item may be empty."""

    id: str
    text: str
    triage: Triage
    item: str


def rows(name: str) -> list[Row]:
    """The labelled texts of a file beside this module."""
    with (HERE / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [Row(r["id"], r["text"], Triage(r["triage"]), r["item"]) for r in csv.DictReader(file)]


@dataclass(frozen=True)
class Model:
    """Weights of cues and pieces, one column a class; the last row is the class itself."""

    cues: tuple[str, ...]
    pieces: tuple[str, ...]
    weights: Matrix

    def sums(self, texts: Sequence[str]) -> Matrix:
        return _features(texts, self.cues, self.pieces) @ self.weights


def _features(texts: Sequence[str], cues: Sequence[str], pieces: Sequence[str]) -> Matrix:
    place = {piece: n for n, piece in enumerate(pieces, len(cues))}
    table = np.zeros((len(texts), len(cues) + len(pieces) + 1))
    for line, text in zip(table, texts, strict=True):
        signals, found = hints.signals(text), hints.pieces(hints.plain(text))
        line[: len(cues)] = [CUE * signals.get(name, 0.0) for name in cues]
        line[[place[piece] for piece in found if piece in place]] = PIECE / math.sqrt(len(found) or 1)
        line[-1] = BIAS
    return table


def fitted(texts: Sequence[Row]) -> Model:
    """The model of some texts: logistic regression over the classes, pieces that only one text has left out."""
    seen: dict[str, int] = {}
    for row in texts:
        for piece in hints.pieces(hints.plain(row.text)):
            seen[piece] = seen.get(piece, 0) + 1
    pieces = tuple(sorted(piece for piece, n in seen.items() if n > 1))
    cues = (*hints.cues().phrases, *hints.cues().together)
    table = _features([row.text for row in texts], cues, pieces)
    labels = np.array([[float(row.triage is t) for t in ORDER] for row in texts])
    weights = table.T @ _dual(table @ table.T, labels)
    strength = np.abs(weights[len(cues) : -1]).max(axis=1)
    least = np.sort(strength)[-MOST_PIECES] if len(strength) > MOST_PIECES else 0.0
    kept = np.concatenate([np.ones(len(cues), bool), strength >= least, [True]])
    return Model(cues, tuple(p for p, keep in zip(pieces, kept[len(cues) : -1], strict=True) if keep), weights[kept])


def _dual(likeness: Matrix, labels: Matrix, steps: int = 1500) -> Matrix:
    """Nesterov's descent in the space of the texts, which are fewer than the features."""
    rate = 1 / (0.5 * float(np.linalg.norm(likeness, 2)) + HELD_BACK)
    now = ahead = np.zeros_like(labels)
    for step in range(steps):
        after = ahead - rate * (_softmax(likeness @ ahead) - labels + HELD_BACK * ahead)
        ahead = after + step / (step + 3) * (after - now)
        now = after
    return now


def _softmax(sums: Matrix) -> Matrix:
    powers = np.exp(sums - sums.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def crossed(texts: Sequence[Row]) -> Matrix:
    """The sums for each text from a model that has not seen it."""
    fold = np.random.default_rng(1).permutation(len(texts)) % FOLDS
    sums = np.zeros((len(texts), len(ORDER)))
    for n in range(FOLDS):
        model = fitted([row for row, f in zip(texts, fold, strict=True) if f != n])
        sums[fold == n] = model.sums([row.text for row, f in zip(texts, fold, strict=True) if f == n])
    return sums


def _sharpness(sums: Matrix, texts: Sequence[Row]) -> float:
    later = [n for n, row in enumerate(texts) if row.id[0] in AFTER]
    right = [ORDER.index(texts[n].triage) for n in later]

    def loss(sharp: float) -> float:
        return -float(np.log(_softmax(sharp * sums[later])[range(len(later)), right]).mean())

    return min((n / 50 for n in range(10, 101)), key=loss)


def _item_scores(texts: Sequence[Row]) -> list[dict[str, float]]:
    return [{item: worth for item, (worth, _spans) in hints.heard(row.text, CATALOGUE).items()} for row in texts]


def _item_sureness(texts: Sequence[Row]) -> tuple[float, float]:
    scores = _item_scores(texts)

    def loss(pair: tuple[float, float]) -> float:
        sharp, enough = pair
        lost = 0.0
        for row, score in zip(texts, scores, strict=True):
            powers = {name: math.exp(sharp * worth) for name, worth in score.items()} | {"": math.exp(sharp * enough)}
            lost -= math.log(powers.get(row.item, 1.0) / sum(powers.values()))
        return lost

    return min(((s / 20, e / 4) for s in range(4, 31) for e in range(4, 33)), key=loss)


def fit() -> None:
    """Write the weights that the development texts give."""
    texts = rows("referral_dev")
    model, sharp = fitted(texts), _sharpness(crossed(texts), texts)
    item_sharp, item_enough = _item_sureness(texts)
    n = len(model.cues)
    free = np.array([CUE] * n + [PIECE] * len(model.pieces) + [BIAS])[:, None]
    table = (model.weights * free).round(2) + 0.0
    told = {
        "order": list(ORDER), "sharp": sharp, "item_sharp": item_sharp, "item_enough": item_enough,
        "bias": table[-1].tolist(),
        "cues": dict(zip(model.cues, table[:n].tolist(), strict=True)),
        "pieces": dict(zip(model.pieces, table[n:-1].tolist(), strict=True)),
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    WEIGHTS.write_text(text.replace('],"', '],\n"').replace(':{"', ':{\n"') + "\n", encoding="utf-8")
    print(f"{len(texts)} texts, {n} cues, {len(model.pieces)} pieces, {sharp=}, {item_sharp=}, {item_enough=}")


def _leaning(chances: Matrix) -> list[tuple[Triage, float]]:
    lean = np.array([hints.cues().lean.get(t, 1.0) for t in ORDER])
    return [(ORDER[int(n)], float(c[n])) for c, n in zip(chances, (chances * lean).argmax(axis=1), strict=True)]


def macro_f1(texts: Sequence[Row], said: Sequence[tuple[Triage, float]]) -> float:
    """The mean over the classes of F1."""
    return sum(_measures(texts, said, t)[2] for t in ORDER) / len(ORDER)


def _measures(texts: Sequence[Row], said: Sequence[tuple[Triage, float]], one: Triage) -> tuple[float, float, float]:
    both = sum(row.triage is one and guess is one for row, (guess, _sure) in zip(texts, said, strict=True))
    precision = both / max(1, sum(guess is one for guess, _sure in said))
    recall = both / max(1, sum(row.triage is one for row in texts))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _triage_tables(texts: Sequence[Row], said: Sequence[tuple[Triage, float]]) -> None:
    right = sum(row.triage is guess for row, (guess, _sure) in zip(texts, said, strict=True))
    print(f"triage: {len(texts)} texts, macro-F1 {macro_f1(texts, said):.3f}, accuracy {right / len(texts):.3f}")
    print(f"{'':12}precision  recall      F1")
    for one in ORDER:
        print(f"{one:12}" + "".join(f"{value:8.3f}" for value in _measures(texts, said, one)))
    print(f"{'is / said':12}" + "".join(f"{one[:7]:>8}" for one in ORDER))
    for one in ORDER:
        guesses = [guess for row, (guess, _sure) in zip(texts, said, strict=True) if row.triage is one]
        print(f"{one:12}" + "".join(f"{guesses.count(other):8}" for other in ORDER))
    _bands([(sure, row.triage is guess) for row, (guess, sure) in zip(texts, said, strict=True)])


def _bands(judged: Sequence[tuple[float, bool]]) -> None:
    print("confidence       n    mean   right")
    for low, high in pairwise(BANDS):
        some = [(sure, right) for sure, right in judged if low <= sure < high]
        if some:
            mean, share = (sum(float(pair[n]) for pair in some) / len(some) for n in (0, 1))
            print(f"{low:.1f}–{min(high, 1):.1f}   {len(some):7}{mean:8.3f}{share:8.3f}")
    gap = sum(sure for sure, _right in judged) - sum(right for _sure, right in judged)
    print(f"mean confidence less share right {gap / max(1, len(judged)):+.3f}")


def item_accuracy(texts: Sequence[Row], most: int) -> float:
    """The share of the texts with a power item whose item is among the first so many suggested."""
    about = [row for row in texts if row.item]
    found = (row.item in [h.item_id for h in hints.items(row.text, CATALOGUE)[:most]] for row in about)
    return sum(found) / len(about)


def _item_tables(texts: Sequence[Row]) -> None:
    about = sum(bool(row.item) for row in texts)
    print(f"items: {about} texts, first {item_accuracy(texts, 1):.3f}, first three {item_accuracy(texts, 3):.3f}")
    for one in ORDER:
        some = [row for row in texts if row.triage is one and row.item]
        if some:
            print(f"{one:12}{len(some):5}{item_accuracy(some, 1):8.3f}{item_accuracy(some, 3):8.3f}")
    silent = [not hints.items(row.text, CATALOGUE) for row in texts if not row.item]
    print(f"of {len(silent)} texts without an item {sum(silent)} get no suggestion")
    _bands([(h.confidence, h.item_id == r.item) for r in texts for h in hints.items(r.text, CATALOGUE)[:1]])


def said_of(texts: Sequence[Row]) -> list[tuple[Triage, float]]:
    """What the product says of each text, as it is."""
    return [(hint.triage, hint.confidence) for hint in (hints.triage(row.text) for row in texts)]


def measure(name: str, judge: Callable[[Sequence[Row]], list[tuple[Triage, float]]]) -> None:
    """Print the tables of one file: numbers alone, no text."""
    texts = rows(name)
    print(f"\n{name}")
    said = judge(texts)
    _triage_tables(texts, said)
    later = [(row, one) for row, one in zip(texts, said, strict=True) if row.id[0] in AFTER and name.endswith("_dev")]
    if later:
        f1 = macro_f1([row for row, _one in later], [one for _row, one in later])
        print(f"of these {len(later)} written after the cues: macro-F1 {f1:.3f}")
    _item_tables(texts)


def main(argv: Sequence[str]) -> None:
    if argv == ["fit"]:
        fit()
        return
    measure("referral_dev", lambda texts: _leaning(_softmax(hints.weights().sharp * crossed(texts))))
    if argv != ["dev"]:
        measure("referral", said_of)


if __name__ == "__main__":
    main(sys.argv[1:])
