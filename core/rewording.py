"""Rewording (修改公示表述): what the public reads of an entry said otherwise, because it names somebody or is wrong.

The board shows the new words at once; the words before stay in the history of the entry, which offices read, and are
told by no log. The seven days of the notice go on and a filing stays, for the matter is the same. A signature holds as
well: it is given for what the entry says and how it is rated, not for how that is put to the public (core.signed).
"""

from pydantic import Field

from core.access import Permission
from core.board import notice
from core.errors import Invalid, Refused
from core.events import Event
from core.orders import Reason, reasoned
from core.risks import Risk, load, not_own
from core.store import Work
from core.text import N_, _, clean
from core.wording import without_people
from core.words import RiskStatus


class Rewording(Reason):
    """New words for the public, and why."""

    wording: str = Field(title=N_("Public wording"), min_length=4, max_length=300, json_schema_extra={"long": True})


def check_rewording(work: Work, risk: Risk) -> None:
    """Refuse it where nothing stands on the board, or to whoever answers for the entry. What is closed still stands
    there and can be put right."""
    if risk.announced_on is None or not risk.wording or risk.status is RiskStatus.ARCHIVED:
        raise Refused(N_("Nothing of this entry stands on the public board."))
    not_own(work, risk)


def reword(work: Work, risk_id: str, form: Rewording) -> None:
    """Say otherwise what the public reads of an entry, in words without people."""
    scope = work.actor.require(Permission.RISK_ANNOUNCE)
    risk = load(work, risk_id, scope)
    check_rewording(work, risk)
    wording = clean(form.wording)
    if wording == risk.wording:
        raise Invalid(wording=_("Nothing would change."))
    without_people(work, risk.unit_id, wording=wording, reason=form.reason)
    risk.wording = wording
    notice(work, risk)
    work.record(Event.RISK_REWORDED, risk.id, chain=risk.unit_id, reason=reasoned(form.reason))
