"""Receipts: the code that brings a sender back without telling who they are (domain rule 5.4)."""

import hashlib
import re
from dataclasses import dataclass

from core.errors import Stale
from core.privacy.hashing import hashed_random, matches_random
from core.store import Work
from core.text import folded

LOCATOR_DIGITS = 9
SECRET_DIGITS = 25  # 83 bits
LENGTH = LOCATOR_DIGITS + SECRET_DIGITS + 2
TURNS = 5
"""Locators that are tried for one receipt; that so many are taken happens to nobody."""


@dataclass(eq=False)
class Receipt:
    """Of the code only the locator and an Argon2id hash of the secret are kept; of a flag, support or request."""

    locator: str
    flag_id: str | None
    secret: str
    support_id: str | None = None
    request_id: str | None = None


def digits(seed: bytes, turn: int = 0) -> str:
    """The 36 digits that a seed of at least 128 random bits stands for.

    The same seed gives the same digits, so that sending a form twice gives one receipt; `turn` counts on when the
    locator is taken already.
    """
    number = int.from_bytes(hashlib.sha512(b"receipt:%d:" % turn + seed).digest())
    body = f"{number % 10 ** (LOCATOR_DIGITS + SECRET_DIGITS):0{LOCATOR_DIGITS + SECRET_DIGITS}}"
    return body + check_digits(body)


def locator(code: str) -> str:
    return code[:LOCATOR_DIGITS]


def issue(
    flag_id: str | None, code: str, support_id: str | None = None, request_id: str | None = None
) -> Receipt:  # fmt: skip
    """The receipt to keep for a code of 36 digits, of a flag, a support or a request."""
    return Receipt(locator(code), flag_id, hashed_random(code[LOCATOR_DIGITS:-2]), support_id, request_id)


def place(work: Work, first: Receipt, seed: bytes) -> tuple[str, bool]:
    """The code of the first place for a receipt that is free or its own, and whether it stands there already: the form
    of its flag, support or request was sent before."""
    for turn in range(TURNS):
        code = digits(seed, turn)
        kept = work.store.receipt(locator(code))
        if kept is None or _of(kept) == _of(first):
            return code, kept is not None
    raise Stale


def keep(work: Work, first: Receipt, code: str) -> str:
    """Keep a receipt in its place and give the code to show; `first` was made before anything was locked."""
    own = locator(code) == first.locator
    work.store.add(first if own else issue(first.flag_id, code, first.support_id, first.request_id))
    return grouped(code)


def _of(receipt: Receipt) -> tuple[str | None, ...]:
    return receipt.flag_id, receipt.support_id, receipt.request_id


def grouped(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def check_digits(body: str) -> str:
    """Two check digits by ISO 7064 MOD 97-10: they catch every single slip and every swap of neighbours."""
    return f"{98 - int(body) * 100 % 97:02}"


def plain(typed: str) -> str:
    """The digits alone of what was typed; blanks, strokes and full-width digits are all right."""
    return re.sub(r"[^0-9]", "", folded(typed))


def parts(typed: str) -> tuple[str, str] | None:
    """Locator and secret of a code as typed, or None when it holds a slip."""
    code = plain(typed)
    if len(code) != LENGTH or check_digits(code[:-2]) != code[-2:]:
        return None
    return locator(code), code[LOCATOR_DIGITS:-2]


def opens(receipt: Receipt | None, secret: str) -> bool:
    """Whether the secret is the receipt's; as slow for a locator that does not exist."""
    return matches_random(secret, receipt.secret if receipt else None)
