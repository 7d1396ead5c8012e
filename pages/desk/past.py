"""The register of a former day, read-only: of any day, or as a closed round has frozen it; the address says which."""

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import versions
from core.entries.register import LEVELS, LONGEST_TEXT, UNRATED, Filter, RegisterRow
from core.entries.versions import Past, Version
from core.inspection import snapshots
from core.lifecycle import ENDED
from core.organisation.places import Reach
from core.text import _, day, literal
from core.turning import Turn
from core.words import Level, RiskStatus
from pages.desk import past_between, past_communities, past_entry
from pages.ui import gate, marks, places, shell, tables
from pages.ui.places import Ground, Look

gate.require(Permission.REGISTER_READ)
TODAY = dates.today(dates.now())
ASKED = st.query_params


def main() -> None:
    if ASKED.get("snapshot"):
        _frozen(ASKED["snapshot"])
        return
    st.title(_("Register of a former day"))
    chosen, when = _choose()
    if not chosen.some:
        st.info(_("No community of yours keeps a register yet."))
        return
    unit = chosen.unit or chosen.only
    kept = ("entry", "since", "change") if unit and unit.holds_register else ()
    address = {name: ASKED[name] for name in kept if name in ASKED} | {"asof": when.isoformat()}
    address |= {"unit": unit.id} if unit else {}
    if dict(ASKED) != address:
        ASKED.from_dict(address)
    if unit is None or not unit.holds_register:
        past_communities.show(unit.id if unit else "", when)
        return
    unit_id = unit.id
    past = gate.ask(versions.as_of, unit_id, when, _filter())
    if past.known_from and when < past.known_from:
        st.info(_("The register has been kept day by day since {day}. What stood in it before is not known.",
                  day=past.known_from))  # fmt: skip
    entry = ASKED.get("entry", "")
    stood = gate.ask(versions.entry_on, unit_id, entry, when) if entry else None
    _page(past, stood, {"unit": unit_id, "asof": when.isoformat()})
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
    _page(past, past.versions.get(ASKED.get("entry", "")), {"snapshot": about.id})


def _choose() -> tuple[places.Chosen, date]:
    """Which community or area, of several the one the address names, and which day."""
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        chosen = places.choose(
            _("Community"), Ground(Permission.REGISTER_READ, Reach.KEPT), ASKED.get("unit", ""), key="past:unit",
            every=_("All communities"), look=Look(240),
        )  # fmt: skip
        return chosen, _when()


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


def _page(past: Past, chosen: Version | None, address: dict[str, str]) -> None:
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
