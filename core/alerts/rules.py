"""The rules of the warnings (预警规则): each sees one cause, says why it matters and what to do, and whom it addresses.

The limits are those of the domain rules: yellow within 7 days of a day, orange up to 15 days past it, red beyond. All
of them are calendar days. Software reminds, warns and calls for supervision; it orders nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from core.alerts.watching import EntryFact, Watched
from core.text import N_, _
from core.words import Level, RiskStatus, WarningLevel

SOON = 7
"""Days before a limit from which it is near."""
LATE = 15
"""Days past a limit up to which it is late; beyond it is very late."""
UNATTENDED = 7
"""Days a high risk may stand without owner or measure, and a post without a holder."""
NOT_DONE = 3
"""Residents who say “not done” that make a warning."""
TWICE = 2
"""Orange warnings of one entry within a year that make a red one."""


@dataclass(frozen=True)
class Cause:
    """One thing a rule sees; it addresses a person or the desk of a unit."""

    subject: str
    person_id: str | None = None
    to_unit_id: str | None = None
    risk_id: str | None = None
    flag_id: str | None = None


@dataclass(frozen=True)
class Rule:
    """One rule: what it sees on a day, in words for people. `again` is after how many days an unanswered one is told
    once more; None is never."""

    code: str
    colour: WarningLevel
    sees: Callable[[Watched, date], Iterator[Cause]]
    what: str
    why: str
    todo: str
    exceptions: str
    again: int | None = None


Sees = Callable[[Watched, date], Iterator[Cause]]

Limits = Callable[[Watched], Iterator[tuple[date, Cause]]]
"""Everything of one kind that has a limit: its day, and the cause it is when that day is near or past."""


def _late(first: int, last: int | None, limits: Limits) -> Sees:
    """Sees what is past its day by so many days; a negative number lies before it."""

    def sees(watched: Watched, today: date) -> Iterator[Cause]:
        for due, cause in limits(watched):
            late = (today - due).days
            if late >= first and (last is None or late <= last):
                yield cause

    return sees


def _above(limits: Limits) -> Limits:
    """The same, addressed to the level above."""

    def raised(watched: Watched) -> Iterator[tuple[date, Cause]]:
        for due, cause in limits(watched):
            yield due, replace(cause, person_id=None, to_unit_id=watched.above)

    return raised


def _owners(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((m.due_on, Cause(m.id, person_id=m.owner_id, risk_id=m.risk_id)) for m in watched.measures)


def _leaders(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((m.due_on, Cause(m.id, person_id=m.leader_id or m.owner_id, risk_id=m.risk_id)) for m in watched.measures)


def _holders(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((e.due_on, Cause(e.id, to_unit_id=e.holder_id, risk_id=e.id)) for e in watched.entries)


def _above_holders(watched: Watched) -> Iterator[tuple[date, Cause]]:
    """The level above where the community holds an entry; a unit above answers for itself."""
    for due, cause in _holders(watched):
        yield due, replace(cause, to_unit_id=watched.above) if cause.to_unit_id == watched.unit_id else cause


def _reviews(watched: Watched) -> Iterator[tuple[date, Cause]]:
    to, residents = watched.unit_id, (flag for flag in watched.flags if flag.raised_by_unit is None)
    return ((flag.due_on, Cause(flag.id, to_unit_id=to, flag_id=flag.id)) for flag in residents)


def _points(watched: Watched) -> Iterator[tuple[date, Cause]]:
    to, superiors = watched.unit_id, (flag for flag in watched.flags if flag.raised_by_unit)
    return ((flag.due_on, Cause(flag.id, to_unit_id=to, flag_id=flag.id)) for flag in superiors)


def _raisers(watched: Watched) -> Iterator[tuple[date, Cause]]:
    """Superiors' points, addressed to where they were raised."""
    points = (flag for flag in watched.flags if flag.raised_by_unit)
    return ((flag.due_on, Cause(flag.id, to_unit_id=flag.raised_by_unit, flag_id=flag.id)) for flag in points)


def _looks(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((k.due_on, Cause(k.id, to_unit_id=watched.unit_id, risk_id=k.risk_id)) for k in watched.looks)


def _disclosures(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((d.due_on, Cause(d.id, to_unit_id=watched.unit_id)) for d in watched.dues if not d.is_request)


def _requests(watched: Watched) -> Iterator[tuple[date, Cause]]:
    return ((d.due_on, Cause(d.id, to_unit_id=watched.unit_id)) for d in watched.dues if d.is_request)


def _entry(entry: EntryFact, watched: Watched) -> Cause:
    """To whoever leads or owns an entry, else to the community."""
    person = entry.leader_id or entry.owner_id
    return Cause(entry.id, person, None if person else watched.unit_id, entry.id)


def _unattended(watched: Watched, today: date) -> Iterator[Cause]:
    for entry in watched.entries:
        bare = entry.owner_id is None or not entry.measures
        if entry.level is Level.HIGH and bare and entry.rated_on and (today - entry.rated_on).days >= UNATTENDED:
            yield _entry(entry, watched)


def _not_done(watched: Watched, _today: date) -> Iterator[Cause]:
    return (_entry(entry, watched) for entry in watched.entries if entry.not_done >= NOT_DONE)


def _orange_twice(watched: Watched, _today: date) -> Iterator[Cause]:
    often = (entry.id for entry in watched.entries if entry.orange >= TWICE)
    return (Cause(risk_id, to_unit_id=watched.above, risk_id=risk_id) for risk_id in often)


def _reopened(watched: Watched, _today: date) -> Iterator[Cause]:
    again = (entry.id for entry in watched.entries if entry.status is RiskStatus.REOPENED)
    return (Cause(risk_id, to_unit_id=watched.above, risk_id=risk_id) for risk_id in again)


def _vacant(watched: Watched, today: date) -> Iterator[Cause]:
    for post in watched.posts:
        if (today - post.vacant_since).days >= UNATTENDED:
            yield Cause(post.id, to_unit_id=watched.above)


def _left_behind(watched: Watched, _today: date) -> Iterator[Cause]:
    return (Cause(left.id, to_unit_id=watched.above, risk_id=left.risk_id) for left in watched.left)


Y, O, R = WarningLevel.YELLOW, WarningLevel.ORANGE, WarningLevel.RED  # noqa: E741 - the colours stand in a table
RULES = (
    Rule("measure_due_soon", Y, _late(-SOON, 0, _owners),
         N_("A measure is due within 7 days and not done."),
         N_("What is known a week ahead can still be done in time."),
         N_("Report how far it is, or ask for verification when it is done."),
         N_("Not for measures whose verification has been asked for.")),
    Rule("measure_late", O, _late(1, LATE, _leaders),
         N_("A measure is 1 to 15 days past its day."),
         N_("A measure that is late protects nobody."),
         N_("Whoever leads asks the owner what is missing and sees to it."),
         N_("Not for measures whose verification has been asked for.")),
    Rule("measure_very_late", R, _late(LATE + 1, None, _above(_owners)),
         N_("A measure is more than 15 days past its day."),
         N_("The community does not get it done by itself."),
         N_("The level above talks with the community and supervises it."),
         N_("Not for measures whose verification has been asked for."), again=7),
    Rule("high_unattended", O, _unattended,
         N_("A high risk has had no owner or no measure for 7 days since its rating."),
         N_("High risks are to be attended to first."),
         N_("Name who answers for it and plan a measure."),
         N_("Not before the rating, and not after the closing.")),
    Rule("not_done", O, _not_done,
         N_("At least 3 residents say that what was reported as done is not done."),
         N_("Residents see on the spot what reports do not show."),
         N_("Look at it on the spot; if they are right, send the measure back or reopen the entry."),
         N_("Marks 1 and 2 of 5 for “solved” count as not done.")),
    Rule("orange_twice", R, _orange_twice,
         N_("An entry has had orange warnings twice within a year."),
         N_("What comes back shows that its cause was not removed."),
         N_("The level above looks for the cause together with the community."),
         N_("Two orange warnings of one entry count, whatever their rules, from the day after; closed entries do not."),
         again=7),
    Rule("reopened", R, _reopened,
         N_("An entry was reopened after its closing."),
         N_("It was held for solved and was not."),
         N_("The level above sees that a new measure is planned and the entry is put under control again."),
         N_("Ends when the entry is under control again."), again=7),
    Rule("clock_due_soon", Y, _late(-SOON, 0, _holders),
         N_("The limit of an entry ends within 7 days."),
         N_("Whoever holds an entry answers for its limit."),
         N_("Bring it to an end, or ask the level above for an extension with a reason."),
         N_("Not for closed entries.")),
    Rule("clock_late", O, _late(1, LATE, _holders),
         N_("An entry is 1 to 15 days past the limit of whoever holds it."),
         N_("Limits are promises to those who spoke."),
         N_("Bring it to an end, or raise it with the reason why it cannot be solved here."),
         N_("Not for closed entries.")),
    Rule("clock_very_late", R, _late(LATE + 1, None, _above_holders),
         N_("An entry is more than 15 days past the limit of whoever holds it."),
         N_("Nobody brings it to an end where it lies."),
         N_("The level above decides who solves it, and how."),
         N_("Where a unit above holds the entry, that unit is addressed itself."), again=7),
    Rule("review_late", O, _late(1, LATE, _reviews),
         N_("A flag is 1 to 15 days past the limit of its first review."),
         N_("Whoever spoke waits for the first word."),
         N_("Review it now: merge, open, ask, refer, or do not adopt with a reason."),
         N_("Not while the sender is asked something; sealed matters have a desk of their own.")),
    Rule("review_very_late", R, _late(LATE + 1, None, _above(_reviews)),
         N_("A flag is more than 15 days past the limit of its first review."),
         N_("Nobody reads what residents say here."),
         N_("The level above asks the watchdog what is in the way, or reviews it itself."),
         N_("Not while the sender is asked something; sealed matters have a desk of their own."), again=7),
    Rule("point_late", O, _late(1, LATE, _points),
         N_("A superior's point is 1 to 15 days past its day without an answer."),
         N_("A point without an answer is a risk nobody owns."),
         N_("Answer it: accepted, merged, or not applicable with a reason."),
         N_("Not for points that were answered with a question.")),
    Rule("point_very_late", R, _late(LATE + 1, None, _raisers),
         N_("A superior's point is more than 15 days past its day without an answer."),
         N_("A point without an answer is a risk nobody owns."),
         N_("Whoever raised it talks with the community."),
         N_("Not for points that were answered with a question."), again=7),
    Rule("look_late", O, _late(1, LATE, _looks),
         N_("A second look is 1 to 15 days past its day."),
         N_("Only a second look shows whether what was done lasts."),
         N_("Look at it again: whoever neither closed it nor had a part in it."),
         N_("Not for entries that were reopened.")),
    Rule("look_very_late", R, _late(LATE + 1, None, _above(_looks)),
         N_("A second look is more than 15 days past its day."),
         N_("Only a second look shows whether what was done lasts."),
         N_("The level above looks at it itself, or names who does."),
         N_("Not for entries that were reopened."), again=7),
    Rule("disclosure_just_late", Y, _late(1, SOON, _disclosures),
         N_("A disclosure is up to 7 days past its day."),
         N_("What is to be open and is not makes people wonder."),
         N_("Publish it and record where, with a photo or file."),
         N_("Not for what has been recorded as published.")),
    Rule("disclosure_late", O, _late(SOON + 1, LATE, _disclosures),
         N_("A disclosure is 8 to 15 days past its day."),
         N_("What is to be open and is not makes people wonder."),
         N_("Publish it and record where, with a photo or file."),
         N_("Not for what has been recorded as published.")),
    Rule("disclosure_very_late", R, _late(LATE + 1, None, _above(_disclosures)),
         N_("A disclosure is more than 15 days past its day."),
         N_("The community does not get it done by itself."),
         N_("The level above asks what is in the way and sees that it is published."),
         N_("Not for what has been recorded as published."), again=7),
    Rule("request_late", O, _late(1, LATE, _requests),
         N_("A request for disclosure is 1 to 15 days past its day without an answer."),
         N_("Whoever asked waits for a word."),
         N_("Answer it: show what was asked for, or say why it cannot be shown."),
         N_("Not for requests that were answered or taken back.")),
    Rule("request_very_late", R, _late(LATE + 1, None, _above(_requests)),
         N_("A request for disclosure is more than 15 days past its day without an answer."),
         N_("Whoever asked waits for a word."),
         N_("The level above asks what is in the way and sees that it is answered."),
         N_("Not for requests that were answered or taken back."), again=7),
    Rule("post_vacant", O, _vacant,
         N_("A post with power items has had no holder for 7 days."),
         N_("Its entries, measures and limits have nobody who answers for them."),
         N_("Name a holder, or hand what hangs on the post over."),
         N_("Not for posts without power items.")),
    Rule("left_behind", O, _left_behind,
         N_("Open work hangs on somebody who has left or holds no role for it here any more."),
         N_("Nobody answers for it, though a name stands beside it."),
         N_("Hand it over, or name somebody else."),
         N_("Entries that are closed and measures that are verified do not count; parts in an entry count as one, a measure and its claim too.")),  # noqa: E501
)  # fmt: skip
BY_CODE = {rule.code: rule for rule in RULES}


def causes(watched: Watched, today: date) -> dict[tuple[str, str], Cause]:
    """Everything that is a cause on a day, by rule and subject."""
    return {(rule.code, cause.subject): cause for rule in RULES for cause in rule.sees(watched, today)}


def page(rule: Rule) -> str:
    """A rule as a page of the documents, in the reader's language."""
    told = "".join(f"- **{_(head)}**: {_(text)}\n" for head, text in (
        (N_("What it sees"), rule.what), (N_("Why it matters"), rule.why), (N_("What to do"), rule.todo),
        (N_("Exceptions"), rule.exceptions),
    ))  # fmt: skip
    again = _("It is told once.")
    if rule.again:
        again = _("Without an answer it is told again every {n} days.", n=rule.again)
    return f"# {rule.colour.label} · `{rule.code}`\n\n{told}- {again}\n"
