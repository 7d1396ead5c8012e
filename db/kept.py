"""Parts of questions that are built once: what stands in a statement depends on who asks and where, and a page says the
same of them many times. Kept is the wording of a question, never an answer."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

MOST = 1024
"""Wordings kept of each part, some kilobytes each; one person on one page needs one or two."""


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """A part of a question that depends on nothing but what it is given."""
    return cast(Callable[P, T], lru_cache(maxsize=MOST)(build))
