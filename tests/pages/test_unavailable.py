"""A database that takes nothing in, or holds what nobody can read: pages say so, and nothing that was typed is lost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, text
from starlette.testclient import TestClient

from core import dates
from core.errors import Unavailable
from db.engine import databases
from db.tables import attachments_, sessions
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown
from tests.pages.test_resident import WORRY, address, digits, once, web

__all__ = ["web"]


@pytest.fixture
def read_only(site: Place) -> Iterator[None]:
    """Every connection of the site may only read."""
    engine = databases.real()

    def forbid(connection, _record, _proxy) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "checkout", forbid)
    yield
    event.remove(engine, "checkout", forbid)


@pytest.mark.costly
@pytest.mark.usefixtures("read_only")
def test_words_that_cannot_be_kept_come_back_with_a_time_to_send_them_again(web: TestClient, site: Place) -> None:
    form = web.get(address(site))
    assert form.status_code == 200
    answer = web.post(address(site), data={"once": once(form.text), "text": WORRY, "do": "all"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, str(Unavailable.AFTER))
    assert WORRY in answer.text
    assert once(answer.text) == once(form.text)
    assert "数据库现在存不进新内容" in answer.text


def test_what_was_kept_by_the_reader_is_taken_once_the_database_is_back(web: TestClient, site: Place) -> None:
    page = web.get(address(site)).text
    first = digits(web.post(address(site), data={"once": once(page), "text": WORRY, "do": "all"}).text)
    again = digits(web.post(address(site), data={"once": once(page), "text": WORRY, "do": "all"}).text)
    assert first == again


def test_who_is_signed_in_still_reads_what_cannot_be_changed(
    open_app: OpenApp, site: Place, request: pytest.FixtureRequest
) -> None:
    makers.speak(site, WORRY)
    app = open_app("watchdog", "inbox")
    with site.engine.begin() as rows:  # so long ago that the sign-in would be kept from going idle
        rows.execute(sessions.update().values(seen_at=dates.now() - timedelta(minutes=9)))
    request.getfixturevalue("read_only")
    app.run()
    assert not app.exception
    assert WORRY in shown(app)


def test_a_page_with_a_row_that_means_nothing_says_so_in_one_sentence(open_app: OpenApp, site: Place) -> None:
    makers.speak(site, WORRY)
    with site.engine.begin() as rows:
        rows.execute(text("UPDATE flags SET channel = 'pigeon'"))
    page = shown(open_app("watchdog", "inbox"))
    assert "在程序之外改动过" in page
    assert "编号" not in page


@pytest.mark.parametrize("missing", [4, 30, 500])
def test_a_file_of_which_the_end_is_missing_is_not_kept(web: TestClient, site: Place, missing: int) -> None:
    page = web.post(address(site), data={"once": once(web.get(address(site)).text), "text": WORRY, "do": "all"}).text
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("code", digits(page)), ("do", "add"))
    )
    body += '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    whole = body.encode() + "账目\n".encode() * 300 + b"\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert web.post("/receipt/file", content=whole[:-missing], headers=headers).status_code == 400
    with site.engine.connect().execution_options(reading=True) as rows:
        assert rows.execute(attachments_.select()).all() == []
