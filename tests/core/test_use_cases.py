"""Every use case begins with who may do it: read from the source, so that none can be forgotten."""

import ast
import re
from pathlib import Path

import pytest

from db.tables import KEPT

CORE = Path(__file__).resolve().parents[2] / "core"
LOADED = {kind.__name__ for kind in KEPT} | {"Scope"}
"""Whoever is handed an entity or a scope has a caller who got it by right: pages have neither."""
HELPERS = {
    "signed.watch": "the program's own bookkeeping at the end of every deed",
    "calibration.model": "the program's own weights, numbers alone",
    "vocabulary.lexicon": "the program's own vocabulary, which holds no word",
    "risks.fits": "whether somebody fits a part, asked by deeds that are permitted",
    "wording.names_somebody": "a rule on words, asked by questions that are permitted",
    "wording.without_people": "a rule on words, asked by deeds that are permitted",
    "wording.without_places": "a rule on words, asked by deeds that are permitted",
    "founding.plant_kinds": "the program's own bookkeeping inside a permitted deed",
    "addressees.tell_of": "the program's own bookkeeping inside a permitted deed",
    "notices.tell": "the program's own bookkeeping inside a permitted deed",
    "doors.refuse_closed": "a rule on tries, asked before it is known who is there",
    "doors.wrong": "the program's own bookkeeping of tries, before it is known who is there",
    "schedule_said.holds": "a rule on rights at one community, asked by deeds that are permitted",
    "schedule_said.need": "a rule on rights at one community, asked by deeds that are permitted",
    "notices.reach": "where the actor holds each right, asked by questions that are permitted",
    "suggesting.look_for": "the program's own bookkeeping inside a permitted deed, or before one",
    "recusal.keep_away": "the program's own bookkeeping inside a permitted deed",
    "recusal.keep_relative_away": "the program's own bookkeeping inside a permitted deed",
    "recusal.kept_from": "the program's own bookkeeping inside a permitted deed",
    "relatives.check_watcher": "a rule on parts, asked by deeds that are permitted",
    "recusal.keep_newcomer_away": "the program's own bookkeeping inside a permitted deed",
    "recusal.keep_newcomers_away": "the program's own bookkeeping inside a permitted deed",
}


def names(annotation: ast.expr | None) -> set[str]:
    return set(re.findall(r"\w+", ast.unparse(annotation))) if annotation else set()


def taking_work() -> dict[str, ast.FunctionDef]:
    """Every public function of core whose first parameter is the unit of work."""
    return {
        f"{path.stem}.{node.name}": node
        for path in sorted(CORE.rglob("*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args
        and names(node.args.args[0].annotation) == {"Work"}
    }  # fmt: skip


FUNCTIONS = taking_work()
HANDED = {
    name for name, node in FUNCTIONS.items() if any(names(argument.annotation) & LOADED for argument in node.args.args)
}


def begins_with_permission(node: ast.FunctionDef) -> bool:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "work.actor.require(" in ast.unparse(body[0])


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - HANDED - set(HELPERS)))
def test_a_use_case_begins_with_the_permission(name: str) -> None:
    assert begins_with_permission(FUNCTIONS[name]), f"{name} must begin with work.actor.require(...)"


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_an_exemption_is_still_needed_and_belongs_to_a_helper(name: str) -> None:
    assert name in set(FUNCTIONS) - HANDED
    assert not begins_with_permission(FUNCTIONS[name])


def test_there_are_use_cases_to_look_at() -> None:
    assert len(FUNCTIONS) > 80
