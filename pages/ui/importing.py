"""A table taken in on the screen: choose a file, read what it would do and what is wrong, and only then save it."""

import hashlib
import time
from collections.abc import Sequence
from html import escape

import streamlit as st

from core import dates
from core.entries import bulk
from core.errors import Expired
from core.formats.sheets import ACCEPTED, ROWS, Sheet
from core.formats.tabular import Trouble
from core.tables import importing, portions
from core.tables.importing import Change, Kept, Kind, Plan
from core.text import _, literal
from pages.ui import deeds, gate, tables, uploads
from pages.ui.downloads import Unnoted, document, unnoted

STATE = st.session_state
REST = 0.12
"""Seconds between two portions: SQLite looks every 0.1 s whether it may write, so whoever waits gets in between."""
LONGEST = 80
"""Characters of a cell that are shown before and after."""


def forms(kind: Kind, unit_id: str = "") -> None:
    """The buttons that hand the table out: empty, and with what is kept where there is such a table."""
    name, today = _(kind.title), dates.today(dates.now()).isoformat()
    with st.container(horizontal=True, key=f"forms:{kind.name}"):
        empty = gate.later(importing.form, kind, unit_id)
        unnoted(_("Empty table (Excel)"), empty, _("{name}, empty", name=name) + ".xlsx", Unnoted.BLANK)
        if kind.now:
            document(_("What is kept (Excel)"), f"{name} {today}.xlsx", importing.written, importing.taken, kind,
                     unit_id)  # fmt: skip


def taken_in(kind: Kind, unit_id: str = "") -> None:
    """Choose a file, see what it would do, save."""
    name = f"import:{kind.name}"
    upload = uploads.chosen_file(name, _("Table to import"), _(ACCEPTED, n=ROWS))
    if upload is None:
        return
    digest = hashlib.sha256(upload.content).hexdigest()[:16]
    if STATE.get(f"{name}:sheet", ("",))[0] != digest:
        STATE[f"{name}:sheet"] = (digest, gate.ask(importing.opened, kind, upload))
        STATE.pop(f"{name}:saved", None)
    sheet: Sheet = STATE[f"{name}:sheet"][1]
    key = f"{digest}|{unit_id}"
    if STATE.get(f"{name}:plan", ("",))[0] != key:
        with st.spinner(_("Looking at every row")):
            STATE[f"{name}:plan"] = (key, gate.ask(importing.look, kind, unit_id, sheet))
    plan: Plan = STATE[f"{name}:plan"][1]
    ready = _shown(plan, sheet, name)
    _saved(name)
    if ready:
        _save(kind, unit_id, sheet, plan, name)


def _shown(plan: Plan, sheet: Sheet, name: str) -> bool:
    """What a file would do, in words; whether it can be saved."""
    if sheet.others:
        told = _("Read from the sheet “{name}”; {n} others were not read.", name=literal(sheet.name), n=sheet.others)
        st.caption(told)
    added, changed = plan.added, len(plan.changes) - plan.added
    st.markdown(_("{added} new, {changed} changed, {same} as they are kept already.", added=added, changed=changed,
                  same=plan.same))  # fmt: skip
    for note in plan.notes:
        st.caption(literal(note))
    if plan.troubles:
        _troubles(plan.troubles, sheet, name)
    _changes(plan.changes, name)
    _kept(plan.kept, name)
    if plan.troubles:
        return False
    if not plan.changes:
        st.info(_("There is nothing to save: the file changes nothing."))
    return bool(plan.changes)


def _troubles(troubles: Sequence[Trouble], sheet: Sheet, name: str) -> None:
    rows = len({one.n for one in troubles})
    st.error(_("{n} rows cannot be taken as they are. Nothing is saved before they are mended in the file.", n=rows))
    where = sheet.name or _("The only sheet")
    tables.table(
        [_("Row"), _("Column of the sheet"), _("What would be right"), _("Worksheet")],
        [[_row(one.n), one.column, one.why, where] for one in tables.page(troubles, f"{name}:troubles")],
    )  # fmt: skip


def _changes(changes: Sequence[Change], name: str) -> None:
    if not changes:
        return
    st.subheader(_("What would change"))
    tables.table(
        [_("Row"), _("What it is about"), _("What changes")],
        [[_row(one.n), one.name, _said(one)] for one in tables.page(changes, f"{name}:changes")],
    )


def _row(n: int) -> tables.Mark:
    words = escape(_("Row {n}", n=n))
    return tables.Mark(f"<span class='qy-whole'>{words}</span>")


def _said(change: Change) -> tables.Mark:
    """Each column with what stood there and what will."""
    new = escape(_("New"))
    lines = [f"<strong>{new}</strong>"] if change.new else []
    for column, before, after in change.said:
        value = escape(_cut(after) or _("(empty)"))
        was = f"<s>{escape(_cut(before))}</s> → " if before else ""
        lines.append(_("{column}: {value}", column=escape(column), value=was + value))
    return tables.Mark(f"<div>{'<br>'.join(lines)}</div>")


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else f"{flat[:LONGEST]}…"


def _kept(kept: Sequence[Kept], name: str) -> None:
    if not kept:
        return
    st.subheader(_("What a file does not change"))
    tables.table(
        [_("Row"), _("What it is about"), _("Column of the sheet"), _("Why it stays")],
        [[_row(one.n), one.name, one.column, one.why] for one in tables.page(kept, f"{name}:kept")],
    )  # fmt: skip


def _save(kind: Kind, unit_id: str, sheet: Sheet, plan: Plan, name: str) -> None:
    """Save in portions, each for itself, while one sees how far it is and can stop; what is saved is kept as said."""
    if not st.button(_("Save these {n} rows", n=len(plan.changes)), type="primary", key=f"{name}:save"):
        return
    together, waiting = bulk.begun(), portions.portions(sheet, plan)
    STATE.pop(f"{name}:plan", None)
    STATE[f"{name}:saved"] = portions.Saved()
    bar = st.progress(0.0, text=_("Saving"))
    if len(waiting) > 1:
        st.button(_("Stop here"), key=f"{name}:stop")  # pressing it draws the page anew, which ends the loop below

    def kept(saved: portions.Saved) -> None:
        STATE[f"{name}:saved"] = saved
        done, count = saved.done + len(saved.left), len(plan.changes)
        time.sleep(REST if len(waiting) > 1 else 0.0)
        bar.progress(done / count, text=_("{n} of {all} rows are saved", n=saved.done, all=count))

    def save(portion: portions.Portion) -> None:
        gate.attempt(importing.save, kind, unit_id, portion.sheet, portion.mark, portion.rows, together)

    try:
        saved = portions.carry_out(waiting, save, kept)
    except Expired as refusal:
        gate.explain_refusal(refusal)
        return
    if not saved.left:
        STATE.pop(f"{name}:saved", None)
        STATE.pop(f"{name}:sheet", None)
        uploads.forget_files(name)
        deeds.done(_("{n} rows were saved.", n=saved.done))
    st.rerun()


def _saved(name: str) -> None:
    """What an earlier saving of this file came to, where it did not end with everything saved."""
    saved: portions.Saved | None = STATE.get(f"{name}:saved")
    if saved is None:
        return
    st.warning(_("{n} rows were saved and stay so. What is left stands above; saving goes on with it.", n=saved.done))
    if saved.left:
        tables.table(
            [_("Row"), _("What it is about"), _("Why it was not saved")],
            [[_row(one.n), one.name, why] for one, why in tables.page(saved.left, f"{name}:left")],
        )
