"""Coming back with a receipt: what became of a flag, in sentences, and answering, rating, taking back."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from core import dates
from core.access import Permission
from core.errors import Invalid, Missing, Refused
from core.flags import Flag
from core.lifecycle import FLAG_STEPS, advance
from core.personal import masked
from core.receipts import opens, parts
from core.recusal import keep_away, sounds_like_accusation
from core.risks import Risk
from core.store import Work
from core.text import N_, _, clean
from core.triage import CHANNELS, Said, decide, said, say
from core.words import Event, FlagStatus, Level, MeasureStatus, RiskStatus, Role

UNKNOWN = N_("No record belongs to this code. Please check the digits.")


@dataclass(frozen=True)
class Opened:
    """A receipt whose code was right, with the hash it was compared with; deeds take it in place of the code."""

    locator: str
    secret: str


@dataclass(frozen=True)
class Line:
    """One sentence of the timeline, with its day where there is one."""

    day: date | None
    sentence: str
    done: bool = True


@dataclass(frozen=True)
class Story:
    """What a sender sees: where the matter stands, what happened, what comes next and by when."""

    community: str
    place: str
    unit_code: str
    text: str
    raised_on: date
    headline: str
    next_step: str
    due_on: date | None
    lines: tuple[Line, ...]
    thread: tuple[Said, ...]
    may_answer: bool
    may_rate: bool
    may_set_level: bool
    may_take_back: bool
    level: Level | None
    ratings: tuple[int | None, int | None, int | None]


def follow(work: Work, code: str) -> Story:
    """The story of the flag a receipt code belongs to; `Missing` for a wrong code, whatever is wrong with it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = _flag(work, code)
    community = work.store.register_of(flag.unit_id)
    place = work.store.register_of(flag.place_id).name if flag.place_id else ""
    lines = [Line(flag.raised_on, _("Your words have arrived."))]
    lines += [
        Line(day, _("{role} has read them.", role=Role(role))) for role, day in work.store.readings(flag.id)
    ]
    risk = work.store.entry_of(flag.id)
    headline, next_step, due = _standing(work, flag, risk)
    lines += _decision(flag, risk)
    if risk is not None and not flag.sealed:
        lines += _entry(work, risk)
    thread = tuple(said(work, flag))
    waits = flag.status in (FlagStatus.NEW, FlagStatus.ASKED) and not flag.sealed
    return Story(
        community.name, place, community.code, flag.text, flag.raised_on, headline, next_step, due, _in_order(lines),
        thread, may_answer=flag.status is FlagStatus.ASKED and not flag.sealed, may_rate=_is_answered(flag),
        may_set_level=waits, may_take_back=not flag.seal_confirmed, level=flag.level,
        ratings=(flag.response, flag.solved, flag.satisfied),
    )  # fmt: skip


def _in_order(lines: list[Line]) -> tuple[Line, ...]:
    """What happened by day, then what is still to come."""
    return tuple(
        chain(
            sorted((line for line in lines if line.done), key=lambda line: line.day or date.min),
            sorted((line for line in lines if not line.done), key=lambda line: line.day or date.max),
        )
    )


def _is_answered(flag: Flag) -> bool:
    return flag.status not in (FlagStatus.NEW, FlagStatus.ASKED)


def answer(work: Work, code: str | Opened, text: str) -> None:
    """The sender answers the office's question; the flag awaits its review again."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = _flag(work, code)
    if flag.status is not FlagStatus.ASKED or flag.sealed:
        raise Refused(N_("There is no open question."))
    plain = masked(clean(text))
    if len(plain) < 2 or len(plain) > 2000:
        raise Invalid(answer=_("Please write between {low} and {high} characters.", low=2, high=2000))
    say(work, flag, plain, from_sender=True)
    names = keep_away(work, flag.id, flag.unit_id, plain)
    flag.sealed = sounds_like_accusation(plain, names, strangers=True)
    advance(flag, FlagStatus.NEW, FLAG_STEPS)
    flag.due_on = dates.after_working_days(work.today, dates.FIRST_REVIEW)
    work.record_resident(Event.FLAG_ANSWERED, flag.id, chain=flag.unit_id)


def rate_answer(
    work: Work, code: str | Opened, response: int | None, solved: int | None, satisfied: int | None
) -> None:
    """The sender rates the answer: 响应, 解决, 满意, each 1–5 or left out."""
    work.actor.require(Permission.RECEIPT_OPEN)
    flag = _flag(work, code)
    if not _is_answered(flag):
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
    flag = _flag(work, code)
    if _is_answered(flag):
        raise Refused(N_("This has been decided on already."))
    flag.level = level
    work.record_resident(Event.SENDER_RATED, flag.id, chain=flag.unit_id)


def take_back(work: Work, code: str | Opened) -> None:
    """The sender has their own words, answers and receipt deleted; what the office wrote itself stays.

    A flag that awaited its review ends with it. Refused once the discipline desk has confirmed a seal.
    """
    work.actor.require(Permission.RECEIPT_OPEN)
    opened = unlock(work, code) if isinstance(code, str) else code
    flag = _flag(work, opened)
    if flag.seal_confirmed:
        raise Refused(N_("The discipline desk has taken this on. Please turn to it."))
    gone = _("(taken back by the sender)")
    for line in work.store.messages(flag.id):
        if line.from_sender:
            line.text = gone
    flag.text, flag.level, flag.sealed = gone, None, False
    if not _is_answered(flag):
        decide(work, flag, FlagStatus.DECLINED, gone, None)
    work.store.remove(work.store.receipt(opened.locator))
    work.record_resident(Event.FLAG_TAKEN_BACK, flag.id, chain=flag.unit_id)


def unlock(work: Work, code: str) -> Opened:
    """Compare a code with its receipt: slow on purpose, so it is a question of its own and nothing waits for it."""
    work.actor.require(Permission.RECEIPT_OPEN)
    both = parts(code)
    if both is None:
        raise Invalid(code=_("There is a slip in these digits. Please compare them with your receipt."))
    receipt = work.store.receipt(both[0])
    if not opens(receipt, both[1]) or receipt is None:
        raise Missing(UNKNOWN)
    return Opened(receipt.locator, receipt.secret)


def _flag(work: Work, code: str | Opened) -> Flag:
    opened = unlock(work, code) if isinstance(code, str) else code
    receipt = work.store.receipt(opened.locator)
    of_flag = receipt.flag_id if receipt and receipt.secret == opened.secret else None
    flag = work.store.find(Flag, of_flag) if of_flag else None
    if flag is None:
        raise Missing(UNKNOWN)
    return flag


def _standing(work: Work, flag: Flag, risk: Risk | None) -> tuple[str, str, date | None]:
    if flag.sealed:
        if flag.seal_confirmed:
            return _("Passed to the discipline desk."), _("The discipline desk handles it under its own rules."), None
        return _("Kept for the discipline desk alone."), _("The discipline desk looks at it."), flag.due_on
    tell = flag.raised_on + timedelta(days=dates.TELL_SENDER)
    match flag.status:
        case FlagStatus.NEW:
            return _("Waiting for the first review."), _("The residents' watchdog committee reads it."), flag.due_on
        case FlagStatus.ASKED:
            return _("There is a question for you."), _("Please answer below."), None
        case FlagStatus.REFERRED:
            return _("Passed to where it belongs."), _("Those who are responsible deal with it from here on."), None
        case FlagStatus.DECLINED:
            return _("Not taken into the register."), _("You may rate this answer below, or speak again."), None
    if risk is None:
        return _("Taken up."), _("You are told here what comes of it."), tell
    if risk.status in (RiskStatus.CLOSED, RiskStatus.ARCHIVED):
        return _("Done: entry {n} of the register is closed.", n=risk.number), _("It is looked at again later."), None
    open_due = [m.due_on for m in work.store.measures_of(risk.id) if m.done_on is None]
    next_step = _("Measures are being carried out.") if open_due else _("Measures are being worked out.")
    return _("Taken into the register as entry {n}.", n=risk.number), next_step, min(open_due, default=tell)


def _decision(flag: Flag, risk: Risk | None) -> list[Line]:
    if flag.sealed or flag.decided_on is None:
        return []
    match flag.status:
        case FlagStatus.REFERRED:
            where = _(CHANNELS[flag.triage]) if flag.triage in CHANNELS else ""
            lines = [Line(flag.decided_on, _("Passed to {where}.", where=where))]
        case FlagStatus.DECLINED:
            lines = [Line(flag.decided_on, _("It was not taken into the register."))]
        case FlagStatus.MERGED if risk:
            return [Line(flag.decided_on, _("It was joined to entry {n} of the register, where others raise the same matter.", n=risk.number))]  # fmt: skip  # noqa: E501
        case FlagStatus.OPENED if risk:
            return [Line(flag.decided_on, _("It was opened as entry {n} of the register.", n=risk.number))]
        case _:
            return []
    return [*lines, Line(flag.decided_on, _("Reason: {reason}", reason=flag.reason))] if flag.reason else lines


def _entry(work: Work, risk: Risk) -> list[Line]:
    lines = []
    if risk.announced_on and risk.wording:
        lines.append(Line(risk.announced_on, _("Put on public notice: {wording}", wording=risk.wording)))
        lines += [_measure(m.text, m.status, m.due_on, m.done_on) for m in work.store.measures_of(risk.id)]
    if risk.closed_on:
        lines.append(Line(risk.closed_on, _("Somebody else checked it, and the entry was closed.")))
    return lines


def _measure(text: str, status: MeasureStatus, due: date, done: date | None) -> Line:
    if status is MeasureStatus.VERIFIED:
        return Line(done, _("Measure done and verified: {text}", text=text))
    return Line(due, _("Measure under way, due: {text}", text=text), done=False)
