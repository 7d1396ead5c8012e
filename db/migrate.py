"""Schema changes, numbered; the product brings its database up to date by itself at start."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, Engine, inspect, text

from core.late import Late
from db.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
LOCK = 7_271_530_816
"""Two servers that start together on PostgreSQL: the second waits and finds the work done."""

R = TypeVar("R")
alembic_config, alembic_script = Late("alembic.config"), Late("alembic.script")
alembic_command, alembic_autogenerate = Late("alembic.command"), Late("alembic.autogenerate")
alembic_migration = Late("alembic.migration")


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring a database up to a version. One that is up to date is only read, so that it may be read-only."""
    if to == "head" and _kept_version(engine) == _newest():
        return
    _run(engine, lambda config, _connection: alembic_command.upgrade(config, to))


def downgrade(engine: Engine, to: str = "base") -> None:
    """Take a database back to a version."""
    _run(engine, lambda config, _connection: alembic_command.downgrade(config, to))


def version(engine: Engine) -> str | None:
    """The version a database is at; None when it is empty."""
    return _run(engine, lambda _config, connection: _at(connection))


def _at(connection: Connection) -> str | None:
    found: str | None = alembic_migration.MigrationContext.configure(connection).get_current_revision()
    return found


def _kept_version(engine: Engine) -> str | None:
    """The same without Alembic, which is read where there is something to migrate."""
    with engine.connect().execution_options(reading=True) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _newest() -> str:
    """The number of the newest migration, by the names of their files."""
    return max(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def heads() -> list[str]:
    """The newest versions; more than one means that two changes were written side by side."""
    return list(alembic_script.ScriptDirectory.from_config(_config()).get_heads())


def differences(engine: Engine) -> list[object]:
    """Where a database is not what the tables say; empty when it is."""
    options = {"include_name": beside_index}
    return _run(
        engine,
        lambda _config, connection: list(
            alembic_autogenerate.compare_metadata(
                alembic_migration.MigrationContext.configure(connection, opts=options), metadata
            )
        ),
    )


def beside_index(name: str | None, kind: str, _parents: object = None) -> bool:
    """Whether the tables tell of a thing in the database: not of the search index, which each server keeps its way."""
    return not (name or "").startswith(("said_", "ix_flags_said", "ix_risks_said")) or kind == "column"


def revise(engine: Engine, message: str, number: str) -> None:
    """Write a new migration from what the tables say and the database lacks (for developers)."""
    options = {"autogenerate": True, "rev_id": number}
    _run(engine, lambda config, _connection: alembic_command.revision(config, message, **options))


def _config() -> "Config":
    found: Config = alembic_config.Config()
    found.set_main_option("script_location", str(FOLDER))
    return found


def _run(engine: Engine, act: "Callable[[Config, Connection], R]") -> R:
    config = _config()
    with engine.connect() as connection, _keys_apart(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        before = _at(connection)
        config.attributes["connection"] = connection
        done = act(config, connection)
        if _at(connection) != before:
            _look_at_keys(connection)
        return done


def _look_at_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise AssertionError("a change of the schema leaves rows that point nowhere")


@contextmanager
def _keys_apart(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: with its foreign keys in force, to drop the old one would count as
    deleting every row others point at. They are looked at before the end instead (sqlite.org/lang_altertable.html)."""
    if connection.dialect.name != "sqlite":
        yield
        return
    own = connection.connection.cursor()  # outside any transaction, within which it would change nothing
    own.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        own.execute("PRAGMA foreign_keys=ON")
