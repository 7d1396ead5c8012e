"""Renewing the keys: a new one first, everything sealed anew, and only then the older ones dropped."""

from sqlalchemy import Engine

from core.errors import Refused
from core.privacy import keys
from core.text import N_
from db import keyring
from db.sweeping import PROGRAM
from db.work import work


def renew(engine: Engine) -> int:
    """Give the site a new key that seals, and seal everything anew under it; how much that was.

    Killed at any moment nothing is lost: an older key goes only when nothing is left that it alone opens, and whatever
    stands half-way is finished by doing it again. Keys in the environment are changed there by a person; then this
    seals anew under the first of them.
    """
    given = keyring.is_given()
    if given and len(keyring.ring().seals) < 2:
        raise Refused(
            N_("The keys come from the environment. Put “seal KEY” with a new key before the others there, restart, "
               "and run this again; then take the older ones away.")
        )  # fmt: skip
    with work(engine, PROGRAM) as doing:
        doing.store.hold_keys(alone=True)
        if not given:
            keyring.keep(keyring.ring().renewed())
        count = keys.reseal(doing, keyring.ring())
    if not given:
        with work(engine, PROGRAM) as doing:
            doing.store.hold_keys(alone=True)
            newest = keyring.ring().newest()
            keys.check(doing, newest)
            keyring.keep(newest)
    return count
