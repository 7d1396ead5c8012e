"""Figures of the register at a glance: where risks crowd, who saw them, how far they came, what is done in time."""

from collections.abc import Mapping

import streamlit as st

from core import dates, figures
from core.access import Permission
from core.figures import LEVELS, REACHED, Heard, Punctuality, Stage
from core.register import UNRATED
from core.text import _
from core.words import Dimension, Level, Source
from pages.insight import taking_part
from pages.ui import charts, gate, marks, shell, tables
from pages.ui.charts import Bar

actor = gate.require(Permission.OVERVIEW_READ)


def main() -> None:
    st.title(_("Overview"))
    unit_id = _choose_unit()
    found = gate.ask(figures.overview, unit_id)
    here = {"unit": unit_id} if unit_id else {}
    note = _("Source: integrity risk register · as of {day}", day=dates.today(dates.now()))
    if not found.total:
        _teach()
        taking_part.show(unit_id, note)
        return
    _crowds(found.heat, note, here)
    _voices(found.overlap, note, here)
    _stages(found.stages, found.heard, note, here)
    _measures(found.punctuality, note, here)
    taking_part.show(unit_id, note)


def _choose_unit() -> str | None:
    """The unit the figures are for; a choice only for whoever looks at several communities."""
    places = gate.ask(figures.places)
    if len([place for place in places if place.holds_register]) < 2:
        return None
    names = {place.id: place.trail for place in places}
    asked = st.query_params.get("unit")
    ids: list[str | None] = [None, *names]
    chosen = st.selectbox(
        _("Unit"), ids, index=ids.index(asked) if asked in names else 0, key="overview:unit",
        format_func=lambda unit_id: names[unit_id] if unit_id else _("Everything I look after"),
    )  # fmt: skip
    if chosen:
        st.query_params["unit"] = chosen
    else:
        st.query_params.pop("unit", None)
    return chosen


def _teach() -> None:
    st.info(
        _("The register is still empty. Figures appear here once the first flags of cadres, superiors and residents "
          "have been merged or opened as entries.")
    )  # fmt: skip
    if actor.may(Permission.INBOX_READ):
        shell.link("inbox", _("Go to the inbox"))
    elif actor.may(Permission.FLAG_INSPECT):
        shell.link("inspect", _("Start the self-inspection"))


def _crowds(heat: Mapping[tuple[Dimension, str], int], note: str, here: dict[str, str]) -> None:
    st.subheader(_("Where risks crowd"))
    if most := figures.crowded(heat):
        st.markdown(
            _("Most entries stand under “{dimension}”, level “{level}”: {n} of {total}.", dimension=most.dimension,
              level=_level(most.level), n=most.entries, total=most.total)
        )  # fmt: skip
    left, right = st.columns([3, 2], gap="medium")
    with left:
        for cell in charts.heat_map(heat, note, "overview:heat"):
            shell.go("register", **here, dimension=cell["dimension"], level=cell["level"])
    with right:
        rows = [
            [d.label, *(_count(heat[d, level], here, dimension=d.value, level=level) for level in LEVELS)]
            for d in charts.ranked(heat)
        ]
        tables.table([_("Dimension"), *map(_level, LEVELS)], rows)


def _voices(overlap: Mapping[frozenset[Source], int], note: str, here: dict[str, str]) -> None:
    st.subheader(_("Who saw it"))
    seen = figures.blind_spots(overlap)
    st.markdown(
        _("Of {total} entries, residents alone saw {residents}, cadres alone {cadres}, superiors alone {superiors}; "
          "all three saw {all}.", total=seen.total, residents=seen.only_residents, cadres=seen.only_cadres,
          superiors=seen.only_superiors, all=seen.all_three)
    )  # fmt: skip
    left, right = st.columns([3, 2], gap="medium")
    with left:
        for voices in charts.overlap(overlap, note, "overview:voices"):
            shell.go("register", **here, voices=voices["voices"])
    with right:
        ranked = sorted(overlap, key=lambda voices: -overlap[voices])
        rows = [
            [
                tables.Mark(marks.voices_mark(voices)), charts.voices_in_words(voices),
                _count(overlap[voices], here, voices=charts.voices_key(voices)),
            ]
            for voices in ranked
        ]  # fmt: skip
        tables.table([_("Voices"), _("Who spoke"), _("Entries")], rows)


def _stages(stages: Mapping[Stage, int], heard: Heard, note: str, here: dict[str, str]) -> None:
    st.subheader(_("How far they came"))
    if step := figures.held(stages):
        st.markdown(
            _("Most wait between “{stage}” and “{following}”: {n} entries.", stage=step.stage,
              following=step.following, n=step.waiting)
        )  # fmt: skip
    else:
        st.markdown(_("Every entry has been closed."))
    flags = _flags_in_words(heard)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows = [Bar("flags", _("Flags raised"), heard.at_least, flags, second=True)]
        rows += [Bar(stage.value, stage.label, n, str(n)) for stage, n in stages.items()]
        for bar in charts.bars(rows, note, "overview:stages"):
            _follow(bar["key"], here)
    with right:
        told = [(Source.SELF, str(heard.own)), (Source.SUPERIOR, str(heard.superior)),
                (Source.RESIDENT, str(heard.resident))]  # fmt: skip
        table: list[list[tables.Cell]] = [
            [_("Flags from {voice}", voice=source), n]
            for source, n in told
        ]
        table += [[stage.label, _count(n, here, status=_statuses(stage))] for stage, n in stages.items()]
        tables.table([_("Stage"), _("Count")], table)


def _flags_in_words(heard: Heard) -> str:
    rest = heard.own + heard.superior
    if not heard.resident.high:
        return str(rest)
    return _("{n}, and {residents} from residents", n=rest, residents=str(heard.resident))


def _follow(key: str, here: dict[str, str]) -> None:
    if key != "flags":
        shell.go("register", **here, status=_statuses(Stage(key)))
    if actor.may(Permission.INBOX_READ):
        shell.go("inbox")


def _measures(done: Punctuality, note: str, here: dict[str, str]) -> None:
    st.subheader(_("Measures in time"))
    if done.rate is None:
        st.info(_("No measure has been finished or has passed its day yet. The rate appears with the first one."))
        return
    due = done.on_time + done.late + done.overdue
    st.markdown(
        _("Of {due} measures whose result is known, {n} were done in time: {percent}%.", due=due, n=done.on_time,
          percent=round(100 * done.rate))
    )  # fmt: skip
    counts = {_("Done in time"): done.on_time, _("Done late"): done.late, _("Overdue, not done"): done.overdue}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        keys = ("on_time", "late", "overdue")
        rows = [Bar(key, word, n, str(n)) for key, (word, n) in zip(keys, counts.items(), strict=True)]
        for bar in charts.bars(rows, note, "overview:measures"):
            if bar["key"] == "overdue":
                shell.go("register", **here, overdue="1")
            else:
                shell.go("measures")
    with right:
        links: tuple[tuple[str, dict[str, str]], ...] = (
            ("measures", {}), ("measures", {}), ("register", here | {"overdue": "1"}),
        )  # fmt: skip
        table = [
            [word, tables.Link(n, address, query) if n else n]
            for (word, n), (address, query) in zip(counts.items(), links, strict=True)
        ]
        tables.table([_("Result"), _("Measures")], table)


def _level(level: str) -> str:
    return marks.level_words(Level(level) if level != UNRATED else None)


def _statuses(stage: Stage) -> str:
    return ",".join(status.value for status in REACHED[stage])


def _count(n: int, here: dict[str, str], **query: str) -> tables.Cell:
    """A count that leads to what it counts; nothing counted leads nowhere."""
    return tables.Link(n, "register", here | query) if n else n


main()
