"""A consistency check (核对规则): one function that sees what does not fit together, with the words that explain it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from core.consistency.checked import Checked, EntryFact, MeasureFact
from core.text import N_, Term, _


class Severity(Term):
    """How much a finding weighs; a third scale beside the level of a risk and the colour of a warning."""

    WRONG = "wrong", N_("To be put right")
    GAP = "gap", N_("To be filled in")
    ODD = "odd", N_("To be looked at")


class Comes(Term):
    """How what a check sees can come about."""

    DEEDS = "deeds", N_("It comes about by deeds the product allows, each right when it was done.")
    TIME = "time", N_("It comes about by time passing.")
    ROWS = "rows", N_("The product refuses it: it comes about only where rows were changed by hand, restored or brought in from elsewhere.")  # fmt: skip  # noqa: E501


class Record(Term):
    """What a check looks at."""

    ENTRY = "entry", N_("register entry")
    MEASURE = "measure", N_("measure")
    FILE = "file", N_("file of evidence")
    RATING = "rating", N_("rating")
    SIGNATURE = "signature", N_("signature")
    VOICE = "voice", N_("voice")
    CLOCK = "clock", N_("clock")
    LOOK = "look", N_("second look")
    BOARD = "board", N_("public board")
    ITEM = "item", N_("power item")
    POST = "post", N_("post and its holder")
    PERSON = "person", N_("account and roles")
    SUBJECT = "subject", N_("disclosure item")
    DECISION = "decision", N_("decision")
    ROUND = "round", N_("round")


@dataclass(frozen=True)
class Seen:
    """One thing a check sees. `subject` is the id of what it hangs on, `about` says more in words, and `facts` are what
    must stay the same for it to be the same finding."""

    subject: str
    risk_id: str | None = None
    about: tuple[str, ...] = ()
    facts: tuple[object, ...] = ()


Sees = Callable[[Checked, date], Iterator[Seen]]


@dataclass(frozen=True)
class Check:
    """One check: what it sees, why that matters, what would be right, and the page where it is mended.

    `over` are the records it holds against each other; one that stands twice is compared with others of its kind. `raw`
    says that only who may read residents' words is told, `desk` that only the discipline desk is.
    """

    code: str
    severity: Severity
    sees: Sees
    over: tuple[Record, ...]
    what: str
    why: str
    right: str
    comes: Comes = Comes.DEEDS
    where: str = "entry"
    raw: bool = False
    desk: bool = False


def digest(check: str, subject: str, facts: tuple[object, ...]) -> str:
    """A finding's own mark (SHA-256, 40 hexadecimal digits): the same as long as its facts are."""
    told = "\n".join(map(str, (check, subject, *facts)))
    return hashlib.sha256(told.encode()).hexdigest()[:40]


def of_entry(entry: EntryFact, *facts: object, about: tuple[str, ...] = ()) -> Seen:
    return Seen(entry.id, entry.id, about, facts)


def of_measure(measure: MeasureFact, *facts: object, about: tuple[str, ...] = ()) -> Seen:
    """About a measure, which is named first."""
    return Seen(measure.id, measure.risk_id, (_("measure “{text}”", text=measure.text), *about), facts)


def page(check: Check) -> str:
    """A check as a page of the documents, in the reader's language."""
    told = "".join(f"- **{_(head)}**: {text}\n" for head, text in (
        (N_("What it sees"), _(check.what)), (N_("Why it matters"), _(check.why)),
        (N_("What is right"), _(check.right)),
        (N_("How it comes about"), check.comes.label),
        (N_("What it looks at"), _(", ").join(record.label for record in check.over)),
    ))  # fmt: skip
    raw = _("Told only to who may read residents' words.")
    desk = _("Told only to the discipline desk, which alone knows who is a relative.")
    told += f"- {raw}\n" if check.raw else f"- {desk}\n" if check.desk else ""
    return f"# {check.severity.label} · `{check.code}`\n\n{told}"
