"""What taking a resident's words may cost: so many statements, and few of them while others wait."""

from typing import Any

from sqlalchemy import Connection, event
from starlette.testclient import TestClient

from db.engine import databases
from tests.makers import Place
from tests.pages.test_resident import WORRY, address, digits, once, web

__all__ = ["web"]
ALL, LOCKED = 19, 13
"""Statements of one submission, and those between the first and the last of its deed."""


def test_a_submission_keeps_to_its_statements_and_compares_nothing_while_the_database_is_locked(
    web: TestClient, site: Place
) -> None:
    page = web.get(address(site)).text
    said: list[tuple[bool, str]] = []

    def note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append((bool(connection.get_execution_options().get("reading")), statement))

    event.listen(databases.real(), "before_cursor_execute", note)
    try:
        assert digits(web.post(address(site), data={"once": once(page), "text": WORRY, "do": ""}).text)
    finally:
        event.remove(databases.real(), "before_cursor_execute", note)
    real = [(reading, statement) for reading, statement in said if not statement.startswith("BEGIN")]
    locked = [statement for reading, statement in real if not reading]
    assert len(real) <= ALL, [statement[:90] for _reading, statement in real]
    assert len(locked) <= LOCKED, [statement[:90] for statement in locked]
    assert not any("risks" in statement and "SELECT" in statement for statement in locked)
    assert sum(statement.startswith("BEGIN") for _reading, statement in said) <= 2
