"""What the facts of the consistency checks are put together from: which entries are looked at, and rows as facts."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Table, and_, case, exists, func, or_, select

from core import dates
from core.access import Scope
from core.consistency.checked import EntryFact, LookFact, MeasureFact, PageFact, RatingFact, SignedFact
from core.events import Event
from core.words import Level, RatingStage, RiskStatus, Role
from db.kept import among
from db.scoping import heard, readable
from db.tables import (
    assessments,
    assignments,
    audit_entries,
    evidence,
    flags_,
    items_,
    links,
    measures_,
    people_,
    publications,
    recusals,
    risks_,
    units_,
)
from db.tables.holder_tables import clocks_
from db.tables.vouching import second_looks, signatures

_ACTING = (Role.CADRE, Role.WATCHDOG, Role.SUPERVISOR)
"""Who may act for a unit that holds an entry."""


def _named(table: Table, names: str) -> list[Column[Any]]:
    return [table.c[name] for name in names.split()]


def looked_at(units: Any, entries: Any = None) -> ColumnElement[bool]:
    """That a row of `risks` is looked at: of these communities, or one of these entries there."""
    here = and_(risks_.c.unit_id.in_(units), risks_.c.status != RiskStatus.ARCHIVED)
    return here if entries is None else and_(here, risks_.c.id.in_(entries))


away = recusals.alias()  # `heard` asks for recusals of its own
STAFFED = exists().where(
    assignments.c.unit_id == clocks_.c.holder_id, among(assignments.c.role, _ACTING),
    people_.c.id == assignments.c.person_id, people_.c.left_on.is_(None),
)  # fmt: skip


_LAST = [
    select(func.max(audit_entries.c.at))
    .where(audit_entries.c.subject == risks_.c.id, among(audit_entries.c.event, [event]))
    .correlate(risks_).scalar_subquery().label(name)
    for name, event in (("described", Event.RISK_DESCRIBED), ("reworded", Event.RISK_REWORDED))
]  # fmt: skip
"""When an entry was described and reworded last."""
ENTRIES = (
    select(
        *_named(risks_, "id unit_id number title status level expected_level verified_level dimension item_id owner_id "
                "leader_id watchdog_id disclosure_class wording announced_on filed_on closed_on closed_by"),
        publications.c.id.label("page"), publications.c.item.label("page_item"),
        publications.c.wording.label("page_wording"), publications.c.level.label("page_level"),
        publications.c.status.label("page_status"), publications.c.measures.label("page_measures"),
        clocks_.c.holder_id, clocks_.c.due_on, units_.c.name.label("holder"),
        and_(STAFFED, units_.c.closed_on.is_(None)).label("staffed"), *_LAST,
    )
    .select_from(risks_)
    .outerjoin(publications, publications.c.id == risks_.c.id)
    .outerjoin(clocks_, and_(clocks_.c.risk_id == risks_.c.id, clocks_.c.ended_on.is_(None)))
    .outerjoin(units_, units_.c.id == clocks_.c.holder_id)
)  # fmt: skip
"""Entries with what the board shows of them and with their running clocks, of which there is one at most."""


def entry(r: Row[Any]) -> EntryFact:
    described = r.described if (r.described or "") > (r.reworded or "") else None
    return EntryFact(
        r.id, r.number, r.title, r.status, r.level, r.expected_level, r.verified_level, r.dimension, r.item_id,
        r.owner_id, r.leader_id, r.watchdog_id, r.disclosure_class, r.wording, r.announced_on, r.filed_on,
        r.closed_on, r.closed_by, dates.today(datetime.fromisoformat(described)) if described else None,
    )  # fmt: skip


def page(r: Row[Any]) -> PageFact:
    measures = tuple(measure["text"] for measure in r.page_measures)
    return PageFact(r.id, r.page_item, r.page_wording, r.page_level, r.page_status, measures)


def telling(looked: ColumnElement[bool], scope: Scope, raw: Scope) -> Select[Any]:
    """The voices of entries that a check can go by: the last level each source gave, what was linked after the last
    rating, and what is about another power item."""
    item = case((readable(raw), flags_.c.item_id))
    newest = func.row_number().over(
        partition_by=(links.c.risk_id, flags_.c.source, flags_.c.level.is_(None)),
        order_by=(links.c.linked_at.desc(), links.c.id.desc()),
    )
    every = (
        select(
            links.c.risk_id, links.c.unit_id, links.c.linked_at, links.c.id.label("link_id"), flags_.c.id,
            flags_.c.source, item.label("item_id"), flags_.c.level, newest.label("nth"),
            risks_.c.item_id.label("own"),
        )
        .join(flags_, flags_.c.id == links.c.flag_id)
        .join(risks_, risks_.c.id == links.c.risk_id)
        .where(looked, links.c.undone_at.is_(None), heard(scope))
        .subquery()
    )
    rated = (
        select(assessments.c.risk_id, func.max(assessments.c.rated_at).label("at"))
        .join(risks_, risks_.c.id == assessments.c.risk_id)
        .where(looked, assessments.c.stage == RatingStage.INITIAL)
        .group_by(assessments.c.risk_id)
        .subquery()
    )
    tells = or_(
        and_(every.c.level.is_not(None), every.c.nth == 1), every.c.item_id != every.c.own,
        every.c.linked_at > rated.c.at,
    )  # fmt: skip
    return (
        select(every)
        .outerjoin(rated, rated.c.risk_id == every.c.risk_id)
        .where(tells)
        .order_by(every.c.linked_at, every.c.link_id)
    )


def parts_in(
    entries: Iterable[EntryFact], measures: Iterable[MeasureFact], ratings: Iterable[RatingFact],
    looks: Iterable[LookFact],
) -> Iterator[str]:  # fmt: skip
    """Everybody with a part in entries of a community."""
    found = chain(
        *[(one.owner_id, one.leader_id, one.watchdog_id, one.closed_by) for one in entries],
        *[(one.owner_id, one.watchdog_id, one.claimed_by, one.verified_by) for one in measures],
        (one.rated_by for one in ratings), (one.looked_by for one in looks),
    )  # fmt: skip
    return (one for one in found if one is not None)


def signature(r: Row[Any], snapshot: dict[str, Any]) -> SignedFact:
    level, expected = (Level(snapshot[name]) if snapshot[name] else None for name in ("level", "expected"))
    return SignedFact(r.risk_id, r.stage, snapshot["title"], snapshot["item"], level, expected)


RATED = select(*_named(assessments, "unit_id risk_id stage computed level reason rated_by rated_at"))
LISTED = select(*_named(items_, "unit_id id name dimension post_id major retired disclosure_class"))
PLANNED = select(
    *_named(measures_, "id unit_id risk_id text measure_type owner_id watchdog_id claimed_by due_on indicator status "
            "percent verified_by"), evidence.c.sha256,
)  # fmt: skip
SIGNED = select(*_named(signatures, "unit_id risk_id stage snapshot"))
LOOKED = select(*_named(second_looks, "id unit_id risk_id result looked_by looked_on"))
