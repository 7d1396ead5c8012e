"""Checking every chain against itself and the witness, and letting the witness see what was added since."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Engine

from core import dates
from core.access import FOUNDER
from core.audit import Break, Flaw, Head
from core.witness import Witness, accept
from db import snapshots, witness
from db.questions.log import Log
from db.sweeping import PROGRAM
from db.work import reading, work

RESTORED = (Flaw.OLDER, Flaw.OTHERS)
"""How a chain does not hold where an older database was put back; else it holds by itself."""

ROUND = 30
"""Days in which the daily checks read every chain whole once."""


@dataclass
class Audited:
    """What checking found: how many chains and lines were read, where they do not hold, the same for frozen registers,
    and what was known before."""

    before: Witness | None
    chains: int = 0
    lines: int = 0
    broken: list[Break] = field(default_factory=list)
    ends: dict[str, Head] = field(default_factory=dict)
    frozen: int = 0
    spoilt: list[tuple[str, str]] = field(default_factory=list)


def only_new(_chain: str) -> bool:
    """Read no chain whole."""
    return False


def of_the_day(day: date) -> Callable[[str], bool]:
    """Read a share of the chains whole on each day, so that a line changed long after it was seen is found in time."""
    return lambda chain: (zlib.crc32(chain.encode()) + day.toordinal()) % ROUND == 0


def audit(engine: Engine, whole: Callable[[str], bool] = only_new) -> Audited:
    """Read the lines no witness has seen yet, and the chains to be read `whole`, and let the witness see them.

    What does not hold keeps its mark until it is put right or accepted. `Refused` where the witness cannot be read or
    written."""
    path = witness.file_of(engine)
    found = look(engine, witness.read(path), whole)
    if path is not None and found.chains:
        with reading(engine, FOUNDER) as asked:
            site = asked.store.top_unit().id
        known = found.before.heads if found.before else {}
        heads = {chain: known[chain] for chain in known.keys() - found.ends.keys()} | found.ends
        witness.keep(path, Witness(site, dates.today(dates.now()).isoformat(), heads, tuple(found.broken)))
    return found


def look(engine: Engine, before: Witness | None, whole: Callable[[str], bool] = only_new) -> Audited:
    """The same, without letting the witness see anything."""
    found = Audited(before)
    with reading(engine, FOUNDER) as asked:
        log: Log = asked.store  # type: ignore[assignment]
        for chain, verdict in log.verdicts(before.heads if before else {}, whole):
            found.chains, found.lines = found.chains + 1, found.lines + verdict.lines
            if verdict.first:
                found.broken.append(verdict.first)
            else:
                found.ends[chain] = verdict.end
        for snapshot, why in snapshots.check(log.session, whole=before is None or whole("")):
            found.frozen += 1
            found.spoilt += [(snapshot, why)] if why else []
    return found


def accept_restored(engine: Engine) -> int:
    """Take an older database for what is meant to be: on its site's chain, and in the witness. How many chains; the
    others, which do not hold by themselves either, stay broken."""
    path = witness.file_of(engine)
    before = witness.read(path)
    if path is None or before is None:
        return 0
    seen, alone = look(engine, before, lambda _chain: True), look(engine, None)
    taken = {one.chain for one in seen.broken if one.why in RESTORED} - {one.chain for one in alone.broken}
    if not taken:
        return 0
    with work(engine, PROGRAM) as doing:
        accept(doing, len(taken))
    known = {chain: head for chain, head in before.heads.items() if chain not in taken}
    fresh = {chain: head for chain, head in alone.ends.items() if chain in taken}
    witness.keep(path, replace(before, heads=known | fresh))
    audit(engine)
    return len(taken)
