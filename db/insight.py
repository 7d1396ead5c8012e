"""Questions about who saw what: entries by their voices, power items with or without one, and what has worked."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select

from core.access import Scope
from core.blindspots import Voiced
from core.lessons import Worked
from core.silence import Power
from core.words import Channel, Level, ReviewResult, RiskStatus, Source
from db.kept import among, worded
from db.round_tables import inspections
from db.scoping import Asking, heard, within
from db.spoken import at, in_it, levels, rated_by_several, spoken, voices
from db.tables import flags_, items_, links, members, points_, publications, risks_, units_

_STEPS = case((risks_.c.level == Level.HIGH, 2), (risks_.c.level == Level.MEDIUM, 1), else_=0)
_LEFT = case((risks_.c.verified_level == Level.HIGH, 2), (risks_.c.verified_level == Level.MEDIUM, 1), else_=0)


class Insight(Asking):
    """Voices, silence and lessons as they are asked about."""

    def voiced(
        self, scope: Scope, unit_id: str | None, ids: Collection[str] | None = None, *, rated: bool = False
    ) -> list[Voiced]:
        given: dict[str, Any] = {} if ids is None else {"ids": list(ids)}
        query = worded(lambda ids=None: _voiced(scope, unit_id, ids, rated=rated), **given)
        return [
            Voiced(
                risk, unit_id, unit, number, title, item_id, item or "", dimension, status, level, opened,
                voices(self_, superior, resident), levels(own),
            )
            for risk, unit_id, unit, number, title, item_id, item, dimension, status, level, opened, self_, superior,
            resident, own in self.session.execute(*query)
        ]  # fmt: skip

    def channels_in(self, scope: Scope, risk_id: str, source: Source) -> set[Channel]:
        query = worded(
            lambda risk_id: select(flags_.c.channel)
            .join(links, links.c.flag_id == flags_.c.id)
            .where(links.c.risk_id == risk_id, links.c.undone_at.is_(None), flags_.c.source == source,
                   within(flags_.c.unit_id, scope), heard(scope)),
            risk_id=risk_id,
        )  # fmt: skip
        return set(self.session.scalars(*query))

    def powers(self, scope: Scope, unit_id: str | None, first: date, last: date) -> list[Power]:
        looked = (
            select(func.max(inspections.c.said_on))
            .where(inspections.c.item_id == items_.c.id, inspections.c.said_on.between(first, last))
            .correlate(items_)
            .scalar_subquery()
        )
        query = (
            select(items_.c.id, items_.c.unit_id, units_.c.name.label("unit"), units_.c.code, items_.c.name,
                   items_.c.dimension, looked.label("looked"))
            .join(units_, units_.c.id == items_.c.unit_id)
            .where(within(items_.c.unit_id, scope), at(items_.c.unit_id, unit_id), items_.c.retired.is_(False))
            .order_by(units_.c.path, items_.c.dimension, items_.c.name)
        )  # fmt: skip
        return [
            Power(r.id, r.unit_id, r.unit, r.code, r.name, r.dimension, r.looked) for r in self.session.execute(query)
        ]

    def asked_with(self, scope: Scope, group_id: str) -> set[str]:
        query = worded(
            lambda group_id: select(flags_.c.unit_id)
            .join(points_, points_.c.id == flags_.c.point_id)
            .where(points_.c.group_id == group_id, within(flags_.c.unit_id, scope), heard(scope)),
            group_id=group_id,
        )  # fmt: skip
        return set(self.session.scalars(*query))

    def members_at(self, scope: Scope, group_id: str, unit_id: str) -> list[str]:
        query = worded(
            lambda group_id, unit_id: select(members.c.risk_id)
            .where(members.c.group_id == group_id, members.c.unit_id == unit_id, within(members.c.unit_id, scope),
                   members.c.risk_id.is_not(None))
            .order_by(members.c.strength.desc(), members.c.id),
            group_id=group_id, unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def worked(self, item: str, dimension: str, risk_type: str, most: int) -> list[Worked]:
        same = and_(publications.c.item == item, publications.c.item != "")
        query = (
            select(publications, risks_.c.verified_level, risks_.c.dimension, units_.c.name.label("unit"))
            .join(risks_, risks_.c.id == publications.c.id)
            .join(units_, units_.c.id == publications.c.unit_id)
            .where(
                among(publications.c.status, (RiskStatus.CLOSED, RiskStatus.ARCHIVED)),
                or_(
                    publications.c.look_result == ReviewResult.EFFECTIVE,
                    and_(publications.c.look_result.is_not(None), risks_.c.verified_level.is_not(None), _LEFT < _STEPS),
                ),
                or_(same, and_(risks_.c.dimension == dimension, risks_.c.risk_type == risk_type)),
            )
            .order_by(same.desc(), publications.c.looked_on.desc(), publications.c.id)
            .limit(most)
        )  # fmt: skip
        return [
            Worked(
                r.id, r.unit_id, r.unit, r.item, r.wording, r.level, r.verified_level, r.look_result, r.looked_on,
                tuple(r.measures),
            )
            for r in self.session.execute(query)
        ]  # fmt: skip


def _voiced(scope: Scope, unit_id: str | None, ids: Any, *, rated: bool) -> Select[Any]:
    said = spoken(scope, unit_id, ids, rated=rated)
    here = [within(risks_.c.unit_id, scope), at(risks_.c.unit_id, unit_id)]
    if ids is not None:
        here.append(risks_.c.id.in_(ids))
    elif rated:
        here.append(risks_.c.id.in_(rated_by_several(scope, unit_id)))
    return (
        select(risks_.c.id, risks_.c.unit_id, units_.c.name.label("unit"), risks_.c.number, risks_.c.title,
               risks_.c.item_id, items_.c.name.label("item"), risks_.c.dimension, risks_.c.status, risks_.c.level,
               risks_.c.opened_on, *in_it(said), func.coalesce(said.c.own, 0) if rated else literal(0))
        .join(units_, units_.c.id == risks_.c.unit_id)
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .where(*here)
        .order_by(units_.c.path, risks_.c.number)
    )  # fmt: skip
