"""Questions are worded once: for each scope of their own, and whatever they are asked with."""

import sys
from functools import _lru_cache_wrapper
from typing import Any

import pytest
from sqlalchemy import Select, select

from core.access import FOUNDER, Scope
from db.kept import worded
from db.scoping import within
from db.tables import risks_
from tests.db.test_scoping import SCOPED, ask, full, known  # noqa: F401
from tests.makers import Place


def asked(scope: Scope, risk_id: str) -> tuple[Select[Any], dict[str, Any]]:
    return worded(
        lambda risk_id: select(risks_.c.id).where(risks_.c.id == risk_id, within(risks_.c.unit_id, scope)),
        risk_id=risk_id,
    )


def test_one_wording_serves_every_entry_but_never_another_scope_or_viewer() -> None:
    own, others = Scope(("/town/own/",), "p1"), Scope(("/town/other/",), "p1")
    first, given = asked(own, "r1")
    again, other = asked(Scope(("/town/own/",), "p1"), "r2")
    assert first is again
    assert (given, other) == ({"risk_id": "r1"}, {"risk_id": "r2"})
    assert asked(others, "r1")[0] is not first
    assert asked(Scope(("/town/own/",), "p2"), "r1")[0] is not first
    paths = set(asked(others, "r1")[0].compile().params.values())
    assert "/town/other/" in {str(path).replace("//", "/") for path in paths}


def test_questions_that_read_alike_in_two_places_are_two() -> None:
    def one() -> Select[Any]:
        return worded(lambda: select(risks_.c.id))[0]

    def two() -> Select[Any]:
        return worded(lambda: select(risks_.c.id))[0]

    assert one() is one()
    assert one() is not two()


@pytest.mark.costly
def test_a_question_asked_again_is_not_worded_again(full: Place) -> None:  # noqa: F811
    """What is kept by something that is made anew each time would fill the memory and never be found again."""
    facts = known(full)
    for sealed in (False, True):
        scope = Scope((full.units["street"].path,), full.people["supervisor"].person_id, sealed)
        growing = {}
        for name in SCOPED:
            full.ask(FOUNDER, ask, name, scope, facts)
            before = wordings()
            full.ask(FOUNDER, ask, name, scope, facts)
            growing |= {name: grown} if (grown := wordings().items() - before.items()) else {}
        assert growing == {}


def wordings() -> dict[str, int]:
    """How many wordings are kept of each question and part of one."""
    modules = [module for name, module in sys.modules.items() if name.partition(".")[0] == "db"]
    found = [kept for module in modules for kept in vars(module).values() if isinstance(kept, _lru_cache_wrapper)]
    return {f"{kept.__module__}.{kept.__qualname__}": kept.cache_info().currsize for kept in found}
