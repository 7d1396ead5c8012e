"""Suggestions (归并建议): which entries a flag may belong to, found when it is raised and kept for the queue."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access import EVERYWHERE, Scope
from core.alike import meaning
from core.alike.calibration import model
from core.alike.grouping import ENTRY_SIGNS
from core.alike.matching import Candidate, Match, likely, weighed
from core.alike.pieces import Said
from core.alike.vocabulary import lexicon
from core.organisation.units import new_id
from core.store import Work

if TYPE_CHECKING:
    from core.entries.risks import Risk
    from core.voices.flags import Flag

RENEWED = 60
"""Waiting flags that are held against an entry when something new is said in it, those due first."""


@dataclass(eq=False)
class Suggestion:
    """That a flag may belong to an entry, and how sure that is (0–1): the queue's order, never a decision."""

    id: str
    unit_id: str
    flag_id: str
    risk_id: str
    probability: float


Likely = tuple[tuple[str, float], ...]
"""Ids of entries, each with how sure it is that something belongs to it (0–1)."""


def as_said(flag: "Flag") -> Said:
    """A flag as its words are compared."""
    return Said(flag.id, flag.text, "", flag.item_id, flag.place_id, flag.raised_on.toordinal())


def matches(work: Work, flag: "Flag", pool: list[Candidate]) -> list[Match]:
    """At most three likely entries among some, by the weights and the vocabulary of this site."""
    return _weighed(work, as_said(flag), pool)


def _weighed(work: Work, said: Said, pool: list[Candidate]) -> list[Match]:
    if not pool:
        return []
    return likely(said, pool, lexicon=lexicon(work), model=model(work), meaning=meaning.chosen())


def look_for(work: Work, unit_id: str, said: Said) -> Likely:
    """The likely entries of a community for what is said, among those the index finds."""
    found = _weighed(work, said, _pool(work, unit_id, said))
    return tuple((match.risk_id, match.probability) for match in found)


def suggest(work: Work, flag: "Flag", likely: Likely | None = None) -> None:
    """Keep which entries a new flag may belong to; what a person may see of them is asked again when it is shown.

    `likely` is what `look_for` found of it before, so that it is not compared while the database is locked.
    """
    if flag.sealed:
        return
    for risk_id, probability in look_for(work, flag.unit_id, as_said(flag)) if likely is None else likely:
        work.store.add(Suggestion(new_id(), flag.unit_id, flag.id, risk_id, probability))


def renew(work: Work, risk: "Risk") -> None:
    """Hold the flags that wait against an entry in which something new is said."""
    pool = _pool(work, risk.unit_id, only=risk.id)
    kept = work.store.suggested(risk.id)
    for flag in work.store.waiting(risk.unit_id, RENEWED):
        found = matches(work, flag, pool)
        if flag.id in kept:
            kept[flag.id].probability = found[0].probability if found else 0.0
        elif found:
            work.store.add(Suggestion(new_id(), flag.unit_id, flag.id, risk.id, found[0].probability))


def signs_of(work: Work, flag: "Flag", risk_id: str) -> dict[str, float]:
    """The signs by which a flag was weighed against an entry among all others; empty where they share nothing."""
    pool = _pool(work, flag.unit_id, as_said(flag))
    for one in weighed(as_said(flag), pool, lexicon(work), model(work)):
        if one.candidate.risk_id == risk_id:
            return {name: round(float(sign), 5) for name, sign in zip(ENTRY_SIGNS, one.signs, strict=True)}
    return {}


def _pool(work: Work, unit_id: str, near: Said | None = None, only: str | None = None) -> list[Candidate]:
    """The open entries of a community with all that is said in them, whoever may read it: for the machine alone."""
    everything = Scope((EVERYWHERE,))
    return work.store.candidates(everything, unit_id, everything, near, only)
