"""Secrets kept as Argon2id hashes: passwords, and the part of a receipt code that opens it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_STRONG = PasswordHasher()
_RANDOM = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
"""For secrets of 80 random bits and more, which nobody can guess however fast they try (docs/decisions/0005)."""
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def _nobodys(like: PasswordHasher) -> str:
    """A digest no secret has: made up, so it costs nothing to make, and as much as any other to compare with."""
    cost = f"m={like.memory_cost},t={like.time_cost},p={like.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


_ABSENT, _ABSENT_RANDOM = _nobodys(_STRONG), _nobodys(_RANDOM)

_few = threading.BoundedSemaphore(4)
"""Each strong hash takes 64 MB: of many that are asked for at once only so many are made at a time."""

_is_cheap: ContextVar[bool] = ContextVar("is_cheap", default=False)


def hashed(secret: str) -> str:
    """The digest to keep of what a person chose; it carries its own parameters."""
    with _few:
        return (_CHEAP if _is_cheap.get() else _STRONG).hash(secret)


def hashed_random(secret: str) -> str:
    """The digest to keep of a secret that was drawn at random and has at least 80 bits."""
    return (_CHEAP if _is_cheap.get() else _RANDOM).hash(secret)


def matches(secret: str, digest: str | None) -> bool:
    """Whether a secret is the digest's; as slow where there is no digest."""
    return _verified(secret, digest, _ABSENT)


def matches_random(secret: str, digest: str | None) -> bool:
    """The same for a secret that was drawn at random."""
    return _verified(secret, digest, _ABSENT_RANDOM)


def _verified(secret: str, digest: str | None, absent: str) -> bool:
    try:
        with _few:
            return _STRONG.verify(digest or absent, secret) and bool(digest)
    except VerificationError:
        return False


@contextmanager
def cheaply() -> Iterator[None]:
    """Hashes that cost nothing, for random secrets that nobody is told."""
    before = _is_cheap.set(True)
    try:
        yield
    finally:
        _is_cheap.reset(before)
