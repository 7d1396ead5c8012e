"""What core asks of whoever keeps things about decisions, disclosures, requests, and what the board shows of them."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.access import Scope
    from core.ledgers.decisions import DecisionRow
    from core.ledgers.steps import Attached, Step
    from core.openness.disclosure import DueRow, Proof
    from core.openness.dues import Due
    from core.openness.requests import Request, RequestRow
    from core.openness.showing import ShownAnswer, ShownDecision, ShownDue
    from core.openness.subjects import SubjectRow
    from core.turning import Listed, Turn
    from core.words import DecisionStep, DisclosureClass


class Openness(Protocol):
    """This part of the store. Whatever takes a scope leaves out what lies outside it."""

    def decision_page(
        self, scope: "Scope", turn: "Turn", decision_id: str | None = None
    ) -> "Listed[DecisionRow]": ...  # the newest first
    def steps_of(self, decision_id: str) -> list["Step"]: ...
    def attached_to(self, decision_id: str, step: "DecisionStep") -> list["Attached"]: ...
    def subject_rows(self, scope: "Scope", unit_id: str) -> list["SubjectRow"]: ...
    def subject_page(self, scope: "Scope", unit_id: str, turn: "Turn") -> "Listed[SubjectRow]": ...
    def public_subjects(self, community_id: str) -> list[tuple[str, str]]: ...  # id and name
    def dues_of(self, subject_id: str) -> list["Due"]: ...
    def proofs_of(self, due_id: str) -> list["Proof"]: ...
    def disclosure_dues(
        self, scope: "Scope", unit_id: str | None = None, *, published_since: date | None = None
    ) -> list["DueRow"]: ...  # the earliest due first; of those done, the ones published since that day
    def overdue_page(
        self, scope: "Scope", before: date, of: "DisclosureClass | None", turn: "Turn"
    ) -> "Listed[DueRow]": ...  # not done and due before that day, the earliest first; without files, not counted
    def overdue_classes(self, scope: "Scope", before: date) -> "dict[DisclosureClass, int]": ...  # no more than counted
    def request_page(
        self, scope: "Scope", viewer: str, answering: "Scope", unit_id: str | None, turn: "Turn"
    ) -> "Listed[RequestRow]": ...  # the open ones first
    def open_requests(self, scope: "Scope", viewer: str, unit_id: str) -> int: ...
    def lapsed_requests(self, before: date, most: int | None = None) -> list["Request"]: ...  # with words yet
    def shown_dues(
        self, unit_id: str, first: date, last: date, *, overdue: date | None = None
    ) -> list["ShownDue"]: ...  # due or published in these days; and what was `overdue` on a day and is not published
    def shown_decisions(self, unit_id: str) -> list["ShownDecision"]: ...
    def shown_answers(self, unit_id: str) -> list["ShownAnswer"]: ...
