"""Bulk work (批量办理): one deed on many entries or measures, first as a preview and then for each that is still so.

Each row is a deed of its own, by the very use case that a single one is done with, in a transaction of its own: what is
refused, or changed since the preview, is told and holds up no other; nobody waits while many are done; and whatever
stops it half way leaves whole deeds. Each has its own line in the log, and all of them one id in common (`together`).

Not offered for many: rating, signing, closing, verifying, second looks, reopening and filing without disclosure. Each
of them is a judgement of one matter, by two persons or with a signature or reason of its own.
"""

from collections import ChainMap
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission as P
from core.entries import escalation, risks
from core.entries.entry import Fitting, fitting
from core.entries.register import Filter
from core.entries.risks import Notice, Risk
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.insight import yearly
from core.orders import Reason
from core.organisation.units import new_id
from core.prevention import rearranging, tasks
from core.prevention.measures import Measure
from core.prevention.rearranging import Rearranging
from core.store import Work
from core.text import N_, Term, _, day
from core.turning import START, Turn
from core.words import DisclosureClass, DisclosureWhen, MeasureStatus, RiskStatus

MOST = 100
"""Rows that are worked on at once."""


class Deed(Term):
    """What can be done with many at once."""

    ASSIGN = "assign", N_("Name the people")
    ANNOUNCE = "announce", N_("Put on public notice")
    FILE = "file", N_("File")
    CONTROL = "control", N_("Put under control")
    RAISE_UP = "raise_up", N_("Raise it to the level above")
    REARRANGE = "rearrange", N_("Another day or people")


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)


class Plain(_Order):
    """A deed that needs no more to be said."""


class Naming(_Order):
    """Who answers, who leads, who watches; what is not given stays as it is."""

    owner_id: str | None = Field(None, title=N_("Owner"))
    leader_id: str | None = Field(None, title=N_("Leader in charge"))
    watchdog_id: str | None = Field(None, title=N_("Who watches"))


class Publishing(_Order):
    """How it is disclosed; the wording is each entry's own."""

    disclosure_class: DisclosureClass = Field(DisclosureClass.AFFAIRS, title=N_("Disclosure"))
    disclosure_when: DisclosureWhen = Field(DisclosureWhen.NOTICE_7_DAYS, title=N_("When disclosed"))


@dataclass(frozen=True)
class Planned:
    """What a deed would do with one row, or why not. `mark` tells later whether the row is still as it was."""

    id: str
    risk_id: str
    number: int
    title: str
    unit: str
    before: str
    after: str
    refused: str
    mark: str


@dataclass(frozen=True)
class Way:
    """How a deed is done with one thing: its right, its form, its check, what it would change, and the use case."""

    kind: type[Any]
    permission: P
    form: type[BaseModel]
    check: Callable[[Work, Any, Any], object]
    change: Callable[[Work, Any, Any], tuple[str, str]]
    act: Callable[[Work, Any, Any], object]


def _merged(risk: Risk, form: Naming) -> tuple[str | None, str | None, str | None]:
    return form.owner_id or risk.owner_id, form.leader_id or risk.leader_id, form.watchdog_id or risk.watchdog_id


def _check_naming(work: Work, risk: Risk, form: Naming) -> None:
    risks.check_change(work, risk)
    risks.check_people(work, risk, *_merged(risk, form))
    if _merged(risk, form) == (risk.owner_id, risk.leader_id, risk.watchdog_id):
        raise Refused(N_("Nothing would change."))


def _named(work: Work, people: Sequence[str | None]) -> str:
    return " / ".join(work.store.name_of(person_id) or "—" for person_id in people)


def _notice(risk: Risk, form: Publishing) -> Notice:
    return Notice(
        wording=risk.wording or risk.title, disclosure_class=form.disclosure_class, disclosure_when=form.disclosure_when
    )


def _check_announce(work: Work, risk: Risk, form: Publishing) -> None:
    risks.check_announce(work, risk)
    risks.check_notice(work, risk, _notice(risk, form))


def _check_file(work: Work, risk: Risk, _form: Plain) -> None:
    """Only what was on public notice: why something is not disclosed is said for each entry."""
    if risk.status is RiskStatus.RATED:
        raise Refused(N_("This was on no public notice. It is filed on its own page, with the reason."))
    risks.check_filing(work, risk)


def _file(work: Work, risk: Risk, _form: Plain) -> None:
    risks.file(work, risk.id)


def _moved(after: RiskStatus) -> Callable[[Work, Risk, Any], tuple[str, str]]:
    return lambda _work, risk, _form: (risk.status.label, after.label)


def _wording(_work: Work, risk: Risk, form: Publishing) -> tuple[str, str]:
    return risk.status.label, _("{status}: “{words}”", status=RiskStatus.ANNOUNCED, words=_notice(risk, form).wording)


def _holder(work: Work, risk: Risk, _form: Reason) -> tuple[str, str]:
    clock = work.store.running_clock(risk.id)
    above = escalation.check_raise(work, risk)
    return work.store.register_of(clock.holder_id).name if clock else "", above.name


def _check_rearrange(work: Work, measure: Measure, form: Rearranging) -> None:
    rearranging.check_rearranging(work, measure)
    rearranging.check_rearranged(work, measure, form)


def _arranged(work: Work, measure: Measure, form: Rearranging) -> tuple[str, str]:
    now = measure.due_on, measure.owner_id, measure.watchdog_id
    then = form.due_on or now[0], form.owner_id or now[1], form.watchdog_id or now[2]
    name = work.store.name_of
    before, after = (f"{day(due)} · {name(owner)} · {name(watchdog)}" for due, owner, watchdog in (now, then))
    return before, after


WAYS: dict[Deed, Way] = {
    Deed.ASSIGN: Way(
        Risk, P.RISK_ASSIGN, Naming, _check_naming,
        lambda work, risk, form: (
            _named(work, (risk.owner_id, risk.leader_id, risk.watchdog_id)), _named(work, _merged(risk, form)),
        ),
        lambda work, risk, form: risks.assign(work, risk.id, *_merged(risk, form)),
    ),
    Deed.ANNOUNCE: Way(
        Risk, P.RISK_ANNOUNCE, Publishing, _check_announce, _wording,
        lambda work, risk, form: risks.announce(work, risk.id, _notice(risk, form)),
    ),
    Deed.FILE: Way(Risk, P.RISK_FILE, Plain, _check_file, _moved(RiskStatus.FILED), _file),
    Deed.CONTROL: Way(
        Risk, P.RISK_CONTROL, Plain, lambda work, risk, _form: risks.check_control(work, risk),
        _moved(RiskStatus.CONTROLLED), lambda work, risk, _form: risks.control(work, risk.id),
    ),
    Deed.RAISE_UP: Way(
        Risk, P.RISK_ESCALATE, Reason, lambda work, risk, _form: escalation.check_raise(work, risk), _holder,
        lambda work, risk, form: escalation.raise_up(work, risk.id, form.reason),
    ),
    Deed.REARRANGE: Way(
        Measure, P.MEASURE_PLAN, Rearranging, _check_rearrange, _arranged,
        lambda work, measure, form: rearranging.rearrange(work, measure.id, form),
    ),
}  # fmt: skip


def deeds(work: Work, kind: type[Any]) -> list[Deed]:
    """What the actor may do with many entries, or with many measures, anywhere."""
    work.actor.require(P.REGISTER_READ)
    return [deed for deed, way in WAYS.items() if way.kind is kind and work.actor.may(way.permission)]


def of_filter(work: Work, wanted: Filter) -> list[str]:
    """The entries of a whole filter, whatever the page; `Refused` where they are too many for one deed."""
    work.actor.require(P.REGISTER_READ)
    found: list[str] = []
    turn: Turn | None = START
    while turn is not None:
        page = yearly.register(work, replace(wanted, turn=turn))
        check_count(page.total)
        found += [row.id for row in page.rows]
        turn = page.turned.onward
    return found


def measures_of_filter(
    work: Work, statuses: Collection[MeasureStatus] | None, overdue: bool, about: tasks.About | None = None
) -> list[str]:
    """The measures of a whole list, whatever the page; `Refused` where they are too many for one deed."""
    work.actor.require(P.REGISTER_READ)
    found: list[str] = []
    turn: Turn | None = START
    while turn is not None:
        page = tasks.listed(work, statuses, overdue, turn, about)
        check_count(page.total)
        found += [row.id for row in page]
        turn = page.turned.onward
    return found


def check_count(count: int) -> None:
    """Refuse more rows than can be looked over at once."""
    if count > MOST:
        raise Refused(N_("At most {most} at once, and these are {n}. Please narrow the filter."), most=MOST, n=count)


def preview(work: Work, deed: Deed, ids: Sequence[str], form: BaseModel) -> list[Planned]:
    """What a deed would do with each row the actor may see, and what is refused, in the words of the single deed."""
    scope = work.actor.require(P.REGISTER_READ)
    check_count(len(ids))
    way = WAYS[deed]
    things = [thing for key in dict.fromkeys(ids) if (thing := work.store.seen(way.kind, key, scope)) is not None]
    return [_planned(work, way, thing, form) for thing in things]


def _planned(work: Work, way: Way, thing: Any, form: BaseModel) -> Planned:
    risk = thing if isinstance(thing, Risk) else work.store.one(Risk, thing.risk_id, work.actor.scope(P.REGISTER_READ))
    unit, before, after, refused = work.store.register_of(thing.unit_id), "", "", ""
    try:
        if not work.actor.scope(way.permission).covers(unit.path):
            raise Denied
        way.check(work, thing, form)
        before, after = way.change(work, thing, form)
    except Refused as refusal:
        refused = sentence(refusal)
    title = risk.title if thing is risk else thing.text
    return Planned(thing.id, risk.id, risk.number, title, unit.name, before, after, refused, mark(thing))


def sentence(refusal: Refused) -> str:
    """Why something is refused, as one sentence."""
    return " ".join(refusal.fields.values()) if isinstance(refusal, Invalid) else str(refusal)


def mark(thing: Any) -> str:
    """A short hash of all that a thing is, by which one sees later whether it is still the same."""
    return sha256(repr(astuple(thing)).encode()).hexdigest()[:16]


def carry_out(work: Work, deed: Deed, row: Planned, form: BaseModel, together: str) -> None:
    """Do a deed with one row of a preview, if it is still as it was there; `together` is what all rows share."""
    scope = work.actor.require(WAYS[deed].permission)
    way = WAYS[deed]
    thing = work.store.seen(way.kind, row.id, scope)
    if thing is None:
        raise Missing
    if mark(thing) != row.mark:
        raise Stale
    work.together = together
    way.check(work, thing, form)
    way.act(work, thing, form)


def begun() -> str:
    """The id that the deeds of one bulk have in common in the log."""
    return new_id()


def people(work: Work, kind: type[Any], ids: Sequence[str]) -> Fitting:
    """Who could be named at the communities of what was chosen; the preview tells where somebody does not fit."""
    scope = work.actor.require(P.REGISTER_READ)
    of_units: dict[str, str] = {}
    for key in ids[:MOST]:
        if (thing := work.store.seen(kind, key, scope)) is not None:
            of_units.setdefault(thing.unit_id, thing.id if isinstance(thing, Risk) else thing.risk_id)
    found = [fitting(work, risk_id) for risk_id in of_units.values()]
    doers, checkers = ChainMap(*(one.doers for one in found)), ChainMap(*(one.checkers for one in found))
    return Fitting(dict(doers), dict(checkers))
