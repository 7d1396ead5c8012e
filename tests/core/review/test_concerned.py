"""One point for all whom a common risk concerns, and for nobody who has it handled."""

import pytest

from core.errors import Denied, Invalid, Missing
from core.review import concerned, recurrence
from core.review.concerned import CommonForm, Handled
from core.voices import points
from core.words import FlagStatus
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.core.review.test_recurrence import entries, found, searched  # noqa: F401
from tests.makers import Place

pytestmark = pytest.mark.usefixtures("plainly")


def group_of(place: Place) -> str:
    [common] = found(place, searched(place)).common
    return str(common.group_id)


def form(place: Place, *units: str) -> CommonForm:
    return CommonForm(unit_ids=[place.units[key].id for key in units], text="低保名单不公开", reason="两个社区都有")


def handled(place: Place, group: str) -> dict[str, Handled | None]:
    return {one.unit: one.handled for one in place.ask("supervisor", concerned.concerned, group)}


@pytest.mark.costly
def test_one_deed_raises_it_with_all_concerned_each_with_its_clock(place: Place, entries: dict[str, str]) -> None:  # noqa: F811
    group = group_of(place)
    assert handled(place, group) == {"榕树社区": None, "江畔社区": None}
    place.do("supervisor", concerned.raise_common, group, form(place, "banyan", "river"))
    rows = place.ask("supervisor", points.raised)
    assert {(row.unit, row.status) for row in rows} == {("榕树社区", FlagStatus.NEW), ("江畔社区", FlagStatus.NEW)}
    assert len({row.point_id for row in rows}) == 1
    assert all(row.due_on > place.today for row in rows)
    assert handled(place, group) == {"榕树社区": Handled.ASKED, "江畔社区": Handled.ASKED}
    [mine] = place.ask("clerk", points.received)
    ready = place.ask("clerk", points.answering, mine.flag_id)
    assert ready.likely[0].id == entries["banyan"]


def test_who_has_it_handled_is_left_out_and_refused(place: Place, entries: dict[str, str]) -> None:  # noqa: F811
    group = group_of(place)
    makers.raise_point(place, ("river",), "低保审核要公开")
    [point] = place.ask("other_clerk", points.received)
    place.do("other_clerk", points.already_entry, point.flag_id, entries["river"], "")
    assert handled(place, group) == {"榕树社区": None, "江畔社区": Handled.RAISED}
    with pytest.raises(Invalid) as refused:
        place.do("supervisor", concerned.raise_common, group, form(place, "banyan", "river"))
    assert refused.value.fields == {"unit_ids": "江畔社区：该项上级已提出"}
    place.do("supervisor", concerned.raise_common, group, form(place, "banyan"))
    with pytest.raises(Invalid):
        place.do("supervisor", concerned.raise_common, group, form(place, "banyan"))


def test_an_entry_that_is_over_concerns_nobody_any_more(place: Place, entries: dict[str, str]) -> None:  # noqa: F811
    from sqlalchemy import text

    group = group_of(place)
    with place.engine.begin() as rows:
        rows.execute(text("UPDATE risks SET status = 'closed' WHERE id = :id"), {"id": entries["banyan"]})
    assert handled(place, group) == {"榕树社区": Handled.OVER, "江畔社区": None}
    start = place.ask("supervisor", recurrence.point_start, group)
    assert "unit_ids" not in start


def test_only_who_raises_points_there_may(place: Place, entries: dict[str, str]) -> None:  # noqa: F811
    group = group_of(place)
    for who, refusal in (("clerk", Denied), ("watchdog", Denied), ("discipline", Denied), ("far_supervisor", Missing)):
        with pytest.raises(refusal):
            place.ask(who, concerned.concerned, group)
        with pytest.raises(refusal):
            place.do(who, concerned.raise_common, group, form(place, "banyan"))
