"""Drafts: what a signed-in person has typed and not yet sent, kept for them alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.access import Permission
from core.store import Work


@dataclass(eq=False)
class Draft:
    """The fields of one form as last typed; the date only, since the words may be a resident's."""

    person_id: str
    form: str
    fields: dict[str, object]
    saved_on: date


def save(work: Work, form: str, fields: Mapping[str, object]) -> None:
    """Keep what was typed into a form, in place of what was kept before."""
    work.actor.require(Permission.ACCOUNT_USE)
    work.store.put_draft(work.person_id, form, plain(fields), work.today)


def plain(fields: Mapping[str, object]) -> dict[str, object]:
    """Fields as they are kept: dates as ISO text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


def recall(work: Work, form: str) -> dict[str, object]:
    """What was typed into a form last time; empty when nothing is kept."""
    work.actor.require(Permission.ACCOUNT_USE)
    return work.store.draft(work.person_id, form)


def drop(work: Work, form: str) -> None:
    """Forget a draft: it has been sent."""
    work.actor.require(Permission.ACCOUNT_USE)
    work.store.drop_draft(work.person_id, form)
