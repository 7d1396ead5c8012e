"""Small signs used everywhere: level by shape, voices by letter, lamps with words, dates as people say them."""

import re
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from html import escape
from zlib import crc32

from core.consistency.checking import Severity
from core.text import N_, _, day, language
from core.words import Level, Source, WarningLevel
from pages.ui import workdays

SHAPES = {Level.HIGH: "▲", Level.MEDIUM: "◆", Level.LOW: "●"}
SQUARES = {Severity.WRONG: "■", Severity.GAP: "◧", Severity.ODD: "□"}
LETTERS = {Source.SELF: "自", Source.SUPERIOR: "上", Source.RESIDENT: "众"}
COLOURS = {Source.SELF: "#0f5c63", Source.SUPERIOR: "#6b3fa0", Source.RESIDENT: "#b3471d"}


def level_words(level: Level | None) -> str:
    """A level as plain text, for tables."""
    return f"{SHAPES[level]} {level.label}" if level else _("To be rated")


def level_mark(level: Level | None) -> str:
    """A level as HTML: shape, word and colour."""
    return _level_mark(level, language.get())


@cache
def _level_mark(level: Level | None, _language: str) -> str:
    """The same in a language: there are four."""
    return f"<span class='qy-level qy-{level.value if level else 'unrated'}'>{escape(level_words(level))}</span>"


def voices_mark(sources: Collection[str]) -> str:
    """Which voices are in an entry, as HTML: filled for each that spoke."""
    return _voices_mark(frozenset(sources), language.get())


@cache
def _voices_mark(sources: frozenset[str], _language: str) -> str:
    """The same in a language: of three sources there are eight sets."""
    return "".join(voice_mark(source, spoke=source in sources) for source in Source)


def voice_mark(source: str, *, spoke: bool = True) -> str:
    """One voice, as HTML: filled when it spoke."""
    return _voice_mark(Source(source), spoke, language.get())


@cache
def _voice_mark(voice: Source, spoke: bool, _language: str) -> str:
    """The same in a language; a list shows the same six marks again and again."""
    said = _("{voice}: spoke", voice=voice) if spoke else _("{voice}: silent", voice=voice)
    colour = f" qy-{voice.value}" if spoke else ""
    said = escape(said)
    return f"<span class='qy-voice{colour}' role='img' aria-label='{said}' title='{said}'>{LETTERS[voice]}</span>"


def due_words(due: date, today: date) -> str:
    """A limit in calendar days as people say it."""
    days = (due - today).days
    if days < 0:
        return _("{n} {n:day|days} overdue", n=-days)
    return _("due today") if days == 0 else _("{n} {n:day|days} left", n=days)


def limit(due: date, today: date) -> str:
    """A limit as one cell of a table: its lamp, and the day beside it or below."""
    return f"<span>{lamp(due, today, due_words(due, today))} <small>{day(due)}</small></span>"


def working_words(due: date, today: date) -> str:
    """A limit in working days as people say it."""
    return workdays_left(workdays.calendar().left(today, due))


def workdays_left(days: int) -> str:
    """How many working days are left, or were let pass."""
    if days < 0:
        return _("{n} working {n:day|days} overdue", n=-days)
    return _("due today") if days == 0 else _("{n} working {n:day|days} left", n=days)


def left_words(due: date, today: date, *, working: bool) -> str:
    """A limit as people say it, in working days or in days."""
    return working_words(due, today) if working else due_words(due, today)


def kept_words(due: date, done: date, *, working: bool) -> str:
    """When something was done, and by how much that was late."""
    late = -workdays.calendar().left(done, due) if working else (done - due).days
    told = _("done on {day}", day=done)
    if late <= 0:
        return told
    words = N_("{done}, {n} working {n:day|days} late") if working else N_("{done}, {n} {n:day|days} late")
    return _(words, done=told, n=late)


def lamp(due: date, today: date, words: str) -> str:
    """A lamp with words: yellow within 7 days, orange overdue by up to 15, red beyond; none while there is time."""
    days = (due - today).days
    text = f"<span title='{day(due)}'>{escape(words)}</span>"
    if days > 7:
        return f"<span class='qy-muted'>{text}</span>"
    colour = "yellow" if days >= 0 else "orange" if days >= -15 else "red"
    return f"<span class='qy-lamp qy-{colour}'>{text}</span>"


def warning_mark(colour: WarningLevel) -> str:
    """The lamp of a warning with its word: outlined, never in the filled colours of levels."""
    return f"<span class='qy-lamp qy-{colour.value}'>{escape(colour.label)}</span>"


def severity_words(severity: Severity) -> str:
    """How much a finding of a check weighs, as plain text: squares, full, half and empty."""
    return f"{SQUARES[severity]} {severity.label}"


def severity_mark(severity: Severity) -> str:
    """The same as HTML, in the colour of ink: neither a level nor a lamp."""
    return f"<span class='qy-severity'>{escape(severity_words(severity))}</span>"


def matter(flag_id: str) -> str:
    """What a matter without words in its list is called, six digits, so that people mean the same one: ids are drawn at
    random and tell nothing."""
    return _("no. {mark}", mark=f"{crc32(flag_id.encode()) % 1_000_000:06d}")


def words(text: str, shared: Sequence[str] = ()) -> str:
    """What a person said, as HTML with shared words marked; never as markup of its own."""
    runs = "|".join(re.escape(run) for run in sorted(shared, key=len, reverse=True) if run)
    pieces = re.split(f"({runs})", text) if runs else [text]
    safe = "".join(f"<mark>{escape(piece)}</mark>" if n % 2 else escape(piece) for n, piece in enumerate(pieces))
    return f"<div class='qy-words' dir='auto'>{safe}</div>"
