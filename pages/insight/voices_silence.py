"""The silence grid: power items × voices, and what to do where nobody has spoken."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from core.access import Permission
from core.insight import silence
from core.insight.blindspots import Asked
from core.insight.chance import RARE
from core.insight.silence import Grid, Pair, Power
from core.text import _, day
from core.words import Source
from pages.insight import aims
from pages.ui import gate, shell, tables


def show(asked: Asked, here: dict[str, str], note: str) -> None:
    key = f"voices:silence:{asked}"
    found = gate.ask(silence.grid, asked, tables.skipped(key))
    if not found.total:
        st.info(_("No power item is in the catalogue here yet. With them stand here the voices that have not spoken."))
        shell.link("catalogue", _("Open the catalogue of power items"))
        return
    st.markdown(
        _("Of {n} power items, cadres are silent on {own}, superiors on {superior}, residents on {resident}. An empty "
          "cell is no proof that all is well: it is to be asked.", n=found.total, own=found.empty[Source.SELF],
          superior=found.empty[Source.SUPERIOR], resident=found.empty[Source.RESIDENT])
    )  # fmt: skip
    tables.choice(found.total, key)
    _grid(found, here, several=len({row.power.unit_id for row in found.rows}) > 1)
    st.caption(note)
    st.subheader(_("Do the voices speak about the same power items?"))
    for pair in found.pairs:
        st.markdown("- " + _pair(pair))
    st.caption(_("By chance means: what comes out in 95 of 100 cases if each voice had spoken about as many power "
                 "items without regard to the other (Fisher's exact test)."))  # fmt: skip


def _grid(found: Grid, here: dict[str, str], *, several: bool) -> None:
    heads = [_("Power item"), *([_("Community")] if several else []), *(source.label for source in Source)]
    rows: list[list[tables.Cell]] = []
    for row in found.rows:
        cells: list[tables.Cell] = []
        for source in Source:
            n, query = row.spoke[source], here | {"item": row.power.id, "source": source.value}
            spoke = tables.Link(_("entries: {n}", n=n), "register", query)
            cells.append(spoke if n else tables.Mark(_silent(source, row.power)))
        rows.append([row.power.name, *([row.power.unit] if several else []), *cells])
    tables.table(heads, rows, blocks=True)


def _silent(source: Source, power: Power) -> str:
    """An empty cell: that it is silent, or looked at without a find, and what the viewer can do."""
    if source is Source.SELF and power.looked:
        return escape(_("looked at on {day}, nothing found", day=day(power.looked)))
    words, way = escape(_("silent")), _todo(source, power)
    mark = f"<span class='qy-muted'>○ {words}</span>"
    if way is None:
        return mark
    label, address, query = way
    target = escape(f"/{address}{'?' + urlencode(query) if query else ''}")
    return f"<span>{mark} <a href='{target}' target='_self'>{escape(label)}</a></span>"


def _todo(source: Source, power: Power) -> tuple[str, str, dict[str, str]] | None:
    actor = gate.actor()
    if source is Source.SELF:
        if actor.may(Permission.FLAG_INSPECT):
            return _("self-inspect it"), "inspect", {}
        return (_("see to it in a round"), "rounds", {}) if actor.may(Permission.ROUND_OPEN) else None
    if source is Source.SUPERIOR and actor.may(Permission.FLAG_RAISE):
        return _("raise a point"), "raise", {"unit": power.unit_id, "item": power.name}
    if source is Source.RESIDENT and (actor.may(Permission.FLAG_RECORD) or actor.may(Permission.FLAG_RAISE)):
        return _("hang up its notice"), f"n/{power.unit_code}", {"item": power.id}
    return None


def _pair(pair: Pair) -> str:
    table = pair.items
    one, other = table.both + table.first, table.both + table.second
    if not one or not other:
        silent = pair.first if not one else pair.second
        return _("Nothing has been heard from {voice} on any power item, so nothing can be compared.",
                 voice=aims.who(silent))  # fmt: skip
    low, high = table.usual
    told = _("Of {n} power items, {first} spoke about {a} and {second} about {b}, both about {both}. By chance it "
             "would be {low} to {high}.", first=aims.who(pair.first), second=aims.who(pair.second), a=one, b=other,
             n=table.whole, both=table.both, low=low, high=high)  # fmt: skip
    if table.chance > RARE:
        return told + _(" So this may be chance.")
    more = table.both * table.whole > one * other
    return told + (_(" They look at the same matters.") if more else _(" They look at different matters."))
