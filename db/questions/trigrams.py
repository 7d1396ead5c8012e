"""Who says the same triples of characters, as PostgreSQL looks them up."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, text

FIRST = 3_000
"""Texts of a community that PostgreSQL looks through before it asks its index, which is over all communities."""
EACH = 40
"""Texts looked up by one triple: one that more say tells little, and would cost most."""


def hits(connection: Connection, unit_id: str, lines: Sequence[str]) -> list[tuple[int, str]]:
    """What many say is found among the first texts of a community; the index, which is over all communities, is asked
    for the rest alone, and where there are more texts."""
    asked = {"lines": list(lines), "unit_id": unit_id, "each": EACH, "first": FIRST}
    (_n, many), *said = connection.execute(_HITS_FIRST, asked).all()
    if int(many) < FIRST:
        return [(n, subject) for n, subject in said]
    often = Counter(n for n, _subject in said)
    rest = [n for n in range(1, len(lines) + 1) if often[n] < EACH]
    found = connection.execute(_HITS, asked | {"lines": [lines[n - 1] for n in rest]})
    return [*((n, subject) for n, subject in said if often[n] >= EACH), *((rest[n - 1], s) for n, s in found)]


_HITS_FIRST = text("""
    WITH here AS MATERIALIZED (SELECT subject, said FROM said_index WHERE unit_id = :unit_id LIMIT :first)
    SELECT 0, CAST(count(*) AS text) FROM here
    UNION ALL
    SELECT probe.n, said.subject
    FROM unnest(CAST(:lines AS text[])) WITH ORDINALITY AS probe (line, n)
    CROSS JOIN LATERAL (SELECT subject FROM here WHERE said LIKE probe.line LIMIT :each) AS said
""")
_HITS = text("""
    SELECT probe.n, said.subject
    FROM unnest(CAST(:lines AS text[])) WITH ORDINALITY AS probe (line, n)
    CROSS JOIN LATERAL (
        SELECT subject FROM said_index WHERE unit_id = :unit_id AND said LIKE probe.line LIMIT :each
    ) AS said
""")
