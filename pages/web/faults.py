"""Faults of the program: noted under a number, without a word of what anybody typed."""

import logging
import secrets
import traceback

import streamlit as st

from core.errors import Unavailable
from core.text import _

_log = logging.getLogger("qingyuan")


def show(error: Exception) -> bool:
    """Tell the person at the screen one sentence in place of the error; what they typed stays where it is."""
    number = note(error)
    st.error(error.sentence if isinstance(error, Unavailable) else sentence(number))
    return True


def sentence(number: str) -> str:
    return _(
        "Something did not work here. It has been noted under number {number}. What you typed is still there; "
        "please try again, and tell the system administrator this number if it happens again.",
        number=number,
    )  # fmt: skip


def note(error: BaseException) -> str:
    """Write a fault to the log and give its number."""
    number = secrets.token_hex(3)
    _log.error("fault %s\n%s", number, bare(error))
    return number


def bare(error: BaseException) -> str:
    """Where an error came from, without its message, which may hold what a person typed."""
    parts: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(parts) < 5:
        steps = "".join(traceback.format_list(traceback.extract_tb(cause.__traceback__)))
        parts.append(f"{steps}{type(cause).__name__}")
        cause = cause.__cause__ or cause.__context__
    return "\nafter\n".join(parts)


class Bare(logging.Filter):
    """Takes the messages of errors out of what other people's code logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1]:
            record.exc_text, record.exc_info = bare(record.exc_info[1]), None
        return True


def keep_logs_bare() -> None:
    """No address of a visitor and no word of a resident in the server's log (domain rule 5.3)."""
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    for name in ("uvicorn.error", "streamlit.error_util"):
        log = logging.getLogger(name)
        if not any(isinstance(kept, Bare) for kept in log.filters):
            log.addFilter(Bare())
