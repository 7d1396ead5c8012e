"""The register of a former day, read-only: of any day, or as a closed round has frozen it; the address says which."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import register, versions
from core.entries.register import LEVELS, LONGEST_TEXT, UNRATED, Filter, RegisterRow
from core.entries.versions import Past
from core.inspection import snapshots
from core.lifecycle import ENDED
from core.text import _, day, literal
from core.turning import Turn
from core.words import Level, RiskStatus
from pages.desk import past_between, past_communities, past_entry
from pages.ui import gate, marks, shell, tables

gate.require(Permission.REGISTER_READ)
TODAY = dates.today(dates.now())
ASKED = st.query_params


def main() -> None:
    if ASKED.get("snapshot"):
        _frozen(ASKED["snapshot"])
        return
    units = {row.id: row.name for row in gate.ask(register.communities)}
    st.title(_("Register of a former day"))
    if not units:
        st.info(_("No community of yours keeps a register yet."))
        return
    asked = ASKED.get("unit", "")
    if len(units) > 1 and asked not in units:
        past_communities.show(gate.ask(register.communities, asked), _when())
        return
    unit_id, when = _choose(units)
    past = gate.ask(versions.as_of, unit_id, when, _filter())
    if past.known_from and when < past.known_from:
        st.info(_("The register has been kept day by day since {day}. What stood in it before is not known.",
                  day=past.known_from))  # fmt: skip
    _page(past, {"unit": unit_id, "asof": when.isoformat()})
    if not ASKED.get("entry"):
        past_between.show(unit_id, past.day)


def _frozen(snapshot_id: str) -> None:
    head = st.container()
    about, past = gate.ask(snapshots.read, snapshot_id, _filter())
    head.title(_("Register of {unit} as of {day}", unit=literal(about.unit), day=about.taken_on))
    head.info(
        _("Frozen when “{title}” was closed; it never changes. Its digest stands in the audit log: {digest}",
          title=literal(about.title), digest=about.digest[:16] + "…")
    )  # fmt: skip
    with head:
        shell.link("rounds", _("To the round") + " ›", round=about.round_id, unit=about.unit_id)
    _page(past, {"snapshot": about.id})


def _choose(units: dict[str, str]) -> tuple[str, date]:
    """Which community, of several the one the address names, and which day; both are written into the address."""
    ids = list(units)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        unit_id = ids[0]
        if len(ids) > 1:
            unit_id = st.selectbox(
                _("Community"), ids, ids.index(ASKED["unit"]), format_func=units.__getitem__, width=220
            )
        when = _when()
    address = {name: ASKED[name] for name in ("entry", "since", "change") if name in ASKED}
    address |= {"unit": unit_id, "asof": when.isoformat()}
    if dict(ASKED) != address:
        ASKED.from_dict(address)
    return unit_id, when


def _when() -> date:
    return st.date_input(
        _("As of the end of"), _day("asof", TODAY), max_value=TODAY, format="YYYY-MM-DD", width=200
    )  # fmt: skip


def _day(name: str, otherwise: date) -> date:
    try:
        return min(date.fromisoformat(ASKED.get(name, "")), TODAY)
    except ValueError:
        return otherwise


def _filter() -> Filter:
    """What of the register is shown; nothing is left out where one entry is read."""
    if ASKED.get("entry"):
        return Filter(statuses=tuple(RiskStatus))
    with st.container(horizontal=True, gap="small", key="qy_filters", vertical_alignment="center"):
        text = st.text_input(
            _("Search"), max_chars=LONGEST_TEXT, placeholder=_("Number or words"), label_visibility="collapsed",
            width=220,
        )  # fmt: skip
        levels = st.multiselect(
            _("Level"), LEVELS, placeholder=_("Level"), label_visibility="collapsed", width=168,
            format_func=lambda level: marks.level_words(None if level == UNRATED else Level(level)),
        )  # fmt: skip
        statuses = st.multiselect(
            _("Status"), list(RiskStatus), placeholder=_("Status"), label_visibility="collapsed", width=168,
            format_func=lambda status: status.label,
        )  # fmt: skip
    page = st.session_state.get("past:page", 1)
    return Filter(text=(text or "").strip(), levels=tuple(levels), statuses=tuple(statuses), turn=Turn(page=page))


def _page(past: Past, address: dict[str, str]) -> None:
    chosen = past.versions.get(ASKED.get("entry", ""))
    if chosen is not None:
        shell.link("past", "‹ " + _("Whole register of that day"), **address)
        past_entry.show(chosen, past.day)
        return
    if not past.total:
        st.info(_("On that day no entry stood in the register, or none that matches."))
        return
    st.caption(_("{n} entries at the end of {day}. Read-only.", n=past.total, day=past.day))
    _rows(past.rows, past.day, address)
    if past.pages > 1:
        st.pagination(past.pages, key="past:page")


def _rows(rows: Sequence[RegisterRow], when: date, address: dict[str, str]) -> None:
    facts = [_("Level"), _("Voices"), _("Power item"), _("Status"), _("In charge"), _("Next due")]
    head = [_("No. and risk point"), *facts]
    tables.table(head, [
        [tables.Link(f"{row.number}　{row.title}", "past", {**address, "entry": row.id}),
         tables.Mark(marks.level_mark(row.level)), tables.Mark(marks.voices_mark(row.sources)), row.item or "—",
         row.status.label, row.owner or "—", _due(row, when)]
        for row in rows
    ])  # fmt: skip


def _due(row: RegisterRow, when: date) -> str:
    if row.next_due is None or row.status in ENDED:
        return "—"
    late = " · " + _("overdue by then") if row.next_due < when else ""
    return day(row.next_due) + late


main()
