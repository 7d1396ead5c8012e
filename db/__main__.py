"""What an operator runs: `python -m db VERB`."""

import argparse
import secrets
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core import calibration, dates, proofs, sweeps
from core.access import FOUNDER
from core.errors import Refused
from core.text import N_, _
from db import jobs, migrate, renewal, snapshots
from db.engine import databases
from db.keyring import ring
from db.log import Log
from db.made import making
from db.seed import make_demo
from db.sweeping import PROGRAM
from db.work import reading
from db.work import work as deed
from db.worker import Worker


def migrate_all() -> int:
    """Bring the database up to date; opening it does that, so this only says where it stands."""
    print(_("The database is at version {version}.", version=migrate.version(databases.real())))
    return 0


def verify() -> int:
    """Read every chain of the audit log and every frozen register; 1 when one does not hold."""
    broken = chains = lines = frozen = spoilt = 0
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
    if broken:
        print(_("{broken} of {chains} chains do not hold.", broken=broken, chains=chains))
    if spoilt:
        print(_("{spoilt} of {frozen} frozen registers do not hold.", spoilt=spoilt, frozen=frozen))
    if broken or spoilt:
        return 1
    print(_("All {chains} chains hold; {lines} lines were read.", chains=chains, lines=lines))
    print(_("All {frozen} frozen registers are what they were.", frozen=frozen))
    return 0


def demo() -> int:
    """Make the demo with its invented people and places."""
    make_demo(databases.demo())
    print(_("The demo is ready. Start the product and choose a person."))
    return 0


def make(*, communities: int, flags: int, flags_in_one: int, seed: int, password: str) -> int:
    """Make a site with invented people and places, as large as asked, in an empty database."""
    sizes = [flags] * communities + [flags_in_one] * (flags_in_one > 0)
    word = password or secrets.token_urlsafe(9)
    for line in making.told(making.make(databases.real(), sizes, seed, dates.now(), word)):
        print(line)
    print(_("Everybody has the password {password}. Some accounts:", password=word))
    for role, account, unit in making.accounts(databases.real()):
        print(f"{account}\t{role.label}\t{unit}")
    return 0


def recalibrate() -> int:
    """Let the suggestions learn from what people decided; 1 when they would not get better by it."""
    with deed(databases.current(), FOUNDER) as doing:
        found = calibration.recalibrate(doing)
    print(_("{same} judged the same matter, {other} not; {held} kept back.", same=found.same, other=found.other,
            held=found.kept_back))  # fmt: skip
    for when, figures in ((_("before"), found.before), (_("after"), found.after)):
        if figures:
            precision, recall, loss = f"{figures.precision:.0%}", f"{figures.recall:.0%}", f"{figures.loss:.3f}"
            print(_("{when}: precision {precision}, recall {recall}, loss {loss}", when=when, precision=precision,
                    recall=recall, loss=loss))  # fmt: skip
    return 0


def work() -> int:
    """Carry out long work outside the server, until the command is ended."""
    end = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_sign: end.set())
    if why := jobs.trouble():
        print(why, file=sys.stderr, flush=True)
    worker = Worker(databases.current, note)
    worker.start()
    print(_("Ready for long work. End this command to stop."), flush=True)
    end.wait()
    worker.stop()
    return 0


def sweep(*, dry_run: bool, trust_clock: bool = False) -> int:
    """Do what is due by time, or with `--dry-run` only say what it would be; 1 when something of it failed."""
    engine = databases.current()
    if trust_clock:
        with deed(engine, PROGRAM) as doing:
            sweeps.trust_clock(doing)
    if dry_run:
        _tell(_("To be deleted:"), {kind.label: count for kind, count in jobs.to_delete(engine).items()})
        for name, since in jobs.still_to_do(engine).items():
            print(_("Due: {job}, last done on {day}", job=name, day=since or "–"))
        return 0
    done = jobs.sweep(engine, note=note)
    if done.is_elsewhere:
        print(_("Another server is at it; nothing is left to do here."))
    for name, found in done.found.items():
        _tell(_("Done: {job}", job=name), found)
    return 1 if done.faults else 0


def _tell(head: str, found: Mapping[str, int]) -> None:
    print(head)
    for kind, count in found.items():
        print(_("{count} × {kind}", count=count, kind=kind))


def renew_keys() -> int:
    """Give the site a new key, seal everything anew, and drop the older keys."""
    count = renewal.renew(databases.current())
    print(_("The keys are renewed; {count} things were sealed anew.", count=count))
    return 0


def check_proof(*, file: str, words: str = "") -> int:
    """Say whether a proof of handing in is genuine, without a server; 1 when it is not."""
    try:
        texts = [Path(name).read_text(encoding="utf-8-sig") if name else "" for name in (file, words)]
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(N_("This file cannot be read as a text.")) from fault
    found = proofs.checked(texts[0], ring(), texts[1])
    print(_("✓ True") if found.holds else _("✗ False"), found.why)
    if found.handed:
        handed = found.handed
        print(_("Handed in to {community} on {day}.", community=handed.community, day=handed.day))
    return 0 if found.holds else 1


def note(fault: BaseException) -> str:
    """Tell a fault on the console under a number, without its message, which may hold what a person typed."""
    number = secrets.token_hex(3)
    steps = traceback.format_list(traceback.extract_tb(fault.__traceback__))
    print(f"fault {number}\n{''.join(steps)}{type(fault).__name__}", file=sys.stderr, flush=True)
    return number


VERBS: dict[str, tuple[str, Callable[..., int]]] = {
    "migrate": (N_("Bring the database up to date"), migrate_all),
    "verify": (N_("Check that the audit log holds"), verify),
    "recalibrate": (N_("Let the suggestions of entries learn from what people decided"), recalibrate),
    "work": (N_("Carry out long work outside the server"), work),
    "sweep": (N_("Do what is due by time: deletions, messages, reminders"), sweep),
    "renew-keys": (N_("Seal contacts and originals of files under a new key"), renew_keys),
    "check-proof": (N_("Check a proof of handing in"), check_proof),
    "make": (N_("Make a site of any size with invented people, in an empty database"), make),
    "demo": (N_("Make the demo with invented people and places"), demo),
}


def main(arguments: Sequence[str]) -> int:
    """Run one verb and give the exit code: 0 done, 1 refused or not in order, 2 not understood."""
    parser = argparse.ArgumentParser(prog="python -m db")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, (help_, _deed) in VERBS.items():
        verb = verbs.add_parser(name, help=_(help_))
        if name == "sweep":
            verb.add_argument("--dry-run", action="store_true", help=_("Only say what would be done"))
            verb.add_argument("--trust-clock", action="store_true", help=_("Take the clock of this machine for right"))
        if name == "make":
            verb.add_argument("--communities", type=int, default=3, help=_("How many communities"))
            verb.add_argument("--flags", type=int, default=40, help=_("How many flags each of them has"))
            verb.add_argument("--flags-in-one", type=int, default=0, help=_("One community more with so many"))
            verb.add_argument("--seed", type=int, default=1, help=_("The same one makes the same on the same day"))
            verb.add_argument("--password", default="", help=_("The password of everybody; drawn when none is given"))
        if name == "check-proof":
            verb.add_argument("file", help=_("The file with the proof"))
            verb.add_argument("--words", default="", help=_("A file with the words it is about"))
    chosen = vars(parser.parse_args(arguments))
    try:
        return VERBS[chosen.pop("verb")][1](**chosen)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        databases.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
