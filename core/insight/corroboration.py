"""Corroboration (印证): how well an entry is borne out, computed from what everybody reads in it.

======================================================  ======
each voice after the first                              +2
five or more residents joined it on the board           +1
a superior saw it there (inspection, patrol feedback)   +1
two voices or more rated it by themselves and agree     +1
their ratings lie two levels apart                      −1
======================================================  ======

0 or less is one voice alone, 1–2 partly, 3 and more well borne out. The three voices count most for they are the only
independent witnesses; many of one voice may be one talk in the stairwell, so their number does not count. It is told
beside the level and decides nothing; the weights are no probabilities. See docs/blind-spots.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.access import Permission
from core.entries.rating import spread
from core.entries.risks import Risk
from core.insight.disputes import highest
from core.privacy.small import SMALLEST
from core.store import Work
from core.text import N_, Term
from core.voices.flags import Flag
from core.words import Channel, Level, Source

ON_THE_SPOT = (Channel.INSPECTION, Channel.PATROL_FEEDBACK)


class Ground(Term):
    """What bears an entry out, or speaks against it."""

    VOICE = "voice", N_("one more voice says it")
    JOINED = "joined", N_("five or more residents joined it")
    ON_THE_SPOT = "on_the_spot", N_("a superior saw it there")
    AGREED = "agreed", N_("the voices rate it alike")
    APART = "apart", N_("the voices rate it two levels apart")


WEIGHT = {Ground.VOICE: 2, Ground.JOINED: 1, Ground.ON_THE_SPOT: 1, Ground.AGREED: 1, Ground.APART: -1}


class Strength(Term):
    ALONE = "alone", N_("one voice alone")
    PARTLY = "partly", N_("partly borne out")
    WELL = "well", N_("well borne out")


PARTLY, WELL = 1, 3
"""From which sum on."""


@dataclass(frozen=True)
class Borne:
    """How well an entry is borne out, with its grounds; one more voice stands once for each."""

    grounds: tuple[Ground, ...]

    @property
    def total(self) -> int:
        return sum(WEIGHT[ground] for ground in self.grounds)

    @property
    def strength(self) -> Strength:
        return Strength.WELL if self.total >= WELL else Strength.PARTLY if self.total >= PARTLY else Strength.ALONE


def borne(sources: frozenset[Source], own: Iterable[tuple[Source, Level]], joined: int, *, on_the_spot: bool) -> Borne:
    """How well voices, their own ratings, those who joined and a look on the spot bear an entry out."""
    said = highest(own)
    apart = spread(list(said.values())) if len(said) > 1 else None
    grounds = [Ground.VOICE] * (len(sources) - 1)
    grounds += [Ground.JOINED] if joined >= SMALLEST else []
    grounds += [Ground.ON_THE_SPOT] if on_the_spot else []
    grounds += [Ground.AGREED] if apart == 0 else [Ground.APART] if apart == 2 else []
    return Borne(tuple(grounds))


def corroboration(work: Work, risk_id: str) -> Borne | None:
    """How well an entry is borne out, by the voices the actor may know of; None where there are none."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    joined = work.store.count_supports(risk.id)
    flags = work.store.seen_all(Flag, [link.flag_id for link in work.store.links_of(risk.id)], scope).values()
    sources = {flag.source for flag in flags} | ({Source.RESIDENT} if joined else set())
    if not sources:
        return None
    own = [(flag.source, flag.level) for flag in flags if flag.level]
    on_the_spot = any(flag.source is Source.SUPERIOR and flag.channel in ON_THE_SPOT for flag in flags)
    return borne(frozenset(sources), own, joined, on_the_spot=on_the_spot)
