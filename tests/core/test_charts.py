"""The rows of every chart, held against a recount from the raw rows by plain loops."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import insert, text

from core.access import RESIDENT
from core.entries import register
from core.errors import Denied
from core.insight import figures, outcomes, pace, timely, trends, yearly
from core.prevention import tasks
from core.text import by_name
from core.turning import START
from core.words import RatingStage
from db import tables
from db.tables import openly, vouching
from db.tables.round_tables import versions_
from tests.core.insight.test_figures import COMMUNITIES, DIMENSIONS, LEVELS, SEES, VIEWERS, VOICES
from tests.makers import Place

pytestmark = pytest.mark.figures

OPEN = ("unrated", "rated", "announced", "filed", "controlled", "verifying", "reopened")
STATES = (*OPEN, "closed", "archived")
RESULTS = ("effective", "partly", "ineffective", "unclear")
CLASSES = ("party", "affairs", "finance")
SOLVED = ("city", "department", "local", "deliberation", None)
EMPTIED = (
    "recusals", "links", "supports", "second_looks", "assessments", "progress", "measures", "versions", "dues",
    "subjects", "risks", "flags",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    voice: str
    sealed: bool
    recused: str | None
    linked: bool
    raised: int
    decided: int | None
    marks: tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class Written:
    community: str
    dimension: str
    levels: tuple[str | None, str | None, str | None]
    solved: str | None
    history: dict[int, tuple[str, str | None]]
    withdrawn: bool
    flags: tuple[Said, ...]
    measures: tuple[tuple[int, int | None, str | None], ...]
    looks: tuple[tuple[int, str | None], ...]
    rated: tuple[int, ...]
    joined: tuple[int, ...]


past, hours = some.integers(-400, 0), some.integers(-9000, 0)
level = some.sampled_from(LEVELS)
mark = some.one_of(some.none(), some.integers(1, 5))
said = some.builds(
    Said, some.sampled_from((*VOICES, "resident", "resident")), some.booleans(),
    some.sampled_from((None, None, *VIEWERS)), some.booleans(), past, some.one_of(some.none(), past),
    some.tuples(mark, mark, mark),
)  # fmt: skip
entries = some.lists(
    some.builds(
        Written, some.sampled_from(COMMUNITIES), some.sampled_from(DIMENSIONS), some.tuples(level, level, level),
        some.sampled_from(SOLVED),
        some.dictionaries(past, some.tuples(some.sampled_from(STATES), level), min_size=1, max_size=5),
        some.booleans(), some.lists(said, max_size=4).map(tuple),
        some.lists(
            some.tuples(some.integers(-90, 60), some.one_of(some.none(), past), some.sampled_from(("relief", None))),
            max_size=3,
        ).map(tuple),
        some.lists(some.tuples(some.integers(-60, 60), some.sampled_from((None, *RESULTS))), max_size=3).map(tuple),
        some.lists(hours, max_size=3).map(tuple), some.lists(past, max_size=2).map(tuple),
    ),
    max_size=6,
)  # fmt: skip
dues = some.lists(
    some.tuples(
        some.sampled_from(COMMUNITIES), some.sampled_from(CLASSES), some.integers(-400, 30),
        some.one_of(some.none(), past),
    ),
    max_size=6,
)  # fmt: skip


@pytest.mark.costly
@given(written=entries, owed=dues, viewer=some.sampled_from(VIEWERS), community=some.sampled_from((None, *COMMUNITIES)))
@settings(max_examples=settings().max_examples // 3, suppress_health_check=list(HealthCheck))
def test_every_row_of_every_chart_is_what_a_recount_of_the_rows_gives(
    place: Place, written: list[Written], owed: list[tuple[str, str, int, int | None]], viewer: str,
    community: str | None,
) -> None:  # fmt: skip
    write(place, written, owed)
    unit_id = place.units[community].id if community else None
    raw = Raw(place, viewer, community)
    shown = place.ask(viewer, figures.overview, unit_id)
    heats = {s.value: {(d.value, at): n for (d, at), n in cells.items() if n} for s, cells in shown.heats.items()}
    assert heats == raw.heats()
    assert {frozenset(map(str, voices)): n for voices, n in shown.overlap.items() if n} == raw.overlap()
    came = place.ask(viewer, pace.pace, unit_id)
    assert {r.status.value: (r.left, r.days, r.waiting, r.waited) for r in came.states} == raw.states()
    assert {r.source.value: (r.decided, r.days, r.waiting) for r in came.voices} == raw.waits()
    done = place.ask(viewer, timely.measures, unit_id)
    assert {r.post: (r.done.on_time, r.done.late, r.done.overdue) for r in done.posts} == raw.posts()
    assert {age.value: n for age, n in done.ages.items()} == raw.ages()
    public = place.ask(viewer, timely.disclosures, unit_id)
    assert {r.kind.value: (r.done.on_time, r.done.late, r.done.overdue) for r in public} == raw.disclosures()
    result = place.ask(viewer, outcomes.outcomes, unit_id)
    assert {at and at.value: n for at, n in result.solved.items() if n} == raw.solved()
    assert ({one.value: n for one, n in result.looks.items() if n}, result.looks_late) == raw.looks()
    assert [(str(one.count), one.mean) for one in result.opinions] == raw.opinions()
    assert [(on.day, on.counts) for on in place.ask(viewer, trends.levels, unit_id)] == raw.levels()
    worked = place.ask(viewer, trends.calendar, unit_id, 26)
    assert {day: n for day, n in worked.days.items() if n} == raw.days(min(worked.days))
    months = {m.first: {d.value: n for d, n in m.deeds.items() if n} for m in worked.months}
    assert {first: told for first, told in months.items() if told} == raw.months(worked.months[-1].first)


@pytest.mark.costly
@given(written=entries, viewer=some.sampled_from(VIEWERS), community=some.sampled_from((None, *COMMUNITIES)))
@settings(max_examples=settings().max_examples // 10, suppress_health_check=list(HealthCheck))
def test_every_count_leads_to_as_many_entries_or_measures(
    place: Place, written: list[Written], viewer: str, community: str | None
) -> None:
    write(place, written, [])
    unit_id = place.units[community].id if community else None
    one = Led(place, viewer, unit_id)
    found = place.ask(viewer, figures.overview, unit_id)
    for stage, name in ((RatingStage.INITIAL, "level"), (RatingStage.EXPECTED, "expected"),
                        (RatingStage.VERIFIED, "verified")):  # fmt: skip
        for (dimension, level), n in found.heats[stage].items():
            assert one.entries(**{"dimension": dimension.value, name: level}) == n
    for voices, n in found.overlap.items():
        assert one.entries(voices=",".join(voices)) == n
    for reached, n in found.stages.items():
        assert one.entries(status=",".join(figures.REACHED[reached])) == n
    for row in place.ask(viewer, pace.pace, unit_id).states:
        assert one.entries(status=row.status.value) == row.waiting
    came = place.ask(viewer, outcomes.outcomes, unit_id)
    for where, n in came.solved.items():
        assert one.entries(solved=where.value if where else "undecided") == n
    for result, n in came.looks.items():
        assert one.entries(look=result.value) == n
    done = place.ask(viewer, timely.measures, unit_id)
    for age, n in done.ages.items():
        assert one.measures(age=age) == n
    for post in done.posts:
        if post.post:
            assert one.measures(overdue=True, post=post.post) == post.done.overdue


@dataclass(frozen=True)
class Led:
    """Where the counts of a chart lead to, as the pages ask for it."""

    place: Place
    viewer: str
    unit_id: str | None

    def entries(self, **query: str) -> int:
        asked = {name: [value] for name, value in {"standing": "1", "unit": self.unit_id or "", **query}.items()}
        total: int = self.place.ask(self.viewer, yearly.register, register.from_query(asked, None)).total
        return total

    def measures(self, overdue: bool = False, **about: Any) -> int:
        wanted = tasks.About(self.unit_id, **about)
        total: int = self.place.ask(self.viewer, tasks.listed, None, overdue, START, wanted).total
        return total


def write(place: Place, written: list[Written], owed: list[tuple[str, str, int, int | None]]) -> None:
    """The rows of a random register, in the place of whatever was there."""
    with place.engine.begin() as rows:
        for table in EMPTIED:
            rows.execute(text(f"DELETE FROM {table}"))
        for n, entry in enumerate(written):
            _entry(place, rows, n, entry)
        for n, (community, kind, due, published) in enumerate(owed):
            unit, clerk = place.units[community].id, place.people["clerk"].person_id
            rows.execute(insert(openly.subjects_).values(
                id=f"s{n}", unit_id=unit, name="x", disclosure_class=kind, disclosure_when="monthly",
                counts_from=place.today, version_id=1,
            ))  # fmt: skip
            day = place.today + timedelta(days=due)
            rows.execute(insert(openly.dues_).values(
                id=f"d{n}", unit_id=unit, subject_id=f"s{n}", key="k", first=day, last=day, due_on=day,
                published_on=None if published is None else place.today + timedelta(days=published),
                published_by=None if published is None else clerk, version_id=1,
            ))  # fmt: skip


def _entry(place: Place, rows: Any, n: int, entry: Written) -> None:
    unit, clerk, other = (
        place.units[entry.community].id, place.people["clerk"].person_id, place.people["watchdog"].person_id
    )
    known = [(place.today + timedelta(days=at), *what) for at, what in sorted(entry.history.items())]
    status = "archived" if entry.withdrawn else known[-1][1]
    over = known[-1][0] if status in ("closed", "archived") and not entry.withdrawn else None
    first, expected, verified = entry.levels
    rows.execute(insert(tables.risks_).values(
        id=f"r{n}", unit_id=unit, number=n, title="", dimension=entry.dimension, risk_type="process", manifestation="",
        opened_on=known[0][0] - timedelta(days=n), status=status, level=first, expected_level=expected,
        verified_level=verified, resolve_level=entry.solved, disclosure_class="affairs", secret_reason="", wording="",
        closing_note="", closed_on=over, version_id=1,
        item_id=None,
    ))  # fmt: skip
    for day, state, at in known:
        fields = {"status": state, "level": at}
        rows.execute(insert(versions_).values(risk_id=f"r{n}", unit_id=unit, day=day, fields=fields, **fields))
    for k, flag in enumerate(entry.flags):
        _flag(place, rows, f"r{n}", f"f{n}-{k}", unit, flag)
    for k, (due, done, item) in enumerate(entry.measures):
        risk = f"r{n}" if k == 0 else f"r{n}-{k}"
        if k:  # each measure may be of an entry with another power item
            rows.execute(insert(tables.risks_).values(
                id=risk, unit_id=unit, number=1000 * n + 100 + k, title="", dimension=entry.dimension,
                risk_type="process", manifestation="", opened_on=place.today, status="unrated",
                disclosure_class="affairs", secret_reason="", wording="", closing_note="", version_id=1,
                item_id=place.items[item] if item else None,
            ))  # fmt: skip
        rows.execute(insert(tables.measures_).values(
            id=f"m{n}-{k}", unit_id=unit, risk_id=risk, text="", measure_type="rule", stage="prevention",
            actor_kind="party", owner_id=clerk, watchdog_id=other, starts_on=place.today, indicator="", status="doing",
            due_on=place.today + timedelta(days=due), percent=0, version_id=1,
            done_on=None if done is None else place.today + timedelta(days=done),
        ))  # fmt: skip
        for k_hours in entry.rated:
            rows.execute(insert(tables.progress).values(
                id=f"p{n}-{k}-{k_hours}-{_fresh()}", unit_id=unit, measure_id=f"m{n}-{k}", status="doing", percent=1,
                text="", said_by=clerk, said_at=place.now + timedelta(hours=k_hours),
            ))  # fmt: skip
    for k, (due, found) in enumerate(entry.looks):
        looked = place.today - timedelta(days=k) if found else None
        rows.execute(insert(vouching.second_looks).values(
            id=f"l{n}-{k}", unit_id=unit, risk_id=f"r{n}", n=k + 1, due_on=place.today + timedelta(days=due),
            result=found, note="", looked_by=other if found else None, looked_on=looked,
        ))  # fmt: skip
    for k, at in enumerate(entry.rated):
        rows.execute(insert(tables.assessments).values(
            id=f"a{n}-{k}", unit_id=unit, risk_id=f"r{n}", stage="initial", factors={}, overrides=[], computed="low",
            level="low", reason="", rated_by=other, rated_at=place.now + timedelta(hours=at), thresholds=1,
        ))  # fmt: skip
    for k, at in enumerate(entry.joined):
        rows.execute(insert(tables.supports_).values(
            id=f"j{n}-{k}", unit_id=unit, risk_id=f"r{n}", channel="web", said_on=place.today + timedelta(days=at)
        ))  # fmt: skip


_numbers: Iterator[int] = iter(range(10**9))


def _fresh() -> int:
    return next(_numbers)


def _flag(place: Place, rows: Any, risk: str, flag_id: str, unit: str, flag: Said) -> None:
    raised = place.today + timedelta(days=flag.raised)
    decided = None if flag.decided is None else max(raised, place.today + timedelta(days=flag.decided))
    response, solved, satisfied = flag.marks
    rows.execute(insert(tables.flags_).values(
        id=flag_id, unit_id=unit, source=flag.voice, channel="web", text="x", raised_on=raised, due_on=raised,
        status="merged" if decided else "new", reason="", sealed=flag.sealed, decided_on=decided, response=response,
        solved=solved, satisfied=satisfied, version_id=1,
    ))  # fmt: skip
    if flag.linked:
        rows.execute(insert(tables.links).values(
            id=f"k{flag_id}", unit_id=unit, flag_id=flag_id, risk_id=risk, before="new", linked_at=place.now,
            linked_by=place.people["watchdog"].person_id, reason="", undone_reason="",
        ))  # fmt: skip
    if flag.recused:
        rows.execute(insert(tables.recusals).values(
            id=f"c{flag_id}", unit_id=unit, flag_id=flag_id, person_id=place.people[flag.recused].person_id, reason=""
        ))  # fmt: skip


def _day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def _local(value: Any) -> date:
    """The day an instant has in China; SQLite gives it as text in UTC."""
    instant = datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
    return (instant.astimezone(UTC) + timedelta(hours=8)).date()


class Raw:
    """Every row there is, and the same figures by plain loops over them."""

    def __init__(self, place: Place, viewer: str, community: str | None) -> None:
        wanted = {place.units[key].id for key in SEES[viewer] if community in (None, key)}
        self.today, me = place.today, place.people[viewer].person_id
        with place.engine.connect() as rows:
            everything = {
                name: rows.execute(text(f"SELECT * FROM {name}")).all() for name in (*EMPTIED, "items", "posts")
            }
        recused = {row.flag_id for row in everything["recusals"] if row.person_id == me}
        self.all = {
            name: [row for row in found if row.unit_id in wanted or name in ("items", "posts")]
            for name, found in everything.items()
        }
        self.flags = [f for f in self.all["flags"] if not f.sealed and f.id not in recused]
        self.risks = [r for r in self.all["risks"] if r.status != "archived" or r.closed_on]
        self.standing = {r.id: r for r in self.risks}

    def heats(self) -> dict[str, Counter[tuple[str, str]]]:
        names = {"initial": "level", "expected": "expected_level", "verified": "verified_level"}
        return {
            stage: Counter((r.dimension, getattr(r, name) or "unrated") for r in self.risks)
            for stage, name in names.items()
        }

    def overlap(self) -> Counter[frozenset[str]]:
        source = {f.id: f.source for f in self.flags}
        voices: dict[str, set[str]] = {r.id: set() for r in self.risks}
        for link in self.all["links"]:
            if link.undone_at is None and link.flag_id in source and link.risk_id in voices:
                voices[link.risk_id].add(source[link.flag_id])
        for one in self.all["supports"]:
            if one.risk_id in voices:
                voices[one.risk_id].add("resident")
        return Counter(frozenset(found) for found in voices.values() if found)

    def history(self) -> Iterator[tuple[Any, list[tuple[date, dict[str, Any]]]]]:
        import json

        for r in self.all["risks"]:
            kept = [
                (_day(v.day), json.loads(v.fields) if isinstance(v.fields, str) else v.fields)
                for v in self.all["versions"] if v.risk_id == r.id
            ]  # fmt: skip
            if kept:
                yield r, sorted(kept, key=lambda one: one[0])

    def states(self) -> dict[str, tuple[int, float | None, int, float | None]]:
        left: dict[str, list[int]] = {state: [] for state in STATES}
        still: dict[str, list[int]] = {state: [] for state in STATES}
        for r, kept in self.history():
            if r.id not in self.standing:
                continue
            state, begun = kept[0][1]["status"], kept[0][0]
            begun = _day(r.opened_on) if state == "unrated" else begun
            for day, fields in kept[1:]:
                if fields["status"] != state:
                    left[state].append((day - begun).days)
                    state, begun = fields["status"], day
            still[state].append((self.today - begun).days)
        return {
            state: (
                len(left[state]), median(left[state]) if left[state] else None,
                sum(r.status == state for r in self.risks), median(still[state]) if still[state] else None,
            )
            for state in OPEN
        }  # fmt: skip

    def waits(self) -> dict[str, tuple[int | None, float | None, int | None]]:
        found: dict[str, tuple[int | None, float | None, int | None]] = {}
        for voice in VOICES:
            mine = [f for f in self.flags if f.source == voice]
            days = [(_day(f.decided_on) - _day(f.raised_on)).days for f in mine if f.decided_on]
            waiting = sum(f.status in ("new", "asked") for f in mine)
            if voice == "resident":
                found[voice] = (None, median(days) if len(days) >= 5 else None, None)
            else:
                found[voice] = (len(days), median(days) if days else None, waiting)
        return found

    def _timely(self, done: Any, due: Any) -> int | None:
        """0 in time, 1 late, 2 overdue, None not yet due."""
        if done:
            return 0 if _day(done) <= _day(due) else 1
        return 2 if _day(due) < self.today else None

    def posts(self) -> dict[str, tuple[int, ...]]:
        post_of = {i.id: next((p.name for p in self.all["posts"] if p.id == i.post_id), "") for i in self.all["items"]}
        found: dict[str, list[int]] = {}
        for m in self.all["measures"]:
            how = self._timely(m.done_on, m.due_on)
            if m.risk_id in self.standing and how is not None:
                post = post_of.get(self.standing[m.risk_id].item_id, "")
                found.setdefault(post, [0, 0, 0])[how] += 1
        return {post: tuple(counts) for post, counts in found.items()}

    def ages(self) -> dict[str, int]:
        found = dict.fromkeys(("long", "some", "few", "soon", "month", "later"), 0)
        for m in self.all["measures"]:
            if m.risk_id in self.standing and not m.done_on:
                left = (_day(m.due_on) - self.today).days
                age = (
                    "long" if left < -60 else "some" if left < -15 else "few" if left < 0 else "soon" if left < 8
                    else "month" if left < 31 else "later"
                )  # fmt: skip
                found[age] += 1
        return found

    def disclosures(self) -> dict[str, tuple[int, ...]]:
        kind = {s.id: s.disclosure_class for s in self.all["subjects"]}
        found: dict[str, list[int]] = {}
        for due in self.all["dues"]:
            if -365 <= (_day(due.due_on) - self.today).days <= 0:
                counts = found.setdefault(kind[due.subject_id], [0, 0, 0])
                how = self._timely(due.published_on, due.due_on)
                if how is not None:
                    counts[how] += 1
        return {name: tuple(counts) for name, counts in found.items()}

    def solved(self) -> Counter[str | None]:
        return Counter(r.resolve_level for r in self.risks)

    def looks(self) -> tuple[dict[str, int], int]:
        last: dict[str, tuple[int, str]] = {}
        late = 0
        for one in self.all["second_looks"]:
            if one.risk_id not in self.standing:
                continue
            if one.result:
                last[one.risk_id] = max(last.get(one.risk_id, (0, "")), (one.n, one.result))
            elif _day(one.due_on) < self.today and self.standing[one.risk_id].status == "closed":
                late += 1
        return dict(Counter(result for _n, result in last.values())), late

    def opinions(self) -> list[tuple[str, float | None]]:
        found = []
        for name in ("response", "solved", "satisfied"):
            cells: dict[str, list[int]] = {}
            for f in self.flags:
                if getattr(f, name) is not None:
                    cells.setdefault(f.unit_id, []).append(getattr(f, name))
            low = sum(max(1, len(given) // 5 * 5) for given in cells.values())
            high = sum(len(given) // 5 * 5 + 4 for given in cells.values())
            told = "0" if not cells else f"少于{high + 1}" if high < 5 else f"{low}–{high}"
            many = [mark for given in cells.values() if len(given) >= 5 for mark in given]
            found.append((told, round(sum(many) / len(many), 1) if many else None))
        return found

    def levels(self) -> list[tuple[date, dict[str, int]]]:
        ends, day = [], self.today
        for _n in range(12):
            ends.append(day)
            day = day.replace(day=1) - timedelta(days=1)
        first = min((kept[0][0] for r, kept in self.history() if any(
            f["status"] not in ("closed", "archived") for _d, f in kept)), default=self.today)  # fmt: skip
        return [(end, self._levels(end)) for end in reversed(ends) if end >= self._begun(first)]

    def _begun(self, first: date) -> date:
        starts = [
            day for _r, kept in self.history() for day, fields in kept if fields["status"] not in ("closed", "archived")
        ]
        return min(starts, default=first)

    def _levels(self, end: date) -> dict[str, int]:
        found = dict.fromkeys(("high", "medium", "low", "unrated"), 0)
        for _r, kept in self.history():
            known = [fields for day, fields in kept if day <= end]
            if known and known[-1]["status"] not in ("closed", "archived"):
                found[known[-1]["level"] or "unrated"] += 1
        return found

    def deeds(self) -> Iterator[tuple[str, date]]:
        yield from (("found", _day(f.raised_on)) for f in self.flags if f.source != "resident")
        yield from (("opened", _day(r.opened_on)) for r in self.risks)
        yield from (("rated", _local(a.rated_at)) for a in self.all["assessments"])
        yield from (("reported", _local(p.said_at)) for p in self.all["progress"])
        yield from (("closed", _day(r.closed_on)) for r in self.risks if r.closed_on)
        yield from (("looked", _day(one.looked_on)) for one in self.all["second_looks"] if one.looked_on)
        yield from (("disclosed", _day(d.published_on)) for d in self.all["dues"] if d.published_on)

    def days(self, first: date) -> Counter[date]:
        assert first.weekday() == 0
        return Counter(day for _deed, day in self.deeds() if first <= day <= self.today)

    def months(self, first: date) -> dict[date, dict[str, int]]:
        did: dict[date, Counter[str]] = {}
        for deed, day in self.deeds():
            if first <= day <= self.today:
                did.setdefault(day.replace(day=1), Counter())[deed] += 1
        return {month: dict(deeds) for month, deeds in did.items()}


def test_charts_are_for_offices_and_end_at_the_scope(place: Place) -> None:
    for question in (pace.pace, timely.measures, timely.disclosures, outcomes.outcomes, trends.levels, trends.calendar,
                     trends.years):  # fmt: skip
        place.ask("clerk", question)
        for nobody in ("system", "security", "auditor", RESIDENT):
            with pytest.raises(Denied):
                place.ask(nobody, question)


def test_a_median_is_the_middle_and_between_two_the_mean() -> None:
    assert pace.median([]) is None
    assert pace.median([(3, 1)]) == 3
    assert pace.median([(1, 1), (2, 1)]) == 1.5
    assert pace.median([(9, 1), (1, 2)]) == 1


@pytest.mark.parametrize(
    ("days", "age"),
    [(-61, "long"), (-60, "some"), (-16, "some"), (-15, "few"), (-1, "few"), (0, "soon"), (7, "soon"), (8, "month"),
     (30, "month"), (31, "later")],
)  # fmt: skip
def test_a_measure_is_as_old_as_its_day_is_away(days: int, age: str) -> None:
    assert timely.age(days) == age


def test_names_stand_as_a_chinese_list_has_them_by_sound_and_by_number_and_no_name_comes_last() -> None:
    names = ["2栋", "10栋", "安全专干", "第二网格", "第三网格", "第十网格", "第十二网格", "第二十网格", "民政专干", ""]
    assert sorted({*names}, key=by_name) == names


def test_few_opinions_are_not_told_nor_do_they_move_the_mean_of_several_communities() -> None:
    four, five = outcomes.marks(4, 4), outcomes.marks(5, 21)
    both = outcomes.Marks(*map(sum, zip(astuple(four), astuple(five), strict=True)))

    def told(given: outcomes.Marks) -> list[tuple[str, float | None]]:
        return [(one.count, one.mean) for one in outcomes.opinions(dict.fromkeys(outcomes.Rated, given))]

    assert [(one.count, one.mean) for one in outcomes.opinions({})] == [("0", None)] * 3
    assert told(four) == [("少于5", None)] * 3
    assert told(five) == [("5–9", 4.2)] * 3
    assert told(both) == [("6–13", 4.2)] * 3


def test_the_months_end_on_their_last_days_and_the_last_is_today() -> None:
    ends = trends.month_ends(date(2026, 3, 31))
    assert (len(ends), ends[0], ends[-2], ends[-1]) == (
        12, date(2025, 4, 30), date(2026, 2, 28), date(2026, 3, 31)
    )  # fmt: skip


def test_an_instant_counts_on_the_day_it_has_in_china(place: Place) -> None:
    write(place, [], [])
    late = datetime.combine(place.today - timedelta(days=1), time(16, 30), UTC)
    with place.engine.begin() as rows:
        rows.execute(insert(tables.risks_).values(
            id="r", unit_id=place.units["banyan"].id, number=1, title="", dimension=DIMENSIONS[0], risk_type="process",
            manifestation="", opened_on=place.today - timedelta(days=3), status="unrated", disclosure_class="affairs",
            secret_reason="", wording="", closing_note="", version_id=1,
        ))  # fmt: skip
        rows.execute(insert(tables.assessments).values(
            id="a", unit_id=place.units["banyan"].id, risk_id="r", stage="initial", factors={}, overrides=[],
            computed="low", level="low", reason="", rated_by=place.people["watchdog"].person_id, rated_at=late,
            thresholds=1,
        ))  # fmt: skip
    assert place.ask("clerk", trends.calendar).days[place.today] == 1
