"""The story of what a sender said: where it stands, what happened, what was promised by when, in sentences."""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from core import dates
from core.entries.risks import Risk
from core.lifecycle import ENDED
from core.prevention import looks
from core.prevention.measures import Measure
from core.review.triage import CHANNELS, Said, said
from core.store import Work
from core.text import _
from core.voices import attachments, openings
from core.voices.flags import Flag
from core.words import FlagStatus, Level, MeasureStatus, RiskStatus, Role


@dataclass(frozen=True)
class Line:
    """One sentence of the timeline, with its day where there is one."""

    day: date | None
    sentence: str
    done: bool = True


@dataclass(frozen=True)
class Promise:
    """What was promised by when, and the day it was kept; `working` where its limit is one of working days, not a day
    that people have set."""

    what: str
    due_on: date
    done_on: date | None = None
    working: bool = True


@dataclass(frozen=True)
class Story:
    """What a sender sees: where the matter stands, what happened, what comes next and by when.

    `working` tells that the day of what comes next is the end of a limit of working days.
    """

    community: str
    place: str
    unit_code: str
    text: str
    raised_on: date
    headline: str
    next_step: str
    due_on: date | None
    working: bool
    promises: tuple[Promise, ...]
    lines: tuple[Line, ...]
    thread: tuple[Said, ...]
    may_answer: bool
    may_write: bool
    may_rate: bool
    may_set_level: bool
    may_ask_again: bool
    may_take_back: bool
    may_add_files: bool
    level: Level | None
    ratings: tuple[int | None, int | None, int | None]


def of_flag(work: Work, flag: Flag) -> Story:
    """The story of a flag for whoever said it."""
    community = work.store.register_of(flag.unit_id)
    place = work.store.register_of(flag.place_id).name if flag.place_id else ""
    risk = None if flag.sealed else work.store.entry_of(flag.id)
    measures = work.store.measures_of(risk.id) if risk else []
    headline, next_step, due = _standing(work, flag, risk, measures)
    working = not any(measure.done_on is None for measure in measures)
    lines = [Line(flag.raised_on, _("Your words have arrived."))]
    lines += [
        Line(day, _("{role} has read them.", role=Role(role))) for role, day in work.store.readings(flag.id)
    ]
    lines += [Line(day, _(sentence)) for day, sentence in openings.told(work, flag)]
    lines += _decision(flag, risk)
    lines += _entry(risk, measures) if risk else []
    lines += looked(work.store.looks_of(risk.id)) if risk else []
    thread = tuple(said(work, flag))
    waits = not is_answered(flag) and not flag.sealed
    asked = flag.status is FlagStatus.ASKED and not flag.sealed
    return Story(
        community.name, place, community.code, flag.text or _("(no longer kept)"), flag.raised_on, headline, next_step,
        due, working, _promises(work, flag, risk, measures, thread), in_order(lines), thread,
        may_answer=asked, may_write=waits and not asked, may_rate=is_answered(flag), may_set_level=waits,
        may_ask_again=may_ask_again(flag), may_take_back=not flag.seal_confirmed,
        may_add_files=not attachments.refusal(flag), level=flag.level,
        ratings=(flag.response, flag.solved, flag.satisfied),
    )  # fmt: skip


def is_answered(flag: Flag) -> bool:
    """Whether it has been decided what becomes of a flag, which is what its sender is told."""
    return flag.status not in (FlagStatus.NEW, FlagStatus.ASKED)


def may_ask_again(flag: Flag) -> bool:
    """Whether its sender may ask for a flag to be taken up again: once for each answer."""
    if flag.sealed or not is_answered(flag) or flag.decided_on is None:
        return False
    return flag.reopening_asked_on is None or flag.reopening_asked_on < flag.decided_on


def in_order(lines: list[Line]) -> tuple[Line, ...]:
    """What happened by day, then what is still to come."""
    return tuple(
        chain(
            sorted((line for line in lines if line.done), key=lambda line: line.day or date.min),
            sorted((line for line in lines if not line.done), key=lambda line: line.day or date.max),
        )
    )


def _promises(
    work: Work, flag: Flag, risk: Risk | None, measures: list[Measure], thread: tuple[Said, ...]
) -> tuple[Promise, ...]:
    """What is promised by the rules of the clocks, as far as it depends on this office."""
    if flag.seal_confirmed:
        return ()
    asked = next((line.day for line in thread if not line.from_sender), None)
    read = Promise(_("First review"), flag.due_on, flag.decided_on or asked)
    if flag.sealed:
        return (read,)
    tell = Promise(_("You are told what comes of it"), _told_by(work, flag), flag.decided_on)
    if risk is None:
        return read, tell
    set_by_people = [m.due_on for m in measures if m.due_on >= flag.raised_on]  # those before promise nothing to them
    until = max(set_by_people, default=work.calendar.after(flag.raised_on, dates.FINISH))
    return read, tell, Promise(_("Measures done and checked"), until, risk.closed_on, working=not set_by_people)


def _told_by(work: Work, flag: Flag) -> date:
    """The last day on which the sender is to be told what comes of their words."""
    return work.calendar.after(flag.raised_on, dates.TELL_SENDER)


def _standing(
    work: Work, flag: Flag, risk: Risk | None, measures: list[Measure]
) -> tuple[str, str, date | None]:
    if flag.sealed:
        if flag.seal_confirmed:
            return _("Passed to the discipline desk."), _("The discipline desk handles it under its own rules."), None
        return _("Kept for the discipline desk alone."), _("The discipline desk looks at it."), flag.due_on
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
        return _("Taken up."), _("You are told here what comes of it."), _told_by(work, flag)
    if risk.status is RiskStatus.ARCHIVED and risk.closed_on:
        done = _("It was looked at again, and nothing is left to be done.")
        return _("Done: entry {n} of the register is closed.", n=risk.number), done, None
    if risk.status in ENDED:
        return _("Done: entry {n} of the register is closed.", n=risk.number), _("It is looked at again later."), None
    open_due = [m.due_on for m in measures if m.done_on is None]
    next_step = _("Measures are being carried out.") if open_due else _("Measures are being worked out.")
    due = min(open_due, default=_told_by(work, flag))
    return _("Taken into the register as entry {n}.", n=risk.number), next_step, due


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


def _entry(risk: Risk, measures: list[Measure]) -> list[Line]:
    """What became of the entry; its wording and its measures are told in words once the public may read them."""
    public = bool(risk.announced_on and risk.wording)
    lines = [Line(risk.announced_on, _("Put on public notice: {wording}", wording=risk.wording))] if public else []
    for number, measure in enumerate(measures, 1):
        lines.append(_measure(risk, number, measure, measure.text if public else ""))
    if risk.closed_on:
        lines.append(Line(risk.closed_on, _("Somebody else checked it, and the entry was closed.")))
    return lines


def looked(made: list[looks.SecondLook]) -> list[Line]:
    """That an entry was looked at again, and with what result."""
    return [Line(one.looked_on, _(looks.TOLD[one.result])) for one in made if one.result]


def _measure(risk: Risk, number: int, measure: Measure, text: str) -> Line:
    name = _("Measure {m} of entry {n}", m=number, n=risk.number)
    name = _("{measure}, “{text}”", measure=name, text=text) if text else name
    if measure.status is MeasureStatus.VERIFIED:
        return Line(measure.done_on, _("{measure}: done, and checked by somebody else.", measure=name))
    return Line(measure.due_on, _("{measure}: under way, to be done by this day.", measure=name), done=False)
