"""The audit log as the auditor reads it."""

import pytest

from core import audit
from core.access import RESIDENT
from core.errors import Denied
from tests import makers
from tests.makers import Place


def test_only_an_auditor_reads_the_log_and_only_of_the_own_units(place: Place) -> None:
    makers.speak(place)
    banyan = place.units["banyan"].id
    assert {row.unit for row in place.ask("auditor", audit.chains)} >= {"清源市", "榕树社区", "望江街道"}
    assert place.ask("auditor", audit.check, banyan).first is None
    for other in ("system", "security", "supervisor", "discipline", "watchdog", "clerk", RESIDENT):
        for question, given in ((audit.chains, ()), (audit.entries, (banyan,)), (audit.check, (banyan,)),
                                (audit.names, ([],))):  # fmt: skip
            with pytest.raises(Denied):
                place.ask(other, question, *given)


def test_an_auditor_of_one_street_reads_nothing_of_another(place: Place) -> None:
    makers.make_person(place, "local", "罗本地", "far_street", makers.Role.AUDITOR)
    banyan = place.units["banyan"].id
    assert place.ask("auditor", audit.entries, banyan)
    assert place.ask("local", audit.entries, banyan) == []
    assert banyan not in {row.chain for row in place.ask("local", audit.chains)}
    assert place.ask("local", audit.chains, banyan) == []
    makers.speak(place)
    both = [banyan, audit.residents_chain(banyan)]
    assert [row.chain for row in place.ask("auditor", audit.chains, banyan)] == both
    assert place.ask("local", audit.check, banyan).lines == 0


def test_what_residents_do_stands_on_its_own_chain_with_the_date_only(place: Place) -> None:
    makers.speak(place)
    chain = audit.residents_chain(place.units["banyan"].id)
    lines = place.ask("auditor", audit.entries, chain)
    assert lines
    assert all(line.at == place.today.isoformat() for line in lines)
    assert not any(line.actor == "resident" for line in place.ask("auditor", audit.entries, place.units["banyan"].id))


def test_a_long_chain_is_read_in_pages_without_gap_or_repeat(place: Place) -> None:
    for _n in range(audit.PAGE + 7):
        makers.speak(place, unit="river", item=None)
    chain = audit.residents_chain(place.units["river"].id)
    first = place.ask("auditor", audit.entries, chain)
    rest = place.ask("auditor", audit.entries, chain, first[-1].n)
    numbers = [line.n for line in (*first, *rest)]
    assert len(first) == audit.PAGE
    assert numbers == list(range(len(numbers), 0, -1))
    assert place.ask("auditor", audit.check, chain).lines == len(numbers)


def test_lines_name_people_and_units_as_they_are_called_today(place: Place) -> None:
    city = place.units["city"].id
    lines = place.ask("auditor", audit.entries, city)
    names = place.ask("auditor", audit.names, lines)
    assert names[place.people["auditor"].person_id or ""] == "沈审计"
    assert names[city] == "清源市"
