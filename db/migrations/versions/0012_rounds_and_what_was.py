"""Rounds with a calendar that are closed and frozen, and each entry day by day."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CALENDAR = ("filing_from", "control_from", "evaluation_from")
KEYS = ("closed_by", "run_id")


def upgrade() -> None:
    # In place, so that what points at rounds stays pointed.
    for name in CALENDAR:
        op.add_column("rounds", sa.Column(name, sa.Date(), nullable=False, server_default="2000-01-01"))
    op.add_column("rounds", sa.Column("closed_on", sa.Date(), nullable=True))
    op.add_column("rounds", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    for name in KEYS:
        op.add_column("rounds", sa.Column(name, sa.String(40), nullable=True))
    op.add_column("inspections", sa.Column("changed_on", sa.Date(), nullable=True))
    op.execute("UPDATE inspections SET changed_on = said_on WHERE answer = 'changed'")
    op.create_table(
        "round_posts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _key("round_posts", "round_id", "rounds"),
        _key("round_posts", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_posts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("round_id", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _key("snapshots", "round_id", "rounds"),
        _key("snapshots", "unit_id", "units"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_snapshots_round_id")),
        sqlite_with_rowid=False,
    )
    for table in ("round_posts", "snapshots"):
        for name in ("round_id", "unit_id"):
            op.create_index(f"ix_{table}_{name}", table, [name])
    op.create_table(
        "versions",
        sa.Column("risk_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=False),
        _key("versions", "risk_id", "risks"),
        _key("versions", "unit_id", "units"),
        sa.PrimaryKeyConstraint("risk_id", "day", name=op.f("pk_versions")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_versions_unit_id", "versions", ["unit_id"])
    _fix_snapshots()
    _quarter_rounds()
    _picture_entries()


def _key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), initially="DEFERRED", deferrable=True
    )


def _fix_snapshots() -> None:
    """A snapshot is put in once; nobody changes it or takes it out."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER snapshots_no_{deed.lower()} BEFORE {deed} ON snapshots "
                "BEGIN SELECT RAISE(ABORT, 'a snapshot never changes'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION snapshots_fixed() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a snapshot never changes'; END $$"
        )
        op.execute(
            "CREATE TRIGGER snapshots_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshots "
            "FOR EACH STATEMENT EXECUTE FUNCTION snapshots_fixed()"
        )


def _quarter_rounds() -> None:
    """The rounds there are get the calendar that is proposed for new ones: four quarters of their time."""
    rounds = sa.table("rounds", sa.column("id"), *[sa.column(n, sa.Date()) for n in ("starts_on", "ends_on", *CALENDAR)])
    for row in op.get_bind().execute(sa.select(rounds)).all():
        length = (row.ends_on - row.starts_on).days + 1
        days = {name: row.starts_on + timedelta(length * n // 4) for n, name in enumerate(CALENDAR, 1)}
        op.execute(rounds.update().where(rounds.c.id == row.id).values(days))


def _picture_entries() -> None:
    """A first version of each entry as it is now: nothing is known of the days before."""
    connection = op.get_bind()
    today = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()
    measures: dict[str, list[Any]] = defaultdict(list)
    ratings: dict[str, list[Any]] = defaultdict(list)
    voices: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(MEASURES):
        measures[row.pop("risk_id")].append(row)
    for row in _rows(RATINGS):
        at = row.pop("rated_at")
        at = datetime.fromisoformat(at) if isinstance(at, str) else at
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        row["on"] = at.astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
        ratings[row.pop("risk_id")].append(row)
    for row in _rows(VOICES):
        voices[row["risk_id"]][row["source"]].append(row["flag_id"])
    joined = {row["risk_id"]: row["n"] for row in _rows(JOINED)}
    put = sa.text("INSERT INTO versions (risk_id, day, unit_id, fields) VALUES (:risk_id, :day, :unit_id, :fields)")
    put = put.bindparams(sa.bindparam("day", type_=sa.Date()), sa.bindparam("fields", type_=sa.JSON()))
    for row in _rows(RISKS):
        risk_id, unit_id = row.pop("id"), row.pop("unit_id")
        fields = row | {
            "measures": measures[risk_id], "ratings": ratings[risk_id], "voices": voices[risk_id],
            "joined": joined.get(risk_id, 0),
        }  # fmt: skip
        connection.execute(put, {"risk_id": risk_id, "day": today, "unit_id": unit_id, "fields": fields})


def _rows(query: str) -> list[dict[str, Any]]:
    found = op.get_bind().execute(sa.text(query)).mappings()
    return [{name: value.isoformat() if hasattr(value, "isoformat") and name != "rated_at" else value
             for name, value in row.items()} for row in found]  # fmt: skip


RISKS = """
SELECT r.id, r.unit_id, r.number, r.title, r.manifestation, r.item_id, i.name AS item, p.name AS post, r.dimension,
       r.risk_type, r.status, r.level, r.expected_level, r.verified_level, r.opened_on, r.announced_on, r.filed_on,
       r.closed_on, o.name AS owner, l.name AS leader, w.name AS watchdog, r.disclosure_class, r.disclosure_when
FROM risks r LEFT JOIN items i ON i.id = r.item_id LEFT JOIN posts p ON p.id = i.post_id
LEFT JOIN people o ON o.id = r.owner_id LEFT JOIN people l ON l.id = r.leader_id
LEFT JOIN people w ON w.id = r.watchdog_id
"""
MEASURES = """
SELECT m.risk_id, m.id, m.text, m.measure_type, m.stage, m.actor_kind, o.name AS owner, w.name AS watchdog,
       m.starts_on, m.due_on, m.indicator, m.status, m.percent, m.done_on
FROM measures m JOIN people o ON o.id = m.owner_id JOIN people w ON w.id = m.watchdog_id ORDER BY m.due_on, m.id
"""
RATINGS = """
SELECT a.risk_id, a.stage, a.computed, a.level, a.reason, p.name AS rater, a.rated_at
FROM assessments a JOIN people p ON p.id = a.rated_by ORDER BY a.rated_at, a.id
"""
VOICES = """
SELECT k.risk_id, f.source, k.flag_id FROM links k JOIN flags f ON f.id = k.flag_id WHERE k.undone_at IS NULL
ORDER BY k.flag_id
"""
JOINED = "SELECT risk_id, count(*) AS n FROM supports GROUP BY risk_id"


def downgrade() -> None:
    op.drop_table("versions")
    op.drop_table("snapshots")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION snapshots_fixed()")
    op.drop_table("round_posts")
    op.execute("ALTER TABLE inspections DROP COLUMN changed_on")
    for name in (*KEYS, "reason", "closed_on", *CALENDAR):
        op.execute(f"ALTER TABLE rounds DROP COLUMN {name}")
