"""The register: every entry the actor may see, filtered, sorted and paged; the address says how."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from core import dates
from core.access import Permission
from core.entries import bulk, register
from core.entries.register import LEVELS, LONGEST_TEXT, PAGE, UNDECIDED, UNRATED, Filter, Page, RegisterRow, Sort
from core.entries.risks import Risk
from core.insight import yearly
from core.lifecycle import ENDED
from core.organisation.places import Reach
from core.text import _, day, literal
from core.turning import START
from core.words import Change, Dimension, Level, ResolveLevel, RiskStatus, Source, WarningLevel
from pages.desk import many, register_table, register_views
from pages.ui import deeds, gate, marks, phases, places, shell, tables, turning
from pages.ui.inks import on_screen
from pages.ui.places import Chosen, Ground, Look

actor = gate.require(Permission.REGISTER_READ)
TODAY = dates.today(dates.now())
STATE = st.session_state
NONE = "<span class='qy-muted qy-empty'>—</span>"


def main() -> None:
    st.title(_("Register"))
    phases.lines(TODAY)
    register_views.opened()
    deeds.tell()
    asked = register.from_query({k: st.query_params.get_all(k) for k in st.query_params}, actor.person_id)
    wanted, place = _filters(asked)
    _only(wanted)
    register_views.bar(wanted)
    page = gate.ask(yearly.register, wanted)
    _into_address(wanted if page.turned.back else replace(wanted, turn=START))
    if not page.total:
        _nothing(wanted)
        register_table.show(wanted, page.total, place)
        return
    picking = _count(page, wanted)
    if picking:
        many.work(Risk, "register", page.total, lambda: gate.ask(bulk.of_filter, wanted),
                  lambda ids: register_table.chosen(wanted, ids))  # fmt: skip
    _rows(page.rows, several=place.several, picking=picking)
    turning.buttons(page.turned, page.pages, "register")
    register_table.show(wanted, page.total, place)


def _key(name: str) -> str:
    """Keys of the filter's widgets; they begin anew when the filter is cleared or another link opens the page."""
    return f"register:{name}:{STATE.get('register:version', 0)}"


def _filters(asked: Filter) -> tuple[Filter, Chosen]:
    if STATE.get("register:address") not in (None, register.to_query(replace(asked, turn=START))):
        STATE["register:version"] = STATE.get("register:version", 0) + 1
    with st.container(horizontal=True, gap="small", key="qy_filters", vertical_alignment="center"):
        text = st.text_input(
            _("Search"), asked.text, max_chars=LONGEST_TEXT, key=_key("text"), placeholder=_("Number or words"),
            label_visibility="collapsed", width=on_screen().size(220),
        )  # fmt: skip
        levels = _several("level", _("Level"), {level: _level(level) for level in LEVELS}, asked.levels)
        dimensions = _several("dimension", _("Dimension"), _terms(Dimension), asked.dimensions)
        statuses = _several("status", _("Status"), _terms(RiskStatus), asked.statuses)
        sources = _several("source", _("Source"), _terms(Source), asked.sources)
        warnings = _several("warning", _("Early warning"), _terms(WarningLevel), asked.warnings)
        place = _place(asked)
        sort = st.selectbox(
            _("Order"), list(Sort), list(Sort).index(asked.sort), key=_key("sort"), width=on_screen().size(150),
            format_func=lambda order: order.label, label_visibility="collapsed",
        )  # fmt: skip
        overdue = st.checkbox(_("Overdue only"), asked.overdue, key=_key("overdue"))
        lapsed = st.checkbox(_("To be signed again"), asked.lapsed, key=_key("lapsed"))
        mine = st.checkbox(_("Mine"), asked.mine is not None, key=_key("mine"))
        again = st.checkbox(_("To be rated again"), asked.again, key=_key("again"))
        unit_id = (place.id or None) if place.several else asked.unit_id
        only = place.unit or place.only
        change = _change(asked, only.id if only and only.holds_register else None)
    if change and only:
        unit_id = only.id
    found = replace(
        asked, text=(text or "").strip(), levels=tuple(levels), dimensions=tuple(dimensions), statuses=tuple(statuses),
        sources=tuple(sources), warnings=tuple(warnings), unit_id=unit_id, overdue=overdue, lapsed=lapsed,
        mine=actor.person_id if mine else None, sort=sort or Sort.NUMBER,
        again=again, change=change,
    )  # fmt: skip
    return found if found == asked else replace(found, turn=START), place


def _terms(kind: Any) -> dict[Any, str]:
    return {term: term.label for term in kind}


def _level(level: str) -> str:
    return marks.level_words(None if level == UNRATED else Level(level))


def _several(name: str, label: str, words: Mapping[Any, str], chosen: Sequence[Any]) -> list[Any]:
    return list(st.multiselect(
        label, list(words), list(chosen), format_func=words.__getitem__, key=_key(name), placeholder=label,
        label_visibility="collapsed", width=on_screen().size(168),
    ))  # fmt: skip


def _place(asked: Filter) -> Chosen:
    """A community, or a unit above several."""
    return places.choose(
        _("Community"), Ground(Permission.REGISTER_READ, Reach.KEPT), asked.unit_id or "", key=_key("unit"),
        every=_("All communities"), look=Look(on_screen().size(170), tight=True, words=lambda unit: unit.name),
    )  # fmt: skip


def _change(asked: Filter, unit_id: str | None) -> Change | None:
    """What became of entries since last year's round; told of one community at a time."""
    if unit_id is None:
        return None
    options: list[Change | None] = [None, *Change]
    return st.selectbox(
        _("From last year"), options, options.index(asked.change), key=_key("change"), width=on_screen().size(190),
        format_func=lambda change: change.label if change else _("From last year: all"), label_visibility="collapsed",
    )  # fmt: skip


def _only(wanted: Filter) -> None:
    """What the address narrows and no widget shows."""
    said = _decided(wanted)
    if wanted.voices is not None:
        letters = " ".join(s.label for s in Source if s in wanted.voices)
        said.append(_("raised by exactly: {voices}", voices=letters))
    if wanted.item_id:
        said.append(_("power item: {name}", name=gate.ask(register.item, wanted.item_id) or _("unknown")))
    if wanted.item_name:
        said.append(_("power item: {name}", name=wanted.item_name))
    if wanted.since or wanted.until:
        said.append(_("opened from {first} to {last}", first=wanted.since or "…", last=wanted.until or "…"))
    if said:
        st.markdown(_("Only entries {what}.", what=literal("；".join(said))))
    if wanted.whole:
        st.caption(_("Archived entries are among them."))


def _decided(wanted: Filter) -> list[str]:
    """Levels, posts and results that a chart has asked for."""
    undecided = _("not decided yet")
    chosen = {
        _("expected level"): [undecided if level == UNRATED else _level(level) for level in wanted.expected],
        _("verified level"): [undecided if level == UNRATED else _level(level) for level in wanted.verified],
        _("solved where"): [undecided if at == UNDECIDED else ResolveLevel(at).label for at in wanted.solved],
        _("last second look"): [result.label for result in wanted.looks],
        _("post"): [wanted.post] if wanted.post else [],
    }
    return [_("{what}: {values}", what=what, values=tables.listed(words)) for what, words in chosen.items() if words]


def _into_address(wanted: Filter) -> None:
    address = register.to_query(wanted)
    STATE["register:address"] = register.to_query(replace(wanted, turn=START))
    if {k: st.query_params.get_all(k) for k in st.query_params} != address:
        st.query_params.from_dict(address)


def _clear() -> None:
    STATE["register:version"] = STATE.get("register:version", 0) + 1
    STATE["register:address"] = {}
    st.query_params.clear()


def _nothing(wanted: Filter) -> None:
    if wanted.narrows:
        st.info(_("No entry matches this filter."))
        st.button(_("Clear the filter"), on_click=_clear, type="primary")
        return
    st.info(
        _("The register is still empty. An entry is opened in the inbox, on what residents say, cadres find or "
          "superiors raise; from then on it stands here with its level, measures and dates.")
    )  # fmt: skip
    shell.next_step()


def _count(page: Page, wanted: Filter) -> bool:
    """How many there are; whether several are to be worked on."""
    first = PAGE * (page.turned.page - 1) + 1
    with st.container(horizontal=True, vertical_alignment="center", key="qy_count"):
        last = first + len(page.rows) - 1
        st.caption(_("{first}–{last} of {n}", first=first, last=last, n=page.total), width="content")
        if wanted.narrows:
            st.button(_("Clear the filter"), on_click=_clear, type="tertiary")
        shell.link("past", _("Register of a former day") + " ›", **({"unit": wanted.unit_id} if wanted.unit_id else {}))
        return many.wanted(Risk, "register", taken=True)


def _rows(rows: Sequence[RegisterRow], *, several: bool, picking: bool) -> None:
    first = _("No. and risk point")
    heads = (_("Level"), _("Voices"), _("Power item"), _("Status"), _("In charge"), _("Next due"))
    with st.container(key="qy_register", gap=None):
        st.html(
            f"<div class='qy-heads' aria-hidden='true'><span>{escape(first)}</span><div class='qy-row'>"
            + "".join(f"<span>{escape(head)}</span>" for head in heads) + "</div></div>"
        )  # fmt: skip
        for row in rows:
            with st.container(key=f"qyr_{row.id}", gap=None):
                if picking:
                    many.box("register", row.id, _("Choose no. {n}", n=row.number), hidden=True)
                shell.link("entry", f"**{row.number}**　{literal(row.title)}", id=row.id)
                st.html(_facts(row, several=several))


def _facts(row: RegisterRow, *, several: bool) -> str:
    unit = f"<small>{escape(row.unit)}</small>" if several else ""
    item = escape(row.item or _("no power item"))
    cells = (
        marks.level_mark(row.level), f"<span class='qy-voices'>{marks.voices_mark(row.sources)}</span>",
        f"<span>{item}{unit}</span>", f"<span>{escape(row.status.label)}{_unsigned(row)}{_warned(row)}</span>",
        f"<span>{escape(row.owner) or NONE}</span>", f"<span>{_due(row)}</span>",
    )  # fmt: skip
    return f"<div class='qy-row'>{''.join(cells)}</div>"


def _unsigned(row: RegisterRow) -> str:
    """That what was signed no longer holds."""
    words = escape(_("to be signed again"))
    return f"<small class='qy-lapsed'>✎ {words}</small>" if row.lapsed else ""


def _warned(row: RegisterRow) -> str:
    return f"<small>{marks.warning_mark(row.warning)}</small>" if row.warning else ""


def _due(row: RegisterRow) -> str:
    if row.next_due is None or row.status in ENDED:
        return NONE
    return f"{marks.lamp(row.next_due, TODAY, marks.due_words(row.next_due, TODAY))} <small>{day(row.next_due)}</small>"


main()
