"""The agreed rating of an entry, how far the voices lie apart, and what was said about it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core import dates
from core.entries import rating
from core.entries.entry import EntryRow
from core.entries.rating import RatingForm, computed
from core.insight import corroboration
from core.review.merging import Voice
from core.rows import AssessmentRow
from core.text import N_, _, day
from core.words import Factor, Level, Override, RatingStage
from pages.desk import entry_head
from pages.ui import gate, marks
from pages.ui.forms import Form

SPREAD = (N_("The voices agree."), N_("The voices are one level apart."), N_("The voices are two levels apart."))


def agreed(row: EntryRow, voices: Sequence[Voice]) -> None:
    """Levels over the life of the entry, the last decision with its factors, and the statements beside it."""
    assessments, statements = gate.ask(rating.ratings, row.id), gate.ask(rating.statements, row.id)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        st.subheader(_("Agreed rating"), anchor="rating")
        if not assessments:
            st.caption(_("No level has been decided yet. The four factors will stand here."))
        else:
            st.html(_levels(row))
            st.html("".join(_assessment(found) for found in _latest(assessments)))
        st.html(f"<p>{escape(_spread(voices))}</p>")
        _borne_out(row)
    with right:
        st.subheader(_("Who answers for it"))
        entry_head.people(row)
        st.subheader(_("Statements and objections"))
        if not statements:
            st.caption(_("Nobody has said anything about the rating. Whoever answers for the power item can."))
        for said in statements:
            kind = _("Objection") if said.objection else _("Statement")
            about = f"{kind} · {said.speaker} · {day(dates.today(said.said_at))}"
            st.html(f"<div class='qy-speech'>{marks.words(said.text)}<p class='qy-muted'>{escape(about)}</p></div>")


def _levels(row: EntryRow) -> str:
    shown = {
        RatingStage.INITIAL: row.level, RatingStage.EXPECTED: row.expected_level,
        RatingStage.VERIFIED: row.verified_level,
    }  # fmt: skip
    cells = [f"<li><b>{escape(stage.label)}</b>{marks.level_mark(level)}</li>" for stage, level in shown.items()]
    return f"<ul class='qy-facts'>{''.join(cells)}</ul>"


def _latest(assessments: Sequence[AssessmentRow]) -> list[AssessmentRow]:
    """The newest decision of each stage; earlier ones stand in the history."""
    newest: dict[RatingStage, AssessmentRow] = {}
    for found in assessments:
        newest.setdefault(found.stage, found)
    return list(newest.values())


def _assessment(found: AssessmentRow) -> str:
    factors = "".join(
        f"<li><b>{escape(Factor(name).label)}</b>{value}</li>"
        for name, value in sorted(found.factors.items(), key=lambda pair: list(Factor).index(Factor(pair[0])))
    )
    forced = "".join(f"<p>{escape(Override(o).label)} → {escape(Level.HIGH.label)}</p>" for o in found.overrides)
    total = _("{stage}: the factors add up to {n} and give “{computed}”; decided: “{level}”.", stage=found.stage,
              n=sum(found.factors.values()), computed=found.computed, level=found.level)  # fmt: skip
    why = _("Reason: {reason}", reason=found.reason) if found.reason else ""
    reason = f"<p>{escape(why)}</p>" if why else ""
    who = _("{name}, {day}", name=found.rater, day=dates.today(found.rated_at))
    return (
        f"<div class='qy-speech'><ul class='qy-facts'>{factors}</ul>{forced}<p>{escape(total)}</p>{reason}"
        f"<p class='qy-muted'>{escape(who)}</p></div>"
    )


def _spread(voices: Sequence[Voice]) -> str:
    """How far the voices' own ratings lie apart, in words."""
    levels = {v.source: Level(v.level) for v in voices if v.level and not v.undone_on}
    if len(levels) < 2:
        return _("Fewer than two voices gave a rating of their own, so there is nothing to compare.")
    return _(SPREAD[rating.spread(list(levels.values()))])


def _borne_out(row: EntryRow) -> None:
    """How well the entry is borne out, as information beside the level."""
    found = gate.ask(corroboration.corroboration, row.id)
    if found is None:
        return
    grounds = _(", ").join(dict.fromkeys(ground.label for ground in found.grounds))
    told = _("Corroboration: {strength} ({grounds}).", strength=found.strength, grounds=grounds or _("nothing else"))
    st.caption(told + " " + _("Worked out from the voices; it decides nothing."))


def form(row: EntryRow) -> bool:
    """The form of a decision, with the computed level shown as the factors are set; whether it was decided."""
    live = st.empty()
    stages = {stage: stage.label for stage in rating.stages(row.status)}
    start = {"stage": next(iter(stages))}
    drawn = Form(f"rate:{row.id}", RatingForm, options={"stage": stages}, start=start, columns=2)
    factors = {factor.value: drawn.fields[factor.value] for factor in Factor}
    if all(factors.values()):
        level = computed(factors, [str(o) for o in drawn.fields["overrides"]])
        give, total = _("The factors give"), _("sum {n} of 12", n=sum(factors.values()))
        live.html(f"<p>{give} {marks.level_mark(level)} <span class='qy-muted'>{total}</span></p>")
    else:
        live.caption(_("Set the four factors, and the computed level appears here."))
    return drawn.send(_("Decide the level"), rating.rate, row.id) is not None
