"""What came of it: second looks, where matters are solved, and what residents say of the answers."""

from functools import partial

import streamlit as st

from core.entries.register import UNDECIDED
from core.insight import outcomes
from core.insight.outcomes import Opinion, Outcomes
from core.text import _
from core.words import ResolveLevel
from pages.insight import levels
from pages.ui import charts, figure, gate, shell, tables
from pages.ui.charts import Bar


def show(unit_id: str | None, note: str) -> None:
    found = gate.ask(outcomes.outcomes, unit_id)
    if not sum(found.solved.values()):
        levels.teach()
        return
    here = {"unit": unit_id, "standing": "1"} if unit_id else {"standing": "1"}
    _looks(found, note, here)
    _solved(found.solved, note, here)
    _opinions(found.opinions, note, here)


def _looks(found: Outcomes, note: str, here: dict[str, str]) -> None:
    made = sum(found.looks.values())
    late = _("{n} second looks are past their day.", n=found.looks_late) if found.looks_late else ""
    if not made:
        st.subheader(_("What second looks found"))
        st.info(figure.joined(_("No second look has been made yet."), late))
        return
    best = next(iter(found.looks))
    sentence = _("Of {n} entries that were looked at again, {k} were found “{result}”.", n=made, k=found.looks[best],
                 result=best)  # fmt: skip
    head = figure.Head("looks", _("What second looks found"), figure.joined(sentence, late), note)
    bars = [Bar(result.value, result.label, n, str(n)) for result, n in found.looks.items()]
    rows: list[list[tables.Cell]] = [
        [result.label, tables.counted(n, "register", **here, look=result.value)] for result, n in found.looks.items()
    ]
    rows.append([_("Past their day"), tables.counted(found.looks_late, "looks", view="due")])
    for bar in figure.section(head, partial(charts.bars, bars), [_("Result"), _("Entries")], rows):
        shell.go("register", **here, look=bar["key"])


def _solved(solved: dict[ResolveLevel | None, int], note: str, here: dict[str, str]) -> None:
    total, open_ = sum(solved.values()), solved[None]
    said = {at: n for at, n in solved.items() if at}
    most = max(said, key=said.__getitem__)
    sentence = _("For none of {n} entries it is said where the matter is solved.", n=total) if open_ == total else _(
        "For {n} of {total} entries it is said where the matter is solved, most often “{where}”: {k}.",
        n=total - open_, total=total, where=most, k=solved[most],
    )  # fmt: skip
    head = figure.Head("solved", _("Where things get solved"), sentence, note)
    named = [(at.value if at else UNDECIDED, at.label if at else _("not decided yet"), n) for at, n in solved.items()]
    bars = [Bar(key, word, n, str(n), second=key == UNDECIDED) for key, word, n in named]
    rows: list[list[tables.Cell]] = [
        [word, tables.counted(n, "register", **here, solved=key)] for key, word, n in named
    ]
    heads = [_("Level it is solved at"), _("Entries")]
    for bar in figure.section(head, partial(charts.bars, bars), heads, rows):
        shell.go("register", **here, solved=bar["key"])


def _opinions(opinions: tuple[Opinion, ...], note: str, here: dict[str, str]) -> None:
    told = [
        _("“{question}”: {mean} of 5 on average.", question=one.kind, mean=one.mean)
        for one in opinions if one.mean is not None
    ]  # fmt: skip
    few = _("In no community have five residents or more rated an answer, so no mean is told yet.")
    sentence = figure.joined(*told) or few
    head = figure.Head("opinions", _("What residents say of the answers"), sentence, note)
    bars = [
        Bar(one.kind.value, one.kind.label, one.mean or 0, _of_five(one), second=one.mean is None) for one in opinions
    ]
    rows: list[list[tables.Cell]] = [
        [one.kind.label, one.count, "—" if one.mean is None else f"{one.mean:.1f}"] for one in opinions
    ]
    heads = [_("Question"), _("How many rated"), _("Mean of 1 to 5")]
    if figure.section(head, partial(charts.bars, bars, most=5), heads, rows):
        shell.go("register", **here, source="resident")


def _of_five(one: Opinion) -> str:
    return one.count if one.mean is None else _("{mean} · {n} rated", mean=f"{one.mean:.1f}", n=one.count)
