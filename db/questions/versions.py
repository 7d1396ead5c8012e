"""What was: each entry as it is at the end of a unit of work, kept by day, and the questions about former days."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, Subquery, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from core import dates
from core.access import Scope
from core.entries.rating import Assessment
from core.entries.register import LEVELS, PAGE, UNRATED, Filter
from core.entries.risks import Risk
from core.entries.versions import Version
from core.items import Item
from core.prevention.measures import Measure
from core.review.merging import Link
from core.voices.supports import Support
from core.words import RiskStatus, Source
from db.kept import number, worded
from db.questions.unheard import HERE, Hidden, kept_from, not_open, silent
from db.scoping import Asking, within
from db.tables import assessments, flags_, items_, links, measures_, people_, posts_, risks_, supports_
from db.tables.round_tables import versions_

LOT = 400
"""Entries that are written at once."""
_ARCHIVED = RiskStatus.ARCHIVED


def touched(session: Session, thing: object) -> None:
    """Note which entries a change of a thing makes different."""
    if isinstance(thing, Risk):
        session.info.setdefault("risks", set()).add(thing.id)
    elif isinstance(thing, Measure | Link | Assessment | Support):
        session.info.setdefault("risks", set()).add(thing.risk_id)
    elif isinstance(thing, Item):
        session.info.setdefault("items", set()).add(thing.id)


class Versions(Asking):
    """The days of entries as they are kept and asked about."""

    def keep_versions(self, day: date) -> None:
        """Write every entry touched since as it is now, over what was written of it on the same day."""
        self.session.flush()
        ids, items = self.session.info.pop("risks", set()), self.session.info.pop("items", set())
        if items:
            ids |= set(self.session.scalars(select(risks_.c.id).where(risks_.c.item_id.in_(items))))
        ordered = sorted(ids)
        for start in range(0, len(ordered), LOT):
            self._write(ordered[start : start + LOT], day)

    def _write(self, ids: Sequence[str], day: date) -> None:
        put = self._put(versions_)
        put = put.on_conflict_do_update(index_elements=["risk_id", "day"], set_={
            name: put.excluded[name] for name in ("fields", "status", "level")
        })  # fmt: skip
        rows = [
            {"risk_id": risk_id, "unit_id": unit_id, "day": day, "fields": fields, "status": fields["status"],
             "level": fields["level"]}
            for risk_id, unit_id, fields in self._pictured(ids)
        ]  # fmt: skip
        if rows:
            self.session.execute(put, rows)

    def _pictured(self, ids: Sequence[str]) -> list[tuple[str, str, dict[str, Any]]]:
        """Entries as they are now, each with its community. They stay locked until the work is over, so that of two
        who change the measures of one entry the second writes what both did."""
        risks = self.session.execute(_risks().where(risks_.c.id.in_(ids)).with_for_update(of=risks_)).all()
        measures = _by_risk(self.session.execute(_measures().where(measures_.c.risk_id.in_(ids))))
        ratings: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for r in self.session.execute(_ratings().where(assessments.c.risk_id.in_(ids))):
            ratings[r.risk_id].append({
                "stage": r.stage.value, "computed": r.computed.value, "level": r.level.value, "reason": r.reason,
                "rater": r.rater, "on": dates.today(r.rated_at).isoformat(),
            })  # fmt: skip
        voices: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for r in self.session.execute(_standing().where(links.c.risk_id.in_(ids))):
            voices[r.risk_id][r.source.value].append(r.flag_id)
        counted = select(supports_.c.risk_id, func.count()).where(supports_.c.risk_id.in_(ids))
        joined = {risk_id: n for risk_id, n in self.session.execute(counted.group_by(supports_.c.risk_id))}
        found = []
        for r in risks:
            fields = _plain(r)
            risk_id, unit_id = fields.pop("id"), fields.pop("unit_id")
            fields |= {
                "measures": measures[risk_id], "ratings": ratings[risk_id], "voices": voices[risk_id],
                "joined": joined.get(risk_id, 0),
            }  # fmt: skip
            found.append((risk_id, unit_id, fields))
        return found

    def versions_on(
        self, scope: Scope, unit_id: str, day: date, changed: tuple[date, date] | None = None
    ) -> list[Version]:
        here = within(versions_.c.unit_id, scope)
        query = worded(lambda unit, day: _newest(unit, day, here), unit=unit_id, day=day)
        if changed is not None:
            query = worded(
                lambda unit, day, first, last: _newest(unit, day, here, _changed(unit, first, last)),
                unit=unit_id, day=day, first=changed[0], last=changed[1],
            )
        rows = self.session.execute(*query).all()
        # on which day it became so may come from a voice the viewer does not hear
        return [replace(one, day=day) for one in self._heard(rows, unit_id, kept_from(scope))]

    def versions_shown(
        self, scope: Scope, unit_id: str, day: date, wanted: Filter
    ) -> tuple[list[Version], int]:
        here = within(versions_.c.unit_id, scope)
        query = worded(
            lambda unit, day, statuses, levels, skip: _page(_stood(unit, day, here), statuses, levels, skip),
            unit=unit_id, day=day, statuses=wanted.statuses or [one for one in RiskStatus if one is not _ARCHIVED],
            levels=wanted.levels or LEVELS, skip=PAGE * (wanted.turn.page - 1),
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        found = self._heard(rows, unit_id, kept_from(scope))
        return [replace(one, day=day) for one in found], rows[0].total if rows else 0

    def public_versions(self, unit_id: str, day: date) -> list[Version]:
        return self._heard(self._on(unit_id, day), unit_id, not_open)

    def versions_of(self, scope: Scope, risk_id: str) -> list[Version]:
        query = worded(
            lambda risk_id: select(versions_)
            .where(versions_.c.risk_id == risk_id, within(versions_.c.unit_id, scope))
            .order_by(versions_.c.day),
            risk_id=risk_id,
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        found = self._heard(rows, rows[0].unit_id, kept_from(scope)) if rows else []
        return [next(same) for _fields, same in groupby(found, key=lambda one: one.fields)]

    def _on(self, unit_id: str, day: date) -> Sequence[Row[Any]]:
        return self.session.execute(*worded(_newest, unit_id=unit_id, day=day)).all()

    def _heard(self, rows: Sequence[Row[Any]], unit_id: str, hidden: Hidden) -> list[Version]:
        """Versions with how many voices of each source there were, but for those that are kept from the reader."""
        query = worded(hidden, unit=unit_id)
        ids = set(self.session.scalars(*query)) if rows else set()
        return [Version(r.risk_id, r.day, _counted(r.fields, ids)) for r in rows]

    def known_since(self, scope: Scope, unit_id: str) -> tuple[date, date] | None:
        query = worded(
            lambda unit_id: select(
                select(func.min(versions_.c.day))
                .where(versions_.c.unit_id == unit_id, within(versions_.c.unit_id, scope)).scalar_subquery(),
                select(func.min(risks_.c.opened_on)).where(risks_.c.unit_id == unit_id).scalar_subquery(),
            ),
            unit_id=unit_id,
        )  # fmt: skip
        kept, opened = self.session.execute(*query).one()
        return (kept, opened) if kept else None

    def heard_voices(self, scope: Scope, unit_id: str, said: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        query = worded(lambda unit: silent(scope, unit), unit=unit_id)
        rows = [(r.risk_id, r.source) for r in self.session.execute(*query)]
        return set(said).difference(rows) if HERE in rows else set()


def _counted(fields: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    counts = {source: len(flags) - len(hidden.intersection(flags)) for source, flags in fields["voices"].items()}
    counts[Source.RESIDENT.value] = counts.get(Source.RESIDENT.value, 0) + fields["joined"]
    rest = {name: value for name, value in fields.items() if name != "joined"}
    return rest | {"voices": {source: n for source, n in counts.items() if n}}


def _stood(unit_id: Any, day: Any, *more: ColumnElement[bool]) -> Subquery:
    """Which version of each entry of a community stood on a day. An index holds all that is read here: what an entry
    was is read for those alone that are shown."""
    nth = func.row_number().over(partition_by=versions_.c.risk_id, order_by=versions_.c.day.desc())
    return (
        select(versions_.c.risk_id, versions_.c.day, versions_.c.status, versions_.c.level, nth.label("nth"))
        .where(versions_.c.unit_id == unit_id, versions_.c.day <= day, *more)
        .subquery("stood")
    )


def _newest(unit_id: Any, day: Any, *more: ColumnElement[bool]) -> Select[Any]:
    """The version of each entry of a community that stood on a day, by number."""
    return _whole(_numbered(_stood(unit_id, day, *more)))


def _changed(unit_id: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """That an entry has a version after a day, and up to another."""
    anew = select(_later.c.risk_id).where(_later.c.unit_id == unit_id, _later.c.day > first, _later.c.day <= last)
    return versions_.c.risk_id.in_(anew)


_later = versions_.alias("later")


def _page(stood: Subquery, statuses: Any, levels: Any, skip: Any) -> Select[Any]:
    """A page of what stood, by number, and how much there is in all."""
    level = func.coalesce(cast(stood.c.level, String), UNRATED)
    shown = _numbered(stood).where(stood.c.status.in_(statuses), level.in_(levels))
    shown = shown.add_columns(func.count().over().label("total"))
    return _whole(shown.order_by(risks_.c.number).limit(number(PAGE)).offset(skip))


def _numbered(stood: Subquery) -> Select[Any]:
    """What stood, with the numbers of entries."""
    query = select(stood.c.risk_id, stood.c.day, risks_.c.number)
    return query.join(risks_, risks_.c.id == stood.c.risk_id).where(stood.c.nth == 1)


def _whole(shown: Select[Any]) -> Select[Any]:
    """Versions with all that is kept of them, by number."""
    some = shown.subquery("shown")
    here = and_(versions_.c.risk_id == some.c.risk_id, versions_.c.day == some.c.day)
    more = [column for column in some.c if column.name == "total"]
    return select(versions_, *more).join(some, here).order_by(some.c.number)


def _risks() -> Select[Any]:
    people = {role: aliased(people_) for role in ("owner", "leader", "watchdog")}
    names = ("id", "unit_id", "number", "title", "manifestation", "item_id", "dimension", "risk_type", "status",
             "level", "expected_level", "verified_level", "opened_on", "announced_on", "filed_on", "closed_on",
             "disclosure_class", "disclosure_when", "wording")  # fmt: skip
    query = (
        select(*[risks_.c[name] for name in names], items_.c.name.label("item"), posts_.c.name.label("post"),
               *[person.c.name.label(role) for role, person in people.items()])
        .outerjoin(items_, items_.c.id == risks_.c.item_id)
        .outerjoin(posts_, posts_.c.id == items_.c.post_id)
        .order_by(risks_.c.id)
    )  # fmt: skip
    for role, person in people.items():
        query = query.outerjoin(person, person.c.id == risks_.c[f"{role}_id"])
    return query


def _measures() -> Select[Any]:
    owner, watchdog = aliased(people_), aliased(people_)
    names = ("risk_id", "id", "text", "measure_type", "stage", "actor_kind", "starts_on", "due_on", "indicator",
             "status", "percent", "done_on")  # fmt: skip
    return (
        select(*[measures_.c[name] for name in names], owner.c.name.label("owner"), watchdog.c.name.label("watchdog"))
        .join(owner, owner.c.id == measures_.c.owner_id)
        .join(watchdog, watchdog.c.id == measures_.c.watchdog_id)
        .order_by(measures_.c.due_on, measures_.c.id)
    )


def _ratings() -> Select[Any]:
    return (
        select(assessments, people_.c.name.label("rater"))
        .join(people_, people_.c.id == assessments.c.rated_by)
        .order_by(assessments.c.rated_at, assessments.c.id)
    )


def _standing() -> Select[Any]:
    return (
        select(links.c.risk_id, links.c.flag_id, flags_.c.source)
        .join(flags_, flags_.c.id == links.c.flag_id)
        .where(links.c.undone_at.is_(None))
        .order_by(links.c.flag_id)
    )


def _by_risk(rows: Iterable[Row[Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        fields = _plain(row)
        found[fields.pop("risk_id")].append(fields)
    return found


def _plain(row: Row[Any]) -> dict[str, Any]:
    """A row with days as text and codes as they are stored."""
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else getattr(value, "value", value)
        for name, value in row._mapping.items()
    }
