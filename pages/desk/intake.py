"""Intake of many: a sheet of paper forms or of another system, checked before anything is kept."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.access import Permission
from core.evidence import Upload
from core.formats.columns import Column, Head, head
from core.formats.sheets import ACCEPTED, ROWS, Sheet
from core.organisation.places import Reach
from core.review import intake, runs
from core.review.intake import Checked, IntakeForm
from core.review.runs import RunState
from core.text import _, day, literal, shown
from core.voices import doorstep
from core.words import RECORDED, Channel, RunKind, RunStatus
from pages.ui import deeds, gate, places, progress, shell, tables, uploads
from pages.ui.downloads import Unnoted, unnoted
from pages.ui.forms import Form
from pages.ui.places import Ground, Look

STATE = st.session_state
actor = gate.require(Permission.FLAG_RECORD)


def main() -> None:
    st.title(_("Take in many"))
    deeds.tell()
    if run_id := st.query_params.get("run"):
        _run(run_id)
        return
    _begin()
    if states := gate.ask(runs.runs, RunKind.INTAKE):
        st.subheader(_("Taken in before"))
        progress.earlier(states, "intake")


def _begin() -> None:
    st.write(
        _("For paper forms, suggestion boxes and exports of other systems. Each row becomes one flag of a resident, "
          "under the same rules as a single one: only its date is kept, personal numbers are covered, whoever is named "
          "is kept away, and accusations of people are sealed. No receipts are issued. Like flags are then proposed "
          "in groups for the first review.")
    )  # fmt: skip
    kinds = {Channel.PAPER: _("Paper forms and other sheets"), Channel.GRID: _("Tasks of a grid system")}
    kind = st.segmented_control(
        _("What kind of sheet"), list(kinds), default=Channel.PAPER, format_func=kinds.__getitem__, required=True,
        key="intake:kind", label_visibility="collapsed",
    )  # fmt: skip
    sample = (intake.GRID_SAMPLE,) if kind is Channel.GRID else ()
    unnoted(_("Sample to fill in"), lambda: intake.sample(*sample), _("sample.csv"), Unnoted.BLANK)
    ground = Ground(Permission.FLAG_RECORD, Reach.COMMUNITIES)
    unit = places.one(_("Community"), ground, key="intake:unit", look=Look(320))
    upload = uploads.chosen_file("intake", _("Sheet"), _(ACCEPTED, n=ROWS))
    if upload is not None:
        _look(unit.id, unit.name, upload, kind or Channel.PAPER)


def _look(unit_id: str, community: str, upload: Upload, kind: Channel) -> None:
    """The columns, what the rows would become, and the button."""
    digest = hashlib.sha256(upload.content).hexdigest()[:16]
    if STATE.get("intake:sheet", ("",))[0] != digest:
        STATE["intake:sheet"] = (digest, gate.ask(intake.opened, upload))
    sheet: Sheet = STATE["intake:sheet"][1]
    above = head(sheet)
    if sheet.others:
        st.caption(
            _("Read from the sheet “{name}”; {n} others were not read.", name=literal(sheet.name), n=sheet.others)
        )
    st.subheader(_("1. Which column holds what"))
    st.caption(_("Row {n} was taken for the headings. Please check, and change what is wrong.", n=above.line.n))
    cells = st.columns(3)
    order = (*Column, "otherwise")
    places: dict[str, Any] = {str(name): cells[n % 3] for n, name in enumerate(order)}
    middle, places["consent"] = st.container(), st.container()
    form = Form(
        f"intake:{digest}:{kind}", IntakeForm, draft=False, skip=("without_bad",), columns=places,
        options=_options(above),
        start={"otherwise": kind} | {str(column): at for column, at in above.columns.items()},
    )  # fmt: skip
    with middle:
        found, without_bad = _check(unit_id, digest, sheet, form)
    if found is None or not found.given:
        return
    label = _("Take {n} rows into {place}", n=len(found.given), place=literal(community))
    sent = form.send(
        label, lambda work, typed: intake.begin(
            work, upload, found, typed.model_copy(update={"without_bad": without_bad})
        ),
    )  # fmt: skip
    if sent:
        uploads.forget_files("intake")
        STATE.pop("intake:sheet", None)
        shell.go("intake", run=sent.value)


def _options(above: Head) -> dict[str, dict[Any, str]]:
    width = max(len(line.cells) for line in (above.line, *above.below))
    names = {at: above.name(at) for at in range(width)}
    ways: dict[Any, str] = {way: way.label for way in RECORDED}
    return {column.value: dict(names) for column in Column} | {"otherwise": ways}


def _check(unit_id: str, digest: str, sheet: Sheet, form: Form[IntakeForm]) -> tuple[Checked | None, bool]:
    """What the rows would become and what is wrong with others; whether to take the good ones alone."""
    if form.fields["text"] is None:
        st.info(_("Please choose the column that holds what was said."))
        return None, False
    typed = IntakeForm.model_validate(form.fields | {"consent": False})
    key = f"{unit_id}|{digest}|{typed.model_dump_json()}"
    if STATE.get("intake:checked", ("",))[0] != key:
        with st.spinner(_("Looking at every row")):
            STATE["intake:checked"] = (key, gate.ask(intake.checked, unit_id, sheet, typed))
    found: Checked = STATE["intake:checked"][1]
    st.subheader(_("2. What becomes of the rows"))
    good, bad = len(found.given), found.bad_rows
    if not good + bad:
        st.info(_("There is no row below the headings."))
        return None, False
    st.markdown(_("{good} of {all} rows can be taken in.", good=good, all=good + bad))
    if found.undated:
        st.caption(_("{n} dates lie ahead or more than three years back: for these, today is kept.", n=found.undated))
    _preview(unit_id, found)
    return found, bool(found.troubles) and _troubles(unit_id, found)


SAMPLE = 3


def _preview(unit_id: str, found: Checked) -> None:
    """The first rows as they will be kept."""
    if not found.given:
        return
    step = gate.ask(doorstep.recording, unit_id)
    names = step.item_words() | step.place_words()
    told = [
        column for column in Column
        if column is Column.DAY or any(column.value in row.fields for row in found.given[:SAMPLE])
    ]  # fmt: skip
    rows: list[list[tables.Cell]] = [
        [str(row.n), *(_cell(column, row.fields.get(column.value, ""), names) for column in told)]
        for row in found.given[:SAMPLE]
    ]
    tables.table([_("Row"), *(column.label for column in told)], rows, caption=_("As the first rows will be kept"))


def _cell(column: Column, value: str, names: dict[str, str]) -> str:
    if column is Column.CHANNEL:
        return next((str(shown(way)) for way in RECORDED if way.value == value), "")
    if column is Column.DAY:
        return day(date.fromisoformat(value)) if value else _("today")
    return names.get(value, value) if column in (Column.ITEM, Column.PLACE) else value


def _troubles(unit_id: str, found: Checked) -> bool:
    st.warning(_("{n} rows cannot be taken as they are. Mend them in the file and choose it again.", n=found.bad_rows))
    lines = tables.page(found.complaints, "intake:troubles")
    tables.table(
        [_("Column of the sheet"), _("What would be right"), _("Rows")],
        [[one.column, one.why, _numbers(one.rows)] for one in lines],
    )  # fmt: skip
    _names(unit_id)
    words = IntakeForm.model_fields["without_bad"].title or ""
    return bool(found.given) and st.checkbox(_(words), key="intake:without_bad")


NUMBERS = 12
"""Rows that are named; of more, how many there are."""


def _numbers(rows: Sequence[int]) -> str:
    told = tables.listed(str(n) for n in rows[:NUMBERS])
    return told if len(rows) <= NUMBERS else _("{rows} … {n} rows in all", rows=told, n=len(rows))


def _names(unit_id: str) -> None:
    """What one may write into the columns that name something."""
    step = gate.ask(doorstep.recording, unit_id)
    with st.expander(_("Names that can be used")):
        for column, names in (
            (Column.CHANNEL, [way.label for way in RECORDED]), (Column.PLACE, step.place_words().values()),
            (Column.ITEM, step.item_words().values()),
        ):  # fmt: skip
            st.markdown(f"**{column.label}**　{literal(tables.listed(names))}")


def _run(run_id: str) -> None:
    state = progress.follow(RunKind.INTAKE, run_id)
    _ended(state)
    refused = gate.ask(runs.refusals, run_id)
    if refused:
        st.subheader(_("Rows that were not taken in"))
        lines = tables.page(refused, "intake:refused")
        tables.table([_("What would be right"), _("Rows")], [[line.why, _numbers(line.rows)] for line in lines])
    shell.link("intake", _("Take in another sheet"))


def _ended(state: RunState) -> None:
    if state.status is RunStatus.CANCELLED:
        st.info(_("Stopped. {n} rows had been taken in and stay. Choose the same file again to go on.", n=state.taken))
    if state.status is not RunStatus.DONE:
        return
    st.success(_("{n} rows were taken in and wait for their first review.", n=state.taken))
    if actor.may(Permission.FLAG_MERGE):
        shell.link("groups", _("Review them group by group"), run=state.id)
    else:
        st.caption(_("The residents' watchdog committee reviews them group by group. You cannot read them again here."))


main()
