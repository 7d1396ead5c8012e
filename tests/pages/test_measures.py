"""The page of measures: mine to do with words and files, mine to verify, and all."""

import pytest

from core.prevention import measures, tasks
from tests import makers
from tests.makers import Place
from tests.pages.conftest import OpenApp, shown


def controlled(site: Place) -> str:
    site.later(-30)
    _risk, measure_id = makers.controlled(site)
    site.later(23)
    return measure_id


def test_a_refused_file_leaves_the_words_where_they_are(site: Place, open_app: OpenApp) -> None:
    measure_id = controlled(site)
    app = open_app("clerk", "measures")
    next(b for b in app.button if b.key == f"measure:report:{measure_id}").click().run()
    app.text_area[0].set_value("名单已张贴").run()
    app.file_uploader[0].upload("名单.pdf", b"<html>", "application/pdf").run()
    send = next(b.key for b in app.button if (b.key or "").endswith(":send"))
    next(b for b in app.button if b.key == send).click().run()
    assert not app.exception
    assert app.text_area[0].value == "名单已张贴"
    assert site.ask("clerk", tasks.mine)[0].reports == ()
    assert any("PDF" in error.value for error in app.error)


@pytest.mark.costly
def test_each_role_has_its_own_views(site: Place, open_app: OpenApp) -> None:
    measure_id = controlled(site)
    assert "待您核查" in shown(open_app("watchdog", "measures"))
    site.do("clerk", measures.report, measure_id, 60, "已整理名单")
    site.do("clerk", measures.ask_verification, measure_id, "已张贴并拍照")
    words = shown(open_app("watchdog", "measures"))
    assert "已张贴并拍照" in words
    assert "核查通过" in words
    assert "已张贴并拍照" not in shown(open_app("other_clerk", "measures"))
    assert "每季度首月五日前" in shown(open_app("discipline", "measures"))


@pytest.mark.costly
def test_an_address_names_the_view(site: Place, open_app: OpenApp) -> None:
    controlled(site)
    assert "待您核查" in shown(open_app("watchdog", "measures", view="nonsense"))
    assert "每季度首月五日前" in shown(open_app("watchdog", "measures", view="all"))
