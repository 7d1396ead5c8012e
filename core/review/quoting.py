"""Quoting (引述): what the voices of entries say, as a person reads it beside a flag that may belong there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.access import Permission
from core.entries.risks import Risk
from core.store import Work
from core.voices.flags import Flag, hearable
from core.words import Source


@dataclass(frozen=True)
class Quote:
    """What one voice says in an entry; where the words are withheld, `text` is None."""

    source: Source
    text: str | None


def quotes(work: Work, risk_ids: Collection[str]) -> Mapping[str, Sequence[Quote]]:
    """What the standing voices of some entries say, all asked for at once; residents' words only for who may hear
    them. Of an entry the actor may not see there are none."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risks = work.store.seen_all(Risk, risk_ids, scope)
    links = work.store.links_in(risks)
    flags = work.store.seen_all(Flag, [link.flag_id for link in links], scope)
    heard = hearable(work, list(flags.values()))
    own = {key for key, risk in risks.items() if work.actor.person_id in work.store.barred(risk.item_id, risk.unit_id)}
    found: dict[str, list[Quote]] = {key: [] for key in risk_ids}
    for link in links:
        if flag := flags.get(link.flag_id):
            hear = flag.id in heard and not (link.risk_id in own and flag.source is Source.RESIDENT)
            found[link.risk_id].append(Quote(flag.source, flag.text if hear else None))
    return found
