"""Questions about signatures: which stand, and which no longer hold."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    literal,
    literal_column,
    or_,
    select,
    union,
    union_all,
)

from core.access import Scope
from core.entries.rating import Assessment
from core.entries.risks import Risk
from core.entries.signed import Signature
from core.prevention.measures import Progress
from core.words import MeasureStatus, RiskStatus, SignedStage
from db.kept import among, fixed, kept, worded
from db.keyset import some
from db.scoping import Asking, each, kin_of, others, within
from db.tables import (
    assessments,
    audit_entries,
    evidence,
    holdings,
    items_,
    links,
    measures_,
    people_,
    progress,
    recusals,
    risks_,
)
from db.tables.log_tables import claim_passed
from db.tables.vouching import signatures

SOMEBODY = people_.alias("somebody")
"""Whom a question of several people asks about, however deep it stands in it."""
_STAGE = case((risks_.c.status == RiskStatus.CLOSED, SignedStage.CLOSING.value), else_=SignedStage.RATING.value)
"""What has to be signed of a row of `risks`, by `core.entries.signed.wanted`."""


def lapsed(today: date) -> ColumnElement[bool]:
    """That what was signed of a row of `risks` no longer holds: something was changed, or its time is over."""
    return and_(_MEANT, exists().where(signatures.c.risk_id == risks_.c.id, signatures.c.stage == _STAGE, _over(today)))


_MEANT = ~among(risks_.c.status, (RiskStatus.UNRATED, RiskStatus.ARCHIVED))
"""That something in a row of `risks` has to be signed."""


def _over(today: date) -> ColumnElement[bool]:
    """That a row of `signatures` is the last of its kind and no longer holds."""
    over = or_(signatures.c.stale_on.is_not(None), signatures.c.expires_on < fixed(today))
    return and_(signatures.c.replaced.is_(False), over)


def lapsing(scope: Scope, person_id: str, stage: SignedStage, today: date) -> list[ColumnElement[bool]]:
    """That somebody may sign a row of `risks` again at a stage, and it is to be."""
    return [lapsed(today), *_may_sign(scope, person_id, stage)]


def _may_sign(scope: Scope, person_id: str, stage: SignedStage) -> list[ColumnElement[bool]]:
    """That somebody may sign a row of `risks` at a stage."""
    closing = among(risks_.c.status, (RiskStatus.CLOSED,))
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
    return risks_.c.id.not_in(select(_answered_for(person_id).c.id))


@kept
def _answered_for(person_id: str) -> CTE:
    """The entries that somebody does not judge; looked up once, from the person, however often a statement asks."""
    held = holdings.join(items_, items_.c.post_id == holdings.c.post_id).join(risks_, risks_.c.item_id == items_.c.id)
    return union_all(
        select(risks_.c.id).where(risks_.c.owner_id.in_(_family(person_id))),
        select(risks_.c.id).select_from(held)
        .where(holdings.c.person_id.in_(_family(person_id)), holdings.c.until.is_(None)),
        _named_in(person_id),
    ).cte()  # fmt: skip


def _family(person_id: str) -> Select[tuple[str]]:
    """Somebody and the relatives from whose matters they are kept."""
    return select(people_.c.id).where(people_.c.id.in_(union(select(literal(person_id)), kin_of(person_id))))


@kept
def may_verify(person_id: str) -> ColumnElement[bool]:
    """That somebody may say whether a row of `measures` was carried out: neither they nor a relative ever had a hand in
    it, and they may judge its entry; the rule of `core.prevention.measures.check_verdict`."""
    return and_(
        measures_.c.status == MeasureStatus.VERIFYING, others(measures_.c.owner_id, person_id),
        others(measures_.c.claimed_by, person_id), *[measures_.c.id.not_in(part) for part in _hands_in(person_id)],
        measures_.c.risk_id.not_in(select(_answered_for(person_id).c.id)),
    )  # fmt: skip


def _hands_in(person_id: str) -> list[Select[tuple[str]]]:
    """The measures on which somebody or a relative ever reported, for which they brought evidence, or which they had
    taken on before; looked up once, from the person."""
    family = _family(person_id)
    doing = among(progress.c.status, (MeasureStatus.DOING, MeasureStatus.VERIFYING))
    told = audit_entries.c.facts.contains(literal('"person":"').concat(people_.c.id).concat('"'))
    return [
        select(progress.c.measure_id).where(progress.c.said_by.in_(family), doing),
        select(evidence.c.measure_id).where(evidence.c.added_by.in_(family)),
        select(audit_entries.c.subject).where(claim_passed, exists(family.where(told)).correlate(audit_entries)),
    ]


@kept
def named(person: ColumnElement[str] | str | None) -> ColumnElement[bool]:
    """That somebody is named in a voice of a row of `risks`; of one person it is looked up once, not by entry."""
    if not isinstance(person, ColumnElement):
        return risks_.c.id.in_(_named_in(person))
    here = links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), recusals.c.flag_id == links.c.flag_id
    return each(*here, recusals.c.person_id == person).correlate(risks_, SOMEBODY)


def signatures_waiting(scope: Scope, person_id: str, stage: SignedStage, today: date) -> Select[int]:
    """Entries that somebody is to sign again at a stage: what was signed last does not fit any more, or is over."""
    here = select(signatures.c.risk_id).where(
        within(signatures.c.unit_id, scope), among(signatures.c.stage, (stage,)),
        signatures.c.replaced.is_(literal_column("FALSE")),  # as the indexes of these say it; SQLite knows them by that
    )
    stale, late = signatures.c.stale_on.is_not(None), signatures.c.expires_on < fixed(today)
    rows = union_all(here.where(stale), here.where(~stale, late)).subquery()
    mine = each(risks_.c.id == rows.c.risk_id, _MEANT, *_may_sign(scope, person_id, stage))
    return some(select(rows.c.risk_id).where(mine))


def _named_in(person: str | None) -> Select[tuple[str]]:
    """The entries in a voice of which somebody is named."""
    voiced = links.join(recusals, recusals.c.flag_id == links.c.flag_id)
    of_them = select(links.c.risk_id).select_from(voiced).where(links.c.undone_at.is_(None))
    return of_them.where(recusals.c.person_id == person)


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
