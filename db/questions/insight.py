"""Questions about who saw what: entries by their voices, power items with or without one, and what has worked."""

from collections import Counter
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, true

from core.access import Scope
from core.entries.rating import RISING
from core.insight.blindspots import Alike, Sight, Voiced
from core.insight.disputes import Rated
from core.insight.lessons import Worked
from core.insight.silence import Power, Silent
from core.lifecycle import ENDED
from core.words import Dimension, Level, ReviewResult, Source
from db.kept import among, worded
from db.questions import voiced
from db.questions.parts import part_of
from db.questions.spoken import in_it, levels, spoken, voices
from db.questions.summing import Counts, Sum, Summing, These, at, given, together
from db.scoping import heard, inside, within
from db.tables import flags_, items_, members, points_, publications, risks_, units_
from db.tables.round_tables import inspections

_STEPS = case((risks_.c.level == Level.HIGH, 2), (risks_.c.level == Level.MEDIUM, 1), else_=0)
_LEFT = case((risks_.c.verified_level == Level.HIGH, 2), (risks_.c.verified_level == Level.MEDIUM, 1), else_=0)


def _powers(first: Any, last: Any, ids: Any = None) -> Select[Any]:
    """Power items in use, all or some, with the day on which they were last looked at between two days."""
    looked = (
        select(func.max(inspections.c.said_on))
        .where(inspections.c.item_id == items_.c.id, inspections.c.said_on.between(first, last))
        .correlate(items_)
        .scalar_subquery()
    )
    return (
        select(items_.c.id, items_.c.unit_id, units_.c.name.label("unit"), units_.c.code, items_.c.name,
               items_.c.dimension, looked.label("looked"))
        .join(units_, units_.c.id == items_.c.unit_id)
        .where(items_.c.retired.is_(False), items_.c.id.in_(ids) if ids is not None else true())
        .order_by(units_.c.path, items_.c.dimension, items_.c.name)
    )  # fmt: skip


def _voiced(scope: Scope, ids: Any) -> Select[Any]:
    """Some entries with who spoke in them and the levels the voices gave."""
    said, unit = spoken(scope, None, ids, rated=True), units_.alias("unit")
    return (
        select(risks_.c.id, risks_.c.unit_id, unit.c.name.label("unit"), risks_.c.number, risks_.c.title,
               risks_.c.item_id, items_.c.name.label("item"), risks_.c.dimension, risks_.c.status, risks_.c.level,
               risks_.c.opened_on, *in_it(said), func.coalesce(said.c.own, 0))
        .join(unit, unit.c.id == risks_.c.unit_id)
        .outerjoin(said, said.c.risk_id == risks_.c.id)
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .where(inside(risks_.c.unit_id, scope), risks_.c.id.in_(ids))
        .order_by(unit.c.path, risks_.c.number)
    )  # fmt: skip


class Insight(Summing):
    """Voices, silence and lessons as they are asked about."""

    def alike(self, scope: Scope, sight: Sight) -> list[Alike]:
        if sight.first or sight.item_id or sight.path:
            rows = voiced.ALIKE.counts(self.session.execute(voiced.alike(scope, sight, sight.unit_id)))
        else:
            rows = self._summed(voiced.ALIKE, scope, sight.unit_id)
        return [
            Alike(item, Dimension(dimension), voices(*map(bool, spoke)), n)
            for (item, dimension, *spoke), (n,) in rows.items()
            if any(spoke) and sight.dimension in (None, dimension)
        ]

    def silent(self, scope: Scope, sight: Sight, first: date, last: date, most: int, skip: int) -> Silent:
        kept = self._in_full(voiced.SILENT, scope, sight)
        part = part_of(kept, voiced.silence, most, skip) if kept else None
        where = These(part.ids) if part else sight.unit_id
        query = voiced.silent(scope, sight, where, first, last, most, part.skip if part else skip)
        rows = self.session.execute(query, given(where)).all()
        page = {item_id: dict(zip(Source, spoke, strict=True)) for item_id, _looked, *spoke, _n in rows if item_id}
        counts: Counter[tuple[frozenset[Source], bool]] = Counter()
        for (looked, *spoke), (n,) in (together(kept) if kept else voiced.SILENT.counts(voiced.kinds_of(rows))).items():
            counts[voices(*map(bool, spoke)), bool(looked)] += n
        return Silent(counts, page)

    def rated(self, scope: Scope, sight: Sight, most: int, skip: int) -> Rated:
        kept = self._in_full(voiced.RATED, scope, sight)
        part = part_of(kept, voiced.apart, most, skip) if kept else None
        where = These(part.ids) if part else sight.unit_id
        query = voiced.rated(scope, sight, where, most, part.skip if part else skip, is_sqlite=self._is_sqlite)
        rows = self.session.execute(query, given(where)).all()
        counts = [
            ({source: RISING[step] for source, step in zip(Source, steps, strict=True) if step is not None}, n)
            for steps, (n,) in (together(kept) if kept else voiced.RATED.counts(voiced.kinds_of(rows))).items()
        ]
        return Rated(counts, [risk_id for risk_id, *_rest in rows if risk_id])

    def _in_full(self, question: Sum, scope: Scope, sight: Sight) -> list[tuple[str, Counts]] | None:
        """What is kept of communities, where nothing is left out of what is asked about them."""
        whole = voiced.everything(sight.unit_id)
        return self._of_each(question, scope, sight.unit_id) if sight == whole else None

    def voiced(self, scope: Scope, ids: Collection[str]) -> list[Voiced]:
        query = worded(lambda ids: _voiced(scope, ids), ids=list(ids))
        return [
            Voiced(
                risk, unit_id, unit, number, title, item_id, item or "", dimension, status, level, opened,
                voices(self_, superior, resident), levels(own),
            )
            for risk, unit_id, unit, number, title, item_id, item, dimension, status, level, opened, self_, superior,
            resident, own in (self.session.execute(*query) if ids else ())
        ]  # fmt: skip

    def opened(self, scope: Scope, first: date, last: date, most: int) -> list[str]:
        query = worded(
            lambda first, last, most: select(risks_.c.id)
            .where(within(risks_.c.unit_id, scope), risks_.c.opened_on.between(first, last))
            .order_by(risks_.c.opened_on.desc(), risks_.c.id).limit(most),
            first=first, last=last, most=most,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def powers(
        self, scope: Scope, unit_id: str | None, first: date, last: date, ids: Collection[str] | None = None
    ) -> list[Power]:
        some = {} if ids is None else {"ids": list(ids)}
        query = worded(
            lambda **of: _powers(**of).where(within(items_.c.unit_id, scope), at(items_.c.unit_id, unit_id)),
            first=first, last=last, **some,
        )  # fmt: skip
        return [
            Power(r.id, r.unit_id, r.unit, r.code, r.name, r.dimension, r.looked) for r in self.session.execute(*query)
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
                among(publications.c.status, ENDED),
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
