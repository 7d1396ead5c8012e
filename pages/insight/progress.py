"""How far entries came, from the flag to the closing, and how long they stay in each state."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.access import Permission
from core.insight import figures, pace
from core.insight.figures import REACHED, Heard, Overview, Stage
from core.insight.pace import StateRow, VoiceRow
from core.text import _
from core.words import RiskStatus, Source
from pages.insight import levels
from pages.ui import charts, figure, gate, shell, tables
from pages.ui.charts import Bar


def show(unit_id: str | None, note: str) -> None:
    found = gate.ask(figures.overview, unit_id)
    if not found.total:
        levels.teach()
        return
    here = {"unit": unit_id, "standing": "1"} if unit_id else {"standing": "1"}
    _stages(found, note, here)
    came = gate.ask(pace.pace, unit_id)
    _states(came.states, note, here)
    st.markdown(_("**How long flags wait for a decision**"))
    heads = [_("Flags from"), _("Decided"), _("Days until then"), _("Waiting now")]
    tables.table(heads, [_voice(row) for row in came.voices])
    st.caption(_("Days are medians: half take less, half take more. Of residents' flags no numbers are told here."))


def _stages(found: Overview, note: str, here: dict[str, str]) -> None:
    stages, heard = found.stages, found.heard
    head = figure.Head("stages", _("How far they came"), _held(stages), note)
    bars = [Bar("flags", _("Flags raised"), heard.at_least, _flags_in_words(heard), second=True)]
    bars += [Bar(stage.value, stage.label, n, str(n)) for stage, n in stages.items()]
    told = [(Source.SELF, str(heard.own)), (Source.SUPERIOR, str(heard.superior)),
            (Source.RESIDENT, str(heard.resident))]  # fmt: skip
    rows: list[list[tables.Cell]] = [[_("Flags from {voice}", voice=source), n] for source, n in told]
    rows += [[s.label, tables.counted(n, "register", **here, status=_statuses(s))] for s, n in stages.items()]
    for bar in figure.section(head, partial(charts.bars, bars), [_("Stage"), _("Count")], rows):
        if bar["key"] != "flags":
            shell.go("register", **here, status=_statuses(Stage(bar["key"])))
        elif gate.actor().may(Permission.INBOX_READ):
            shell.go("inbox")


def _held(stages: Mapping[Stage, int]) -> str:
    step = figures.held(stages)
    if step is None:
        return _("Every entry has been closed.")
    return _("Most wait between “{stage}” and “{following}”: {n} entries.", stage=step.stage, following=step.following,
             n=step.waiting)  # fmt: skip


def _flags_in_words(heard: Heard) -> str:
    rest = heard.own + heard.superior
    if not heard.resident.high:
        return str(rest)
    return _("{n}, and {residents} from residents", n=rest, residents=str(heard.resident))


def _statuses(stage: Stage) -> str:
    return ",".join(status.value for status in REACHED[stage])


def _states(states: tuple[StateRow, ...], note: str, here: dict[str, str]) -> None:
    head = figure.Head("states", _("How long they stay in each state"), _longest(states), note)
    bars = [
        Bar(row.status.value, row.status.label, row.days or 0, _stay(row), second=row.days is None) for row in states
    ]
    rows: list[list[tables.Cell]] = [
        [row.status.label, row.left, _days(row.days),
         tables.counted(row.waiting, "register", **here, status=row.status.value)]
        for row in states
    ]  # fmt: skip
    heads = [_("State"), _("Went on"), _("Days in it"), _("There now")]
    for bar in figure.section(head, partial(charts.bars, bars), heads, rows):
        shell.go("register", **here, status=RiskStatus(bar["key"]).value)


def _longest(states: tuple[StateRow, ...]) -> str:
    row = pace.longest(states)
    if row is None:
        return _("No entry has gone on from one state to the next yet. The days appear with the first one.")
    return _(
        "Entries stay longest in “{status}”: half of those that went on did so within {days} days; {n} stand there "
        "now. What an entry passes within a day is not counted.", status=row.status, days=_days(row.days),
        n=row.waiting,
    )  # fmt: skip


def _stay(row: StateRow) -> str:
    now = _("{n} there now, for {days} days", n=row.waiting, days=_days(row.waited)) if row.waiting else _("none now")
    went = "" if row.days is None else _("{days} days", days=_days(row.days))
    return " · ".join(part for part in (went, now) if part)


def _days(days: float | None) -> str | int:
    if days is None:
        return "—"
    return int(days) if days == int(days) else f"{days:g}"


def _voice(row: VoiceRow) -> list[tables.Cell]:
    decided, waiting = ("—" if n is None else n for n in (row.decided, row.waiting))
    return [row.source.label, decided, _days(row.days), waiting]
