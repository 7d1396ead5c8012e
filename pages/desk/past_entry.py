"""One entry as it stood on a former day: its description, people, measures and ratings."""

from datetime import date
from html import escape
from typing import Any

import streamlit as st

from core.entries import between, versions
from core.entries.versions import Fields, Version
from core.text import _, day, literal
from core.words import Dimension, Level, MeasureStatus, MeasureType, RatingStage, RiskStatus, RiskType
from pages.desk import past_between
from pages.ui import gate, marks, shell, tables


def show(version: Version, when: date) -> None:
    fields = version.fields
    st.subheader(_("No. {n} {title}", n=fields["number"], title=literal(fields["title"])))
    st.caption(_("As it stood at the end of {day}.", day=when))
    level = Level(fields["level"]) if fields["level"] else None
    voices = [source for source, n in fields["voices"].items() if n]
    st.html(
        f"<p>{marks.level_mark(level)} {marks.voices_mark(voices)} {escape(RiskStatus(fields['status']).label)}</p>"
    )
    if fields["manifestation"]:
        st.html(marks.words(fields["manifestation"]))
    tables.table([_("What"), _("As it stood")], [[what, said] for what, said in _facts(fields)])
    _measures(fields["measures"])
    _ratings(fields["ratings"])
    _since(version, when)
    _life(version)
    shell.link("entry", _("The entry as it is today") + " ›", id=version.risk_id)


def _facts(fields: Fields) -> list[tuple[str, str]]:
    levels = {"expected_level": _("Expected level"), "verified_level": _("Verified level")}
    days = {"opened_on": _("Opened"), "announced_on": _("On public notice since"), "filed_on": _("Filed on"),
            "closed_on": _("Closed on")}  # fmt: skip
    found = [
        (_("Power item"), fields["item"]), (_("Post"), fields["post"]),
        (_("Dimension"), Dimension(fields["dimension"]).label),
        (_("Kind of risk"), RiskType(fields["risk_type"]).label),
        (_("In charge"), fields["owner"]), (_("Leader in charge"), fields["leader"]),
        (_("Watches"), fields["watchdog"]),
        *[(word, marks.level_words(Level(fields[name]))) for name, word in levels.items() if fields[name]],
        *[(word, day(date.fromisoformat(fields[name]))) for name, word in days.items() if fields[name]],
    ]  # fmt: skip
    return [(what, said) for what, said in found if said]


def _measures(measures: list[dict[str, Any]]) -> None:
    if not measures:
        return
    tables.table(
        [_("Measure"), _("Kind of measure"), _("Owner"), _("Verifier"), _("Due"), _("State"), _("Progress")],
        [
            [m["text"], MeasureType(m["measure_type"]).label, m["owner"], m["watchdog"],
             day(date.fromisoformat(m["due_on"])), MeasureStatus(m["status"]).label, f"{m['percent']}%"]
            for m in measures
        ],
        caption=_("Measures"),
    )  # fmt: skip


def _ratings(ratings: list[dict[str, Any]]) -> None:
    if not ratings:
        return
    tables.table(
        [_("On"), _("Which level"), _("Level decided"), _("Reason"), _("Rated by")],
        [
            [day(date.fromisoformat(r["on"])), RatingStage(r["stage"]).label, marks.level_words(Level(r["level"])),
             r["reason"] or "—", r["rater"]]
            for r in reversed(ratings)
        ],
        caption=_("Levels as they were decided"),
    )  # fmt: skip


def _since(version: Version, when: date) -> None:
    """What became different about the entry between another day and this one."""
    st.subheader(_("What became different"))
    first = past_between.since(when)
    said = gate.ask(between.of_entry, version.risk_id, first, when)
    if not said:
        st.caption(_("Nothing became different between the two days."))
        return
    st.html("".join(f"<p>{escape(sentence)}</p>" for sentence in said))


def _life(version: Version) -> None:
    """What became different day by day, up to today."""
    chapters = gate.ask(versions.life, version.risk_id)
    if not chapters:
        return
    with st.expander(_("What became different, day by day")):
        shown = tables.page(chapters, f"life:{version.risk_id}")
        tables.table([_("Day"), _("What became different")], [[day(c.day), "；".join(c.said)] for c in shown])
