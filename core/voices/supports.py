"""Supports (附议): a resident says that a matter on the board is theirs too, and gets a receipt of their own.

Before words are kept, their sender is shown what the board already says of the same matter. That question knows
nothing but the board: neither what is sealed, nor what is not published, nor what others said can show in its answer.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.alike import hints
from core.alike.matching import Candidate, likely
from core.alike.pieces import Said
from core.alike.sharing import shared
from core.entries.risks import Risk
from core.errors import Refused
from core.events import Event
from core.lifecycle import ENDED
from core.openness.board import Publication
from core.organisation.recusal import CHARGES
from core.organisation.units import Unit
from core.prevention import looks
from core.privacy.small import protected
from core.store import Work
from core.text import N_, _, folded
from core.voices import receipts
from core.voices.flags import ResidentFlag
from core.voices.story import Line, in_order
from core.voices.unlocking import Opened, behind, unlock
from core.words import Channel, RiskStatus, Triage

ENOUGH = 0.5
"""How sure the matching must be before anybody is asked. The wording on the board is one short official sentence where
an entry of the register has many voices, so `likely` (0.665) would miss half of what is the same; from even odds on
the question is worth one tap, and the sender decides."""
CANNOT_WAIT = (Triage.EMERGENCY, Triage.CRIME, Triage.ACCUSATION)
"""What goes in at once: the form tells the proper channels, and no question stands between."""


@dataclass(eq=False)
class Support:
    """One resident's word that an entry is theirs too; the date only."""

    id: str
    unit_id: str
    risk_id: str
    place_id: str | None
    channel: Channel
    said_on: date


@dataclass(frozen=True)
class Alike:
    """What the board says that may be the same matter. `shared` are words of the wording that the sender says too, or
    says in others that mean the same."""

    number: int
    item: str
    wording: str
    status: RiskStatus
    same_item: bool
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """What became of a matter one has joined, as the board tells it; `number` is None once it is off the board."""

    community: str
    place: str
    unit_code: str
    said_on: date
    number: int | None
    item: str
    wording: str
    headline: str
    next_step: str
    due_on: date | None
    lines: tuple[Line, ...]


def already_said(
    work: Work, community_id: str, draft: ResidentFlag, hint: hints.Hint | None = None
) -> tuple[Alike, ...]:
    """At most three open matters on the board of a community that look like what somebody is about to say.

    Weighed by the weights and the vocabulary that come with the product: those of a site are learnt from words that
    the sender may not read. `hint` is that of the text, where it is known.
    """
    work.actor.require(Permission.FLAG_SPEAK)
    if _cannot_wait(draft.text, hint):
        return ()
    pages = {str(page.number): page for page in work.store.published(community_id) if page.status not in ENDED}
    about = work.store.item_name(draft.item_id) or None
    pool = [Candidate(key, page.item or None, (_as_said(key, page),)) for key, page in pages.items()]
    found = likely(Said("", draft.text, "", about), pool)
    return tuple(
        _alike(pages[match.risk_id], draft.text, match.same_item) for match in found if match.probability >= ENOUGH
    )


def _as_said(key: str, page: Publication) -> Said:
    return Said(key, page.wording, "", page.item or None)


def _alike(page: Publication, text: str, same_item: bool) -> Alike:
    return Alike(page.number, page.item, page.wording, page.status, same_item, shared(page.wording, [text]))


def _cannot_wait(text: str, hint: hints.Hint | None) -> bool:
    return (hint or hints.triage(text)).triage in CANNOT_WAIT or bool(CHARGES.search(folded(text)))


def join(
    work: Work, code: str, number: int, place_id: str | None = None, channel: Channel = Channel.QR, once: str = ""
) -> str:  # fmt: skip
    """Say that a matter on the board is one's own too, and give the receipt code, shown once.

    `once` is the random token of the form, as in `flags.speak`: sent twice, it is one support with one receipt.
    """
    work.actor.require(Permission.FLAG_SPEAK)
    seed = hashlib.sha512(f"join|{once or secrets.token_hex(32)}|{code}|{number}".encode()).digest()
    support_id = hashlib.sha256(b"support:" + seed).hexdigest()[:20]
    receipt = receipts.issue(None, receipts.digits(seed), support_id)
    here = work.store.unit_by_code(code)
    digits, given = receipts.place(work, receipt, seed)
    if given:
        return receipts.grouped(digits)
    community = work.store.register_unit(here)
    page = work.store.publication(community.id, number)
    if page is None or page.status in ENDED:
        raise Refused(N_("This is not open on the board any more. Please send your words as they are."))
    place = _place(work, community, here, place_id)
    work.store.add(Support(support_id, community.id, page.id, place, channel, work.today))
    work.record_resident(Event.SUPPORTED, support_id, chain=community.id, risk=page.id)
    return receipts.keep(work, receipt, digits)


def _place(work: Work, community: Unit, here: Unit, place_id: str | None) -> str | None:
    """The place that was chosen, else the one the link was for; None for the community as a whole."""
    chosen = work.store.find(Unit, place_id) if place_id else None
    place = chosen if chosen and chosen.path.startswith(community.path) and not chosen.closed_on else here
    return place.id if place.id != community.id else None


def follow(work: Work, code: str | Opened) -> Joined:
    """What became of the matter that a receipt's owner joined; nothing but what the board says."""
    work.actor.require(Permission.RECEIPT_OPEN)
    support = behind(work, code, Support, "support_id")
    community = work.store.register_of(support.unit_id)
    place = work.store.register_of(support.place_id).name if support.place_id else ""
    page = work.store.find(Publication, support.risk_id)
    lines = [Line(support.said_on, _("You said that this is your matter too."))]
    if page is None:
        gone = _("This is not on the board at the moment.")
        why = _("It stands here again when it is back on the board.")
        return Joined(
            community.name, place, community.code, support.said_on, None, "", "", gone, why, None, tuple(lines)
        )
    lines += [Line(page.published_on, _("Put on public notice: {wording}", wording=page.wording))]
    lines += _measures(page)
    if page.closed_on:
        lines.append(Line(page.closed_on, _("Somebody else checked it, and the entry was closed.")))
    if page.look_result:
        lines.append(Line(page.looked_on, _(looks.TOLD[page.look_result])))
    headline, next_step, due = _standing(page)
    return Joined(
        community.name, place, community.code, support.said_on, page.number, page.item, page.wording, headline,
        next_step, due, in_order(lines),
    )  # fmt: skip


def _standing(page: Publication) -> tuple[str, str, date | None]:
    if page.status in ENDED:
        return _("Done: entry {n} of the register is closed.", n=page.number), _("It is looked at again later."), None
    due = min((date.fromisoformat(m["due"]) for m in page.measures if not m["done"]), default=None)
    doing = _("Measures are being carried out.") if due else _("Measures are being worked out.")
    return _("You have joined entry {n} of the register.", n=page.number), doing, due


def _measures(page: Publication) -> list[Line]:
    lines = []
    for number, measure in enumerate(page.measures, 1):
        name = _("Measure {m} of entry {n}", m=number, n=page.number)
        name = _("{measure}, “{text}”", measure=name, text=measure["text"])
        if measure["done"]:
            done = date.fromisoformat(measure["done"])
            lines.append(Line(done, _("{measure}: done, and checked by somebody else.", measure=name)))
        else:
            due = date.fromisoformat(measure["due"])
            lines.append(Line(due, _("{measure}: under way, to be done by this day.", measure=name), done=False))
    return lines


def leave(work: Work, code: str | Opened) -> None:
    """Take one's support back: it and its receipt are deleted."""
    work.actor.require(Permission.RECEIPT_OPEN)
    opened = unlock(work, code) if isinstance(code, str) else code
    support = behind(work, opened, Support, "support_id")
    work.store.remove(work.store.receipt(opened.locator))
    work.store.remove(support)
    work.record_resident(Event.SUPPORT_TAKEN_BACK, support.id, chain=support.unit_id, risk=support.risk_id)


def joined(work: Work, risk_id: str) -> str:
    """How many joined an entry: exactly for who hears residents' words there and does not answer for its power item,
    else from five on; empty for nobody."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    count = work.store.count_supports(risk.id)
    hears = work.store.seen(Risk, risk.id, work.actor.scope(Permission.FLAG_READ_RAW)) is not None
    if not hears or work.actor.person_id in work.store.barred(risk.item_id, risk.unit_id):
        return protected(count) if count else ""
    return str(count) if count else ""
