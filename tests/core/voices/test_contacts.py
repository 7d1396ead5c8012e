"""Contacts: left if one likes, sealed at once, replaced, withdrawn, and read by nobody on the way."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select, text

from core.access import RESIDENT
from core.errors import Denied, Invalid, Missing
from core.store import Work
from core.voices import contacts, followup, unlocking
from core.voices.contacts import Contact
from core.voices.retention import ALL
from core.voices.unlocking import Opened
from db.tables import audit_entries, contacts_, metadata
from tests import makers
from tests.makers import Place

pytestmark = pytest.mark.privacy
REACH = "13812345678 找王阿姨"


def unlocked(place: Place, code: str) -> Opened:
    return place.ask(RESIDENT, unlocking.unlock, code)


def left(place: Place, typed: str = REACH, words: str = "低保名单从来没见贴出来过") -> Opened:
    """A resident speaks and leaves a contact."""
    opened = unlocked(place, makers.speak(place, words))
    place.do(RESIDENT, contacts.leave, opened, typed)
    return opened


def test_a_contact_is_kept_sealed_with_the_date_only_and_told_by_its_date_alone(place: Place) -> None:
    opened = left(place)
    assert place.ask(RESIDENT, contacts.kept_since, opened) == place.today
    [kept] = place.ask(RESIDENT, lambda work: work.store.some(Contact, ALL))
    assert REACH.encode() not in kept.sealed
    assert place.ask(RESIDENT, lambda work: work.store.ring().opened(kept.sealed)).decode() == REACH
    with place.engine.connect() as rows:
        for table in metadata.sorted_tables:
            for row in rows.execute(select(table)):
                assert "13812345678" not in str(row), table.name
                assert "王阿姨" not in str(row), table.name
        lines = rows.execute(select(audit_entries).where(audit_entries.c.event == "contact_left")).all()
    assert [(line.at, line.facts, line.chain.endswith(":residents")) for line in lines] == [
        (place.today.isoformat(), "{}", True)
    ]


@pytest.mark.parametrize("typed", ["", "1234", "   139   ", "长" * 201])
def test_a_contact_has_5_to_200_characters(place: Place, typed: str) -> None:
    opened = unlocked(place, makers.speak(place))
    with pytest.raises(Invalid) as refusal:
        place.do(RESIDENT, contacts.leave, opened, typed)
    assert set(refusal.value.fields) == {"contact"}
    assert place.ask(RESIDENT, contacts.kept_since, opened) is None


def test_a_new_contact_takes_the_place_of_the_old_one(place: Place) -> None:
    opened = left(place)
    place.later(2)
    place.do(RESIDENT, contacts.leave, opened, "微信 banyan-3")
    [kept] = place.ask(RESIDENT, lambda work: work.store.some(Contact, ALL))
    assert kept.kept_on == place.today
    assert place.ask(RESIDENT, lambda work: work.store.ring().opened(kept.sealed)).decode() == "微信 banyan-3"


def test_the_sender_withdraws_their_contact(place: Place) -> None:
    opened = left(place)
    place.do(RESIDENT, contacts.withdraw, opened)
    assert place.ask(RESIDENT, contacts.kept_since, opened) is None
    with place.engine.connect() as rows:
        assert rows.execute(select(contacts_)).all() == []
    with pytest.raises(Missing):
        place.do(RESIDENT, contacts.withdraw, opened)


def test_nobody_leaves_a_contact_without_the_receipt(place: Place) -> None:
    opened = left(place)
    for wrong in (Opened(opened.locator, "other"), Opened("000000000", opened.secret)):
        for deed in (contacts.kept_since, contacts.withdraw):
            with pytest.raises(Missing):
                place.do(RESIDENT, deed, wrong)
        with pytest.raises(Missing):
            place.do(RESIDENT, contacts.leave, wrong, REACH)
    for who in ("clerk", "watchdog", "discipline", "system"):
        with pytest.raises(Denied):
            place.do(who, contacts.leave, opened, REACH)


def test_nobody_but_the_discipline_desk_loads_a_contact(place: Place) -> None:
    left(place)
    for who in ("secretary", "clerk", "watchdog", "supervisor", "system", "security", "auditor", "far_supervisor"):
        assert place.ask(who, _loaded) == 0, who
    assert place.ask("discipline", _loaded) == 1


def _loaded(work: Work) -> int:
    from core.access import Permission

    return max(len(work.store.some(Contact, work.actor.scope(permission))) for permission in Permission)


def test_a_deleted_flag_takes_its_contact_with_it(place: Place) -> None:
    code = makers.speak(place)
    place.do(RESIDENT, contacts.leave, unlocked(place, code), REACH)
    place.do(RESIDENT, followup.take_back, code)
    with place.engine.connect() as rows:
        assert rows.execute(text("SELECT count(*) FROM contacts")).scalar_one() == 0


def test_what_is_sealed_is_opened_in_few_places_alone_so_that_no_export_or_search_can_hold_it(root: Path) -> None:
    code = [path for folder in ("core", "db", "pages") for path in (root / folder).rglob("*.py")]
    opening = {path.stem for path in code if re.search(r"ring\(?\)?\.opened\(", path.read_text(encoding="utf-8"))}
    assert opening == {"openings", "keys", "deliveries"}  # the last one only addresses people gave for themselves
    ours = [path for path in code if "versions" not in path.parts]
    of_contacts = re.compile(r"\bcontacts_\b")
    asking = {str(path.relative_to(root / "db")) for path in ours if of_contacts.search(path.read_text("utf-8"))}
    assert asking == {"tables/__init__.py", "questions/keeping.py", "questions/openings.py"}
