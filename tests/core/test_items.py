"""The catalogue of power items: taken from the library or added, changed with a version, retired; within one's area."""

from typing import Any

import pytest

from core import items
from core.access import FOUNDER
from core.entries import risks
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.items import ItemForm
from core.organisation import posts
from core.words import Dimension, DisclosureClass, DisclosureWhen
from tests import makers
from tests.makers import Place


def rows(place: Place, unit: str = "banyan", who: str = "clerk") -> dict[str, Any]:
    return {row.name: row for row in place.ask(who, items.catalogue, place.units[unit].id)}


def names() -> list[str]:
    return [point.power_item for point in items.library()]


def test_the_library_has_98_power_items_with_one_name_each() -> None:
    assert len(set(names())) == len(names()) == 98
    assert all(items.suggestions(name) for name in names())
    assert items.suggestions("没有的事项") == ()


def test_all_of_the_library_is_taken_at_once_and_what_is_there_stays(place: Place) -> None:
    unit = place.units["banyan"].id
    assert place.do("clerk", items.adopt, unit, names()[:3], place.posts["seal"]) == 3
    there = set(rows(place)) & set(names())
    assert place.do("clerk", items.adopt, unit, [*names(), "没有的事项"]) == 98 - len(there)
    found = rows(place)
    assert found[names()[0]].post == "印章管理岗"
    assert found[names()[0]].holders == ("林向前",)
    assert found[names()[50]].post_id is None
    assert place.do("clerk", items.adopt, unit, names()) == 0


def test_the_catalogue_is_edited_at_home_only_and_read_by_the_office(place: Place) -> None:
    form = ItemForm(name="会议室借用", dimension=Dimension.EFFICIENT_SERVICE)
    for who, refusal in (("watchdog", Denied), ("discipline", Denied), ("other_clerk", Missing)):
        with pytest.raises(refusal):
            place.do(who, items.adopt, place.units["banyan"].id, names()[:1])
        with pytest.raises(refusal):
            place.do(who, items.add_item, place.units["banyan"].id, form)
        with pytest.raises(refusal):
            place.do(who, items.retire_item, place.items["relief"])
        with pytest.raises(refusal):
            place.ask(who, items.posts_for, place.units["banyan"].id)
    with pytest.raises(Missing):
        place.do("supervisor", items.adopt, place.units["street"].id, names()[:1])
    assert set(rows(place, who="watchdog")) == {"低保和特困人员初核", "公章使用"}
    assert rows(place, who="far_supervisor") == {}
    assert [unit.name for unit in place.ask("supervisor", items.catalogues)] == ["江畔社区", "榕树社区"]
    with pytest.raises(Denied):
        place.ask("system", items.catalogues)
    with pytest.raises(Denied):
        place.ask("auditor", items.catalogue, place.units["banyan"].id)


def test_a_post_in_charge_belongs_to_the_community_or_its_grids(place: Place) -> None:
    river = place.do(FOUNDER, posts.add_post, place.units["river"].id, "江畔印章岗")
    grid = place.do(FOUNDER, posts.add_post, place.units["grid"].id, "网格员岗")
    choice = {post.name for post in place.ask("supervisor", items.posts_for, place.units["banyan"].id)}
    assert choice == {"民政救助岗", "印章管理岗", "网格员岗"}
    form = ItemForm(name="网格事件流转", dimension=Dimension.EFFICIENT_SERVICE, post_id=river)
    for deed in (
        lambda: place.do("supervisor", items.add_item, place.units["banyan"].id, form),
        lambda: place.do("supervisor", items.change_item, place.items["relief"], form),
        lambda: place.do("supervisor", items.adopt, place.units["banyan"].id, names()[:1], river),
    ):
        with pytest.raises(Invalid) as refusal:
            deed()
        assert "post_id" in refusal.value.fields
    place.do("clerk", items.add_item, place.units["banyan"].id, form.model_copy(update={"post_id": grid}))
    assert rows(place)["网格事件流转"].holders == ()


def test_items_that_nobody_holds_are_counted_by_community(place: Place) -> None:
    assert place.ask("supervisor", items.unattended) == {}
    place.do("clerk", items.adopt, place.units["banyan"].id, names()[:3])
    place.do("other_clerk", items.adopt, place.units["river"].id, names()[:2])
    assert place.ask("supervisor", items.unattended) == {place.units["banyan"].id: 3, place.units["river"].id: 2}
    assert place.ask("watchdog", items.unattended) == {place.units["banyan"].id: 3}
    with pytest.raises(Denied):
        place.ask("system", items.unattended)


def test_a_change_raises_the_version_and_a_change_typed_on_an_older_one_is_stale(place: Place) -> None:
    relief = place.items["relief"]
    form = ItemForm(name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS, basis="社会救助暂行办法", major=True)
    place.do("clerk", items.change_item, relief, form, seen=1)
    row = rows(place)["低保和特困人员初核"]
    assert (row.version, row.basis, row.major, row.post_id) == (2, "社会救助暂行办法", True, None)
    with pytest.raises(Stale):
        place.do("secretary", items.change_item, relief, form.model_copy(update={"basis": "另一个依据"}), seen=1)
    with pytest.raises(Refused):
        place.do("secretary", items.change_item, relief, form, seen=2)
    with pytest.raises(Invalid):
        place.do("clerk", items.change_item, relief, form.model_copy(update={"name": "公章使用"}))


def test_disclosure_says_when_or_is_none(place: Place) -> None:
    unit = place.units["banyan"].id
    form = ItemForm(name="会议室借用", dimension=Dimension.EFFICIENT_SERVICE, disclosure_class=DisclosureClass.AFFAIRS)
    with pytest.raises(Invalid):
        place.do("clerk", items.add_item, unit, form)
    none = {"disclosure_class": DisclosureClass.NONE, "disclosure_when": DisclosureWhen.MONTHLY, "masked": True}
    place.do("clerk", items.add_item, unit, form.model_copy(update=none))
    row = rows(place)["会议室借用"]
    assert (row.disclosure_when, row.masked) == (None, False)


def test_a_retired_item_leaves_the_catalogue_and_its_entries_stay(place: Place) -> None:
    risk_id = makers.open_risk(place)
    place.do("clerk", items.retire_item, place.items["relief"])
    assert "低保和特困人员初核" not in rows(place)
    assert place.ask("clerk", lambda w: w.store.one(risks.Risk, risk_id, w.actor.scope("register:read"))).item_id
    with pytest.raises(Refused):
        place.do("clerk", items.retire_item, place.items["relief"])
    form = ItemForm(name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS, basis="依据")
    with pytest.raises(Stale):
        place.do("clerk", items.change_item, place.items["relief"], form)
    assert place.do("clerk", items.add_item, place.units["banyan"].id, form)
