"""What whoever runs the site says by variables of the environment."""

import pytest

from core import settings
from core.errors import Refused

NAME = "QINGYUAN_REPLICAS"


def test_a_number_that_is_none_is_told_in_one_sentence_and_a_server_does_not_start_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for said, meant in (("", 7), ("  ", 7), (" 3 ", 3), ("1", 1)):
        monkeypatch.setenv(NAME, said)
        assert settings.number(NAME, 7) == meant
    for wrong in ("two", "0", "-1", "2.5", "²", "1e3"):
        monkeypatch.setenv(NAME, wrong)
        with pytest.raises(SystemExit, match=f"{NAME}.*“{wrong}”"), settings.legible():
            settings.number(NAME, 7)


def test_a_word_is_one_of_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for said in ("", "outside"):
        monkeypatch.setenv(NAME, said)
        assert settings.choice(NAME, "outside") == said
    monkeypatch.setenv(NAME, "Outside")
    with pytest.raises(Refused, match="Outside"):
        settings.choice(NAME, "outside")
