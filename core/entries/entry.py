"""One entry as it is read and worked on: its dossier, who fits which part in it, and its history in sentences."""

from dataclasses import dataclass
from datetime import date, datetime

from core import dates
from core.access import Permission
from core.entries.risks import CHECKERS, DOERS, Notice, check_announce, check_notice, load
from core.events import Event
from core.review.merging import voices
from core.rows import AuditRow
from core.store import Work
from core.text import _, clean, day
from core.voices.flags import note_reading
from core.words import (
    Dimension,
    DisclosureClass,
    DisclosureWhen,
    Level,
    RatingStage,
    ResolveLevel,
    ReviewResult,
    RiskStatus,
    RiskType,
    SignedStage,
    Source,
)


@dataclass(frozen=True)
class EntryRow:
    """An entry with the names of its unit, power item, post and people."""

    id: str
    unit_id: str
    unit: str
    number: int
    title: str
    manifestation: str
    item_id: str | None
    item: str
    post: str
    holders: tuple[str, ...]
    dimension: Dimension
    risk_type: RiskType
    opened_on: date
    status: RiskStatus
    level: Level | None
    expected_level: Level | None
    verified_level: Level | None
    owner_id: str | None
    owner: str
    leader_id: str | None
    leader: str
    watchdog_id: str | None
    watchdog: str
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen | None
    secret_reason: str
    wording: str
    announced_on: date | None
    filed_on: date | None
    closing_asked_by: str
    closing_note: str
    closed_on: date | None
    closed_by: str
    resolve_level: ResolveLevel | None


@dataclass(frozen=True)
class EvidenceRow:
    """A file of evidence without its content."""

    id: str
    name: str
    media_type: str
    size: int
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class Fitting:
    """Who can answer for an entry or carry out its measures, and who can watch: id → name with posts or unit."""

    doers: dict[str, str]
    checkers: dict[str, str]


@dataclass(frozen=True)
class HistoryLine:
    """One deed in the life of an entry."""

    day: date
    who: str
    what: str


@dataclass(frozen=True)
class PublicCard:
    """What the public would read of an entry; `measures` are text and day."""

    unit: str
    item: str
    wording: str
    level: Level | None
    measures: tuple[tuple[str, date], ...]


def entry(work: Work, risk_id: str) -> EntryRow:
    """An entry the actor may see."""
    scope = work.actor.require(Permission.REGISTER_READ)
    return work.store.entry_row(scope, risk_id)


def fitting(work: Work, risk_id: str) -> Fitting:
    """Who fits which part in an entry; holders of the power item's post and their relatives
    cannot watch."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    own = work.store.barred(risk.item_id, risk.unit_id)
    doers = work.store.holders(scope, risk.unit_id, sorted(DOERS))
    checkers = work.store.holders(scope, risk.unit_id, sorted(CHECKERS))
    return Fitting(
        {p.id: _("{name} · {post}", name=p.name, post="、".join(p.posts)) if p.posts else p.name for p in doers},
        {p.id: _("{name} · {post}", name=p.name, post=p.unit) for p in checkers if p.id not in own},
    )


def preview(work: Work, risk_id: str, form: Notice) -> PublicCard:
    """The public card of an entry as a notice would make it; refused where the notice would be."""
    scope = work.actor.require(Permission.RISK_ANNOUNCE)
    risk = load(work, risk_id, scope)
    check_announce(work, risk)
    check_notice(work, risk, form)
    planned = tuple((m.text, m.due_on) for m in work.store.measures_of(risk.id))
    item, unit = work.store.item_name(risk.item_id), work.store.register_of(risk.unit_id).name
    return PublicCard(unit, item, clean(form.wording), risk.level, planned)


def hear(work: Work, risk_id: str) -> None:
    """Keep that the actor's role has read the residents' words in an entry, for the senders to see."""
    work.actor.require(Permission.FLAG_READ_RAW)
    for voice in voices(work, risk_id):
        if voice.source == Source.RESIDENT and voice.text is not None:
            note_reading(work, voice.flag_id)


def history(work: Work, risk_id: str) -> list[HistoryLine]:
    """What was done with an entry and its measures, the newest first, in sentences."""
    scope = work.actor.require(Permission.REGISTER_READ)
    risk = load(work, risk_id, scope)
    texts = {measure.id: measure.text for measure in work.store.measures_of(risk.id)}
    return [
        HistoryLine(dates.today(datetime.fromisoformat(row.at)), row.actor, _sentence(work, row, texts))
        for row in work.store.risk_history(scope, risk.id)
    ]


def _sentence(work: Work, row: AuditRow, texts: dict[str, str]) -> str:
    event = Event(row.event)
    head = _("{event}: “{measure}”", event=event, measure=texts[row.subject]) if row.subject in texts else event.label
    parts = _details(work, event, row.facts)
    return _("{head} ({details})", head=head, details="；".join(parts)) if parts else head


def _details(work: Work, event: Event, facts: dict[str, object]) -> list[str]:
    """What the log says of a deed, as words."""
    if event is Event.RISK_RATED:
        stage, level, computed = (
            RatingStage(str(facts["stage"])), Level(str(facts["level"])), Level(str(facts["computed"])),
        )  # fmt: skip
        said = _("{stage} level {level}", stage=stage, level=level)
        return [said] if level is computed else [said, _("the factors gave {level}", level=computed)]
    if event is Event.RISK_ASSIGNED:
        words = {"owner": _("Owner"), "leader": _("Leader in charge"), "watchdog": _("Watches")}
        named = {word: work.store.name_of(str(facts[key])) for key, word in words.items() if facts.get(key)}
        return [f"{word} {name}" for word, name in named.items()]
    if event is Event.MEASURE_PLANNED:
        due = day(date.fromisoformat(str(facts["due"])))
        return [_("Owner") + " " + work.store.name_of(str(facts["owner"])), _("by {day}", day=due)]
    if event is Event.MEASURE_REARRANGED:
        found = [str(facts["reason"])]
        if facts.get("due"):
            days = [day(date.fromisoformat(str(facts[key]))) for key in ("before", "due")]
            found.insert(0, _("{before} → {after}", before=days[0], after=days[1]))
        people = {"owner": _("Owner"), "watchdog": _("Verifier")}
        return found + [f"{word} {work.store.name_of(str(facts[key]))}" for key, word in people.items() if key in facts]
    if event is Event.RISK_STATED:
        return [_("Objection")] if facts.get("objection") else []
    if event is Event.LOOKED_AGAIN:
        left = [_("verified level {level}", level=Level(str(facts["level"])))] if facts.get("level") else []
        return [ReviewResult(str(facts["result"])).label, *left]
    if event is Event.RISK_SIGNED:
        return [SignedStage(str(facts["signed"])).label]
    if event is Event.RISK_FILED:
        return [_("Not disclosed")] if facts.get("undisclosed") else []
    if event is Event.MEASURE_REPORTED:
        return [f"{facts['percent']}%"]
    return [str(facts[key]) for key in ("reason", "file") if facts.get(key)]
