"""What worked elsewhere: told from the board alone, without people, with its evidence, and to who may use it."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from core import items
from core.entries import rating, risks
from core.errors import Denied, Missing
from core.insight import lessons
from core.prevention import looking
from core.prevention.looking import LookForm
from core.review import merging, recurrence
from core.words import Dimension, DisclosureClass, DisclosureWhen, Level, ReviewResult, RiskType, Role
from tests import makers
from tests.makers import Place

ITEM = "低保和特困人员初核"


def closed(place: Place, result: ReviewResult, level: Level | None, title: str = "救助对象名单公开不及时") -> str:
    """An entry of 榕树社区 whose measures were carried out, closed and looked at again."""
    risk_id, measure_id = makers.controlled(place, title)
    makers.done(place, measure_id)
    place.do("clerk", risks.ask_closing, risk_id, "都已落实")
    place.do("watchdog2", risks.close, risk_id)
    place.later(30)
    looker = "far_watchdog"
    if looker not in place.people:
        makers.make_person(place, looker, "韩中立", "street", Role.SUPERVISOR)
    place.do(looker, looking.look, risk_id, LookForm(result=result, verified_level=level, note="现场看过"))
    return risk_id


def planning(place: Place, title: str = "低保名单长期不公开", item: bool = True) -> str:
    """An entry of 江畔社区 that is rated, so that measures can be planned."""
    item_id = place.items.get("river")
    if item and item_id is None:
        form = items.ItemForm(
            name=ITEM, dimension=Dimension.CLEAN_AFFAIRS, disclosure_class=DisclosureClass.AFFAIRS,
            disclosure_when=DisclosureWhen.QUARTERLY,
        )  # fmt: skip
        item_id = place.items["river"] = place.do("other_clerk", items.add_item, place.units["river"].id, form)
    makers.speak(place, f"{title}，没人说", None, "river")
    [flag] = [row for row in makers.inbox(place, "other_watchdog") if title in row.text]
    form = risks.RiskForm(
        title=title, item_id=item_id if item else None, dimension=Dimension.CLEAN_AFFAIRS, risk_type=RiskType.PROCESS
    )
    risk_id = str(place.do("other_watchdog", merging.open_entry, flag.id, form))
    place.do("supervisor", rating.rate, risk_id, rating.RatingForm(
        power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM,
    ))  # fmt: skip
    return risk_id


def test_a_measure_after_which_the_level_went_down_is_told_with_its_evidence(place: Place) -> None:
    closed(place, ReviewResult.EFFECTIVE, Level.LOW)
    [lesson] = place.ask("other_clerk", lessons.for_entry, planning(place))
    assert lesson.texts == ("每季度首月五日前在公开栏张贴名单",)
    assert (lesson.of.before, lesson.of.after, lesson.of.result) == (Level.MEDIUM, Level.LOW, ReviewResult.EFFECTIVE)
    assert (lesson.done, lesson.on_time, lesson.satisfied, lesson.same_item) == (1, 1, None, True)
    assert lesson.of.wording == "救助名单的公开有时不够及时"


def test_what_did_not_help_or_is_not_on_the_board_is_no_lesson(place: Place) -> None:
    closed(place, ReviewResult.PARTLY, Level.MEDIUM)
    risk_id = planning(place)
    assert place.ask("other_clerk", lessons.for_entry, risk_id) == []
    helped = closed(place, ReviewResult.PARTLY, Level.LOW, "临时救助发放不公开")
    assert [one.of.risk_id for one in place.ask("other_clerk", lessons.for_entry, risk_id)] == [helped]
    with place.engine.begin() as rows:
        rows.execute(text("DELETE FROM publications"))
    assert place.ask("other_clerk", lessons.for_entry, risk_id) == []


def test_another_matter_teaches_nothing_and_one_alike_does_also_without_the_item(place: Place) -> None:
    closed(place, ReviewResult.EFFECTIVE, Level.LOW)
    assert place.ask("other_clerk", lessons.for_entry, planning(place, "停车收费标准没有公示", item=False)) == []
    alike = planning(place, "救助名单的公开不够及时", item=False)
    [lesson] = place.ask("other_clerk", lessons.for_entry, alike)
    assert not lesson.same_item


def test_a_measure_that_names_somebody_by_now_is_left_out(place: Place) -> None:
    closed(place, ReviewResult.EFFECTIVE, Level.LOW)
    risk_id = planning(place)
    makers.make_person(place, "new", "张贴名", "banyan", Role.CADRE)
    assert place.ask("other_clerk", lessons.for_entry, risk_id) == []


@pytest.mark.privacy
def test_few_senders_satisfaction_is_not_told_and_nobody_learns_who_may_not_plan(place: Place) -> None:
    source = closed(place, ReviewResult.EFFECTIVE, Level.LOW)
    risk_id = planning(place)
    for n in range(5):
        [lesson] = place.ask("other_clerk", lessons.for_entry, risk_id)
        assert lesson.satisfied is None, n
        with place.engine.begin() as rows:
            rows.execute(
                text("INSERT INTO flags (id, unit_id, source, channel, text, raised_on, due_on, status, reason, sealed,"
                     " seal_confirmed, satisfied, version_id) SELECT :id, unit_id, 'resident', 'web', 'x', opened_on,"
                     " opened_on, 'merged', '', :no, :no, 4, 1 FROM risks WHERE id = :risk"),
                {"id": f"rated{n}", "risk": source, "no": False},
            )  # fmt: skip
            rows.execute(
                text("INSERT INTO links (id, unit_id, flag_id, risk_id, before, linked_by, linked_at, reason, founding,"
                     " undone_reason) SELECT :id, unit_id, :flag, id, 'new', :who, :at, '', :no, '' FROM risks WHERE"
                     " id = :risk"),
                {"id": f"l{n}", "flag": f"rated{n}", "who": place.people["watchdog"].person_id, "at": place.now,
                 "no": False, "risk": source},
            )  # fmt: skip
    [lesson] = place.ask("other_clerk", lessons.for_entry, risk_id)
    assert lesson.satisfied == 4.0
    for who, refusal in (("clerk", Missing), ("other_watchdog", Denied), ("discipline", Denied)):
        with pytest.raises(refusal):
            place.ask(who, lessons.for_entry, risk_id)
    with pytest.raises(Denied):
        place.ask("other_clerk", lessons.for_common, "none")
    assert place.ask("supervisor", recurrence.may_search)


def test_a_late_measure_counts_as_done_but_not_in_time(place: Place) -> None:
    risk_id = closed(place, ReviewResult.EFFECTIVE, Level.LOW)
    with place.engine.begin() as rows:
        found = rows.execute(text("SELECT measures FROM publications WHERE id = :id"), {"id": risk_id}).scalar()
        early = (place.today - timedelta(days=300)).isoformat()
        changed = str(found).replace("'", '"') if not isinstance(found, str) else found
        due = changed.split('"due": "')[1][:10]
        rows.execute(text("UPDATE publications SET measures = :m WHERE id = :id"),
                     {"m": changed.replace(f'"due": "{due}"', f'"due": "{early}"'), "id": risk_id})  # fmt: skip
    [lesson] = place.ask("other_clerk", lessons.for_entry, planning(place))
    assert (lesson.done, lesson.on_time) == (1, 0)
