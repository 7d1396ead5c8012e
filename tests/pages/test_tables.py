"""Tables as HTML: what people typed stays words, and a day stays in one piece."""

import pytest
from streamlit.testing.v1 import AppTest


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
