"""Questions about one entry at work: its people, measures, progress and evidence, and what hangs on whom."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from core.access import Scope
from core.entries.entry import EntryRow, EvidenceRow
from core.entries.risks import Risk
from core.errors import Missing
from core.events import Event
from core.insight.timely import between
from core.ledgers.handover import Held
from core.lifecycle import ENDED
from core.prevention.measures import Evidence, Measure
from core.prevention.tasks import STANDING, About
from core.rows import MeasureRow, ProgressRow
from core.turning import ALL_HERE, COUNTED_IN_LIST, Listed, Turn
from core.words import MeasureStatus
from db.kept import among, worded
from db.keyset import by, listed, some, turned, upward
from db.questions.entries import standing
from db.questions.signatures import may_verify
from db.questions.summing import at
from db.scoping import Asking, within
from db.tables import (
    audit_entries,
    evidence,
    holdings,
    items_,
    measures_,
    people_,
    posts_,
    progress,
    risks_,
    units_,
)
from db.tables.ledger_tables import mentorships

_PAGE, _CARDS = 50, 10
"""Rows on a page, and measures shown with all that was said of them."""


class Doings(Asking):
    """Measures as they are asked about."""

    def measures_of(self, risk_id: str) -> list[Measure]:
        query = worded(
            lambda risk_id: select(Measure).where(measures_.c.risk_id == risk_id)
            .order_by(measures_.c.due_on, measures_.c.id),
            risk_id=risk_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def measure_states(self, risk_id: str) -> list[MeasureStatus]:
        return [measure.status for measure in self.measures_of(risk_id)]

    def measure_rows(self, scope: Scope, *, risk_id: str | None = None, late: date | None = None) -> list[MeasureRow]:
        given = {"risk_id": risk_id, "late": late}
        query = worded(
            lambda **given: _chosen(scope, given),
            **{name: value for name, value in given.items() if value is not None},
        )
        return [_measure(r) for r in self.session.execute(*query)]

    def measure_page(
        self, scope: Scope, today: date, statuses: Collection[MeasureStatus] | None, overdue: bool, turn: Turn,
        about: About | None = None,
    ) -> Listed[MeasureRow]:
        some_of = None if statuses is None else tuple(statuses)
        query, _given = worded(lambda: _measures().where(*_wanted(scope, today, some_of, overdue, about)))
        order = _ORDER if statuses is None else _ORDER[1:]
        rows, ways = turned(self.session, query, measures_.c.id, order, turn, _PAGE)
        total = len(rows)
        if ways != ALL_HERE:
            found = worded(lambda: _count(_wanted(scope, today, some_of, overdue, about)))
            total = self.session.scalar(*found) or 0
        return Listed(map(_measure, rows), total, ways, _PAGE)

    def to_verify(self, scope: Scope, person_id: str, turn: Turn) -> Listed[MeasureRow]:
        waiting = select(measures_.c.id).where(within(measures_.c.unit_id, scope), may_verify(person_id))
        order = ((measures_.c.watchdog_id != person_id, False), (measures_.c.due_on, False), (measures_.c.id, False))
        found = listed(self.session, waiting, measures_.c.id, order, turn, _CARDS, lambda r: str(r.id))
        query = worded(lambda ids: _measures().where(measures_.c.id.in_(ids)), ids=list(found))
        rows = {r.id: _measure(r) for r in self.session.execute(*query)} if found else {}
        return found.of([rows[key] for key in found])

    def own_measures(self, scope: Scope, person_id: str, *, verified: bool, turn: Turn) -> Listed[MeasureRow]:
        query, _given = worded(lambda: _measures().where(*_own(scope, person_id, verified)))
        order = ((measures_.c.due_on, verified), (measures_.c.id, False))
        return listed(self.session, query, measures_.c.id, order, turn, _CARDS, _measure)

    def count_verified(self, scope: Scope, person_id: str) -> int:
        found = worded(lambda: some(select(measures_.c.id).where(*_own(scope, person_id, verified=True))))
        return self.session.scalar(*found) or 0

    def progress_in(self, scope: Scope, ids: Sequence[str]) -> dict[str, list[ProgressRow]]:
        query = worded(
            lambda ids: select(progress, people_.c.name)
            .join(people_, people_.c.id == progress.c.said_by)
            .where(progress.c.measure_id.in_(ids), within(progress.c.unit_id, scope))
            .order_by(progress.c.said_at.desc(), progress.c.id),
            ids=list(ids),
        )
        found: dict[str, list[ProgressRow]] = defaultdict(list)
        for r in self.session.execute(*query):
            found[r.measure_id].append(ProgressRow(r.status, r.percent, r.text, r.name, r.said_at))
        return found

    def evidence_in(self, scope: Scope, ids: Sequence[str]) -> dict[str, list[EvidenceRow]]:
        query = worded(
            lambda ids: select(evidence, people_.c.name.label("person"))
            .join(people_, people_.c.id == evidence.c.added_by)
            .where(evidence.c.measure_id.in_(ids), within(evidence.c.unit_id, scope))
            .order_by(evidence.c.added_at, evidence.c.id),
            ids=list(ids),
        )
        found: dict[str, list[EvidenceRow]] = defaultdict(list)
        for r in self.session.execute(*query):
            found[r.measure_id].append(EvidenceRow(r.id, r.name, r.media_type, r.size, r.person, r.added_at))
        return found

    def doers(self, measure_id: str) -> set[str]:
        at_work = (MeasureStatus.DOING, MeasureStatus.VERIFYING)
        did = worded(
            lambda key: union(
                select(progress.c.said_by).where(progress.c.measure_id == key, among(progress.c.status, at_work)),
                select(evidence.c.added_by).where(evidence.c.measure_id == key),
            ),
            key=measure_id,
        )
        passed = worded(
            lambda key: select(audit_entries.c.facts).where(
                audit_entries.c.subject == key, audit_entries.c.event == Event.CLAIM_PASSED
            ),
            key=measure_id,
        )
        before = {json.loads(facts)["person"] for facts in self.session.scalars(*passed)}
        return {*self.session.scalars(*did), *before}

    def entry_row(self, scope: Scope, risk_id: str) -> EntryRow:
        query = worded(
            lambda risk_id: _entry().where(risks_.c.id == risk_id, within(risks_.c.unit_id, scope)), risk_id=risk_id
        )
        r = self.session.execute(*query).one_or_none()
        if r is None:
            raise Missing
        risk: Risk = r.Risk
        self._met(Risk, scope)[risk.id] = risk
        holders = self._holders_of(risk.item_id, risk.unit_id) if r.post else {}  # type: ignore[attr-defined]
        return EntryRow(
            risk.id, risk.unit_id, r.unit, risk.number, risk.title, risk.manifestation, risk.item_id, r.item or "",
            r.post or "", tuple(holders.values()), risk.dimension, risk.risk_type, risk.opened_on, risk.status,
            risk.level, risk.expected_level, risk.verified_level, risk.owner_id, r.owner_id_name or "", risk.leader_id,
            r.leader_id_name or "", risk.watchdog_id, r.watchdog_id_name or "", risk.disclosure_class,
            risk.disclosure_when, risk.secret_reason, risk.wording, risk.announced_on, risk.filed_on,
            r.closing_asked_by_name or "", risk.closing_note, risk.closed_on, r.closed_by_name or "",
            risk.resolve_level,
        )  # fmt: skip

    def held(self, scope: Scope, people: Collection[str]) -> dict[str, Held]:
        in_post = select(holdings.c.person_id).where(
            within(holdings.c.unit_id, scope), holdings.c.until.is_(None), holdings.c.person_id.in_(people)
        )
        posts = Counter(self.session.scalars(in_post))
        open_entries = within(risks_.c.unit_id, scope), ~among(risks_.c.status, ENDED)
        parts = risks_.c.owner_id, risks_.c.leader_id, risks_.c.watchdog_id
        entries = self._holding(people, parts, *open_entries)
        to_do = within(measures_.c.unit_id, scope), measures_.c.status != MeasureStatus.VERIFIED
        todo = self._holding(people, (measures_.c.owner_id, measures_.c.watchdog_id), *to_do)
        claims = self._holding(people, (measures_.c.claimed_by,), *to_do)
        running = within(mentorships.c.unit_id, scope), mentorships.c.until.is_(None)
        counts = (posts, entries, todo, claims, self._holding(people, (mentorships.c.mentor_id,), *running))
        return {person: Held(*(count[person] for count in counts)) for person in set().union(*counts)}

    def _holding(
        self, people: Collection[str], columns: tuple[ColumnElement[Any], ...], *conditions: ColumnElement[bool]
    ) -> Counter[str]:
        rows = self.session.execute(select(*columns).where(or_(*(one.in_(people) for one in columns)), *conditions))
        return Counter(person for row in rows for person in set(row) & set(people))

    def evidence_of(self, measure_id: str) -> list[Evidence]:
        query = worded(
            lambda measure_id: select(Evidence)
            .where(evidence.c.measure_id == measure_id)
            .order_by(evidence.c.added_at, evidence.c.id),
            measure_id=measure_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))


def _entry() -> Select[Any]:
    """Entries with their unit, power item, post, and the names of everybody with a part in them."""
    roles = ("owner_id", "leader_id", "watchdog_id", "closing_asked_by", "closed_by")
    people = {role: aliased(people_) for role in roles}
    query = (
        select(Risk, units_.c.name.label("unit"), items_.c.name.label("item"), posts_.c.name.label("post"),
               *[people[role].c.name.label(f"{role}_name") for role in roles])
        .join(units_, units_.c.id == risks_.c.unit_id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(posts_, posts_.c.id == items_.c.post_id)
    )  # fmt: skip
    for role in roles:
        query = query.outerjoin(people[role], people[role].c.id == risks_.c[role])
    return query


@cache
def _measures() -> Select[Any]:
    doer, checker, claimer = aliased(people_), aliased(people_), aliased(people_)
    files_of = (
        select(func.count()).where(evidence.c.measure_id == measures_.c.id).correlate(measures_).scalar_subquery()
    )
    return (
        select(measures_, risks_.c.number, risks_.c.title, risks_.c.level, units_.c.name.label("unit"),
               doer.c.name.label("owner"), checker.c.name.label("watchdog"), files_of.label("evidence"),
               claimer.c.name.label("claimer"))
        .join(risks_, risks_.c.id == measures_.c.risk_id)
        .join(units_, units_.c.id == measures_.c.unit_id)
        .join(doer, doer.c.id == measures_.c.owner_id)
        .join(checker, checker.c.id == measures_.c.watchdog_id)
        .outerjoin(claimer, claimer.c.id == measures_.c.claimed_by)
    )  # fmt: skip


_ORDER = upward(measures_.c.status == MeasureStatus.VERIFIED, measures_.c.due_on, measures_.c.id)


def _chosen(scope: Scope, given: Mapping[str, Any]) -> Select[Any]:
    """Measures of one entry, or late on a day: whatever is given."""
    wanted = [within(measures_.c.unit_id, scope)]
    wanted += [measures_.c[name] == value for name, value in given.items() if name != "late"]
    if "late" in given:
        wanted += [measures_.c.done_on.is_(None), measures_.c.due_on < given["late"]]
    return _measures().where(*wanted).order_by(*by(_ORDER))


def _measure(r: Row[Any]) -> MeasureRow:
    return MeasureRow(
        r.id, r.unit_id, r.unit, r.risk_id, r.number, r.title, r.level, r.text, r.measure_type, r.stage,
        r.actor_kind, r.indicator, r.owner_id, r.owner, r.watchdog_id, r.watchdog, r.starts_on, r.due_on,
        r.status, r.percent, r.done_on, r.evidence,
        r.claimer or "", r.claimed_on,
    )  # fmt: skip


def _wanted(
    scope: Scope, today: date, statuses: Collection[MeasureStatus] | None, overdue: bool, about: About | None
) -> list[ColumnElement[bool]]:
    """That a row of `measures` belongs into a list of them."""
    conditions = [within(measures_.c.unit_id, scope)]
    if statuses is not None:
        conditions.append(among(measures_.c.status, statuses))
    if overdue:
        conditions += [measures_.c.done_on.is_(None), measures_.c.due_on < today]
    if about is not None and about != About():
        conditions += _about(about, today)
    return conditions


def _own(scope: Scope, person_id: str, verified: bool) -> list[ColumnElement[bool]]:
    """That a row of `measures` is one's own to carry out, verified or still standing."""
    states = (MeasureStatus.VERIFIED,) if verified else STANDING
    return [within(measures_.c.unit_id, scope), measures_.c.owner_id == person_id, among(measures_.c.status, states)]


def _count(conditions: Sequence[ColumnElement[bool]]) -> Select[int]:
    return some(select(measures_.c.id).where(*conditions), COUNTED_IN_LIST)


def _about(about: About, today: date) -> list[ColumnElement[bool]]:
    """What a row of `measures` is like that a chart has counted."""
    entry = [risks_.c.id == measures_.c.risk_id, standing()]
    if about.post:
        entry += [items_.c.id == risks_.c.item_id, posts_.c.id == items_.c.post_id, posts_.c.name == about.post]
    found = [at(measures_.c.unit_id, about.unit_id), exists().where(*entry).correlate(measures_)]
    if about.age:
        open_ = and_(measures_.c.done_on.is_(None), measures_.c.status != MeasureStatus.VERIFIED)
        found += [open_, measures_.c.due_on.between(*between(about.age, today))]
    return found
