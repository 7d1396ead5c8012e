"""The order of the inbox: what stands first is found without looking at all that waits, and is the same."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from core.review import inbox
from core.rows import InboxRow
from core.words import FlagStatus
from db.questions.queued import FIRST
from db.tables import flags_, suggestions_
from tests import makers
from tests.makers import Place


def waiting(place: Place, n: int, chance: random.Random) -> None:
    """Flags that wait, in all states and with any limit, some of them likely to belong to an entry."""
    risk_id = makers.open_risk(place)
    makers.speak(place, "车位从来不公布")
    with place.engine.begin() as rows:
        query = select(flags_).where(flags_.c.status == FlagStatus.NEW)
        like = dict(rows.execute(query).mappings().one())
        rows.execute(suggestions_.delete())
        flags = [
            like | {
                "id": f"q{one:03}", "urgent": chance.random() < 0.2,
                "due_on": place.today + timedelta(days=chance.randrange(-4, 4)),
                "status": chance.choice([FlagStatus.NEW, FlagStatus.NEW, FlagStatus.ASKED]),
            }
            for one in range(n)
        ]  # fmt: skip
        rows.execute(insert(flags_), flags)
        sure = [
            {
                "id": f"s{one:03}", "unit_id": like["unit_id"], "flag_id": f"q{one:03}", "risk_id": risk_id,
                "probability": chance.choice([0.0, 0.4, 0.7, 0.9]),
            }
            for one in range(0, n, 2)
        ]  # fmt: skip
        rows.execute(insert(suggestions_), sure)


def in_turn(rows: list[InboxRow], today: date) -> list[str]:
    """The order as it is told: danger, then whose sender was not asked; of each the first by their limit, the late
    before the others and the surest first; then the others likewise."""
    found = []
    for asked in (False, True):
        for urgent in (True, False):
            kind = [row for row in rows if row.urgent is urgent and (row.status is FlagStatus.ASKED) is asked]
            kind.sort(key=lambda row: (row.due_on, row.id))
            for part in (kind[:FIRST], kind[FIRST:]):
                by = [(row.due_on >= today, -(row.certainty or 0.0), row.due_on, row.id) for row in part]
                found += [one[-1] for one in sorted(by)]
    return found


@pytest.mark.parametrize("n", [6, 60, 4 * FIRST])
def test_the_first_page_of_the_inbox_is_how_all_of_it_begins(place: Place, n: int) -> None:
    waiting(place, n, random.Random(n))
    every = place.ask("watchdog", inbox.inbox)
    assert len(every) == n + 1
    assert [row.id for row in every] == in_turn(every, place.today)
    for most in (1, 40, FIRST):
        assert list(place.ask("watchdog", inbox.queue, most).rows) == every[:most]
    assert list(place.ask("watchdog", inbox.queue, 40, place.units["banyan"].id).rows) == every[:40]
