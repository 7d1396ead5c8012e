"""Counts: the figures of the overview, and what waits for somebody."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from core import dates
from core.access import Scope
from core.figures import EntryFact, Punctuality
from core.words import FlagStatus, MeasureStatus, RiskStatus, Source
from db.entries import spoke
from db.scoping import Asking, heard, within
from db.tables import flags_, holdings, inspections, items_, measures_, posts_, risks_, rounds_, units_
from db.voices import WAITING, waits


class Tallies(Asking):
    """Figures as they are asked for."""

    def entry_facts(self, scope: Scope, unit_id: str | None) -> list[EntryFact]:
        voices = [spoke(source, scope).label(source.value) for source in Source]
        query = select(risks_.c.dimension, risks_.c.level, risks_.c.status, *voices).where(
            within(risks_.c.unit_id, scope), _at(risks_.c.unit_id, unit_id), risks_.c.status != RiskStatus.ARCHIVED
        )
        return [
            EntryFact(r.dimension, r.level, r.status, frozenset(s for s in Source if getattr(r, s.value)))
            for r in self.session.execute(query)
        ]

    def flag_counts(self, scope: Scope, unit_id: str | None) -> dict[FlagStatus, int]:
        query = select(flags_.c.status, func.count()).where(
            within(flags_.c.unit_id, scope), _at(flags_.c.unit_id, unit_id), heard(scope)
        )
        return {status: n for status, n in self.session.execute(query.group_by(flags_.c.status))}

    def punctuality(self, scope: Scope, unit_id: str | None, today: date) -> Punctuality:
        done, due = measures_.c.done_on, measures_.c.due_on
        counted = [
            func.sum(case((condition, 1), else_=0))
            for condition in (done <= due, done > due, and_(done.is_(None), due < today))
        ]
        row = self.session.execute(
            select(*counted).where(within(measures_.c.unit_id, scope), _at(measures_.c.unit_id, unit_id))
        ).one()
        return Punctuality(*(int(value or 0) for value in row))

    def waiting_rounds(self, scope: Scope, person_id: str, today: date) -> dict[str, object]:
        mine = select(holdings.c.post_id).where(holdings.c.person_id == person_id, holdings.c.until.is_(None))
        own = and_(items_.c.post_id.in_(mine), items_.c.retired.is_(False), within(items_.c.unit_id, scope))
        unit_id = self.session.scalar(select(items_.c.unit_id).where(own).limit(1))
        if unit_id is None:
            return {}
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id)) or ""
        current = self.session.execute(
            select(rounds_)
            .where(
                rounds_.c.unit_id.in_(path.strip("/").split("/")), rounds_.c.starts_on <= today,
                rounds_.c.ends_on >= today,
            )
            .order_by(rounds_.c.starts_on.desc())
        ).first()  # fmt: skip
        if current is None:
            return {}
        said = exists().where(inspections.c.item_id == items_.c.id, inspections.c.round_id == current.id)
        total = self._count(select(func.count()).select_from(items_).where(own))
        done = self._count(select(func.count()).select_from(items_).where(own, said))
        return {
            "to_inspect": total - done, "inspected": done, "round_title": current.title, "round_ends": current.ends_on,
        }  # fmt: skip

    def waiting_measures(self, scope: Scope, person_id: str) -> dict[str, object]:
        doing = (MeasureStatus.OPEN, MeasureStatus.DOING, MeasureStatus.RETURNED)
        query = select(func.count(), func.min(measures_.c.due_on)).where(
            within(measures_.c.unit_id, scope), measures_.c.owner_id == person_id, measures_.c.status.in_(doing)
        )
        count, first = self.session.execute(query).one()
        return {"measures_due": count, "measures_next": first}

    def waiting_points(self, scope: Scope) -> dict[str, object]:
        query = select(func.count(), func.min(flags_.c.due_on)).where(
            within(flags_.c.unit_id, scope), heard(scope), flags_.c.source == Source.SUPERIOR,
            flags_.c.status.in_(WAITING),
        )  # fmt: skip
        count, first = self.session.execute(query).one()
        return {"points": count, "points_next": first}

    def waiting_inbox(self, scope: Scope, person_id: str) -> dict[str, object]:
        new = and_(waits(scope, person_id), flags_.c.status == FlagStatus.NEW)
        count, first = self.session.execute(select(func.count(), func.min(flags_.c.due_on)).where(new)).one()
        return {"inbox": count, "inbox_next": first}

    def waiting_checks(self, scope: Scope, person_id: str, today: date) -> dict[str, object]:
        here = within(risks_.c.unit_id, scope)
        not_mine = and_(
            or_(risks_.c.owner_id.is_(None), risks_.c.owner_id != person_id),
            or_(risks_.c.closing_asked_by.is_(None), risks_.c.closing_asked_by != person_id),
        )
        over = risks_.c.announced_on <= today - timedelta(days=dates.PUBLIC_NOTICE)
        counted = {
            "to_close": and_(risks_.c.status == RiskStatus.VERIFYING, not_mine),
            "to_rate": risks_.c.status == RiskStatus.UNRATED,
            "to_announce": risks_.c.status == RiskStatus.RATED,
            "to_file": and_(risks_.c.status == RiskStatus.ANNOUNCED, over),
        }
        found: dict[str, object] = {
            name: self._count(select(func.count()).select_from(risks_).where(here, condition))
            for name, condition in counted.items()
        }
        to_verify = select(func.count()).where(
            within(measures_.c.unit_id, scope), measures_.c.status == MeasureStatus.VERIFYING,
            measures_.c.owner_id != person_id,
        )  # fmt: skip
        return found | {"to_verify": self._count(to_verify)}

    def waiting_raised(self, scope: Scope) -> dict[str, object]:
        query = select(func.count()).where(
            within(flags_.c.unit_id, scope), heard(scope), flags_.c.source == Source.SUPERIOR,
            flags_.c.status.in_(WAITING),
        )  # fmt: skip
        return {"unanswered": self._count(query)}

    def waiting_posts(self, scope: Scope) -> dict[str, object]:
        """Posts with power items and nobody in them."""
        held = exists().where(holdings.c.post_id == posts_.c.id, holdings.c.until.is_(None))
        items = exists().where(items_.c.post_id == posts_.c.id, items_.c.retired.is_(False))
        query = select(func.count()).select_from(posts_).where(within(posts_.c.unit_id, scope), ~held, items)
        return {"vacant_posts": self._count(query)}

    def _count(self, query: Select[Any]) -> int:
        return self.session.scalar(query) or 0


def _at(unit_id: ColumnElement[str], wanted: str | None) -> ColumnElement[bool]:
    if wanted is None:
        return unit_id.is_not(None)
    path = select(units_.c.path).where(units_.c.id == wanted).scalar_subquery()
    return unit_id.in_(select(units_.c.id).where(units_.c.path.startswith(path)))
