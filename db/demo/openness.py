"""The demo's decisions, disclosures and requests for disclosure, played through the use cases that make real ones."""

from datetime import timedelta

from core.access import RESIDENT, Permission
from core.evidence import Upload
from core.ledgers import decisions, steps
from core.ledgers.decisions import DecisionForm
from core.ledgers.steps import BoardForm, StepForm
from core.openness import disclosure, requests, subjects
from core.openness.disclosure import DueRow, Occasion, Publishing
from core.openness.requests import AnswerForm, RequestForm
from core.openness.subjects import SubjectForm
from core.orders import Reason
from core.words import Channel, DecisionStep
from db.demo.stage import Row, Stage
from db.sweeping import PROGRAM

RENEWED = 15
"""Days between two renewals of what is due in the demo."""


def plan(stage: Stage, told: Row) -> None:
    """Everything of one file, each on its day."""
    for row in told["catalogues"]:
        stage.plan(row["days_ago"], 30, _fill, row)
        for ago in {*range(0, row["days_ago"], RENEWED), 0}:
            stage.plan(ago, 31, _renew, row["unit"])
    for row in told["subjects"]:
        stage.plan(row["days_ago"], 32, _add, row)
    for row in told["occasions"]:
        stage.plan(row["days_ago"], 33, _note, row)
    for row in told["publishings"]:
        stage.plan(row["days_ago"], 34, _publish, row)
    for row in told["routines"]:
        for ago in range(2, 150, row["every"]):
            stage.plan(ago, 35, _go_on, row)
    for row in told["requests"]:
        stage.plan(row["days_ago"], 36, _ask, row)
        if answer := row["answer"]:
            stage.plan(answer["days_ago"], 37, _answer, answer, row["text"])
    for row in told["decisions"]:
        _plan_decision(stage, row)


def _fill(stage: Stage, ago: int, row: Row) -> None:
    stage.do(ago, row["by"], subjects.fill, stage.units[row["unit"]].id)


def _renew(stage: Stage, ago: int, unit: str) -> None:
    stage.do(ago, PROGRAM, disclosure.renew, stage.units[unit].id)


def _add(stage: Stage, ago: int, row: Row) -> None:
    stage.do(ago, row["by"], subjects.add, stage.units[row["unit"]].id, SubjectForm.model_validate(row))


def _note(stage: Stage, ago: int, row: Row) -> None:
    form = Occasion(subject_id=_subject(stage, row) or "", happened_on=stage.day(ago), occasion=row["occasion"])
    stage.do(ago, row["by"], disclosure.note_occasion, form)


def _publish(stage: Stage, ago: int, row: Row) -> None:
    """The earliest disclosure of one item that is still owed."""
    owed = [due for due in _open(stage, row) if due.subject == row["subject"]]
    if owed:
        _record(stage, ago, row, owed[0])


def _go_on(stage: Stage, ago: int, row: Row) -> None:
    """What falls due in the days ahead, but for what is left lying."""
    until = stage.day(ago) + timedelta(days=row["ahead"])
    for due in _open(stage, row):
        if due.due_on <= until and due.subject not in row["but"] and not due.occasion:
            _record(stage, ago, row, due)


def _open(stage: Stage, row: Row) -> list[DueRow]:
    scope = stage.people[row["by"]].scope(Permission.DISCLOSURE_EDIT)
    found = stage.site.store.disclosure_dues(scope, stage.units[row["unit"]].id)
    return [due for due in found if due.published_on is None]


def _record(stage: Stage, ago: int, row: Row, due: DueRow) -> None:
    form = Publishing(published_on=stage.day(ago), place=row["place"], text=row.get("text", ""))
    proof = Upload(f"{due.subject}.txt", f"{due.subject}\n{due.period}\n{row['place']}".encode())
    stage.do(ago, row["by"], disclosure.publish, due.id, form, proof)


def _subject(stage: Stage, row: Row) -> str | None:
    known = {name: key for key, name in stage.site.store.public_subjects(stage.units[row["unit"]].id)}
    return known[row["subject"]] if row["subject"] else None


def _ask(stage: Stage, ago: int, row: Row) -> None:
    form = RequestForm(text=row["text"], subject_id=_subject(stage, row))
    stage.do(ago, RESIDENT, requests.ask, stage.units[row["unit"]].code, form, Channel.QR)


def _answer(stage: Stage, ago: int, row: Row, text: str) -> None:
    scope = stage.people[row["by"]].scope(Permission.REQUEST_ANSWER)
    [request] = stage.site.store.some(requests.Request, scope, text=text)
    stage.do(ago, row["by"], requests.answer, request.id, AnswerForm.model_validate(row))


def _plan_decision(stage: Stage, row: Row) -> None:
    kept: dict[str, str] = {}
    stage.plan(row["days_ago"], 40, _decide, row, kept)
    for n, step in enumerate(row["steps"]):
        stage.plan(step["days_ago"], 41 + n, _step, row, step, kept)
    if board := row["board"]:
        stage.plan(board["days_ago"], 49, _show, row, kept)


def _decide(stage: Stage, ago: int, row: Row, kept: dict[str, str]) -> None:
    form = DecisionForm(unit_id=stage.units[row["unit"]].id, title=row["title"], item_id=stage.items[row["item"]])
    kept["id"] = stage.do(ago, row["by"], decisions.add, form)


def _step(stage: Stage, ago: int, row: Row, step: Row, kept: dict[str, str]) -> None:
    which = DecisionStep(step["step"])
    if why := step.get("skipped"):
        stage.do(ago, row["by"], steps.skip, kept["id"], which, Reason(reason=why))
        return
    form = StepForm.model_validate(step | {"held_on": stage.day(ago)})
    files = [Upload(step["file"], f"{row['title']}：{which.label}".encode())] if "file" in step else []
    stage.do(ago, row["by"], steps.take, kept["id"], which, form, files)


def _show(stage: Stage, ago: int, row: Row, kept: dict[str, str]) -> None:
    stage.do(ago, row["by"], steps.show, kept["id"], BoardForm.model_validate(row["board"]))
