"""Verbs about what a site holds: the demo, the matching, keys and proofs."""

import secrets
from pathlib import Path

from core import dates
from core.access import FOUNDER
from core.alike import calibration
from core.errors import Refused
from core.text import N_, _
from core.voices import proofs
from db import renewal
from db.demo.seed import make_demo
from db.engine import databases
from db.keyring import ring
from db.made import making
from db.verbs import argument, verb
from db.work import work


@verb("recalibrate", N_("Let the suggestions of entries learn from what people decided"))
def recalibrate() -> int:
    """Let the suggestions learn from what people decided; 1 when they would not get better by it."""
    with work(databases.current(), FOUNDER) as doing:
        found = calibration.recalibrate(doing)
    print(_("{same} judged the same matter, {other} not; {held} kept back.", same=found.same, other=found.other,
            held=found.kept_back))  # fmt: skip
    for when, figures in ((_("before"), found.before), (_("after"), found.after)):
        if figures:
            precision, recall, loss = f"{figures.precision:.0%}", f"{figures.recall:.0%}", f"{figures.loss:.3f}"
            print(_("{when}: precision {precision}, recall {recall}, loss {loss}", when=when, precision=precision,
                    recall=recall, loss=loss))  # fmt: skip
    return 0


@verb("renew-keys", N_("Seal contacts and originals of files under a new key"))
def renew_keys() -> int:
    """Give the site a new key, seal everything anew, and drop the older keys."""
    count = renewal.renew(databases.current())
    print(_("The keys are renewed; {count} things were sealed anew.", count=count))
    return 0


@verb(
    "check-proof", N_("Check a proof of handing in"), argument("file", N_("The file with the proof")),
    argument("--words", N_("A file with the words it is about"), default=""),
)  # fmt: skip
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


@verb("demo", N_("Make the demo with invented people and places"))
def demo() -> int:
    """Make the demo with its invented people and places."""
    make_demo(databases.demo())
    print(_("The demo is ready. Start the product and choose a person."))
    return 0


@verb(
    "make", N_("Make a site of any size with invented people, in an empty database"),
    argument("--communities", N_("How many communities"), type=int, default=3),
    argument("--flags", N_("How many flags each of them has"), type=int, default=40),
    argument("--flags-in-one", N_("One community more with so many"), type=int, default=0),
    argument("--seed", N_("The same one makes the same on the same day"), type=int, default=1),
    argument("--password", N_("The password of everybody; drawn when none is given"), default=""),
)  # fmt: skip
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
