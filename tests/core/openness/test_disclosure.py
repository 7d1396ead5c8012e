"""The disclosure catalogue and its dues: without gaps and doubles, done with proof alone, shown from rows apart."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import items
from core.access import RESIDENT
from core.alerts import warnings
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.evidence import Upload
from core.home import Chore
from core.openness import disclosure, showing, subjects
from core.openness.disclosure import SOON, DueRow, Occasion, Publishing
from core.openness.subjects import SubjectForm
from core.orders import Reason
from core.words import DisclosureClass, DisclosureWhen
from db import jobs
from db.sweeping import PROGRAM
from tests import makers
from tests.makers import Place

PHOTO = Upload("公开栏.txt", "已于公开栏张贴".encode())


def form(when: DisclosureWhen = DisclosureWhen.MONTHLY, name: str = "居务开支", **rest: Any) -> SubjectForm:
    known = {"heading": "财务公开", "disclosure_class": DisclosureClass.FINANCE, "channel": "社区公开栏"}
    return SubjectForm.model_validate(known | {"name": name, "disclosure_when": when} | rest)


def added(place: Place, when: DisclosureWhen = DisclosureWhen.MONTHLY, name: str = "居务开支", **rest: Any) -> str:
    return str(place.do("clerk", subjects.add, place.units["banyan"].id, form(when, name, **rest)))


def renewed(place: Place) -> int:
    return int(place.do(PROGRAM, disclosure.renew, place.units["banyan"].id))


def owed(place: Place, who: str = "clerk") -> list[DueRow]:
    return list(place.ask(who, disclosure.owed))


def publishing(here: Place, **rest: Any) -> Publishing:
    return Publishing.model_validate({"published_on": here.today, "place": "公开栏张贴"} | rest)


def test_power_items_with_a_class_fill_the_catalogue_once(place: Place) -> None:
    here = place.units["banyan"].id
    assert place.ask("clerk", subjects.left_to_fill, here) == 2
    assert place.do("clerk", subjects.fill, here) == 2
    assert [row.name for row in place.ask("watchdog", subjects.catalogue, here)] == ["低保和特困人员初核", "公章使用"]
    assert place.ask("clerk", subjects.left_to_fill, here) == 0
    assert {row.period for row in owed(place)} == {"2026年第4季度"}


def test_a_year_without_the_sweep_is_caught_up_with_and_a_second_one_adds_nothing(place: Place) -> None:
    added(place)
    assert [row.first for row in owed(place)] == [date(2026, 11, 1)]
    place.later(400)
    assert renewed(place) == 13
    firsts = [row.first for row in owed(place)]
    assert firsts == [date(2026 + (10 + n) // 12, (10 + n) % 12 + 1, 1) for n in range(14)]
    assert renewed(place) == 0
    assert [row.first for row in owed(place)] == firsts


@pytest.mark.parametrize("when", list(DisclosureWhen))
def test_every_rhythm_owes_what_it_owes_from_the_first_day(place: Place, when: DisclosureWhen) -> None:
    added(place, when)
    assert len(owed(place)) == (0 if when in (DisclosureWhen.IMMEDIATE, DisclosureWhen.NOTICE_7_DAYS) else 1)


def test_what_is_permanent_is_owed_again_when_it_or_its_power_item_changes(place: Place) -> None:
    here = place.units["banyan"].id
    place.do("clerk", subjects.fill, here)
    [relief] = [row for row in place.ask("clerk", subjects.catalogue, here) if row.item == "低保和特困人员初核"]
    lasting = form(DisclosureWhen.PERMANENT, relief.name, disclosure_class=DisclosureClass.AFFAIRS)
    place.do("clerk", subjects.change, relief.id, lasting)
    [due] = [row for row in owed(place) if row.subject_id == relief.id]
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    place.later(10)
    assert renewed(place) == 0
    [item] = [row for row in place.ask("clerk", items.catalogue, here) if row.id == place.items["relief"]]
    changed = items.ItemForm(
        name=item.name, dimension=item.dimension, basis="新办法", post_id=item.post_id,
        disclosure_class=item.disclosure_class, disclosure_when=item.disclosure_when,
    )  # fmt: skip
    place.do("clerk", items.change_item, item.id, changed)
    assert renewed(place) == 1
    assert renewed(place) == 0
    assert [row.first for row in owed(place) if row.subject_id == relief.id and not row.published_on] == [place.today]


def test_another_rhythm_forgets_the_period_that_is_not_over_and_keeps_what_is_owed_before(place: Place) -> None:
    subject_id = added(place)
    place.later(60)
    place.do("clerk", subjects.change, subject_id, form(DisclosureWhen.YEARLY))
    assert [row.first for row in owed(place)] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert [row.last for row in owed(place)][-1] == date(2027, 12, 31)
    assert renewed(place) == 0


def test_a_retired_item_owes_nothing_new_and_what_was_overdue_stays(place: Place) -> None:
    subject_id = added(place)
    place.later(45)
    place.do("clerk", subjects.retire, subject_id)
    assert [row.first for row in owed(place)] == [date(2026, 11, 1)]
    place.later(100)
    assert renewed(place) == 0
    with pytest.raises(Stale):
        place.do("clerk", subjects.retire, subject_id)


def test_nothing_counts_as_published_without_proof(place: Place) -> None:
    added(place)
    [due] = owed(place)
    with pytest.raises(Invalid) as refusal:
        place.do("clerk", disclosure.publish, due.id, publishing(place), None)
    assert set(refusal.value.fields) == {"file"}
    with pytest.raises(Invalid):
        place.do("clerk", disclosure.publish, due.id, publishing(place), Upload("x.exe", b"MZ\0\0"))
    assert owed(place)[0].published_on is None
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    [done] = owed(place)
    assert (done.published_on, done.place, done.published_by) == (place.today, "公开栏张贴", "周小满")
    [(proof_id, name, kind)] = done.files
    assert (name, kind) == ("公开栏.txt", "text/plain")
    assert place.ask("watchdog", disclosure.proof_content, proof_id) == PHOTO.content
    with pytest.raises(Missing):
        place.ask("far_supervisor", disclosure.proof_content, proof_id)
    with pytest.raises(Stale):
        place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)


def test_retiring_an_item_does_not_end_the_warning_of_what_was_overdue(place: Place) -> None:
    subject_id = added(place)
    [due] = owed(place)
    place.later((due.due_on - place.today).days + 2)
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
    place.do("clerk", subjects.retire, subject_id)
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
    assert "disclosure_just_late" in {row.rule for row in place.ask("clerk", warnings.warnings)}
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)
    assert place.ask("clerk", warnings.warnings) == []


def test_days_late_follow_from_the_real_day(place: Place) -> None:
    added(place)
    place.later(50)
    [due] = [row for row in owed(place) if row.first == date(2026, 11, 1)]
    assert due.late_by(place.today) == (place.today - due.due_on).days > 0
    real = due.due_on + timedelta(days=3)
    place.do("clerk", disclosure.publish, due.id, publishing(place, published_on=real), PHOTO)
    [done] = [row for row in owed(place) if row.first == date(2026, 11, 1)]
    assert done.late_by(place.today) == 3


@pytest.mark.parametrize("days", [1, -40])
def test_a_day_to_come_or_before_the_period_is_no_day_of_publishing(place: Place, days: int) -> None:
    added(place)
    [due] = owed(place)
    form = publishing(place, published_on=place.today + timedelta(days=days))
    with pytest.raises(Invalid) as refusal:
        place.do("clerk", disclosure.publish, due.id, form, PHOTO)
    assert set(refusal.value.fields) == {"published_on"}


def test_a_record_made_by_mistake_is_taken_back_and_owed_again(place: Place) -> None:
    added(place)
    [due] = owed(place)
    place.do("clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    place.do("clerk", disclosure.undo, due.id, Reason(reason="登记错了"))
    assert owed(place)[0].published_on is None
    [shown] = place.ask(RESIDENT, showing.openness, place.units["banyan"].code, date(2026, 12, 1)).month
    assert (shown.published_on, shown.text) == (None, "")
    with pytest.raises(Refused):
        place.do("clerk", disclosure.undo, due.id, Reason(reason="登记错了"))


def test_numbers_are_covered_and_names_refused_in_what_the_public_reads(place: Place) -> None:
    added(place)
    [due] = owed(place)
    with pytest.raises(Invalid) as refusal:
        place.do("clerk", disclosure.publish, due.id, publishing(place, text="经办人周小满"), PHOTO)
    assert "周小满" in refusal.value.fields["text"]
    with pytest.raises(Invalid):
        place.do("clerk", disclosure.publish, due.id, publishing(place, place="周小满家门口"), PHOTO)
    place.do("clerk", disclosure.publish, due.id, publishing(place, text="咨询请打 13800138000"), PHOTO)
    assert "13800138000" not in owed(place)[0].text
    assert "*" in owed(place)[0].text


def test_an_occasion_is_noted_once_and_has_its_clock(place: Place) -> None:
    subject_id = added(place, DisclosureWhen.NOTICE_7_DAYS, "低保拟定对象公示")
    noted = Occasion(subject_id=subject_id, happened_on=place.today, occasion="十一月拟定对象")
    place.do("clerk", disclosure.note_occasion, noted)
    with pytest.raises(Stale):
        place.do("clerk", disclosure.note_occasion, noted)
    place.do("clerk", disclosure.note_occasion, noted.model_copy(update={"occasion": "补充对象"}))
    assert {row.period for row in owed(place)} == {"十一月拟定对象", "补充对象"}
    with pytest.raises(Invalid):
        place.do("clerk", disclosure.note_occasion, noted.model_copy(update={"subject_id": added(place)}))
    assert renewed(place) == 0


def test_the_board_shows_what_is_due_done_and_overdue_and_no_proof(place: Place) -> None:
    added(place)
    added(place, DisclosureWhen.YEARLY, "年度收支决算")
    place.later(40)
    code = place.units["building"].code
    found = place.ask(RESIDENT, showing.openness, code, date(2026, 12, 1))
    assert [row.subject for row in found.month] == ["居务开支"]
    place.later(30)
    found = place.ask(RESIDENT, showing.openness, code, date(2027, 1, 1))
    assert [row.subject for row in found.overdue] == ["居务开支"]
    assert [row.subject for row in found.month] == ["年度收支决算"]
    [late] = [row for row in owed(place) if row.subject == "居务开支"]
    place.do("clerk", disclosure.publish, late.id, publishing(place, text="十一月收支已张贴"), PHOTO)
    found = place.ask(RESIDENT, showing.openness, code, date(2027, 1, 1))
    assert [row.text for row in found.month if row.published_on] == ["十一月收支已张贴"]
    assert found.overdue == ()
    assert "公开栏.txt" not in str([vars(row) for row in found.month])


def test_only_the_cadres_of_a_community_record_and_those_above_and_beside_read(place: Place) -> None:
    added(place)
    [due] = owed(place, "supervisor")
    for who in ("watchdog", "supervisor", "discipline"):
        with pytest.raises(Denied):
            place.do(who, disclosure.publish, due.id, publishing(place), PHOTO)
    with pytest.raises(Missing):
        place.do("other_clerk", disclosure.publish, due.id, publishing(place), PHOTO)
    assert owed(place, "other_clerk") == []
    with pytest.raises(Denied):
        place.ask(RESIDENT, disclosure.owed)
    with pytest.raises(Denied):
        place.do("clerk", disclosure.renew, place.units["banyan"].id)


def test_the_catalogue_names_nobody_and_holds_no_name_twice(place: Place) -> None:
    added(place)
    with pytest.raises(Invalid):
        added(place)
    with pytest.raises(Invalid):
        added(place, name="周小满的补贴")
    with pytest.raises(Invalid):
        added(place, name="内部名单", disclosure_class=DisclosureClass.NONE)


def test_the_question_for_warnings_tells_day_due_and_day_done_within_a_scope(place: Place) -> None:
    added(place)
    with makers.work_of(place, "supervisor") as work:
        scope = work.actor.scope(subjects.Permission.DISCLOSURE_READ)
        [row] = work.store.disclosure_dues(scope, place.units["banyan"].id)
        assert (row.due_on > row.last, row.published_on) == (True, None)
        assert work.store.disclosure_dues(scope, place.units["river"].id) == []
        for before, waits in ((SOON, (1, row.due_on)), (SOON + 1, (0, None))):
            day = row.due_on - timedelta(days=before)
            assert work.store.what_waits(scope, work.person_id, day, [Chore.DISCLOSE]) == {Chore.DISCLOSE: waits}


def test_the_daily_sweep_makes_what_is_owed_and_a_second_one_on_the_day_makes_nothing(place: Place) -> None:
    added(place)
    place.later(70)
    for _time in range(2):
        jobs.sweep(place.engine, now=lambda: place.now)
        assert [row.first for row in owed(place)] == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
