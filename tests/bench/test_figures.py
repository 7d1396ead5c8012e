"""The bench of figures: what a page asks for and what one statement says by hand are the same, on both servers."""

import pytest
from sqlalchemy import Engine

from bench import figures
from core import dates
from db.made.making import make

pytestmark = pytest.mark.costly


def test_figures_are_what_hand_written_sql_says(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    make(engine, [60, 40, 50], seed=5, now=dates.now(), password="made for looking at")
    assert figures.bench(engine, tries=1), capsys.readouterr().out
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(figures.FIGURES) + 1
    assert not any("NOT EQUAL" in line for line in lines)
