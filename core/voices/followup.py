"""Coming back with a receipt: what became of a flag, and answering, writing, rating, asking again, taking back."""

from core import dates
from core.access import EVERYWHERE, Permission, Scope
from core.errors import Invalid, Refused
from core.events import Event
from core.lifecycle import FLAG_STEPS, advance
from core.organisation.recusal import keep_away, sounds_like_accusation
from core.privacy.personal import masked
from core.review.triage import decide, say
from core.store import Work
from core.text import N_, _, clean, day
from core.voices import attachments, contacts
from core.voices.attachments import Attachment
from core.voices.flags import Flag
from core.voices.retention import held
from core.voices.story import Story, is_answered, may_ask_again
from core.voices.story import of_flag as story_of
from core.voices.unlocking import Opened, flag_of, unlock
from core.words import FlagStatus, Level

ALL = Scope((EVERYWHERE,), sealed=True)
"""For the sender's own things, wherever they lie."""
LONGEST = 2000
UNREAD = 10
"""Lines a sender may write one after the other without a line of the office between them."""


def follow(work: Work, code: str | Opened) -> Story:
    """The story of the flag a receipt belongs to; `Missing` for a wrong code, whatever is wrong with it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    return story_of(work, flag_of(work, code))


def stored(work: Work, code: str | Opened) -> tuple[tuple[str, str], ...]:
    """Everything that is kept of what a sender said, as name and value."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    place = work.store.register_of(flag.place_id or flag.unit_id).name
    marks = (flag.response, flag.solved, flag.satisfied)
    facts = [
        (_("Day"), day(flag.raised_on)), (_("Community"), work.store.register_of(flag.unit_id).name),
        (_("Where"), place), (_("How it was said"), flag.channel.label), (_("Your words"), flag.text),
        (_("Power item"), work.store.item_name(flag.item_id)),
        (_("Your own rating"), flag.level.label if flag.level else ""),
        (_("Your marks: response, solved, satisfied"), " / ".join(str(m or "—") for m in marks) if any(marks) else ""),
        (_("You asked again on"), day(flag.reopening_asked_on) if flag.reopening_asked_on else ""),
    ]  # fmt: skip
    you, office = _("You"), _("The office")
    facts += [
        (f"{you if line.from_sender else office} · {day(line.said_on)}", line.text)
        for line in work.store.messages(flag.id)
    ]
    for file in attachments.rows_of(work, flag):
        size = _("{n} KB", n=-(-file.size // 1024))
        facts.append((_("File {n}", n=file.n), f"{file.kind} · {size} · {day(file.added_on)}"))
    contact = _("kept, sealed") if contacts.of_flag(work, flag) else _("none")
    facts += [(_("Contact"), contact), (_("Receipt"), _("a hash that opens nothing by itself"))]
    return tuple((name, value) for name, value in facts if value)


def note_guessing(work: Work) -> None:
    """Keep that wrong codes were tried until the door closed: the date only, and nothing of the codes."""
    work.actor.require(Permission.RECEIPT_OPEN)
    site = work.store.top_unit()
    work.record_resident(Event.GUESSING_STOPPED, site.id, chain=site.id)


def answer(work: Work, code: str | Opened, text: str) -> None:
    """The sender answers the office's question; the flag awaits its review again."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if flag.status is not FlagStatus.ASKED or flag.sealed:
        raise Refused(N_("There is no open question."))
    _hear(work, flag, _line(text, "answer"))
    advance(flag, FlagStatus.NEW, FLAG_STEPS)
    flag.due_on = work.calendar.after(work.today, dates.FIRST_REVIEW)
    work.record_resident(Event.FLAG_ANSWERED, flag.id, chain=flag.unit_id)


def write(work: Work, code: str | Opened, text: str) -> None:
    """The sender adds something of their own accord, as long as the flag awaits its review."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if flag.status is FlagStatus.ASKED and not flag.sealed:
        answer(work, code, text)
        return
    if flag.sealed:
        raise Refused(N_("This is kept for the discipline desk alone. Please turn to it, telephone 12388."))
    if is_answered(flag):
        raise Refused(N_("This has been decided on already."))
    thread = work.store.messages(flag.id)[-UNREAD:]
    if len(thread) == UNREAD and all(line.from_sender for line in thread):
        raise Refused(N_("What you wrote has arrived. Please wait until the office has read it."))
    _hear(work, flag, _line(text, "answer"))
    work.record_resident(Event.SENDER_WROTE, flag.id, chain=flag.unit_id)


def _line(text: str, field: str) -> str:
    plain = masked(clean(text))
    if len(plain) < 2 or len(plain) > LONGEST:
        sentence = _("Please write between {low} and {high} characters.", low=2, high=LONGEST)
        raise Invalid(**{field: sentence})
    return plain


def _hear(work: Work, flag: Flag, plain: str) -> None:
    """Add a sender's line, with everybody it names kept away and the flag sealed where it sounds like a lead."""
    say(work, flag, plain, from_sender=True)
    names = keep_away(work, flag.id, flag.unit_id, plain)
    flag.sealed = sounds_like_accusation(plain, names, strangers=True)


def rate_answer(
    work: Work, code: str | Opened, response: int | None, solved: int | None, satisfied: int | None
) -> None:
    """The sender rates the answer: 响应, 解决, 满意, each 1–5 or left out."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if not is_answered(flag):
        raise Refused(N_("There is no answer to rate yet."))
    given = (response, solved, satisfied)
    if all(value is None for value in given) or any(value is not None and not 1 <= value <= 5 for value in given):
        raise Invalid(rating=_("Please choose from 1 to 5."))
    flag.response, flag.solved, flag.satisfied = (
        response or flag.response, solved or flag.solved, satisfied or flag.satisfied
    )  # fmt: skip
    work.record_resident(Event.SENDER_RATED, flag.id, chain=flag.unit_id)


def own_level(work: Work, code: str | Opened, level: Level | None) -> None:
    """The sender says how serious they find the matter; asked for after the receipt, until it is decided on."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if is_answered(flag):
        raise Refused(N_("This has been decided on already."))
    flag.level = level
    work.record_resident(Event.SENDER_RATED, flag.id, chain=flag.unit_id)


def ask_reopening(work: Work, code: str | Opened, reason: str) -> None:
    """The sender asks for a matter to be taken up again and says why; once for each answer."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = flag_of(work, code)
    if flag.sealed:
        raise Refused(N_("This is kept for the discipline desk alone. Please turn to it, telephone 12388."))
    if not is_answered(flag):
        raise Refused(N_("There is no answer yet."))
    if not may_ask_again(flag):
        raise Refused(N_("You have asked already. Please wait for the new answer."))
    plain = _line(reason, "again")
    if sounds_like_accusation(plain, keep_away(work, flag.id, flag.unit_id, plain), strangers=True):
        raise Refused(N_("This sounds like what a certain person did. Please say it as something new, so that only the discipline desk reads it."))  # fmt: skip  # noqa: E501
    say(work, flag, plain, from_sender=True)
    flag.reopening_asked_on = work.today
    work.record_resident(Event.REOPENING_ASKED, flag.id, chain=flag.unit_id)


def drop_file(work: Work, code: str | Opened, attachment_id: str) -> None:
    """The sender has one of their files deleted, the sealed original and its copy."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = _not_kept(work, flag_of(work, code))
    for attachment in work.store.some(Attachment, ALL, flag_id=flag.id, id=attachment_id):
        work.store.drop_attachment(attachment)
        work.record_resident(Event.FILE_DELETED, flag.id, chain=flag.unit_id)


def take_back(work: Work, code: str | Opened) -> None:
    """The sender has their own words, files, contact and receipt deleted; what the office wrote itself stays.

    A flag that awaited its review ends with it. Refused once the discipline desk has confirmed a seal, and
    while it is kept from deletion.
    """
    work.actor.require(Permission.RECEIPT_OPEN)
    opened = unlock(work, code) if isinstance(code, str) else code
    flag = _not_kept(work, flag_of(work, opened))
    gone = _("(taken back by the sender)")
    for line in work.store.messages(flag.id):
        if line.from_sender:
            line.text = gone
    contacts.drop(work, flag)
    for attachment in work.store.some(Attachment, ALL, flag_id=flag.id):
        work.store.drop_attachment(attachment)
    flag.text, flag.level, flag.sealed = gone, None, False
    if not is_answered(flag):
        decide(work, flag, FlagStatus.DECLINED, gone, None)
    work.store.remove(work.store.receipt(opened.locator))
    work.record_resident(Event.FLAG_TAKEN_BACK, flag.id, chain=flag.unit_id)


def _not_kept(work: Work, flag: Flag) -> Flag:
    """A flag from which its sender may delete; `Refused` where the discipline desk has taken it on or holds it."""
    if flag.seal_confirmed:
        raise Refused(N_("The discipline desk has taken this on. Please turn to it."))
    if held(work, flag):
        raise Refused(N_("This is kept from deletion while it is looked into. Please ask the discipline desk, telephone 12388."))  # fmt: skip  # noqa: E501
    return flag
