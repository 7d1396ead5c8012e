"""The unit tree as the system administrator keeps it."""

import pytest

from core.access import RESIDENT
from core.errors import Denied, Invalid, Missing, Refused
from core.organisation import units
from core.organisation.units import NewKind, NewName, NewUnit
from tests import makers
from tests.makers import Place


def _names(place: Place) -> list[str]:
    return [row.name for row in place.ask("system", units.tree)]


def test_a_unit_is_added_below_a_higher_one_with_an_address_of_its_own(place: Place) -> None:
    new = NewUnit(parent_id=place.units["banyan"].id, kind="grid", name=" 第二网格 ")
    unit_id = place.do("system", units.add_unit, new)
    row = next(row for row in place.ask("system", units.tree) if row.id == unit_id)
    assert (row.name, row.trail) == ("第二网格", "清源市 · 南湖区 · 望江街道 · 榕树社区 · 第二网格")
    assert len(row.code) == 8
    with pytest.raises(Invalid, match="标出"):
        place.do("system", units.add_unit, new)
    for kind in ("community", "street", "nonsense"):
        with pytest.raises(Invalid):
            place.do("system", units.add_unit, NewUnit(parent_id=unit_id, kind=kind, name="不行"))
    for other in ("security", "auditor", "supervisor", "clerk", RESIDENT):
        with pytest.raises(Denied):
            place.do(other, units.add_unit, NewUnit(parent_id=place.units["banyan"].id, kind="grid", name="第三网格"))


def test_another_name_keeps_the_address_and_is_no_name_of_a_sister(place: Place) -> None:
    banyan = place.units["banyan"]
    place.do("system", units.rename_unit, NewName(unit_id=banyan.id, name="大榕树社区"))
    assert next(r.code for r in place.ask("system", units.tree) if r.name == "大榕树社区") == banyan.code
    for taken in ("江畔社区", "  "):
        with pytest.raises((Invalid, ValueError)):
            place.do("system", units.rename_unit, NewName(unit_id=banyan.id, name=taken))
    with pytest.raises(Denied):
        place.do("supervisor", units.rename_unit, NewName(unit_id=banyan.id, name="别名"))


def test_an_administrator_of_one_street_changes_nothing_in_another(place: Place) -> None:
    makers.make_person(place, "local", "罗本地", "far_street", makers.Role.SYSTEM_ADMIN)
    with pytest.raises(Missing):
        place.do("local", units.close_unit, place.units["building"].id)
    assert {row.name for row in place.ask("local", units.tree)} == {"远山街道", "远山社区"}


def test_a_unit_closes_from_the_bottom_up_and_once(place: Place) -> None:
    grid, building = place.units["grid"].id, place.units["building"].id
    with pytest.raises(Refused, match="下"):
        place.do("system", units.close_unit, grid)
    for unit_id in (building, grid):
        place.do("system", units.close_unit, unit_id)
        with pytest.raises(Refused):
            place.do("system", units.close_unit, unit_id)
    with pytest.raises(Invalid):
        place.do("system", units.add_unit, NewUnit(parent_id=grid, kind="building", name="9栋"))
    assert "第一网格" in _names(place)
    with pytest.raises(Denied):
        place.do("security", units.close_unit, place.units["far"].id)


def test_a_new_kind_stands_between_its_neighbours(place: Place) -> None:
    micro = place.do("system", units.add_kind, NewKind(above="grid", name="微网格"))
    kinds = place.ask("system", units.kinds)
    assert list(kinds.values())[-3:] == ["网格", "微网格", "楼栋"]
    below = place.do("system", units.add_unit, NewUnit(parent_id=place.units["grid"].id, kind=micro, name="微1"))
    place.do("system", units.add_unit, NewUnit(parent_id=below, kind="building", name="8栋"))
    for taken in ("微网格", "楼栋"):
        with pytest.raises(Invalid):
            place.do("system", units.add_kind, NewKind(above="grid", name=taken))
    with pytest.raises(Denied):
        place.do("auditor", units.add_kind, NewKind(above="grid", name="片区"))
