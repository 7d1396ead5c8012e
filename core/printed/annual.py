"""The year report (年度报告): the figures of a round and its register in sections of words, tables and pictures.

All numbers are those of the overview, protected as they are there; pictures are drawn by pages and handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.documents import Document, kept
from core.entries.register import LEVELS, UNRATED
from core.formats import word
from core.insight import figures, frozen, outcomes, timely, trends
from core.insight.figures import Overview, Punctuality
from core.insight.outcomes import Outcomes
from core.insight.timely import ClassCount
from core.insight.trends import LevelsOn, Years
from core.organisation.units import Unit
from core.rows import RoundRow
from core.store import Work
from core.text import _, day
from core.words import Change, Dimension, Level, RatingStage, Source

PICTURES = ("stages", "levels", "voices", "over_time", "years")
"""The names of the pictures a report has room for."""


WIDTH, NARROW = 166, 28
"""Millimetres of the lines of a report, and of each column of figures."""


@dataclass(frozen=True)
class Report:
    """What a report tells of a unit and a round, on a day. Where the round is closed, `frozen` is the day on which it
    froze the registers its levels, stages, voices and measures are counted from."""

    unit: str
    round: RoundRow
    day: date
    overview: Overview
    levels: tuple[LevelsOn, ...]
    years: Years | None
    ages: dict[timely.Age, int]
    disclosures: tuple[ClassCount, ...]
    outcomes: Outcomes
    frozen: date | None = None
    missing: int = 0


@dataclass(frozen=True)
class Part:
    """One section: its heading and sentence, the picture it has by name, and its table."""

    title: str
    said: str
    picture: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def rounds(work: Work, unit_id: str) -> list[RoundRow]:
    """The rounds a report on a unit can be about, the newest first."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    path = work.store.one(Unit, unit_id, scope).path
    rounds = work.store.round_rows(scope)
    return [row for row in rounds if path.startswith(row.path) or row.path.startswith(path)]


def taken(work: Work, unit_id: str, round_id: str) -> Report:
    """A report to be written as Word; that it was taken is kept."""
    scope = work.actor.require(Permission.OVERVIEW_READ)
    unit = work.store.one(Unit, unit_id, scope)
    current = work.store.round_row(scope, round_id)
    left = frozen.figures_of(work, unit.id, current)
    report = Report(
        unit.name, current, work.today, left.overview if left else figures.overview(work, unit.id),
        trends.levels(work, unit.id, left.day if left else None), trends.years(work, unit.id, round_id),
        left.ages if left else timely.measures(work, unit.id).ages, timely.disclosures(work, unit.id),
        outcomes.outcomes(work, unit.id), left.day if left else None, left.missing if left else 0,
    )  # fmt: skip
    kept(work, unit, Document.YEAR)
    return report


def written(report: Report, pictures: Mapping[str, bytes]) -> bytes:
    """A report as a Word file; `pictures` are PNG by the names in `PICTURES`, and none need be there."""
    document = word.begun(word.A4, body=12, margin=22)
    word.heading(document, _("Year report"), 0)
    word.line(document, _("{unit} · {round}", unit=report.unit, round=report.round.title), middle=True)
    about = _("Round from {first} to {last}. Figures as of {day}, from the register of integrity risks; small numbers "
              "of residents are not told.", first=report.round.starts_on, last=report.round.ends_on, day=report.day)
    word.line(document, about)
    if report.frozen:
        word.line(document, _(
            "The round is closed. Entries, levels, voices and measures are counted from the registers it froze on "
            "{day}; flags, disclosures, second looks and ratings of residents as of today.", day=report.frozen,
        ))  # fmt: skip
    if report.missing:
        word.line(document, _("Communities without a register frozen in this round, not counted: {n}.",
                              n=report.missing))  # fmt: skip
    for part in parts(report):
        word.heading(document, part.title)
        if part.said:
            word.line(document, part.said, indent=2, keep=True)
        if png := pictures.get(part.picture):
            word.picture(document, png, 150)
        if part.rows:
            rest = len(part.head) - 1
            widths = [WIDTH - rest * NARROW] + [NARROW] * rest
            word.table(document, part.head, part.rows, widths=widths, size=10.5)
    word.heading(document, _("What we make of it, and what comes next"))
    word.line(document, _("(to be written by the unit)"), indent=2)
    return word.saved(document)


def parts(report: Report) -> list[Part]:
    """The sections of a report in their order."""
    return [
        _stages(report.overview), _levels(report.overview), _voices(report.overview), _years(report.years),
        _over_time(report.levels), _measures(report), _disclosed(report.disclosures), *_outcomes(report.outcomes),
    ]  # fmt: skip


def _stages(found: Overview) -> Part:
    rows = tuple((stage.label, str(n)) for stage, n in found.stages.items())
    said = _("The register holds {n} entries.", n=found.total)
    return Part(_("How far they came"), said, "stages", (_("Stage"), _("Entries")), rows)


def _levels(found: Overview) -> Part:
    rows = tuple(
        (dimension.label, *(str(found.heat[dimension, level]) for level in LEVELS)) for dimension in Dimension
    )
    eased = found.eased
    verified = eased.lower + eased.same + eased.higher
    said = _("Of {n} whose level was verified, {lower} came out lower than at first, {same} the same, {higher} higher.",
             n=verified, lower=eased.lower, same=eased.same, higher=eased.higher) if verified else ""  # fmt: skip
    return Part(_("Where risks crowd"), said, "levels", (RatingStage.INITIAL.label, *map(_level, LEVELS)), rows)


def _level(level: str) -> str:
    return _("To be rated") if level == UNRATED else Level(level).label


def _voices(found: Overview) -> Part:
    seen, heard = figures.blind_spots(found.overlap), found.heard
    said = _("Of {total} entries, residents alone saw {residents}, cadres alone {cadres}, superiors alone {superiors}; "
             "all three saw {all}.", total=seen.total, residents=seen.only_residents, cadres=seen.only_cadres,
             superiors=seen.only_superiors, all=seen.all_three) if seen.total else ""  # fmt: skip
    told = {Source.SELF: str(heard.own), Source.SUPERIOR: str(heard.superior),
            Source.RESIDENT: str(heard.resident)}  # fmt: skip
    rows = tuple((_("Flags from {voice}", voice=source), n) for source, n in told.items())
    return Part(_("Who saw it"), said, "voices", (_("Voices"), _("Flags")), rows)


def _years(found: Years | None) -> Part:
    title, head = _("From last year to this"), (_("Community"), *(change.label for change in Change))
    if found is None or not found.rows:
        many = found is not None and found.communities > trends.MOST
        why = _("More than {most} communities are not compared in one report; each street has its own.",
                most=trends.MOST)  # fmt: skip
        return Part(title, why if many else _("There is nothing to compare with."), "", head, ())
    said = _("{new} new, {changed} carried over and changed, {same} carried over as they were, {gone} gone.",
             **{change.value: found.count(change) for change in Change})  # fmt: skip
    rows = tuple((row.unit, *(str(row.counts[change]) for change in Change)) for row in found.rows)
    return Part(title, said, "years", head, rows)


def _over_time(months: tuple[LevelsOn, ...]) -> Part:
    rows = tuple((day(on.day), *(str(on.counts[level]) for level in LEVELS)) for on in months)
    head = (_("End of"), *map(_level, LEVELS))
    return Part(_("Open entries by level, over time"), "", "over_time", head, rows)


def _measures(report: Report) -> Part:
    rows = tuple((age.label, str(n)) for age, n in report.ages.items())
    said = _done(report.overview.punctuality)
    return Part(_("Measures in time"), said, "", (_("Measures not done yet"), _("Measures")), rows)


def _done(done: Punctuality) -> str:
    due = done.on_time + done.late + done.overdue
    if done.rate is None:
        return _("No measure has been finished or has passed its day yet.")
    return _("Of {due} measures whose result is known, {n} were done in time: {percent}%.", due=due, n=done.on_time,
             percent=round(100 * done.rate))  # fmt: skip


def _disclosed(counts: tuple[ClassCount, ...]) -> Part:
    rows = tuple(
        (row.kind.label, str(row.done.on_time), str(row.done.late), str(row.done.overdue)) for row in counts
    )
    head = (_("Kind"), _("Published in time"), _("Published late"), _("Not published yet"))
    said = _("What fell due within a year.") if rows else _("Nothing fell due for disclosure within a year.")
    return Part(_("Disclosures"), said, "", head, rows)


def _outcomes(found: Outcomes) -> list[Part]:
    looks = tuple((result.label, str(n)) for result, n in found.looks.items())
    late = _("Second looks due and not made yet: {n}.", n=found.looks_late)
    where = tuple((level.label if level else _("not decided yet"), str(n)) for level, n in found.solved.items())
    marks = tuple((one.kind.label, one.count, f"{one.mean:.1f}" if one.mean else "—") for one in found.opinions)
    asked = (_("Question"), _("Ratings given"), _("Mean of 1 to 5"))
    return [
        Part(_("What second looks found"), late, "", (_("Second look"), _("Entries")), looks),
        Part(_("Where matters are solved"), "", "", (_("Level it is solved at"), _("Entries")), where),
        Part(_("What residents say of the answers"), "", "", asked, marks),
    ]
