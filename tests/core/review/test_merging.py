"""Merging keeps everything, can be undone, and is never done twice or by whoever answers for the item."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import FOUNDER, Grant
from core.entries import entry, rating, register
from core.entries.risks import Risk
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.organisation.recusal import Recusal
from core.organisation.units import new_id
from core.review import inbox, merging, triage
from core.store import Work
from core.voices import sealing
from core.voices.flags import Flag
from core.words import Level, RiskStatus, Role, Triage
from db.engine import connect
from tests import makers
from tests.core.review.test_triage import flag_of, holds, spoken
from tests.makers import Place, copy_of

UNKEPT = {"_sa_instance_state", "_version"}


def kept(place: Place, flag_id: str) -> dict[str, object]:
    return {name: value for name, value in vars(flag_of(place, flag_id)).items() if name not in UNKEPT}


def risk_of(place: Place, risk_id: str) -> Risk:
    return place.ask("watchdog", lambda work: work.store.find(Risk, risk_id))


def withhold(work: Work, flag_id: str, unit_id: str, person_id: str | None) -> None:
    work.store.add(Recusal(new_id(), unit_id, flag_id, person_id or "", "related"))
    work.record(Event.FLAG_RAISED, flag_id, chain=unit_id)


def test_undoing_a_merge_gives_back_exactly_what_was(place: Place) -> None:
    risk_id = makers.open_risk(place)
    flag_id = spoken(place, "名单贴了两天就撕了")
    place.do("watchdog", triage.ask_sender, flag_id, "哪一天？")
    before, entry = kept(place, flag_id), risk_of(place, risk_id)
    link_id = place.do("watchdog", merging.merge, flag_id, risk_id, "同一件事")
    assert kept(place, flag_id) != before
    with pytest.raises(Invalid):
        place.do("supervisor", merging.unmerge, link_id, "")
    with pytest.raises(Denied):
        place.do("clerk", merging.unmerge, link_id, "不是一件事")
    place.do("supervisor", merging.unmerge, link_id, "不是一件事")
    assert kept(place, flag_id) == before
    assert risk_of(place, risk_id).status is entry.status
    with pytest.raises(Stale):
        place.do("watchdog", merging.unmerge, link_id, "再来一次")
    [voice] = [v for v in place.ask("watchdog", merging.voices, risk_id) if v.link_id == link_id]
    assert (voice.reason, voice.undone_reason) == ("同一件事", "不是一件事")
    assert voice.undone_by == makers.NAMES["supervisor"]


def test_an_entry_left_without_voices_is_withdrawn_but_a_rated_one_stays(place: Place) -> None:
    risk_id = makers.open_risk(place)
    [voice] = place.ask("watchdog", merging.voices, risk_id)
    place.do("watchdog", inbox.take_back, voice.flag_id, "立错了")
    assert risk_of(place, risk_id).status is RiskStatus.ARCHIVED
    other = makers.open_risk(place, "公章谁都能盖", "公章使用登记不全")
    makers.rated(place, other)
    [voice] = place.ask("watchdog", merging.voices, other)
    with pytest.raises(Refused):
        place.do("watchdog", merging.unmerge, voice.link_id, "立错了")


def test_a_flag_is_merged_once_and_the_second_is_told_so(place: Place) -> None:
    risk_id = makers.open_risk(place)
    flag_id = spoken(place, "名单贴了两天就撕了")
    place.do("watchdog", merging.merge, flag_id, risk_id)
    form = makers.entry_form(place)
    for deed, *rest in ((merging.merge, risk_id), (merging.open_entry, form), (triage.decline, "重复")):
        with pytest.raises(Stale):
            place.do("watchdog2", deed, flag_id, *rest)
    assert len(place.ask("watchdog", merging.voices, risk_id)) == 2


def test_nothing_is_merged_across_communities_or_into_an_ended_entry(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.speak(place, "江边停车位没有公示", None, "river")
    [far] = [row for row in makers.inbox(place, "supervisor") if row.unit == "江畔社区"]
    with pytest.raises(Refused):
        place.do("supervisor", merging.merge, far.id, risk_id)
    for who in ("watchdog", "far_supervisor"):
        for deed, *rest in (
            (merging.merge, risk_id), (merging.open_entry, makers.entry_form(place)), (merging.candidates,),
            (merging.open_entries,),
        ):  # fmt: skip
            with pytest.raises(Missing):
                place.do(who, deed, far.id, *rest)
    with pytest.raises(Missing):
        place.do("other_watchdog", merging.merge, far.id, risk_id)
    with pytest.raises(Missing):
        place.ask("other_watchdog", merging.voices, risk_id)
    [voice] = place.ask("watchdog", merging.voices, risk_id)
    place.do("watchdog", inbox.take_back, voice.flag_id, "立错了")
    with pytest.raises(Refused):
        place.do("watchdog", merging.merge, spoken(place, "名单贴了两天就撕了"), risk_id)


def test_an_entry_is_opened_without_people_in_its_words(place: Place) -> None:
    flag_id = spoken(place, "救助名单不公开")
    with pytest.raises(Invalid) as refusal:
        place.do("watchdog", merging.open_entry, flag_id, makers.entry_form(place, "周小满不公开救助名单"))
    assert "周小满" in refusal.value.fields["title"]
    risk_id = place.do("watchdog", merging.open_entry, flag_id, makers.entry_form(place))
    assert risk_of(place, risk_id).level is None


def test_owners_of_the_item_read_no_residents_words_in_the_entry(place: Place) -> None:
    risk_id = makers.open_risk(place)
    place.do("watchdog", merging.merge, spoken(place, "名单贴了两天就撕掉"), risk_id, "也说撕掉的事")
    assert [(v.text, v.reason) for v in place.ask("clerk", merging.voices, risk_id)] == [(None, "")] * 2
    assert "也说撕掉的事" in [v.reason for v in place.ask("watchdog", merging.voices, risk_id)]
    assert all(v.text for v in place.ask("watchdog", merging.voices, risk_id))
    place.do(FOUNDER, lambda work: holds(work, place.posts["relief"], place.people["watchdog"].person_id))
    assert [v.text for v in place.ask("watchdog", merging.voices, risk_id)] == [None, None]
    flag_id = spoken_to(place, "watchdog2", "吃低保的名单撕掉")
    likely = place.ask("watchdog", merging.candidates, flag_id)
    assert not any("撕掉" in run for likeness in likely for run in likeness.match.shared)
    assert any("撕掉" in run for m in place.ask("watchdog2", merging.candidates, flag_id) for run in m.match.shared)
    with pytest.raises(Denied):
        place.do("watchdog", merging.merge, flag_id, risk_id)


def test_a_right_held_elsewhere_opens_no_words_here(place: Place) -> None:
    risk_id = makers.open_risk(place)
    cadre = place.people["secretary"]
    for unit, heard in (("far_street", None), ("street", "低保名单从来没见贴出来过")):
        also = replace(cadre, grants=(*cadre.grants, Grant(Role.DISCIPLINE, place.units[unit].path)))
        assert [v.text for v in place.ask(also, merging.voices, risk_id)] == [heard]
        place.do(also, entry.hear, risk_id)
    flag_id = place.ask("watchdog", merging.voices, risk_id)[0].flag_id
    assert [role for role, _day in place.ask("watchdog", lambda work: work.store.readings(flag_id))] == ["discipline"]


def spoken_to(place: Place, who: str, text: str) -> str:
    makers.speak(place, text, None)
    return next(row.id for row in makers.inbox(place, who) if row.text == text)


def test_the_recused_meet_the_flag_nowhere(place: Place) -> None:
    risk_id = makers.open_risk(place, "钱思远家里也吃低保，名单没贴")
    waiting = spoken_to(place, "watchdog", "钱思远收停车费不开票")
    place.do("watchdog", merging.merge, spoken_to(place, "watchdog", "低保名单没贴"), risk_id)
    assert len(place.ask("watchdog", merging.voices, risk_id)) == 2
    assert len(place.ask("watchdog2", merging.voices, risk_id)) == 1
    assert waiting not in [row.id for row in makers.inbox(place, "watchdog2")]
    for question in (merging.candidates, inbox.thread, inbox.draft):
        place.ask("watchdog", question, waiting)
        with pytest.raises(Missing):
            place.ask("watchdog2", question, waiting)
    with pytest.raises(Missing):
        place.do("watchdog2", merging.merge, waiting, risk_id)
    own = spoken_to(place, "watchdog2", "思远家里也吃低保")
    shared = [run for m in place.ask("watchdog2", merging.candidates, own) for run in m.match.shared]
    assert not any("家里" in run for run in shared)


def test_a_mark_in_the_register_stands_only_for_voices_one_may_know_of(place: Place) -> None:
    risk_id = makers.open_risk(place)
    [voice] = place.ask("watchdog", merging.voices, risk_id)
    place.do(FOUNDER, withhold, voice.flag_id, place.units["banyan"].id, place.people["watchdog2"].person_id)
    rows = {who: place.ask(who, register.register, register.Filter()).rows for who in ("watchdog", "watchdog2")}
    assert [r.sources for r in rows["watchdog"]] == [("resident",)]
    assert [r.sources for r in rows["watchdog2"]] == [()]
    exact = register.from_query({"voices": ["resident"]}, None)
    assert place.ask("watchdog", register.register, exact).total == 1
    assert place.ask("watchdog2", register.register, exact).total == 0


DEEDS = st.lists(
    st.tuples(st.sampled_from(("merge", "open", "undo", "refer", "rate")), st.integers(0, 3), st.integers(0, 3)),
    max_size=14,
)


@pytest.mark.costly
@settings(max_examples=settings().max_examples // 8, suppress_health_check=list(HealthCheck))
@given(DEEDS)
def test_whatever_is_merged_and_undone_the_voices_stay_and_undoing_all_restores_them(
    made: Place, deeds: list[tuple[str, int, int]]
) -> None:
    engine = connect("sqlite://")
    place = copy_of(made, engine)
    ids = [spoken(place, f"第{n}件：名单没有贴出来") for n in range(4)]
    first = {flag_id: kept(place, flag_id) for flag_id in ids}
    risks: list[str] = []
    for name, flag_no, risk_no in deeds:
        attempt(place, name, ids[flag_no], risks, risk_no)
        for flag_id in ids:
            now = kept(place, flag_id)
            assert [now[part] for part in VOICE] == [first[flag_id][part] for part in VOICE]
    for flag_id in ids:
        attempt(place, "undo", flag_id, risks, 0)
    rated = {voice.flag_id for risk_id in risks for voice in place.ask("watchdog", merging.voices, risk_id)
             if risk_of(place, risk_id).status is RiskStatus.RATED and not voice.undone_on}  # fmt: skip
    for flag_id in ids:
        assert flag_id in rated or kept(place, flag_id) == first[flag_id]
    engine.dispose()


VOICE = ("text", "source", "channel", "level", "factors", "raised_on", "place_id", "item_id")


def attempt(place: Place, name: str, flag_id: str, risks: list[str], risk_no: int) -> None:
    """One deed; refused where it is not open, which changes nothing."""
    try:
        if name == "open":
            risks.append(place.do("watchdog", merging.open_entry, flag_id, makers.entry_form(place)))
        elif name == "undo":
            place.do("watchdog", inbox.take_back, flag_id, "放回去")
        elif name == "refer":
            place.do("watchdog", triage.refer, flag_id, Triage.LIVELIHOOD, "民生")
        elif risks and name == "rate":
            form = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM, reason="")
            place.do("supervisor", rating.rate, risks[risk_no % len(risks)], form)
        elif risks:
            place.do("watchdog", merging.merge, flag_id, risks[risk_no % len(risks)])
    except Refused:
        pass


@pytest.mark.costly
def test_a_sealed_flag_is_missing_to_whoever_would_merge_it(place: Place) -> None:
    risk_id = makers.open_risk(place)
    flag_id = spoken(place, "名单贴了两天就撕了")
    place.do("watchdog", sealing.seal, flag_id, "像举报")
    with pytest.raises(Missing):
        place.do("watchdog", merging.merge, flag_id, risk_id)
    assert place.ask("discipline", lambda work: work.store.find(Flag, flag_id)).sealed
