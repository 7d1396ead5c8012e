"""Whom a common risk concerns: the communities that get its point, and those that have it handled already."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from core.access import Permission, Scope
from core.entries.register import RegisterRow
from core.errors import Invalid
from core.lifecycle import ENDED
from core.orders import reasoned
from core.review.recurrence import members_of
from core.review.runs import Group
from core.store import Work
from core.text import N_, Term, _
from core.voices.points import PointForm, raise_point
from core.words import Source


class Handled(Term):
    """Why a community does not get the point."""

    ASKED = "asked", N_("this point has been raised there already")
    RAISED = "raised", N_("a superior's point is in its entry already")
    OVER = "over", N_("its entry is over")


@dataclass(frozen=True)
class Concern:
    """A community with its entries of the common risk; `handled` says why it is left out."""

    unit_id: str
    unit: str
    entries: tuple[RegisterRow, ...]
    handled: Handled | None


class CommonForm(PointForm):
    """One point for all communities that a common risk concerns, and why it goes to them."""

    reason: str = Field(title=N_("Why it goes to all of them"), min_length=2, max_length=300)


def concerned(work: Work, group_id: str) -> tuple[Concern, ...]:
    """The communities of a common risk by name, as they stand today."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    return _concerned(work, scope, group_id)


def _concerned(work: Work, scope: Scope, group_id: str) -> tuple[Concern, ...]:
    group = work.store.one(Group, group_id, scope)
    asked = work.store.asked_with(scope, group.id)
    by_unit: dict[str, list[RegisterRow]] = {}
    for entry in members_of(work, scope, group):
        by_unit.setdefault(entry.unit_id, []).append(entry)
    return tuple(
        Concern(unit_id, entries[0].unit, tuple(entries), _handled(entries, asked=unit_id in asked))
        for unit_id, entries in by_unit.items()
    )


def _handled(entries: Sequence[RegisterRow], *, asked: bool) -> Handled | None:
    if asked:
        return Handled.ASKED
    if any(Source.SUPERIOR in entry.sources for entry in entries):
        return Handled.RAISED
    return Handled.OVER if all(entry.status in ENDED for entry in entries) else None


def raise_common(work: Work, group_id: str, form: CommonForm) -> str:
    """Raise one point with every chosen community at once, each with its own clock; who has the risk handled by then is
    refused, or left out of a whole area, so that nobody is asked twice."""
    scope = work.actor.require(Permission.FLAG_RAISE)
    left_out = {one.unit_id: one for one in _concerned(work, scope, group_id) if one.handled}
    if told := [_("{unit}: {why}", unit=left_out[u].unit, why=left_out[u].handled) for u in form.unit_ids
                if u in left_out]:  # fmt: skip
        raise Invalid(unit_ids="；".join(told))
    meant = [row.id for row in work.store.communities_in(scope, form.unit_ids) if row.id not in left_out]
    plain = PointForm.model_validate(form.model_dump(exclude={"reason"}) | {"unit_ids": meant or form.unit_ids})
    return raise_point(work, plain, group_id=group_id, reason=reasoned(form.reason))
