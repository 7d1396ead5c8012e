"""Where faults happen: copies of one founded site, on SQLite and on a PostgreSQL server of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType

from sqlalchemy import make_url

from bench.stand import Postgres, Site, Stand, founded
from core.privacy.keys import Ring
from db.engine import connect

SPEAKING = {"QINGYUAN_SPEAKING": "1000000"}


class Grounds:
    """One founded site of each kind, made when first needed, and copies of it for each fault."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder, self.quick = folder, quick
        self.submissions, self.kills = (120, 3) if quick else (10_000, 40)
        self.deeds = 24 if quick else 1_000
        self.settings = {"QINGYUAN_KEYS": Ring.made().written(), **SPEAKING}
        os.environ["QINGYUAN_KEYS"] = self.settings["QINGYUAN_KEYS"]
        self._numbers, self._kept = count(1), ExitStack()

    def __enter__(self) -> "Grounds":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._kept.close()

    @property
    def communities(self) -> int:
        return 12 if self.quick else 600

    @cached_property
    def postgres(self) -> Postgres:
        server = Postgres(self.folder)
        self._kept.callback(server.stop)
        return server

    @cached_property
    def _on_sqlite(self) -> tuple[Path, Site]:
        path = self.folder / "site.db"
        engine = connect(f"sqlite:///{path}")
        site = founded(engine, self.communities)
        engine.dispose()
        return path, site

    @cached_property
    def _on_postgresql(self) -> tuple[str, Site]:
        url = self.postgres.database("site")
        engine = connect(url)
        site = founded(engine, self.communities)
        engine.dispose()
        return url, site

    @contextmanager
    def copy(self, kind: str, folder: Path | None = None) -> Iterator[tuple[Stand, Site]]:
        """A copy of the site for one fault, with a folder of its own (or the given one)."""
        n = next(self._numbers)
        here = folder or self.folder / f"fault-{n}"
        here.mkdir(exist_ok=True)
        here.chmod(0o755)
        if kind == "sqlite":
            path, site = self._on_sqlite
            shutil.copy(path, here / "qingyuan.db")
            yield Stand(here, f"sqlite:///{here / 'qingyuan.db'}", dict(self.settings)), site
            return
        url, site = self._on_postgresql
        self.postgres.database(f"fault{n}", template="site")
        own = make_url(url).set(database=f"fault{n}").render_as_string()
        yield Stand(here, own, {**self.settings, "DATABASE_URL": own}, self.postgres), site
