"""Words a person reads: the catalogue, and cleaning of what a person typed."""

import gettext
import re
import unicodedata
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Self

LANGUAGES = ("zh_CN", "en")
language: ContextVar[str] = ContextVar("language", default="zh_CN")

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_DIRECTING = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_SIGN = re.compile("[\ufffe\uffff]")
_FENCE = re.compile(r"([\\`*_{}\[\]<>#$|~:])")


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation("qingyuan", Path(__file__).parent / "locale", [code], fallback=code == "en")


def _(message: str, **facts: object) -> str:
    """The message in the reader's language, its {facts} filled in and shown as people write them."""
    text = _catalogue(language.get()).gettext(message) if message else ""
    return text.format(**{name: shown(fact) for name, fact in facts.items()}) if facts else text


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    return message


def page_number(text: str) -> int:
    """The page that an address asks for, from 1 to 99,999; the first one for whatever else stands there."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1


class Term(StrEnum):
    """A stored code with the word shown for it."""

    word: str

    def __new__(cls, code: str, word: str = "") -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.word = word
        return member

    @property
    def label(self) -> str:
        return _(self.word)


class Number(int):
    """A number that chooses the word after it: {n:day|days}."""

    def __format__(self, spec: str) -> str:
        one, either, more = spec.partition("|")
        return (one if self == 1 else more) if either else super().__format__(spec)


def shown(fact: object) -> object:
    if type(fact) is int:
        return Number(fact)
    if isinstance(fact, Term):
        return fact.label
    if isinstance(fact, datetime):
        return fact.strftime("%Y-%m-%d %H:%M")
    if isinstance(fact, date):
        return day(fact)
    return fact


def day(value: date) -> str:
    """A date as people say it, the year always with it."""
    return _("{year}-{month:02d}-{day:02d}").format(year=value.year, month=value.month, day=value.day)


def around_days(text: str) -> list[str]:
    """A text in pieces, every second one of them a day as people say it."""
    return re.split(_days(_("{year}-{month:02d}-{day:02d}")), text)


@cache
def _days(said: str) -> re.Pattern[str]:
    return re.compile("(" + r"\d+".join(re.escape(between) for between in re.split(r"\{.*?\}", said)) + ")")


def left(due: date, today: date) -> str:
    """How far a due date is away, in calendar days."""
    days = (due - today).days
    if days == 0:
        return _("today")
    return _("{n} {n:day|days} left", n=days) if days > 0 else _("{n} {n:day|days} overdue", n=-days)


def clean(typed: str) -> str:
    """What was typed without invisible and direction marks, in one Unicode form, outer blanks trimmed.

    The joiners that hold emoji and some scripts together stay; comparing (`folded`) leaves them out.
    """
    plain = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return _DIRECTING.sub("", plain).strip()


def printable(text: str) -> str:
    """Text for a paper: cleaned, and without the two signs that are none and that no file takes."""
    return clean(_NO_SIGN.sub("", text))


def folded(text: str) -> str:
    """The text as it is compared: full-width folded to half-width, lower case, no white space."""
    seen = text if text.isprintable() else _INVISIBLE.sub("", text)  # what is invisible cannot be printed
    return "".join(unicodedata.normalize("NFKC", seen).casefold().split())


def by_name(name: str) -> tuple[bool, list[tuple[bool, int, bytes]]]:
    """The place of a name in a list as people make it: words by their sound where the national code knows it, numbers
    in digits or in Chinese by what they count, 2 before 10; no name comes last."""
    runs = groupby(unicodedata.normalize("NFKC", name), lambda sign: unicodedata.numeric(sign, -1) < 0)
    return not name, [_run(is_word, "".join(signs)) for is_word, signs in runs]


def _run(is_word: bool, run: str) -> tuple[bool, int, bytes]:
    if is_word:
        return True, 0, run.encode("gb18030", "replace")
    whole = digits = 0
    for sign in run:
        value = int(unicodedata.numeric(sign))
        if value < 10:
            digits = 10 * digits + value
        else:
            whole, digits = whole + max(digits, 1) * value, 0
    return False, whole + digits, b""


def literal(text: str) -> str:
    """Text safe inside Markdown: what a person typed never becomes markup, a link or a picture."""
    return _FENCE.sub(r"\\\1", text)
