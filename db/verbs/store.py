"""Verbs about the database as a whole."""

from core.access import FOUNDER
from core.text import N_, _
from db import migrate, snapshots, unlogged
from db.engine import databases
from db.log import Log
from db.verbs import verb
from db.work import reading


@verb("migrate", N_("Bring the database up to date"))
def migrate_all() -> int:
    """Bring the database up to date; opening it does that, so this only says where it stands."""
    print(_("The database is at version {version}.", version=migrate.version(databases.real())))
    return 0


@verb("verify", N_("Check that the audit log holds"))
def verify() -> int:
    """Read every chain of the audit log and every frozen register; 1 when one does not hold."""
    broken = chains = lines = frozen = spoilt = 0
    foreign: list[str] = []
    with reading(databases.current(), FOUNDER) as asked:
        for chain, found in Log.verdicts(asked.store):  # type: ignore[arg-type]
            chains, lines = chains + 1, lines + found.lines
            if found.first:
                broken += 1
                print(_("Chain {chain} breaks at line {n}: {why}.", chain=chain, n=found.first.n, why=found.first.why))
        for snapshot, why in snapshots.check(asked.store.session):  # type: ignore[attr-defined]
            frozen, spoilt = frozen + 1, spoilt + bool(why)
            if why:
                print(_("Frozen register {snapshot} does not hold: {why}.", snapshot=snapshot, why=_(why)))
        foreign = list(unlogged.check(asked.store.session))  # type: ignore[attr-defined]
    for sentence in foreign:
        print(sentence)
    if broken:
        print(_("{broken} of {chains} chains do not hold.", broken=broken, chains=chains))
    if spoilt:
        print(_("{spoilt} of {frozen} frozen registers do not hold.", spoilt=spoilt, frozen=frozen))
    if broken or spoilt or foreign:
        return 1
    print(_("All {chains} chains hold; {lines} lines were read.", chains=chains, lines=lines))
    print(_("All {frozen} frozen registers are what they were.", frozen=frozen))
    return 0
