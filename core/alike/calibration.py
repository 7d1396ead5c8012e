"""Calibration (校准): the weights of the matching learn from what people confirmed and rejected."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from core.access import EVERYWHERE, Permission, Scope
from core.alike.grouping import ENTRY_SIGNS
from core.alike.likeness import Floats
from core.alike.weighing import Model, fitted, log_loss, shipped
from core.errors import Refused, Stale
from core.events import Event
from core.organisation.units import new_id
from core.store import Work
from core.text import N_

ENOUGH, ENOUGH_EACH = 60, 12
"""Judgements from which weights may learn, and how many of either kind."""
LEARNED_FROM = 4000
"""Judgements that are read at most, drawn at random: more change the weights no more."""
KEPT_BACK = 0.3
"""Share of the judgements that the weights are not fitted to, but held against."""
RIDGE = 8.0
SURE = 0.97
"""Least precision of what is chosen beforehand."""
NEVER = 2.0
"""A threshold no probability reaches."""


@dataclass(eq=False)
class Judgement:
    """A person's word on one suggestion: the signs (numbers only) it was made from, and whether it was the same matter.

    The date only: from the order of judgements nobody shall read when a resident spoke.
    """

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    same: bool
    judged_on: date
    signs: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What weights learn from in a judgement."""

    flag_id: str
    same: bool
    signs: Mapping[str, float]


@dataclass(eq=False)
class Weights:
    """Weights that replaced the shipped ones, with the figures before and after; the newest standing ones are used."""

    id: str
    unit_id: str
    made_by: str | None
    made_at: datetime
    model: dict[str, object] = field(default_factory=dict)
    figures: dict[str, object] = field(default_factory=dict)
    undone_at: datetime | None = None


@dataclass(frozen=True)
class Figures:
    """How weights do on judgements they were not fitted to: shares of 0–1, and the loss (0 is best)."""

    precision: float
    recall: float
    loss: float


@dataclass(frozen=True)
class Outlook:
    """What people have judged, how the weights in use do on what is kept back, and how newly fitted ones would.

    `drawn` says that there are more judgements than were read.
    """

    same: int
    other: int
    kept_back: int
    before: Figures | None = None
    after: Figures | None = None
    calibrated_on: datetime | None = None
    drawn: bool = False

    @property
    def missing(self) -> int:
        """How many more judgements are needed at least before weights can learn."""
        each = sum(max(0, ENOUGH_EACH - found) for found in (self.same, self.other))
        return max(each, ENOUGH - self.same - self.other, int(self.before is None))

    @property
    def is_better(self) -> bool:
        return self.before is not None and self.after is not None and self.after.loss < self.before.loss


def model(work: Work) -> Model:
    """The weights in use."""
    kept = work.store.weights()
    return Model.read(kept.model) if kept else shipped()


def outlook(work: Work) -> Outlook:
    """How the weights would change, and whether for the better; nothing is changed."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    return _outlook(work)[0]


def recalibrate(work: Work) -> Outlook:
    """Put newly fitted weights into use; refused while there are too few judgements, or they would do worse."""
    top = _top(work, work.actor.require(Permission.MATCHING_CALIBRATE))
    found, new = _outlook(work)
    if new is None or found.before is None or found.after is None:
        raise Refused(N_("There are too few judgements to learn from yet."))
    if not found.is_better:
        raise Refused(N_("The new weights would do worse on what was kept back, so the present ones stay."))
    figures: dict[str, object] = {"before": asdict(found.before), "after": asdict(found.after)}
    kept = Weights(new_id(), top, work.actor.person_id, work.now, new.written(), figures)
    work.store.add(kept)
    work.record(Event.WEIGHTS_CHANGED, kept.id, chain=top, judgements=found.same + found.other)
    return found


def return_to_before(work: Work) -> None:
    """Take the newest weights back: those before them are in use again, at last the shipped ones."""
    top = _top(work, work.actor.require(Permission.MATCHING_CALIBRATE))
    kept = work.store.weights()
    if kept is None:
        raise Stale(N_("The shipped weights are in use already."))
    kept.undone_at = work.now
    work.record(Event.WEIGHTS_TAKEN_BACK, kept.id, chain=top)


def _top(work: Work, scope: Scope) -> str:
    """The highest unit of the site, on whose chain the change is written: the weights serve every unit."""
    top = min(work.store.unit_rows(Scope((EVERYWHERE,))), key=lambda row: len(row.path))
    if not scope.covers(top.path):
        raise Refused(N_("The weights serve the whole site, so whoever administers its highest unit changes them."))
    return top.id


def _outlook(work: Work) -> tuple[Outlook, Model | None]:
    used = model(work)
    read, wanted = work.store.judged(LEARNED_FROM + 1), frozenset(ENTRY_SIGNS)
    rows = [row for row in read[:LEARNED_FROM] if wanted <= row.signs.keys()]
    same = np.array([row.same for row in rows], dtype=bool)
    held = np.array([_is_held(row.flag_id) for row in rows], dtype=bool)
    now = work.store.weights()
    base = Outlook(
        int(same.sum()), int((~same).sum()), int(held.sum()), calibrated_on=now.made_at if now else None,
        drawn=len(read) > LEARNED_FROM,
    )  # fmt: skip
    if len(rows) < ENOUGH or min(base.same, base.other) < ENOUGH_EACH or same[held].all() or not same[held].any():
        return base, None
    signs = np.array([[row.signs[name] for name in ENTRY_SIGNS] for row in rows])
    first = shipped()  # always from there, so that learning twice from the same judgements changes nothing
    entry = fitted(ENTRY_SIGNS, signs[~held], same[~held], RIDGE, prior=first.entry)
    chosen = _beforehand(entry.probabilities(signs), same, first.thresholds["preselected"])
    new = replace(first, entry=entry, thresholds={**first.thresholds, "preselected": chosen})
    new = Model.read(new.written())  # as it is kept
    before, after = (_figures(m, signs[held], same[held]) for m in (used, new))
    return replace(base, before=before, after=after), new


def _is_held(flag_id: str) -> bool:
    """Whether what was judged of a flag is kept back: the same flags each time, drawn by their ids."""
    return hashlib.sha256(flag_id.encode()).digest()[0] < 256 * KEPT_BACK


def _beforehand(chance: Floats, same: NDArray[np.bool_], least: float) -> float:
    """The threshold from which an entry is chosen beforehand: `least`, or higher where that was right too seldom."""
    for threshold in (least, *np.unique(chance[chance > least])):
        said = chance >= threshold
        if not said.any() or same[said].mean() >= SURE:
            return float(threshold)
    return NEVER


def _figures(used: Model, signs: Floats, same: NDArray[np.bool_]) -> Figures:
    chance = used.entry.probabilities(signs)
    said = chance >= used.thresholds["likely"]
    right = int((said & same).sum())
    return Figures(right / max(1, int(said.sum())), right / max(1, int(same.sum())), log_loss(chance, same))
