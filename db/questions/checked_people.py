"""Questions of the consistency checks about people: who holds which role and post in several communities; and which
entries one is held against."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select, union

from core.access import Scope
from core.consistency.checked import PersonFact
from core.lifecycle import ENDED
from core.organisation.recusal import Known
from core.text import folded
from core.words import Role
from db.kept import among, worded
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

    def people_at(self, paths: Mapping[str, str]) -> dict[str, Around]:
        """The people of communities, given by id and path."""
        above = sorted({path[: n + 1] for path in paths.values() for n, sign in enumerate(path) if sign == "/"})
        below = tuple(paths.values())
        roles = self.session.execute(*worded(
            lambda above: select(assignments.c.person_id, assignments.c.role, units_.c.path)
            .join(units_, units_.c.id == assignments.c.unit_id).where(_on(above, below)),
            above=above,
        )).all()  # fmt: skip
        held = self.session.execute(*worded(
            lambda above: select(holdings.c.person_id, holdings.c.post_id, posts_.c.name, units_.c.path)
            .join(units_, units_.c.id == holdings.c.unit_id).join(posts_, posts_.c.id == holdings.c.post_id)
            .where(_on(above, below), holdings.c.until.is_(None)).order_by(posts_.c.name),
            above=above,
        )).all()  # fmt: skip
        parts = self._parts(list(paths))
        everybody = self.session.execute(*worded(
            lambda above, ids: select(people_.c.id, people_.c.name, people_.c.left_on, units_.c.path)
            .join(units_, units_.c.id == people_.c.unit_id)
            .where(people_.c.id.in_(union(_IDS.where(people_.c.id.in_(ids)), _IDS.where(_on(above, below)))))
            .order_by(people_.c.name, people_.c.id),
            above=above, ids=sorted({row.person_id for row in (*roles, *held)}.union(*parts.values())),
        )).all()  # fmt: skip
        return {unit_id: _at(path, parts[unit_id], roles, held, everybody) for unit_id, path in paths.items()}

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

    def _parts(self, ids: list[str]) -> defaultdict[str, set[str]]:
        """Everybody with a part in an entry or measure, by community."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        query = worded(
            lambda units: union(*[
                select(table.c.unit_id, table.c[name].label("person_id"))
                .where(table.c.unit_id.in_(units), table.c[name].is_not(None))
                for table, names in _PARTS for name in names
            ]),
            units=ids,
        )  # fmt: skip
        for unit_id, person_id in self.session.execute(*query):
            found[unit_id].add(person_id)
        return found


_IDS = select(people_.c.id).join(units_, units_.c.id == people_.c.unit_id)
_WITH_FILES = measures_.join(evidence, evidence.c.measure_id == measures_.c.id)
_FILES = select(evidence.c.sha256).select_from(_WITH_FILES)
_PARTS = (
    (risks_, ("owner_id", "leader_id", "watchdog_id", "closed_by")),
    (measures_, ("owner_id", "watchdog_id", "verified_by")),
)


def _on(above: Any, below: tuple[str, ...]) -> ColumnElement[bool]:
    """That a row of `units` stands at one of some paths, or below one of others."""
    return or_(units_.c.path.in_(above), *[units_.c.path.startswith(path, autoescape=True) for path in below])


def _at(path: str, parts: set[str], roles: Any, held: Any, everybody: Any) -> Around:
    """The people of one community, out of those of several."""
    own: defaultdict[str, set[Role]] = defaultdict(set)
    near: set[str] = set()
    for row in roles:
        if _on_line(row.path, path):
            near.add(row.person_id)
        if path.startswith(row.path):
            own[row.person_id].add(row.role)
    posts: defaultdict[str, list[str]] = defaultdict(list)
    for row in held:
        posts[row.person_id].append(row.name)
    near |= {row.person_id for row in held if _on_line(row.path, path)}
    near |= {row.id for row in everybody if _on_line(row.path, path)}
    here: list[Row[Any]] = [row for row in everybody if row.id in near | parts]
    return Around(
        tuple(PersonFact(row.id, row.name, row.left_on, frozenset(own[row.id])) for row in here),
        frozenset((row.post_id, row.person_id) for row in held if row.path.startswith(path)),
        tuple(Known(row.id, row.name, tuple(posts[row.id])) for row in here if row.left_on is None and row.id in near),
    )


def _on_line(one: str, path: str) -> bool:
    """Whether a unit lies above a community or below it, or is it."""
    return one.startswith(path) or path.startswith(one)
