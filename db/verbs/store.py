"""Verbs about the database as a whole."""

from core.text import N_, _
from db import auditing, migrate, unlogged
from db.engine import databases
from db.verbs import argument, switch, verb
from db.verbs.carrying import look_into, tell_breaks


@verb("migrate", N_("Bring the database up to date"))
def migrate_all() -> int:
    """Bring the database up to date; opening it does that, so this only says where it stands."""
    print(_("The database is at version {version}.", version=migrate.version(databases.real())))
    return 0


@verb(
    "verify", N_("Check that the audit log holds"),
    argument("file", N_("A backup to look into instead of the database"), nargs="?", default=""),
    switch("--whole", N_("Read every line, and look for flags no line tells of")),
    switch("--accept-restored", N_("Say that an older database was put back on purpose")),
)  # fmt: skip
def verify(*, file: str = "", whole: bool = False, accept_restored: bool = False) -> int:
    """Read the chains of the audit log and the frozen registers; 1 when one does not hold."""
    if file:
        return look_into(file)
    engine = databases.current()
    if accept_restored:
        print(_("{chains} chains are taken as they are.", chains=auditing.accept_restored(engine)))
    found = auditing.audit(engine, lambda _chain: whole)
    if found.before and not whole:
        print(_("Lines up to the check of {day} are taken on its witness's word; --whole reads them again.",
                day=found.before.day))  # fmt: skip
    tell_breaks(found.broken)
    for snapshot, why in found.spoilt:
        print(_("Frozen register {snapshot} does not hold: {why}.", snapshot=snapshot, why=_(why)))
    if found.broken:
        print(_("{broken} of {chains} chains do not hold.", broken=len(found.broken), chains=found.chains))
    if found.spoilt:
        print(_("{spoilt} of {frozen} frozen registers do not hold.", spoilt=len(found.spoilt), frozen=found.frozen))
    foreign = unlogged.found(engine) if whole else []  # reads every flag and every column of codes
    for sentence in foreign:
        print(sentence)
    if found.broken or found.spoilt or foreign:
        return 1
    print(_("All {chains} chains hold; {lines} lines were read.", chains=found.chains, lines=found.lines))
    print(_("All {frozen} frozen registers are what they were.", frozen=found.frozen))
    return 0
