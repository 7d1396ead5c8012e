"""Questions of the warnings: the facts of one community, by which rules raise them."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, null, select

from core.alerts.watching import (
    DueFact,
    EntryFact,
    FlagFact,
    LeftFact,
    LookFact,
    MeasureFact,
    PostFact,
    Watched,
    year_before,
)
from core.entries.risks import CHECKERS, DOERS
from core.events import Event
from core.ledgers.handover import CLAIMERS
from core.lifecycle import ENDED
from core.organisation.units import Unit
from core.words import FlagStatus, MeasureStatus, RiskStatus, Role, Source, WarningLevel
from db.kept import among, worded
from db.questions.clocks import Clocks
from db.tables import (
    assessments,
    assignments,
    audit_entries,
    flags_,
    holdings,
    items_,
    links,
    measures_,
    people_,
    points_,
    posts_,
    risks_,
    units_,
)
from db.tables.holder_tables import clocks_, early_warnings
from db.tables.ledger_tables import mentorships
from db.tables.openly import dues_, requests_
from db.tables.vouching import second_looks

NOT_SOLVED = 2
"""The highest of the marks 1 to 5 that says “not done”."""
_NOT_DONE = (MeasureStatus.VERIFIED, MeasureStatus.VERIFYING)


class Watching(Clocks):
    """What the rules of the warnings see."""

    def watched(self, unit_id: str, today: date) -> Watched:
        """A closed unit has no posts to fill and owes no disclosure; what was open in it when it closed goes on."""
        above = next(iter(self.supervised_above(unit_id)), None)
        is_open = self.session.get_one(Unit, unit_id).closed_on is None
        return Watched(
            unit_id, above.id if above else unit_id, self._measure_facts(unit_id), self._entry_facts(unit_id, today),
            self._flag_facts(unit_id), self._post_facts(unit_id) if is_open else (), self._look_facts(unit_id),
            (*(self._due_facts(unit_id) if is_open else ()), *self._request_facts(unit_id)), self._left_facts(unit_id),
        )  # fmt: skip

    def _measure_facts(self, unit_id: str) -> tuple[MeasureFact, ...]:
        query = worded(
            lambda unit_id: select(measures_.c.id, measures_.c.risk_id, measures_.c.owner_id, risks_.c.leader_id,
                                   measures_.c.due_on)
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .where(measures_.c.unit_id == unit_id, ~among(measures_.c.status, _NOT_DONE),
                   ~among(risks_.c.status, ENDED)),
            unit_id=unit_id,
        )  # fmt: skip
        return tuple(MeasureFact(*row) for row in self.session.execute(*query))

    def _entry_facts(self, unit_id: str, today: date) -> tuple[EntryFact, ...]:
        rated = select(func.max(assessments.c.rated_at)).where(assessments.c.risk_id == risks_.c.id)
        planned = select(func.count()).where(measures_.c.risk_id == risks_.c.id)
        doubted = select(func.count()).where(
            links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), flags_.c.id == links.c.flag_id,
            flags_.c.source == Source.RESIDENT, flags_.c.solved <= NOT_SOLVED,
        )  # fmt: skip
        orange = select(func.count()).where(
            early_warnings.c.risk_id == risks_.c.id, early_warnings.c.colour == WarningLevel.ORANGE,
            early_warnings.c.raised_on >= year_before(today), early_warnings.c.raised_on < today,
        )  # fmt: skip
        query = (
            select(risks_, clocks_.c.holder_id, clocks_.c.due_on, rated.scalar_subquery().label("rated"),
                   planned.scalar_subquery().label("planned"), doubted.scalar_subquery().label("doubted"),
                   orange.scalar_subquery().label("orange"))
            .join(clocks_, and_(clocks_.c.risk_id == risks_.c.id, clocks_.c.ended_on.is_(None)))
            .where(risks_.c.unit_id == unit_id, ~among(risks_.c.status, ENDED))
        )  # fmt: skip
        return tuple(_entry(row) for row in self.session.execute(query))

    def _flag_facts(self, unit_id: str) -> tuple[FlagFact, ...]:
        query = worded(
            lambda unit_id: select(flags_.c.id, flags_.c.due_on, points_.c.unit_id)
            .outerjoin(points_, points_.c.id == flags_.c.point_id)
            .where(flags_.c.unit_id == unit_id, flags_.c.status == FlagStatus.NEW, flags_.c.sealed.is_(False)),
            unit_id=unit_id,
        )  # fmt: skip
        return tuple(FlagFact(*row) for row in self.session.execute(*query))

    def _post_facts(self, unit_id: str) -> tuple[PostFact, ...]:
        held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
        items = exists().where(items_.c.post_id == posts_.c.id, items_.c.retired.is_(False))
        left = select(func.max(holdings.c.until)).where(holdings.c.post_id == posts_.c.id).scalar_subquery()
        added = select(func.min(audit_entries.c.at)).where(
            audit_entries.c.subject == posts_.c.id, audit_entries.c.event == Event.POST_ADDED
        )
        query = select(posts_.c.id, left, added.scalar_subquery()).where(posts_.c.unit_id == unit_id, ~held, items)
        rows = self.session.execute(query).all()
        return tuple(PostFact(post, until or date.fromisoformat(at[:10])) for post, until, at in rows if until or at)

    def _look_facts(self, unit_id: str) -> tuple[LookFact, ...]:
        query = worded(
            lambda unit_id: select(second_looks.c.id, second_looks.c.risk_id, second_looks.c.due_on)
            .join(risks_, risks_.c.id == second_looks.c.risk_id)
            .where(
                second_looks.c.unit_id == unit_id, second_looks.c.looked_on.is_(None),
                risks_.c.status == RiskStatus.CLOSED,
            ),
            unit_id=unit_id,
        )  # fmt: skip
        return tuple(LookFact(*row) for row in self.session.execute(*query))

    def _due_facts(self, unit_id: str) -> tuple[DueFact, ...]:
        query = worded(
            lambda unit_id: select(dues_.c.id, dues_.c.due_on)
            .where(dues_.c.unit_id == unit_id, dues_.c.published_on.is_(None)),
            unit_id=unit_id,
        )  # fmt: skip
        return tuple(DueFact(*row) for row in self.session.execute(*query))

    def _request_facts(self, unit_id: str) -> tuple[DueFact, ...]:
        query = worded(
            lambda unit_id: select(requests_.c.id, requests_.c.due_on)
            .where(requests_.c.unit_id == unit_id, requests_.c.answered_on.is_(None)),
            unit_id=unit_id,
        )  # fmt: skip
        return tuple(DueFact(*row, is_request=True) for row in self.session.execute(*query))

    def _left_facts(self, unit_id: str) -> tuple[LeftFact, ...]:
        here: dict[Role, set[str]] = defaultdict(set)
        for row in self.session.execute(_SEATS, {"unit": unit_id}):
            here[row.role].add(row.person_id)
        doers, checkers, claimers, mentors = (
            set().union(*(here[role] for role in roles)) for roles in (DOERS, CHECKERS, CLAIMERS, {Role.SUPERVISOR})
        )
        parts = ((_IN_ENTRIES, (doers, doers, checkers)), (_IN_MEASURES, (doers, checkers, claimers)),
                 (_IN_SITES, (mentors,)))  # fmt: skip
        return tuple(
            LeftFact(subject, risk_id)
            for query, fitting in parts
            for subject, risk_id, *people in self.session.execute(query, {"unit": unit_id})
            if any(person and person not in fit for person, fit in zip(people, fitting, strict=True))
        )


def _at(column: ColumnElement[str]) -> ColumnElement[bool]:
    return column == bindparam("unit")


_here = units_.alias()
_SEATS = (
    select(assignments.c.person_id, assignments.c.role)
    .join(units_, units_.c.id == assignments.c.unit_id)
    .join(people_, people_.c.id == assignments.c.person_id)
    .join(_here, _here.c.path.startswith(units_.c.path))
    .where(_at(_here.c.id), people_.c.left_on.is_(None))
)
"""Who holds which role at a unit or above it and has not left."""
_IN_ENTRIES = select(
    risks_.c.id, risks_.c.id.label("risk_id"), risks_.c.owner_id, risks_.c.leader_id, risks_.c.watchdog_id
).where(_at(risks_.c.unit_id), ~among(risks_.c.status, ENDED))
_IN_MEASURES = (
    select(measures_.c.id, measures_.c.risk_id, measures_.c.owner_id, measures_.c.watchdog_id, measures_.c.claimed_by)
    .join(risks_, risks_.c.id == measures_.c.risk_id)
    .where(_at(measures_.c.unit_id), measures_.c.status != MeasureStatus.VERIFIED, ~among(risks_.c.status, ENDED))
)
_IN_SITES = select(mentorships.c.id, null().label("risk_id"), mentorships.c.mentor_id).where(
    _at(mentorships.c.unit_id), mentorships.c.until.is_(None)
)
"""Who has a part in what is open: its id, its entry, and the people."""


def _entry(row: Row[Any]) -> EntryFact:
    return EntryFact(
        row.id, row.status, row.level, row.rated.date() if row.rated else None, row.owner_id, row.leader_id,
        row.planned, row.doubted, row.orange, row.holder_id, row.due_on,
    )  # fmt: skip
