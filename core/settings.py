"""Settings (运行设置): what whoever runs the site says by variables of the environment. They are read here alone,
but for the passphrase of backups, whose blanks count."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import Refused
from core.text import N_


def given(name: str, usual: str = "") -> str:
    """What a variable says, blanks round it left out; where it says nothing, what is usual."""
    return os.environ.get(name, "").strip() or usual


def number(name: str, usual: int, least: int = 1) -> int:
    """A whole number, not below the least; `Refused` where it is none."""
    said = given(name, str(usual))
    if not said.isascii() or not said.isdigit() or int(said) < least:
        raise Refused(N_("The variable {name} must be a whole number from {least} on; it is “{said}”."),
                      name=name, least=least, said=said)  # fmt: skip
    return int(said)


def choice(name: str, *words: str) -> str:
    """One of some words, or nothing; `Refused` where it is another."""
    said = given(name)
    if said and said not in words:
        raise Refused(N_("The variable {name} may be empty or {words}; it is “{said}”."),
                      name=name, words=", ".join(words), said=said)  # fmt: skip
    return said


@contextmanager
def legible() -> Iterator[None]:
    """A server whose settings cannot be read does not start, and says why in one sentence."""
    try:
        yield
    except Refused as refusal:
        sys.exit(str(refusal))
