"""Who is concerned in an entry: whoever had a part in it, or whom its voices keep from it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, literal, or_

from core.events import Event
from core.words import MeasureStatus, SignedStage
from db.kept import among, kept
from db.questions.signatures import SOMEBODY, named
from db.scoping import each, kin_of
from db.tables import audit_entries, evidence, holdings, items_, measures_, people_, progress, risks_
from db.tables.vouching import signatures

Person = ColumnElement[str] | str


def _there(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """That there is a row; entry, measure and person are those of the question around it, however deep it stands."""
    return each(*conditions).correlate(risks_, measures_, SOMEBODY, _KIN)


_KIN = people_.alias("kin")


@kept
def concerned(person: Person) -> ColumnElement[bool]:
    """That somebody or a relative of theirs had a part in a row of `risks`, or that its voices keep them from it."""
    relative = _there(_KIN.c.id.in_(kin_of(person).correlate(SOMEBODY)), _had_part(_KIN.c.id))
    return or_(_had_part(person), relative, named(person))


@kept
def _had_part(person: Person) -> ColumnElement[bool]:
    """That somebody had a part in a row of `risks`, now or before: closed it or signed for it, answers for it, holds
    the post, or carried out a measure or took it on."""
    columns = (risks_.c.owner_id, risks_.c.leader_id, risks_.c.closing_asked_by, risks_.c.closed_by)
    return or_(
        *[column.is_not_distinct_from(person) for column in columns], _holds(person), _carried_out(person),
        _signed(person), _answered(person),
    )  # fmt: skip


def _holds(person: Person) -> ColumnElement[bool]:
    items = items_.alias()
    return _there(
        items.c.id == risks_.c.item_id, holdings.c.post_id == items.c.post_id, holdings.c.person_id == person,
        holdings.c.until.is_(None),
    )  # fmt: skip


def _carried_out(person: Person) -> ColumnElement[bool]:
    doing = among(progress.c.status, (MeasureStatus.DOING, MeasureStatus.VERIFYING))
    said = _there(progress.c.measure_id == measures_.c.id, progress.c.said_by == person, doing)
    brought = _there(evidence.c.measure_id == measures_.c.id, evidence.c.added_by == person)
    once = _recorded(measures_.c.id, person, {Event.MEASURE_PLANNED: ("owner",), Event.CLAIM_PASSED: ("person",)})
    own = or_(measures_.c.owner_id == person, measures_.c.claimed_by == person, said, brought, once)
    return _there(measures_.c.risk_id == risks_.c.id, own)


def _signed(person: Person) -> ColumnElement[bool]:
    return _there(
        signatures.c.risk_id == risks_.c.id, signatures.c.replaced.is_(False),
        signatures.c.stage == SignedStage.CLOSING, signatures.c.signed_by == person,
    )  # fmt: skip


def _answered(person: Person) -> ColumnElement[bool]:
    return _recorded(risks_.c.id, person, {Event.RISK_ASSIGNED: ("owner", "leader")})


def _recorded(
    subject: ColumnElement[str], person: Person, parts: Mapping[Event, Sequence[str]]
) -> ColumnElement[bool]:
    """That the log says somebody once had one of these parts; facts are written in one way, without spaces."""
    whom = literal(person) if isinstance(person, str) else person
    told = [
        and_(among(audit_entries.c.event, (event,)),
             or_(*(audit_entries.c.facts.contains(literal(f'"{part}":"').concat(whom).concat('"')) for part in named)))
        for event, named in parts.items()
    ]  # fmt: skip
    return _there(audit_entries.c.subject == subject, or_(*told))
