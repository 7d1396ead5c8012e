"""Sealed matters: for the discipline desk alone, each opening logged, confirmed or given back."""

import pytest

from core import home
from core.access import Permission
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.home import Chore
from core.review import inbox, merging, triage
from core.store import Work
from core.voices import sealing
from core.words import FlagStatus
from tests import makers
from tests.core.review.test_triage import flag_of, spoken
from tests.makers import Place

ACCUSED = "周小满收了红包才给办低保"


def sealed_one(place: Place) -> str:
    makers.speak(place, ACCUSED)
    [row] = place.ask("discipline", inbox.sealed)
    return row.id


def facts(place: Place, event: Event) -> list[dict[str, object]]:
    def found(work: Work) -> list[dict[str, object]]:
        scope = work.actor.scope(Permission.AUDIT_READ)
        lines = work.store.entries_of_chain(scope, place.units["banyan"].id, None, 500)
        return [line.facts for line in lines if line.event == event.value]

    return place.ask("auditor", found)


def test_what_sounds_like_an_accusation_is_sealed_and_only_the_desk_sees_it(place: Place) -> None:
    flag_id = sealed_one(place)
    for who in ("watchdog", "watchdog2", "supervisor"):
        assert makers.inbox(place, who) == []
        for deed, *rest in ((triage.decline, "重复"), (inbox.thread,), (merging.candidates,), (sealing.seal, "再封")):
            with pytest.raises(Missing):
                place.do(who, deed, flag_id, *rest)
        for deed, *rest in ((inbox.sealed,), (sealing.open_sealed, flag_id, "看"), (sealing.lift_seal, flag_id, "解")):
            with pytest.raises(Denied):
                place.do(who, deed, *rest)
    [row] = place.ask("discipline", inbox.sealed)
    assert ACCUSED not in str(row)


def test_each_opening_needs_a_reason_is_counted_and_logged(place: Place) -> None:
    flag_id = sealed_one(place)
    with pytest.raises(Invalid):
        place.do("discipline", sealing.open_sealed, flag_id, " ")
    assert place.do("discipline", sealing.open_sealed, flag_id, "初核") == ACCUSED
    place.do("discipline", sealing.open_sealed, flag_id, "复核")
    assert [row.openings for row in place.ask("discipline", inbox.sealed)] == [2]
    assert [fact["reason"] for fact in facts(place, Event.SEALED_OPENED)] == ["复核", "初核"]
    assert ACCUSED not in str(facts(place, Event.SEALED_OPENED))


def test_a_seal_is_confirmed_once_and_the_matter_leaves_the_loop(place: Place) -> None:
    flag_id = sealed_one(place)
    with pytest.raises(Invalid):
        place.do("discipline", sealing.confirm_seal, flag_id, "")
    place.do("discipline", sealing.confirm_seal, flag_id, "属于问题线索")
    with pytest.raises(Stale):
        place.do("discipline", sealing.confirm_seal, flag_id, "再确认")
    [row] = place.ask("discipline", inbox.sealed)
    assert (row.confirmed, row.status) == (True, FlagStatus.REFERRED)
    assert Chore.SEALED not in {task.chore for task in place.ask("discipline", home.waiting)}


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_lifted_seal_gives_the_matter_back_with_a_new_limit_but_not_to_whom_it_names(
    place: Place, confirmed: bool
) -> None:
    makers.speak(place, "钱思远收了红包才给办低保", None)
    [row] = place.ask("discipline", inbox.sealed)
    if confirmed:
        place.do("discipline", sealing.confirm_seal, row.id, "属于问题线索")
    place.later(14)
    place.do("discipline", sealing.lift_seal, row.id, "只是说办事慢")
    assert place.ask("discipline", inbox.sealed) == []
    [back] = makers.inbox(place)
    assert (back.id, back.status) == (row.id, FlagStatus.NEW)
    assert back.due_on > place.today
    assert makers.inbox(place, "watchdog2") == []
    flag = flag_of(place, row.id)
    assert (flag.triage, flag.decided_on, flag.seal_confirmed) == (None, None, False)
    for deed in (sealing.open_sealed, sealing.lift_seal, sealing.confirm_seal):
        with pytest.raises(Stale):
            place.do("discipline", deed, row.id, "再看")


def test_the_watchdog_seals_with_a_reason_and_can_never_look_again(place: Place) -> None:
    flag_id = spoken(place)
    with pytest.raises(Invalid):
        place.do("watchdog", sealing.seal, flag_id, "")
    with pytest.raises(Denied):
        place.do("clerk", sealing.seal, flag_id, "像举报")
    with pytest.raises(Missing):
        place.do("other_watchdog", sealing.seal, flag_id, "像举报")
    place.do("watchdog", sealing.seal, flag_id, "像举报")
    assert makers.inbox(place) == []
    assert [fact["reason"] for fact in facts(place, Event.FLAG_SEALED)] == ["像举报"]


def test_a_decision_is_taken_back_before_sealing(place: Place) -> None:
    flag_id = spoken(place)
    place.do("watchdog", triage.decline, flag_id, "重复")
    with pytest.raises(Refused):
        place.do("watchdog", sealing.seal, flag_id, "像举报")
    place.do("watchdog", inbox.take_back, flag_id, "重看")
    place.do("watchdog", sealing.seal, flag_id, "像举报")


def test_a_member_of_the_desk_who_is_named_is_kept_away(place: Place) -> None:
    makers.speak(place, "吴清源收了红包，压着不办")
    assert place.ask("discipline", inbox.sealed) == []
