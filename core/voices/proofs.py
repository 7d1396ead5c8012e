"""Proofs of handing in (提交证明): that words were handed in to a community on a day, signed, without a name.

A proof holds a hash of the words in place of the words, so it tells nobody what was said who does not have them.
"""

import binascii
import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.errors import Refused
from core.privacy.keys import Ring
from core.store import Work
from core.text import N_, _, clean
from core.voices.unlocking import Opened, flag_of

FIRST, LAST = "-----QINGYUAN PROOF 1-----", "-----END-----"
FIELDS = ("community", "code", "day", "sha256", "signature", "key")


@dataclass(frozen=True)
class Handed:
    """What a proof says: words with this hash (SHA-256, in hexadecimal) were handed in to a community on a day."""

    community: str
    code: str
    day: date
    sha256: str

    def line(self) -> bytes:
        """The one line that is signed."""
        return "|".join((FIRST, self.code, self.community, self.day.isoformat(), self.sha256)).encode()


@dataclass(frozen=True)
class Checked:
    """Whether a proof holds, what it says, and whether it is about the words beside it (None where there are none)."""

    holds: bool
    why: str
    handed: Handed | None = None
    same_words: bool | None = None


def proof(work: Work, code: str | Opened) -> str:
    """The proof that a receipt's owner handed in exactly the words that are kept, as a text to save."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if not flag.text:
        raise Refused(N_("Your words are not kept any more, so no proof of them can be made."))
    community = work.store.register_of(flag.unit_id)
    return written(Handed(community.name, community.code, flag.raised_on, digest(flag.text)), work.store.ring())


def digest(words: str) -> str:
    """SHA-256 of words as they are kept, in hexadecimal."""
    return hashlib.sha256(clean(words).encode("utf-8", "surrogatepass")).hexdigest()


def written(handed: Handed, ring: Ring) -> str:
    """A proof as a text, signed."""
    signature = urlsafe_b64encode(ring.signed(handed.line())).decode()
    values = (handed.community, handed.code, handed.day.isoformat(), handed.sha256, signature, ring.public)
    rows = [f"{name}: {value}" for name, value in zip(FIELDS, values, strict=True)]
    return "\n".join((FIRST, *rows, LAST))


def check(work: Work, typed: str, words: str = "") -> Checked:
    """Whether a proof is one of this site's and nothing in it was changed, and whether it is about the words."""
    work.actor.require(Permission.BOARD_READ)
    return checked(typed, work.store.ring(), words)


def checked(typed: str, ring: Ring, words: str = "") -> Checked:
    """The same with the keys of a site at hand."""
    rows = _read(typed)
    if rows is None:
        return Checked(False, _("This is no proof, or a part of it is missing. Please paste all of it."))
    try:
        handed = Handed(rows["community"], rows["code"], date.fromisoformat(rows["day"]), rows["sha256"])
        signature = urlsafe_b64decode(rows["signature"])
    except (ValueError, binascii.Error):
        return Checked(False, _("Something in this proof has been changed."))
    if rows["key"] != ring.public:
        return Checked(False, _("This proof was not made here: it bears another key."))
    if handed.day.isoformat() != rows["day"] or not ring.is_signed(handed.line(), signature):
        return Checked(False, _("Something in this proof has been changed."))
    if not clean(words):
        return Checked(True, _("The proof is genuine."), handed)
    same = digest(words) == handed.sha256
    why = _("The proof is genuine and is about these words.") if same else _("The proof is genuine, but it is about other words.")  # fmt: skip  # noqa: E501
    return Checked(same, why, handed, same)


_ROW = re.compile(r"\s*(\w+)\s*[:：]\s?(.*?)\s*")


def _read(typed: str) -> dict[str, str] | None:
    """The rows between first and last line; None where one is missing or there twice."""
    text = typed.replace("\r\n", "\n").replace("\r", "\n")
    if text.count(FIRST) != 1 or text.count(LAST) != 1:
        return None
    inner = text.partition(FIRST)[2].partition(LAST)[0]
    found = [row for line in inner.split("\n") if line.strip() and (row := _ROW.fullmatch(line))]
    rows = {row[1]: row[2] for row in found}
    return rows if len(found) == len(rows) and tuple(rows) == FIELDS else None
