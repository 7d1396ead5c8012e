"""Preview (预览): what a merge, a move or a split will change, told before it is done."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from core.access import Permission, Scope
from core.entries.rating import spread
from core.entries.risks import Risk
from core.lifecycle import ENDED
from core.review.merging import Link
from core.store import Work
from core.voices.flags import Flag, load
from core.words import Level, RiskStatus, Source

Heard = tuple[Source, Level | None]
"""A voice and its own rating."""


@dataclass(frozen=True)
class Change:
    """How the voices of an entry change; one that is still to be founded has no number and no state."""

    number: int | None
    status: RiskStatus | None
    level: Level | None
    public: bool
    before: tuple[Heard, ...]
    after: tuple[Heard, ...]

    @property
    def counts(self) -> dict[Source, tuple[int, int]]:
        """Voices before and after, of each source that speaks or spoke."""
        before, after = (Counter(source for source, _level in heard) for heard in (self.before, self.after))
        return {source: (before[source], after[source]) for source in Source if before[source] or after[source]}

    @property
    def new_sources(self) -> list[Source]:
        """The sources that speak for the first time."""
        return [source for source, (before, _after) in self.counts.items() if not before]

    @property
    def silenced(self) -> list[Source]:
        """The sources that no longer speak."""
        return [source for source, (_before, after) in self.counts.items() if not after]

    @property
    def spreads(self) -> tuple[int | None, int | None]:
        """How far the own ratings lie apart before and after; None where fewer than two were given."""
        before, after = ([level for _source, level in heard if level] for heard in (self.before, self.after))
        return spread(before) if len(before) > 1 else None, spread(after) if len(after) > 1 else None


@dataclass(frozen=True)
class Preview:
    """What merging a flag into an entry changes, and what would refuse it: an entry that ended, or
    one's own or a relative's."""

    change: Change
    source: Source
    level: Level | None
    ended: bool
    own: bool


def preview(work: Work, flag_id: str, risk_id: str) -> Preview:
    """What merging a flag into an entry will change."""
    scope = work.actor.require(Permission.FLAG_MERGE)
    flag, risk = load(work, flag_id, scope), work.store.one(Risk, risk_id, scope)
    return Preview(
        _change(work, risk, scope, joins=[flag]), flag.source, flag.level, risk.status in ENDED,
        work.actor.person_id in work.store.with_kin({risk.owner_id, *work.store.owners(risk.item_id, risk.unit_id)}),
    )  # fmt: skip


def preview_move(work: Work, link_id: str, risk_id: str) -> list[Change]:
    """What moving a flag will change in the entry it leaves and in the one it joins."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    link = work.store.one(Link, link_id, scope)
    flag = load(work, link.flag_id, scope)
    home, target = (work.store.one(Risk, one, scope) for one in (link.risk_id, risk_id))
    return [_change(work, home, scope, leaves=[flag]), _change(work, target, scope, joins=[flag])]


def preview_split(work: Work, risk_id: str, link_ids: Collection[str]) -> list[Change]:
    """What splitting will change in an entry, and the voices of the one it founds."""
    scope = work.actor.require(Permission.FLAG_UNMERGE)
    home = work.store.one(Risk, risk_id, scope)
    chosen = [link for link in work.store.links_of(home.id) if link.id in link_ids]
    flags = [load(work, link.flag_id, scope) for link in chosen]
    founded = Change(None, None, None, public=False, before=(), after=tuple(_heard(flag) for flag in flags))
    return [_change(work, home, scope, leaves=flags), founded]


def _change(work: Work, risk: Risk, scope: Scope, *, joins: Iterable[Flag] = (), leaves: Iterable[Flag] = ()) -> Change:
    before = tuple(work.store.heard_in(scope, risk.id))
    after = [*before, *(_heard(flag) for flag in joins)]
    for flag in leaves:
        after.remove(_heard(flag))
    public = bool(risk.wording and risk.announced_on)
    return Change(risk.number, risk.status, risk.level, public, before, tuple(after))


def _heard(flag: Flag) -> Heard:
    return flag.source, flag.level
