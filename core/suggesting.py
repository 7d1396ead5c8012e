"""Suggestions (归并建议): which entries a flag may belong to, found when it is raised and kept for the queue."""

from dataclasses import dataclass


@dataclass(eq=False)
class Suggestion:
    """That a flag may belong to an entry: how sure (0–1), and its rank among the flag's suggestions from 1."""

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    probability: float
    rank: int
