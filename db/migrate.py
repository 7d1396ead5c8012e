"""Schema changes, numbered; the product brings its database up to date by itself at start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

FOLDER = Path(__file__).parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    _run(engine, lambda config: command.upgrade(config, to))


def downgrade(engine: Engine, to: str = "base") -> None:
    _run(engine, lambda config: command.downgrade(config, to))


def _run(engine: Engine, act) -> None:  # type: ignore[no-untyped-def]
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        act(config)


def revise(engine: Engine, message: str, number: str) -> None:
    """Write a new migration from what the tables say and the database lacks (for developers)."""
    _run(engine, lambda config: command.revision(config, message, autogenerate=True, rev_id=number))
