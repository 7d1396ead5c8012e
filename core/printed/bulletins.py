"""Bulletins (公告): what a community made public in a span of days, taken from its public board alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.access import Permission
from core.documents import Document, kept
from core.errors import Invalid
from core.formats import pdf
from core.openness import periods
from core.openness.board import Publication
from core.openness.showing import ShownAnswer, ShownDecision, ShownDue
from core.organisation.units import Unit
from core.store import Work
from core.text import _, day
from core.words import DecisionStep


@dataclass(frozen=True)
class Table:
    """One part of a bulletin: `widths` are the shares its columns take."""

    title: str
    head: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bulletin:
    """What a community made public from `first` to `last`, both included."""

    community: str
    address: str
    first: date
    last: date
    day: date
    parts: tuple[Table, ...]


def bulletin(work: Work, unit_id: str, first: date, last: date, site: str = "") -> Bulletin:
    """What a community has put on its board in a span of days; refused where the span ends before it begins."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    unit = work.store.one(Unit, unit_id, scope)
    if last < first:
        raise Invalid(last=_("The last day lies before the first."))
    entries = work.store.published(unit.id)
    parts = (
        _risks(entries, first, last), _measures(entries, first, last), _closed(entries, first, last),
        _dues(work.store.shown_dues(unit.id, first, last), first, last),
        _decisions(work.store.shown_decisions(unit.id), first, last),
        _answers(work.store.shown_answers(unit.id), first, last),
    )  # fmt: skip
    return Bulletin(unit.name, f"{site}/b/{unit.code}", first, last, work.today, parts)


def taken(work: Work, unit_id: str, first: date, last: date, site: str) -> Bulletin:
    """A bulletin to be printed; that it was taken is kept."""
    scope = work.actor.require(Permission.DISCLOSURE_READ)
    found = bulletin(work, unit_id, first, last, site)
    kept(work, work.store.one(Unit, unit_id, scope), Document.BULLETIN, sum(len(part.rows) for part in found.parts))
    return found


def written(found: Bulletin) -> bytes:
    """A bulletin as PDF."""
    return pdf.written("bulletin", {
        "title": title(found), "period": _("{first} to {last}", first=found.first, last=found.last),
        "opening": _("In these days the community made this public. Residents are welcome to look and to ask."),
        "sections": [_section(part) for part in found.parts], "none": _("None in these days."),
        "code": pdf.code(found.address), "invite": _("Scan to see the public board, or to say what worries you"),
        "address": found.address, "unit": found.community, "day": day(found.day),
    })  # fmt: skip


def title(found: Bulletin) -> str:
    return _("Bulletin of {community} on preventing integrity risks", community=found.community)


def _section(part: Table) -> dict[str, Any]:
    return {"title": part.title, "head": part.head, "widths": part.widths, "rows": part.rows}


def _risks(entries: Iterable[Publication], first: date, last: date) -> Table:
    rows = tuple(
        (str(one.number), one.item or "—", one.wording, one.level.label if one.level else _("To be rated"),
         day(one.published_on))
        for one in entries if first <= one.published_on <= last
    )  # fmt: skip
    head = (_("Number"), _("Power item"), _("Risk point"), _("Level"), _("Published on"))
    return Table(_("Risk points made public"), head, (2, 5, 9, 3, 5), rows)


def _measures(entries: Iterable[Publication], first: date, last: date) -> Table:
    rows = tuple(
        (str(one.number), one.wording, measure["text"], day(date.fromisoformat(measure["done"])))
        for one in entries for measure in one.measures
        if measure["done"] and first <= date.fromisoformat(measure["done"]) <= last
    )  # fmt: skip
    head = (_("Number"), _("Risk point"), _("Measure"), _("Done on"))
    return Table(_("Measures carried out"), head, (2, 8, 9, 5), rows)


def _closed(entries: Iterable[Publication], first: date, last: date) -> Table:
    rows = tuple(
        (str(one.number), one.wording, day(one.closed_on))
        for one in entries if one.closed_on and first <= one.closed_on <= last
    )  # fmt: skip
    return Table(_("Risk points closed"), (_("Number"), _("Risk point"), _("Closed on")), (2, 17, 5), rows)


def _dues(dues: Iterable[ShownDue], first: date, last: date) -> Table:
    rows = tuple(
        (due.subject, due.disclosure_class.label, due.occasion or periods.words(due.disclosure_when, due.first),
         due.place or "—", day(due.published_on))
        for due in dues if due.published_on and first <= due.published_on <= last
    )  # fmt: skip
    head = (_("What was made public"), _("Kind"), _("Period"), _("Where"), _("Published on"))
    return Table(_("Disclosures made"), head, (8, 4, 5, 5, 5), rows)


def _decisions(decisions: Iterable[ShownDecision], first: date, last: date) -> Table:
    rows = tuple(
        (shown.title, DecisionStep(step["step"]).label, step["text"] or "—", day(date.fromisoformat(step["on"])))
        for shown in decisions for step in shown.steps
        if step["on"] and first <= date.fromisoformat(step["on"]) <= last
    )  # fmt: skip
    head = (_("Decision"), _("Step"), _("What is made public"), _("On"))
    return Table(_("Major decisions"), head, (7, 5, 9, 5), rows)


def _answers(answers: Iterable[ShownAnswer], first: date, last: date) -> Table:
    rows = tuple(
        (one.wording, one.answer, day(one.answered_on)) for one in answers if first <= one.answered_on <= last
    )
    head = (_("Asked for"), _("Answer"), _("Answered on"))
    return Table(_("Answers to requests for disclosure"), head, (8, 11, 5), rows)
