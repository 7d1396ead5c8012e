"""Measures: planned with two people, done by one, verified by the other, overdue by the calendar alone."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, literal, select, update

from core.access import Permission
from core.entries import risks
from core.entries.actions import MeasureAction, on_measure
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.openness import board
from core.organisation.recusal import NAMED
from core.prevention import measures, tasks
from core.prevention.measures import Measure, MeasureForm, Upload
from core.store import Work
from core.turning import Listed
from core.words import MeasureStatus
from db.tables import audit_entries, links, measures_, progress, recusals, risks_
from tests import makers
from tests.makers import Place


def form(place: Place, **changes: object) -> MeasureForm:
    ids = {key: actor.person_id for key, actor in place.people.items()}
    fields = {"text": "名单公示满七天", "owner_id": ids["clerk"], "watchdog_id": ids["watchdog"],
              "starts_on": place.today, "due_on": place.today + timedelta(days=20)}  # fmt: skip
    changed = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in changes.items()}
    return MeasureForm.model_validate(fields | changed)


def test_a_measure_has_an_owner_a_different_verifier_and_a_day_to_come(place: Place) -> None:
    risk_id = makers.open_risk(place)
    with pytest.raises(Refused):
        place.do("clerk", measures.plan, risk_id, form(place))
    makers.rated(place, risk_id)
    past = place.today - timedelta(days=2)
    for changes, field in (
        ({"owner_id": "watchdog2"}, "owner_id"), ({"watchdog_id": "clerk"}, "watchdog_id"),
        ({"owner_id": "secretary", "watchdog_id": "clerk"}, "watchdog_id"),
        ({"watchdog_id": "other_watchdog"}, "watchdog_id"), ({"owner_id": "other_clerk"}, "owner_id"),
        ({"due_on": past}, "due_on"), ({"starts_on": past - timedelta(days=9), "due_on": past}, "due_on"),
        ({"text": "请周小满把名单贴出来"}, "text"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            place.do("supervisor", measures.plan, risk_id, form(place, **changes))
        assert set(refusal.value.fields) == {field}
    with pytest.raises(Denied):
        place.do("watchdog", measures.plan, risk_id, form(place))
    with pytest.raises(Missing):
        place.do("other_clerk", measures.plan, risk_id, form(place))
    place.do("clerk", measures.plan, risk_id, form(place))


def test_only_the_owner_reports_and_never_verifies(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    for who in ("secretary", "watchdog"):
        with pytest.raises(Denied):
            place.do(who, measures.report, measure_id, 50, "不是我的")
    for percent in (-1, 101):
        with pytest.raises(Invalid):
            place.do("clerk", measures.report, measure_id, percent, "已整理")
    with pytest.raises(Invalid):
        place.do("clerk", measures.report, measure_id, 50, " ")
    place.do("clerk", measures.report, measure_id, 50, "已整理")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴")
    with pytest.raises(Denied):
        place.do("clerk", measures.verify, measure_id, "我自己看过")
    place.do("watchdog2", measures.send_back, measure_id, "缺照片")
    place.do("clerk", measures.report, measure_id, 80, "补拍照片")
    place.do("clerk", measures.ask_verification, measure_id, "已补")
    place.do("watchdog", measures.verify, measure_id, "看过，属实")
    with pytest.raises(Stale):
        place.do("clerk", measures.report, measure_id, 100, "再报一次")
    assert place.ask("clerk", tasks.mine) == []
    assert [row.id for row in place.ask("clerk", tasks.done)] == [measure_id]
    [task] = place.ask("clerk", tasks.of_entry, place.ask("clerk", tasks.done)[0].risk_id)
    assert task.row.status is MeasureStatus.VERIFIED
    assert [r.status for r in task.reports].count(MeasureStatus.RETURNED) == 1


def test_whoever_reported_before_a_hand_over_does_not_verify_after_it(place: Place) -> None:
    from core.access import Actor, Grant
    from core.words import Role

    _risk, measure_id = makers.controlled(place)
    place.do("clerk", measures.report, measure_id, 50, "已整理")
    makers.make_person(place, "newcomer", "何新来", "banyan", Role.CADRE)

    def pass_on(work: object) -> None:
        measure = work.store.find(measures.Measure, measure_id)  # type: ignore[attr-defined]
        measure.owner_id = place.people["newcomer"].person_id
        work.record("post_handed_over", measure_id, chain=measure.unit_id)  # type: ignore[attr-defined]

    place.do("system", pass_on)
    place.do("newcomer", measures.report, measure_id, 90, "接着做完")
    place.do("newcomer", measures.ask_verification, measure_id, "请核查")
    promoted = Actor(
        place.people["clerk"].person_id, "周小满", (Grant(Role.SUPERVISOR, place.units["street"].path),), None
    )
    with pytest.raises(Denied):
        place.do(promoted, measures.verify, measure_id, "我看过")
    place.do("supervisor", measures.verify, measure_id, "看过")


def test_files_and_words_are_kept_together_or_not_at_all(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    good, bad = Upload("名单.pdf", b"%PDF-1.7 x"), Upload("名单.pdf", b"<html>")
    with pytest.raises(Invalid):
        place.do("clerk", measures.report_with_files, measure_id, 50, "已张贴", [good, bad])
    [task] = place.ask("clerk", tasks.mine)
    assert (task.row.percent, task.files, task.reports) == (0, (), ())
    place.do("clerk", measures.report_with_files, measure_id, 50, "已张贴", [good])
    with pytest.raises(Invalid):
        place.do("clerk", measures.attach_all, measure_id, [good])
    [task] = place.ask("clerk", tasks.mine)
    assert [(f.name, f.added_by) for f in task.files] == [("名单.pdf", "周小满")]
    assert place.ask("watchdog", measures.evidence_content, task.files[0].id) == b"%PDF-1.7 x"
    with pytest.raises(Missing):
        place.ask("other_clerk", measures.evidence_content, task.files[0].id)


def test_overdue_is_read_from_the_calendar(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    assert place.ask("clerk", tasks.listed, None, True) == Listed()
    place.later(21)
    [row] = found = place.ask("clerk", tasks.listed, None, True)
    assert (row.id, found.total, row.done_on is None and row.due_on < place.today) == (measure_id, 1, True)
    place.do("clerk", measures.report, measure_id, 90, "已整理")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴")
    assert place.ask("clerk", tasks.listed, None, True).total == 0
    place.do("watchdog", measures.send_back, measure_id, "没看到")
    assert place.ask("clerk", tasks.listed, None, True).total == 1
    assert place.ask("clerk", tasks.listed, [MeasureStatus.RETURNED]).total == 1
    assert place.ask("other_clerk", tasks.listed) == Listed()


def test_each_sees_what_is_theirs_to_do(place: Place) -> None:
    _risk, measure_id = makers.controlled(place)
    assert [task.row.id for task in place.ask("clerk", tasks.mine)] == [measure_id]
    assert place.ask("secretary", tasks.mine) == []
    assert place.ask("watchdog", tasks.to_verify) == []
    place.do("clerk", measures.report, measure_id, 60, "已整理")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴")
    [task] = place.ask("watchdog", tasks.to_verify)
    assert task.may == {MeasureAction.VERIFY, MeasureAction.SEND_BACK}
    assert place.ask("other_watchdog", tasks.to_verify) == []
    with pytest.raises(Denied):
        place.ask("clerk", tasks.to_verify)


def test_what_waits_for_a_verdict_is_what_may_be_judged_by_the_rule(place: Place) -> None:
    """The list is chosen in the database; each person's is what `check_verdict` lets them judge."""
    who, kin = (place.people[name].person_id or "" for name in ("watchdog", "secretary"))
    hands = [
        lambda _risk, measure: update(progress).where(progress.c.measure_id == measure).values(said_by=who),
        lambda _risk, measure: update(progress).where(progress.c.measure_id == measure).values(said_by=kin),
        lambda _risk, measure: update(measures_).where(measures_.c.id == measure).values(owner_id=kin),
        lambda _risk, measure: update(measures_).where(measures_.c.id == measure).values(claimed_by=kin),
        lambda risk, _measure: update(risks_).where(risks_.c.id == risk).values(owner_id=kin),
        lambda risk, _measure: insert(recusals).from_select(
            ["id", "unit_id", "flag_id", "person_id", "reason"],
            select(literal("x"), links.c.unit_id, links.c.flag_id, literal(who), literal(NAMED)).where(
                links.c.risk_id == risk
            ),
        ),
        lambda _risk, measure: insert(audit_entries).values(
            chain="x", n=1, at="", actor="", event=Event.CLAIM_PASSED, subject=measure,
            facts=f'{{"person":"{kin}","to":"{who}"}}', previous="", digest="",
        ),
        lambda _risk, _measure: None,
    ]  # fmt: skip
    for n, hand in enumerate(hands):
        risk_id, measure_id = makers.controlled(place, f"第{n}项公示不及时", f"第{n}块公示栏没有更新")
        place.do("clerk", measures.report, measure_id, 60, "已整理")
        place.do("clerk", measures.ask_verification, measure_id, "已张贴")
        if (change := hand(risk_id, measure_id)) is not None:
            with place.engine.begin() as connection:
                connection.execute(change)
    makers.related(place, "watchdog", "secretary")
    counts = []
    for one in ("watchdog", "other_watchdog", "supervisor"):
        seen = {task.row.id for task in place.ask(one, tasks.to_verify)}
        assert seen == {row.id for row in place.ask(one, tasks.listed) if _may_judge(place, one, row.id)}
        counts.append(len(seen))
    assert counts == [1, 0, len(hands)]  # to the watchdog is left what nothing stands against


def _may_judge(place: Place, who: str, measure_id: str) -> bool:
    def asked(work: Work) -> bool:
        scope = work.actor.require(Permission.MEASURE_VERIFY)
        return MeasureAction.VERIFY in on_measure(work, work.store.one(Measure, measure_id, scope))

    return place.ask(who, asked)


def test_the_board_shows_what_is_done_only_while_it_stands(place: Place) -> None:
    risk_id, measure_id = makers.controlled(place)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    [page] = place.ask("clerk", board.board, place.units["banyan"].code)[1]
    assert [bool(measure["done"]) for measure in page.measures] == [True]
