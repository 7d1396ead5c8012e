"""What worked elsewhere, as it is read beside a common risk and beside the plan of a measure."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.insight import lessons
from core.insight.lessons import Lesson
from core.text import _, day
from pages.ui import gate, marks


def folded(group_id: str) -> None:
    """What worked in entries like those of a common risk; looked up when somebody opens it."""
    shown = st.expander(_("What worked elsewhere"), on_change="rerun", key=f"lessons:{group_id}")
    with shown:
        if shown.open:
            listed(gate.ask(lessons.for_common, group_id))


def listed(found: Sequence[Lesson]) -> None:
    """Each entry that something helped in: its wording, what was done, and what is known of the result."""
    if not found:
        st.caption(_("Nothing yet. An entry stands here once a second look finds that its measures work."))
        return
    for one in found:
        measures = "".join(f"<li>{escape(text)}</li>" for text in one.texts)
        levels = f"{marks.level_mark(one.of.before)} → {marks.level_mark(one.of.after)}" if one.of.after else ""
        st.html(
            f"<div class='qy-speech'><p>{escape(one.of.wording)}</p><ul>{measures}</ul>"
            f"<p>{levels} <span class='qy-muted'>{escape(_known(one))}</span></p></div>"
        )
    st.caption(_("From the public boards of other communities, without people. Whether it fits here is for you to "
                 "say."))  # fmt: skip


def _known(one: Lesson) -> str:
    """The evidence, in one line."""
    facts = [
        one.of.unit, one.of.item,
        _("second look on {day}: {result}", day=day(one.of.looked_on), result=one.of.result),
        _("{n} of {all} measures in time", n=one.on_time, all=one.done),
    ]  # fmt: skip
    if one.satisfied is not None:
        facts.append(_("residents' satisfaction {mean} of 5", mean=one.satisfied))
    return " · ".join(fact for fact in facts if fact)


def chips(found: Sequence[Lesson]) -> list[str]:
    """The measures of all lessons, each once."""
    return list(dict.fromkeys(text for one in found for text in one.texts))
