"""Every use case begins with who may do it: read from the source, so that none can be forgotten."""

import ast
from pathlib import Path

import pytest

CORE = Path(__file__).resolve().parents[2] / "core"
LOADED = "takes what its caller has loaded by right and scope"
CHECK = "a rule on a loaded thing, asked by the use case and by what the page offers"
BOOKKEEPING = "the program's own bookkeeping inside a deed that was permitted"
HELPERS = {
    "actions.on_entry": LOADED, "actions.on_measure": LOADED, "flags.load": LOADED, "flags.take": LOADED,
    "merging.found_entry": LOADED, "merging.join": LOADED, "merging.likely_entries": LOADED, "risks.fill": LOADED,
    "risks.load": LOADED, "tasks.tasks": LOADED, "triage.decide": LOADED, "triage.say": LOADED,
    "flags.tell_reading": LOADED, "flags.may_hear": CHECK,
    "measures.check_ask_verification": CHECK, "measures.check_attach": CHECK,
    "measures.check_planning": CHECK, "measures.check_report": CHECK, "measures.check_verdict": CHECK,
    "merging.check_unmerge": CHECK, "rating.check_objection": CHECK, "rating.check_rating": CHECK,
    "rating.check_statement": CHECK, "risks.check_announce": CHECK, "risks.check_ask_closing": CHECK,
    "risks.check_change": CHECK, "risks.check_closing": CHECK, "risks.check_control": CHECK,
    "risks.check_filing": CHECK, "risks.check_notice": CHECK, "risks.check_reopening": CHECK, "risks.fits": CHECK,
    "risks.not_own": CHECK, "wording.without_people": CHECK,
    "board.notice": BOOKKEEPING, "board.withdraw_notice": BOOKKEEPING, "founding.plant_kinds": BOOKKEEPING,
    "recusal.keep_away": BOOKKEEPING, "recusal.keep_newcomer_away": BOOKKEEPING,
}  # fmt: skip


def taking_work() -> dict[str, ast.FunctionDef]:
    """Every public function of core whose first parameter is the unit of work."""
    found = {}
    for path in sorted(CORE.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
                first = node.args.args[0].annotation
                if first is not None and ast.unparse(first).strip("'\"") == "Work":
                    found[f"{path.stem}.{node.name}"] = node
    return found


FUNCTIONS = taking_work()


def begins_with_permission(node: ast.FunctionDef) -> bool:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return "work.actor.require(" in ast.unparse(body[0])


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(HELPERS)))
def test_a_use_case_begins_with_the_permission(name: str) -> None:
    assert begins_with_permission(FUNCTIONS[name]), f"{name} must begin with work.actor.require(...)"


@pytest.mark.parametrize("name", sorted(HELPERS))
def test_an_exemption_is_still_needed_and_belongs_to_a_helper(name: str) -> None:
    assert name in FUNCTIONS
    assert not begins_with_permission(FUNCTIONS[name])


def test_there_are_use_cases_to_look_at() -> None:
    assert len(FUNCTIONS) > 80
