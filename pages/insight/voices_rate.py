"""How far the voices' own ratings lie apart, who rates higher, and the most disputed entries."""

from functools import partial

import streamlit as st

from core.insight import disputes
from core.insight.blindspots import Asked
from core.insight.chance import RARE
from core.insight.disputes import Dispute, Leaning, Ratings
from core.text import _
from core.words import Source
from pages.insight import aims
from pages.ui import charts, figure, gate, marks, tables
from pages.ui.charts import Bar


def show(asked: Asked, _here: dict[str, str], note: str) -> None:
    found = gate.ask(disputes.ratings, asked)
    if not found.compared:
        st.info(_("No entry has been rated by two voices yet. Cadres rate in the self-inspection, superiors with their "
                  "points, and residents after their receipt if they like."))  # fmt: skip
        return
    agree, one, two = found.apart
    said = _("Of {n} entries that two voices or more rated, {agree} are rated alike, {one} lie one level apart and "
             "{two} two.", n=found.compared, agree=agree, one=one, two=two)  # fmt: skip
    st.markdown(said)
    words = (_("Rated alike"), _("One level apart"), _("Two levels apart"))
    counts = zip(words, found.apart, strict=True)
    bars = [Bar(str(step), word, count, str(count)) for step, (word, count) in enumerate(counts)]
    head = figure.Head("voices:apart", _("How they rate"), said, note)
    chosen = figure.pair(head, partial(charts.bars, bars), [_("Own ratings"), _("Entries")],
                         [[bar.word, int(bar.count)] for bar in bars])  # fmt: skip
    steps = {int(bar["key"]) for bar in chosen if bar["key"] != "0"}
    st.subheader(_("Who rates higher"))
    for leaning in found.leanings:
        st.markdown("- " + _leaning(leaning))
    if one or two:
        st.subheader(_("Most disputed"))
        _disputed(asked, found, steps)


def _leaning(lean: Leaning) -> str:
    first, second = aims.who(lean.first), aims.who(lean.second)
    n = lean.higher + lean.lower + lean.equal
    if not n:
        return _("No entry was rated by both {first} and {second}.", first=first, second=second)
    told = _("Of {n} entries that {first} and {second} both rated, {first} rated {higher} higher, {second} {lower}, "
             "and {equal} are alike.", first=first, second=second, n=n, higher=lean.higher, lower=lean.lower,
             equal=lean.equal)  # fmt: skip
    if lean.higher + lean.lower and lean.chance <= RARE:
        higher = first if lean.higher > lean.lower else second
        return told + _(" It is {voice} who rate higher, hardly by chance.", voice=higher)
    few = lean.higher != lean.lower
    return told + (_(" With so few this may be chance.") if few else _(" No direction can be told from this."))


def _disputed(asked: Asked, found: Ratings, steps: set[int]) -> None:
    """A page of the entries rated so many levels apart, where one is chosen; those two apart stand first."""
    wanted = steps if len(steps) == 1 else {1, 2}
    key = f"voices:disputed:{asked}:{wanted}"
    tables.choice(sum(found.apart[step] for step in wanted), key)
    if skip := tables.skipped(key) + (found.apart[2] if 2 not in wanted else 0):
        found = gate.ask(disputes.ratings, asked, skip)
    _table(tuple(one for one in found.disputed if one.spread in wanted))


def _table(found: tuple[Dispute, ...]) -> None:
    several = len({one.entry.unit_id for one in found}) > 1
    rows: list[list[tables.Cell]] = []
    for one in found:
        entry = one.entry
        title = _("No. {n} {title}", n=entry.number, title=entry.title)
        rows.append([
            tables.Link(title, "entry", {"id": entry.id}), *([entry.unit] if several else []),
            *(tables.Mark(marks.level_mark(one.said[s])) if s in one.said else "—" for s in Source),
            tables.Mark(marks.level_mark(entry.level)),
        ])  # fmt: skip
    heads = [_("Entry"), *([_("Community")] if several else []), *(s.label for s in Source), _("Agreed rating")]
    tables.table(heads, rows, blocks=True)
    st.caption(_("Each voice with the highest level it gave by itself. A difference is no mistake: it says where to "
                 "talk."))  # fmt: skip
