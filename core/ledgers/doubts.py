"""Doubts (程序疑点): what the steps of a decision suggest, told to people who may raise it; nothing raises itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.text import N_, Term, _
from core.words import DecisionStep

if TYPE_CHECKING:
    from core.organisation.calendar import Calendar

PUBLISH_WITHIN = 5
"""Working days after the residents' representatives resolved within which the resolution is made public: a working
rule, as places set it."""
MEETINGS = (DecisionStep.DISCUSSED, DecisionStep.REVIEWED, DecisionStep.RESOLVED)
"""Steps at which people are counted."""
PUBLISHED = (DecisionStep.RESOLUTION_PUBLISHED, DecisionStep.RESULT_PUBLISHED)
"""Steps the public board may show."""


class Doubt(Term):
    SKIPPED = "skipped", N_("A step was skipped")
    LATE = "late", N_("The resolution was made public late")
    UNRESOLVED = "unresolved", N_("The result was made public before anything was resolved")


class Taken(Protocol):
    """What is read of one step."""

    @property
    def held_on(self) -> date | None: ...
    @property
    def skipped(self) -> bool: ...
    @property
    def expected(self) -> int | None: ...
    @property
    def present(self) -> int | None: ...
    @property
    def agreed(self) -> int | None: ...


Steps = Mapping[DecisionStep, Taken]


@dataclass(frozen=True)
class Suspicion:
    """A doubt: `code` names it, `sentence` says what is seen, `draft` is what a flag on it may begin with."""

    kind: Doubt
    code: str
    sentence: str
    draft: str


def suspicions(title: str, steps: Steps, today: date, calendar: "Calendar") -> list[Suspicion]:
    """What a process risk may lie in: skipped steps, a resolution published late, a result before its resolution."""
    found = [_skipped(title, step) for step in DecisionStep if (taken := steps.get(step)) and taken.skipped]
    resolved, shown = _day(steps, DecisionStep.RESOLVED), _day(steps, DecisionStep.RESOLUTION_PUBLISHED)
    if resolved and not _is_skipped(steps, DecisionStep.RESOLUTION_PUBLISHED):
        limit = calendar.after(resolved, PUBLISH_WITHIN)
        if (shown or today) > limit:
            found.append(_late(title, limit, shown))
    result = _day(steps, DecisionStep.RESULT_PUBLISHED)
    if result and (resolved is None or result < resolved):
        seen = _("The result was made public on {day}, before the residents' representatives had resolved on it.", day=result)  # fmt: skip  # noqa: E501
        draft = _("“{title}”: the result was made public before the residents' representatives had resolved on it, so the resolution may be a formality.", title=title)  # fmt: skip  # noqa: E501
        found.append(Suspicion(Doubt.UNRESOLVED, Doubt.UNRESOLVED.value, seen, draft))
    return found


def _skipped(title: str, step: DecisionStep) -> Suspicion:
    seen = _("The step “{step}” was skipped.", step=step)
    draft = _("“{title}”: the step “{step}” was skipped, so the decision may be made without those who have to consent.", title=title, step=step)  # fmt: skip  # noqa: E501
    return Suspicion(Doubt.SKIPPED, f"{Doubt.SKIPPED}:{step}", seen, draft)


def _late(title: str, limit: date, shown: date | None) -> Suspicion:
    if shown:
        seen = _("The resolution was made public on {day}; the working rule was by {limit}.", day=shown, limit=limit)
    else:
        seen = _("The resolution has not been made public; the working rule was by {limit}.", limit=limit)
    draft = _("“{title}”: the resolution is not made public in time, so residents learn of it when nothing can be changed any more.", title=title)  # fmt: skip  # noqa: E501
    return Suspicion(Doubt.LATE, Doubt.LATE.value, seen, draft)


def remarks(steps: Steps) -> list[str]:
    """Kind remarks on dates out of order and on meetings below their quorum; they hinder nothing."""
    days = {step: _day(steps, step) for step in DecisionStep}
    early, told = {later.step: later for later in disordered(days)}, []
    for step in DecisionStep:
        if found := early.get(step):
            told.append(_("“{step}” ({day}) lies before “{other}” ({before}). Please look whether both days are right.", step=step, day=found.held_on, other=found.other, before=found.before))  # fmt: skip  # noqa: E501
        if step in steps and (hint := quorum_hint(step, steps[step])):
            told.append(hint)
    return told


@dataclass(frozen=True)
class Early:
    """A step held before one that comes before it."""

    step: DecisionStep
    held_on: date
    other: DecisionStep
    before: date


def disordered(days: Mapping[DecisionStep, date | None]) -> list[Early]:
    """The steps whose day lies before that of the last step held before them, by the days of those held."""
    found: list[Early] = []
    last: tuple[DecisionStep, date] | None = None
    for step in DecisionStep:
        held_on = days.get(step)
        if held_on and last and held_on < last[1]:
            found.append(Early(step, held_on, *last))
        if held_on:
            last = (step, held_on)
    return found


def quorum_hint(step: DecisionStep, taken: Taken) -> str:
    """What the counts of a meeting suggest: two thirds there and more than half of them agreed, as the Organic Law of
    Villagers' Committees (article 26) has it and communities follow; empty where nothing is to be said."""
    if step not in (DecisionStep.REVIEWED, DecisionStep.RESOLVED) or taken.present is None:
        return ""
    if taken.expected and 3 * taken.present < 2 * taken.expected:
        return _("“{step}”: {present} of {expected} were there, fewer than two thirds. Some rules ask for two thirds.", step=step, present=taken.present, expected=taken.expected)  # fmt: skip  # noqa: E501
    if taken.agreed is not None and 2 * taken.agreed <= taken.present:
        return _("“{step}”: {agreed} of {present} agreed, not more than half.", step=step, agreed=taken.agreed, present=taken.present)  # fmt: skip  # noqa: E501
    return ""


def _day(steps: Steps, step: DecisionStep) -> date | None:
    return steps[step].held_on if step in steps else None


def _is_skipped(steps: Steps, step: DecisionStep) -> bool:
    return step in steps and steps[step].skipped
