"""What the register may have already, told to whoever writes: from what they may read, and nothing is kept."""

import pytest

from core.errors import Denied, Missing
from core.review import resembling
from core.voices.flags import Flag
from tests import makers
from tests.makers import Place

SEAL = "公章谁都能盖一下，用印没有登记"


def found(place: Place, who: str, text: str, *units: str) -> list[str]:
    ids = [place.units[unit].id for unit in units or ("banyan",)]
    return [one.likeness.match.risk_id for one in place.ask(who, resembling.resembling, ids, text)]


def test_an_entry_that_says_the_same_is_found_by_each_office_that_reads_the_register(place: Place) -> None:
    risk_id = makers.open_risk(place, SEAL, "公章使用登记不全")
    for who in ("clerk", "secretary", "watchdog", "supervisor"):
        assert found(place, who, "公章使用没有登记，谁都能盖") == [risk_id]
    for who, refusal in (("other_clerk", Missing), ("far_supervisor", Missing), ("auditor", Denied)):
        with pytest.raises(refusal):
            found(place, who, "公章使用没有登记，谁都能盖")


def test_residents_words_help_only_those_who_may_read_them(place: Place) -> None:
    risk_id = makers.open_risk(place, "3栋楼下垃圾桶两个月没人清运，一到夏天臭得不行", "公章使用登记不全")
    typed = "3栋楼下垃圾桶两个月没人清运，臭得不行"
    assert found(place, "watchdog", typed) == [risk_id]
    for who in ("clerk", "secretary"):
        assert found(place, who, typed) == []


def test_at_most_three_of_all_communities_are_told_and_nothing_is_kept(place: Place) -> None:
    ids = [makers.open_risk(place, f"{SEAL}{n}", f"公章使用登记不全{n}") for n in range(3)]
    makers.speak(place, SEAL, None, "river")
    [row] = [row for row in makers.inbox(place, "other_watchdog") if row.text == SEAL]
    from core.review import merging

    there = place.do("other_watchdog", merging.open_entry, row.id, makers.entry_form(place, "公章使用登记不全", None))

    def count() -> int:
        return len(place.ask("supervisor", lambda work: work.store.some(Flag, work.actor.require("flag:merge"))))

    before = count()
    told = found(place, "supervisor", "公章使用登记不全，谁都能盖", "banyan", "river")
    assert (len(told), set(told) <= {*ids, there}, count()) == (3, True, before)


@pytest.mark.costly
@pytest.mark.parametrize("text", ["", "公章", " \u202e公章 \n", "☃" * 6])
def test_what_is_too_short_or_says_nothing_is_not_compared(place: Place, text: str) -> None:
    makers.open_risk(place, SEAL, "公章使用登记不全")
    assert found(place, "clerk", text) == []
