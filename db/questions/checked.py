"""Questions of the consistency checks: the facts of several communities at once, in as many statements for one as for
twenty, and what was set aside."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Row, Select, and_, literal, select
from sqlalchemy.orm import Session

from core.access import Scope
from core.consistency.checked import (
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
from core.consistency.findings import AsideRow
from core.organisation.recusal import NAMED
from core.words import FlagStatus, RiskStatus, Source
from db.kept import among, worded
from db.questions.checked_parts import (
    ENTRIES,
    LISTED,
    LOOKED,
    PLANNED,
    RATED,
    SIGNED,
    away,
    entry,
    looked_at,
    page,
    parts_in,
    signature,
    telling,
)
from db.questions.checked_people import People
from db.scoping import Asking, heard, not_held, within
from db.tables import (
    assessments,
    evidence,
    flags_,
    items_,
    links,
    measures_,
    people_,
    risks_,
    units_,
)
from db.tables.check_tables import set_asides
from db.tables.openly import decision_steps, decisions_, subjects_
from db.tables.round_tables import rounds_
from db.tables.vouching import second_looks, signatures

T = TypeVar("T")
_UNHEARD = (FlagStatus.REFERRED, FlagStatus.DECLINED)


class Checking(Asking):
    """What the checks look at, and what was set aside."""

    def checked(
        self, scope: Scope, raw: Scope, kin: Scope, unit_ids: Sequence[str], only: str | None = None
    ) -> list[Checked]:
        query = worded(
            lambda units: select(units_.c.id, units_.c.name, units_.c.path).where(
                units_.c.id.in_(units), within(units_.c.id, scope)
            ),
            units=list(unit_ids),
        )
        here = {row.id: (row.name, row.path) for row in self.session.execute(*query)}
        if not here:
            return []
        facts = _Facts(self.session, here, scope, raw, kin)
        if only:
            facts.narrow(only)
        return facts.told([one for one in unit_ids if one in here])

    def has_entries(self, unit_ids: Sequence[str], many: int) -> bool:
        query = worded(
            lambda units: select(literal(1)).select_from(risks_).where(looked_at(units)).offset(many).limit(1),
            units=list(unit_ids),
        )
        return self.session.scalar(*query) is not None

    def set_aside_rows(self, scope: Scope, unit_ids: Sequence[str]) -> list[AsideRow]:
        query = worded(
            lambda units: select(set_asides, people_.c.name)
            .join(people_, people_.c.id == set_asides.c.set_by)
            .where(set_asides.c.unit_id.in_(units), within(set_asides.c.unit_id, scope),
                   set_asides.c.ended_on.is_(None))
            .order_by(set_asides.c.set_on, set_asides.c.id),
            units=list(unit_ids),
        )  # fmt: skip
        return [
            AsideRow(r.id, r.unit_id, r.key, r.reason, r.until, r.name, r.set_on) for r in self.session.execute(*query)
        ]


Rows = defaultdict[str, list[T]]
"""Facts by community."""


class _Facts(People):
    """The facts of several communities; `here` says their name and path by id."""

    def __init__(
        self, session: Session, here: dict[str, tuple[str, str]], scope: Scope, raw: Scope, kin: Scope
    ) -> None:
        self.session, self._here, self._scope, self._raw, self._kin = session, here, scope, raw, kin
        self._asked: dict[str, list[str]] = {"units": list(here)}

    def narrow(self, risk_id: str) -> None:
        """Look at one entry only, and at those it is held against."""
        self._asked["entries"] = sorted(self.beside(risk_id, list(self._here)))

    def told(self, unit_ids: Sequence[str]) -> list[Checked]:
        entries, pages, clocks = self._entries()
        measures, ratings, signed, looks = self._measures(), self._ratings(), self._signed(), self._looks()
        voices, again, named = self._voices(), self._again(), self._named()
        items, related = self._items(), self.related(self._kin)
        subjects, decisions, rounds = self._of_place()
        parts = {one: set(parts_in(entries[one], measures[one], ratings[one], looks[one])) for one in self._here}
        around = self.people_at({unit_id: path for unit_id, (_name, path) in self._here.items()}, parts)
        return [
            Checked(
                one, self._here[one][0], tuple(entries[one]), tuple(measures[one]), tuple(ratings[one]),
                tuple(signed[one]), tuple(voices[one]), tuple(again[one]), frozenset(named[one]), related,
                tuple(clocks[one]), tuple(looks[one]), tuple(pages[one]), tuple(items[one]), around[one].holding,
                tuple(subjects[one]), tuple(decisions[one]), tuple(rounds[one]), around[one].people, around[one].known,
            )
            for one in unit_ids
        ]  # fmt: skip

    def _rows(self, build: Callable[..., Select[Any]]) -> Iterable[Any]:
        return self.session.execute(*worded(build, **self._asked))

    def _by_unit(self, build: Callable[..., Select[Any]], made: Callable[[Row[Any]], T]) -> Rows[T]:
        found: Rows[T] = defaultdict(list)
        for row in self._rows(build):
            found[row.unit_id].append(made(row))
        return found

    def _entries(self) -> tuple[Rows[EntryFact], Rows[PageFact], Rows[ClockFact]]:
        """Entries, what the board shows of them, and their running clocks."""
        entries, pages, clocks = Rows[EntryFact](list), Rows[PageFact](list), Rows[ClockFact](list)
        for r in self._rows(lambda **of: ENTRIES.where(looked_at(**of)).order_by(risks_.c.number)):
            entries[r.unit_id].append(entry(r))
            if r.page is not None:
                pages[r.unit_id].append(page(r))
            if r.holder_id is not None:
                clocks[r.unit_id].append(ClockFact(r.id, r.holder_id, r.holder, r.due_on, bool(r.staffed)))
        return entries, pages, clocks

    def _measures(self) -> Rows[MeasureFact]:
        shown = self._rows(
            lambda **of: PLANNED
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .outerjoin(evidence, evidence.c.measure_id == measures_.c.id)
            .where(looked_at(**of)).order_by(measures_.c.due_on, measures_.c.id, evidence.c.sha256)
        )  # fmt: skip
        found: Rows[MeasureFact] = defaultdict(list)
        for _id, rows in groupby(shown, lambda r: r.id):
            r, *more = rows
            files = tuple(one.sha256 for one in (r, *more) if one.sha256 is not None)
            found[r.unit_id].append(MeasureFact(
                r.id, r.risk_id, r.text, r.measure_type, r.owner_id, r.watchdog_id, r.claimed_by, r.due_on, r.indicator,
                r.status, r.percent, r.verified_by, files,
            ))  # fmt: skip
        return found

    def _ratings(self) -> Rows[RatingFact]:
        rows = self._rows(
            lambda **of: RATED.join(risks_, risks_.c.id == assessments.c.risk_id).where(looked_at(**of))
            .order_by(assessments.c.rated_at, assessments.c.id)
        )  # fmt: skip
        newest = {(r.risk_id, r.stage): r for r in rows}
        found: Rows[RatingFact] = defaultdict(list)
        for r in newest.values():
            fact = RatingFact(r.risk_id, r.stage, r.computed, r.level, r.reason, r.rated_by, r.rated_at)
            found[r.unit_id].append(fact)
        return found

    def _signed(self) -> Rows[SignedFact]:
        return self._by_unit(
            lambda **of: SIGNED.join(risks_, risks_.c.id == signatures.c.risk_id)
            .where(looked_at(**of), signatures.c.replaced.is_(False)).order_by(signatures.c.id),
            lambda r: signature(r, r.snapshot),
        )  # fmt: skip

    def _voices(self) -> Rows[VoiceFact]:
        """Voices that the checks go by; which power item a resident spoke about only for who reads their words."""
        scope, raw = self._scope, self._raw
        return self._by_unit(
            lambda **of: telling(looked_at(**of), scope, raw),
            lambda r: VoiceFact(r.risk_id, r.id, r.source, r.item_id, r.level, r.linked_at),
        )

    def _again(self) -> Rows[AgainFact]:
        raw = self._raw
        if not raw.paths:
            return defaultdict(list)
        return self._by_unit(
            lambda **of: select(risks_.c.unit_id, risks_.c.id, flags_.c.id.label("flag_id"), flags_.c.raised_on)
            .join(flags_, and_(flags_.c.item_id == risks_.c.item_id, flags_.c.unit_id == risks_.c.unit_id))
            .where(looked_at(**of), risks_.c.status == RiskStatus.CLOSED, flags_.c.source == Source.RESIDENT,
                   flags_.c.raised_on > risks_.c.closed_on, ~among(flags_.c.status, _UNHEARD), heard(raw),
                   within(flags_.c.unit_id, raw), not_held(risks_.c.item_id, raw.viewer))
            .order_by(flags_.c.raised_on, flags_.c.id),
            lambda r: AgainFact(r.id, r.flag_id, r.raised_on),
        )  # fmt: skip

    def _named(self) -> Rows[tuple[str, str]]:
        raw = self._raw
        if not raw.paths:
            return defaultdict(list)
        return self._by_unit(
            lambda **of: select(risks_.c.unit_id, risks_.c.id, away.c.person_id)
            .join(links, and_(links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None)))
            .join(flags_, flags_.c.id == links.c.flag_id)
            .join(away, and_(away.c.flag_id == flags_.c.id, away.c.unit_id == risks_.c.unit_id))
            .where(looked_at(**of), away.c.reason == NAMED, heard(raw), within(risks_.c.unit_id, raw),
                   not_held(risks_.c.item_id, raw.viewer)),
            lambda r: (r.id, r.person_id),
        )  # fmt: skip

    def _looks(self) -> Rows[LookFact]:
        return self._by_unit(
            lambda **of: LOOKED.join(risks_, risks_.c.id == second_looks.c.risk_id)
            .where(looked_at(**of), second_looks.c.result.is_not(None)).order_by(second_looks.c.n),
            lambda r: LookFact(r.id, r.risk_id, r.result, r.looked_by, r.looked_on),
        )  # fmt: skip

    def _items(self) -> Rows[ItemFact]:
        return self._by_unit(
            lambda units, **_of: LISTED.where(items_.c.unit_id.in_(units)).order_by(items_.c.name, items_.c.id),
            lambda r: ItemFact(r.id, r.name, r.dimension, r.post_id, r.major, r.retired, r.disclosure_class),
        )

    def _of_place(self) -> tuple[Rows[SubjectFact], Rows[DecisionFact], Rows[RoundFact]]:
        """What says something of a community, and of none of its entries."""
        if "entries" in self._asked:
            return defaultdict(list), defaultdict(list), defaultdict(list)
        return self._subjects(), self._decisions(), self._rounds()

    def _subjects(self) -> Rows[SubjectFact]:
        return self._by_unit(
            lambda units, **_of: select(subjects_.c.id, subjects_.c.unit_id, subjects_.c.name, subjects_.c.item_id)
            .where(subjects_.c.unit_id.in_(units), subjects_.c.retired_on.is_(None))
            .order_by(subjects_.c.name, subjects_.c.id),
            lambda r: SubjectFact(r.id, r.name, r.item_id),
        )

    def _decisions(self) -> Rows[DecisionFact]:
        taken = self._rows(
            lambda units, **_of: select(
                decisions_.c.id, decisions_.c.unit_id, decisions_.c.title, decisions_.c.item_id,
                decision_steps.c.step, decision_steps.c.held_on,
            )
            .outerjoin(decision_steps, decision_steps.c.decision_id == decisions_.c.id)
            .where(decisions_.c.unit_id.in_(units)).order_by(decisions_.c.opened_on, decisions_.c.id)
        )  # fmt: skip
        found: Rows[DecisionFact] = defaultdict(list)
        for _id, rows in groupby(taken, lambda r: r.id):
            r, *more = rows
            steps = {one.step: one.held_on for one in (r, *more) if one.step is not None}
            found[r.unit_id].append(DecisionFact(r.id, r.title, r.item_id, steps))
        return found

    def _rounds(self) -> Rows[RoundFact]:
        """Rounds that are not closed, at the communities and the units above them."""
        above = {path[: n + 1] for _name, path in self._here.values() for n, sign in enumerate(path) if sign == "/"}
        query = worded(
            lambda above: select(rounds_.c.id, rounds_.c.title, rounds_.c.ends_on, units_.c.path)
            .join(units_, units_.c.id == rounds_.c.unit_id)
            .where(rounds_.c.closed_on.is_(None), units_.c.path.in_(above)).order_by(rounds_.c.ends_on),
            above=sorted(above),
        )  # fmt: skip
        rows = self.session.execute(*query).all()
        found: Rows[RoundFact] = defaultdict(list)
        for unit_id, (_name, path) in self._here.items():
            found[unit_id] = [RoundFact(r.id, r.title, r.ends_on) for r in rows if path.startswith(r.path)]
        return found
