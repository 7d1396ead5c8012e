"""Checks on measures: planned, shown and verified as the entry needs it."""

from collections.abc import Iterator
from datetime import date, timedelta

from core.consistency.checked import Checked, MeasureFact, grouped
from core.consistency.checking import Check, Comes, Record, Seen, Severity, of_entry, of_measure
from core.text import N_, _, day, folded
from core.words import Level, MeasureStatus, MeasureType, RiskStatus

UNPLANNED = 30
"""Calendar days a filed entry may stand without a measure."""
FAR = 365
"""Calendar days for which the signed rating of a high entry holds."""


def _filed_without_measure(seen: Checked, today: date) -> Iterator[Seen]:
    """High entries are left to the warning `high_unattended`."""
    for entry in seen.entries:
        bare = entry.status is RiskStatus.FILED and entry.level is not Level.HIGH and not seen.measures_of[entry.id]
        if bare and entry.filed_on and (today - entry.filed_on).days > UNPLANNED:
            yield of_entry(entry, about=(_("filed on {day}", day=entry.filed_on),))


def _verified_without_evidence(seen: Checked, _today: date) -> Iterator[Seen]:
    return (of_measure(one) for one in seen.measures if one.is_verified and not one.files)


def _unverified(seen: Checked) -> Iterator[MeasureFact]:
    return (one for one in seen.measures if not one.is_verified and seen.entry[one.risk_id].is_open)


def _after_limit(seen: Checked, _today: date) -> Iterator[Seen]:
    for measure in _unverified(seen):
        clock = seen.clock.get(measure.risk_id)
        if clock and measure.due_on > clock.due_on:
            yield of_measure(
                measure, measure.due_on, clock.due_on,
                about=(_("due on {due}, limit {limit}", due=measure.due_on, limit=clock.due_on),),
            )  # fmt: skip


def _open_in_closed(seen: Checked, _today: date) -> Iterator[Seen]:
    for measure in seen.measures:
        if not measure.is_verified and not seen.entry[measure.risk_id].is_open:
            yield of_measure(measure, measure.status, about=(measure.status.label,))


def _full_not_asked(seen: Checked, _today: date) -> Iterator[Seen]:
    return (of_measure(one) for one in _unverified(seen) if one.status is MeasureStatus.DOING and one.percent == 100)


def _evidence_reused(seen: Checked, _today: date) -> Iterator[Seen]:
    shown: dict[str, list[MeasureFact]] = {}
    for measure in sorted(seen.measures, key=lambda one: (one.due_on, one.id)):
        for file in measure.files:
            shown.setdefault(file, []).append(measure)
    for file, (first, *others) in shown.items():
        for measure in others:
            number = seen.entry[first.risk_id].number
            told = _("also in no. {n}: “{text}”", n=number, text=first.text)
            yield of_measure(measure, file, first.id, about=(told,))


def _twice(seen: Checked, _today: date) -> Iterator[Seen]:
    for risk_id, measures in grouped(_unverified(seen), lambda one: one.risk_id).items():
        for same in grouped(measures, lambda one: folded(one.text)).values():
            if len(same) > 1:
                entry = seen.entry[risk_id]
                told = (_("measure “{text}”", text=same[0].text), *[day(one.due_on) for one in same])
                yield Seen(same[0].id, entry.id, told, tuple(one.id for one in same))


def _only_education(seen: Checked, _today: date) -> Iterator[Seen]:
    for entry in seen.entries:
        measures = seen.measures_of[entry.id]
        if entry.is_open and entry.level is Level.HIGH and {one.kind for one in measures} == {MeasureType.EDUCATION}:
            yield of_entry(entry, *sorted(one.id for one in measures))


def _high_without_indicator(seen: Checked, _today: date) -> Iterator[Seen]:
    for measure in _unverified(seen):
        if seen.entry[measure.risk_id].level is Level.HIGH and not measure.indicator.strip():
            yield of_measure(measure)


def _far_ahead(seen: Checked, today: date) -> Iterator[Seen]:
    for measure in _unverified(seen):
        if seen.entry[measure.risk_id].level is Level.HIGH and measure.due_on > today + timedelta(days=FAR):
            yield of_measure(measure, measure.due_on, about=(day(measure.due_on),))


W, G, O, R = Severity.WRONG, Severity.GAP, Severity.ODD, Record  # noqa: E741 - severities stand in a table
CHECKS = (
    Check("filed_without_measure", G, _filed_without_measure, (R.ENTRY, R.MEASURE),
          N_("An entry has been filed for more than 30 days and has no measure."),
          N_("A risk that is only filed is not prevented."),
          N_("Plan a measure and put the entry under control. High entries have an early warning of their own."),
          comes=Comes.TIME),
    Check("verified_without_evidence", G, _verified_without_evidence, (R.MEASURE, R.FILE),
          N_("A measure was verified, and no file shows what was done."),
          N_("Who looks at it later can only believe it."),
          N_("Whoever verifies asks for a photo or file first. To a verified measure none is added: set the finding "
             "aside with the reason, and let the second look at the entry bring one.")),
    Check("measure_after_limit", O, _after_limit, (R.MEASURE, R.CLOCK),
          N_("A measure is due after the limit of its entry."),
          N_("Kept to the day, it would still make the entry late."),
          N_("Plan it earlier, or ask the level above for more time with a reason.")),
    Check("measure_open_in_closed", W, _open_in_closed, (R.MEASURE, R.ENTRY),
          N_("An entry is closed, and one of its measures is not verified."),
          N_("It was held for solved before everything was done."),
          N_("Open the entry again and finish the measure."), comes=Comes.ROWS),
    Check("full_not_asked", G, _full_not_asked, (R.MEASURE,),
          N_("A measure stands at 100% and its verification was not asked for."),
          N_("What is done and not verified does not count."),
          N_("Its owner asks for the verification.")),
    Check("evidence_reused", O, _evidence_reused, (R.FILE, R.MEASURE, R.MEASURE),
          N_("The same file is the evidence of two measures."),
          N_("One photo seldom shows that two things were done."),
          N_("Each measure has evidence of its own. A file that is kept stays: add one that shows this measure alone "
             "as long as it is not verified, and set the finding aside with the reason.")),
    Check("measure_twice", O, _twice, (R.MEASURE, R.MEASURE),
          N_("The same measure is planned twice in one entry."),
          N_("It is reported and verified twice, or everybody waits for the other."),
          N_("Put one of them in other words, or bring both to an end together.")),
    Check("only_education", O, _only_education, (R.ENTRY, R.MEASURE),
          N_("Against a high risk nothing is planned but education and reminders."),
          N_("Reminders alone do not change how the power is used."),
          N_("Add a measure that changes the process, the rules, the openness or who decides.")),
    Check("high_without_indicator", G, _high_without_indicator, (R.MEASURE, R.ENTRY),
          N_("A measure of a high entry does not say how one sees that it is done."),
          N_("Who verifies it does not know what to look for."),
          N_("Put that down at the measure, with its words.")),
    Check("measure_far_ahead", O, _far_ahead, (R.MEASURE, R.ENTRY),
          N_("A measure of a high entry is due in more than a year."),
          N_("A high risk is to be attended to first, and its rating holds for a year."),
          N_("Plan steps that are due sooner.")),
)  # fmt: skip
