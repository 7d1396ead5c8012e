"""Deeds of people, done as their pages do them: each a use case in a unit of work of its own."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine

from core import dates, flags
from core.access import RESIDENT, Actor
from db.work import reading, work


def do(engine: Engine, who: Actor, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A deed, committed when this returns; refusals are raised."""
    with work(engine, who, dates.now()) as doing:
        return deed(doing, *args, **kwargs)


def ask(engine: Engine, who: Actor, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with reading(engine, who, dates.now()) as asked:
        return question(asked, *args, **kwargs)


def spoken(engine: Engine, code: str, said: str) -> str:
    """A resident speaks; the receipt code."""
    return str(do(engine, RESIDENT, flags.speak, code, flags.ResidentFlag(text=said)))
