"""What a bench stands on: databases with their real durability and a founded site."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from bench.served import PATIENCE, Served, product
from core import dates, items
from core.access import FOUNDER, Actor, Grant
from core.organisation import founding, people, posts, units
from core.organisation.units import Unit
from core.privacy.hashing import cheaply
from core.privacy.keys import Ring
from core.words import Dimension, DisclosureClass, DisclosureWhen, Role
from db.engine import connect
from db.migrate import upgrade
from db.work import work

UNPRIVILEGED = "postgres"


@dataclass(frozen=True)
class Community:
    """A community with who works there, and one power item of the cadre's post."""

    unit_id: str
    code: str
    item_id: str
    cadre: Actor
    watchdog: Actor


@dataclass(frozen=True)
class Site:
    """A founded site: its communities and a supervisor of the street above them."""

    communities: tuple[Community, ...]
    supervisor: Actor

    @property
    def codes(self) -> list[str]:
        return [community.code for community in self.communities]


def founded(engine: Engine, communities: int) -> Site:
    """A new site on an empty database, made through its use cases: twenty communities below each street."""
    upgrade(engine)
    with cheaply(), work(engine, FOUNDER, dates.now()) as doing:
        founding.plant_kinds(doing)
        city = units.plant(None, "city", "清源市")
        district = units.plant(city, "district", "南湖区")
        doing.store.add(city)
        doing.store.add(district)
        doing.record("site_founded", city.id, chain=city.id)
        made: list[Community] = []
        street = district
        for n in range(communities):
            if n % 20 == 0:
                street = units.plant(district, "street", f"第{n // 20 + 1}街道")
                doing.store.add(street)
            home = units.plant(street, "community", f"第{n + 1}社区")
            doing.store.add(home)
            made.append(_peopled(doing, home, n))
        supervisor = _person(doing, district, "supervisor", "孙立人", Role.SUPERVISOR)
    return Site(tuple(made), supervisor)


def _peopled(doing, home: Unit, n: int) -> Community:  # type: ignore[no-untyped-def]
    cadre = _person(doing, home, f"cadre{n}", "周小满", Role.CADRE)
    watchdog = _person(doing, home, f"watchdog{n}", "郑守正", Role.WATCHDOG)
    post = posts.add_post(doing, home.id, "民政救助岗")
    posts.take_post(doing, post, cadre.person_id)
    form = items.ItemForm(
        name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS, post_id=post,
        disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
    )  # fmt: skip
    return Community(home.id, home.code, items.add_item(doing, home.id, form), cadre, watchdog)


def _person(doing, home: Unit, account: str, name: str, role: Role) -> Actor:  # type: ignore[no-untyped-def]
    new = people.NewPerson(unit_id=home.id, name=name, account=account, password=PASSWORD)
    person_id = people.open_account(doing, new)
    people.grant_role(doing, person_id, role, home.id)
    return Actor(person_id, name, (Grant(role, home.path),), home.id)


PASSWORD = "correct-horse-42"


class Postgres:
    """A PostgreSQL server of its own in a folder, with the durability it comes with: fsync and full pages on."""

    def __init__(self, folder: Path) -> None:
        self._bin = postgresql_bin()
        self._folder = folder / "pg"
        self._folder.mkdir()
        self._as: dict[str, str] = {}
        if os.geteuid() == 0:
            self._as = {"user": UNPRIVILEGED, "group": UNPRIVILEGED}
            subprocess.run(["chown", UNPRIVILEGED, str(self._folder)], check=True)
        self._run("initdb", "-D", str(self._data), "-U", "qingyuan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        command = [
            str(self._bin / "postgres"), "-D", str(self._data), "-k", str(self._folder), "-c", "listen_addresses=",
            "-c", "max_connections=120",
        ]  # fmt: skip
        with (self._folder.parent / "pg.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, **self._as)  # type: ignore[call-overload]
        for _try in range(int(PATIENCE * 10)):
            if self._said("pg_isready", "-q", "-h", str(self._folder)) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start")

    def database(self, name: str, template: str = "template0") -> str:
        """A new database, empty or a copy of another to which nobody is connected; its address."""
        self._run("createdb", "-h", str(self._folder), "-U", "qingyuan", "-T", template, name)
        return f"postgresql+psycopg://qingyuan@/{name}?host={self._folder}"

    def kill(self) -> None:
        """End every process of the server at once, as a power cut does."""
        for pid in [self.process.pid, *_children(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def _run(self, program: str, *arguments: str) -> None:
        if self._said(program, *arguments):
            raise RuntimeError(f"{program} failed")

    def _said(self, program: str, *arguments: str) -> int:
        command = [str(self._bin / program), *arguments]
        return subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=False, **self._as).returncode  # type: ignore[call-overload,no-any-return]


def postgresql_bin() -> Path:
    """Where PostgreSQL's programs lie, the newest."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise RuntimeError("needs PostgreSQL on this machine")
    return found[-1].parent


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = stat.read_text(encoding="utf-8", errors="replace").rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(told[1]) == parent:
            found.append(int(stat.parent.name))
    return found


@dataclass
class Stand:
    """A folder, the address of an empty database in it, the settings of an app on it, and its server where it has one.
    """

    folder: Path
    url: str
    settings: dict[str, str]
    postgres: Postgres | None = None

    def engine(self) -> Engine:
        return connect(self.url)

    def app(self, prefix: Sequence[str] = (), **more: str) -> Served:
        """The product on this database, not yet started."""
        return product(self.folder, {**self.settings, **more}, prefix)


@contextmanager
def stand(kind: str, folder: str | None = None) -> Iterator[Stand]:
    """A place of its own for one bench, on `sqlite` or `postgresql`; nothing of it is left."""
    with tempfile.TemporaryDirectory(prefix="qingyuan-", dir=folder, ignore_cleanup_errors=True) as name:
        here = Path(name)
        here.chmod(0o755)
        settings = {"QINGYUAN_KEYS": Ring.made().written()}
        os.environ["QINGYUAN_KEYS"] = settings["QINGYUAN_KEYS"]
        if kind == "sqlite":
            yield Stand(here, f"sqlite:///{here / 'qingyuan.db'}", settings)
            return
        server = Postgres(here)
        try:
            url = server.database("qingyuan")
            yield Stand(here, url, {**settings, "DATABASE_URL": url}, server)
        finally:
            server.stop()
