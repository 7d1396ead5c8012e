"""Whether figures that were taken minute by minute stay where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from scipy.stats import linregress, t

WARM = 0.2
"""The share of the minutes at the start that is left out: caches fill, pools grow."""
LITTLE = 0.05
"""A rise over the whole time that counts as none, as a share of the mean."""


@dataclass(frozen=True)
class Slope:
    """What a figure gains in a minute, with half the width of its 95 % interval; `mean` of `minutes` figures."""

    each: float
    half: float
    mean: float
    minutes: int

    @property
    def is_flat(self) -> bool:
        """Whether it does not rise for certain, or rises by so little that it does not matter."""
        return self.each - self.half <= 0 or self.each * self.minutes <= LITTLE * self.mean

    def told(self, unit: str) -> str:
        word = "flat" if self.is_flat else "RISES"
        return f"{self.each:+.3f} ± {self.half:.3f} {unit} a minute ({word})"


def slope(figures: Sequence[float]) -> Slope | None:
    """The straight line through figures taken minute by minute, without the first ones; None for fewer than three."""
    kept = list(figures)[int(len(figures) * WARM) :]
    if len(kept) < 3:
        return None
    line = linregress(range(len(kept)), kept)
    half = float(t.ppf(0.975, len(kept) - 2)) * float(line.stderr)
    return Slope(float(line.slope), half, fmean(kept), len(kept))
