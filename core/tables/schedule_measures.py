"""What a changed row of the schedule does to the measures of its entry: further ones, or another day for those."""

import re
from functools import partial
from typing import Any

from core.access import Permission
from core.entries.risks import Risk
from core.formats.columns import stated_day
from core.prevention import measures, rearranging
from core.prevention.measures import Measure, MeasureForm
from core.prevention.rearranging import Rearranging
from core.store import Work
from core.tables import schedule
from core.tables.schedule import Of
from core.tables.schedule_said import Deeds, People, Said, Wrong, need
from core.text import N_, _, clean
from core.words import MeasureStatus

_NUMBERED = re.compile(r"^\s*(?:\d+\s*[.、．)）]|[（(]\d+[)）])\s*")


def lines(text: str) -> list[str]:
    """The measures a cell names, one on each line, without their numbers."""
    found = (" ".join(_NUMBERED.sub("", line).split()) for line in clean(text).split("\n"))
    return list(dict.fromkeys(line for line in found if line))


STAYS = N_("A planned measure is not changed or taken out by a file. Write further ones on lines of their own.")
SHORTEST_REASON = 2
NO_DAY = N_("Nothing is left to be carried out here, so there is no day to change.")
WHY_DAY = N_("Please write here why the measures are due on another day.")
RIGHT_DAY = N_("Please write the date with its year, such as 2026-03-05.")


def plan(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    """Further lines become measures: done by the owner, verified by whoever watches, due on the day of the row.
    Without any, another day moves what is planned."""
    old, new = lines(schedule.numbered([one.text for one in said.entry.measures])), lines(said.cells[Of.MEASURES])
    further = [line for line in new if line not in old] if set(old) <= set(new) else []
    if not further:
        done.kept += [(of, _(STAYS)) for of in said.changed if of is Of.MEASURES]
        _moved(work, said, done)
        return
    columns = [of for of in (Of.MEASURES, Of.DUE) if of in said.changed]
    forms: list[MeasureForm] = []

    def check() -> None:
        forms.extend(_measure(work, said, known, line) for line in further)
        need(work, risk.unit_id, Permission.MEASURE_PLAN)
        for form in forms:
            measures.check_plan(work, risk, form)

    if done.tried(columns, PLANNED, check):
        done.changes += columns
        done.steps.extend(partial(measures.plan, risk_id=risk.id, form=form) for form in forms)


def _moved(work: Work, said: Said, done: Deeds) -> None:
    """Another day moves the measures that are due on the last one, and those that would be due after it."""
    old, day = schedule.due(said.entry.measures), stated_day(said.cells[Of.DUE])
    left = [one for one in said.entry.measures if one.status is not MeasureStatus.VERIFIED]
    if Of.DUE not in said.changed:
        return
    if not left or not said.cells[Of.DUE]:
        done.kept.append((Of.DUE, _(STAYS) if left else _(NO_DAY)))
        return
    forms: list[tuple[str, Rearranging]] = []

    def check() -> None:
        if day is None:
            raise Wrong(Of.DUE, _(RIGHT_DAY))
        need(work, said.entry.unit_id, Permission.MEASURE_PLAN)
        if len(said.reason) < SHORTEST_REASON:
            raise Wrong(Of.REMARK, _(WHY_DAY))
        for one in left:
            if one.due_on == old or one.due_on > day:
                form = Rearranging(reason=said.reason, due_on=day, owner_id=None, watchdog_id=None)
                measure = work.store.one(Measure, one.id, work.actor.scope(Permission.MEASURE_PLAN))
                rearranging.check_rearranging(work, measure)
                rearranging.check_rearranged(work, measure, form)
                forms.append((one.id, form))

    if done.tried([Of.DUE], {Of.DUE: "due_on", Of.REMARK: "reason"}, check):
        done.changes.append(Of.DUE)
        done.steps.extend(partial(rearranging.rearrange, measure_id=key, form=form) for key, form in forms)


PLANNED = {Of.MEASURES: "text", Of.OWNER: "owner_id", Of.WATCHDOG: "watchdog_id", Of.DUE: "due_on"}


def _measure(work: Work, said: Said, known: People, line: str) -> MeasureForm:
    """A further measure as a form would be typed."""
    values: dict[str, Any] = {"text": line, "starts_on": work.today, "due_on": stated_day(said.cells[Of.DUE])}
    if values["due_on"] is None:
        raise Wrong(Of.DUE, _(RIGHT_DAY))
    for of in (Of.OWNER, Of.WATCHDOG):
        values[PLANNED[of]] = known.person(said.entry.unit_id, of, said.cells[of])
        if values[PLANNED[of]] is None:
            raise Wrong(of, _("A further measure needs somebody here."))
    return MeasureForm.model_validate(values)
