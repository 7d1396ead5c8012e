"""Questions of the consistency checks about people: who holds which role and post in several communities; and which
entries one is held against."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union

from core.access import Scope
from core.consistency.checked import PersonFact
from core.lifecycle import ENDED
from core.organisation.recusal import Known
from core.text import folded
from db.kept import among, worded
from db.paths import under
from db.scoping import Asking, within
from db.tables import assignments, evidence, holdings, measures_, people_, posts_, risks_, units_
from db.tables.relative_tables import declarations_


@dataclass(frozen=True)
class Around:
    """Everybody up the line of a community and below it or with a part in its entries, who holds which of its posts
    today, and whom a text might name."""

    people: tuple[PersonFact, ...]
    holding: frozenset[tuple[str, str]]
    known: tuple[Known, ...]


class People(Asking):
    """Who is where, for the checks."""

    def people_at(self, paths: Mapping[str, str], parts: Mapping[str, set[str]]) -> dict[str, Around]:
        """The people of communities, given by id and path, and of those who have a part in each."""
        above = sorted({path[: n + 1] for path in paths.values() for n, sign in enumerate(path) if sign == "/"})
        below = tuple(paths.values())
        held = self.session.execute(*worded(
            lambda above: select(holdings.c.person_id, holdings.c.post_id, posts_.c.name, units_.c.path)
            .join(units_, units_.c.id == holdings.c.unit_id).join(posts_, posts_.c.id == holdings.c.post_id)
            .where(_on(above, below), holdings.c.until.is_(None)).order_by(posts_.c.name),
            above=above,
        )).all()  # fmt: skip
        everybody = self.session.execute(*worded(
            lambda above, ids: _everybody(above, below, ids),
            above=above, ids=sorted({row.person_id for row in held}.union(*parts.values())),
        )).all()  # fmt: skip
        return {unit_id: _at(path, parts[unit_id], held, everybody) for unit_id, path in paths.items()}

    def related(self, kin: Scope) -> frozenset[tuple[str, str]]:
        """Pairs of relatives in the area of a discipline desk, none of whom is its reader."""
        one, other = declarations_.c.person_id, declarations_.c.relative_id
        query = worded(
            lambda: select(one, other).where(
                within(declarations_.c.unit_id, kin), declarations_.c.ended_on.is_(None), one != kin.viewer,
                other != kin.viewer,
            )
        )  # fmt: skip
        pairs = [(row[0], row[1]) for row in self.session.execute(*query)] if kin.paths else []
        return frozenset((*pairs, *((other, one) for one, other in pairs)))

    def beside(self, risk_id: str, unit_ids: list[str]) -> set[str]:
        """An entry, and those it is held against: open ones of the same title, and those with one of its files."""
        open_ = worded(
            lambda units: select(risks_.c.id, risks_.c.title)
            .where(risks_.c.unit_id.in_(units), ~among(risks_.c.status, ENDED)),
            units=unit_ids,
        )  # fmt: skip
        titles = {one: folded(title) for one, title in self.session.execute(*open_)}
        same = {one for one, title in titles.items() if title == titles.get(risk_id)}
        shown = worded(
            lambda units, key: select(measures_.c.risk_id).select_from(_WITH_FILES).where(
                measures_.c.unit_id.in_(units), evidence.c.sha256.in_(_FILES.where(measures_.c.risk_id == key))
            ),
            units=unit_ids, key=risk_id,
        )  # fmt: skip
        return {risk_id, *same, *self.session.scalars(*shown)}


_IDS = select(people_.c.id).join(units_, units_.c.id == people_.c.unit_id)
_WITH_FILES = measures_.join(evidence, evidence.c.measure_id == measures_.c.id)
_FILES = select(evidence.c.sha256).select_from(_WITH_FILES)


def _everybody(above: Any, below: tuple[str, ...], ids: Any) -> Select[Any]:
    """Some people, those who are at home up the line of communities or below, and those with a role there; with each
    role they hold there, if any."""
    near = _IDS.where(_on(above, below))
    acting = select(assignments.c.person_id).join(units_, units_.c.id == assignments.c.unit_id).where(_on(above, below))
    role = (
        select(assignments.c.person_id, assignments.c.role, units_.c.path)
        .join(units_, units_.c.id == assignments.c.unit_id).where(_on(above, below)).subquery()
    )  # fmt: skip
    return (
        select(people_.c.id, people_.c.name, people_.c.left_on, units_.c.path, role.c.role, role.c.path.label("at"))
        .join(units_, units_.c.id == people_.c.unit_id)
        .outerjoin(role, role.c.person_id == people_.c.id)
        .where(people_.c.id.in_(union(_IDS.where(people_.c.id.in_(ids)), near, acting)))
        .order_by(people_.c.name, people_.c.id)
    )


def _on(above: Any, below: tuple[str, ...]) -> ColumnElement[bool]:
    """That a row of `units` stands at one of some paths, or below one of others."""
    return or_(units_.c.path.in_(above), under(Scope(below)))


def _at(path: str, parts: set[str], held: Sequence[Any], everybody: Sequence[Any]) -> Around:
    """The people of one community, out of those of several."""
    posts: defaultdict[str, list[str]] = defaultdict(list)
    for row in held:
        posts[row.person_id].append(row.name)
    near = {row.person_id for row in held if _on_line(row.path, path)}
    here, known = [], []
    for person_id, rows in groupby(everybody, lambda row: row.id):
        row, *more = rows
        own = frozenset(one.role for one in (row, *more) if one.role is not None and path.startswith(one.at))
        lines = (row.path, *(one.at for one in (row, *more) if one.role is not None))
        is_near = person_id in near or any(_on_line(one, path) for one in lines)
        if is_near or person_id in parts:
            here.append(PersonFact(row.id, row.name, row.left_on, own))
        if is_near and row.left_on is None:
            known.append(Known(row.id, row.name, tuple(posts[row.id])))
    holding = frozenset((row.post_id, row.person_id) for row in held if row.path.startswith(path))
    return Around(tuple(here), holding, tuple(known))


def _on_line(one: str, path: str) -> bool:
    """Whether a unit lies above a community or below it, or is it."""
    return one.startswith(path) or path.startswith(one)
