"""The small forms of deeds on an entry and its measures."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.errors import Invalid
from core.text import N_, _, clean


class Order(BaseModel):
    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)


class Assigning(Order):
    """Who answers for an entry, who leads, who watches."""

    owner_id: str | None = Field(None, title=N_("Owner"))
    leader_id: str | None = Field(None, title=N_("Leader in charge"))
    watchdog_id: str | None = Field(None, title=N_("Who watches"))


Why = Annotated[
    str, Field(title=N_("Reason"), min_length=2, max_length=500, json_schema_extra={"long": True})
]
"""The reason for what a form says, which stands below it: fields are drawn in their order."""


class Reason(Order):
    """Why something is sent back or opened again."""

    reason: Why


def reasoned(reason: str) -> str:
    """A reason as it is kept; `Invalid` where there is none."""
    plain = clean(reason)
    if len(plain) < 2:
        raise Invalid(reason=_("Please give a reason."))
    return plain[:500]


def not_ahead(today: date, **days: date) -> None:
    """Refuse days that have not come yet, each beside its field."""
    for field, day in days.items():
        if day > today:
            raise Invalid(**{field: _("This day has not come yet.")})


class Separation(Order):
    """Which voice is taken out of an entry, and why."""

    link_id: str = Field(title=N_("Which voice"), min_length=1)
    reason: Why


class ClosingNote(Order):
    """What was done, as the owner asks for the closing."""

    note: str = Field(title=N_("What was done"), min_length=2, max_length=1000, json_schema_extra={"long": True})


class Undisclosed(Order):
    """Why an entry is not disclosed."""

    secret_reason: str = Field(
        title=N_("Why this is not disclosed"), min_length=2, max_length=500, json_schema_extra={"long": True}
    )


class Stating(Order):
    """What a post-holder says of a rating."""

    text: str = Field(title=N_("Your statement"), min_length=2, max_length=1000, json_schema_extra={"long": True})


class Reporting(Order):
    """How far a measure has come."""

    percent: int = Field(0, ge=0, le=100, title=N_("Progress"))
    text: str = Field(title=N_("What was done"), min_length=2, max_length=1000, json_schema_extra={"long": True})


class Verdict(Order):
    """What was seen when a measure was looked at."""

    text: str = Field(title=N_("What you saw"), min_length=2, max_length=1000, json_schema_extra={"long": True})
