"""What is quoted of entries is what stands in them, and nothing of it is for other eyes than there."""

import pytest

from core.access import FOUNDER, RESIDENT
from core.errors import Denied
from core.review import merging, quoting
from tests import makers
from tests.core.review.test_merging import withhold
from tests.core.review.test_triage import spoken
from tests.makers import Place


def test_each_person_is_quoted_what_they_hear_in_the_entries_and_strangers_nothing(place: Place) -> None:
    entries = [makers.open_risk(place), makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")]
    for text in ("名单贴了两天就撕掉", "吃低保的名单没见过", "名单看不清"):
        place.do("watchdog", merging.merge, spoken(place, text), entries[0])
    standing = place.ask("watchdog", merging.voices, entries[0])
    place.do("watchdog", merging.unmerge, standing[1].link_id, "说的是另一件事")
    named = place.people["watchdog2"].person_id
    place.do(FOUNDER, withhold, standing[2].flag_id, place.units["banyan"].id, named)
    for who in ("watchdog", "watchdog2", "clerk", "secretary", "supervisor", "discipline"):
        for entry, said in place.ask(who, quoting.quotes, entries).items():
            told = [(v.source, v.text) for v in place.ask(who, merging.voices, entry) if not v.undone_on]
            assert [(one.source, one.text) for one in said] == told, who
    heard = {who: place.ask(who, quoting.quotes, entries[:1])[entries[0]] for who in ("watchdog", "watchdog2", "clerk")}
    assert [len(said) for said in heard.values()] == [3, 2, 3]
    assert not any(one.text for one in heard["clerk"])  # who answers for the power item
    assert place.ask("other_watchdog", quoting.quotes, entries) == {entry: [] for entry in entries}
    with pytest.raises(Denied):
        place.ask(RESIDENT, quoting.quotes, entries)
