"""Questions about measures, their progress and evidence."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from core.access import Scope
from core.errors import Missing
from core.measures import Evidence, Measure
from core.rows import MeasureRow, ProgressRow
from core.words import MeasureStatus
from db.scoping import Asking, within
from db.tables import evidence, files, measures_, people_, progress, risks_, units_


class Doings(Asking):
    """Measures as they are asked about."""

    def measures_of(self, risk_id: str) -> list[Measure]:
        query = select(Measure).where(measures_.c.risk_id == risk_id)
        return list(self.session.scalars(query.order_by(measures_.c.due_on, measures_.c.id)))

    def measure_states(self, risk_id: str) -> list[MeasureStatus]:
        return [measure.status for measure in self.measures_of(risk_id)]

    def measure_rows(
        self, scope: Scope, *, owner: str | None = None, watchdog: str | None = None, risk_id: str | None = None,
        verifying: bool = False,
    ) -> list[MeasureRow]:  # fmt: skip
        conditions: list[ColumnElement[bool]] = [within(measures_.c.unit_id, scope)]
        given = {measures_.c.owner_id: owner, measures_.c.watchdog_id: watchdog, measures_.c.risk_id: risk_id}
        conditions += [column == value for column, value in given.items() if value is not None]
        if verifying:
            conditions.append(measures_.c.status == MeasureStatus.VERIFYING)
        doer, checker = aliased(people_), aliased(people_)
        files_of = (
            select(func.count()).where(evidence.c.measure_id == measures_.c.id).correlate(measures_).scalar_subquery()
        )
        query = (
            select(measures_, risks_.c.number, risks_.c.title, risks_.c.level, units_.c.name.label("unit"),
                   doer.c.name.label("owner"), checker.c.name.label("watchdog"), files_of.label("evidence"))
            .join(risks_, risks_.c.id == measures_.c.risk_id)
            .join(units_, units_.c.id == measures_.c.unit_id)
            .join(doer, doer.c.id == measures_.c.owner_id)
            .join(checker, checker.c.id == measures_.c.watchdog_id)
            .where(*conditions)
            .order_by(measures_.c.status == MeasureStatus.VERIFIED, measures_.c.due_on, measures_.c.id)
        )  # fmt: skip
        return [
            MeasureRow(
                r.id, r.unit_id, r.unit, r.risk_id, r.number, r.title, r.level, r.text, r.measure_type, r.stage,
                r.actor_kind, r.indicator, r.owner_id, r.owner, r.watchdog_id, r.watchdog, r.starts_on, r.due_on,
                r.status, r.percent, r.done_on, r.evidence,
            )
            for r in self.session.execute(query)
        ]  # fmt: skip

    def progress_of(self, scope: Scope, measure_id: str) -> list[ProgressRow]:
        query = (
            select(progress, people_.c.name)
            .join(people_, people_.c.id == progress.c.said_by)
            .where(progress.c.measure_id == measure_id, within(progress.c.unit_id, scope))
            .order_by(progress.c.said_at.desc(), progress.c.id)
        )
        return [ProgressRow(r.status, r.percent, r.text, r.name, r.said_at) for r in self.session.execute(query)]

    def evidence_of(self, measure_id: str) -> list[Evidence]:
        query = select(Evidence).where(evidence.c.measure_id == measure_id)
        return list(self.session.scalars(query.order_by(evidence.c.added_at, evidence.c.id)))

    def keep_file(self, sha256: str, content: bytes) -> None:
        upsert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        self.session.execute(upsert(files).values(sha256=sha256, content=content).on_conflict_do_nothing())

    def file(self, sha256: str) -> bytes:
        content: bytes | None = self.session.scalar(select(files.c.content).where(files.c.sha256 == sha256))
        if content is None:
            raise Missing
        return content
