"""The demo's small registers and meetings, played by the same use cases as all else."""

from datetime import timedelta

from core.access import Permission
from core.ledgers import commitments, meetings, mentoring, vettings
from core.ledgers.commitments import Checked, CommitmentForm
from core.ledgers.meetings import DecisionForm, MeetingForm
from core.ledgers.mentoring import SiteForm, VisitForm
from core.ledgers.vettings import Answered, VettingAnswer, VettingForm
from core.organisation.posts import Holding
from core.prevention import claims
from core.words import MeasureType
from db.demo.stage import Row, Stage, upon


def plan_ledgers(stage: Stage, rows: Row) -> None:
    """Everything of the small registers on its day."""
    for row in rows["commitments"]:
        stage.plan(row["days_ago"], 30, _commit, row)
        stage.plan(row.get("checked_days_ago"), 31, _check, row)
    for row in rows["vettings"]:
        stage.plan(row["days_ago"], 30, _vet, row)
        for n, ago in enumerate(row["answers_days_ago"]):
            stage.plan(ago, 31, _answer, row, n)
    for row in rows["sites"]:
        stage.plan(row["days_ago"], 30, _mark, row)
        for visit in row["visits"]:
            stage.plan(visit["days_ago"], 31, _visit, row, visit)
    for row in rows["claims"]:
        stage.plan(row["days_ago"], 32, upon, stage.measures, row["measure"], row["by"], claims.claim)
    for row in rows["meetings"]:
        stage.plan(row["days_ago"], 33, _meet, row)


def _commit(stage: Stage, ago: int, row: Row) -> None:
    scope, person_id = stage.people[row["by"]].scope(Permission.LEDGER_KEEP), stage.people[row["who"]].person_id
    [holding] = stage.site.store.some(Holding, scope, post_id=stage.posts[row["post"]], person_id=person_id)
    form = CommitmentForm(kind=row["kind"], holding_id=holding.id, done_on=stage.day(ago))
    row["id"] = stage.do(ago, row["by"], commitments.keep, form)


def _check(stage: Stage, ago: int, row: Row) -> None:
    stage.do(ago, row["by"], commitments.check, row["id"], Checked(checked_on=stage.day(ago)))


def _vet(stage: Stage, ago: int, row: Row) -> None:
    form = VettingForm(
        unit_id=stage.units[row["unit"]].id, title=row["title"], held_on=stage.day(ago),
        departments="\n".join(row["departments"]),
    )  # fmt: skip
    row["id"] = stage.do(ago, row["by"], vettings.begin, form)


def _answer(stage: Stage, ago: int, row: Row, n: int) -> None:
    scope = stage.people[row["by"]].scope(Permission.LEDGER_KEEP)
    [asked] = stage.site.store.some(VettingAnswer, scope, vetting_id=row["id"], n=n)
    stage.do(ago, row["by"], vettings.answer, Answered(answer_id=asked.id, answered_on=stage.day(ago)))


def _mark(stage: Stage, ago: int, row: Row) -> None:
    form = SiteForm(unit_id=stage.units[row["unit"]].id, mentor_id=stage.people[row["mentor"]].person_id or "")
    row["id"] = stage.do(ago, row["by"], mentoring.mark, form)


def _visit(stage: Stage, ago: int, row: Row, visit: Row) -> None:
    form = VisitForm(visited_on=stage.day(ago), seen=visit["seen"], advised=visit["advised"])
    stage.do(ago, row["mentor"], mentoring.visit, row["id"], form)


def _meet(stage: Stage, ago: int, row: Row) -> None:
    form = MeetingForm(unit_id=stage.units[row["unit"]].id, held_on=stage.day(ago), present=row["present"])
    key = stage.do(ago, row["by"], meetings.hold, form)
    for made in row["decisions"]:
        said = DecisionForm(
            measure_type=MeasureType.PROCESS, text=made["text"], owner_id=stage.people[made["owner"]].person_id or "",
            watchdog_id=stage.people[made["watchdog"]].person_id if made["watchdog"] else None,
            due_on=stage.day(ago) + timedelta(days=made["days_on"]),
        )  # fmt: skip
        entry = stage.risks[made["entry"]] if made["entry"] else None
        stage.do(ago, row["by"], meetings.decide, key, entry, said)
