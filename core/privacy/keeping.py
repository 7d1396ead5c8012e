"""Terms of keeping (保存期限): what is deleted by itself, and so many days after what: the place of these numbers."""

from dataclasses import dataclass

from core.errors import Refused
from core.text import N_, Term


class Kept(Term):
    """What is kept for a time alone."""

    CONTACT = "contact", N_("Contacts")
    ORIGINAL = "original", N_("Originals of files")
    WORDS = "words", N_("Words that were not taken up")
    REQUESTS = "requests", N_("Words of requests for disclosure")
    ROWS = "rows", N_("Rows of sheets whose intake has failed")
    DRAFT = "draft", N_("Unsent drafts")
    NOTICE = "notice", N_("Notices")
    MESSAGE = "message", N_("The log of messages to the outside")


@dataclass(frozen=True)
class Rule:
    """How many calendar days something is kept, and since when they are counted."""

    days: int
    since: str


_FEEDBACK = N_("after the sender was answered: the flag was declined or passed on, or its entry was closed")

RULES = {
    Kept.CONTACT: Rule(90, _FEEDBACK),
    Kept.ORIGINAL: Rule(90, _FEEDBACK),
    Kept.WORDS: Rule(3 * 365, N_("after a flag was declined or passed on")),
    Kept.REQUESTS: Rule(3 * 365, N_("after a request for disclosure was answered")),
    Kept.ROWS: Rule(30, N_("after an intake has failed that nobody put up again")),
    Kept.DRAFT: Rule(90, N_("after the draft was last changed")),
    Kept.NOTICE: Rule(180, N_("after the day of the notice")),
    Kept.MESSAGE: Rule(180, N_("after the day of the message")),
}
"""Contacts by domain rule 5.3; originals with them, as they may tell who took them. Words for the three years within
which people commonly claim something; neither they nor originals where the discipline desk has confirmed a seal. The
audit log is never swept: it is to be kept for at least six months, and a chain is whole or worth nothing."""


def terms(changed: str = "") -> dict[Kept, int]:
    """Days by kind, with those of a site like `contact=60 draft=30` in place of the rules' own; `Refused` for what is
    no kind or fewer days than one."""
    days = {kind: rule.days for kind, rule in RULES.items()}
    for part in changed.split():
        name, _sign, number = part.partition("=")
        if name not in list(Kept) or not number.isdecimal() or int(number) < 1:
            raise Refused(N_("“{part}” is no term of keeping. Please write it like contact=90."), part=part)
        days[Kept(name)] = int(number)
    return days
