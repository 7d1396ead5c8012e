"""Questions about recusals and declared relatives: who is kept from what, and from what everybody is."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)

from core.access import GRANTS, Permission, Scope
from core.entries.risks import Risk
from core.lifecycle import ENDED
from core.openness.requests import Request
from core.organisation.recusal import NAMED, Known, Recusal
from core.organisation.relatives import DeclarationRow
from core.organisation.units import line
from core.turning import COUNTED, ROWS, Listed, Turn
from core.words import Role, Source
from db.kept import among, number, worded
from db.keyset import Order, by, some, turned
from db.paths import under
from db.questions.voices import WAITING
from db.scoping import Asking, heard, kin_of, within
from db.tables import assignments, flags_, holdings, items_, links, people_, recusals, risks_, units_
from db.tables.openly import requests_
from db.tables.relative_tables import declarations_

_STANDS = declarations_.c.ended_on.is_(None)
_REVIEWERS = [role for role in Role if Permission.INBOX_READ in GRANTS[role]]


class Relatives(Asking):
    """Recusals and relatives as they are asked about."""

    def with_kin(self, people: Collection[str | None]) -> set[str]:
        known = {person_id for person_id in people if person_id is not None}
        if not known:
            return known
        query = worded(
            lambda known: union(
                select(declarations_.c.person_id).where(_STANDS, declarations_.c.relative_id.in_(known)),
                select(declarations_.c.relative_id).where(
                    _STANDS, declarations_.c.person_id.in_(known), declarations_.c.confirmed_on.is_not(None)
                ),
            ),
            known=sorted(known),
        )
        return known | set(self.session.scalars(*query))

    def kin(self, person_id: str) -> list[Known]:
        kin = select(people_.c.id, people_.c.name).where(people_.c.id.in_(kin_of(person_id))).order_by(people_.c.id)
        return [Known(row.id, row.name, ()) for row in self.session.execute(kin)]


    def barred(self, item_id: str | None, unit_id: str) -> set[str]:
        return self.with_kin(self.owners(item_id, unit_id))  # type: ignore[attr-defined]

    def places_of(self, person_id: str) -> set[str]:
        places = (
            select(people_.c.unit_id).where(people_.c.id == person_id),
            select(assignments.c.unit_id).where(assignments.c.person_id == person_id),
            select(holdings.c.unit_id).where(holdings.c.person_id == person_id, holdings.c.until.is_(None)),
        )
        return set(self.session.scalars(union(*places)))

    def declarations(self, scope: Scope, turn: Turn) -> Listed[DeclarationRow]:
        query = _declared().where(within(declarations_.c.unit_id, scope))
        rows, ways = turned(self.session, query, declarations_.c.id, _WAITING_FIRST, turn, ROWS)
        return Listed(map(_declaration, rows), len(rows), ways)

    def waiting_declarations(self, scope: Scope, person_id: str) -> int:
        return self.session.scalar(*worded(lambda: some(_to_confirm(scope, person_id)))) or 0

    def declarations_of(self, person_id: str) -> list[DeclarationRow]:
        query = worded(
            lambda one: _declared().where(or_(declarations_.c.person_id == one, declarations_.c.relative_id == one))
            .order_by(*by(_WAITING_FIRST)),
            one=person_id,
        )  # fmt: skip
        return [_declaration(r) for r in self.session.execute(*query)]

    def unreviewed(self, scope: Scope) -> list[tuple[str, int]]:
        return [(name, n) for name, n in self.session.execute(*worded(lambda: _unreviewed(scope)))]

    def recused(self, flag_id: str) -> list[str]:
        return [recusal.person_id for recusal in self.recusals_of(flag_id)]

    def recusals_of(self, flag_id: str) -> list[Recusal]:
        """Of a flag that is only being raised they are those added in this deed."""
        if (known := self.session.info.get("raised", {}).get(flag_id)) is not None:
            return list(known)
        query = worded(lambda flag_id: select(Recusal).where(recusals.c.flag_id == flag_id), flag_id=flag_id)
        return list(self.session.scalars(*query))

    def naming(self, person_id: str) -> list[tuple[str, str, str | None]]:
        query = worded(
            lambda one: select(flags_.c.id, flags_.c.unit_id, flags_.c.raised_by).where(
                exists().where(
                    recusals.c.flag_id == flags_.c.id, recusals.c.person_id == one, recusals.c.reason == NAMED
                )
            ),
            one=person_id,
        )
        return [(row[0], row[1], row[2]) for row in self.session.execute(*query)]

    def requests_near(self, unit_id: str) -> list[Request]:
        path = self.session.scalar(select(units_.c.path).where(units_.c.id == unit_id)) or "//"
        line = or_(literal(path).startswith(units_.c.path), units_.c.path.startswith(path, autoescape=True))
        near = select(units_.c.id).where(line)
        return list(
            self.session.scalars(select(Request).where(requests_.c.unit_id.in_(near), requests_.c.text != ""))
        )

    def concerning_somebody(self, unit_id: str) -> list[Risk]:
        here = links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), recusals.c.flag_id == links.c.flag_id
        query = select(Risk).where(risks_.c.unit_id == unit_id, ~among(risks_.c.status, ENDED), exists().where(*here))
        return list(self.session.scalars(query.order_by(risks_.c.id)))

    def kept_away(self, risk_id: str) -> set[str]:
        return self.kept_away_from([risk_id])[risk_id]

    def kept_away_from(self, risk_ids: Collection[str]) -> dict[str, set[str]]:
        known: dict[str, set[str]] = self._met("kept away")
        asked = sorted({*risk_ids} - known.keys())
        query = worded(
            lambda risk_ids: select(links.c.risk_id, recusals.c.person_id)
            .join(links, links.c.flag_id == recusals.c.flag_id)
            .where(links.c.risk_id.in_(risk_ids), links.c.undone_at.is_(None)),
            risk_ids=asked,
        )  # fmt: skip
        known.update((one, set()) for one in asked)
        for risk_id, person_id in self.session.execute(*query) if asked else ():
            known[risk_id].add(person_id)
        return {one: {*known[one]} for one in risk_ids}


def _declared() -> Select[Any]:
    one, other = people_.alias(), people_.alias()
    here, there = units_.alias(), units_.alias()
    return (
        select(declarations_, one.c.name.label("person"), here.c.name.label("person_unit"),
               other.c.name.label("relative"), there.c.name.label("relative_unit"))
        .join(one, one.c.id == declarations_.c.person_id).join(here, here.c.id == one.c.unit_id)
        .join(other, other.c.id == declarations_.c.relative_id).join(there, there.c.id == other.c.unit_id)
    )  # fmt: skip


def _to_confirm(scope: Scope, person_id: str) -> Select[tuple[str]]:
    """What waits for a word of the relative, or of the desk of an area unless it is one of the two."""
    for_desk = and_(within(declarations_.c.unit_id, scope), declarations_.c.person_id != person_id)
    waits = _STANDS, declarations_.c.confirmed_on.is_(None)
    return select(declarations_.c.id).where(*waits, or_(declarations_.c.relative_id == person_id, for_desk))


_WAITING_FIRST: Order = (
    (declarations_.c.ended_on.is_not(None), False), (declarations_.c.confirmed_on.is_not(None), False),
    (declarations_.c.declared_on, True), (declarations_.c.id, False),
)  # fmt: skip
"""What is still to be confirmed, then what stands, then what has ended; the newest of each first."""


def _declaration(r: Row[Any]) -> DeclarationRow:
    return DeclarationRow(
        r.id, r.person_id, r.person, r.person_unit, r.relative_id, r.relative, r.relative_unit, r.kind, r.declared_on,
        r.confirmed_on, r.ended_on,
    )  # fmt: skip


def _unreviewed(scope: Scope) -> Select[Any]:
    """Units with their flags that nobody may review, of `COUNTED` of these and one more. What waits is not walked:
    where somebody reviews, only those flags are asked about that are kept from the one highest up."""
    walk = _walk(scope)
    bare = select(walk.c.id).where(walk.c.reviewer.is_(None))
    waiting = select(flags_.c.id, flags_.c.unit_id, flags_.c.item_id).where(
        within(flags_.c.unit_id, scope), heard(scope), flags_.c.sealed.is_(False), among(flags_.c.status, WAITING),
        ~among(flags_.c.source, (Source.SUPERIOR,)),
    )  # fmt: skip
    ways = (waiting.where(way, flags_.c.unit_id.not_in(bare)) for way in _kept_from(walk.c.reviewer))
    kept = union(*ways).cte("kept")
    of_nobody = waiting.where(flags_.c.unit_id.in_(bare)).with_only_columns(flags_.c.unit_id)
    few = union_all(select(kept.c.unit_id).where(~_reviewed(kept)), of_nobody).limit(number(COUNTED + 1)).subquery()
    return (
        select(units_.c.name, func.count())
        .join(few, few.c.unit_id == units_.c.id)
        .group_by(units_.c.path, units_.c.name)
        .order_by(units_.c.path)
    )


def _walk(scope: Scope) -> CTE:
    """Units from the top of the tree down to those that somebody reviews, with one such person: whatever lies below has
    them too, so that an area with a reviewer at its head is one unit here."""
    above = {key for path in scope.paths for key in line(path)}
    somebody = (
        select(func.min(assignments.c.person_id))
        .join(people_, people_.c.id == assignments.c.person_id)
        .where(among(assignments.c.role, _REVIEWERS), assignments.c.unit_id == units_.c.id, people_.c.left_on.is_(None))
        .correlate(units_)
        .scalar_subquery()
    )
    unit = select(units_.c.id, somebody.label("reviewer")).where(or_(units_.c.id.in_(above), under(scope)))
    walk = unit.where(units_.c.parent_id.is_(None)).cte("walk", recursive=True)
    return walk.union_all(unit.join(walk, units_.c.parent_id == walk.c.id).where(walk.c.reviewer.is_(None)))


def _kept_from(people: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Ways in which a row of `flags` can be kept from some people: it names them or a relative, or is about a power
    item for which one of these answers."""
    family: CompoundSelect[Any] = union_all(select(people), kin_of(people))
    held = select(items_.c.id).join(holdings, holdings.c.post_id == items_.c.post_id)
    return [
        flags_.c.id.in_(select(recusals.c.flag_id).where(recusals.c.person_id.in_(select(people)))),
        flags_.c.item_id.in_(held.where(holdings.c.until.is_(None), holdings.c.person_id.in_(family))),
    ]


def _reviewed(kept: CTE) -> ColumnElement[bool]:
    """That somebody may review a row of `kept`: at its unit or above, and kept from it neither by what it says nor by
    the power item."""
    here = select(kept.c.unit_id, kept.c.unit_id.label("seat_id")).cte("seats", recursive=True)
    up = select(here.c.unit_id, units_.c.parent_id).join(units_, units_.c.id == here.c.seat_id)
    seats = here.union(up.where(units_.c.parent_id.is_not(None)))
    person, held = assignments.c.person_id, items_.alias()
    away = exists().where(recusals.c.flag_id == kept.c.id, recusals.c.person_id == person)
    own = exists().where(
        held.c.id == kept.c.item_id, holdings.c.post_id == held.c.post_id, holdings.c.until.is_(None),
        or_(holdings.c.person_id == person, holdings.c.person_id.in_(kin_of(person).correlate(assignments))),
    )  # fmt: skip
    away, own = (one.correlate(kept, assignments) for one in (away, own))
    return exists().where(
        seats.c.unit_id == kept.c.unit_id, assignments.c.unit_id == seats.c.seat_id,
        among(assignments.c.role, _REVIEWERS), people_.c.id == person, people_.c.left_on.is_(None), ~away, ~own,
    )  # fmt: skip
