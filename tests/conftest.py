"""What every test can ask for: an empty database with the real schema, and a small place in it."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from core.privacy import hashing
from core.privacy.keys import Ring
from db.engine import connect
from db.migrate import upgrade
from tests.makers import Place, brought, make_place, poured
from tests.servers import Server

# A slow machine is no failure, for no test measures time. Costly tests take a share of these examples.
for profile, examples in (("brief", 20), ("quick", 100), ("thorough", 2000)):
    settings.register_profile(
        profile, max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )  # fmt: skip

POSTGRESQL = os.environ.get("QINGYUAN_TEST_POSTGRESQL", "")

NOTHING_SKIPS = bool(os.environ.get("QINGYUAN_NOTHING_SKIPS"))


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """As many workers as processors; one file alone is done sooner than they have started."""
    files = {argument.partition("::")[0] for argument in config.args}
    return 0 if len(files) == 1 and files.pop().endswith(".py") else None


APART = {"browser", "costly", "postgresql", "replicas", "years"}
"""What bare `pytest` leaves out, to be done while one waits."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="everything, as .ci/run does")
    parser.addoption("--years", type=float, default=0.0, help="drive fifty communities through so many simulated years")


def pytest_configure(config: pytest.Config) -> None:
    """Whoever names tests, or a mark of them, gets all that they name."""
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    if not hasattr(config, "workerinput") and (named or config.option.markexpr or config.option.keyword):
        config.option.whole = True
    settings.load_profile(os.environ.get("QINGYUAN_EXAMPLES") or ("quick" if config.option.whole else "brief"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.whole:
        items[:] = [item for item in items if not any(mark.name in APART for mark in item.iter_markers())]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.option.whole:
        terminalreporter.write_line("Without PostgreSQL, browsers and what takes long: pytest --whole runs everything.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is installed, a test that was skipped has failed."""
    report = yield
    if NOTHING_SKIPS and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module."""
    report = yield
    if NOTHING_SKIPS and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _keys() -> None:
    """Keys of the tests' own, so that none are made beside the program."""
    os.environ["QINGYUAN_KEYS"] = Ring.made().written()


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as weak as it goes, so that tests are quick; one test looks at the real strength."""
    monkeypatch.setattr(hashing, "_STRONG", hashing._CHEAP)
    monkeypatch.setattr(hashing, "_ABSENT", hashing._CHEAP.hash("0"))


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=[
                pytest.mark.postgresql,
                pytest.mark.skipif(not POSTGRESQL, reason="needs a PostgreSQL server in QINGYUAN_TEST_POSTGRESQL"),
            ],
        ),
    ]
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A database on each kind of server: empty, or with the small place in it where the test asks for `place`."""
    kind = "place" if "place" in request.fixturenames else "schema"
    if request.param == "sqlite":
        engine = connect("sqlite://")
        poured(request.getfixturevalue("made").engine if kind == "place" else request.getfixturevalue("schema"), engine)
    else:
        request.getfixturevalue("made_there" if kind == "place" else "postgresql")
        engine = request.getfixturevalue("postgresql").copied(kind)
    yield engine
    engine.dispose()


@pytest.fixture
def place(engine: Engine, request: pytest.FixtureRequest) -> Place:
    there = engine.dialect.name == "postgresql"
    return brought(request.getfixturevalue("made_there" if there else "made"), engine)


@pytest.fixture(scope="session")
def schema() -> Iterator[Engine]:
    """The real schema, migrated once; tests on SQLite begin with a copy."""
    engine = connect("sqlite://")
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def made(schema: Engine) -> Iterator[Place]:
    """The small place, made once through its use cases; tests on SQLite begin with a copy."""
    engine = connect("sqlite://")
    poured(schema, engine)
    with hashing.cheaply():
        place = make_place(engine)
    yield place
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql(worker_id: str) -> Iterator[Server]:
    """The PostgreSQL server; each worker has databases of its own there."""
    server = Server(POSTGRESQL, worker_id)
    try:
        server.prepared("schema", upgrade)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def made_there(postgresql: Server) -> Place:
    """The small place on PostgreSQL, made once; tests begin with a copy."""
    places: list[Place] = []
    with hashing.cheaply():
        postgresql.prepared("place", lambda engine: places.append(make_place(engine)), above="schema")
    return places[0]


@pytest.fixture
def root() -> Path:
    return Path(__file__).resolve().parent.parent
