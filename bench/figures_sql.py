"""The hand-written statements that figures are held against: the best that one statement does on the same tables.

`:path` is the path of the viewer's unit with a `%`, `:me` the viewer, `:today`, `:year` and `:since` are days.
`LOCAL(x)` stands for the local day of an instant, which each kind of server says differently.
"""

HEARD = """NOT f.sealed AND NOT EXISTS (SELECT 1 FROM recusals r WHERE r.flag_id = f.id AND r.person_id = :me)"""
_HERE = "WITH here AS (SELECT id, path, name FROM units WHERE path LIKE :path)"
_SAID = f"""{_HERE}, said AS (
    SELECT l.risk_id, max(CASE f.source WHEN 'self' THEN 1 ELSE 0 END) AS own,
           max(CASE f.source WHEN 'superior' THEN 1 ELSE 0 END) AS above,
           max(CASE f.source WHEN 'resident' THEN 1 ELSE 0 END) AS below
    FROM links l JOIN flags f ON f.id = l.flag_id
    WHERE l.undone_at IS NULL AND l.unit_id IN (SELECT id FROM here) AND {HEARD}
    GROUP BY l.risk_id
), voiced AS (
    SELECT r.*, coalesce(s.own, 0) AS own, coalesce(s.above, 0) AS above,
           CASE WHEN s.below = 1 OR r.id IN (SELECT risk_id FROM supports) THEN 1 ELSE 0 END AS below
    FROM risks r LEFT JOIN said s ON s.risk_id = r.id WHERE r.unit_id IN (SELECT id FROM here)
)"""
_STANDING = "(status <> 'archived' OR closed_on IS NOT NULL)"
_MANY = "own + above + below > 1"
_ANY = "own + above + below > 0"

OVERVIEW = f"""{_HERE}, heard AS (
    SELECT f.unit_id, f.source, l.risk_id, count(*) AS n, count(f.response) AS response, count(f.solved) AS solved,
           count(f.satisfied) AS satisfied
    FROM flags f LEFT JOIN links l ON l.flag_id = f.id AND l.undone_at IS NULL
    WHERE f.unit_id IN (SELECT id FROM here) AND {HEARD}
    GROUP BY f.unit_id, f.source, l.risk_id, f.level
), lately AS (
    SELECT DISTINCT f.unit_id, coalesce(f.place_id, f.unit_id) AS place, f.channel FROM flags f
    WHERE f.unit_id IN (SELECT id FROM here) AND f.source = 'resident' AND f.raised_on >= :year AND {HEARD}
), said AS (
    SELECT risk_id, max(CASE source WHEN 'self' THEN 1 ELSE 0 END) AS own,
           max(CASE source WHEN 'superior' THEN 1 ELSE 0 END) AS above,
           max(CASE source WHEN 'resident' THEN 1 ELSE 0 END) AS below
    FROM heard WHERE risk_id IS NOT NULL GROUP BY risk_id
), voiced AS (
    SELECT r.dimension, coalesce(r.level, 'unrated') AS level,
           CASE WHEN s.own = 1 THEN '1' ELSE '0' END || CASE WHEN s.above = 1 THEN '1' ELSE '0' END
           || CASE WHEN s.below = 1 OR r.id IN (SELECT risk_id FROM supports) THEN '1' ELSE '0' END AS marks
    FROM risks r LEFT JOIN said s ON s.risk_id = r.id WHERE r.unit_id IN (SELECT id FROM here) AND {_STANDING}
)
SELECT 'entry', dimension, level, marks, count(*), 0 FROM voiced GROUP BY dimension, level, marks
UNION ALL SELECT 'cell', unit_id, source, sum(response) || ' ' || sum(solved) || ' ' || sum(satisfied),
    CAST(sum(n) AS integer), count(risk_id) FROM heard GROUP BY unit_id, source
UNION ALL SELECT 'from', unit_id, '', '', count(DISTINCT place), count(DISTINCT channel) FROM lately GROUP BY unit_id
UNION ALL SELECT 'late', '', '', '', count(*), 0 FROM measures
WHERE unit_id IN (SELECT id FROM here) AND done_on IS NULL AND due_on < :today
"""

SETS = f"{_SAID} SELECT own, above, below, count(*) FROM voiced GROUP BY own, above, below"

AGREEMENT = f"""{_SAID}
SELECT i.name, sum(CASE WHEN {_MANY} THEN 1 ELSE 0 END), count(*)
FROM voiced v JOIN items i ON i.id = v.item_id WHERE {_ANY} GROUP BY i.name
"""

SILENCE = f"""{_SAID}, spoken AS (
    SELECT item_id, max(own) AS own, max(above) AS above, max(below) AS below FROM voiced GROUP BY item_id
)
SELECT sum(CASE WHEN coalesce(s.own, 0) = 0 AND i.id NOT IN (SELECT item_id FROM inspections) THEN 1 ELSE 0 END),
       sum(CASE WHEN coalesce(s.above, 0) = 0 THEN 1 ELSE 0 END),
       sum(CASE WHEN coalesce(s.below, 0) = 0 THEN 1 ELSE 0 END)
FROM items i LEFT JOIN spoken s ON s.item_id = i.id WHERE NOT i.retired AND i.unit_id IN (SELECT id FROM here)
"""

DISPUTES = f"""{_HERE}, rated AS (
    SELECT l.risk_id, f.source, max(CASE f.level WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END) AS step
    FROM links l JOIN flags f ON f.id = l.flag_id
    WHERE l.undone_at IS NULL AND l.unit_id IN (SELECT id FROM here) AND f.level IS NOT NULL AND {HEARD}
    GROUP BY l.risk_id, f.source
), apart AS (SELECT max(step) - min(step) AS steps FROM rated GROUP BY risk_id HAVING count(*) > 1)
SELECT steps, count(*) FROM apart GROUP BY steps
"""

HEARD_FROM = f"""{_HERE}, cells AS (
    SELECT coalesce(f.place_id, f.unit_id) AS unit_id FROM flags f
    WHERE f.unit_id IN (SELECT id FROM here) AND f.source = 'resident' AND f.raised_on >= :year AND {HEARD}
    UNION SELECT coalesce(place_id, unit_id) FROM supports
    WHERE unit_id IN (SELECT id FROM here) AND said_on >= :year
)
SELECT count(*) FROM here u WHERE EXISTS (
    SELECT 1 FROM cells c JOIN here p ON p.id = c.unit_id WHERE p.path LIKE u.path || '%'
) AND EXISTS (
    SELECT 1 FROM here home JOIN units k ON k.id = home.id JOIN unit_kinds b ON b.code = k.kind AND b.holds_register
    WHERE u.path LIKE home.path || '%'
)
"""

LEVELS = f"""{_HERE}, turns AS MATERIALIZED (
    SELECT risk_id, day, CASE WHEN fields ->> 'status' IN ('closed', 'archived') THEN NULL
           ELSE coalesce(fields ->> 'level', 'unrated') END AS level
    FROM versions WHERE unit_id IN (SELECT id FROM here)
), spans AS (
    SELECT day, level, lead(day) OVER (PARTITION BY risk_id ORDER BY day) AS until FROM turns
)
SELECT day, level, CAST(sum(n) AS integer) FROM (
    SELECT day, level, count(*) AS n FROM spans WHERE level IS NOT NULL GROUP BY day, level
    UNION ALL SELECT until, level, -count(*) FROM spans WHERE level IS NOT NULL AND until IS NOT NULL
    GROUP BY until, level
) t GROUP BY day, level
"""

_DEEDS = (
    ("raised_on", "flags f", f"f.source <> 'resident' AND {HEARD}"), ("opened_on", "risks", _STANDING),
    ("LOCAL(rated_at)", "assessments", "1 = 1"), ("LOCAL(said_at)", "progress", "1 = 1"),
    ("closed_on", "risks", _STANDING), ("looked_on", "second_looks", "1 = 1"), ("published_on", "dues", "1 = 1"),
)
DEEDS = f"{_HERE} " + " UNION ALL ".join(
    f"SELECT {n}, {day}, count(*) FROM {table} "
    f"WHERE {day} >= :since AND unit_id IN (SELECT id FROM here) AND {rest} GROUP BY {day}"
    for n, (day, table, rest) in enumerate(_DEEDS)
)

_TIMELY = """sum(CASE WHEN {done} <= {due} THEN 1 ELSE 0 END), sum(CASE WHEN {done} > {due} THEN 1 ELSE 0 END),
       sum(CASE WHEN {done} IS NULL AND {due} < :today THEN 1 ELSE 0 END)"""

IN_TIME = f"""{_HERE}
SELECT coalesce(p.name, ''), {_TIMELY.format(done="m.done_on", due="m.due_on")}
FROM measures m JOIN risks r ON r.id = m.risk_id LEFT JOIN items i ON i.id = r.item_id
LEFT JOIN posts p ON p.id = i.post_id
WHERE m.unit_id IN (SELECT id FROM here) AND (r.status <> 'archived' OR r.closed_on IS NOT NULL)
GROUP BY coalesce(p.name, '')
UNION ALL SELECT ' open', count(*), 0, 0 FROM measures m JOIN risks r ON r.id = m.risk_id
WHERE m.unit_id IN (SELECT id FROM here) AND (r.status <> 'archived' OR r.closed_on IS NOT NULL)
AND m.done_on IS NULL AND m.status <> 'verified'
"""

DISCLOSED = f"""{_HERE}
SELECT s.disclosure_class, {_TIMELY.format(done="d.published_on", due="d.due_on")}
FROM dues d JOIN subjects s ON s.id = d.subject_id
WHERE d.unit_id IN (SELECT id FROM here) AND d.due_on BETWEEN :year AND :today GROUP BY s.disclosure_class
"""

OUTCOMES = f"""{_HERE}, last AS (
    SELECT risk_id, max(n) AS n FROM second_looks WHERE result IS NOT NULL GROUP BY risk_id
)
SELECT 'look', l.result, count(*) FROM second_looks l JOIN last ON last.risk_id = l.risk_id AND last.n = l.n
JOIN risks r ON r.id = l.risk_id
WHERE l.unit_id IN (SELECT id FROM here) AND (r.status <> 'archived' OR r.closed_on IS NOT NULL) GROUP BY l.result
UNION ALL SELECT 'open', '', count(*) FROM risks
WHERE unit_id IN (SELECT id FROM here) AND resolve_level IS NULL AND {_STANDING}
UNION ALL SELECT unit_id, CAST(count(response) AS text) || ' ' || count(solved) || ' ' || count(satisfied),
    CAST(sum(response) AS integer) FROM flags f
WHERE unit_id IN (SELECT id FROM here) AND coalesce(response, solved, satisfied) IS NOT NULL AND {HEARD}
GROUP BY unit_id
"""

_SPOKE = """CASE WHEN EXISTS (SELECT 1 FROM links l JOIN flags f ON f.id = l.flag_id
        WHERE l.risk_id = r.id AND l.undone_at IS NULL AND f.source = '{source}' AND {heard}) THEN 1 ELSE 0 END"""

REGISTER = f"""
SELECT r.id, r.level, {_SPOKE.format(source="self", heard=HEARD)}, {_SPOKE.format(source="superior", heard=HEARD)},
       {_SPOKE.format(source="resident", heard=HEARD)}, r.number, r.title, u.name, i.name, p.name,
       (SELECT min(due_on) FROM measures m WHERE m.risk_id = r.id AND m.status <> 'verified'),
       (SELECT count(*) FROM measures m WHERE m.risk_id = r.id AND m.done_on IS NULL AND m.due_on < :today),
       EXISTS (SELECT 1 FROM signatures s WHERE s.risk_id = r.id AND NOT s.replaced AND s.stale_on IS NOT NULL),
       (SELECT min(colour) FROM early_warnings w WHERE w.risk_id = r.id AND w.ended_on IS NULL),
       (SELECT count(*) FROM risks
        WHERE status <> 'archived' AND unit_id IN (SELECT id FROM units WHERE path LIKE :path))
FROM risks r JOIN units u ON u.id = r.unit_id LEFT JOIN items i ON i.id = r.item_id
LEFT JOIN people p ON p.id = r.owner_id
WHERE u.path LIKE :path AND r.status <> 'archived' ORDER BY u.path, r.number LIMIT 50
"""


def on(statement: str, server: str) -> str:
    """A statement as a kind of server understands it."""
    local = "date({}, '+8 hours')" if server == "sqlite" else "date(timezone('Asia/Shanghai', {}))"
    for column in ("rated_at", "said_at"):
        statement = statement.replace(f"LOCAL({column})", local.format(column))
    return statement
