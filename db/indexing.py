"""Building the indexes of words anew from what is kept, for a database that was filled beside the entities.

Row by row it is what db.questions.near and db.questions.finding keep; only on PostgreSQL the index over triples is made
once at the end.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.orm import Session

from core.entries.risks import Risk
from core.voices.flags import Flag
from db.questions import finding, near

BATCH = 1000
Tell = Callable[[str, int], None]


def rebuild(connection: Connection, tell: Tell = lambda _name, _done: None) -> None:
    """Fill both indexes, which are empty or wrong, from the tables; within the transaction of the connection."""
    triples = _without_triples(connection)
    for name in ("said_index", "said_things"):
        connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - our own names alone
    done = 0
    with Session(connection) as session:
        for kind in dict.fromkeys((Flag, Risk, *finding.THINGS)):
            for batch in _batches(session, kind):
                done += len(batch)
                if kind in (Flag, Risk):
                    near.index_rows(connection, batch)
                if kind in finding.THINGS:
                    finding.put_things(connection, batch)
                tell("said", done)
    for definition in triples:
        connection.execute(text(definition))


def _batches(session: Session, kind: type[Any]) -> Iterator[list[Any]]:
    found = session.scalars(select(kind).execution_options(yield_per=BATCH, stream_results=True))
    while batch := list(islice(found, BATCH)):
        yield batch  # no list keeps them longer, and the session only as long as somebody does


def _without_triples(connection: Connection) -> list[str]:
    """Drop PostgreSQL's indexes over triples and give how they were made: filling one entry by entry takes an hour
    where making it at the end takes a minute."""
    if connection.dialect.name == "sqlite":
        return []
    kept = connection.execute(text(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE '%USING gin%'"
        " AND tablename IN ('said_index', 'said_things')"
    )).all()  # fmt: skip
    for row in kept:
        connection.execute(text(f'DROP INDEX "{row.indexname}"'))
    return [row.indexdef for row in kept]
