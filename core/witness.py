"""The witness (审计见证): where every chain of the log ended when it was last checked, kept outside the database.

Whoever owns the database can rewrite a chain together with its head, or put back the database of yesterday. The witness
is a file signed with the site's key: it says which lines there have been.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from core.access import Permission
from core.audit import Break, Flaw, Head, is_residents
from core.errors import Refused
from core.events import Event
from core.organisation.units import Unit
from core.text import N_

if TYPE_CHECKING:
    from core.privacy.keys import Ring
    from core.store import Work

FALSE = N_("The witness of the audit log cannot be read, or this site did not sign it.")


@dataclass(frozen=True)
class Witness:
    """What one site's chains were on a day, as far as they held, and where they did not."""

    site: str
    day: str
    heads: dict[str, Head] = field(default_factory=dict)
    broken: tuple[Break, ...] = ()

    def written(self, ring: "Ring") -> str:
        """A line of JSON, and the signature over it in base64."""
        said = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return f"{said}\n{urlsafe_b64encode(ring.signed(said.encode())).decode()}\n"

    @classmethod
    def read(cls, text: str, ring: "Ring") -> "Witness":
        """What `written` gave; `Refused` where it is something else or another key signed it."""
        try:
            said, signature = text.splitlines()
            if not ring.is_signed(said.encode(), urlsafe_b64decode(signature)):
                raise Refused(FALSE)
            found = json.loads(said)
            heads = {chain: (n, digest) for chain, (n, digest) in found["heads"].items()}
            broken = tuple(Break(one["chain"], one["n"], Flaw(one["why"])) for one in found["broken"])
            return cls(found["site"], found["day"], heads, broken)
        except (ValueError, KeyError, TypeError) as fault:
            raise Refused(FALSE) from fault


@dataclass(frozen=True)
class Seen:
    """What an auditor is told of the witness: its day, and what does not hold among the auditor's chains."""

    day: date
    broken: tuple[Break, ...]


def seen(work: "Work") -> Seen | None:
    """What the witness on this server says of the auditor's chains, and whether one has grown shorter since; None where
    there is no witness. `Refused` where its file is not what this site wrote."""
    scope = work.actor.require(Permission.AUDIT_READ)
    witness = work.store.witness()
    if witness is None:
        return None
    length = {row.chain: row.length for row in work.store.chains(scope)}
    told = tuple(one for one in witness.broken if one.chain in length)
    known = {one.chain for one in told}
    shorter = (
        Break(chain, there + 1, Flaw.OLDER) for chain, there in length.items()
        if chain not in known and there < witness.heads.get(chain, (0, ""))[0]
    )  # fmt: skip
    return Seen(date.fromisoformat(witness.day), (*told, *shorter))


def tell(work: "Work", broken: Sequence[Break]) -> None:
    """Put on the site's own chain what was found not to hold; that tells auditors and security administrators."""
    work.actor.require(Permission.SITE_KEEP)
    top = work.store.top_unit()
    for found in broken:
        unit_id = found.chain.removesuffix(":residents")
        about = unit_id if work.store.find(Unit, unit_id) else top.id
        work.record(
            Event.LOG_BROKEN, about, chain=top.id, flaw=found.why, line=found.n, residents=is_residents(found.chain)
        )


def tell_away(work: "Work") -> None:
    """Tell whoever keeps the site, and the auditors, that nothing stands against a log rewritten as a whole."""
    work.actor.require(Permission.SITE_KEEP)
    top = work.store.top_unit()
    work.record(Event.WITNESS_AWAY, top.id, chain=top.id)


def accept(work: "Work", chains: int) -> None:
    """An operator says that the database is meant to be the older one it is: so many chains are taken as they are."""
    work.actor.require(Permission.SITE_KEEP)
    top = work.store.top_unit()
    work.record(Event.RESTORE_ACCEPTED, top.id, chain=top.id, chains=chains)
