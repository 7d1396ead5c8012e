"""Whoever may not know of a matter sees on every page, and gets from every plain address, what stood there before it.

Each page is read as each role, then matters are hidden from them, then it is read again: not a word may differ.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.access import GRANTS, RESIDENT
from core.errors import Denied
from core.organisation.tries import Tries
from core.voices import contacts, followup
from core.words import Role
from pages.ui import throttle
from pages.ui.nav import PAGES
from pages.web import front, notice, resident
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.hidden import HAPPENED, HIDING, MARK, ON_BOARD, Hidden, ids, lived
from tests.makers import Place
from tests.pages.conftest import FILES, OpenApp
from tests.pages.test_access import WHO

pytestmark = [pytest.mark.privacy, pytest.mark.usefixtures("plainly")]
EVERYTHING = sorted(HAPPENED)
LOG = "audit"
"""The auditor's page tells of every deed by id; that no word is in it is what is looked for there."""


TELLING = ("inbox", "entry", "notices", "meetings", "register", "home")
"""Where somebody who is named can tell that something is kept from them, but not what: a suggestion in the inbox may
come from words they do not read; they may not rate or close an entry in which a voice names them, nor are they told of
it or given it in a meeting's paper; and its signatures lapse by that voice."""


def everything(app: AppTest) -> str:
    """All that was sent to the screen, charts and tables included."""
    return "\n".join(str(getattr(node, "proto", "")) for node in _walk(app._tree))


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _walk(child)


def read(app: AppTest, site: Place, who: str, role: str, hidden: Hidden | None) -> dict[str, str]:
    """Every page that is this role's work, and the deep links that lead to one thing."""
    granted, told = GRANTS[Role(role)], {}
    risks = ids(site, "risks")
    aims = {
        "entry": [{"id": risk} for risk in risks], "inbox": [{}, {"flag": hidden.flag_id if hidden else "x"}],
        "points": [{}, {"flag": hidden.flag_id if hidden else "x"}],
        "documents": [{"view": view} for view in ("print", "word", "exchange")],
        "voices": [{"view": view} for view in ("saw", "agree", "silence", "rate")],
        "search": [{"asked": words} for words in (MARK[1:], ON_BOARD, "名单", "周小满收了好处")],
    }  # fmt: skip
    for page in PAGES:
        for n, query in enumerate(aims.get(page.address, [{}])) if page.permission in granted else ():
            app.query_params.clear()
            for key, value in query.items():
                if page.address == "search":
                    app.session_state[f"search:{key}"] = value
                else:
                    app.query_params[key] = value
            if page.address == "entry":
                app.session_state[f"entry:checks:{query['id']}"] = True  # unfolded
            elif page.address in UNFOLDED:
                app.session_state[UNFOLDED[page.address]] = True
            app.switch_page(FILES[page.address]).run()
            assert not app.exception, (who, page.address)
            told[f"{page.address} {n}"] = everything(app)
    return told


UNFOLDED = {
    "register": "register:table", "measures": "measures:done", "past": "past:compared", "rounds": "rounds:year",
}  # fmt: skip
"""What is asked for when somebody unfolds it."""


def hide(site: Place) -> list[Hidden]:
    """Sealed matters of every kind."""
    return [HIDING[name](site) for name in ("sealed at once", "sealed by hand", "sealed by a file")]


def unlike(before: dict[str, str], after: dict[str, str]) -> list[tuple[str, str, str]]:
    """Pages that say something else than before, with the first words that differ."""
    found = []
    for name, told in after.items():
        then, now = _bare(before.get(name, told)), _bare(told)
        if name.startswith(LOG) or then == now:
            continue
        n = next((n for n, pair in enumerate(zip(then, now, strict=False)) if pair[0] != pair[1]), -80)
        found.append((name, then[n - 60 : n + 80], now[n - 60 : n + 80]))
    return found


def _bare(told: str) -> str:
    """Without what is anew on every visit: ids of widgets, proposals of passwords, and the flag a link asked for."""
    told = re.sub(r'\bid: "[^"]*"|file_id: "[^"]*"|\w{4}(-\w{4}){2}|flag=\w+', "", told)
    return re.sub(r"\$\$ID-\w+|qyq_\w+", "", told)


@pytest.mark.costly
@pytest.mark.parametrize("role", [role for role in WHO if role != "discipline"])
def test_no_page_tells_of_what_is_hidden(open_app: OpenApp, site: Place, role: str) -> None:
    lived(site, EVERYTHING)
    who = WHO[role]
    app = open_app(who, "home")
    read(app, site, who, role, None)  # what a first look notes is noted
    before = read(app, site, who, role, None)
    for hidden in hide(site):
        after = read(open_app(who, "home"), site, who, role, hidden)
        assert [name for name, told in after.items() if MARK in told] == []
        assert unlike(before, after) == []
    for name in (f"names {who}", f"names a relative of {who}"):
        if name not in HIDING:
            continue
        after = read(open_app(who, "home"), site, who, role, HIDING[name](site))
        assert [name for name, told in after.items() if MARK in told] == []
        assert [one for one in unlike(before, after) if one[0].split()[0] not in TELLING] == []


@pytest.mark.costly
def test_the_desk_sees_that_there_is_something_and_no_word_before_it_opens_it(open_app: OpenApp, site: Place) -> None:
    lived(site, ["controlled"])
    app = open_app("discipline", "home")
    before = read(app, site, "discipline", "discipline", None)
    hide(site)
    after = read(app, site, "discipline", "discipline", None)
    assert [name for name, told in after.items() if MARK in told] == []
    changed = {name.split(" ")[0] for name, _old, _new in unlike(before, after)}
    assert changed == {"home", "notices", "sealed", "openings"}


# plain addresses


@pytest.fixture
def web(site: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    for name in ("_speaking_here", "_speaking", "_slowly_here", "_slowly", "_looking_here", "_looking"):
        monkeypatch.setattr(throttle, name, Tries(10_000, throttle.MINUTE))
    routes = [*resident.routes(), *notice.routes(), *front.routes()]
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def fetched(web: TestClient, site: Place, own: str, hidden: Hidden | None) -> dict[str, str]:
    """What every plain address answers to somebody who has a receipt of their own."""
    told = {}
    for code in (site.units["banyan"].code, site.units["building"].code, site.units["river"].code):
        for path in (f"/r/{code}", f"/b/{code}", f"/n/{code}", f"/n/{code}?item={site.items['relief']}"):
            told[path] = web.get(path).text
        for words in (ON_BOARD, "低保名单没见贴出来", "周小满收了好处才给办低保"):
            asked = {"text": words, "do": "look", "item_id": site.items["relief"], "once": "a" * 32}
            told[f"{code} {words}"] = web.post(f"/r/{code}", data=asked).text
            told[f"look {code} {words}"] = web.post("/r/look", data={"text": words, "unit": code}).text
    for path in ("/", "/r", "/receipt", "/proof", "/nowhere"):
        told[path] = web.get(path).text
    for wish in ("open", "export", "take_back", "contact", "show", "proof"):
        told[f"receipt {wish}"] = web.post("/receipt", data={"code": own, "do": wish, "unit": code}).text
    for file_id in ids(site, "attachments"):
        form = {"code": own, "drop": file_id, "unit": code}
        told["drop"] = web.post("/receipt/file", data=form, files={"file": ("", b"", "text/plain")}).text
    return {name: re.sub(r'name="once" value="\w+"|编号 ?\w+', "", page) for name, page in told.items()}


@pytest.mark.costly
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(happened=st.lists(st.sampled_from(EVERYTHING), max_size=4))
def test_no_plain_address_tells_of_what_is_hidden(web: TestClient, site: Place, happened: list[str]) -> None:
    lived(site, happened)
    own = makers.speak(site, "楼道里的广告费谁收了", None)
    before = fetched(web, site, own, None)
    kept = ids(site, "attachments")
    hidden = hide(site)
    after = fetched(web, site, own, hidden[-1])
    assert [name for name, page in after.items() if MARK in page] == []
    assert unlike(before, after) == []
    assert set(kept) < set(ids(site, "attachments")), "nobody deletes another's file"
    wrong = hidden[0].code[:9] + own[9:]
    for form in ({"code": wrong}, {"code": wrong, "do": "export"}, {"code": wrong, "do": "proof"}):
        answer = web.post("/receipt", data=form)
        assert (answer.status_code in (404, 422, 429), MARK in answer.text) == (True, False)


def test_its_sender_alone_reads_it_and_nobody_the_contact(web: TestClient, site: Place) -> None:
    lived(site, [])
    hidden = HIDING["sealed at once"](site)
    page = web.post("/receipt", data={"code": hidden.code}).text
    assert MARK in page
    assert f"微信 {MARK}" not in page
    opened = site.ask(RESIDENT, followup.unlock, hidden.code)
    for who in WHO.values():
        with pytest.raises(Denied):
            site.ask(who, contacts.kept_since, opened)
