"""What became of a register between two days (台账变化): entries that are new, changed or gone, in words.

Both days are their ends. What is hidden from a reader today is hidden in both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.access import Permission, Scope
from core.entries.differences import Fields, differences, founded, told
from core.entries.risks import Risk
from core.entries.versions import Version
from core.errors import Missing
from core.formats.books import Book, Column, bound
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.store import Work
from core.text import N_, Term, _
from core.words import RiskStatus


class Became(Term):
    """What became of an entry between two days."""

    NEW = "new", N_("Came in")
    CHANGED = "changed", N_("Became different")
    GONE = "gone", N_("Came to its end")


@dataclass(frozen=True)
class Turn:
    """What became of one entry that was `before` (None where it was not there) and is `now`."""

    risk_id: str
    number: int
    title: str
    change: Became
    before: Fields | None
    now: Fields

    @property
    def said(self) -> tuple[str, ...]:
        """It in words, which are found for those alone that are shown."""
        return founded(self.now) if self.before is None else told(self.before, self.now)


@dataclass(frozen=True)
class Span:
    """What became of a community's entries from the end of `first` to the end of `last`, by number. `first` is later
    than was asked for where nothing is known of the register before."""

    unit_id: str
    unit: str
    first: date
    last: date
    turns: tuple[Turn, ...]

    @property
    def counts(self) -> Mapping[Became, int]:
        return {change: sum(turn.change is change for turn in self.turns) for change in Became}


def between(work: Work, unit_id: str, first: date, last: date) -> Span:
    """What became of every entry of a community between two days, whichever of them comes first."""
    scope = work.actor.require(Permission.REGISTER_READ)
    unit = work.store.one(Unit, unit_id, scope)
    if not work.store.kind(unit.kind).holds_register:
        raise Missing
    first, last = (min(one, work.today) for one in sorted((first, last)))
    kept, opened = work.store.known_since(scope, unit.id) or (first, first)
    first = max(first, min(kept, last)) if opened < kept else first
    before, now = (work.store.versions_on(scope, unit.id, day, (first, last)) for day in (first, last))
    known = {one.risk_id: one for one in before}
    turns = (_turn(known.get(one.risk_id), one) for one in now)
    return Span(unit.id, unit.name, first, last, tuple(turn for turn in turns if turn))


def of_entry(work: Work, risk_id: str, first: date, last: date) -> tuple[str, ...]:
    """What became different about one entry between two days; nothing where it was not there on both."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = work.store.one(Risk, risk_id, scope)
    sides = [_on(work, scope, risk, day) for day in sorted((first, last))]
    return told(sides[0].fields, sides[1].fields) if sides[0] and sides[1] else ()


def sheet(work: Work, unit_id: str, first: date, last: date, change: Became | None = None) -> bytes:
    """The same as an Excel file, a row for each sentence."""
    work.actor.require(Permission.REGISTER_READ)
    found = between(work, unit_id, first, last)
    heads = ((_("Number"), 8), (_("Risk point"), 40), (_("How it changed"), 14), (_("In words"), 80))
    rows = [
        (turn.number, turn.title, turn.change.label, said)
        for turn in found.turns if change in (None, turn.change) for said in turn.said
    ]  # fmt: skip
    line = _("from {first} to {last}", first=min(first, last), last=max(first, last))
    columns = tuple(Column(word, width) for word, width in heads)
    return bound(Book(_("Changes of the register"), line, columns), rows, len(rows))


def _turn(before: Version | None, now: Version) -> Turn | None:
    """What became of an entry; None where it is as it was, or was withdrawn before anybody rated it."""
    over, fields = RiskStatus(now.fields["status"]) in ENDED, now.fields
    if before is None:
        if fields["status"] == RiskStatus.ARCHIVED and not fields["closed_on"]:
            return None
        return Turn(now.risk_id, fields["number"], fields["title"], Became.NEW, None, fields)
    if before.fields == fields or next(differences(before.fields, fields), None) is None:
        return None
    gone = over and RiskStatus(before.fields["status"]) not in ENDED
    change = Became.GONE if gone else Became.CHANGED
    return Turn(now.risk_id, fields["number"], fields["title"], change, before.fields, fields)


def _on(work: Work, scope: Scope, risk: Risk, day: date) -> Version | None:
    """An entry as it stood at the end of a day."""
    return next((one for one in reversed(work.store.versions_of(scope, risk.id)) if one.day <= day), None)
