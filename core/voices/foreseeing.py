"""What is found out about words before they are taken, so that nothing is locked while they are looked at."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.access import Permission
from core.alike.hints import Hint
from core.alike.pieces import Said
from core.privacy.personal import masked
from core.review.danger import is_urgent
from core.review.suggesting import Likely, look_for
from core.store import Work
from core.voices.doorstep import Threshold

if TYPE_CHECKING:
    from core.voices.flags import ResidentFlag


@dataclass(frozen=True)
class Foreseen:
    """The entries words are likely to belong to, whether they sound like danger, and the end of the first review of
    what is said on a day."""

    likely: Likely
    urgent: bool
    day: date
    due_on: date


def foreseen(work: Work, step: Threshold, draft: "ResidentFlag", hint: Hint | None = None) -> Foreseen:
    """What can be found out about words before they are taken; `hint` is that of the text, where it is known. For the
    program alone: its answer is shown to nobody."""
    work.actor.require(Permission.FLAG_SPEAK)
    place = draft.place_id or step.place_id
    about = place if place != step.community_id else None
    said = Said("", masked(draft.text), "", draft.item_id, about, work.today.toordinal())
    return uncompared(step, draft, hint, work.today, look_for(work, step.community_id, said))


def uncompared(
    step: Threshold, draft: "ResidentFlag", hint: Hint | None, today: date, likely: Likely = ()
) -> Foreseen:
    """The same of words that nothing was compared with, or with what they are `likely` to belong to."""
    return Foreseen(likely, is_urgent(draft.text, hint), today, step.answer_by)
