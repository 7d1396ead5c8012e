"""Findings: as few statements for many communities as for one, nothing hidden told, set aside and come back; and a
recount of the most important checks from the raw rows, which knows nothing of the program."""

import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook
from sqlalchemy import event, text

from core.access import RESIDENT
from core.consistency import findings
from core.consistency.checking import Severity
from core.consistency.findings import Putting, Wanted
from core.entries import entry, risks
from core.errors import Denied, Invalid, Missing, Stale
from core.formats.books import HEAD
from core.review import merging
from core.words import Level
from tests import makers
from tests.core.consistency.test_checks import BY_DEEDS, codes
from tests.makers import Place


@pytest.fixture
def kept(place: Place) -> Place:
    place.items["entry"], place.items["measure"] = makers.controlled(place)
    return place


def report(place: Place, who: str = "watchdog2", **wanted: Any) -> findings.Report:
    found: findings.Report = place.ask(who, findings.report, Wanted(**wanted))
    return found


def entries_of(place: Place) -> int:
    with place.engine.connect() as connection:
        return int(connection.execute(text("select count(*) from risks where status <> 'archived'")).scalar_one())


def _keys(place: Place, who: str = "watchdog2", **wanted: Any) -> dict[str, str]:
    return {one.finding.check.code: one.finding.key for one in report(place, who, **wanted).found}


def _putting(place: Place, days: int = 30) -> Putting:
    return Putting(reason="下月一并处理", until=place.today + timedelta(days=days))


def _aside(place: Place, key: str, who: str = "supervisor", days: int = 30) -> None:
    place.do(who, findings.set_aside, place.units["banyan"].id, key, _putting(place, days))


def test_a_finding_is_set_aside_until_a_day_and_comes_back_when_its_facts_change(kept: Place) -> None:
    BY_DEEDS["expected_above"](kept)
    key = _keys(kept)["expected_above"]
    for who in ("clerk", "discipline", "auditor", RESIDENT):
        with pytest.raises(Denied):
            kept.do(who, findings.set_aside, kept.units["banyan"].id, key, _putting(kept))
    with pytest.raises(Missing):
        kept.do("far_supervisor", findings.set_aside, kept.units["banyan"].id, key, _putting(kept))
    for days in (0, 367):
        with pytest.raises(Invalid):
            _aside(kept, key, days=days)
    _aside(kept, key)
    with pytest.raises(Stale):
        _aside(kept, key)
    assert "expected_above" not in codes(kept)
    [one] = report(kept, aside=True, rule="expected_above").found
    assert one.aside
    assert (one.aside.by, one.aside.reason) == ("孙立人", "下月一并处理")
    assert report(kept).aside == 1
    assert any("核对发现暂不处理" in line.what for line in kept.ask("clerk", entry.history, kept.items["entry"]))
    makers.rated(kept, kept.items["entry"], Level.LOW, "已经公开")  # other facts, another finding
    assert "expected_above" in codes(kept)
    makers.rated(kept, kept.items["entry"], Level.MEDIUM)
    assert "expected_above" not in codes(kept)
    kept.later(30)
    assert "expected_above" not in codes(kept)
    kept.later(1)
    assert "expected_above" in codes(kept)
    _aside(kept, key, days=5)
    [again] = report(kept, aside=True, rule="expected_above").found
    assert again.aside
    with pytest.raises(Denied):
        kept.do("clerk", findings.take_up, again.aside.id)
    kept.do("watchdog2", findings.take_up, again.aside.id)
    assert "expected_above" in codes(kept)
    with pytest.raises(Stale):
        kept.do("watchdog2", findings.take_up, again.aside.id)


def test_nobody_sets_aside_what_is_about_an_entry_they_answer_for_or_are_named_in(kept: Place) -> None:
    BY_DEEDS["watches_own"](kept)  # the watchdog holds the post now
    key = _keys(kept)["watches_own"]
    with pytest.raises(Denied):
        _aside(kept, key, "watchdog")
    _aside(kept, key, "watchdog2")
    BY_DEEDS["expected_above"](kept)
    BY_DEEDS["judged_by_named"](kept)  # the supervisor is named
    with pytest.raises(Stale):  # what rests on that voice they do not even find
        _aside(kept, _keys(kept)["voice_after_rating"], "supervisor")
    with pytest.raises(Denied):
        _aside(kept, _keys(kept)["expected_above"], "supervisor")


@pytest.mark.privacy
def test_what_rests_on_residents_words_is_told_to_who_may_read_them_alone(kept: Place) -> None:
    BY_DEEDS["part_named"](kept)
    assert {"part_named", "voice_after_rating"} <= codes(kept, "watchdog2")
    assert codes(kept, "secretary") == {"voice_after_rating"}
    assert codes(kept, "clerk") == set()  # who is named does not hear that voice at all
    BY_DEEDS["judged_by_named"](kept)
    assert "judged_by_named" in codes(kept, "watchdog2")
    assert "judged_by_named" not in codes(kept, "supervisor")


@pytest.mark.privacy
def test_who_is_a_relative_is_told_to_the_discipline_desk_alone(kept: Place) -> None:
    BY_DEEDS["judged_by_relative"](kept)
    assert "judged_by_relative" in codes(kept, "discipline")
    for who in ("supervisor", "watchdog", "watchdog2", "clerk", "secretary"):
        assert "judged_by_relative" not in codes(kept, who)
    makers.related(kept, "discipline", "watchdog2")
    assert "judged_by_relative" in codes(kept, "discipline")


def test_each_sees_the_communities_of_their_area_alone(kept: Place) -> None:
    BY_DEEDS["no_owner"](kept)
    assert report(kept, "supervisor").total == 2
    assert [row.unit for row in report(kept, "clerk").communities] == ["榕树社区"]
    assert report(kept, "far_supervisor").found == ()
    assert report(kept, "other_clerk", unit_id=kept.units["banyan"].id).communities == ()
    assert report(kept, "supervisor", unit_id=kept.units["street"].id).found == report(kept, "supervisor").found
    for nobody in ("auditor", "system", "security", RESIDENT):
        with pytest.raises(Denied):
            report(kept, nobody)  # type: ignore[arg-type]
    with pytest.raises(Missing):
        kept.ask("far_supervisor", findings.of_entry, kept.items["entry"])
    [own] = kept.ask("clerk", findings.of_entry, kept.items["entry"])
    assert own.finding.check.code == "no_owner"


def test_many_communities_are_checked_when_asked_for(kept: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    BY_DEEDS["no_owner"](kept)
    whole = report(kept, "supervisor")
    monkeypatch.setattr(findings, "AT_ONCE", 1)
    listed = report(kept, "supervisor")
    assert (listed.checked, listed.found, listed.counts, listed.total) == (False, (), {}, 2)
    assert [row.unit for row in listed.communities] == [row.unit for row in whole.communities]
    assert report(kept, "supervisor", now=True) == whole
    assert report(kept, "supervisor", unit_id=kept.units["banyan"].id).found == whole.found
    assert report(kept, "clerk").checked


def test_a_register_with_many_entries_is_checked_when_asked_for(kept: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    BY_DEEDS["no_owner"](kept)
    whole = report(kept, "clerk")
    monkeypatch.setattr(findings, "ENTRIES", entries_of(kept))
    assert report(kept, "clerk") == whole
    monkeypatch.setattr(findings, "ENTRIES", entries_of(kept) - 1)
    assert (report(kept, "clerk").checked, report(kept, "clerk").total) == (False, 1)
    assert report(kept, "clerk", now=True) == whole
    assert report(kept, "clerk", rule="no_owner").found == tuple(
        one for one in whole.found if one.finding.check.code == "no_owner"
    )


def test_the_filter_is_the_address_and_counts_stay_those_of_everything(kept: Place) -> None:
    for bring in ("no_owner", "expected_above", "full_not_asked"):
        BY_DEEDS[bring](kept)
    whole = report(kept)
    assert whole.counts == {Severity.WRONG: 0, Severity.GAP: 2, Severity.ODD: 1}
    assert [check.code for check, _n in whole.rules] == ["no_owner", "full_not_asked", "expected_above"]
    narrow = report(kept, severity=Severity.ODD)
    assert (narrow.counts, len(narrow.found)) == (whole.counts, 1)
    wanted = Wanted("u", Severity.GAP, "no_owner", True, 3, True)
    assert findings.from_query(findings.to_query(wanted)) == wanted
    assert findings.from_query({"severity": "x", "rule": "y", "page": "-1"}) == Wanted()


@pytest.mark.documents
def test_the_excel_file_holds_every_finding_and_no_formula(kept: Place) -> None:
    form = makers.entry_form(kept, "=HYPERLINK(救助名单)")
    kept.do("watchdog", risks.describe, kept.items["entry"], form)
    BY_DEEDS["no_owner"](kept)
    content = kept.ask("watchdog2", findings.sheet, Wanted())
    rows = [*load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=HEAD + 1, values_only=True)]
    assert len(rows) == len(report(kept).found)
    assert {row[4] for row in rows} == {"'=HYPERLINK(救助名单)"}
    assert {row[0] for row in rows} == {"须补齐", "须核实"}


def test_twenty_communities_take_as_many_statements_as_one(kept: Place) -> None:
    def statements(who: str) -> int:
        said: list[str] = []

        def heard(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            said.append(statement)

        event.listen(kept.engine, "before_cursor_execute", heard)
        report(kept, who)
        event.remove(kept.engine, "before_cursor_execute", heard)
        return len(said)

    makers.open_risk(kept, "盖章登记本没人记", "公章使用登记不全")
    makers.speak(kept, "社区章随便盖没人管", None, "river")
    [flag_id] = [row.id for row in makers.inbox(kept, "other_watchdog")]
    kept.do("other_watchdog", merging.open_entry, flag_id, makers.entry_form(kept, "用印登记不全", None))
    assert statements("watchdog2") == statements("supervisor") <= 22
    assert statements("clerk") < statements("watchdog2")  # what rests on residents' words is not even asked


# a recount from the raw rows


@dataclass(frozen=True)
class Written:
    """One entry of a random register; people by key, days from today."""

    state: str
    level: str | None
    expected: str | None
    decided: str | None
    computed: str
    reason: str
    item: str | None
    dimension: str
    owner: str | None
    watchdog: str | None
    title: int
    secret: bool
    public: bool
    measure: str | None
    file: int | None
    due: int
    voice: str | None
    sealed: bool
    recused: str | None
    later: bool


STATES = ("unrated", "rated", "announced", "filed", "controlled", "verifying", "closed", "reopened", "archived")
LEVELS = ("high", "medium", "low")
WHO = ("clerk", "secretary", "watchdog", "watchdog2")
written = some.builds(
    Written, some.sampled_from(STATES), some.sampled_from((None, *LEVELS)), some.sampled_from((None, *LEVELS)),
    some.sampled_from((None, *LEVELS)), some.sampled_from(LEVELS), some.sampled_from(("", "集中")),
    some.sampled_from((None, "relief", "seal")), some.sampled_from(("clean_affairs", "clean_politics")),
    some.sampled_from((None, *WHO)), some.sampled_from((None, *WHO)), some.integers(0, 2), some.booleans(),
    some.booleans(), some.sampled_from((None, "doing", "verified")), some.sampled_from((None, 0, 1)),
    some.integers(-3, 3), some.sampled_from((None, "relief", "seal", "none")), some.booleans(),
    some.sampled_from((None, "clerk", "watchdog2")), some.booleans(),
)  # fmt: skip
EVERYTHING = Written(
    "closed", "medium", "high", "low", "high", "", "relief", "clean_politics", None, None, 0, True, True, "doing", None,
    3, "seal", False, None, True,
)  # fmt: skip
RECOUNTED = (
    "no_owner", "no_watchdog", "watches_own", "level_without_reason", "level_not_rated", "expected_above",
    "voice_after_rating", "voice_other_item", "same_words", "item_missing", "dimension_differs", "secret_on_board",
    "verified_without_evidence", "measure_open_in_closed", "measure_after_limit", "evidence_reused",
    "clock_not_as_state",
)  # fmt: skip


@pytest.mark.figures
@given(entries=some.lists(written, max_size=6), viewer=some.sampled_from(("clerk", "watchdog2", "supervisor")))
@example(entries=[EVERYTHING, EVERYTHING], viewer="supervisor")
@settings(max_examples=settings().max_examples // 4, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_most_important_checks_find_what_a_recount_of_the_rows_finds(
    place: Place, entries: list[Written], viewer: str
) -> None:
    _write(place, entries)
    found = place.ask(viewer, findings.report, Wanted(unit_id=place.units["banyan"].id)).found
    told: dict[str, set[str]] = {code: set() for code in RECOUNTED}
    for one in found:
        if one.finding.check.code in told:
            told[one.finding.check.code].add(one.finding.subject)
    assert told == _recount(place, viewer)


def _write(place: Place, entries: list[Written]) -> None:
    """The rows of a random register, in the place of whatever was there."""
    people = {key: place.people[key].person_id for key in WHO}
    with place.engine.begin() as rows:
        for table in ("set_asides", "evidence", "recusals", "links", "measures", "assessments", "clocks",
                      "publications", "risks", "flags", "files"):  # fmt: skip
            rows.execute(text(f"DELETE FROM {table}"))
        for n, one in enumerate(entries):
            facts = {
                "id": f"risk{n}", "unit": place.units["banyan"].id, "n": n, "title": f"风险点{one.title}",
                "item": place.items[one.item] if one.item else None, "dimension": one.dimension, "day": place.today,
                "state": one.state, "level": one.level, "expected": one.expected, "owner": people.get(one.owner or ""),
                "watchdog": people.get(one.watchdog or ""), "class": "none" if one.secret else "affairs",
                "computed": one.computed, "decided": one.decided, "reason": one.reason, "who": people["watchdog2"],
                "at": place.now, "measure": one.measure, "due": place.today + timedelta(days=one.due), "no": False,
                "measure_id": f"measure{n}", "sha": f"sha{one.file}", "flag": f"flag{n}", "sealed": one.sealed,
                "flag_item": place.items.get(one.voice or ""), "later": place.now + timedelta(days=one.later),
                "clerk": people["clerk"], "recused": people.get(one.recused or ""),
            }  # fmt: skip
            for wanted, statement in _statements(one):
                if wanted:
                    rows.execute(text(statement), facts)


def _statements(one: Written) -> list[tuple[bool, str]]:
    return [
        (True, "INSERT INTO risks (id, unit_id, number, title, item_id, dimension, risk_type, opened_on, manifestation,"
               " status, level, expected_level, owner_id, watchdog_id, disclosure_class, secret_reason, wording,"
               " closing_note, version_id) VALUES (:id, :unit, :n, :title, :item, :dimension, 'process', :day, '',"
               " :state, :level, :expected, :owner, :watchdog, :class, '', '', '', 1)"),
        (one.decided is not None,
         "INSERT INTO assessments (id, unit_id, risk_id, stage, factors, overrides, computed, level, reason, rated_by,"
         " rated_at, thresholds) VALUES (:id, :unit, :id, 'initial', '{}', '[]', :computed, :decided, :reason, :who,"
         " :at, 1)"),
        (one.later, "INSERT INTO clocks (id, unit_id, risk_id, n, holder_id, how, started_on, due_on, reason, extended,"
                    " extension_reason) VALUES (:id, :unit, :id, 1, :unit, 'begun', :day, :day, '', 0, '')"),
        (one.public, "INSERT INTO publications (id, unit_id, number, item, wording, level, status, measures,"
                     " published_on) VALUES (:id, :unit, :n, '', '', :level, :state, '[]', :day)"),
        (one.measure is not None,
         "INSERT INTO measures (id, unit_id, risk_id, text, measure_type, stage, actor_kind, owner_id, watchdog_id,"
         " starts_on, due_on, indicator, status, percent, version_id) VALUES (:measure_id, :unit, :id, :title, 'rule',"
         " 'prevention', 'party', :clerk, :who, :day, :due, '', :measure, 0, 1)"),
        (one.measure is not None and one.file is not None,
         "INSERT INTO evidence (id, unit_id, measure_id, name, media_type, size, sha256, added_by, added_at) VALUES"
         " (:measure_id, :unit, :measure_id, '', '', 1, :sha, :clerk, :at)"),
        (one.voice is not None,
         "INSERT INTO flags (id, unit_id, source, channel, text, raised_on, due_on, item_id, status, reason, sealed,"
         " seal_confirmed, version_id) VALUES (:flag, :unit, 'resident', 'web', 'x', :day, :day, :flag_item, 'merged',"
         " '', :sealed, :no, 1)"),
        (one.voice is not None,
         "INSERT INTO links (id, unit_id, flag_id, risk_id, before, linked_by, linked_at, reason, founding,"
         " undone_reason) VALUES (:flag, :unit, :flag, :id, 'new', :who, :later, '', :no, '')"),
        (one.voice is not None and one.recused is not None,
         "INSERT INTO recusals (id, unit_id, flag_id, person_id, reason) VALUES (:flag, :unit, :flag, :recused, 'x')"),
    ]  # fmt: skip


def _recount(place: Place, viewer: str) -> dict[str, set[str]]:
    """The same by plain loops over every row, in the words of the pages of the checks."""
    tables = ("risks", "assessments", "clocks", "publications", "measures", "evidence", "flags", "links", "recusals",
              "items", "holdings")  # fmt: skip
    with place.engine.connect() as rows:
        kept = {table: rows.execute(text(f"SELECT * FROM {table}")).all() for table in tables}
    me, found = place.people[viewer].person_id, defaultdict[str, set[str]](set)
    away = {one.flag_id for one in kept["recusals"] if one.person_id == me}
    heard = {one.id: one for one in kept["flags"] if not one.sealed and one.id not in away}
    entries = {one.id: one for one in kept["risks"] if one.status != "archived"}
    items = {one.id: one for one in kept["items"]}
    board = {one.id for one in kept["publications"]}
    clocks = {one.risk_id: one for one in kept["clocks"] if one.ended_on is None}
    ratings = {one.risk_id: one for one in kept["assessments"] if one.risk_id in entries}
    for risk in entries.values():
        is_open, item, rating = risk.status != "closed", items.get(risk.item_id), ratings.get(risk.id)
        holding = {one.person_id for one in kept["holdings"]
                   if item and one.post_id == item.post_id and one.until is None}  # fmt: skip
        in_hand = risk.status in ("controlled", "verifying", "reopened")
        voices = [heard[one.flag_id] for one in kept["links"] if one.risk_id == risk.id and one.flag_id in heard]
        late = [one for one in kept["links"] if one.risk_id == risk.id and one.flag_id in heard and rating
                and str(one.linked_at) > str(rating.rated_at)]  # fmt: skip
        twins = [one for one in entries.values() if one.status != "closed" and one.title == risk.title]
        told = {
            "no_owner": in_hand and risk.owner_id is None and risk.level != "high",
            "no_watchdog": in_hand and risk.watchdog_id is None,
            "watches_own": is_open and risk.watchdog_id is not None
            and risk.watchdog_id in (*holding, risk.owner_id),
            "level_without_reason": rating is not None and rating.level != rating.computed and not rating.reason,
            "level_not_rated": risk.level != (rating.level if rating else None) or risk.expected_level is not None,
            "expected_above": risk.level is not None and risk.expected_level is not None
            and LEVELS.index(risk.expected_level) < LEVELS.index(risk.level),
            "voice_after_rating": is_open and risk.level is not None and bool(late),
            "voice_other_item": is_open and risk.item_id is not None and viewer != "clerk"
            and any(one.item_id not in (None, risk.item_id) for one in voices),
            "same_words": is_open and min(one.number for one in [*twins, risk]) < risk.number,
            "item_missing": is_open and risk.item_id is None and risk.status != "unrated",
            "dimension_differs": is_open and item is not None and item.dimension != risk.dimension,
            "secret_on_board": risk.id in board and risk.disclosure_class == "none",
            "clock_not_as_state": is_open != (risk.id in clocks),
        }  # fmt: skip
        for code, fits in told.items():
            if fits:
                found[code].add(risk.id)
    files = {(one.measure_id, one.sha256) for one in kept["evidence"]}
    first: dict[str, Any] = {}
    for one in sorted(kept["measures"], key=lambda one: (str(one.due_on), one.id)):
        risk = entries.get(one.risk_id)
        if risk is None:
            continue
        mine = {sha for measure, sha in files if measure == one.id}
        if one.status == "verified" and not mine:
            found["verified_without_evidence"].add(one.id)
        if one.status != "verified" and risk.status == "closed":
            found["measure_open_in_closed"].add(one.id)
        clock = clocks.get(risk.id)
        if one.status != "verified" and risk.status != "closed" and clock and str(one.due_on) > str(clock.due_on):
            found["measure_after_limit"].add(one.id)
        if any(sha in first for sha in mine):
            found["evidence_reused"].add(one.id)
        first |= dict.fromkeys(mine, one.id)
    return {code: found[code] for code in RECOUNTED}
