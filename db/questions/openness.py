"""Questions about decisions, disclosures and requests, and about what the board shows of them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, cast, exists, func, or_, select

from core.access import Scope
from core.ledgers.decisions import DecisionRow, StepRow
from core.ledgers.steps import Attached, Step
from core.lifecycle import ENDED
from core.openness.board import ON_BOARD, Publication
from core.openness.requests import Request, RequestRow
from core.openness.showing import ShownAnswer, ShownDecision, ShownDue
from core.openness.subjects import SubjectRow
from core.turning import ROWS, Listed, Turn
from core.words import DecisionStep
from db.kept import worded
from db.keyset import by, listed, nearest, upward
from db.scoping import Asking, not_held, within
from db.tables import items_, people_, publications, units_
from db.tables.openly import (
    decision_files,
    decision_steps,
    decisions_,
    dues_,
    requests_,
    shown_answers,
    shown_decisions,
    shown_dues,
    subjects_,
)

Files = dict[Any, list[tuple[str, str, str]]]

_BOARD = select(Publication).order_by(publications.c.closed_on.is_not(None), publications.c.number)


class Openness(Asking):
    """What a community decides and makes public, as it is asked about."""

    def decision_page(self, scope: Scope, turn: Turn, decision_id: str | None = None) -> Listed[DecisionRow]:
        query = worded(lambda: (
            select(decisions_, units_.c.name.label("unit"), units_.c.path, items_.c.name.label("item"),
                   exists().where(shown_decisions.c.id == decisions_.c.id).label("is_shown"))
            .join(units_, units_.c.id == decisions_.c.unit_id)
            .outerjoin(items_, items_.c.id == decisions_.c.item_id)
            .where(within(decisions_.c.unit_id, scope))
        ))[0]  # fmt: skip
        if decision_id is not None:
            query = query.where(decisions_.c.id == decision_id)
        order = ((decisions_.c.opened_on, True), *upward(decisions_.c.title, decisions_.c.id))
        found = listed(self.session, query, decisions_.c.id, order, turn, ROWS, lambda row: row)
        taken = self._steps([r.id for r in found])
        return found.of(
            DecisionRow(r.id, r.unit_id, r.unit, r.path, r.title, r.item_id, r.item or "", r.opened_on, dict(r.raised),
                        taken.get(r.id, {}), r.is_shown)
            for r in found
        )  # fmt: skip

    def _steps(self, ids: Collection[str]) -> dict[str, dict[DecisionStep, StepRow]]:
        files: Files = defaultdict(list)
        query = worded(
            lambda ids: select(decision_files)
            .where(decision_files.c.decision_id.in_(ids))
            .order_by(decision_files.c.added_at, decision_files.c.id),
            ids=list(ids),
        )  # fmt: skip
        for r in self.session.execute(*query):
            files[r.decision_id, r.step].append((r.id, r.name, r.media_type))
        found: dict[str, dict[DecisionStep, StepRow]] = defaultdict(dict)
        steps = worded(
            lambda ids: select(decision_steps, people_.c.name)
            .join(people_, people_.c.id == decision_steps.c.said_by)
            .where(decision_steps.c.decision_id.in_(ids)),
            ids=list(ids),
        )  # fmt: skip
        for r in self.session.execute(*steps):
            found[r.decision_id][r.step] = StepRow(
                r.step, r.held_on, r.expected, r.present, r.agreed, r.note, r.skipped, r.name,
                tuple(files.get((r.decision_id, r.step), ())),
            )  # fmt: skip
        return found

    def steps_of(self, decision_id: str) -> list[Step]:
        return list(self.session.scalars(select(Step).where(decision_steps.c.decision_id == decision_id)))

    def attached_to(self, decision_id: str, step: DecisionStep) -> list[Attached]:
        query = worded(
            lambda decision_id: select(Attached)
            .where(decision_files.c.decision_id == decision_id, decision_files.c.step == step),
            decision_id=decision_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def public_subjects(self, community_id: str) -> list[tuple[str, str]]:
        standing = subjects_.c.unit_id == community_id, subjects_.c.retired_on.is_(None)
        query = select(subjects_.c.id, subjects_.c.name).where(*standing)
        return [(r.id, r.name) for r in self.session.execute(query.order_by(subjects_.c.heading, subjects_.c.name))]

    def subject_rows(self, scope: Scope, unit_id: str) -> list[SubjectRow]:
        query = _subjects(scope, unit_id).order_by(*by(_BY_HEADING))
        return [_subject(r) for r in self.session.execute(query)]

    def subject_page(self, scope: Scope, unit_id: str, turn: Turn) -> Listed[SubjectRow]:
        query = _subjects(scope, unit_id)
        return listed(self.session, query, subjects_.c.id, _BY_HEADING, turn, ROWS, _subject)

    def request_page(
        self, scope: Scope, viewer: str, answering: Scope, unit_id: str | None, turn: Turn
    ) -> Listed[RequestRow]:
        free, here = not_held(subjects_.c.item_id, viewer), within(requests_.c.unit_id, answering)
        query = (
            select(requests_, units_.c.name.label("unit"), subjects_.c.name.label("subject"), free.label("is_free"),
                   here.label("is_here"), shown_answers.c.id.label("shown_id"))
            .join(units_, units_.c.id == requests_.c.unit_id)
            .outerjoin(subjects_, subjects_.c.id == requests_.c.subject_id)
            .outerjoin(shown_answers, shown_answers.c.id == requests_.c.id)
            .where(*_asked(scope, viewer, unit_id))
        )  # fmt: skip
        answered = requests_.c.answered_on.is_not(None)
        order = upward(answered, requests_.c.due_on, requests_.c.id)
        return listed(self.session, query, requests_.c.id, order, turn, ROWS, _request)

    def open_requests(self, scope: Scope, viewer: str, unit_id: str) -> int:
        query = select(func.count()).select_from(requests_)
        return self.session.scalar(query.where(*_asked(scope, viewer, unit_id), requests_.c.answered_on.is_(None))) or 0

    def lapsed_requests(self, before: date, most: int | None = None) -> list[Request]:
        query = select(Request).where(requests_.c.answered_on <= before, requests_.c.text != "")
        return list(self.session.scalars(query.order_by(requests_.c.answered_on, requests_.c.id).limit(most)))

    def shown_dues(
        self, unit_id: str, first: date, last: date, *, overdue: date | None = None
    ) -> list[ShownDue]:
        in_span = or_(shown_dues.c.due_on.between(first, last), shown_dues.c.published_on.between(first, last))
        if overdue is not None:
            in_span = or_(in_span, and_(shown_dues.c.published_on.is_(None), shown_dues.c.due_on < overdue))
        query = select(ShownDue).where(shown_dues.c.unit_id == unit_id, in_span)
        return list(self.session.scalars(query.order_by(shown_dues.c.due_on, shown_dues.c.subject, shown_dues.c.id)))

    def shown_decisions(self, unit_id: str) -> list[ShownDecision]:
        query = worded(
            lambda unit_id: select(ShownDecision)
            .where(shown_decisions.c.unit_id == unit_id)
            .order_by(shown_decisions.c.shown_on.desc(), shown_decisions.c.id),
            unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def shown_answers(self, unit_id: str) -> list[ShownAnswer]:
        query = worded(
            lambda unit_id: select(ShownAnswer)
            .where(shown_answers.c.unit_id == unit_id)
            .order_by(shown_answers.c.answered_on.desc(), shown_answers.c.id),
            unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def decisions_page(self, unit_id: str, turn: Turn) -> Listed[ShownDecision]:
        shown = shown_decisions.c
        query = select(shown.id, ShownDecision).where(shown.unit_id == unit_id)
        order = ((shown.shown_on, True), (shown.id, False))
        return listed(self.session, query, shown.id, order, turn, ROWS, lambda r: r.ShownDecision)

    def answers_page(self, unit_id: str, turn: Turn) -> Listed[ShownAnswer]:
        shown = shown_answers.c
        query = select(shown.id, ShownAnswer).where(shown.unit_id == unit_id)
        order = ((shown.answered_on, True), (shown.id, False))
        return listed(self.session, query, shown.id, order, turn, ROWS, lambda r: r.ShownAnswer)

    def published(self, unit_id: str) -> list[Publication]:
        return list(self.session.scalars(*worded(lambda one: _BOARD.where(publications.c.unit_id == one), one=unit_id)))

    def publication(self, unit_id: str, number: int) -> Publication | None:
        query = select(Publication).where(publications.c.unit_id == unit_id, publications.c.number == number)
        return self.session.scalars(query).first()

    def board_page(self, unit_id: str, turn: Turn) -> Listed[Publication]:
        query = select(publications.c.id, Publication).where(publications.c.unit_id == unit_id)
        order = upward(publications.c.status.in_(ENDED), publications.c.number, publications.c.id)
        return listed(self.session, query, publications.c.id, order, turn, ON_BOARD, lambda r: r.Publication)

    def board_counts(self, unit_id: str) -> tuple[int, int]:
        done = publications.c.status.in_(ENDED)
        query = select(func.count().filter(~done), func.count().filter(done)).where(publications.c.unit_id == unit_id)
        row = self.session.execute(query).one()
        return row[0], row[1]


_BY_HEADING = upward(subjects_.c.heading, subjects_.c.name, subjects_.c.id)


def _subjects(scope: Scope, unit_id: str) -> Select[Any]:
    due = (
        select(func.min(dues_.c.due_on))
        .where(dues_.c.subject_id == subjects_.c.id, dues_.c.published_on.is_(None))
        .correlate(subjects_)
        .scalar_subquery()
    )
    return (
        select(subjects_, items_.c.name.label("item"), due.label("next_due"))
        .outerjoin(items_, items_.c.id == subjects_.c.item_id)
        .where(subjects_.c.unit_id == unit_id, subjects_.c.retired_on.is_(None), within(subjects_.c.unit_id, scope))
    )


def _subject(r: Row[Any]) -> SubjectRow:
    return SubjectRow(
        r.id, r.unit_id, r.item or "", r.heading, r.name, r.elements, r.basis, r.body, r.channel, r.audience,
        r.manner, r.tier, r.disclosure_class, r.disclosure_when, r.masked, r.next_due,
    )  # fmt: skip


def requests_waiting(scope: Scope, viewer: str) -> Select[int, date]:
    """Requests for disclosure that the viewer is to answer."""
    item = select(subjects_.c.item_id).where(subjects_.c.id == requests_.c.subject_id).correlate(requests_)
    mine = not_held(item.scalar_subquery(), viewer)
    return nearest(requests_.c.due_on, *_asked(scope, viewer), requests_.c.answered_on.is_(None), mine)


def _asked(scope: Scope, viewer: str, unit_id: str | None = None) -> list[ColumnElement[bool]]:
    """That a request was made in an area, or at one community of it, and is not kept from the viewer."""
    kept = cast(requests_.c.kept_from, String).contains(viewer, autoescape=True)
    here = [requests_.c.unit_id == unit_id] if unit_id else []
    return [within(requests_.c.unit_id, scope), ~kept, *here]


def _request(r: Row[Any]) -> RequestRow:
    may = bool(r.is_free and r.is_here) and r.answered_on is None
    return RequestRow(
        r.id, r.unit_id, r.unit, r.subject or "", r.text if r.is_free else "", r.asked_on, r.due_on, r.answer,
        r.withheld, r.answered_on, r.shown_id is not None, may, is_kept=not r.is_free and r.text != "",
    )  # fmt: skip
