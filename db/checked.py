"""Questions of the consistency checks: the facts of several communities at once, in as many statements for one as for
twenty, and what was set aside."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from core import dates
from core.access import Scope
from core.checked import (
    AgainFact,
    Checked,
    ClockFact,
    DecisionFact,
    EntryFact,
    ItemFact,
    LookFact,
    MeasureFact,
    PageFact,
    RatingFact,
    RoundFact,
    SignedFact,
    SubjectFact,
    VoiceFact,
)
from core.consistency import AsideRow
from core.events import Event
from core.recusal import NAMED
from core.words import DecisionStep, FlagStatus, Level, RiskStatus, Role, Source
from db.check_tables import set_asides
from db.checked_people import People
from db.holder_tables import clocks_
from db.openly import decision_steps, decisions_, subjects_
from db.round_tables import rounds_
from db.scoping import Asking, heard, not_held, within
from db.tables import (
    assessments,
    assignments,
    audit_entries,
    evidence,
    flags_,
    items_,
    links,
    measures_,
    people_,
    publications,
    recusals,
    risks_,
    units_,
)
from db.vouching import second_looks, signatures

T = TypeVar("T")
_ACTING = (Role.CADRE, Role.WATCHDOG, Role.SUPERVISOR)
"""Who may act for a unit that holds an entry."""
_UNHEARD = (FlagStatus.REFERRED, FlagStatus.DECLINED)


class Checking(Asking):
    """What the checks look at, and what was set aside."""

    def checked(
        self, scope: Scope, raw: Scope, kin: Scope, unit_ids: Sequence[str], only: str | None = None
    ) -> list[Checked]:
        query = select(units_.c.id, units_.c.name, units_.c.path).where(
            units_.c.id.in_(unit_ids), within(units_.c.id, scope)
        )
        here = {row.id: (row.name, row.path) for row in self.session.execute(query)}
        if not here:
            return []
        facts = _Facts(self.session, here, scope, raw, kin)
        if only:
            facts.narrow(only)
        return facts.told([one for one in unit_ids if one in here])

    def set_aside_rows(self, scope: Scope, unit_ids: Sequence[str]) -> list[AsideRow]:
        query = (
            select(set_asides, people_.c.name)
            .join(people_, people_.c.id == set_asides.c.set_by)
            .where(set_asides.c.unit_id.in_(unit_ids), within(set_asides.c.unit_id, scope),
                   set_asides.c.ended_on.is_(None))
            .order_by(set_asides.c.set_on, set_asides.c.id)
        )  # fmt: skip
        return [
            AsideRow(r.id, r.unit_id, r.key, r.reason, r.until, r.name, r.set_on) for r in self.session.execute(query)
        ]


Rows = defaultdict[str, list[T]]
"""Facts by community."""


class _Facts(People):
    """The facts of several communities; `here` says their name and path by id."""

    def __init__(
        self, session: Session, here: dict[str, tuple[str, str]], scope: Scope, raw: Scope, kin: Scope
    ) -> None:
        self.session, self._here, self._scope, self._raw, self._kin = session, here, scope, raw, kin
        self._ids = list(here)
        self._kept = and_(risks_.c.unit_id.in_(self._ids), risks_.c.status != RiskStatus.ARCHIVED)

    def narrow(self, risk_id: str) -> None:
        """Look at one entry only, and at those it is held against."""
        self._kept = and_(self._kept, risks_.c.id.in_(self.beside(risk_id, self._ids)))

    def told(self, unit_ids: Sequence[str]) -> list[Checked]:
        entries, measures, ratings, signed = self._entries(), self._measures(), self._ratings(), self._signed()
        voices, again, named, clocks = self._voices(), self._again(), self._named(), self._clocks()
        looks, pages, items, subjects = self._looks(), self._pages(), self._items(), self._subjects()
        decisions, rounds, related = self._decisions(), self._rounds(), self.related(self._kin)
        around = self.people_at({unit_id: path for unit_id, (_name, path) in self._here.items()})
        return [
            Checked(
                one, self._here[one][0], tuple(entries[one]), tuple(measures[one]), tuple(ratings[one]),
                tuple(signed[one]), tuple(voices[one]), tuple(again[one]), frozenset(named[one]), related,
                tuple(clocks[one]), tuple(looks[one]), tuple(pages[one]), tuple(items[one]), around[one].holding,
                tuple(subjects[one]), tuple(decisions[one]), tuple(rounds[one]), around[one].people, around[one].known,
            )
            for one in unit_ids
        ]  # fmt: skip

    def _by_unit(self, query: Select[Any], made: Callable[[Row[Any]], T]) -> Rows[T]:
        found: Rows[T] = defaultdict(list)
        for row in self.session.execute(query):
            found[row.unit_id].append(made(row))
        return found

    def _entries(self) -> Rows[EntryFact]:
        described = (
            select(risks_.c.id, func.max(audit_entries.c.at))
            .join(audit_entries, audit_entries.c.subject == risks_.c.id)
            .where(self._kept, audit_entries.c.event == Event.RISK_DESCRIBED)
            .group_by(risks_.c.id)
        )
        last = {risk_id: at for risk_id, at in self.session.execute(described)}
        query = select(risks_).where(self._kept).order_by(risks_.c.number)
        return self._by_unit(query, lambda r: _entry(r, last.get(r.id)))

    def _measures(self) -> Rows[MeasureFact]:
        shown = (
            select(evidence.c.measure_id, evidence.c.sha256)
            .join(measures_, measures_.c.id == evidence.c.measure_id)
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .where(self._kept)
            .order_by(evidence.c.sha256)
        )
        files: Rows[str] = defaultdict(list)
        for measure_id, sha256 in self.session.execute(shown):
            files[measure_id].append(sha256)
        query = select(measures_).join(risks_, risks_.c.id == measures_.c.risk_id).where(self._kept)
        return self._by_unit(
            query.order_by(measures_.c.due_on, measures_.c.id),
            lambda r: MeasureFact(
                r.id, r.risk_id, r.text, r.measure_type, r.owner_id, r.watchdog_id, r.claimed_by, r.due_on, r.indicator,
                r.status, r.percent, r.verified_by, tuple(files[r.id]),
            ),
        )  # fmt: skip

    def _ratings(self) -> Rows[RatingFact]:
        query = select(assessments).join(risks_, risks_.c.id == assessments.c.risk_id).where(self._kept)
        newest = {
            (r.risk_id, r.stage): r
            for r in self.session.execute(query.order_by(assessments.c.rated_at, assessments.c.id))
        }
        found: Rows[RatingFact] = defaultdict(list)
        for r in newest.values():
            fact = RatingFact(r.risk_id, r.stage, r.computed, r.level, r.reason, r.rated_by, r.rated_at)
            found[r.unit_id].append(fact)
        return found

    def _signed(self) -> Rows[SignedFact]:
        query = select(signatures).join(risks_, risks_.c.id == signatures.c.risk_id)
        query = query.where(self._kept, signatures.c.replaced.is_(False)).order_by(signatures.c.id)
        return self._by_unit(query, lambda r: _signature(r, r.snapshot))

    def _voices(self) -> Rows[VoiceFact]:
        """Voices; which power item a resident spoke about only for who reads their words."""
        others = [not_held(item_id, self._raw.viewer) for item_id in (flags_.c.item_id, risks_.c.item_id)]
        readable = or_(flags_.c.source != Source.RESIDENT, and_(within(flags_.c.unit_id, self._raw), *others))
        query = (
            select(links.c.risk_id, links.c.unit_id, links.c.linked_at, flags_.c.id, flags_.c.source,
                   case((readable, flags_.c.item_id)).label("item_id"), flags_.c.level)
            .join(flags_, flags_.c.id == links.c.flag_id)
            .join(risks_, risks_.c.id == links.c.risk_id)
            .where(self._kept, links.c.undone_at.is_(None), heard(self._scope))
            .order_by(links.c.linked_at, links.c.id)
        )  # fmt: skip
        return self._by_unit(
            query, lambda r: VoiceFact(r.risk_id, r.id, r.source, r.item_id, r.level, r.linked_at)
        )

    def _again(self) -> Rows[AgainFact]:
        query = (
            select(risks_.c.unit_id, risks_.c.id, flags_.c.id.label("flag_id"), flags_.c.raised_on)
            .join(flags_, and_(flags_.c.item_id == risks_.c.item_id, flags_.c.unit_id == risks_.c.unit_id))
            .where(self._kept, risks_.c.status == RiskStatus.CLOSED, flags_.c.source == Source.RESIDENT,
                   flags_.c.raised_on > risks_.c.closed_on, flags_.c.status.not_in(_UNHEARD), heard(self._raw),
                   within(flags_.c.unit_id, self._raw), not_held(risks_.c.item_id, self._raw.viewer))
            .order_by(flags_.c.raised_on, flags_.c.id)
        )  # fmt: skip
        return self._by_unit(query, lambda r: AgainFact(r.id, r.flag_id, r.raised_on))

    def _named(self) -> Rows[tuple[str, str]]:
        away = recusals.alias()  # `heard` asks for recusals of its own
        query = (
            select(risks_.c.unit_id, risks_.c.id, away.c.person_id)
            .join(links, and_(links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None)))
            .join(flags_, flags_.c.id == links.c.flag_id)
            .join(away, away.c.flag_id == flags_.c.id)
            .where(self._kept, away.c.reason == NAMED, heard(self._raw), within(risks_.c.unit_id, self._raw),
                   not_held(risks_.c.item_id, self._raw.viewer))
        )  # fmt: skip
        return self._by_unit(query, lambda r: (r.id, r.person_id))

    def _clocks(self) -> Rows[ClockFact]:
        staffed = exists().where(
            assignments.c.unit_id == clocks_.c.holder_id, assignments.c.role.in_(_ACTING),
            people_.c.id == assignments.c.person_id, people_.c.left_on.is_(None),
        )  # fmt: skip
        query = (
            select(clocks_, units_.c.name, and_(staffed, units_.c.closed_on.is_(None)).label("staffed"))
            .join(risks_, risks_.c.id == clocks_.c.risk_id)
            .join(units_, units_.c.id == clocks_.c.holder_id)
            .where(self._kept, clocks_.c.ended_on.is_(None))
        )
        return self._by_unit(
            query, lambda r: ClockFact(r.risk_id, r.holder_id, r.name, r.due_on, bool(r.staffed))
        )

    def _looks(self) -> Rows[LookFact]:
        query = select(second_looks).join(risks_, risks_.c.id == second_looks.c.risk_id)
        query = query.where(self._kept, second_looks.c.result.is_not(None)).order_by(second_looks.c.n)
        return self._by_unit(query, lambda r: LookFact(r.id, r.risk_id, r.result, r.looked_by, r.looked_on))

    def _pages(self) -> Rows[PageFact]:
        query = select(publications).join(risks_, risks_.c.id == publications.c.id).where(self._kept)
        return self._by_unit(
            query.order_by(publications.c.number),
            lambda r: PageFact(
                r.id, r.item, r.wording, r.level, r.status, tuple(measure["text"] for measure in r.measures)
            ),
        )

    def _items(self) -> Rows[ItemFact]:
        query = select(items_).where(items_.c.unit_id.in_(self._ids)).order_by(items_.c.name, items_.c.id)
        return self._by_unit(
            query,
            lambda r: ItemFact(r.id, r.name, r.dimension, r.post_id, r.major, r.retired, r.disclosure_class),
        )

    def _subjects(self) -> Rows[SubjectFact]:
        query = select(subjects_).where(subjects_.c.unit_id.in_(self._ids), subjects_.c.retired_on.is_(None))
        return self._by_unit(
            query.order_by(subjects_.c.name, subjects_.c.id), lambda r: SubjectFact(r.id, r.name, r.item_id)
        )

    def _decisions(self) -> Rows[DecisionFact]:
        taken = select(decision_steps).where(decision_steps.c.unit_id.in_(self._ids))
        steps: defaultdict[str, dict[DecisionStep, date | None]] = defaultdict(dict)
        for row in self.session.execute(taken):
            steps[row.decision_id][row.step] = row.held_on
        query = select(decisions_).where(decisions_.c.unit_id.in_(self._ids))
        return self._by_unit(
            query.order_by(decisions_.c.opened_on, decisions_.c.id),
            lambda r: DecisionFact(r.id, r.title, r.item_id, steps[r.id]),
        )

    def _rounds(self) -> Rows[RoundFact]:
        """Rounds that are not closed, at the communities and the units above them."""
        above = {path[: n + 1] for _name, path in self._here.values() for n, sign in enumerate(path) if sign == "/"}
        query = select(rounds_, units_.c.path).join(units_, units_.c.id == rounds_.c.unit_id)
        rows = self.session.execute(
            query.where(rounds_.c.closed_on.is_(None), units_.c.path.in_(above)).order_by(rounds_.c.ends_on)
        ).all()
        found: Rows[RoundFact] = defaultdict(list)
        for unit_id, (_name, path) in self._here.items():
            found[unit_id] = [RoundFact(r.id, r.title, r.ends_on) for r in rows if path.startswith(r.path)]
        return found


def _entry(r: Row[Any], described: str | None) -> EntryFact:
    return EntryFact(
        r.id, r.number, r.title, r.status, r.level, r.expected_level, r.verified_level, r.dimension, r.item_id,
        r.owner_id, r.leader_id, r.watchdog_id, r.disclosure_class, r.wording, r.announced_on, r.filed_on,
        r.closed_on, r.closed_by, dates.today(datetime.fromisoformat(described)) if described else None,
    )  # fmt: skip


def _signature(r: Row[Any], snapshot: dict[str, Any]) -> SignedFact:
    level, expected = (Level(snapshot[name]) if snapshot[name] else None for name in ("level", "expected"))
    return SignedFact(r.risk_id, r.stage, snapshot["title"], snapshot["item"], level, expected)


