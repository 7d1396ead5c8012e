"""Pledges and visits on paper (廉洁承诺书、家访表): what stands on an empty sheet, for the screen and as PDF."""

from dataclasses import asdict, dataclass

from core.formats import pdf
from core.text import N_, _
from core.words import CommitmentKind


@dataclass(frozen=True)
class Sheet:
    """An empty sheet: its title, a sentence, what is promised, and in rows what is filled in by hand; `later` is what
    the half-year check fills in."""

    title: str
    said: str
    promises: tuple[str, ...]
    blanks: tuple[tuple[str, ...], ...]
    later: tuple[str, ...]


_OWN = (
    N_("to use the power of my post by its rules, and to leave a record of each use;"),
    N_("to publish on time what has to be published;"), N_("to step back where I or my relatives are concerned;"),
    N_("to take no gift, meal or favour from anybody I decide about;"),
    N_("to check myself every half year and to put right what I find."),
)
_FAMILY = (
    N_("to remind each other that the post serves the residents and not the family;"),
    N_("to take no gift or favour on account of the post;"), N_("not to speak for others in matters of the post;"),
    N_("to say early where something seems wrong."),
)
_VISIT = N_("A home visit is a talk. Only its date goes into the register; nothing of what was said is written down.")


def sheet(kind: CommitmentKind) -> Sheet:
    """What stands on an empty sheet."""
    said, promises, signed = {
        CommitmentKind.PLEDGE: (N_("In my post I promise:"), _OWN, (_("Signature"),)),
        CommitmentKind.FAMILY: (N_("As a family we promise:"), _FAMILY, (_("Signature"), _("Signature of the family"))),
        CommitmentKind.VISIT: (_VISIT, (), (_("Who visited"), _("Family"))),
    }[kind]
    blanks = ((_("Community"), _("Post")), signed, (_("Date"),))
    later = () if kind is CommitmentKind.VISIT else (_("Half-year self-check on"), _("Signature"))
    return Sheet(kind.label, _(said), tuple(map(_, promises)), blanks, later)


def written(kind: CommitmentKind) -> bytes:
    """The empty sheet as PDF, to print and sign."""
    return pdf.written("pledge", asdict(sheet(kind)))
