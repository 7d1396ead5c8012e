"""Refusals: expected outcomes that a person is told about in one sentence."""

from pydantic import ValidationError

from core.text import N_, _


class Refused(Exception):
    """A deed that was not done, with the sentence that says why."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message, self.facts = message, facts

    def __str__(self) -> str:
        return _(self.message, **self.facts)


class Denied(Refused):
    """The actor may not do this."""

    def __init__(self, message: str = N_("You do not have the right to do this."), **facts: object) -> None:
        super().__init__(message, **facts)


class Missing(Refused):
    """It does not exist, or lies outside what the actor may see: the two are told alike on purpose."""

    def __init__(self, message: str = N_("This was not found, or is outside your area."), **facts: object) -> None:
        super().__init__(message, **facts)


class Stale(Refused):
    """Somebody else was quicker, or the matter has moved on."""

    def __init__(
        self, message: str = N_("This has changed in the meantime. Please look at it again."), **facts: object
    ) -> None:
        super().__init__(message, **facts)


class Expired(Refused):
    """Nobody is signed in any more."""

    def __init__(self, message: str = N_("Your sign-in has ended. Please sign in again.")) -> None:
        super().__init__(message)


class Invalid(Refused):
    """Something typed cannot be taken; `fields` has one sentence for each field."""

    def __init__(self, **fields: str) -> None:
        super().__init__(N_("Please mend the places marked below."))
        self.fields = fields


class Damaged(Refused):
    """Something in the database is nothing the program could have written."""

    def __init__(self) -> None:
        super().__init__(
            N_("A record of this page was changed outside the program and cannot be read. Other pages still work. "
               "Please tell the system administrator: “python -m db verify” says which one it is.")
        )  # fmt: skip


class Unavailable(Exception):
    """The database cannot be asked or takes nothing in at the moment; `passes` when that is likely to pass by itself.

    Whether a deed that broke off at its very end was done is not known; done once more it is not done twice.
    """

    AFTER = 30
    """Seconds after which one may try again."""

    def __init__(self, *, passes: bool) -> None:
        super().__init__("the database does not answer" if passes else "the database takes nothing in")
        self.passes = passes

    @property
    def sentence(self) -> str:
        if self.passes:
            return _("The database does not answer at the moment. Please try again in a minute; nothing is done twice.")
        return _("Nothing can be kept at the moment, because the database takes nothing in. Please try again later, and tell the system administrator.")  # fmt: skip  # noqa: E501


_EMPTY = N_("Please fill this in.")
_SENTENCES = {
    "missing": _EMPTY,
    "string_too_short": N_("Please write at least {min_length} characters."),
    "string_too_long": N_("Please keep to {max_length} characters."),
    "too_short": N_("Please choose at least {min_length}."),
    "too_long": N_("Please choose at most {max_length}."),
    "enum": N_("Please choose one of the options."),
    "literal_error": N_("Please choose one of the options."),
    "int_parsing": N_("Please enter a number."),
    "greater_than_equal": N_("Please enter {ge} or more."),
    "less_than_equal": N_("Please enter {le} or less."),
    "date_from_datetime_parsing": N_("Please enter a date."),
    "date_parsing": N_("Please enter a date."),
    "string_pattern_mismatch": N_("This does not have the expected form."),
}


def explain(error: ValidationError) -> dict[str, str]:
    """One sentence for each field that a pydantic model refused."""
    found: dict[str, str] = {}
    for problem in error.errors():
        name = str(problem["loc"][0]) if problem["loc"] else ""
        context = problem.get("ctx") or {}
        if problem["type"] == "value_error":
            sentence = str(context["error"])
        elif problem["type"] == "string_too_short" and context["min_length"] == 1:
            sentence = _(_EMPTY)
        else:
            message = _SENTENCES.get(problem["type"], N_("Please check this."))
            sentence = _(message, **context) if "{" in message else _(message)
        found.setdefault(name, sentence)
    return found
