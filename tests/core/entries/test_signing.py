"""Sign-off: who signs, what makes a signature stale, when it runs out, and signing again."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import home
from core.access import FOUNDER, RESIDENT, Actor, Grant
from core.entries import actions, entry, rating, register, risks, signed, signing
from core.entries.actions import Action
from core.entries.signed import Hold, Signature, digest, material
from core.errors import Denied, Missing, Refused, Stale
from core.evidence import Upload
from core.home import Chore
from core.organisation import people
from core.prevention import measures
from core.review import merging
from core.store import Work
from core.words import Level, RiskStatus, Role, SignedStage
from db.engine import connect
from db.migrate import upgrade
from tests import makers
from tests.makers import Place, make_place


def holds(place: Place, risk_id: str) -> list[tuple[SignedStage, Hold | None]]:
    return [(row.stage, row.hold) for row in place.ask("clerk", signing.signatures, risk_id)]


def lapsed(place: Place, who: str = "clerk") -> set[str]:
    return {row.id for row in place.ask(who, register.register, register.Filter(lapsed=True)).rows}


def chore(place: Place, who: str) -> int:
    return next((task.count for task in place.ask(who, home.waiting) if task.chore is Chore.SIGN), 0)


def sign_again(place: Place, who: str, risk_id: str) -> signing.Asked:
    asked: signing.Asked = place.ask(who, signing.asked, risk_id)
    place.do(who, signing.sign_again, risk_id, asked.digest)
    return asked


def closed(place: Place) -> str:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    return risk_id


def test_rating_and_closing_are_signed_by_who_decides_and_the_digest_stands_on_the_chain(place: Place) -> None:
    risk_id = closed(place)
    rows = place.ask("clerk", signing.signatures, risk_id)
    assert [(row.stage, row.signer, row.hold) for row in rows] == [
        (SignedStage.CLOSING, "钱思远", Hold.VALID), (SignedStage.RATING, "孙立人", None),
    ]  # fmt: skip
    history = place.ask("clerk", lambda w: w.store.risk_history(w.actor.scope("register:read"), risk_id))
    told = {row.facts.get("digest") for row in history if row.event in ("risk_rated", "risk_closed")}
    kept = place.ask("clerk", lambda w: w.store.some(Signature, w.actor.scope("register:read"), risk_id=risk_id))
    assert told == {one.digest for one in kept} == {digest(one.snapshot) for one in kept}


def test_a_material_change_makes_the_signature_stale_until_it_is_signed_again(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    assert (lapsed(place), chore(place, "supervisor")) == (set(), 0)
    with pytest.raises(Refused):
        place.do("supervisor", signing.sign_again, risk_id, "")
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "救助名单更新不及时"))
    assert holds(place, risk_id) == [(SignedStage.RATING, Hold.STALE)]
    assert lapsed(place) == {risk_id}
    assert (chore(place, "supervisor"), chore(place, "watchdog"), chore(place, "clerk")) == (1, 0, 0)
    assert Action.SIGN in place.ask("supervisor", actions.actions, risk_id)
    asked = sign_again(place, "supervisor", risk_id)
    assert asked.changes == ("风险点：由“救助对象名单公开不及时”改为“救助名单更新不及时”",)
    assert holds(place, risk_id) == [(SignedStage.RATING, Hold.VALID), (SignedStage.RATING, None)]
    assert (lapsed(place), chore(place, "supervisor")) == (set(), 0)
    assert any("重新签字确认" in line.what for line in place.ask("clerk", entry.history, risk_id))


def test_a_voice_merged_in_makes_it_stale_and_taking_the_merge_back_lets_it_hold_again(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.speak(place, "名单贴出来晚了两个月")
    [flag] = makers.inbox(place)
    link = place.do("watchdog", merging.merge, flag.id, risk_id)
    assert place.ask("supervisor", signing.asked, risk_id).changes == ("新并入 1 条来源",)
    place.do("watchdog", merging.unmerge, link, "不是一回事")
    assert holds(place, risk_id) == [(SignedStage.RATING, Hold.VALID)]


def test_only_who_may_decide_signs_and_only_they_read_what_was_changed(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "救助名单更新不及时"))
    seen = place.ask("supervisor", signing.asked, risk_id).digest
    for who in ("clerk", "secretary", "watchdog", "discipline", "far_supervisor", "auditor"):
        for deed in (lambda w: signing.asked(w, risk_id), lambda w: signing.sign_again(w, risk_id, seen)):
            with pytest.raises(Refused):
                place.do(who, deed)
    place.do("supervisor", signing.sign_again, risk_id, seen)


def test_whoever_is_named_in_a_voice_or_answers_for_the_entry_does_not_sign(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    makers.speak(place, "孙立人从来不来看名单")
    [flag] = [row for row in makers.inbox(place) if "孙立人" in row.text]
    place.do("watchdog", merging.merge, flag.id, risk_id)
    with pytest.raises(Denied):
        place.do("supervisor", signing.sign_again, risk_id, "")
    with pytest.raises(Denied):
        makers.rated(place, risk_id)
    assert chore(place, "supervisor") == 0
    own = makers.open_risk(place, "公章谁都能盖没人管", "用印登记不全")
    makers.rated(place, own)
    place.do(FOUNDER, people.grant_role, place.people["clerk"].person_id, Role.SUPERVISOR, place.units["banyan"].id)
    path = place.units["banyan"].path
    both = Actor(place.people["clerk"].person_id, "周小满", (Grant(Role.CADRE, path), Grant(Role.SUPERVISOR, path)))
    place.do("watchdog", risks.describe, own, makers.entry_form(place, "用印登记没有人核对"))
    with pytest.raises(Denied):
        place.do(both, signing.sign_again, own, "")
    assert Action.SIGN not in place.ask(both, actions.actions, own)
    assert Action.SIGN in place.ask("supervisor", actions.actions, own)


def test_one_signs_what_one_was_shown(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id)
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "救助名单更新不及时"))
    seen = place.ask("supervisor", signing.asked, risk_id).digest
    place.do("watchdog", risks.describe, risk_id, makers.entry_form(place, "救助名单没有公开"))
    with pytest.raises(Stale):
        place.do("supervisor", signing.sign_again, risk_id, seen)


@pytest.mark.parametrize(("level", "days"), [(Level.HIGH, 365), (Level.MEDIUM, 365), (Level.LOW, 183)])
def test_a_signed_rating_runs_out_after_a_year_and_a_low_one_after_half_a_year(
    place: Place, level: Level, days: int
) -> None:
    risk_id = makers.open_risk(place)
    makers.rated(place, risk_id, level, "已有核查")
    place.later(days)
    assert holds(place, risk_id) == [(SignedStage.RATING, Hold.VALID)]
    assert lapsed(place) == set()
    place.later(1)
    assert holds(place, risk_id) == [(SignedStage.RATING, Hold.EXPIRED)]
    assert (lapsed(place), chore(place, "supervisor")) == ({risk_id}, 1)
    assert sign_again(place, "supervisor", risk_id).changes == ()
    assert (lapsed(place), chore(place, "supervisor")) == (set(), 0)


@pytest.mark.costly
def test_a_closing_does_not_run_out_and_a_reopened_entry_rests_on_its_rating_again(place: Place) -> None:
    risk_id = closed(place)
    place.later(400)
    assert lapsed(place) == set()  # the rating ran out, but what counts now is the closing
    place.do("supervisor", risks.reopen, risk_id, "又出现")
    assert holds(place, risk_id)[0] == (SignedStage.CLOSING, None)
    assert lapsed(place) == {risk_id}


def test_what_changes_in_a_closed_entry_is_signed_by_who_may_close(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.speak(place, "名单贴出来晚了两个月")
    [flag] = makers.inbox(place)
    link = place.do("watchdog", merging.merge, flag.id, risk_id)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    place.do("watchdog", merging.unmerge, link, "不是一回事")
    assert holds(place, risk_id)[0] == (SignedStage.CLOSING, Hold.STALE)
    assert (chore(place, "watchdog"), chore(place, "supervisor"), chore(place, "clerk")) == (1, 1, 0)
    assert sign_again(place, "watchdog", risk_id).changes == ("移出 1 条来源",)
    assert holds(place, risk_id)[0] == (SignedStage.CLOSING, Hold.VALID)


CHANGES: dict[str, Callable[[Place, str, str], object]] = {
    "describe": lambda p, r, m: p.do("watchdog", risks.describe, r, makers.entry_form(p, f"名单公开不及时{p.now}")),
    "rate": lambda p, r, m: makers.rated(p, r, Level.LOW, "已有核查"),
    "merge": lambda p, r, m: _merged(p, r),
    "assign": lambda p, r, m: makers.assigned(p, r, "secretary", "clerk"),
    "plan": lambda p, r, m: makers.planned(p, r),
    "attach": lambda p, r, m: p.do("clerk", measures.attach, m, Upload("a.pdf", f"%PDF-1.7 {p.now}".encode())),
    "done": lambda p, r, m: makers.done(p, m),
    "ask": lambda p, r, m: p.do("clerk", risks.ask_closing, r, "已落实"),
    "close": lambda p, r, m: p.do("watchdog2", risks.close, r),
    "reopen": lambda p, r, m: p.do("supervisor", risks.reopen, r, "又出现"),
    "unmerge": lambda p, r, m: _unmerged(p, r),
    "sign": lambda p, r, m: sign_again(p, "supervisor", r),
    "state": lambda p, r, m: p.do("clerk", rating.state, r, "等级偏高", objection=False),
    "wait": lambda p, r, m: p.later(100),
    "speak": lambda p, r, m: makers.speak(p, f"名单还是没贴{p.now}"),
}  # fmt: skip


def _merged(place: Place, risk_id: str) -> None:
    makers.speak(place, f"名单没贴出来{place.now}")
    place.do("watchdog", merging.merge, makers.inbox(place)[0].id, risk_id)


def _unmerged(place: Place, risk_id: str) -> None:
    links = place.ask("watchdog", lambda w: [one.id for one in w.store.links_of(risk_id)])
    place.do("watchdog", merging.unmerge, links[-1], "不是一回事")


def _agrees(work: Work, risk_id: str) -> None:
    """Kept and computed state of every standing signature are the same."""
    risk = work.store.one(risks.Risk, risk_id, work.actor.scope("register:read"))
    for one, _risk in work.store.standing_signatures([risk_id]):
        same = digest(material(work, risk, one.stage)) == one.digest
        assert (one.stale_on is None) is same
        if one.hold(work.today) is Hold.VALID:
            assert same
            assert one.snapshot == material(work, risk, one.stage)
    row = next(r for r in work.store.entries(work.actor.scope("register:read"), [risk_id]))
    wanted = signed.wanted(risk.status)
    over = any(
        one.stage is wanted and one.hold(work.today) is not Hold.VALID
        for one, _risk in work.store.standing_signatures([risk_id])
    )
    found = work.store.register(work.actor.scope("register:read"), register.Filter(lapsed=True), work.today)
    assert (row.id in {r.id for r in found.rows}) is (over and risk.status is not RiskStatus.ARCHIVED)


@pytest.mark.costly
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(sorted(CHANGES)), min_size=8, max_size=25))
def test_a_signature_is_never_valid_when_its_snapshot_differs_from_the_present_state(walk: list[str]) -> None:
    engine = connect("sqlite://")
    upgrade(engine)
    place = make_place(engine)
    risk_id, measure_id = makers.controlled(place)
    for change in walk:
        try:
            CHANGES[change](place, risk_id, measure_id)
        except (Refused, IndexError):
            continue
        place.ask("supervisor", _agrees, risk_id)
    engine.dispose()


def test_visitors_and_residents_see_no_signature(place: Place) -> None:
    risk_id = makers.open_risk(place)
    for who in (RESIDENT, "auditor", "system"):
        with pytest.raises(Denied):
            place.ask(who, signing.signatures, risk_id)
    with pytest.raises(Missing):
        place.ask("other_clerk", signing.signatures, risk_id)
