"""Charts as pictures: they can be opened, and their Chinese is words and not boxes."""

import io

import altair as alt
import pandas as pd
import pytest
from PIL import Image, ImageChops

from core.errors import Refused
from core.formats import fonts
from pages.ui import pictures

NOWHERE = "\U000e0f00"
"""A place in Unicode where no font has a letter."""


def _word(letters: str) -> alt.Chart:
    return alt.Chart(pd.DataFrame({"n": [1]})).mark_text(text=letters, fontSize=40).properties(width=120, height=60)


def _opened(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        return picture.convert("L")


def _differ(one: Image.Image, other: Image.Image) -> bool:
    return one.size != other.size or ImageChops.difference(one, other).getbbox() is not None


def test_chinese_letters_and_the_shapes_of_levels_are_drawn_and_no_boxes() -> None:
    drawn = [_opened(pictures.png(_word(letter))) for letter in "榕树廉政▲◆●"]
    missing = _opened(pictures.png(_word(NOWHERE)))
    blank = _opened(pictures.png(_word(" ")))
    for n, picture in enumerate(drawn):
        assert _differ(picture, missing)
        assert _differ(picture, blank)
        assert all(_differ(picture, other) for other in drawn[n + 1 :])


def test_a_picture_has_twice_the_dots_of_its_drawing_and_heading_and_lines_take_room() -> None:
    bare = _opened(pictures.png(_word("榕")))
    whole = _opened(pictures.png(_word("榕"), "风险点集中在哪里", ["共3项。", "来源：廉政风险点台账"]))
    assert bare.width >= 2 * 120
    assert whole.height > bare.height + 2 * 40


def test_without_a_chinese_font_one_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_folders", lambda: iter(()))
    fonts._found.cache_clear()
    pictures._family.cache_clear()
    try:
        with pytest.raises(Refused, match="没有中文字体"):
            pictures.png(_word("榕"))
    finally:
        monkeypatch.undo()
        fonts._found.cache_clear()
        pictures._family.cache_clear()


def test_the_font_found_is_a_file_whose_face_has_that_name() -> None:
    from PIL import ImageFont

    font = fonts.chinese()
    assert ImageFont.truetype(str(font.file), 12, index=font.index).getname()[0] == font.family
