"""Questions about register entries: the list, one entry's ratings and history."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from core.access import Scope
from core.entries.register import UNDECIDED, UNRATED, Filter, Sort
from core.entries.risks import Risk
from core.lifecycle import ENDED
from core.review.merging import Choice, Link
from core.rows import AssessmentRow, AuditRow, StatementRow
from core.words import Change, Level, MeasureStatus, RiskStatus, Source
from db.kept import among, worded
from db.keyset import Order
from db.questions.log import Log
from db.questions.signatures import lapsed
from db.questions.warned import warned
from db.scoping import heard, within
from db.tables import (
    assessments,
    audit_entries,
    flags_,
    items_,
    links,
    measures_,
    people_,
    posts_,
    risks_,
    statements,
    supports_,
    units_,
)
from db.tables.holder_tables import early_warnings
from db.tables.vouching import second_looks

_LINKS = select(Link).order_by(links.c.linked_at, links.c.id)
_HEAVIEST = case(
    (risks_.c.level == Level.HIGH, 0), (risks_.c.level == Level.MEDIUM, 1), (risks_.c.level == Level.LOW, 2), else_=3
)


def spoke(source: Source, scope: Scope) -> ColumnElement[bool]:
    """That a voice is in an entry, as far as the viewer may know; who joined an entry is a resident's voice."""
    said = exists().where(
        links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), flags_.c.id == links.c.flag_id,
        flags_.c.source == source, heard(scope),
    )  # fmt: skip
    joined = exists().where(supports_.c.risk_id == risks_.c.id)
    return or_(said, joined) if source is Source.RESIDENT else said


def standing() -> ColumnElement[bool]:
    """That a row of `risks` was not withdrawn: an archived one has been closed."""
    return or_(risks_.c.status != RiskStatus.ARCHIVED, risks_.c.closed_on.is_not(None))


def last_look() -> ColumnElement[bool]:
    """That a row of `second_looks` is the last one made at its entry."""
    later = second_looks.alias()
    after = exists().where(
        later.c.risk_id == second_looks.c.risk_id, later.c.result.is_not(None), later.c.n > second_looks.c.n
    )
    return and_(second_looks.c.result.is_not(None), ~after)


class Entries(Log):
    """The register as it is asked about."""

    def next_number(self, unit_id: str) -> int:
        self.lock_chain(unit_id)  # numbers of one community are given one after the other
        return (self.session.scalar(select(func.max(risks_.c.number)).where(risks_.c.unit_id == unit_id)) or 0) + 1

    def open_entries(self, scope: Scope, unit_id: str) -> list[Choice]:
        query = worded(
            lambda unit_id: select(risks_.c.id, risks_.c.number, risks_.c.title, items_.c.name)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(risks_.c.unit_id == unit_id, within(risks_.c.unit_id, scope), ~among(risks_.c.status, ENDED))
            .order_by(risks_.c.number),
            unit_id=unit_id,
        )  # fmt: skip
        return [Choice(r.id, r.number, r.title, r.name or "") for r in self.session.execute(*query)]

    def links_of(self, risk_id: str, undone: bool = False) -> list[Link]:
        query = worded(lambda risk_id: _LINKS.where(links.c.risk_id == risk_id), risk_id=risk_id)
        return [link for link in self.session.scalars(*query) if undone or link.undone_at is None]

    def links_in(self, risk_ids: Collection[str]) -> list[Link]:
        query = worded(
            lambda ids: _LINKS.where(links.c.risk_id.in_(ids), links.c.undone_at.is_(None)), ids=list(risk_ids)
        )
        return list(self.session.scalars(*query)) if risk_ids else []

    def entry_of(self, flag_id: str) -> Risk | None:
        query = worded(
            lambda flag_id: select(Risk)
            .join(links, links.c.risk_id == risks_.c.id)
            .where(links.c.flag_id == flag_id, links.c.undone_at.is_(None)),
            flag_id=flag_id,
        )
        return self.session.scalars(*query).first()

    def assessments(self, scope: Scope, risk_id: str) -> list[AssessmentRow]:
        query = worded(
            lambda risk_id: select(assessments, people_.c.name)
            .join(people_, people_.c.id == assessments.c.rated_by)
            .where(assessments.c.risk_id == risk_id, within(assessments.c.unit_id, scope))
            .order_by(assessments.c.rated_at.desc(), assessments.c.id),
            risk_id=risk_id,
        )
        return [
            AssessmentRow(r.stage, r.factors, tuple(r.overrides), r.computed, r.level, r.reason, r.name, r.rated_at)
            for r in self.session.execute(*query)
        ]

    def statements(self, scope: Scope, risk_id: str) -> list[StatementRow]:
        query = worded(
            lambda risk_id: select(statements, people_.c.name)
            .join(people_, people_.c.id == statements.c.person_id)
            .where(statements.c.risk_id == risk_id, within(statements.c.unit_id, scope))
            .order_by(statements.c.said_at, statements.c.id),
            risk_id=risk_id,
        )
        return [StatementRow(r.name, r.objection, r.text, r.said_at) for r in self.session.execute(*query)]

    def risk_history(self, scope: Scope, risk_id: str) -> list[AuditRow]:
        """What was done with an entry and its measures, the newest first; flags are left to the voices."""
        measure_ids = select(measures_.c.id).where(measures_.c.risk_id == risk_id, within(measures_.c.unit_id, scope))
        own = select(risks_.c.id).where(risks_.c.id == risk_id, within(risks_.c.unit_id, scope))
        subject = audit_entries.c.subject
        query = self._lines().where(or_(subject.in_(own), subject.in_(measure_ids)))
        return self._read(query.order_by(audit_entries.c.at.desc(), audit_entries.c.n.desc()))


def chosen(
    wanted: Filter, scope: Scope, today: date, ids: Collection[str] | None = None
) -> list[ColumnElement[bool]]:
    """What a row of `risks` must be to be shown by a filter; of `ids` alone where they are given."""
    found = [within(risks_.c.unit_id, scope), *_conditions(wanted, scope, today)]
    return found if ids is None else [*found, risks_.c.id.in_(ids)]


def order(sort: Sort) -> Order:
    """The order of rows of the register; `units` is joined."""
    place, number, last = ((units_.c.name, False), (units_.c.path, False)), risks_.c.number, (risks_.c.id, False)
    orders: dict[Sort, Order] = {
        Sort.NUMBER: (*place, (number, False), last),
        Sort.LEVEL: ((_HEAVIEST, False), *place, (number, False), last),
        Sort.NEWEST: ((risks_.c.opened_on, True), *place, (number, True), last),
        Sort.DUE: ((next_due().is_(None), False), (next_due(), False), (number, False), last),
    }
    return orders[sort]


def next_due() -> ColumnElement[Any]:
    return (
        select(func.min(measures_.c.due_on))
        .where(measures_.c.risk_id == risks_.c.id, measures_.c.status != MeasureStatus.VERIFIED)
        .correlate(risks_)
        .scalar_subquery()
    )


def _said(forms: tuple[str, ...]) -> ColumnElement[bool]:
    """That an entry holds a word in one of its forms."""
    likes = [f"%{form.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%" for form in forms]
    columns = (risks_.c.title, risks_.c.manifestation, items_.c.name)
    return or_(*[column.ilike(like, escape="!") for column in columns for like in likes])


def _conditions(wanted: Filter, scope: Scope, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        numbered = [] if wanted.number is None else [risks_.c.number == wanted.number]
        found.append(or_(and_(*map(_said, wanted.words)), *numbered))
    if wanted.dimensions:
        found.append(risks_.c.dimension.in_(wanted.dimensions))
    if wanted.statuses:
        found.append(risks_.c.status.in_(wanted.statuses))
    elif wanted.change is not Change.GONE and not (wanted.standing or wanted.whole):
        found.append(risks_.c.status != RiskStatus.ARCHIVED)
    if wanted.sources:
        found.append(or_(*[spoke(source, scope) for source in wanted.sources]))
    if wanted.voices is not None:
        found += [spoke(s, scope) if s in wanted.voices else ~spoke(s, scope) for s in Source]
    if wanted.unit_id:
        path = select(units_.c.path).where(units_.c.id == wanted.unit_id).scalar_subquery()
        below = aliased(units_)
        found.append(risks_.c.unit_id.in_(select(below.c.id).where(below.c.path.startswith(path))))
    if wanted.mine:
        mine = (risks_.c.owner_id, risks_.c.leader_id, risks_.c.watchdog_id)
        found.append(or_(*[column == wanted.mine for column in mine]))
    return found + _about(wanted) + _decided(wanted) + _troubles(wanted, today)


def _decided(wanted: Filter) -> list[ColumnElement[bool]]:
    """Entries by the levels decided, where they are solved, who answers, and what the last look found."""
    found = [
        or_(column.in_([code for code in codes if code != none]), *([column.is_(None)] if none in codes else []))
        for column, codes, none in (
            (risks_.c.level, wanted.levels, UNRATED), (risks_.c.expected_level, wanted.expected, UNRATED),
            (risks_.c.verified_level, wanted.verified, UNRATED), (risks_.c.resolve_level, wanted.solved, UNDECIDED),
        ) if codes
    ]  # fmt: skip
    if wanted.standing:
        found.append(standing())
    if wanted.post:
        named = exists().where(items_.c.post_id == posts_.c.id, posts_.c.name == wanted.post).correlate(items_)
        found.append(named)
    if wanted.looks:
        result = second_looks.c.result
        found.append(
            exists().where(second_looks.c.risk_id == risks_.c.id, result.in_(wanted.looks), last_look())
            .correlate(risks_)
        )  # fmt: skip
    return found


def _about(wanted: Filter) -> list[ColumnElement[bool]]:
    """Entries about one power item, or opened between two days, as far as that is asked for."""
    found: list[ColumnElement[bool]] = []
    if wanted.item_id:
        found.append(risks_.c.item_id == wanted.item_id)
    if wanted.item_name:
        found.append(items_.c.name == wanted.item_name)
    if wanted.since:
        found.append(risks_.c.opened_on >= wanted.since)
    if wanted.until:
        found.append(risks_.c.opened_on <= wanted.until)
    return found


def _troubles(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    """Entries with something late, warned about, or to be signed again, as far as that is asked for."""
    found: list[ColumnElement[bool]] = []
    if wanted.overdue:
        late = and_(measures_.c.risk_id == risks_.c.id, measures_.c.done_on.is_(None), measures_.c.due_on < today)
        found.append(exists().where(late))
    if wanted.warnings:
        found.append(exists().where(warned(), early_warnings.c.colour.in_(wanted.warnings)))
    if wanted.lapsed:
        found.append(lapsed(today))
    return found
