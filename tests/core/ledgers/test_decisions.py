"""Decisions in six steps: entered by the community, remarked on kindly, doubted aloud only by people."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.access import RESIDENT
from core.errors import Denied, Invalid, Missing, Stale
from core.evidence import Upload
from core.ledgers import decisions, doubts, steps
from core.ledgers.decisions import DecisionForm, Opened, StepRow
from core.ledgers.doubts import Doubt
from core.ledgers.steps import BoardForm, StepForm
from core.openness import showing
from core.orders import Reason
from core.organisation.calendar import Calendar
from core.turning import Listed
from core.voices import points
from core.voices.flags import CadreFlag
from core.words import DecisionStep as Step
from core.words import RiskType, Source
from tests import makers
from tests.makers import Place

MINUTES = Upload("会议记录.txt", "会议记录".encode())


def opened(place: Place, who: str = "clerk", decision_id: str = "") -> Opened:
    found: Opened = place.ask(who, decisions.decision, decision_id)
    return found


def added(place: Place, title: str = "小区停车棚改造", item: str | None = "seal") -> str:
    form = DecisionForm(
        unit_id=place.units["banyan"].id, title=title, item_id=place.items[item] if item else None
    )  # fmt: skip
    return str(place.do("clerk", decisions.add, form))


def taken(place: Place, decision_id: str, step: Step, days_ago: int = 0, **counts: Any) -> None:
    form = StepForm.model_validate({"held_on": place.today - timedelta(days=days_ago)} | counts)
    place.do("clerk", steps.take, decision_id, step, form, [])


def test_six_steps_are_entered_with_counts_and_files(place: Place) -> None:
    decision_id = added(place)
    for n, step in enumerate(Step):
        form = StepForm(held_on=place.today - timedelta(days=12 - 2 * n), expected=60, present=45, agreed=40)
        place.do("clerk", steps.take, decision_id, step, form, [MINUTES])
    found = opened(place, "watchdog", decision_id)
    assert set(found.row.taken) == set(Step)
    assert found.row.next_step is None
    counted = {step for step, row in found.row.taken.items() if row.present is not None}
    assert counted == {Step.DISCUSSED, Step.REVIEWED, Step.RESOLVED}
    assert (found.suspicions, found.remarks) == ((), ())
    [(file_id, name, _kind)] = found.row.taken[Step.RESOLVED].files
    assert name == "会议记录.txt"
    assert place.ask("supervisor", steps.file_content, file_id) == MINUTES.content
    with pytest.raises(Missing):
        place.ask("far_supervisor", steps.file_content, file_id)


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_never_more_agree_than_came_nor_came_than_had_to(expected: int, present: int, agreed: int) -> None:
    day = date(2026, 11, 2)
    if agreed <= present <= expected:
        assert StepForm(held_on=day, expected=expected, present=present, agreed=agreed).present == present
    else:
        with pytest.raises(ValidationError):
            StepForm(held_on=day, expected=expected, present=present, agreed=agreed)


def test_a_meeting_below_its_quorum_and_days_out_of_order_are_remarked_on_and_kept(place: Place) -> None:
    decision_id = added(place)
    taken(place, decision_id, Step.DISCUSSED, 3)
    taken(place, decision_id, Step.REVIEWED, 5, expected=90, present=40, agreed=39)
    taken(place, decision_id, Step.RESOLVED, 1, expected=60, present=50, agreed=25)
    told = opened(place, "clerk", decision_id).remarks
    assert len(told) == 3
    assert "三分之二" in "".join(told)
    assert "没有超过半数" in "".join(told)


def test_a_step_is_skipped_only_with_a_reason_and_suggests_a_risk(place: Place) -> None:
    decision_id = added(place)
    with pytest.raises(Invalid):
        place.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason.model_construct(reason=" "))
    with pytest.raises(Invalid):
        place.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason(reason="周小满说不用开"))
    place.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason(reason="时间太紧，没有召开"))
    for who in ("clerk", "watchdog", "supervisor"):
        [doubt] = opened(place, who, decision_id).suspicions
        assert (doubt.kind, doubt.code) == (Doubt.SKIPPED, "skipped:reviewed")
    assert makers.inbox(place) == []


def test_a_resolution_published_late_and_a_result_before_its_resolution_suggest_one_too(place: Place) -> None:
    decision_id = added(place)
    taken(place, decision_id, Step.RESOLVED, 20, expected=60, present=50, agreed=50)
    assert [doubt.kind for doubt in opened(place, "clerk", decision_id).suspicions] == [Doubt.LATE]
    taken(place, decision_id, Step.RESOLUTION_PUBLISHED, 19)
    assert opened(place, "clerk", decision_id).suspicions == ()
    taken(place, decision_id, Step.RESOLUTION_PUBLISHED, 2)
    taken(place, decision_id, Step.RESULT_PUBLISHED, 21)
    kinds = [doubt.kind for doubt in opened(place, "clerk", decision_id).suspicions]
    assert kinds == [Doubt.LATE, Doubt.UNRESOLVED]


DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(st.dictionaries(st.sampled_from(list(Step)), DAYS))
def test_each_skipped_step_is_one_doubt_and_a_decision_in_order_has_none(known: dict[Step, date | None]) -> None:
    rows = {
        step: StepRow(step, day, None, None, None, "", skipped=day is None, said_by="") for step, day in known.items()
    }
    found = doubts.suspicions("某事", rows, date(2026, 12, 31), Calendar())
    assert [one.code for one in found if one.kind is Doubt.SKIPPED] == [
        f"skipped:{step}" for step in Step if step in known and known[step] is None
    ]
    assert len({one.code for one in found}) == len(found)


def test_a_cadre_and_a_watchdog_raise_a_doubt_as_the_communitys_own_voice_once(place: Place) -> None:
    decision_id = added(place)
    place.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason(reason="没有召开"))
    place.do("clerk", steps.skip, decision_id, Step.DISCUSSED, Reason(reason="没有召开"))
    first, second = opened(place, "watchdog", decision_id).suspicions
    for who, doubt in (("watchdog", first), ("clerk", second)):
        draft = CadreFlag.model_validate(decisions.draft(doubt))
        place.do(who, decisions.raise_doubt, decision_id, doubt.code, draft)
        with pytest.raises(Stale):
            place.do(who, decisions.raise_doubt, decision_id, doubt.code, draft)
    told = makers.inbox(place)
    assert {row.source for row in told} == {Source.SELF}
    assert len(told) == 2
    assert set(opened(place, "clerk", decision_id).row.raised) == {first.code, second.code}


def test_a_superior_raises_it_as_a_point_that_the_community_answers(place: Place) -> None:
    decision_id = added(place)
    place.do("clerk", steps.skip, decision_id, Step.REVIEWED, Reason(reason="没有召开"))
    [doubt] = opened(place, "supervisor", decision_id).suspicions
    draft = CadreFlag.model_validate(decisions.draft(doubt))
    place.do("supervisor", decisions.raise_doubt, decision_id, doubt.code, draft)
    [point] = place.ask("clerk", points.received)
    assert (point.unit, "小区停车棚改造" in point.text) == ("榕树社区", True)


def test_what_no_step_suggests_is_not_raised_this_way(place: Place) -> None:
    decision_id = added(place)
    form = CadreFlag(text="觉得不对劲", risk_type=RiskType.PROCESS)
    with pytest.raises(Stale):
        place.do("clerk", decisions.raise_doubt, decision_id, "skipped:resolved", form)
    with pytest.raises(Denied):
        place.do("discipline", decisions.raise_doubt, decision_id, "skipped:resolved", form)


def test_only_cadres_of_the_community_enter_and_nobody_beside_it_reads(place: Place) -> None:
    decision_id = added(place)
    form = StepForm(held_on=place.today)
    for who in ("watchdog", "supervisor", "discipline"):
        with pytest.raises(Denied):
            place.do(who, steps.take, decision_id, Step.PROPOSED, form, [])
        assert opened(place, who, decision_id).may_edit is False
    with pytest.raises(Missing):
        place.do("other_clerk", steps.take, decision_id, Step.PROPOSED, form, [])
    assert place.ask("other_clerk", decisions.decisions) == Listed()
    with pytest.raises(Denied):
        place.ask("auditor", decisions.decisions)


def test_titles_and_notes_name_nobody_and_days_to_come_are_refused(place: Place) -> None:
    with pytest.raises(Invalid):
        added(place, "给周小满发补贴")
    decision_id = added(place)
    for form in (
        StepForm(held_on=place.today, note="周小满主持"), StepForm(held_on=place.today + timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            place.do("clerk", steps.take, decision_id, Step.PROPOSED, form, [])


def test_major_items_come_first(place: Place) -> None:
    known = place.ask("clerk", decisions.items_for, place.units["banyan"].id)
    assert set(known) == set(place.items.values())


def test_the_board_shows_published_steps_in_words_without_people_and_follows_them(place: Place) -> None:
    decision_id = added(place)
    code = place.units["banyan"].code

    def board() -> Any:
        return place.ask(RESIDENT, showing.openness, code, place.today.replace(day=1)).decisions

    words = BoardForm(title="停车棚改造", resolution="同意改造", result="")
    with pytest.raises(Invalid):
        place.do("clerk", steps.show, decision_id, words)
    taken(place, decision_id, Step.RESOLVED, 4, expected=60, present=50, agreed=49)
    taken(place, decision_id, Step.RESOLUTION_PUBLISHED, 3)
    with pytest.raises(Invalid):
        place.do("clerk", steps.show, decision_id, words.model_copy(update={"resolution": "由周小满负责"}))
    assert list(board()) == []
    place.do("clerk", steps.show, decision_id, words)
    [shown] = board()
    day = (place.today - timedelta(days=3)).isoformat()
    assert (shown.title, shown.item, shown.steps) == (
        "停车棚改造", "公章使用", [{"step": "resolution_published", "on": day, "text": "同意改造"}],
    )  # fmt: skip
    taken(place, decision_id, Step.RESOLUTION_PUBLISHED, 2)
    assert board()[0].steps[0]["on"] == (place.today - timedelta(days=2)).isoformat()
    place.do("clerk", steps.take_down, decision_id)
    assert list(board()) == []
