"""How often more than one voice is in the entries of a power item or a dimension, beside everywhere else."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from core.insight import blindspots
from core.insight.blindspots import Agreement, Asked, Verdict
from core.text import N_, _, literal
from core.words import Source
from pages.insight.voices_saw import between, teach
from pages.ui import charts, figure, gate, shell, tables

DRAWN = 12
"""Power items in the chart, those with most entries; all stand in the table."""
SHARE = N_("The share of entries with more than one voice; the bar is where the true share lies in 95 of 100 cases.")
"""What a chart says where it stands alone."""


def show(asked: Asked, here: dict[str, str], note: str) -> None:
    found = gate.ask(blindspots.agreement, asked)
    if not found.dimensions:
        teach()
        return
    st.markdown(_sentence(found.items))
    if len(found.dimensions) > 1:
        st.subheader(_("By dimension"))
        _places(_("Dimension"), found.dimensions, "dimension", here, note)
    if found.items:
        st.subheader(_("By power item"))
        _places(_("Power item"), found.items, "named", here, note)
    with st.expander(_("How this is worked out")):
        st.markdown(_(
            "The bar is where the true share lies in 95 of 100 cases (Clopper–Pearson). Each place is held against all "
            "others by Fisher's exact test, and the more places are compared the stricter it is (Holm). Below five "
            "entries nothing is said. It counts entries, never people: many residents who say the same are one voice."
        ))  # fmt: skip


def _sentence(items: Sequence[Agreement]) -> str:
    told = [one for one in items if one.verdict in (Verdict.MORE, Verdict.LESS)]
    if not told:
        return _("Differences between power items may all be chance: none is greater than what so few entries bring "
                 "about by themselves.")  # fmt: skip
    one = told[0]
    return _("“{item}”: more than one voice is in {part} of {whole} entries, elsewhere in {other} of {all}: {verdict}.",
             item=literal(one.name), part=one.several.part, whole=one.several.whole, other=one.elsewhere.part,
             all=one.elsewhere.whole, verdict=one.verdict)  # fmt: skip


def _places(head: str, found: Sequence[Agreement], kind: str, here: dict[str, str], note: str) -> None:
    """The places with enough entries drawn and in a table, the others folded."""
    enough = [one for one in found if one.several.whole >= blindspots.SOME]
    few = [one for one in found if one.several.whole < blindspots.SOME]
    if enough:
        title = _("{what} · {how}", what=_("Do they agree?"), how=_("By dimension") if kind == "dimension" else (
            _("By power item")))  # fmt: skip
        _chart(figure.Head(f"voices:agree:{kind}", title, _(SHARE), note), enough[:DRAWN], kind, here)
        _table(head, enough, kind, here)
    if few:
        words = _("{n} with fewer than {some} entries: too few to say anything", n=len(few), some=blindspots.SOME)
        with st.expander(words):
            _table(head, few, kind, here, told=False)


def _chart(head: figure.Head, found: Sequence[Agreement], kind: str, here: dict[str, str]) -> None:
    rows = [
        charts.Range(
            one.key, one.name, one.several.part / one.several.whole, one.several.low, one.several.high,
            f"{one.several.part} / {one.several.whole}",
        )
        for one in found
    ]  # fmt: skip
    for chosen in figure.plot(partial(charts.ranges, rows), head.note, head.name):
        shell.go("register", **here | {kind: chosen["key"]})
    figure.save(head, lambda style: figure.framed(charts.ranges(rows, style), style))


def _table(head: str, found: Sequence[Agreement], kind: str, here: dict[str, str], *, told: bool = True) -> None:
    heads = [head, _("Entries"), *(s.label for s in Source), _("More than one voice")]
    heads += [_("With so few it may be"), _("Beside elsewhere")] if told else []
    rows: list[list[tables.Cell]] = []
    for one in tables.page(found, f"voices:agree:{kind}:{told}"):
        rows.append([
            one.name, tables.Link(one.several.whole, "register", here | {kind: one.key}),
            *(one.spoke[s] for s in Source), one.several.part,
            *([between(one.several), one.verdict.label] if told else []),
        ])  # fmt: skip
    tables.table(heads, rows)
