"""Saved views: a filter under a name, for oneself or a unit; each reader sees through it what they may see."""

from typing import Any

import pytest

from core.access import Actor
from core.entries import register, views
from core.entries.register import from_query
from core.entries.views import ViewForm
from core.errors import Denied, Invalid, Missing, Refused
from tests import makers
from tests.makers import Place

QUERY = {"level": ["unrated"], "page": ["3"], "nonsense": ["x"], "mine": ["1"]}


def saved(place: Place, who: str, name: str = "待评定的", unit: str = "", query: Any = None) -> str:
    form = ViewForm(name=name, unit_id=place.units[unit].id if unit else None)
    return str(place.do(who, views.save, QUERY if query is None else query, form))


def seen(place: Place, who: str | Actor) -> list[str]:
    return [row.name for row in place.ask(who, views.views)]


def test_a_view_keeps_the_filter_alone_and_mine_means_its_reader(place: Place) -> None:
    view_id = saved(place, "watchdog", unit="banyan")
    row = place.ask("clerk", views.view, view_id)
    assert row.query == {"level": ["unrated"], "mine": ["1"]}
    assert from_query(row.query, "reader").mine == "reader"
    makers.open_risk(place)
    wanted = from_query({"level": ["unrated"]}, None)
    assert place.ask("watchdog", register.register, wanted).total == 1
    assert place.ask("other_clerk", register.register, wanted).total == 0


def test_ones_own_views_are_seen_by_nobody_else_and_shared_ones_by_who_may_read_the_unit(place: Place) -> None:
    own, shared = saved(place, "clerk", "我的"), saved(place, "clerk", "社区的", "banyan")
    above = saved(place, "supervisor", "街道的", "street")
    assert seen(place, "clerk") == ["我的", "社区的"]
    assert seen(place, "watchdog") == ["社区的"]
    assert seen(place, "supervisor") == ["社区的", "街道的"]
    for who in ("other_clerk", "far_supervisor"):
        assert seen(place, who) == []
        for view_id in (own, shared, above):
            for deed in (views.view, views.remove, views.make_default):
                with pytest.raises(Missing):
                    place.do(who, deed, view_id)
            with pytest.raises(Missing):
                place.do(who, views.change, view_id, "别的名字")
    with pytest.raises(Missing):
        place.do("supervisor", views.remove, own)
    with pytest.raises(Missing):
        saved(place, "clerk", "别处的", "river")
    with pytest.raises(Refused):
        place.ask("auditor", views.views)


def test_whoever_works_at_a_unit_whose_register_they_do_not_read_keeps_views_too(place: Place) -> None:
    lent = place.people["supervisor"]
    place.people["lent"] = Actor(lent.person_id, lent.name, lent.grants, place.units["city"].id)
    saved(place, "lent", "我的")
    assert seen(place, "lent") == ["我的"]
    assert seen(place, "clerk") == []


def test_a_shared_view_is_changed_and_removed_by_its_maker_and_by_whoever_keeps_the_unit(place: Place) -> None:
    view_id = saved(place, "watchdog", "社区的", "banyan")
    with pytest.raises(Denied):
        place.do("watchdog2", views.change, view_id, "另一个")
    place.do("watchdog", views.change, view_id, "改过的", {"level": ["high"]})
    place.do("clerk", views.change, view_id, "又改过")
    [row] = place.ask("watchdog2", views.views)
    assert (row.name, row.query, row.may_change) == ("又改过", {"level": ["high"]}, False)
    place.do("supervisor", views.remove, view_id)
    assert seen(place, "watchdog") == []


def test_what_is_shared_names_nobody_and_a_name_stands_once(place: Place) -> None:
    hidden = ("text", "post", "named")
    for name, query in (("周小满的事", {}), *(("正常的名字", {key: ["周小满"]}) for key in hidden)):
        with pytest.raises(Invalid):
            saved(place, "watchdog", name, "banyan", query)
    saved(place, "watchdog", "正常的名字", "banyan", {"post": ["民政救助岗"], "named": ["低保和特困人员初核"]})
    saved(place, "watchdog", "周小满的事", query={"text": ["周小满"]})
    with pytest.raises(Invalid):
        saved(place, "watchdog", "周小满 的事")
    saved(place, "watchdog2", "周小满的事")


def test_the_register_opens_with_the_view_one_chose_as_long_as_it_is_there(place: Place) -> None:
    view_id = saved(place, "watchdog", unit="banyan")
    for who in ("watchdog", "clerk"):
        place.do(who, views.make_default, view_id)
        assert place.ask(who, views.default).id == view_id
    place.do("clerk", views.make_default, None)
    assert place.ask("clerk", views.default) is None
    place.do("watchdog", views.remove, view_id)
    assert place.ask("watchdog", views.default) is None
