"""Weighing (权重): how much each sign counts; small, readable, and fitted again from what people decide."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import DATA

Floats = NDArray[np.float64]

SHIPPED = DATA / "matching.json"


@dataclass(frozen=True)
class Layer:
    """A logistic regression over named signs: the logit is bias + Σ weight · (sign - mean) / spread."""

    names: tuple[str, ...]
    bias: float
    weights: Floats
    means: Floats
    spreads: Floats

    def logits(self, signs: Floats) -> Floats:
        """Logits of rows of signs, in the order of `names`."""
        found: Floats = self.bias + ((signs - self.means) / self.spreads) @ self.weights
        return found

    def probabilities(self, signs: Floats) -> Floats:
        return squashed(self.logits(signs))

    def written(self) -> dict[str, Any]:
        """As it stands in a file: a line a sign."""
        rows = zip(self.names, self.weights, self.means, self.spreads, strict=True)
        signs = {n: [round(float(x), 5) for x in (weight, mean, spread)] for n, weight, mean, spread in rows}
        return {"bias": round(self.bias, 5), "signs": signs}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Layer":
        signs = kept["signs"]
        numbers = np.array(list(signs.values()), dtype=np.float64).reshape(len(signs), 3)
        return cls(tuple(signs), float(kept["bias"]), numbers[:, 0], numbers[:, 1], numbers[:, 2])


@dataclass(frozen=True)
class Model:
    """Two layers: `pair` weighs two texts, `entry` weighs a text against an entry with all that is said in it.

    A third one, `meaning`, weighs the entry's logit with how near both are in meaning, where a site asks for that.

    `thresholds` are probabilities: `shown` a candidate worth a look, `likely` one to propose, `preselected` one so
    sure that it is chosen beforehand, `grouped` a tie that holds a group of a bulk run together.
    """

    pair: Layer
    entry: Layer
    thresholds: Mapping[str, float]
    meaning: Layer | None = None

    def written(self) -> dict[str, Any]:
        layers = {"pair": self.pair, "entry": self.entry, "meaning": self.meaning}
        return {"thresholds": dict(self.thresholds)} | {n: layer.written() for n, layer in layers.items() if layer}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Model":
        layers = {n: Layer.read(kept[n]) for n in ("pair", "entry", "meaning") if n in kept}
        return cls(thresholds=dict(kept["thresholds"]), **layers)


@cache
def shipped(kind: str = "flags") -> Model:
    """The weights that come with the product: for short `flags`, or for `letters` of many words with a title."""
    return Model.read(json.loads(SHIPPED.read_text(encoding="utf-8"))[kind])


def squashed(logits: Floats) -> Floats:
    found: Floats = 1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0)))
    return found


def logit(chance: Floats) -> Floats:
    """The logits of probabilities, the surest ones cut off at 1 in a million."""
    sure = np.clip(chance, 1e-6, 1 - 1e-6)
    found: Floats = np.log(sure / (1.0 - sure))
    return found


def fitted(
    names: Sequence[str], signs: Floats, same: NDArray[np.bool_], ridge: float = 3.0, prior: Layer | None = None
) -> Layer:
    """A layer fitted to pairs that are the same matter or not, by Newton's method.

    `ridge` pulls the weights towards those of `prior`, else towards none: with few pairs they move little.
    """
    means = prior.means if prior else signs.mean(axis=0)
    spreads = prior.spreads if prior else np.where(signs.std(axis=0) > 1e-9, signs.std(axis=0), 1.0)
    scaled = np.column_stack([np.ones(len(signs)), (signs - means) / spreads])
    towards = np.concatenate([[prior.bias], prior.weights]) if prior else np.zeros(scaled.shape[1])
    pull = np.full(scaled.shape[1], ridge)
    pull[0] = ridge if prior else 0.0

    def loss(weights: Floats) -> float:
        logits = scaled @ weights
        wrong = np.logaddexp(0.0, np.where(same, -logits, logits)).sum()
        return float(wrong + 0.5 * (pull * (weights - towards) ** 2).sum())

    weights = towards.copy()
    for _round in range(ROUNDS):
        chance = squashed(scaled @ weights)
        slope = scaled.T @ (chance - same) + pull * (weights - towards)
        bend = (scaled * (chance * (1 - chance) + 1e-9)[:, None]).T @ scaled + np.diag(pull + 1e-6)
        step = np.linalg.solve(bend, slope)
        size, now = 1.0, loss(weights)
        while size > 1e-4 and loss(weights - size * step) > now:
            size /= 2
        weights = weights - size * step
        if np.abs(size * step).max() < 1e-5:
            break
    return Layer(tuple(names), float(weights[0]), weights[1:], means, spreads)


ROUNDS = 40
"""Steps of Newton's method at most; eight are usual."""


def log_loss(chance: Floats, same: NDArray[np.bool_]) -> float:
    """How far probabilities are from what is so, 0 for always sure and right."""
    sure = np.clip(np.where(same, chance, 1 - chance), 1e-6, 1.0)
    return float(-np.log(sure).mean())
