"""The consistency checks: each is brought about on a real site, and was silent before."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from core import items
from core.access import FOUNDER, RESIDENT
from core.alerts.rules import RULES
from core.consistency import findings
from core.consistency.checking import Comes, Severity, page
from core.consistency.checks import BY_CODE, CHECKS, way
from core.consistency.findings import Wanted
from core.entries import escalation, rating, risks
from core.evidence import Upload
from core.inspection import rounds
from core.ledgers import decisions, steps
from core.openness import subjects
from core.organisation import people, posts
from core.organisation.people import Assignment
from core.prevention import looking, measures
from core.review import merging
from core.voices import followup
from core.voices.flags import CadreFlag, Flag
from core.voices.points import PointForm
from core.words import (
    Answer,
    DecisionStep,
    Dimension,
    DisclosureClass,
    DisclosureWhen,
    Level,
    MeasureType,
    RatingStage,
    ReviewResult,
    Role,
)
from tests import makers
from tests.makers import Place


def codes(place: Place, who: str = "watchdog2") -> set[str]:
    found = place.ask(who, findings.report, Wanted(unit_id=place.units["banyan"].id)).found
    return {one.finding.check.code for one in found}


@pytest.fixture
def kept(place: Place) -> Place:
    """An entry under control in which nothing is wrong."""
    place.items["entry"], place.items["measure"] = makers.controlled(place)
    return place


def entry(place: Place) -> str:
    return place.items["entry"]


def _assign(place: Place, owner: str | None = "clerk", leader: str | None = "secretary",
            watchdog: str | None = "watchdog") -> None:  # fmt: skip
    ids = [place.people[key].person_id if key else None for key in (owner, leader, watchdog)]
    place.do("watchdog", risks.assign, entry(place), *ids)


def _revoke(place: Place, who: str, role: Role) -> None:
    person_id = place.people[who].person_id
    [held] = place.ask(FOUNDER, lambda work: [
        one.id for one in work.store.some(Assignment, work.actor.scope("role:grant"), person_id=person_id)
        if one.role is role
    ])  # fmt: skip
    place.do("security", people.revoke_role, held)


def _merged(place: Place, words: str, item: str | None = "relief", level: Level | None = None) -> None:
    code = makers.speak(place, words, item)
    if level:
        place.do(RESIDENT, followup.own_level, code, level)
    row = next(row for row in makers.inbox(place, "watchdog2") if row.text == words)
    place.do("watchdog2", merging.merge, row.id, entry(place))


def _described(place: Place, **changed: object) -> None:
    form = makers.entry_form(place).model_copy(update=changed)
    place.do("watchdog", risks.describe, entry(place), form)


def _item(place: Place, key: str = "relief", **changed: object) -> None:
    form = items.ItemForm(
        name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts["relief"],
        disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
    ).model_copy(update=changed)  # fmt: skip
    place.do("secretary", items.change_item, place.items[key], form)


def _closed(place: Place, owner: str = "clerk") -> None:
    makers.done(place, place.items["measure"])
    place.do(owner, risks.ask_closing, entry(place), "措施都落实了")
    place.do("watchdog", risks.close, entry(place))


def _rated(place: Place, level: Level, stage: RatingStage = RatingStage.INITIAL) -> None:
    form = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=level, reason="集中", stage=stage)
    place.do("supervisor", rating.rate, entry(place), form)


def _looked(place: Place, who: str = "watchdog2", level: Level = Level.HIGH) -> None:
    place.later(30)
    form = looking.LookForm(result=ReviewResult.PARTLY, verified_level=level, note="公开栏已经整理")
    place.do(who, looking.look, entry(place), form)


def _sql(place: Place, statement: str) -> None:
    with place.engine.begin() as rows:
        facts = {"risk": entry(place), "day": place.today, "who": place.people["watchdog"].person_id}
        rows.execute(text(statement), facts)


def _another(place: Place, level: Level = Level.MEDIUM) -> str:
    risk_id = makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.rated(place, risk_id, level, "集中")
    return risk_id


# what brings each check about


def part_left(place: Place) -> None:
    makers.make_person(place, "helper", "何帮忙", "banyan", Role.CADRE)
    _assign(place, owner="helper")
    _closed(place, "helper")
    place.do("system", people.close_account, place.people["helper"].person_id)
    place.do("watchdog2", risks.reopen, entry(place), "名单又停了")


def low_not_by_post(place: Place) -> None:
    _rated(place, Level.LOW)
    _assign(place, owner="secretary", leader=None)


def takes_post(place: Place) -> None:
    place.do("system", posts.take_post, place.posts["relief"], place.people["watchdog"].person_id)


def verified_by_concerned(place: Place) -> None:
    supervisor = place.people["supervisor"].person_id
    place.do("security", people.grant_role, supervisor, Role.CADRE, place.units["banyan"].id)
    _assign(place, leader="supervisor")
    place.do("clerk", measures.report, place.items["measure"], 60, "已整理名单")
    place.do("clerk", measures.ask_verification, place.items["measure"], "已张贴并拍照")
    place.do("supervisor", measures.verify, place.items["measure"], "属实")


def judged_by_relative(place: Place) -> None:
    makers.done(place, place.items["measure"])
    makers.related(place, "clerk", "watchdog")


def clock_without_desk(place: Place) -> None:
    place.do("watchdog", escalation.raise_up, entry(place), "社区解决不了")
    _revoke(place, "supervisor", Role.SUPERVISOR)


def verified_above_expected(place: Place) -> None:
    _rated(place, Level.LOW, RatingStage.EXPECTED)
    _closed(place)
    _looked(place)


def voices_rate_higher(place: Place) -> None:
    _merged(place, "名单贴得太晚了", level=Level.HIGH)
    point = PointForm(
        unit_ids=[place.units["banyan"].id], text="个别社区名单公开不全", power=3, discretion=3, probability=3, harm=3
    )
    place.do("supervisor", makers.points.raise_point, point)
    [flag] = place.ask("supervisor", lambda w: w.store.some(Flag, w.actor.scope("flag:raise"), text=point.text))
    place.do("supervisor", merging.merge, flag.id, entry(place))


def voices_far_apart(place: Place) -> None:
    _merged(place, "名单贴得太晚了", level=Level.HIGH)
    makers.opened_round(place)
    found = CadreFlag(text="初核时偶有材料不齐", power=1, discretion=1, probability=1, harm=1)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.FOUND, "", found)
    row = next(row for row in makers.inbox(place, "watchdog2") if row.text == found.text)
    place.do("watchdog2", merging.merge, row.id, entry(place))


def again_after_closing(place: Place) -> None:
    _closed(place)
    place.later(3)
    makers.speak(place, "名单这个月又没贴")


def filed_without_measure(place: Place) -> None:
    makers.filed(place, _another(place))
    place.later(31)


def evidence_reused(place: Place) -> None:
    other = makers.planned(place, entry(place), days=10)
    for measure_id in (place.items["measure"], other):
        place.do("clerk", measures.attach, measure_id, Upload("名单.pdf", b"%PDF-1.7 x"))


def only_education(place: Place) -> None:
    form = measures.MeasureForm(
        text="组织一次廉政提醒谈话", measure_type=MeasureType.EDUCATION, owner_id=place.people["clerk"].person_id or "",
        watchdog_id=place.people["watchdog"].person_id or "", starts_on=place.today, due_on=place.today,
    )  # fmt: skip
    place.do("supervisor", measures.plan, _another(place, Level.HIGH), form)


def measure_far_ahead(place: Place) -> None:
    _rated(place, Level.HIGH)
    makers.planned(place, entry(place), days=400)


def names_somebody(place: Place) -> None:
    notice = risks.Notice(wording="平安小区的公开栏更新不及时")
    place.do("watchdog", risks.announce, _another(place), notice)
    makers.make_person(place, "newcomer", "平安", "banyan", Role.CADRE)


def notice_run_out(place: Place) -> None:
    place.do("watchdog", risks.announce, _another(place), risks.Notice(wording="用印登记有时不全"))
    place.later(7 + 16)


def wording_outdated(place: Place) -> None:
    place.later(1)
    _described(place, manifestation="名单只贴了一天")


def steps_disordered(place: Place) -> None:
    form = decisions.DecisionForm(unit_id=place.units["banyan"].id, title="停车棚改造", item_id=None)
    decision_id = place.do("clerk", decisions.add, form)
    for step, back in ((DecisionStep.PROPOSED, 1), (DecisionStep.DISCUSSED, 5)):
        held = steps.StepForm(held_on=place.today - timedelta(days=back))
        place.do("clerk", steps.take, decision_id, step, held)


def listed_not_open(place: Place) -> None:
    place.do("clerk", subjects.fill, place.units["banyan"].id)
    _item(place, disclosure_class=DisclosureClass.NONE, disclosure_when=None)


def open_not_listed(place: Place) -> None:
    place.do("clerk", subjects.fill, place.units["banyan"].id)
    form = items.ItemForm(
        name="收支报账", dimension=Dimension.CLEAN_AFFAIRS, disclosure_class=DisclosureClass.FINANCE,
        disclosure_when=DisclosureWhen.MONTHLY,
    )  # fmt: skip
    place.do("secretary", items.add_item, place.units["banyan"].id, form)


def round_over(place: Place) -> None:
    makers.opened_round(place)
    place.later(60 + 16)


BY_DEEDS: dict[str, Callable[[Place], object]] = {
    "no_owner": lambda p: _assign(p, owner=None),
    "no_watchdog": lambda p: _assign(p, watchdog=None),
    "part_left": part_left,
    "doer_without_role": lambda p: _revoke(p, "clerk", Role.CADRE),
    "checker_without_role": lambda p: _revoke(p, "watchdog", Role.WATCHDOG),
    "low_not_by_post": low_not_by_post,
    "watches_own": takes_post,
    "verifies_own": takes_post,
    "verified_by_concerned": verified_by_concerned,
    "part_named": lambda p: _merged(p, "周小满管的低保名单从来没贴出来", None),
    "judged_by_named": lambda p: _merged(p, "孙立人来看过，名单还是没贴", None),
    "judged_by_relative": judged_by_relative,
    "clock_without_desk": clock_without_desk,
    "expected_above": lambda p: _rated(p, Level.HIGH, RatingStage.EXPECTED),
    "verified_above_expected": verified_above_expected,
    "voice_after_rating": lambda p: _merged(p, "名单贴得太高看不清"),
    "voices_rate_higher": voices_rate_higher,
    "voices_far_apart": voices_far_apart,
    "voice_other_item": lambda p: _merged(p, "盖章登记本没人记", "seal"),
    "signed_otherwise": lambda p: _described(p, title="救助对象名单公开不完整"),
    "same_words": lambda p: makers.open_risk(p, "名单没贴全", "救助对象名单公开不及时"),
    "again_after_closing": again_after_closing,
    "filed_without_measure": filed_without_measure,
    "verified_without_evidence": lambda p: makers.done(p, p.items["measure"]),
    "measure_after_limit": lambda p: makers.planned(p, entry(p), days=200),
    "full_not_asked": lambda p: p.do("clerk", measures.report, p.items["measure"], 100, "已做完"),
    "evidence_reused": evidence_reused,
    "measure_twice": lambda p: makers.planned(p, entry(p), days=10),
    "only_education": only_education,
    "high_without_indicator": lambda p: _rated(p, Level.HIGH),
    "measure_far_ahead": measure_far_ahead,
    "item_missing": lambda p: _described(p, item_id=None),
    "item_retired": lambda p: p.do("secretary", items.retire_item, p.items["relief"]),
    "item_without_post": lambda p: _item(p, post_id=None),
    "dimension_differs": lambda p: _described(p, dimension=Dimension.UPRIGHT_CADRES),
    "secret_item_public": lambda p: _item(p, disclosure_class=DisclosureClass.NONE, disclosure_when=None),
    "wording_outdated": wording_outdated,
    "board_differs": lambda p: _item(p, name="救助初核"),
    "wording_names_somebody": names_somebody,
    "notice_run_out": notice_run_out,
    "major_undecided": lambda p: _item(p, major=True),
    "steps_disordered": steps_disordered,
    "listed_not_open": listed_not_open,
    "open_not_listed": open_not_listed,
    "round_over": round_over,
}  # fmt: skip


def _sealed_look(place: Place) -> None:
    _closed(place)
    _looked(place)
    _sql(place, "UPDATE second_looks SET looked_by = :who WHERE risk_id = :risk AND n = 1")


def _closed_too_soon(place: Place) -> None:
    _closed(place)
    _sql(place, "UPDATE measures SET status = 'doing', verified_by = NULL WHERE risk_id = :risk")


BY_ROWS: dict[str, Callable[[Place], object]] = {
    "clock_not_as_state": lambda p: _sql(p, "UPDATE clocks SET ended_on = :day WHERE risk_id = :risk"),
    "level_without_reason": lambda p: _sql(p, "UPDATE assessments SET computed = 'high' WHERE risk_id = :risk"),
    "level_not_rated": lambda p: _sql(p, "UPDATE risks SET level = 'low' WHERE id = :risk"),
    "verified_without_measure": lambda p: _sql(p, "UPDATE risks SET verified_level = 'low' WHERE id = :risk"),
    "look_by_concerned": _sealed_look,
    "measure_open_in_closed": _closed_too_soon,
    "secret_on_board": lambda p: _sql(p, "UPDATE risks SET disclosure_class = 'none' WHERE id = :risk"),
}


@pytest.mark.costly
@pytest.mark.parametrize("code", [*BY_DEEDS, *BY_ROWS])
def test_each_check_fires_by_what_its_page_says_and_was_silent_before(kept: Place, code: str) -> None:
    who = "discipline" if BY_CODE[code].desk else "watchdog2"
    assert codes(kept, who) == set()
    (BY_DEEDS | BY_ROWS)[code](kept)
    assert code in codes(kept, who)
    everything = kept.ask(who, findings.report, Wanted(unit_id=kept.units["banyan"].id)).found
    for risk_id in {one.finding.risk_id for one in everything} - {None}:
        alone = kept.ask(who, findings.of_entry, risk_id)
        assert alone == [one for one in everything if one.finding.risk_id == risk_id], "as the entry's own page says"


def test_every_check_is_tried_and_those_that_need_a_broken_row_say_so() -> None:
    assert set(BY_DEEDS) | set(BY_ROWS) == {check.code for check in CHECKS}
    assert set(BY_ROWS) == {check.code for check in CHECKS if check.comes is Comes.ROWS}


def test_there_are_enough_of_them_and_many_compare_two_records() -> None:
    assert len(CHECKS) == len({check.code for check in CHECKS}) >= 30
    assert sum(len(check.over) > 1 for check in CHECKS) >= 15
    assert {check.severity for check in CHECKS} == set(Severity)


def test_what_is_a_warning_is_no_check() -> None:
    assert {check.code for check in CHECKS} & {rule.code for rule in RULES} == set()
    assert {check.what for check in CHECKS} & {rule.what for rule in RULES} == set()


def test_every_check_has_its_page_in_the_documents(root: Path) -> None:
    folder = root / "docs" / "checks"
    written = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    assert written == {check.code: page(check) for check in CHECKS}


def test_a_high_entry_without_owner_or_measure_is_left_to_its_warning(kept: Place) -> None:
    _rated(kept, Level.HIGH)
    _assign(kept, owner=None)
    assert "no_owner" not in codes(kept)
    risk_id = _another(kept, Level.HIGH)
    makers.filed(kept, risk_id)
    kept.later(40)
    assert "filed_without_measure" not in codes(kept)


@pytest.mark.parametrize(
    "fires", [check.code for check in CHECKS if check.comes is Comes.TIME]
)
def test_what_comes_by_time_comes_on_its_day(kept: Place, fires: str) -> None:
    BY_DEEDS[fires](kept)
    assert fires in codes(kept)
    kept.later(-1)
    assert fires not in codes(kept)


def test_which_power_item_a_resident_spoke_about_is_told_to_who_reads_the_words_alone(kept: Place) -> None:
    BY_DEEDS["voice_other_item"](kept)
    for who in ("watchdog2", "supervisor"):
        assert "voice_other_item" in codes(kept, who)
    for who in ("clerk", "secretary"):
        assert "voice_other_item" not in codes(kept, who)


def test_a_check_says_what_it_is_about_and_leads_to_where_it_is_mended(kept: Place) -> None:
    for bring in ("voice_other_item", "item_without_post", "steps_disordered", "round_over"):
        BY_DEEDS[bring](kept)
    found = {one.finding.check.code: one.finding for one in kept.ask("watchdog2", findings.report, Wanted()).found}
    assert way(found["voice_other_item"]) == ("entry", {"id": entry(kept)})
    assert found["voice_other_item"].told == "低保和特困人员初核 / 公章使用"
    assert way(found["item_without_post"]) == ("catalogue", {"unit": kept.units["banyan"].id})
    assert way(found["steps_disordered"])[0] == "decisions"
    assert way(found["round_over"]) == ("rounds", {"round": found["round_over"].subject})
