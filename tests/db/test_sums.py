"""Sums that are kept say what counting everything says, to everybody, whatever happened before and since."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from core.access import Permission, Scope
from core.errors import Refused
from core.insight import blindspots, disputes, figures, outcomes, participation, silence, timely, trends
from core.insight.blindspots import ALWAYS, Asked, Sight
from core.organisation import units
from core.organisation.units import NewUnit, Unit, line
from core.store import Work
from core.voices import sealing
from core.words import Dimension
from db import jobs
from db.engine import connect
from db.questions import summing
from db.questions import sums as keeping
from db.questions.parts import part_of
from db.questions.summing import Counts, Sum, These, Where
from db.questions.sums import Sums
from db.sweeping import sweep
from db.tables import summed, sums
from tests import makers
from tests.hidden import HAPPENED, HIDING, lived
from tests.makers import Place, copy_of

VIEWERS = ("supervisor", "watchdog", "clerk")
PLACES = ("street", "banyan", "river")


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small place keeps sums as a large site does."""
    monkeypatch.setattr(keeping, "FEW", 0)


@pytest.fixture
def other() -> Iterator[Engine]:
    engine = connect("sqlite://")
    yield engine
    engine.dispose()


def keep(place: Place) -> None:
    sweep(place.engine, [jobs.SUMS], now=lambda: place.now)


def answers(work: Work, where: str | None, skip: int) -> list[object]:
    """What pages show of all this, a page of each list among it."""
    asked = Asked(unit_id=where)
    scope, sight = work.actor.require(Permission.OVERVIEW_READ), Sight(where, "", None, None, None, None)
    silent = work.store.silent(scope, sight, work.today.min, ALWAYS, 2, skip)
    rated = work.store.rated(scope, sight, 2, skip)
    return [
        participation.participation(work, where), figures.overview(work, where), figures.levels(work, where),
        figures.crowding(work, where),
        blindspots.who_saw(work, asked),
        blindspots.agreement(work, asked), blindspots.agreement(work, Asked(where, None, Dimension.CLEAN_AFFAIRS)),
        silence.grid(work, asked), disputes.ratings(work, asked), timely.measures(work, where),
        timely.disclosures(work, where), outcomes.outcomes(work, where), trends.levels(work, where),
        *(trends.calendar(work, where, weeks) for weeks in trends.WEEKS), silent.counts, list(silent.page.items()),
        sorted(map(str, rated.counts)), rated.page,
    ]  # fmt: skip


def held(place: Place, monkeypatch: pytest.MonkeyPatch, skip: int = 0, turn: int = 0) -> None:
    """Viewers are told with what is kept what they are told without it, each about everything and one place more."""
    for n, who in enumerate(VIEWERS):
        for name in (None, PLACES[(turn + n) % len(PLACES)]):
            where = place.units[name].id if name else None
            with_sums = place.ask(who, answers, where, skip)
            with monkeypatch.context() as without:
                without.setattr(summing.Summing, "_areas", lambda *_args: [])
                assert place.ask(who, answers, where, skip) == with_sums, (who, name)


STEPS = st.one_of(
    st.sampled_from(sorted(HAPPENED)), st.sampled_from(sorted(HIDING)), st.sampled_from(["keep", "later"])
)


@pytest.mark.costly
@settings(max_examples=6, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=1, max_size=7), skip=st.integers(0, 3))
def test_whatever_happens_kept_sums_say_what_counting_says(
    made: Place, other: Engine, monkeypatch: pytest.MonkeyPatch, steps: list[str], skip: int
) -> None:
    place = lived(copy_of(made, other), [])
    keep(place)
    for n, step in enumerate(steps, start=1):
        if step == "keep":
            keep(place)
        elif step == "later":
            place.later(n)
        elif step in HAPPENED:
            with suppress(Refused, StopIteration):
                HAPPENED[step](place, n)
        else:
            HIDING[step](place)
    held(place, monkeypatch, skip, len(steps))
    keep(place)
    held(place, monkeypatch, skip, len(steps) + 1)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Where]:
    """Of which places something was counted rather than looked up."""
    found: list[Where] = []
    count = Sum.counted

    def noted(self: Sum, store: object, scope: Scope, where: Where, today: date) -> Counts:
        found.append(where)
        return count(self, store, scope, where, today)

    monkeypatch.setattr(Sum, "counted", noted)
    return found


def test_only_communities_where_something_happened_since_are_counted(place: Place, counted: list[Where]) -> None:
    makers.open_risk(place)
    place.ask("supervisor", figures.overview)
    assert counted == [None, None]
    keep(place)
    counted.clear()
    before = place.ask("supervisor", figures.overview)
    assert counted == []
    makers.speak(place, "门口的灯坏了", None, "river")
    after = place.ask("supervisor", figures.overview)
    assert {where.ids for where in counted if isinstance(where, These)} == {(place.units["river"].id,)}
    assert len(counted) == 2
    assert after.heard.resident.high > before.heard.resident.high


def test_on_another_day_what_depends_on_it_is_counted_until_it_is_kept_anew(
    place: Place, counted: list[Where]
) -> None:
    makers.controlled(place, "救助名单公开不及时", "低保名单没见贴出来")
    keep(place)
    place.later(1)
    counted.clear()
    place.ask("supervisor", outcomes.outcomes)
    assert len(counted) == 1
    keep(place)
    counted.clear()
    place.ask("supervisor", outcomes.outcomes)
    assert counted == []


def test_a_community_with_words_about_the_viewer_is_counted_for_them_alone(
    place: Place, counted: list[Where]
) -> None:
    HIDING["names supervisor"](lived(place, []))
    keep(place)
    counted.clear()
    place.ask("supervisor", blindspots.who_saw, Asked())
    assert [where.ids for where in counted if isinstance(where, These)] == [(place.units["banyan"].id,)]
    counted.clear()
    place.ask("discipline", blindspots.who_saw, Asked())
    assert counted == []


def test_what_was_sealed_since_and_who_may_know_of_it_is_counted(
    place: Place, counted: list[Where], monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.speak(place, "门口的灯坏了", None)
    [row] = makers.inbox(place)
    keep(place)
    place.do("watchdog", sealing.seal, row.id, "像举报")
    assert place.ask("supervisor", figures.overview).heard.resident.high == 0
    keep(place)
    held(place, monkeypatch)
    desk = Scope((place.units["street"].path,), place.people["discipline"].person_id, sealed=True)
    counted.clear()
    entries, heard = place.ask("discipline", lambda work: work.store.voices_counted(desk, None, work.today))
    assert (counted, entries) == ([None], [])
    assert heard.resident.low == 1


@pytest.mark.parametrize("lot", [1, 3, 20])
def test_all_communities_are_kept_however_many_go_into_one_step(
    place: Place, monkeypatch: pytest.MonkeyPatch, lot: int
) -> None:
    monkeypatch.setattr(jobs, "SUMMED", lot)
    assert not sweep(place.engine, [jobs.SUMS], now=lambda: place.now).faults
    with place.engine.connect() as rows:
        assert rows.scalar(select(func.count()).select_from(summed)) == 3


def test_a_place_that_is_added_or_closed_is_counted_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.speak(place, "门口的灯坏了", None, "building")
    keep(place)
    before = place.ask("supervisor", participation.participation).reached
    added = NewUnit(parent_id=place.units["grid"].id, kind="building", name="9栋")
    unit_id = place.do("system", units.add_unit, added)
    after = place.ask("supervisor", participation.participation).reached
    assert (after.places - before.places, after.silent - before.silent) == (1, 1)
    held(place, monkeypatch)
    place.do("system", units.close_unit, unit_id)
    assert place.ask("supervisor", participation.participation).reached == before


def test_a_small_site_keeps_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "FEW", 20)
    keep(place)
    with place.engine.connect() as rows:
        assert rows.scalar(select(func.count()).select_from(summed)) == 0


def test_what_somebody_wrote_into_a_sum_is_gone_the_next_day(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    makers.open_risk(place)
    keep(place)
    with place.engine.begin() as rows:
        rows.execute(update(sums).where(sums.c.question == "entries").values(rows=[]))
    assert sum(place.ask("supervisor", figures.crowding).values()) == 0
    place.later(1)
    keep(place)
    held(place, monkeypatch)


def test_what_was_kept_under_another_meaning_is_counted_and_kept_anew(
    place: Place, counted: list[Where], monkeypatch: pytest.MonkeyPatch
) -> None:
    makers.open_risk(place)
    keep(place)
    with monkeypatch.context() as later:
        later.setattr(Sums, "form", "another")
        counted.clear()
        place.ask("supervisor", figures.crowding)
        assert len(counted) == 1
        keep(place)
        counted.clear()
        place.ask("supervisor", figures.crowding)
        assert counted == []
        held(place, monkeypatch)


COUNTED = {
    "Flag", "Risk", "Link", "Measure", "Progress", "Assessment", "SecondLook", "Due", "Item", "Support", "Inspection",
    "Unit",
}  # fmt: skip


@pytest.mark.costly
def test_whatever_is_counted_changes_with_a_line_in_the_log_of_its_community(place: Place) -> None:
    """By which sums know that they are old."""
    seen: set[str] = set()
    grid = place.units["grid"]

    def home(one: object) -> str:
        if isinstance(one, Unit):  # of those that are added or closed here
            return line(grid.path)[-2] if grid.id in line(one.path) else one.id
        unit_id: str = one.unit_id  # type: ignore[attr-defined]
        return unit_id

    def note(session: Session, *_rest: object) -> None:
        changed = {one for one in (*session.new, *session.deleted, *session.dirty) if type(one).__name__ in COUNTED}
        seen.update(type(one).__name__ for one in changed)
        session.info.setdefault("counted", set()).update(map(home, changed))

    def hold(session: Session) -> None:
        chains = {chain.removesuffix(":residents") for chain in session.info.get("chains", ())}
        assert session.info.get("counted", set()) <= chains

    event.listen(Session, "before_flush", note)
    event.listen(Session, "before_commit", hold)
    try:
        lived(place, sorted(HAPPENED))
        for hide in HIDING.values():
            hide(place)
        added = NewUnit(parent_id=grid.id, kind="building", name="9栋")
        place.do("system", units.close_unit, place.do("system", units.add_unit, added))
        place.later(100)
        jobs.sweep(place.engine, now=lambda: place.now)
    finally:
        event.remove(Session, "before_flush", note)
        event.remove(Session, "before_commit", hold)
    assert seen >= {"Flag", "Risk", "Link", "Measure", "Assessment", "Support", "Unit"}


@given(
    lots=st.lists(st.dictionaries(st.integers(0, 3), st.integers(1, 4)), max_size=6),
    most=st.integers(0, 5), skip=st.integers(0, 30),
)  # fmt: skip
def test_a_page_lies_where_counts_say(lots: list[dict[int, int]], most: int, skip: int) -> None:
    """Rows of rank 3 are in no list; of the others each is told apart by its place in its community."""
    listed = [(rank, place, count) for place, lot in enumerate(lots) for rank, count in lot.items() if rank < 3]
    rows = [(rank, place, n) for rank, place, count in sorted(listed) for n in range(count)]
    kept_: Sequence[tuple[str, Counts]] = [
        (str(place), {(rank,): (count,) for rank, count in lot.items()}) for place, lot in enumerate(lots)
    ]
    part = part_of(kept_, lambda kind: kind[0] if kind[0] < 3 else None, most, skip)
    there = [row for row in rows if str(row[1]) in part.ids]
    assert there[part.skip : part.skip + most] == rows[skip : skip + most]
