"""Unlocking (凭回执打开): a receipt code is compared once, and what it opens is the flag of whoever has it."""

from dataclasses import dataclass
from typing import TypeVar

from core.access import Permission
from core.errors import Invalid, Missing
from core.store import Work
from core.text import N_, _
from core.voices.flags import Flag
from core.voices.receipts import opens, parts

T = TypeVar("T")
UNKNOWN = N_("No record belongs to this code. Please check the digits.")


@dataclass(frozen=True)
class Opened:
    """A receipt whose code was right, with the hash it was compared with; deeds take it in place of the code.

    `supports` tells that it is of a support, `asks` that it is of a request for disclosure; else it is of a flag.
    """

    locator: str
    secret: str
    supports: bool = False
    asks: bool = False


def unlock(work: Work, code: str) -> Opened:
    """Compare a code with its receipt: that takes time, so it is a question of its own and nothing waits for it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    both = parts(code)
    if both is None:
        raise Invalid(code=_("There is a slip in these digits. Please compare them with your receipt."))
    receipt = work.store.receipt(both[0])
    if not opens(receipt, both[1]) or receipt is None:
        raise Missing(UNKNOWN)
    return Opened(receipt.locator, receipt.secret, receipt.support_id is not None, receipt.request_id is not None)


def flag_of(work: Work, code: str | Opened) -> Flag:
    """The flag a receipt belongs to; `Missing` for a wrong code, whatever is wrong with it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    return behind(work, code, Flag, "flag_id")


def behind(work: Work, code: str | Opened, kind: type[T], column: str) -> T:
    """What a receipt belongs to by one of its columns; `Missing` for a wrong code, whatever is wrong with it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    opened = unlock(work, code) if isinstance(code, str) else code
    receipt = work.store.receipt(opened.locator)
    key = getattr(receipt, column) if receipt and receipt.secret == opened.secret else None
    found = work.store.find(kind, key) if key else None
    if found is None:
        raise Missing(UNKNOWN)
    return found
