"""The hand-written statements that figures are held against: the best that one statement does on the same tables.

`:path` is the path of the viewer's unit with a `%`, `:me` the viewer, `:today`, `:year` and `:since` are days.
`LOCAL(x)` stands for the local day of an instant, which each kind of server says differently. Where the page shows
rows, the statement fetches the ids of the first page beside the counts.
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
_STEP = "CASE f.level WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END"
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
    SELECT item_id, sum(own) AS own, sum(above) AS above, sum(below) AS below FROM voiced
    WHERE item_id IS NOT NULL GROUP BY item_id
), grid AS MATERIALIZED (
    SELECT i.id, i.name, i.dimension, u.path, coalesce(s.own, 0) AS own, coalesce(s.above, 0) AS above,
           coalesce(s.below, 0) AS below,
           CASE WHEN i.id IN (SELECT item_id FROM inspections) THEN 1 ELSE 0 END AS looked
    FROM items i JOIN here u ON u.id = i.unit_id LEFT JOIN spoken s ON s.item_id = i.id WHERE NOT i.retired
), few AS (
    SELECT id, own, above, below FROM grid
    ORDER BY CASE WHEN own = 0 AND looked = 0 THEN 0 ELSE 1 END + CASE WHEN above = 0 THEN 0 ELSE 1 END
             + CASE WHEN below = 0 THEN 0 ELSE 1 END, path, dimension, name, id LIMIT 20
)
SELECT '', sum(CASE WHEN own = 0 AND looked = 0 THEN 1 ELSE 0 END), sum(CASE WHEN above = 0 THEN 1 ELSE 0 END),
       sum(CASE WHEN below = 0 THEN 1 ELSE 0 END) FROM grid
UNION ALL SELECT id, own, above, below FROM few
"""

DISPUTES = f"""{_HERE}, rated AS MATERIALIZED (
    SELECT l.risk_id, max(CASE f.source WHEN 'self' THEN {_STEP} END) AS own,
           max(CASE f.source WHEN 'superior' THEN {_STEP} END) AS above,
           max(CASE f.source WHEN 'resident' THEN {_STEP} END) AS below
    FROM links l JOIN flags f ON f.id = l.flag_id
    WHERE l.undone_at IS NULL AND l.unit_id IN (SELECT id FROM here) AND f.level IS NOT NULL AND {HEARD}
    GROUP BY l.risk_id HAVING min(f.source) <> max(f.source)
), apart AS (
    SELECT *, GREATEST(coalesce(own, -1), coalesce(above, -1), coalesce(below, -1))
              - LEAST(coalesce(own, 3), coalesce(above, 3), coalesce(below, 3)) AS steps FROM rated
), few AS (
    SELECT a.risk_id, a.steps FROM apart a JOIN risks r ON r.id = a.risk_id JOIN units u ON u.id = r.unit_id
    WHERE a.steps > 0
    ORDER BY a.steps DESC, CASE WHEN own IS NULL OR above IS NULL OR below IS NULL THEN 1 ELSE 0 END, u.path, r.number
    LIMIT 20
)
SELECT '', steps, count(*) FROM apart GROUP BY steps UNION ALL SELECT risk_id, steps, 0 FROM few
"""

HEARD_FROM = f"""WITH RECURSIVE here AS (SELECT id, path, kind FROM units WHERE path LIKE :path), said AS (
    SELECT f.unit_id, coalesce(f.place_id, f.unit_id) AS id, f.channel FROM flags f
    WHERE f.unit_id IN (SELECT id FROM here) AND f.source = 'resident' AND f.raised_on >= :year AND {HEARD}
    UNION SELECT unit_id, coalesce(place_id, unit_id), channel FROM supports
    WHERE unit_id IN (SELECT id FROM here) AND said_on >= :year
), heard AS (
    SELECT id FROM said
    UNION SELECT u.parent_id FROM heard JOIN units u ON u.id = heard.id WHERE u.parent_id IS NOT NULL
), places AS (
    SELECT here.id FROM here JOIN unit_kinds k ON k.code = here.kind AND k.holds_register
    UNION SELECT u.id FROM places JOIN units u ON u.parent_id = places.id
)
SELECT '', count(*) FROM heard JOIN here ON here.id = heard.id WHERE here.id IN (SELECT id FROM places)
UNION ALL SELECT channel, count(DISTINCT unit_id) FROM said GROUP BY channel
"""

LEVELS = """WITH spans AS (
    SELECT day, status, coalesce(level, 'unrated') AS level,
           lead(day) OVER (PARTITION BY unit_id, risk_id ORDER BY day) AS until
    FROM versions WHERE unit_id IN (SELECT id FROM units WHERE path LIKE :path)
)
SELECT day, until, level, count(*) FROM spans WHERE status NOT IN ('closed', 'archived') GROUP BY day, until, level
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

REGISTER = f"""WITH few AS MATERIALIZED (
    SELECT r.id, u.name, u.path, r.number FROM units u JOIN risks r ON r.unit_id = u.id
    WHERE u.path LIKE :path AND r.status <> 'archived' ORDER BY u.name, u.path, r.number, r.id LIMIT 50
), said AS (
    SELECT l.risk_id, max(CASE f.source WHEN 'self' THEN 1 ELSE 0 END) AS own,
           max(CASE f.source WHEN 'superior' THEN 1 ELSE 0 END) AS above,
           max(CASE f.source WHEN 'resident' THEN 1 ELSE 0 END) AS below
    FROM links l JOIN flags f ON f.id = l.flag_id
    WHERE l.risk_id IN (SELECT id FROM few) AND l.undone_at IS NULL AND {HEARD} GROUP BY l.risk_id
)
SELECT r.id, r.level, coalesce(s.own, 0), coalesce(s.above, 0),
       CASE WHEN s.below = 1 OR EXISTS (SELECT 1 FROM supports p WHERE p.risk_id = r.id) THEN 1 ELSE 0 END, r.number,
       r.title, u.name, i.name, p.name,
       (SELECT min(due_on) FROM measures m WHERE m.risk_id = r.id AND m.status <> 'verified'),
       (SELECT count(*) FROM measures m WHERE m.risk_id = r.id AND m.done_on IS NULL AND m.due_on < :today),
       EXISTS (SELECT 1 FROM signatures s WHERE s.risk_id = r.id AND NOT s.replaced AND s.stale_on IS NOT NULL),
       (SELECT min(colour) FROM early_warnings w WHERE w.risk_id = r.id AND w.ended_on IS NULL),
       (SELECT count(*) FROM risks
        WHERE status <> 'archived' AND unit_id IN (SELECT id FROM units WHERE path LIKE :path))
FROM few JOIN risks r ON r.id = few.id JOIN units u ON u.id = r.unit_id LEFT JOIN said s ON s.risk_id = r.id
LEFT JOIN items i ON i.id = r.item_id LEFT JOIN people p ON p.id = r.owner_id
ORDER BY few.name, few.path, few.number, few.id
"""


def on(statement: str, server: str) -> str:
    """A statement as a kind of server understands it."""
    local = "date({}, '+8 hours')" if server == "sqlite" else "date(timezone('Asia/Shanghai', {}))"
    if server == "sqlite":
        statement = statement.replace("GREATEST(", "max(").replace("LEAST(", "min(")
    for column in ("rated_at", "said_at"):
        statement = statement.replace(f"LOCAL({column})", local.format(column))
    return statement
