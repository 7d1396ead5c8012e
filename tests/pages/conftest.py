"""Pages as tests open them: the whole app, on a database of the test's own, signed in as somebody."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.access import RESIDENT
from core.organisation import signin
from db.engine import databases
from db.work import work
from pages.ui.nav import PAGES
from tests.makers import Place, copy_of

APP = Path(__file__).resolve().parents[2] / "app.py"
FILES = {page.address: page.file for page in PAGES}


@pytest.fixture
def site(made: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A real site in a folder of its own, with the small place in it; its clock is the real one."""
    from core import dates

    monkeypatch.setenv("QINGYUAN_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    databases.close()
    place = copy_of(made, databases.real())
    place.now = dates.now()
    yield place
    databases.close()


OpenApp = Callable[..., AppTest]


@pytest.fixture
def open_app(site: Place) -> OpenApp:
    """Open a page as somebody: open_app("clerk", "register", id="…"). None is a visitor without account."""

    def opened(who: str | None, address: str, **query: str) -> AppTest:
        app = AppTest.from_file(str(APP), default_timeout=30)
        app.user = {"sid": session_of(site, who) if who else None}  # type: ignore[attr-defined]
        app.run()
        for key, value in query.items():
            app.query_params[key] = value
        app.switch_page(FILES[address]).run()
        assert not app.exception, app.exception
        return app

    return opened


def session_of(site: Place, who: str) -> str:
    """A session of a person, as signing in would open it: now by the server's clock, whatever day the site has."""
    person_id = site.people[who].person_id
    with work(site.engine, RESIDENT) as doing:
        token = signin.begin(doing, doing.store.person(person_id))
        doing.store.person(person_id).must_change = False
    return signin.digest(token)


def shown(app: AppTest) -> str:
    """Every word on the page."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "text", "info", "warning", "error", "success")
    words = [str(element.value) for kind in kinds for element in getattr(app, kind)]
    html = [element.proto.body for element in app.get("html")]
    return "\n".join(words + html + [b.label for b in app.button])
