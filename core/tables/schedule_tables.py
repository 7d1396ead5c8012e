"""The schedule as it comes back (一览表导入): what somebody changed in the file, held against the register row by row.

Each row brings the mark of its entry and the state it was handed out in. What was not touched is left alone, whatever
became of the entry meanwhile; what was touched on both sides is told and not saved. Words, people and further measures
are changed by the deeds of the entry, with their rights; a level, a report or a step stays where it belongs.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core import dates
from core.access import Permission
from core.entries.register import Filter
from core.errors import Invalid, Refused
from core.formats.books import Value
from core.formats.columns import stated_day
from core.formats.tabular import Field, Row, Table, Trouble
from core.privacy.personal import masked
from core.store import Work
from core.tables import schedule
from core.tables.importing import Change, Kept, Kind, Plan
from core.tables.schedule import CHANGEABLE, FIXED, Of, ScheduleRow, as_text, digest, told
from core.tables.schedule_deeds import PROPOSED, as_meant, deeds, proposal, said_as_flag
from core.tables.schedule_said import People, Said
from core.text import N_, _, folded
from core.voices.flags import Flag
from core.words import FlagStatus, RiskStatus

_STATE = re.compile(r"([0-9a-f]{10})-([0-9a-f]{10})")
WHY = {
    Of.NUMBER: N_("The number of an entry stays."),
    Of.POST: N_("The post in charge comes from the catalogue of power items."),
    Of.LEVEL: N_("A level needs a rating with its four factors, at the entry."),
    Of.PROGRESS: N_("How far a measure is, is reported and verified at the measure."),
    Of.SOURCES: N_("The source comes from what was said."),
    Of.OPENNESS: N_("How it is disclosed is set with its public notice."),
    Of.REMARK: N_("An entry moves by its steps. A remark is taken only as the reason for another day."),
}

PROPOSAL = N_("Of a new row the risk point, how it shows, its kind and its power item are taken; the rest follows when "
              "it has been opened as an entry.")  # fmt: skip


@dataclass
class _Reading:
    """What is known while a file is gone through: entries by id, and by their words; people by community."""

    work: Work
    found: Table
    entries: Mapping[str, ScheduleRow]
    people: People
    unit_id: str
    changes: list[Change] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    same: int = 0
    moved: int = 0
    beside: dict[int, tuple[int, ...]] = field(default_factory=dict)
    _now: dict[str, dict[Of, Value]] = field(default_factory=dict)

    def now(self, entry: ScheduleRow) -> dict[Of, Value]:
        """What stands in the row of an entry today; worked out once."""
        if entry.id not in self._now:
            self._now[entry.id] = told(entry)
        return self._now[entry.id]

    def meant(self, entry: ScheduleRow, of: Of, cell: Value) -> str:
        """What a cell of an entry says, however it is written."""
        text = str(cell or "") if of is Of.MEASURES else as_text(cell)
        return as_text(as_meant(self.people, entry.unit_id, of, text))

    def then(self, entry: ScheduleRow, of: Of, cell: str) -> str:
        """A cell of an entry as it will stand in the table."""
        return cell if of is Of.MEASURES else self.meant(entry, of, cell)

    def trouble(self, row: Row, of: Of, why: str) -> None:
        self.troubles.append(self.found.trouble(row, of.value, why))


def _plan(work: Work, unit_id: str, found: Table) -> Plan:
    everything, ids = Filter(statuses=tuple(RiskStatus)), {row.said.get(Of.ID.value, "") for row in found.rows}
    entries = {row.id: row for row in schedule.rows(work, everything, ids)}
    here = _Reading(work, found, entries, People(work), unit_id)
    by_id: dict[str, list[Row]] = defaultdict(list)
    fresh = []
    for row in found.rows:
        if row.said.get(Of.ID.value):
            by_id[row.said[Of.ID.value]].append(row)
        else:
            fresh.append(row)
    for risk_id, rows in by_id.items():
        copies = _known(here, risk_id, rows)
        here.beside |= {row.n: tuple(one.n for one in rows if one is not row) for row in copies}
        fresh += copies
    there = schedule.rows(work, replace(everything, unit_id=unit_id)) if fresh and unit_id else []
    titles = {(row.unit_id, folded(row.title)): row.number for row in there}
    for row in sorted(fresh, key=lambda row: row.n):
        _fresh(here, row, titles)
    changes = sorted(here.changes, key=lambda change: change.n)
    return Plan(tuple(changes), tuple(here.troubles), here.same, tuple(here.kept), tuple(_notes(here, len(by_id))))


def _notes(here: _Reading, seen: int) -> Iterator[str]:
    handed_out = re.search(r"\((\d+)\)", here.found.names.get(Of.ID.value, ""))
    if handed_out and seen < int(handed_out[1]):
        yield _("{n} entries of your export do not stand in the file any more. They stay in the register.",
                n=int(handed_out[1]) - seen)  # fmt: skip
    if here.moved:
        yield _("{n} entries that you did not touch have changed since your export. They stay as they are now.",
                n=here.moved)  # fmt: skip


def _known(here: _Reading, risk_id: str, rows: Sequence[Row]) -> list[Row]:
    """The rows with the mark of one entry: one of them is it; copies of it are new rows and given back."""
    entry = here.entries.get(risk_id)
    if entry is None:
        for row in rows:
            here.trouble(row, Of.TITLE, _("The entry of this row is not in your area. Please take the row out."))
        return []
    touched: list[Row] = []
    untouched: list[Row] = []
    for row in rows:
        (touched if _touched(here, row, entry) else untouched).append(row)
    numbered = [row for row in touched if row.said.get(Of.NUMBER.value)] if len(rows) > 1 else touched
    own = next(iter(untouched), numbered[0] if len(numbered) == 1 else None)
    if own is not None:
        _compared(here, own, entry)
        here.same += max(0, len(untouched) - 1)
        return [row for row in touched if row is not own]
    for row in touched[1:]:
        here.trouble(row, Of.NUMBER, _("Row {n} stands for the same entry. Keep one of them; where this is a new one, "
                                       "empty its first column.", n=touched[0].n))  # fmt: skip
    return []


def _cells(here: _Reading, row: Row, entry: ScheduleRow) -> dict[Of, str]:
    """What a row says in every column; where a column is missing in the file, what is kept."""
    now, names = here.now(entry), here.found.names
    cells = {of: row.said.get(of.value, "") if of.value in names else as_text(now[of]) for of in Of}
    stated = stated_day(cells[Of.DUE])
    return cells | {Of.DUE: stated.isoformat() if stated else cells[Of.DUE]}


def _touched(here: _Reading, row: Row, entry: ScheduleRow) -> bool:
    state = _STATE.fullmatch(row.said.get(Of.STATE.value, ""))
    return state is None or digest(_cells(here, row, entry), CHANGEABLE) != state[1]


def _compared(here: _Reading, row: Row, entry: ScheduleRow) -> None:
    """An entry against its row."""
    cells, now = _cells(here, row, entry), here.now(entry)
    state, current = _STATE.fullmatch(row.said.get(Of.STATE.value, "")), str(now[Of.STATE])
    changed = [of for of in CHANGEABLE if here.meant(entry, of, cells[of]) != here.meant(entry, of, now[of])]
    if state is None:
        here.trouble(row, Of.TITLE, _("The hidden mark of this row was changed. Please export anew and change that."))
        return
    reason = _stays(here, row, entry, cells, state[2])
    if digest(cells, CHANGEABLE) == state[1]:
        here.moved += bool(changed)
        here.same += 1
    elif not changed:
        here.same += 1
    elif not current.startswith(state[1]):
        for of in changed:
            here.trouble(row, of, _clash(here.work, entry, as_text(now[of])))
    else:
        said = Said(row.n, entry, cells, tuple(changed), reason)
        done = deeds(here.work, said, here.people)
        here.troubles += [here.found.trouble(row, of.value, why) for of, why in done.troubles]
        here.kept += [Kept(row.n, _name(entry), of.label, why) for of, why in done.kept]
        if done.changes:
            words = tuple((of.label, as_text(now[of]), here.then(entry, of, cells[of])) for of in done.changes)
            here.changes.append(Change(row.n, _name(entry), False, words, done, entry.id))


def _name(entry: ScheduleRow) -> str:
    return _("No. {n} {title}", n=entry.number, title=entry.title[:30])


def _clash(work: Work, entry: ScheduleRow, now: str) -> str:
    """That an entry was changed by somebody while the file was out, and what stands there now."""
    lines = work.store.risk_history(work.actor.scope(Permission.REGISTER_READ), entry.id)
    who = _("by {name} on {day}", name=lines[0].actor, day=dates.today(datetime.fromisoformat(lines[0].at))) if (
        lines) else ""  # fmt: skip
    return _("Changed since your export {who}; now it says “{now}”. Export anew and make your change there.",
             who=who, now=now[:80])  # fmt: skip


def _stays(here: _Reading, row: Row, entry: ScheduleRow, cells: Mapping[Of, str], was: str) -> str:
    """Tell what was written into a column that no file changes, with the reason; gives the remark where it is one for
    another day."""
    if digest(cells, FIXED) == was:
        return ""
    both = [told(entry, several=several) for several in (False, True)]
    changed = [of for of in FIXED if of.value in here.found.names
               and all(as_text(cells[of]) != as_text(now[of]) for now in both)]  # fmt: skip
    moves = as_text(cells[Of.DUE]) != as_text(both[0][Of.DUE])
    is_reason = moves and Of.REMARK in changed and cells[Of.REMARK] not in {status.label for status in RiskStatus}
    for of in changed:
        if of is not Of.REMARK or not is_reason:
            here.kept.append(Kept(row.n, _name(entry), of.label, _(WHY[of])))
    return cells[Of.REMARK] if is_reason else ""


def _fresh(here: _Reading, row: Row, titles: dict[tuple[str, str], int]) -> None:
    """A new row: a proposal that waits for its first review, unless an entry says the same already."""
    unit_id = here.unit_id
    if not unit_id:
        here.trouble(row, Of.TITLE, _("Please choose the community first for which new rows are meant."))
        return
    key = (unit_id, folded(row.said.get(Of.TITLE.value, "")))
    if key in titles:
        here.trouble(row, Of.TITLE, _("This stands in the register as No. {n} already. To change it, export it as "
                                      "Excel and change that row.", n=titles[key]))  # fmt: skip
        return
    if _waits(here.work, unit_id, row):
        here.same += 1
        return
    done = proposal(here.work, unit_id, {of: row.said.get(of.value, "") for of in Of}, here.people)
    here.troubles += [here.found.trouble(row, of.value, why) for of, why in done.troubles]
    here.kept += [Kept(row.n, _("New row"), of.label, why) for of, why in done.kept]
    rest = [of.label for of in Of if row.said.get(of.value) and of not in (*PROPOSED, Of.NUMBER, Of.ID, Of.STATE)]
    if rest:
        here.kept.append(Kept(row.n, _("New row"), _(", ").join(rest), _(PROPOSAL)))
    if done.changes:
        titles[key] = 0
        words = tuple((of.label, "", row.said[of.value]) for of in done.changes)
        near = here.beside.get(row.n, ())
        here.changes.append(Change(row.n, row.said[Of.TITLE.value][:30], True, words, done, beside=near))


def _waits(work: Work, unit_id: str, row: Row) -> bool:
    """Whether the actor proposed the same already and it waits for its first review: a file taken in again adds
    nothing; who else said it is another voice."""
    raises = work.actor.may(Permission.FLAG_RAISE)
    scope = work.actor.scope(Permission.FLAG_RAISE if raises else Permission.FLAG_INSPECT)
    text = masked(said_as_flag(row.said.get(Of.TITLE.value, ""), row.said.get(Of.SHOWS.value, "")))
    own = {"unit_id": unit_id, "text": text, "raised_by": work.person_id, "status": FlagStatus.NEW}
    return bool(work.store.some(Flag, scope, **own))


def _save(work: Work, _unit_id: str, plan: Plan) -> None:
    for change in plan.changes:
        try:
            change.form.do(work)
        except Refused as refusal:
            why = " ".join(refusal.fields.values()) if isinstance(refusal, Invalid) else str(refusal)
            raise Refused(N_("Row {n}: {why} Nothing was saved."), n=change.n, why=why) from refusal


def _fields(_work: Work, _unit_id: str) -> tuple[Field, ...]:
    return tuple(Field(of.value, of.word) for of in Of)


KIND = Kind("schedule", N_("Schedule of the register"), Permission.REGISTER_READ, _fields, _plan, _save)
