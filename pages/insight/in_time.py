"""What is done in time: measures by post and by age, disclosures by class."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from core.insight import timely
from core.insight.figures import Punctuality
from core.insight.timely import Age, ClassCount, PostCount
from core.text import _
from core.words import DisclosureClass
from pages.ui import charts, figure, gate, shell, tables
from pages.ui.charts import Bar

Rows = Sequence[PostCount | ClassCount]


def measures(unit_id: str | None, note: str) -> None:
    found = gate.ask(timely.measures, unit_id)
    here = {"unit": unit_id} if unit_id else {}
    if found.posts:
        _posts(tables.page(found.posts, "posts:page"), timely.together(found.posts), note, here)
    else:
        st.info(_("No measure has been finished or has passed its day yet. The rate appears with the first one."))
    _ages(found.ages, note, here)


def _posts(posts: Sequence[PostCount], all_: Punctuality, note: str, here: dict[str, str]) -> None:
    due = all_.on_time + all_.late + all_.overdue
    sentence = _(
        "Of {due} measures whose result is known, {n} were done in time: {percent}%.", due=due, n=all_.on_time,
        percent=round(100 * (all_.rate or 0)),
    )  # fmt: skip
    head = figure.Head("posts", _("Measures in time, by post"), sentence, note)
    bars = _shares(posts, lambda row: row.post or _("No post yet"))
    rows: list[list[tables.Cell]] = [
        [row.post or _("No post yet"), row.done.on_time, row.done.late, _overdue(row, here)] for row in posts
    ]
    heads = [_("Post"), _("In time"), _("Late"), _("Overdue")]
    for bar in figure.section(head, partial(charts.bars, bars, most=100), heads, rows):
        post = posts[int(bar["key"])].post
        shell.go("measures", **here, view="all", **({"post": post} if post else {}))
    st.caption(_("The post is the one that answers for the power item of the entry. Posts stand by name."))


def _overdue(row: PostCount, here: dict[str, str]) -> tables.Cell:
    if not row.post:
        return row.done.overdue
    return tables.counted(row.done.overdue, "measures", **here, view="all", post=row.post, overdue="true")


def _shares(rows: Rows, word: Callable[[PostCount], str] | Callable[[ClassCount], str]) -> list[Bar]:
    bars = []
    for n, row in enumerate(rows):
        due = row.done.on_time + row.done.late + row.done.overdue
        percent = round(100 * (row.done.rate or 0))
        label = _("{n} of {due} · {percent}%", n=row.done.on_time, due=due, percent=percent)
        bars.append(Bar(str(n), word(row), percent, label))  # type: ignore[arg-type]
    return bars


def _ages(ages: dict[Age, int], note: str, here: dict[str, str]) -> None:
    total = sum(ages.values())
    if not total:
        st.info(_("No measure is open. Open ones stand here by how far away their day is."))
        return
    late = sum(n for age, n in ages.items() if age.overdue)
    sentence = _("Of {n} open measures, {late} are past their day.", n=total, late=late)
    head = figure.Head("ages", _("Open measures by their day"), sentence, note)
    bars = [Bar(age.value, age.label, n, str(n), second=not age.overdue) for age, n in ages.items()]
    rows: list[list[tables.Cell]] = [
        [age.label, tables.counted(n, "measures", **here, view="all", age=age.value)] for age, n in ages.items()
    ]
    heads = [_("Until its day"), _("Measures")]
    for bar in figure.section(head, partial(charts.bars, bars), heads, rows):
        shell.go("measures", **here, view="all", age=bar["key"])


def disclosures(unit_id: str | None, note: str) -> None:
    rows = gate.ask(timely.disclosures, unit_id)
    known = [row for row in rows if row.done.rate is not None]
    if not known:
        st.info(_("Nothing has fallen due for disclosure within a year. What the disclosure catalogue asks for is "
                  "counted here."))  # fmt: skip
        shell.link("disclosure", _("To the disclosures"))
        return
    all_ = timely.together(known)
    sentence = _(
        "Of {due} disclosures that fell due within a year, {n} were published in time: {percent}%. {missing} are still "
        "missing.", due=all_.on_time + all_.late + all_.overdue, n=all_.on_time,
        percent=round(100 * (all_.rate or 0)), missing=all_.overdue,
    )  # fmt: skip
    head = figure.Head("disclosures", _("Disclosures in time"), sentence, note)
    here = {"unit": unit_id} if unit_id else {}
    table: list[list[tables.Cell]] = [
        [row.kind.label, row.done.on_time, row.done.late,
         tables.counted(row.done.overdue, "disclosure", **here, view="late", **{"class": row.kind.value})]
        for row in known
    ]  # fmt: skip
    heads = [_("Class"), _("In time"), _("Late"), _("Missing")]
    bars = _shares(known, _class)
    for bar in figure.section(head, partial(charts.bars, bars, most=100), heads, table):
        row = known[int(bar["key"])]
        shell.go("disclosure", **here, view="late" if row.done.overdue else "done", **{"class": row.kind.value})


def _class(row: ClassCount) -> str:
    return DisclosureClass(row.kind).label
