"""Receipts: the code that brings a sender back without telling who they are (domain rule 5.4)."""

import re
import secrets
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from core.text import folded

_hasher = PasswordHasher()

LOCATOR_DIGITS = 9
SECRET_DIGITS = 25  # 83 bits
LENGTH = LOCATOR_DIGITS + SECRET_DIGITS + 2


@dataclass(eq=False)
class Receipt:
    """Of the code only the locator and an Argon2id hash of the secret are kept."""

    locator: str
    flag_id: str
    secret: str


def issue(flag_id: str) -> tuple[Receipt, str]:
    """A receipt to keep and the code to show once: 36 digits in groups of four."""
    locator = f"{secrets.randbelow(10**LOCATOR_DIGITS):0{LOCATOR_DIGITS}}"
    secret = f"{secrets.randbelow(10**SECRET_DIGITS):0{SECRET_DIGITS}}"
    digits = locator + secret
    return Receipt(locator, flag_id, _hasher.hash(secret)), grouped(digits + check_digits(digits))


def grouped(digits: str) -> str:
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def check_digits(digits: str) -> str:
    """Two check digits by ISO 7064 MOD 97-10: they catch every single slip and every swap of neighbours."""
    return f"{98 - int(digits) * 100 % 97:02}"


def parts(typed: str) -> tuple[str, str] | None:
    """Locator and secret of a code as typed, blanks and full-width digits allowed; None when it holds a slip."""
    digits = re.sub(r"[^0-9]", "", folded(typed))
    if len(digits) != LENGTH or check_digits(digits[:-2]) != digits[-2:]:
        return None
    return digits[:LOCATOR_DIGITS], digits[LOCATOR_DIGITS:-2]


def opens(receipt: Receipt | None, secret: str) -> bool:
    """Whether the secret is the receipt's; as slow for a locator that does not exist."""
    try:
        return _hasher.verify(receipt.secret if receipt else _ABSENT, secret) and receipt is not None
    except VerificationError:
        return False


_ABSENT = _hasher.hash("0" * SECRET_DIGITS)
