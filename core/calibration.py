"""Calibration (校准): the weights of the matching learn from what people confirmed and rejected."""

from dataclasses import dataclass, field
from datetime import date, datetime


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
