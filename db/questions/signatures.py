"""Questions about signatures: which stand, and which no longer hold."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, exists, or_, select

from core.access import Scope
from core.entries.rating import Assessment
from core.entries.risks import Risk
from core.entries.signed import Signature
from core.prevention.measures import Progress
from core.words import MeasureStatus, RiskStatus, SignedStage
from db.kept import among, kept, worded
from db.keyset import some
from db.scoping import Asking, before, each, not_held, others, within
from db.tables import assessments, assignments, links, people_, progress, recusals, risks_
from db.tables.vouching import signatures

_STAGE = case((risks_.c.status == RiskStatus.CLOSED, SignedStage.CLOSING.value), else_=SignedStage.RATING.value)
"""What has to be signed of a row of `risks`, by `core.entries.signed.wanted`."""


def lapsed(today: date) -> ColumnElement[bool]:
    """That what was signed of a row of `risks` no longer holds: something was changed, or its time is over."""
    return and_(_MEANT, exists().where(signatures.c.risk_id == risks_.c.id, signatures.c.stage == _STAGE, _over(today)))


_MEANT = ~among(risks_.c.status, (RiskStatus.UNRATED, RiskStatus.ARCHIVED))
"""That something in a row of `risks` has to be signed."""


def _over(today: date) -> ColumnElement[bool]:
    """That a row of `signatures` is the last of its kind and no longer holds."""
    over = or_(signatures.c.stale_on.is_not(None), signatures.c.expires_on < today)
    return and_(signatures.c.replaced.is_(False), over)


def lapsing(scope: Scope, person_id: str, stage: SignedStage, today: date) -> list[ColumnElement[bool]]:
    """That somebody may sign a row of `risks` again at a stage, and it is to be."""
    return [lapsed(today), *_may_sign(scope, person_id, stage)]


def _may_sign(scope: Scope, person_id: str, stage: SignedStage) -> list[ColumnElement[bool]]:
    """That somebody may sign a row of `risks` at a stage."""
    closing = risks_.c.status == RiskStatus.CLOSED
    here = [within(risks_.c.unit_id, scope), may_judge(person_id)]
    if stage is not SignedStage.CLOSING:
        return [*here, ~closing]
    return [*here, closing, may_close(person_id)]


def may_close(person_id: str) -> ColumnElement[bool]:
    """That somebody neither leads a row of `risks` nor asked for its closing, which takes another one."""
    return and_(others(risks_.c.leader_id, person_id), others(risks_.c.closing_asked_by, person_id))


def may_judge(person_id: str) -> ColumnElement[bool]:
    """That neither somebody nor a relative answers for a row of `risks`, by owning it or by the post, and that nothing
    said in it keeps them away: the rule of `core.entries.risks.check_rater`."""
    return and_(
        others(risks_.c.owner_id, person_id), not_held(risks_.c.item_id, person_id), ~named(person_id)
    )


@kept
def named(person: ColumnElement[str] | str | None) -> ColumnElement[bool]:
    """That somebody is named in a voice of a row of `risks`; of one person it is looked up once, not by entry."""
    if not isinstance(person, ColumnElement):
        voiced = links.join(recusals, recusals.c.flag_id == links.c.flag_id)
        of_them = select(links.c.risk_id).select_from(voiced).where(links.c.undone_at.is_(None))
        return risks_.c.id.in_(of_them.where(recusals.c.person_id == person))
    here = links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), recusals.c.flag_id == links.c.flag_id
    return each(*here, recusals.c.person_id == person).correlate(risks_, assignments)


def _counting(scope: Scope, person_id: str, stage: SignedStage, today: date) -> Select[int]:
    here = within(signatures.c.unit_id, scope), signatures.c.stage == stage, _over(today)
    rows = before(select(signatures.c.risk_id).where(*here).distinct(), signatures.c.risk_id)
    mine = each(risks_.c.id == rows.c.risk_id, _MEANT, *_may_sign(scope, person_id, stage))
    return some(select(rows.c.risk_id).where(mine))


class Signatures(Asking):
    """Signatures as they are asked about."""

    def newest_ratings(self, risk_id: str) -> list[Assessment]:
        query = worded(
            lambda risk_id: select(Assessment).where(assessments.c.risk_id == risk_id)
            .order_by(assessments.c.rated_at, assessments.c.id),
            risk_id=risk_id,
        )  # fmt: skip
        found = self.session.scalars(*query)
        return list({one.stage: one for one in found}.values())

    def verdicts_on(self, measure_id: str) -> list[Progress]:
        given = among(progress.c.status, (MeasureStatus.VERIFIED, MeasureStatus.RETURNED))
        query = select(Progress).where(progress.c.measure_id == measure_id, given)
        return list(self.session.scalars(query.order_by(progress.c.said_at, progress.c.id)))

    def standing_signatures(self, risk_ids: Collection[str]) -> list[tuple[Signature, Risk]]:
        query = worded(
            lambda ids: select(Signature, Risk).join(Risk, risks_.c.id == signatures.c.risk_id)
            .where(signatures.c.risk_id.in_(ids), signatures.c.replaced.is_(False)).order_by(signatures.c.id),
            ids=sorted(risk_ids),
        )  # fmt: skip
        return [(signature, risk) for signature, risk in self.session.execute(*query)]

    def signatures_of(self, scope: Scope, risk_id: str) -> list[tuple[Signature, str]]:
        query = worded(
            lambda risk_id: select(Signature, people_.c.name)
            .join(people_, people_.c.id == signatures.c.signed_by)
            .where(signatures.c.risk_id == risk_id, within(signatures.c.unit_id, scope))
            .order_by(signatures.c.signed_at.desc(), signatures.c.id),
            risk_id=risk_id,
        )
        return [(signature, name) for signature, name in self.session.execute(*query)]

    def count_lapsed(self, scope: Scope, person_id: str, stage: SignedStage, today: date) -> int:
        query = worded(lambda: _counting(scope, person_id, stage, today))
        return self.session.scalar(*query) or 0
