"""Rating: the rule for the computed level, the decided one, statements beside it, and how far voices lie apart."""

from itertools import combinations, product

import pytest

from core.entries import entry, rating, register, risks
from core.entries.rating import RatingForm
from core.errors import Denied, Invalid, Refused, Stale
from core.prevention import looking
from core.words import Factor, Level, Override, RatingStage, ReviewResult, RiskStatus
from tests import makers
from tests.makers import Place

SETS = [set(chosen) for size in range(4) for chosen in combinations(Override, size)]


def form(level: Level, **more: object) -> RatingForm:
    return RatingForm(power=2, discretion=2, probability=2, harm=2, level=level, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("overrides", SETS, ids=lambda chosen: "+".join(sorted(chosen)) or "none")
def test_the_computed_level_follows_the_rule_for_every_rating(overrides: set[Override]) -> None:
    for values in product((1, 2, 3), repeat=4):
        total = sum(values)
        wanted = Level.HIGH if overrides or total >= 10 else Level.MEDIUM if total >= 7 else Level.LOW
        assert rating.computed(dict(zip(Factor, values, strict=True)), overrides) is wanted


@pytest.mark.parametrize("factors", [{}, {"power": 1}, {f.value: 4 for f in Factor}, {f.value: 0 for f in Factor}])
def test_what_is_no_rating_is_no_level(factors: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="four factors"):
        rating.computed(factors)


@pytest.mark.costly
def test_a_level_other_than_the_computed_one_needs_a_reason(place: Place) -> None:
    risk_id = makers.open_risk(place)
    with pytest.raises(Invalid) as refusal:
        place.do("supervisor", rating.rate, risk_id, form(Level.HIGH, reason=" "))
    assert set(refusal.value.fields) == {"reason"}
    place.do("supervisor", rating.rate, risk_id, form(Level.HIGH, reason="上年出过问题"))
    [found] = place.ask("clerk", rating.ratings, risk_id)
    assert (found.computed, found.level, found.rater) == (Level.MEDIUM, Level.HIGH, "孙立人")


def test_only_a_supervisor_decides_and_every_decision_is_kept(place: Place) -> None:
    risk_id = makers.open_risk(place)
    for who in ("clerk", "watchdog", "discipline", "system"):
        with pytest.raises(Denied):
            place.do(who, rating.rate, risk_id, form(Level.MEDIUM))
    makers.rated(place, risk_id)
    makers.rated(place, risk_id, Level.LOW, "制度已经健全")
    assert [found.level for found in place.ask("clerk", rating.ratings, risk_id)] == [Level.LOW, Level.MEDIUM]


def test_the_three_levels_come_in_their_time(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    with pytest.raises(Invalid):
        place.do("supervisor", rating.rate, risk_id, form(Level.MEDIUM, stage=RatingStage.VERIFIED))
    place.do("supervisor", rating.rate, risk_id, form(Level.LOW, stage=RatingStage.EXPECTED, reason="措施到位"))
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    with pytest.raises(Stale):
        place.do("supervisor", rating.rate, risk_id, form(Level.MEDIUM))
    place.do("watchdog", risks.close, risk_id)
    with pytest.raises(Stale):
        place.do("supervisor", rating.rate, risk_id, form(Level.LOW, stage=RatingStage.VERIFIED, reason="太早"))
    place.later(30)
    verdict = looking.LookForm(result=ReviewResult.EFFECTIVE, verified_level=Level.LOW, note="现场看过")
    place.do("supervisor", looking.look, risk_id, verdict)
    found = place.ask("clerk", entry.entry, risk_id)
    assert (found.level, found.expected_level, found.verified_level) == (Level.MEDIUM, Level.LOW, Level.LOW)
    [row] = place.ask("clerk", register.register, register.Filter()).rows
    assert row.level is Level.MEDIUM


def test_rating_again_takes_a_running_notice_back_and_leaves_a_controlled_entry_where_it_is(place: Place) -> None:
    from core.openness import board

    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="救助名单的公开有时不够及时"))
    code = place.units["banyan"].code
    assert len(place.ask("clerk", board.board, code)[1]) == 1
    place.do("clerk", rating.state, risk_id, "等级偏高", objection=True)
    makers.rated(place, risk_id, Level.LOW, "异议成立")
    assert place.ask("clerk", board.board, code)[1] == []
    with pytest.raises(Invalid):
        place.do("supervisor", risks.file, risk_id)
    other, _measure = makers.controlled(place, "公章使用登记不全", "盖章没人登记")
    makers.rated(place, other, Level.HIGH, "岗位换人")
    states = {row.id: row.status for row in place.ask("clerk", register.register, register.Filter()).rows}
    assert states == {risk_id: RiskStatus.RATED, other: RiskStatus.CONTROLLED}


def test_a_post_holder_may_object_between_rating_and_filing_and_state_later(place: Place) -> None:
    risk_id = makers.open_risk(place)
    with pytest.raises(Refused):
        place.do("clerk", rating.state, risk_id, "还没有评定", objection=False)
    makers.rated(place, risk_id)
    with pytest.raises(Denied):
        place.do("secretary", rating.state, risk_id, "不是我的岗位", objection=True)
    with pytest.raises(Denied):
        place.do("watchdog", rating.state, risk_id, "不是我的岗位", objection=True)
    place.do("clerk", rating.state, risk_id, "等级偏高", objection=True)
    makers.filed(place, risk_id)
    with pytest.raises(Refused):
        place.do("clerk", rating.state, risk_id, "现在才说", objection=True)
    place.do("clerk", rating.state, risk_id, "补充一点情况", objection=False)
    said = place.ask("supervisor", rating.statements, risk_id)
    assert [(row.text, row.objection) for row in said] == [("等级偏高", True), ("补充一点情况", False)]


@pytest.mark.parametrize(("levels", "apart"), [
    ([], 0), ([Level.LOW], 0), ([Level.HIGH, Level.HIGH], 0), ([Level.LOW, Level.MEDIUM], 1),
    ([Level.HIGH, Level.LOW, Level.MEDIUM], 2),
])  # fmt: skip
def test_how_far_voices_lie_apart(levels: list[Level], apart: int) -> None:
    assert rating.spread(levels) == apart


def test_who_usually_manages_differs_by_level() -> None:
    assert len({rating.manages(level) for level in Level}) == 3
