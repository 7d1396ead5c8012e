"""Tables as HTML: what people typed stays words, and a day stays in one piece."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core import text


def page(language: str) -> None:
    from datetime import date

    from core import text
    from pages.ui import tables

    text.language.set(language)
    on = text.day(date(2026, 1, 9))
    tables.table(["", "", ""], [[on, f"<i>1</i> {on}, {on}", tables.Link(on, "past", {})], ["1年", "2026-1", "<b>"]])


@pytest.mark.parametrize(("language", "said"), [("zh_CN", "2026年1月9日"), ("en", "2026-01-09")])
def test_no_day_in_a_table_breaks_over_lines_and_no_words_become_markup(language: str, said: str) -> None:
    [table] = AppTest.from_function(page, kwargs={"language": language}).run().get("html")
    whole = f"<span class='qy-whole'>{said}</span>"
    assert f"<th scope='row'><span>{whole}</span></th>" in table.proto.body
    assert f"<span>&lt;i&gt;1&lt;/i&gt; {whole}, {whole}</span></td>" in table.proto.body
    assert f"<span>{whole}</span></a></td>" in table.proto.body
    assert table.proto.body.count("qy-whole") == 4
    assert ">1年</th>" in table.proto.body
    assert ">2026-1</td>" in table.proto.body
    assert "&lt;b&gt;" in table.proto.body


def test_one_of_a_thing_is_told_apart_from_more_where_a_language_does() -> None:
    told = {}
    for language in text.LANGUAGES:
        token = text.language.set(language)
        told[language] = [text.left(date(2026, 1, n), date(2026, 1, 3)) for n in (1, 2, 4, 5)]
        text.language.reset(token)
    assert told["en"] == ["2 days overdue", "1 day overdue", "1 day left", "2 days left"]
    assert told["zh_CN"] == ["逾期 2 天", "逾期 1 天", "还剩 1 天", "还剩 2 天"]
