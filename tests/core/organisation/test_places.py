"""Choosing a unit: whatever the tree, what is offered is exactly what lies in sight, and each unit is reached."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert
from sqlalchemy.orm import Session

from core import dates
from core.access import RESIDENT, Actor, Grant, Permission
from core.errors import Denied
from core.organisation import places, units
from core.organisation.places import Reach
from core.organisation.units import DEFAULT_KINDS, NewUnit, Unit
from core.store import Work
from core.words import Role
from db.store import SqlStore
from db.tables import metadata, unit_kinds, units_
from tests import makers
from tests.makers import Place

KINDS = [kind for kind, *_rest in DEFAULT_KINDS]
RIGHT = Permission.OVERVIEW_READ
FEW, HITS = 4, 2
TREE = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2), st.sampled_from("东西南"), st.booleans()), max_size=24)


def planted(shape: Sequence[tuple[int, int, str, bool]]) -> list[Unit]:
    """A tree: of each unit after the top which one lies above it, how many kinds are left out, how its name begins, and
    whether it closes. Sisters have names of their own, as everywhere; nothing open lies below what is closed."""
    found = [units.plant(None, KINDS[0], "市")]
    for n, (above, skipped, name, closes) in enumerate(shape):
        parent = found[above % len(found)]
        kind = KINDS.index(parent.kind) + 1 + skipped
        if kind < len(KINDS):
            unit = units.plant(parent, KINDS[kind], name * (1 + n % 3) + (str(n) if n % 2 else ""))
            if not any(row.parent_id == parent.id and row.name == unit.name for row in found):
                unit.closed_on = dates.today(dates.now()) if closes or parent.closed_on else None
                found.append(unit)
    return found


def asking(tree: Sequence[Unit], tops: Sequence[Unit]) -> Work:
    """Somebody who looks after some units of a tree."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine, [unit_kinds, units_])
    session = Session(engine)
    session.execute(insert(unit_kinds), [
        {"code": code, "name": name, "rank": rank, "holds_register": holds} for code, name, rank, holds in DEFAULT_KINDS
    ])  # fmt: skip
    names = ("id", "parent_id", "kind", "name", "path", "code", "closed_on")
    session.execute(insert(units_), [{name: getattr(unit, name) for name in names} for unit in tree])
    grants = tuple(Grant(Role.SUPERVISOR, unit.path) for unit in tops)
    return Work(Actor("p", "p", grants), SqlStore(session), dates.now())


def offered(tree: Sequence[Unit], tops: Sequence[Unit], reach: Reach) -> set[str]:
    """What may be chosen, worked out from the tree."""
    sight = [u for u in tree if any(u.path.startswith(top.path) for top in tops)]
    if reach not in (Reach.ALL, Reach.KEPT):
        sight = [u for u in sight if u.closed_on is None]
    holder = KINDS.index("community")
    level = {u.id: KINDS.index(u.kind) for u in sight}
    fits = {
        Reach.REGISTERS: lambda n: n <= holder, Reach.KEPT: lambda n: n <= holder, Reach.ABOVE: lambda n: n < holder,
        Reach.COMMUNITIES: lambda n: n == holder,
    }.get(reach, lambda n: True)  # fmt: skip
    return {one for one, n in level.items() if fits(n)}


def reached(work: Work, reach: Reach, seen: set[str], wanted: Unit, tree: Sequence[Unit]) -> bool:
    """Whether one gets to a unit step by step, by what stands there or by typing the name of what does not; whatever is
    shown on the way and may be chosen is among `seen` then."""
    at, names = "", {unit.id: unit.name for unit in tree}
    while True:
        step = places.step(work, RIGHT, reach, at)
        seen |= {row.id for row in (*step.line, *step.rows) if reach.takes(row)}
        if wanted.id in {row.id for row in (*step.line, *step.rows)}:
            return True
        line = [part for part in wanted.path.strip("/").split("/") if part not in {row.id for row in step.line}]
        onward = [part for part in line if part in {row.id for row in step.rows}]
        if not onward:
            below = step.line[-1].path if step.line else ""
            here = line if not below else wanted.path.removeprefix(below).strip("/").split("/")
            for part in here[:1] if below else here:
                hits = places.step(work, RIGHT, reach, step.line[-1].id if below else at, names[part])
                seen |= {row.id for row in hits.rows if reach.takes(row)}
                onward += [part] if part in {row.id for row in hits.rows} else []
        if wanted.id in onward:
            return True
        if not onward or onward[0] == at:
            return False
        at = onward[0]


@given(shape=TREE, held=st.lists(st.integers(0, 30), min_size=1, max_size=2), reach=st.sampled_from(Reach))
def test_exactly_the_units_in_sight_are_reached_whatever_the_tree(
    shape: Sequence[tuple[int, int, str, bool]], held: Sequence[int], reach: Reach
) -> None:
    tree = planted(shape)
    tops = [tree[n % len(tree)] for n in held]
    work, expected = asking(tree, tops), offered(tree, tops, reach)
    with patch.object(places, "FEW", FEW), patch.object(places, "HITS", HITS):
        whole = places.offer(work, RIGHT, reach)
        assert whole.few is None or {row.id for row in whole.few} == expected
        assert whole.first is None or whole.first.id in expected
        for unit in tree:
            found = places.offer(work, RIGHT, reach, unit.id).asked
            assert (found.id if found else None) == (unit.id if unit.id in expected else None)
        seen: set[str] = set()
        if whole.few is None:
            assert [u.name for u in tree if u.id in expected and not reached(work, reach, seen, u, tree)] == []
            for unit in tree:
                for words in ("", "东", "西西"):
                    step = places.step(work, RIGHT, reach, unit.id, words)
                    assert len(step.rows) <= (HITS if words else FEW)
                    seen |= {row.id for row in (*step.line, *step.rows) if reach.takes(row)}
            assert seen <= expected


def test_few_units_stand_in_one_list_and_many_are_stepped_through(place: Place) -> None:
    few = place.ask("supervisor", places.offer, RIGHT, Reach.REGISTERS)
    assert [row.name for row in few.few or ()] == ["望江街道", "江畔社区", "榕树社区"]
    assert (few.several, few.first, few.asked) == (True, (few.few or ())[0], None)
    with patch.object(places, "FEW", 2):
        many = place.ask("supervisor", places.offer, RIGHT, Reach.REGISTERS, place.units["river"].id)
        assert (many.few, many.several, many.asked and many.asked.name) == (None, True, "江畔社区")
        step = place.ask("supervisor", places.step, RIGHT, Reach.REGISTERS)
        assert [row.name for row in step.line] == ["望江街道"]
        assert [row.name for row in step.rows] == ["江畔社区", "榕树社区"]
        assert place.ask("supervisor", places.step, RIGHT, Reach.REGISTERS, place.units["far_street"].id) == step
        assert place.ask("supervisor", places.offer, RIGHT, Reach.REGISTERS, place.units["far_street"].id).asked is None


def test_a_name_is_found_by_a_part_of_it_and_a_wholly_fitting_one_stands_first(place: Place) -> None:
    for name in ("3", "13", "31"):
        place.do("system", units.add_unit, NewUnit(parent_id=place.units["grid"].id, kind="building", name=name))
    found = place.ask("system", places.step, Permission.UNIT_EDIT, Reach.OPEN, words="3")
    assert [row.name for row in found.rows][:1] == ["3"]
    assert {row.name for row in found.rows} == {"3", "13", "31", "3栋"}
    assert place.ask("system", places.step, Permission.UNIT_EDIT, Reach.OPEN, words="%").rows == ()


@pytest.mark.parametrize("question", [places.offer, places.step])
def test_nobody_chooses_where_they_hold_no_permission(place: Place, question: object) -> None:
    for who in ("auditor", RESIDENT):
        with pytest.raises(Denied):
            place.ask(who, question, RIGHT, Reach.REGISTERS)
    makers.make_person(place, "local", "罗本地", "far_street", Role.SUPERVISOR)
    assert place.ask("local", places.named, RIGHT, Reach.ALL, [place.units["banyan"].id]) == []
