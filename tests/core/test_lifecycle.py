"""The step tables: what leads where, by whose right; and random deeds of random people never cut a corner."""

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import lifecycle
from core.access import GRANTS, Grant
from core.entries import escalation, rating, risks
from core.entries.escalation import HandingDown
from core.errors import Refused, Stale
from core.lifecycle import HANDING_STEPS, LIFECYCLES, MEASURE_STEPS, RISK_STEPS, Step
from core.prevention import measures
from core.text import Term
from core.words import Handing, Level, MeasureStatus, RiskStatus, Role
from db.engine import connect
from tests import makers
from tests.makers import Place, copy_of

ALL_STEPS = [step for steps in LIFECYCLES.values() for step in steps]


def reachable(steps: tuple[Step, ...], start: Term, without: Term | None = None) -> set[Term]:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for step in steps:
            if step.before == here and step.after not in (found | {without}):
                found.add(step.after)
                waiting.append(step.after)
    return found


@pytest.mark.parametrize("step", ALL_STEPS, ids=lambda s: f"{type(s.before).__name__}-{s.before}-{s.after}")
def test_every_step_is_open_to_some_role(step: Step) -> None:
    assert any(step.permission in granted for granted in GRANTS.values())


def test_nothing_is_closed_or_verified_without_somebody_looking() -> None:
    assert RiskStatus.CLOSED in reachable(RISK_STEPS, RiskStatus.UNRATED)
    assert RiskStatus.CLOSED not in reachable(RISK_STEPS, RiskStatus.UNRATED, without=RiskStatus.VERIFYING)
    assert MeasureStatus.VERIFIED not in reachable(MEASURE_STEPS, MeasureStatus.OPEN, without=MeasureStatus.VERIFYING)
    for before, after in ((RiskStatus.VERIFYING, RiskStatus.CLOSED), (MeasureStatus.VERIFYING, MeasureStatus.VERIFIED)):
        [looks] = [s.permission for s in ALL_STEPS if (s.before, s.after) == (before, after)]
        assert looks not in GRANTS[Role.CADRE]


@pytest.mark.parametrize(("steps", "start"), [(steps, steps[0].before) for steps in LIFECYCLES.values()])
def test_every_state_can_be_reached_and_no_step_stands_twice(steps: tuple[Step, ...], start: Term) -> None:
    assert reachable(steps, start) == {state for step in steps for state in (step.before, step.after)}
    assert len({(step.before, step.after) for step in steps}) == len(steps)


def test_a_step_that_is_not_in_the_table_is_refused() -> None:
    risk = risks.Risk("r", "u", 1, "t", None, "x", "y", makers.START.date())  # type: ignore[arg-type]
    with pytest.raises(Stale):
        lifecycle.advance(risk, RiskStatus.CLOSED, RISK_STEPS)
    assert risk.status is RiskStatus.UNRATED
    lifecycle.advance(risk, RiskStatus.RATED, RISK_STEPS)
    assert risk.status is RiskStatus.RATED


def test_the_charts_in_the_documents_are_those_of_the_code(root: Path) -> None:
    written = (root / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    for name, steps in LIFECYCLES.items():
        assert f"```mermaid\n{lifecycle.chart(steps)}\n```" in written, name
    assert written.count("```mermaid") == len(LIFECYCLES)  # and no chart of what is no more


def test_every_table_of_steps_has_its_chart() -> None:
    tables = {name for name in vars(lifecycle) if name.endswith("_STEPS")}
    assert {id(getattr(lifecycle, name)) for name in tables} == {id(steps) for steps in LIFECYCLES.values()}


def test_an_entry_is_passed_on_by_every_step_of_the_table_and_by_no_other(place: Place) -> None:
    makers.make_person(place, "city", "程市级", "city", Role.SUPERVISOR)
    risk_id, _measure = makers.controlled(place)
    dice, seen = random.Random(5), set()
    orders = [HandingDown(unit_id=place.units[key].id, reason="请办理") for key in ("banyan", "street")]
    deeds = (
        lambda who: place.do(who, escalation.raise_up, risk_id, "本级解决不了"),
        lambda who: place.do(who, escalation.give_back, risk_id, "可以解决"),
        lambda who: place.do(who, escalation.object_to, risk_id, "不属本级"),
        lambda who: place.do(who, escalation.hand_down, risk_id, orders[who == "city"]),
    )
    for _n in range(400):
        try:
            dice.choice(deeds)(dice.choice(("clerk", "supervisor", "city")))
        except Refused:
            continue
    for one, other in pairwise(place.ask("city", escalation.clocks_of, risk_id)):
        seen.add((one.how, other.how))
    table = {(step.before, step.after) for step in HANDING_STEPS}
    assert seen <= table
    assert table - seen == {(one, other) for one, other in table if Handing.CONCERNED in (one, other)}


WHO = ["clerk", "secretary", "watchdog", "watchdog2", "supervisor", "discipline"]
FORM = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM)
DEEDS = {
    "rate": lambda p, who, r, m: p.do(who, rating.rate, r, FORM),
    "announce": lambda p, who, r, m: p.do(who, risks.announce, r, risks.Notice(wording="名单公开有时不及时")),
    "file": lambda p, who, r, m: p.do(who, risks.file, r, "涉及隐私"),
    "control": lambda p, who, r, m: p.do(who, risks.control, r),
    "report": lambda p, who, r, m: p.do(who, measures.report, m, 50, "已整理"),
    "ask": lambda p, who, r, m: p.do(who, measures.ask_verification, m, "已张贴"),
    "verify": lambda p, who, r, m: p.do(who, measures.verify, m, "看过"),
    "send_back": lambda p, who, r, m: p.do(who, measures.send_back, m, "缺照片"),
    "ask_closing": lambda p, who, r, m: p.do(who, risks.ask_closing, r, "已落实"),
    "refuse": lambda p, who, r, m: p.do(who, risks.refuse_closing, r, "没看到"),
    "close": lambda p, who, r, m: p.do(who, risks.close, r),
    "reopen": lambda p, who, r, m: p.do(who, risks.reopen, r, "又出现"),
}


@pytest.mark.costly
@settings(max_examples=settings().max_examples // 8, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(WHO), st.sampled_from(sorted(DEEDS))), min_size=25, max_size=60))
def test_nobody_both_does_and_verifies_or_closes_alone(made: Place, walk: list[tuple[str, str]]) -> None:
    engine = connect("sqlite://")
    place = copy_of(made, engine)
    clerk = place.people["clerk"]  # with both rights, so that not the right alone keeps the two apart
    place.people["clerk"] = replace(clerk, grants=(*clerk.grants, Grant(Role.WATCHDOG, place.units["banyan"].path)))
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.assigned(place, risk_id)
    measure_id = makers.planned(place, risk_id)
    did: list[tuple[str, str]] = []
    for who, deed in [*walk, *_likely(walk)]:
        try:
            DEEDS[deed](place, who, risk_id, measure_id)
        except Refused:
            continue
        did.append((who, deed))
    engine.dispose()
    doers = {who for who, deed in did if deed in ("report", "ask")}
    assert not doers & {who for who, deed in did if deed in ("verify", "send_back")}
    asked = ""
    for who, deed in did:
        if deed == "ask_closing":
            asked = who
        elif deed == "close":
            assert asked
            assert who != asked


def _likely(walk: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The whole loop in its order, each deed tried by everybody, so that walks also come to the end."""
    order = ("file", "control", "report", "ask", "verify", "ask_closing", "close")
    first = [who for who, _deed in walk]
    people = list(dict.fromkeys([*first, *WHO]))
    return [(who, deed) for deed in order for who in people]
