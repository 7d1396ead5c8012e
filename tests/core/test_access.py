"""Every use case asks for a right first; who holds which is written down by hand in tests/access.csv."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.access import EVERYWHERE, FOUNDER, RESIDENT, Actor, Grant, Permission, Scope
from core.errors import Denied
from core.words import Role


def _functions(file: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def _use_cases(root: Path) -> Iterator[tuple[str, bool]]:
    """Every public function of core that takes a unit of work, and whether it asks for a right first."""
    for file in sorted((root / "core").rglob("*.py")):
        functions = _functions(file)
        for name, node in functions.items():
            if not name.startswith("_") and [argument.arg for argument in node.args.args][:1] == ["work"]:
                yield f"{file.stem}.{name}", _asks(node, functions)


def _mentioned(root: Path) -> set[str]:
    """Everything of core that pages name, as module.function."""
    found: set[str] = set()
    for file in (root / "pages").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                found.add(f"{node.value.id}.{node.attr}")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("core."):
                found |= {f"{(node.module or '').removeprefix('core.')}.{alias.name}" for alias in node.names}
    return found


def _asks(node: ast.FunctionDef, functions: dict[str, ast.FunctionDef], deep: int = 3) -> bool:
    """Whether the first statement asks for a right, itself or in a function of the module that it calls."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if "work.actor.require(" in ast.unparse(body[0]):
        return True
    called = [c.func.id for c in ast.walk(body[0]) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)]
    return deep > 0 and any(_asks(functions[name], functions, deep - 1) for name in called if name in functions)


def test_whatever_pages_can_call_asks_for_a_right_before_anything_else(root: Path) -> None:
    found = dict(_use_cases(root))
    assert sum(found.values()) > 60
    inner = {name for name, asks in found.items() if not asks}
    assert inner & _mentioned(root) == set()


def test_a_right_holds_where_its_role_does_and_nowhere_else() -> None:
    actor = Actor("p", "n", (Grant(Role.CADRE, "/a/b/"), Grant(Role.SUPERVISOR, "/c/")), "b")
    assert actor.require(Permission.REGISTER_READ) == Scope(("/a/b/", "/c/"), "p")
    assert actor.require(Permission.FLAG_RAISE).paths == ("/c/",)
    assert actor.scope(Permission.FLAG_INSPECT).covers("/a/b/x/")
    assert not actor.scope(Permission.FLAG_INSPECT).covers("/c/")
    with pytest.raises(Denied):
        actor.require(Permission.AUDIT_READ)


def test_sealed_matters_open_for_the_discipline_desk_alone() -> None:
    desk = Actor("d", "n", (Grant(Role.DISCIPLINE, EVERYWHERE),))
    assert {p for p in Permission if desk.may(p) and desk.scope(p).sealed} == {
        Permission.SEALED_OPEN, Permission.SEALED_LIFT,
    }  # fmt: skip
    for role in set(Role) - {Role.DISCIPLINE}:
        other = Actor("o", "n", (Grant(role, EVERYWHERE),))
        assert not any(other.scope(p).sealed and other.may(p) for p in Permission)


def test_a_resident_speaks_and_the_founder_never_speaks_for_one() -> None:
    assert RESIDENT.may(Permission.FLAG_SPEAK)
    assert not RESIDENT.may(Permission.REGISTER_READ)
    assert not FOUNDER.may(Permission.FLAG_SPEAK)
