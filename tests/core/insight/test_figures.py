"""The figures of the overview, held against a recount from the raw rows."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from core.access import RESIDENT
from core.errors import Denied
from core.insight import figures
from core.insight.figures import Heard, Stage
from core.privacy.small import Told, protected
from core.words import Source
from tests import makers
from tests.makers import Place
from tests.raw import Spoken, write_flag

COMMUNITIES = ("banyan", "river", "far")
VIEWERS = ("clerk", "watchdog", "supervisor", "far_supervisor", "discipline")
SEES = {
    "clerk": {"banyan"}, "watchdog": {"banyan"}, "supervisor": {"banyan", "river"}, "far_supervisor": {"far"},
    "discipline": {"banyan", "river"},
}  # fmt: skip
VOICES = ("self", "superior", "resident")
DIMENSIONS = ("clean_politics", "clean_affairs", "upright_cadres", "clean_customs", "efficient_service")
LEVELS = ("high", "medium", "low", None)
STATES = ("unrated", "rated", "announced", "filed", "controlled", "verifying", "closed", "reopened", "archived")


@dataclass(frozen=True)
class Promise:
    due: int
    done: int | None


@dataclass(frozen=True)
class Written:
    community: str
    dimension: str
    level: str | None
    state: str
    flags: tuple[Spoken, ...]
    measures: tuple[Promise, ...]


spoken = some.builds(
    Spoken, some.sampled_from(VOICES), some.none(), some.booleans(), some.sampled_from((None, *VIEWERS)),
    some.booleans(),
)
promises = some.builds(Promise, some.integers(-2, 2), some.one_of(some.none(), some.integers(-2, 2)))
registers = some.lists(
    some.builds(
        Written, some.sampled_from(COMMUNITIES), some.sampled_from(DIMENSIONS), some.sampled_from(LEVELS),
        some.sampled_from(STATES), some.lists(spoken, max_size=4).map(tuple),
        some.lists(promises, max_size=3).map(tuple),
    ),
    max_size=8,
)  # fmt: skip

EVERY_CASE = Written(
    "banyan", "clean_affairs", "high", "closed",
    (Spoken("resident", None, True, None, False), Spoken("self", None, False, "clerk", False),
     Spoken("superior", None, False, None, True), Spoken("resident", None, False, None, False)),
    (Promise(0, 0), Promise(-1, 0), Promise(0, None), Promise(-1, None)),
)  # fmt: skip


@given(written=registers, viewer=some.sampled_from(VIEWERS), community=some.sampled_from((None, *COMMUNITIES)))
@example(written=[EVERY_CASE], viewer="clerk", community=None)
@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_what_a_recount_of_the_rows_gives(
    place: Place, written: list[Written], viewer: str, community: str | None
) -> None:
    _write(place, written)
    unit_id = place.units[community].id if community else None
    shown = place.ask(viewer, figures.overview, unit_id)
    counted = _recount(place, viewer, community)
    assert {(d.value, level): n for (d, level), n in shown.heat.items() if n} == counted["heat"]
    assert {frozenset(map(str, voices)): n for voices, n in shown.overlap.items() if n} == counted["overlap"]
    assert {stage.value: n for stage, n in shown.stages.items()} == counted["stages"]
    assert (shown.heard.own, shown.heard.superior) == counted["heard"][:2]
    assert shown.heard.resident.low <= counted["heard"][2] <= shown.heard.resident.high
    assert shown.heard.resident == counted["told"]
    done = shown.punctuality
    assert (done.on_time, done.late, done.overdue) == counted["punctuality"]
    assert shown.total == counted["total"] == sum(shown.heat.values())


def _write(place: Place, written: list[Written]) -> None:
    """The rows of a random register, in the place of whatever was there."""
    today, clerk = place.today, place.people["clerk"].person_id
    with place.engine.begin() as rows:
        for table in ("recusals", "links", "measures", "risks", "flags"):
            rows.execute(text(f"DELETE FROM {table}"))
        for n, entry in enumerate(written):
            unit = place.units[entry.community].id
            rows.execute(
                text("INSERT INTO risks (id, unit_id, number, title, dimension, risk_type, opened_on, manifestation,"
                     " status, level, disclosure_class, secret_reason, wording, closing_note, version_id) VALUES"
                     " (:id, :unit, :n, '', :dimension, 'process', :day, '', :status, :level, 'affairs', '', '', '',"
                     " 1)"),
                {"id": f"risk{n}", "unit": unit, "n": n, "dimension": entry.dimension, "day": today,
                 "status": entry.state, "level": entry.level},
            )  # fmt: skip
            for k, flag in enumerate(entry.flags):
                write_flag(place, rows, f"risk{n}", f"flag{n}-{k}", unit, flag)
            for k, promise in enumerate(entry.measures):
                done = None if promise.done is None else today + timedelta(days=promise.done)
                rows.execute(
                    text("INSERT INTO measures (id, unit_id, risk_id, text, measure_type, stage, actor_kind, owner_id,"
                         " watchdog_id, starts_on, due_on, indicator, status, percent, done_on, version_id) VALUES"
                         " (:id, :unit, :risk, '', 'rule', 'prevention', 'party', :owner, :other, :day, :due, '',"
                         " 'doing', 0, :done, 1)"),
                    {"id": f"measure{n}-{k}", "unit": unit, "risk": f"risk{n}", "owner": clerk, "day": today,
                     "other": place.people["watchdog"].person_id, "due": today + timedelta(days=promise.due),
                     "done": done},
                )  # fmt: skip


def _recount(place: Place, viewer: str, community: str | None) -> dict[str, Any]:
    """The same figures by plain loops over every row there is."""
    wanted = {place.units[key].id for key in SEES[viewer] if community in (None, key)}
    me = place.people[viewer].person_id
    with place.engine.connect() as rows:
        risks, flags, links, measures, recusals = (
            rows.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("risks", "flags", "links", "measures", "recusals")
        )
    kept_away = {row.flag_id for row in recusals if row.person_id == me}
    heard = {f.id: f for f in flags if not f.sealed and f.id not in kept_away}
    here = [risk for risk in risks if risk.unit_id in wanted and risk.status != "archived"]
    voices = {
        risk.id: frozenset(
            heard[link.flag_id].source
            for link in links
            if link.risk_id == risk.id and link.undone_at is None and link.flag_id in heard
        )
        for risk in here
    }
    raised = Counter(flag.source for flag in heard.values() if flag.unit_id in wanted)
    cells = Counter(f.unit_id for f in heard.values() if f.unit_id in wanted and f.source == "resident")
    standing = {
        (heard[k.flag_id].unit_id, k.risk_id, heard[k.flag_id].level) for k in links
        if k.undone_at is None and k.flag_id in heard and heard[k.flag_id].source == "resident"
    }  # fmt: skip
    known = Counter(unit for unit, _risk, _level in standing)
    known |= Counter(set(cells))  # all flags come from one place by one way, and that alone is told of them
    steps = [known[unit] + (n - known[unit]) // 5 * 5 for unit, n in cells.items()]
    today = str(place.today)
    days = [(str(m.due_on), m.done_on and str(m.done_on)) for m in measures if m.unit_id in wanted]
    after = {
        "entered": STATES[:-1], "rated": STATES[1:-1],
        "filed": ("filed", "controlled", "verifying", "closed", "reopened"),
        "controlled": ("controlled", "verifying", "closed", "reopened"), "closed": ("closed",),
    }  # fmt: skip
    return {
        "heat": Counter((risk.dimension, risk.level or "unrated") for risk in here),
        "overlap": Counter(found for found in voices.values() if found),
        "stages": {stage: sum(risk.status in states for risk in here) for stage, states in after.items()},
        "heard": tuple(raised[voice] for voice in VOICES),
        "told": Told(sum(steps), sum(low + 4 for low in steps)),
        "punctuality": (
            sum(done is not None and done <= due for due, done in days),
            sum(done is not None and done > due for due, done in days),
            sum(done is None and due < today for due, done in days),
        ),
        "total": len(here),
    }


def test_the_overview_is_for_offices_and_ends_at_the_scope(place: Place) -> None:
    makers.open_risk(place)
    assert place.ask("clerk", figures.overview).total == 1
    assert place.ask("supervisor", figures.overview, place.units["banyan"].id).total == 1
    assert place.ask("far_supervisor", figures.overview).total == 0
    assert place.ask("far_supervisor", figures.overview, place.units["banyan"].id).total == 0
    for nobody in ("system", "security", "auditor", RESIDENT):
        with pytest.raises(Denied):
            place.ask(nobody, figures.overview)


def test_few_residents_flags_are_told_neither_alone_nor_by_a_sum() -> None:
    assert [protected(n) for n in (0, 1, 4, 5, 12)] == ["0", "少于5", "少于5", "5", "12"]
    assert Heard(3, 2, Told(1, 4)).at_least == 6
    assert Heard(3, 2, Told(5, 9)).at_least == 10


def test_the_sentences_rest_on_the_right_facts() -> None:
    cells = figures.heat([])
    assert figures.crowded(cells) is None
    cells[next(iter(cells))] = 2
    most = figures.crowded(cells)
    assert most
    assert (most.level, most.entries, most.total) == ("high", 2, 2)
    sets = figures.overlap([])
    sets[frozenset({Source.RESIDENT})], sets[frozenset(Source)] = 3, 1
    seen = figures.blind_spots(sets)
    assert (seen.only_residents, seen.only_cadres, seen.only_superiors, seen.all_three, seen.total) == (3, 0, 0, 1, 4)
    step = figures.held({
        Stage.ENTERED: 9, Stage.RATED: 7, Stage.FILED: 3, Stage.CONTROLLED: 3, Stage.CLOSED: 1,
    })  # fmt: skip
    assert step
    assert (step.stage, step.following, step.waiting) == (Stage.RATED, Stage.FILED, 4)
    assert figures.held(dict.fromkeys(Stage, 2)) is None
