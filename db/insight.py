"""Questions about who saw what: entries by their voices, power items with or without one, and what has worked."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from sqlalchemy import String, and_, case, cast, distinct, func, or_, select

from core.access import Scope
from core.blindspots import Voiced
from core.board import Rated
from core.lessons import Worked
from core.silence import Power
from core.small import Cell
from core.words import Channel, Level, ReviewResult, RiskStatus, Source
from db.entries import spoke
from db.round_tables import inspections
from db.scoping import Asking, heard, within
from db.tables import flags_, items_, links, members, points_, publications, risks_, units_
from db.tallies import at

_STEPS = case((risks_.c.level == Level.HIGH, 2), (risks_.c.level == Level.MEDIUM, 1), else_=0)
_LEFT = case((risks_.c.verified_level == Level.HIGH, 2), (risks_.c.verified_level == Level.MEDIUM, 1), else_=0)


class Insight(Asking):
    """Voices, silence and lessons as they are asked about."""

    def voiced(self, scope: Scope, unit_id: str | None, ids: Collection[str] | None = None) -> list[Voiced]:
        voices = [spoke(source, scope).label(source.value) for source in Source]
        here = [within(risks_.c.unit_id, scope), at(risks_.c.unit_id, unit_id)]
        here += [] if ids is None else [risks_.c.id.in_(ids)]
        query = (
            select(risks_.c.id, risks_.c.unit_id, units_.c.name.label("unit"), risks_.c.number, risks_.c.title,
                   risks_.c.item_id, items_.c.name.label("item"), risks_.c.dimension, risks_.c.status, risks_.c.level,
                   risks_.c.opened_on, *voices)
            .join(units_, units_.c.id == risks_.c.unit_id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(*here)
            .order_by(units_.c.path, risks_.c.number)
        )  # fmt: skip
        own: dict[str, set[tuple[Source, Level]]] = defaultdict(set)
        rated = (
            select(links.c.risk_id, flags_.c.source, flags_.c.level)
            .join(flags_, flags_.c.id == links.c.flag_id)
            .join(risks_, risks_.c.id == links.c.risk_id)
            .where(*here, links.c.undone_at.is_(None), flags_.c.level.is_not(None), heard(scope))
            .distinct()
        )
        for risk_id, source, level in self.session.execute(rated):
            own[risk_id].add((source, level))
        return [
            Voiced(
                r.id, r.unit_id, r.unit, r.number, r.title, r.item_id, r.item or "", r.dimension, r.status, r.level,
                r.opened_on, frozenset(s for s in Source if getattr(r, s.value)), frozenset(own[r.id]),
            )
            for r in self.session.execute(query)
        ]  # fmt: skip

    def channels_in(self, scope: Scope, risk_id: str, source: Source) -> set[Channel]:
        query = (
            select(flags_.c.channel)
            .join(links, links.c.flag_id == flags_.c.id)
            .where(links.c.risk_id == risk_id, links.c.undone_at.is_(None), flags_.c.source == source,
                   within(flags_.c.unit_id, scope), heard(scope))
        )  # fmt: skip
        return set(self.session.scalars(query))

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

    def resident_cells(self, scope: Scope, unit_id: str | None, since: date) -> list[Cell]:
        standing = and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None))
        lately = flags_.c.raised_on >= since
        rated = links.c.risk_id.concat(func.coalesce(cast(flags_.c.level, String), ""))
        counted = (
            flags_.c.id, rated, case((lately, func.coalesce(flags_.c.place_id, flags_.c.unit_id))),
            case((lately, flags_.c.channel)), *(case((flags_.c[kind].is_not(None), flags_.c.id)) for kind in Rated),
        )  # fmt: skip
        query = (
            select(flags_.c.unit_id, *(func.count(distinct(one)) for one in counted))
            .outerjoin(links, standing)
            .where(
                within(flags_.c.unit_id, scope), at(flags_.c.unit_id, unit_id), heard(scope),
                flags_.c.source == Source.RESIDENT,
            )
            .group_by(flags_.c.unit_id)
        )  # fmt: skip
        return [
            Cell(unit, flags, entries, places, ways, tuple(marks))
            for unit, flags, entries, places, ways, *marks in self.session.execute(query)
        ]

    def asked_with(self, scope: Scope, group_id: str) -> set[str]:
        query = (
            select(flags_.c.unit_id)
            .join(points_, points_.c.id == flags_.c.point_id)
            .where(points_.c.group_id == group_id, within(flags_.c.unit_id, scope), heard(scope))
        )
        return set(self.session.scalars(query))

    def members_at(self, scope: Scope, group_id: str, unit_id: str) -> list[str]:
        query = (
            select(members.c.risk_id)
            .where(members.c.group_id == group_id, members.c.unit_id == unit_id, within(members.c.unit_id, scope),
                   members.c.risk_id.is_not(None))
            .order_by(members.c.strength.desc(), members.c.id)
        )  # fmt: skip
        return list(self.session.scalars(query))

    def worked(self, item: str, dimension: str, risk_type: str, most: int) -> list[Worked]:
        same = and_(publications.c.item == item, publications.c.item != "")
        query = (
            select(publications, risks_.c.verified_level, risks_.c.dimension, units_.c.name.label("unit"))
            .join(risks_, risks_.c.id == publications.c.id)
            .join(units_, units_.c.id == publications.c.unit_id)
            .where(
                publications.c.status.in_((RiskStatus.CLOSED, RiskStatus.ARCHIVED)),
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
