"""Second looks: when, by whom, what they lead to, and what residents and the public are told of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import home
from core.access import FOUNDER, RESIDENT, Actor, Grant, Permission
from core.entries import actions, entry, register, risks, signing
from core.entries.actions import Action
from core.errors import Denied, Invalid, Refused
from core.evidence import Upload
from core.home import Chore
from core.insight import figures
from core.ledgers import handover
from core.openness import board
from core.organisation import people, posts
from core.prevention import looking, measures
from core.prevention.looking import LookForm
from core.prevention.looks import SecondLook
from core.review import merging
from core.voices import followup
from core.words import Level, ReviewResult, RiskStatus, Role
from db.engine import connect
from db.migrate import upgrade
from tests import makers
from tests.makers import Place, make_place

R = ReviewResult


def closed(place: Place, closer: str = "watchdog2") -> str:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do(closer, risks.close, risk_id)
    return risk_id


def look(place: Place, risk_id: str, result: ReviewResult, who: str | Actor = "watchdog", **more: object) -> None:
    level = Level.LOW if result in (R.EFFECTIVE, R.PARTLY) else None
    place.do(who, looking.look, risk_id, LookForm(result=result, verified_level=level, note="现场看过"), **more)


def looks(place: Place, risk_id: str) -> list[tuple[int, int, ReviewResult | None]]:
    """Number, days from the first closing day, result."""
    found = place.ask("clerk", looking.looks_at, risk_id)
    start = found[0].due_on - timedelta(days=30)
    return [(one.n, (one.due_on - start).days, one.result) for one in found]


def status(place: Place, risk_id: str) -> RiskStatus:
    found: RiskStatus = place.ask("clerk", entry.entry, risk_id).status
    return found


def lookers(place: Place, risk_id: str) -> list[str]:
    """Who of the place may look: those to whom the deed is offered."""
    path, right = place.units["banyan"].path, Permission.RISK_LOOK_AGAIN
    near = [key for key, actor in place.people.items() if actor.scope(right).covers(path)]
    found = [key for key in near if Action.LOOK in place.ask(key, actions.actions, risk_id)]
    assert place.ask("clerk", looking.somebody_may, risk_id) is bool(found)
    return sorted(place.people[key].name for key in found)


def chore(place: Place, who: str | Actor, kind: Chore = Chore.LOOK) -> tuple[int, object]:
    return next(((t.count, t.due) for t in place.ask(who, home.waiting) if t.chore is kind), (0, None))


def test_effective_twice_is_archived_and_stays_in_the_figures(place: Place) -> None:
    risk_id = closed(place)
    assert looks(place, risk_id) == [(1, 30, None)]
    place.later(30)
    look(place, risk_id, R.EFFECTIVE)
    assert looks(place, risk_id) == [(1, 30, R.EFFECTIVE), (2, 90, None)]
    place.later(60)
    look(place, risk_id, R.PARTLY, "supervisor")
    assert status(place, risk_id) is RiskStatus.ARCHIVED
    row = place.ask("clerk", entry.entry, risk_id)
    assert (row.verified_level, row.closed_by) == (Level.LOW, "钱思远")
    assert place.ask("clerk", figures.overview).stages[figures.Stage.CLOSED] == 1
    told = "\n".join(line.what for line in place.ask("clerk", entry.history, risk_id))
    for words in ("回头看（有效", "回头看（部分有效", "回头看后归档", "核实等级：低"):
        assert words in told
    assert place.ask("clerk", register.register, register.Filter()).total == 0
    assert place.ask("clerk", register.register, register.Filter(statuses=(RiskStatus.ARCHIVED,))).total == 1


def test_ineffective_opens_it_again_and_a_new_closing_begins_anew(place: Place) -> None:
    risk_id = closed(place)
    place.later(31)
    look(place, risk_id, R.INEFFECTIVE)
    assert status(place, risk_id) is RiskStatus.REOPENED
    assert looks(place, risk_id) == [(1, 30, R.INEFFECTIVE)]
    history = place.ask("clerk", lambda w: w.store.risk_history(w.actor.scope("register:read"), risk_id))
    [opened] = [row.facts for row in history if row.event == "risk_reopened"]
    assert opened == {"reason": "现场看过", "result": "ineffective"}
    measure_id = makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    assert looks(place, risk_id) == [(1, 30, R.INEFFECTIVE), (2, 61, None)]


def test_reopening_by_hand_takes_the_planned_look_back(place: Place) -> None:
    risk_id = closed(place)
    place.do("supervisor", risks.reopen, risk_id, "又出现")
    assert place.ask("clerk", looking.looks_at, risk_id) == []
    assert chore(place, "watchdog") == (0, None)


def test_what_cannot_be_told_is_looked_at_in_thirty_days_and_archived_only_after_ninety(place: Place) -> None:
    risk_id = closed(place)
    place.later(30)
    look(place, risk_id, R.UNCLEAR)
    assert looks(place, risk_id)[-1] == (2, 60, None)
    place.later(30)
    look(place, risk_id, R.EFFECTIVE)
    assert looks(place, risk_id)[-1] == (3, 90, None)
    place.later(30)
    look(place, risk_id, R.UNCLEAR)
    assert looks(place, risk_id)[-1] == (4, 120, None)
    place.later(40)
    look(place, risk_id, R.EFFECTIVE)
    assert status(place, risk_id) is RiskStatus.ARCHIVED


def test_a_first_look_after_ninety_days_is_followed_by_one_more(place: Place) -> None:
    risk_id = closed(place)
    place.later(100)
    look(place, risk_id, R.EFFECTIVE)
    assert looks(place, risk_id)[-1] == (2, 130, None)


def test_a_look_opens_seven_days_before_its_day_and_needs_a_level_and_words(place: Place) -> None:
    risk_id = closed(place)
    place.later(22)
    with pytest.raises(Refused, match="起可以回头看"):
        look(place, risk_id, R.EFFECTIVE)
    assert chore(place, "watchdog") == (0, None)
    place.later(1)
    assert chore(place, "watchdog") == (1, place.today + timedelta(days=7))
    with pytest.raises(Invalid) as refusal:
        place.do("watchdog", looking.look, risk_id, LookForm(result=R.PARTLY, note="看过了"))
    assert set(refusal.value.fields) == {"verified_level"}
    look(place, risk_id, R.PARTLY)
    with pytest.raises(Refused):
        look(place, risk_id, R.PARTLY)


def test_nobody_looks_who_had_a_part_in_it_or_no_right(place: Place) -> None:
    risk_id = closed(place)
    place.later(30)
    for who in ("clerk", "secretary", "watchdog2", "discipline", "other_watchdog", "far_supervisor", "auditor"):
        with pytest.raises(Refused):
            look(place, risk_id, R.EFFECTIVE, who)
        if who not in ("auditor", "other_watchdog", "far_supervisor"):
            assert Action.LOOK not in place.ask(who, actions.actions, risk_id)
        assert chore(place, who) == (0, None)
    assert lookers(place, risk_id) == ["孙立人", "郑守正"]
    assert Action.LOOK in place.ask("watchdog", actions.actions, risk_id)
    [row] = found = place.ask("watchdog2", looking.listed, "due")
    assert (row.mine, row.deserted, found.total) == (False, False, 1)
    [row] = place.ask("watchdog", looking.listed, "due")
    assert row.mine


def test_whoever_is_named_in_a_voice_does_not_look(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.speak(place, "孙立人从来不来看名单")
    [flag] = [row for row in makers.inbox(place) if "孙立人" in row.text]
    place.do("watchdog", merging.merge, flag.id, risk_id)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    place.later(30)
    assert lookers(place, risk_id) == ["郑守正"]
    assert chore(place, "supervisor") == (0, None)
    with pytest.raises(Denied):
        look(place, risk_id, R.EFFECTIVE, "supervisor")


def test_who_once_answered_for_it_does_not_look_even_after_a_hand_over(place: Place) -> None:
    makers.make_person(place, "newcomer", "何新来", "banyan", Role.CADRE)
    risk_id, measure_id = makers.controlled(place)
    ids = [place.people[key].person_id for key in ("clerk", "newcomer")]
    order = handover.HandOver(giver_id=ids[0], taker_id=ids[1], reason="轮岗")
    place.do("supervisor", handover.hand_over, order)
    place.do("newcomer", measures.report, measure_id, 60, "已整理名单")
    place.do("newcomer", measures.ask_verification, measure_id, "已张贴")
    place.do("watchdog", measures.verify, measure_id, "看过")
    place.do("newcomer", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    path = place.units["banyan"].path
    [cadre] = [a for a in place.ask(FOUNDER, lambda w: w.store.assignments(ids[0])) if a.role is Role.CADRE]
    place.do(FOUNDER, people.revoke_role, cadre.id)
    place.do(FOUNDER, people.grant_role, ids[0], Role.WATCHDOG, place.units["banyan"].id)
    former = Actor(ids[0], "周小满", (Grant(Role.WATCHDOG, path),))
    place.later(30)
    with pytest.raises(Denied):
        look(place, risk_id, R.EFFECTIVE, former)
    assert chore(place, former) == (0, None)
    assert "周小满" not in lookers(place, risk_id)


def test_files_of_a_look_are_kept_like_evidence_and_read_by_who_reads_the_register(place: Place) -> None:
    risk_id = closed(place)
    place.later(30)
    paper = Upload("照片.pdf", b"%PDF-1.7 x")
    with pytest.raises(Invalid):
        look(place, risk_id, R.EFFECTIVE, files=[paper, Upload("a.exe", b"MZ\0\0")])
    assert looks(place, risk_id) == [(1, 30, None)]
    look(place, risk_id, R.EFFECTIVE, files=[paper, Upload("again.pdf", b"%PDF-1.7 x")])
    [file] = place.ask("clerk", looking.looks_at, risk_id)[0].files
    assert place.ask("clerk", looking.file_content, file.id) == b"%PDF-1.7 x"
    for who in ("other_clerk", "auditor", RESIDENT):
        with pytest.raises(Refused):
            place.ask(who, looking.file_content, file.id)


def test_the_sender_and_the_board_read_that_it_was_looked_at_and_no_word_of_the_note(place: Place) -> None:
    code = makers.speak(place)
    [flag] = makers.inbox(place)
    risk_id = place.do("watchdog", merging.open_entry, flag.id, makers.entry_form(place))
    makers.rated(place, risk_id)
    makers.filed(place, risk_id)
    makers.assigned(place, risk_id)
    measure_id = makers.planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    place.later(30)
    look(place, risk_id, R.EFFECTIVE)
    story = place.ask(RESIDENT, followup.follow, code)
    assert [line.day for line in story.lines if "已回头看：措施有效" in line.sentence] == [place.today]
    assert "现场看过" not in str(story)
    [page] = place.ask(RESIDENT, board.board, place.units["banyan"].code)[1]
    assert (page.looked_on, page.look) == (place.today, "已回头看：措施有效。")
    place.later(60)
    look(place, risk_id, R.INEFFECTIVE)
    [page] = place.ask(RESIDENT, board.board, place.units["banyan"].code)[1]
    assert (page.status, page.look) == (RiskStatus.REOPENED, "已回头看：措施还没有见效，已重新办理。")


def test_what_residents_say_since_is_exact_for_who_reads_the_voices_and_protected_for_others(place: Place) -> None:
    risk_id = closed(place)
    place.later(10)
    quiet = place.ask("watchdog", looking.since, risk_id)
    assert (quiet.alike, quiet.quiet) == ("0", True)
    for text in ("低保名单从来没见贴出来过，还是没有", "低保名单又没贴", "垃圾没人收"):
        makers.speak(place, text, item="relief" if "低保" in text else None)
    found = place.ask("watchdog", looking.since, risk_id)
    assert (found.alike, found.joined, found.again, found.quiet) == ("2", "0", "0", False)
    for who in ("clerk", "secretary"):
        seen = place.ask(who, looking.since, risk_id)
        assert {seen.alike, seen.joined, seen.again, *(mark.count for mark in seen.marks)} == {"少于5"}
        assert not seen.quiet
        assert all(mark.mean is None for mark in seen.marks)


def test_no_deed_leaves_a_look_with_nobody(place: Place) -> None:
    closed(place, closer="watchdog")
    ids = {key: actor.person_id for key, actor in place.people.items()}
    place.do("system", people.close_account, ids["watchdog2"])
    with pytest.raises(Refused, match="回头看"):
        place.do(FOUNDER, people.close_account, ids["supervisor"])
    [held] = place.ask(FOUNDER, lambda w: w.store.assignments(ids["supervisor"]))
    with pytest.raises(Refused, match="回头看"):
        place.do("security", people.revoke_role, held.id)
    with pytest.raises(Refused, match="回头看"):
        place.do(FOUNDER, posts.take_post, place.posts["relief"], ids["supervisor"])
    place.later(30)
    assert chore(place, "supervisor") == (1, place.today)


def test_a_look_that_nobody_may_make_is_told_to_the_supervisor(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    for gone in ("watchdog2",):
        place.do("system", people.close_account, place.people[gone].person_id)
    makers.speak(place, "郑守正收了名单不贴")
    [flag] = [row for row in makers.inbox(place, "supervisor") if "郑守正" in row.text]
    place.do("supervisor", merging.merge, flag.id, risk_id)
    place.do("supervisor", risks.close, risk_id)
    place.later(30)
    assert chore(place, "supervisor", Chore.DESERTED) == (1, None)
    [row] = place.ask("supervisor", looking.listed, "due")
    assert row.deserted
    makers.make_person(place, "third", "何新来", "banyan", Role.WATCHDOG)
    assert chore(place, "supervisor", Chore.DESERTED) == (0, None)


DEEDS: dict[str, Callable[[Place, str, str], object]] = {
    "ask": lambda p, who, r: p.do(who, risks.ask_closing, r, "已落实"),
    "close": lambda p, who, r: p.do(who, risks.close, r),
    "effective": lambda p, who, r: look(p, r, R.EFFECTIVE, who),
    "ineffective": lambda p, who, r: look(p, r, R.INEFFECTIVE, who),
    "unclear": lambda p, who, r: look(p, r, R.UNCLEAR, who),
    "reopen": lambda p, who, r: p.do(who, risks.reopen, r, "又出现"),
    "sign": lambda p, who, r: p.do(who, signing.sign_again, r, p.ask(who, signing.asked, r).digest),
    "assign": lambda p, who, r: p.do(who, risks.assign, r, p.people["both"].person_id, None, None),
    "again": lambda p, who, r: _carried_out_again(p, r),
}  # fmt: skip
WHO = ("clerk", "secretary", "watchdog", "watchdog2", "supervisor", "both")


def _carried_out_again(place: Place, risk_id: str) -> None:
    measure_id = makers.planned(place, risk_id, owner="both")
    place.do("supervisor", risks.control, risk_id)
    place.do("both", measures.report, measure_id, 50, "已整理")
    place.do("both", measures.ask_verification, measure_id, "已张贴")
    place.do("watchdog", measures.verify, measure_id, "看过")


@pytest.mark.costly
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from(WHO)), min_size=15, max_size=40))
def test_nobody_looks_again_at_what_they_closed_owned_or_carried_out(walk: list[tuple[str, str]]) -> None:
    engine = connect("sqlite://")
    upgrade(engine)
    place = make_place(engine)
    path = place.units["banyan"].path
    makers.make_person(place, "both", "何两边", "banyan", Role.CADRE)
    place.do(FOUNDER, people.grant_role, place.people["both"].person_id, Role.SUPERVISOR, place.units["banyan"].id)
    grants = (Grant(Role.CADRE, path), Grant(Role.SUPERVISOR, path))
    place.people["both"] = Actor(place.people["both"].person_id, "何两边", grants, place.units["banyan"].id)
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    part, closer = {"clerk", "secretary"}, ""
    for deed, who in walk:
        place.later(15)
        try:
            DEEDS[deed](place, who, risk_id)
        except Refused:
            continue
        if deed in ("effective", "ineffective", "unclear"):
            assert who not in part
            assert who != closer
        part |= {who} if deed == "ask" else {"both"} if deed in ("assign", "again") else set()
        closer = who if deed == "close" else closer
        _one_look_waits_while_it_is_closed(place, risk_id)
    engine.dispose()


def _one_look_waits_while_it_is_closed(place: Place, risk_id: str) -> None:
    waiting = [one for one in place.ask("supervisor", looking.looks_at, risk_id) if one.result is None]
    assert len(waiting) == (status(place, risk_id) is RiskStatus.CLOSED)
    kept = place.ask("supervisor", lambda w: w.store.some(SecondLook, w.actor.scope("register:read"), risk_id=risk_id))
    assert all((one.result is None) is (one.looked_by is None) for one in kept)
