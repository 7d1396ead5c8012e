"""What waits for somebody, of every kind in one statement: home is what everybody opens first, and a question has its
price whatever it asks."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, cast, null, select, union_all

from core.access import Scope
from core.home import Awaited, Chore
from core.openness.disclosure import SOON
from core.words import SignedStage
from db.kept import number, worded
from db.questions import campaigns, clocks, dues, looks, openness, runs, supports, tallies, voices, warned
from db.questions.signatures import signatures_waiting
from db.scoping import Asking

_Counts = Callable[..., Select[*tuple[Any, ...]]]


def _signed(stage: SignedStage) -> _Counts:
    return lambda scope, person, today: signatures_waiting(scope, person, stage, today)


_COUNTS: dict[Awaited, _Counts] = {
    Chore.SEALED: lambda scope, _person, _today: voices.matters_sealed(scope),
    Chore.INBOX: lambda scope, person, _today: tallies.inbox_waiting(scope, person),
    Chore.AGAIN: lambda scope, person, _today: supports.wishes_waiting(scope, person),
    Chore.GROUPS: lambda scope, person, _today: runs.groups_waiting(scope, person),
    Chore.POINTS: lambda scope, _person, _today: tallies.points_waiting(scope),
    Chore.UNANSWERED: lambda scope, _person, _today: tallies.points_waiting(scope),
    Chore.WARNINGS: lambda scope, person, _today: warned.warnings_waiting(scope, person),
    Chore.HANDED: lambda scope, _person, _today: clocks.entries_handed(scope),
    Chore.MEASURES: lambda scope, person, _today: tallies.measures_waiting(scope, person),
    Chore.VERIFY: lambda scope, person, _today: tallies.checks_waiting(scope, person),
    Chore.CLOSE: lambda scope, person, _today: tallies.closings_waiting(scope, person),
    Chore.RATE: lambda scope, person, _today: tallies.ratings_waiting(scope, person),
    Chore.ANNOUNCE: lambda scope, person, _today: tallies.notices_waiting(scope, person),
    Chore.FILE: tallies.filings_waiting,
    Chore.LOOK: looks.looks_waiting,
    Chore.DESERTED: looks.looks_unmade,
    Chore.DISCLOSE: lambda scope, _person, today: dues.dues_waiting(scope, today + timedelta(days=SOON)),
    Chore.REQUESTS: lambda scope, person, _today: openness.requests_waiting(scope, person),
    Chore.CLOSE_ROUND: lambda scope, _person, today: campaigns.rounds_ended(scope, today),
    Chore.VACANT: lambda scope, _person, _today: tallies.posts_vacant(scope),
} | {stage: _signed(stage) for stage in SignedStage}
"""How each kind is counted: how many, and the nearest day where it has days."""


class Awaiting(Asking):
    """What waits as it is asked for."""

    def what_waits(
        self, scope: Scope, person_id: str, today: date, awaited: Collection[Awaited]
    ) -> dict[Awaited, tuple[int, date | None]]:
        kinds = tuple(awaited)
        rows = self.session.execute(*worded(lambda: _together(scope, person_id, today, kinds))) if kinds else ()
        return {kinds[r.kind]: (r.n, r.day) for r in rows}


def _together(scope: Scope, person_id: str, today: date, kinds: Collection[Awaited]) -> Select[Any]:
    parts = []
    for place, kind in enumerate(kinds):
        counted = _COUNTS[kind](scope, person_id, today).subquery()
        n, *days = counted.c
        day = days[0] if days else cast(null(), Date)
        parts.append(select(number(place).label("kind"), n.label("n"), day.label("day")))
    found = union_all(*parts).subquery()
    return select(*found.c)
