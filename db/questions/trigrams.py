"""Who says the same triples of characters, as PostgreSQL looks them up."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection, text

FIRST = 3_000
"""Texts of a community that PostgreSQL looks through before it asks its index, which is over all communities."""
EACH = 40
"""Texts looked up by one triple: one that more say tells little, and would cost most."""


def hits(connection: Connection, unit_id: str, probes: Sequence[str]) -> list[tuple[int, str]]:
    """What many say is found among the first texts of a community; the index, which is over all communities, is asked
    for the rest alone, and where there are more texts."""
    asked = {"probes": list(probes), "unit_id": unit_id, "each": EACH, "first": FIRST}
    (_n, many), *found = connection.execute(_HITS_FIRST, asked).all()
    said = [(n, subject) for n, subjects in found for subject in subjects.split()]
    if int(many) < FIRST:
        return said
    often = Counter(n for n, _subject in said)
    rest = [n for n in range(1, len(probes) + 1) if often[n] < EACH]
    looked_up = connection.execute(_HITS, asked | {"lines": [f"%{probes[n - 1]}%" for n in rest]})
    return [*((n, subject) for n, subject in said if often[n] >= EACH), *((rest[n - 1], s) for n, s in looked_up)]


_HITS_FIRST = text("""
    WITH here AS MATERIALIZED (SELECT subject, said FROM said_index WHERE unit_id = :unit_id LIMIT :first)
    SELECT 0, CAST(count(*) AS text) FROM here
    UNION ALL
    SELECT probe.n, string_agg(said.subject, ' ')
    FROM unnest(CAST(:probes AS text[])) WITH ORDINALITY AS probe (piece, n)
    CROSS JOIN LATERAL (SELECT subject FROM here WHERE strpos(said, probe.piece) > 0 LIMIT :each) AS said
    GROUP BY probe.n
""")
_HITS = text("""
    SELECT probe.n, said.subject
    FROM unnest(CAST(:lines AS text[])) WITH ORDINALITY AS probe (line, n)
    CROSS JOIN LATERAL (
        SELECT subject FROM said_index WHERE unit_id = :unit_id AND said LIKE probe.line LIMIT :each
    ) AS said
""")
