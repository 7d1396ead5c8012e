"""Calibration (校准): the weights of the matching learn from what people confirmed and rejected."""

import hashlib
import io
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

import numpy as np

from core.access import Permission, Scope
from core.errors import Refused, Stale
from core.grouping import ENTRY_SIGNS
from core.likeness import Floats, Lexicon, starter
from core.pieces import Said, pieces
from core.store import Work
from core.text import N_
from core.units import new_id
from core.weighing import Model, fitted, log_loss, shipped
from core.words import Event

ENOUGH, ENOUGH_EACH = 60, 12
"""Judgements from which weights may learn, and how many of either kind."""
KEPT_BACK = 0.3
"""Share of the judgements that the weights are not fitted to, but held against."""
RIDGE = 8.0
SAMPLE, OFTEN = 20_000, 3
"""Flags whose words are counted, and in how many of them a piece must stand to be kept."""


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


@dataclass(eq=False)
class Vocabulary:
    """How often the site's flags use each piece of text, as a packed table; pieces said in few flags are left out."""

    id: str
    texts: int
    made_on: date
    counts: bytes


@dataclass(frozen=True)
class Figures:
    """How weights do on judgements they were not fitted to: shares of 0–1, and the loss (0 is best)."""

    precision: float
    recall: float
    loss: float


@dataclass(frozen=True)
class Outlook:
    """What people have judged, how the weights in use do on what is kept back, and how newly fitted ones would."""

    same: int
    other: int
    kept_back: int
    before: Figures | None = None
    after: Figures | None = None
    calibrated_on: datetime | None = None

    @property
    def is_better(self) -> bool:
        return self.before is not None and self.after is not None and self.after.loss < self.before.loss


def model(work: Work) -> Model:
    """The weights in use."""
    kept = work.store.weights()
    return Model.read(kept.model) if kept else shipped()


_counted: dict[str, Lexicon] = {}


def lexicon(work: Work) -> Lexicon:
    """The vocabulary in use: what texts of the field say, with what this site's flags say."""
    kept = work.store.vocabulary()
    if kept is None:
        return starter()
    if kept.id not in _counted:
        packed = np.load(io.BytesIO(kept.counts))
        counts = starter().counts.copy()
        counts[packed["columns"]] += packed["counts"]
        _counted.clear()
        _counted[kept.id] = Lexicon(counts, starter().texts + kept.texts)
    return _counted[kept.id]


def outlook(work: Work) -> Outlook:
    """How the weights would change, and whether for the better; nothing is changed."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    return _outlook(work)[0]


def recalibrate(work: Work) -> Outlook:
    """Put newly fitted weights into use; refused while they are too few judgements, or would be worse."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    found, new = _outlook(work)
    if new is None:
        raise Refused(N_("There are too few judgements to learn from yet."))
    if not found.is_better:
        raise Refused(N_("The new weights would do worse on what was kept back, so the present ones stay."))
    top = _top(work, work.actor.scope(Permission.MATCHING_CALIBRATE))
    figures: dict[str, object] = {"before": asdict(found.before), "after": asdict(found.after)}  # type: ignore[arg-type]
    kept = Weights(new_id(), top, work.actor.person_id, work.now, new.written(), figures)
    work.store.add(kept)
    work.record(Event.WEIGHTS_CHANGED, kept.id, chain=top, judgements=found.same + found.other)
    return found


def return_to_before(work: Work) -> None:
    """Take the newest weights back: those before them are in use again, at last the shipped ones."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    kept = work.store.weights()
    if kept is None:
        raise Stale(N_("The shipped weights are in use already."))
    kept.undone_at = work.now
    work.record(Event.WEIGHTS_TAKEN_BACK, kept.id, chain=kept.unit_id)


def _top(work: Work, scope: Scope) -> str:
    """The highest unit the actor is responsible for, on whose chain the change is written."""
    return min(work.store.unit_rows(scope), key=lambda row: len(row.path)).id


def _outlook(work: Work) -> tuple[Outlook, Model | None]:
    used = model(work)
    rows = [row for row in work.store.judgements() if set(row.signs) >= set(ENTRY_SIGNS)]
    same = np.array([row.same for row in rows], dtype=bool)
    held = np.array([_is_held(row.flag_id) for row in rows], dtype=bool)
    now = work.store.weights()
    base = Outlook(int(same.sum()), int((~same).sum()), int(held.sum()), calibrated_on=now.made_at if now else None)
    if len(rows) < ENOUGH or min(base.same, base.other) < ENOUGH_EACH or same[held].all() or not same[held].any():
        return base, None
    signs = np.array([[row.signs[name] for name in ENTRY_SIGNS] for row in rows])
    entry = fitted(ENTRY_SIGNS, signs[~held], same[~held], RIDGE, prior=used.entry)
    new = Model(used.pair, entry, used.thresholds)
    before, after = (_figures(m, signs[held], same[held]) for m in (used, new))
    return Outlook(base.same, base.other, base.kept_back, before, after, base.calibrated_on), new


def _is_held(flag_id: str) -> bool:
    """Whether what was judged of a flag is kept back: the same flags each time, drawn by their ids."""
    return hashlib.sha256(flag_id.encode()).digest()[0] < 256 * KEPT_BACK


def _figures(used: Model, signs: Floats, same: np.ndarray) -> Figures:
    chance = used.entry.probabilities(signs)
    said = chance >= used.thresholds["likely"]
    right = int((said & same).sum())
    return Figures(right / max(1, int(said.sum())), right / max(1, int(same.sum())), log_loss(chance, same))


def count_words(work: Work) -> int:
    """Count anew what this site's flags say, and give how many were read. Pieces said in few flags are left out, so
    that no name and no single story stands in the count."""
    work.actor.require(Permission.MATCHING_CALIBRATE)
    texts = work.store.sample(SAMPLE)
    found = Lexicon.empty()
    for start in range(0, len(texts), 2000):
        found = found.plus(pieces([Said(str(n), text) for n, text in enumerate(texts[start : start + 2000])]))
    columns = np.flatnonzero(found.counts >= OFTEN).astype(np.int32)
    packed = io.BytesIO()
    np.savez_compressed(packed, columns=columns, counts=found.counts[columns].astype(np.int32))
    old = work.store.vocabulary()
    if old is not None:
        work.store.remove(old)
    work.store.add(Vocabulary(new_id(), found.texts, work.today, packed.getvalue()))
    return found.texts
