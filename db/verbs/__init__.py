"""What an operator runs, `python -m db VERB`: each verb is a function with its help and arguments declared above it."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import Refused
from core.text import _
from db.engine import databases

Deed = Callable[..., int]


@dataclass(frozen=True)
class Argument:
    """One argument of a verb: its name, its help, and what argparse is told besides."""

    name: str
    help: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Verb:
    """What is done, in a word of help, and what it is given; `deed` gives the exit code."""

    help: str
    deed: Deed
    arguments: tuple[Argument, ...]


VERBS: dict[str, Verb] = {}
"""Every verb there is, filled by the modules of this package in the order in which db.__main__ names them."""


def argument(name: str, help_: str, **options: Any) -> Argument:
    return Argument(name, help_, options)


def switch(name: str, help_: str) -> Argument:
    """An argument that is there or not."""
    return Argument(name, help_, {"action": "store_true"})


def verb(name: str, help_: str, *arguments: Argument) -> Callable[[Deed], Deed]:
    """Make a function a verb."""

    def declared(deed: Deed) -> Deed:
        VERBS[name] = Verb(help_, deed, arguments)
        return deed

    return declared


def main(arguments: Sequence[str]) -> int:
    """Run one verb and give the exit code: 0 done, 1 refused or not in order, 2 not understood."""
    parser = argparse.ArgumentParser(prog="python -m db")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, known in VERBS.items():
        own = verbs.add_parser(name, help=_(known.help))
        for one in known.arguments:
            own.add_argument(one.name, help=_(one.help), **one.options)
    chosen = vars(parser.parse_args(arguments))
    try:
        return VERBS[chosen.pop("verb")].deed(**chosen)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    finally:
        databases.close()
