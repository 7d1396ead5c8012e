"""Questions about long work: runs and their rows, what is compared, and the groups that came of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from core import dates
from core.access import Scope
from core.lifecycle import ENDED
from core.review.groups import GroupRow, MemberRow, Near, Review
from core.review.merging import Choice
from core.review.runs import LEASE, LIVE, Run, RunRow, RunState, Told
from core.words import GroupStatus, RunKind, RunStatus
from db.kept import among, worded
from db.keyset import some
from db.questions.voices import WAITING
from db.scoping import Asking, heard, not_owned, readable, within
from db.tables import flags_, groups_, items_, links, members, people_, risks_, run_rows, runs_, units_

_PENDING = and_(run_rows.c.flag_id.is_(None), run_rows.c.trouble == "")


def groups_waiting(scope: Scope, viewer: str) -> Select[int]:
    """Groups with a flag that waits for the viewer."""
    seen = exists().where(
        members.c.group_id == groups_.c.id, flags_.c.id == members.c.flag_id, members.c.left_out.is_(False),
        among(flags_.c.status, WAITING), heard(scope), not_owned(viewer),
    )
    here = within(groups_.c.unit_id, scope), groups_.c.status == GroupStatus.OPEN
    return some(select(groups_.c.id).where(*here, seen))


class Runs(Asking):
    """Long work as it is asked about."""

    def run_states(self, scope: Scope, kind: RunKind, run_id: str | None = None) -> list[RunState]:
        of_run = run_rows.c.run_id == runs_.c.id
        taken, refused, left = (
            select(func.count()).where(of_run, condition).correlate(runs_).scalar_subquery()
            for condition in (run_rows.c.flag_id.is_not(None), run_rows.c.trouble != "", _PENDING)
        )
        query = (
            select(runs_, units_.c.name.label("unit"), people_.c.name.label("person"), taken.label("taken"),
                   refused.label("refused"), left.label("left"))
            .join(units_, units_.c.id == runs_.c.unit_id)
            .join(people_, people_.c.id == runs_.c.begun_by)
            .where(within(runs_.c.unit_id, scope), runs_.c.kind == kind)
            .order_by(runs_.c.begun_at.desc(), runs_.c.id)
        )  # fmt: skip
        if run_id is not None:
            query = query.where(runs_.c.id == run_id)
        return [
            RunState(r.id, r.unit_id, r.unit, r.kind, r.title, r.person, r.begun_at, r.status, r.done, r.total,
                     r.trouble, r.taken, r.refused, r.left)
            for r in self.session.execute(query)
        ]  # fmt: skip

    def rows_to_take(self, scope: Scope, run_id: str, limit: int) -> list[RunRow]:
        query = worded(
            lambda limit, run_id: select(RunRow)
            .where(run_rows.c.run_id == run_id, within(run_rows.c.unit_id, scope), _PENDING)
            .order_by(run_rows.c.n)
            .limit(limit),
            limit=limit, run_id=run_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def refused_rows(self, scope: Scope, run_id: str) -> list[tuple[int, str]]:
        query = worded(
            lambda run_id: select(run_rows.c.n, run_rows.c.trouble).where(
            run_rows.c.run_id == run_id, within(run_rows.c.unit_id, scope), run_rows.c.trouble != ""
        ).order_by(run_rows.c.n),
            run_id=run_id,
        )  # fmt: skip
        return [(r.n, r.trouble) for r in self.session.execute(*query)]

    def forget_rows(self, scope: Scope, run_id: str) -> None:
        """Drop the words of rows that have not been taken."""
        mine = and_(run_rows.c.run_id == run_id, within(run_rows.c.unit_id, scope), _PENDING)
        self.session.execute(
            update(run_rows).where(mine).values(fields={}).execution_options(synchronize_session=False)
        )

    def next_run(self, now: datetime) -> Run | None:
        """The run that has waited longest, or whose worker has stopped; not one another worker is just taking."""
        free = or_(
            runs_.c.status == RunStatus.WAITING,
            and_(runs_.c.status == RunStatus.RUNNING, runs_.c.beat_at < now - LEASE),
        )
        query = select(Run).where(free).order_by(runs_.c.begun_at, runs_.c.id).limit(1)
        if not self.session.info.get("reading"):
            query = query.with_for_update(skip_locked=True)
        return self.session.scalars(query).first()

    def claim_run(self, run_id: str, now: datetime) -> None:
        """Let a run be this worker's; the caller holds it locked."""
        claimed = update(runs_).where(runs_.c.id == run_id, among(runs_.c.status, LIVE))
        self.session.execute(claimed.values(status=RunStatus.RUNNING, beat_at=now))

    def beat_run(self, run_id: str, beat: datetime, now: datetime, done: int, total: int) -> bool:
        """Say that a run goes on and how far it is; False when it was cancelled or is another worker's by now."""
        mine = and_(runs_.c.id == run_id, runs_.c.status == RunStatus.RUNNING, runs_.c.beat_at == beat)
        kept = update(runs_).where(mine).values(beat_at=now, done=done, total=total).returning(runs_.c.id)
        return self.session.execute(kept).first() is not None

    def release_run(self, run_id: str, beat: datetime) -> None:
        """Give a run back before its lease is over, so that the next server takes it up at once."""
        mine = and_(runs_.c.id == run_id, runs_.c.status == RunStatus.RUNNING, runs_.c.beat_at == beat)
        self.session.execute(update(runs_).where(mine).values(status=RunStatus.WAITING, beat_at=None))

    def told_in_run(self, scope: Scope, run_id: str) -> list[Told]:
        query = worded(
            lambda run_id: select(flags_)
            .join(run_rows, run_rows.c.flag_id == flags_.c.id)
            .where(run_rows.c.run_id == run_id, within(flags_.c.unit_id, scope), heard(scope),
                   among(flags_.c.status, WAITING))
            .order_by(run_rows.c.n),
            run_id=run_id,
        )  # fmt: skip
        return [
            Told("", r.id, r.unit_id, r.text, item_id=r.item_id, place_id=r.place_id, day=r.raised_on)
            for r in self.session.execute(*query)
        ]

    def told_in_entries(self, scope: Scope, unit_id: str, raw: Scope, ids: Collection[str] | None = None) -> list[Told]:
        """What is said of and in the open entries of a unit and all below it; residents' words only where `raw`
        reaches, and by nobody who answers for the power item."""
        path = select(units_.c.path).where(units_.c.id == unit_id).scalar_subquery()
        here = and_(within(risks_.c.unit_id, scope), units_.c.path.startswith(path), ~among(risks_.c.status, ENDED))
        if ids is not None:
            here = and_(here, risks_.c.id.in_(ids))
        entries = (
            select(risks_, items_.c.name.label("item"))
            .join(units_, units_.c.id == risks_.c.unit_id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(here)
            .order_by(units_.c.path, risks_.c.number)
        )
        voices = (
            select(flags_, links.c.risk_id, risks_.c.title, items_.c.name.label("item"))
            .join(links, and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None)))
            .join(risks_, risks_.c.id == links.c.risk_id)
            .join(units_, units_.c.id == risks_.c.unit_id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(here, heard(scope), readable(raw))
            .order_by(units_.c.path, risks_.c.number, flags_.c.raised_on, flags_.c.id)
        )
        found = [
            Told(r.id, "", r.unit_id, r.manifestation or r.title, r.title, r.item_id, r.item or "", None, r.opened_on,
                 r.id)
            for r in self.session.execute(entries)
        ]  # fmt: skip
        found += [
            Told(
                r.risk_id, r.id, r.unit_id, r.text, r.title, r.item_id, r.item or "", r.place_id, r.raised_on, r.risk_id
            )
            for r in self.session.execute(voices)
        ]
        return found

    def reviews(self, scope: Scope, viewer: str) -> list[Review]:
        """Runs of intake with groups that wait for the viewer or once did."""
        found: dict[str, list[Row[Any]]] = {}
        for row in self.session.execute(self._groups(scope, viewer)):
            if row.mine or row.status is not GroupStatus.OPEN:
                found.setdefault(row.run_id, []).append(row)
        rows = [
            Review(run_id, group[0].title, group[0].unit, dates.today(group[0].begun_at), len(group),
                   sum(row.status is GroupStatus.OPEN for row in group))
            for run_id, group in found.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (not row.left, -row.day.toordinal(), row.title))

    def group_rows(self, scope: Scope, viewer: str, run_id: str) -> list[GroupRow]:
        query = self._groups(scope, viewer).where(groups_.c.run_id == run_id)
        return [
            GroupRow(r.id, r.run_id, r.unit_id, r.unit, r.n, r.strength, r.weak, r.status, r.mine or 0, r.withheld or 0)
            for r in self.session.execute(query)
            if r.mine or r.status is not GroupStatus.OPEN
        ]  # fmt: skip

    def _groups(self, scope: Scope, viewer: str) -> Select[Any]:
        waiting = and_(
            members.c.group_id == groups_.c.id, flags_.c.id == members.c.flag_id, heard(scope),
            among(flags_.c.status, WAITING), members.c.left_out.is_(False),
        )  # fmt: skip
        mine, withheld = (
            select(func.count()).select_from(members.join(flags_, flags_.c.id == members.c.flag_id))
            .where(waiting, condition).correlate(groups_).scalar_subquery()
            for condition in (not_owned(viewer), ~not_owned(viewer))
        )  # fmt: skip
        return (
            select(groups_, runs_.c.title, runs_.c.begun_at, units_.c.name.label("unit"), mine.label("mine"),
                   withheld.label("withheld"))
            .join(runs_, runs_.c.id == groups_.c.run_id)
            .join(units_, units_.c.id == groups_.c.unit_id)
            .where(within(groups_.c.unit_id, scope), runs_.c.kind == RunKind.INTAKE)
            .order_by(groups_.c.run_id, groups_.c.n)
        )  # fmt: skip

    def group_words(self, scope: Scope, viewer: str, run_id: str) -> dict[str, list[Sequence[str]]]:
        """The words each member shares with others, of those members the viewer may read and decide about."""
        query = worded(
            lambda run_id: select(members.c.group_id, members.c.because)
            .join(groups_, groups_.c.id == members.c.group_id)
            .join(flags_, flags_.c.id == members.c.flag_id)
            .where(groups_.c.run_id == run_id, members.c.left_out.is_(False), within(flags_.c.unit_id, scope),
                    heard(scope), not_owned(viewer), among(flags_.c.status, WAITING)),
            run_id=run_id,
        )  # fmt: skip
        found: dict[str, list[Sequence[str]]] = {}
        for row in self.session.execute(*query):
            found.setdefault(row.group_id, []).append(row.because)
        return found

    def member_rows(self, scope: Scope, viewer: str, group_id: str) -> list[MemberRow]:
        place = aliased(units_)
        query = (
            select(flags_, members.c.strength, members.c.because, place.c.name.label("place"),
                   items_.c.name.label("item"), run_rows.c.fields)
            .join(members, members.c.flag_id == flags_.c.id)
            .outerjoin(run_rows, run_rows.c.flag_id == flags_.c.id)
            .outerjoin(place, place.c.id == flags_.c.place_id)
            .outerjoin(items_, items_.c.id == flags_.c.item_id)
            .where(members.c.group_id == group_id, members.c.left_out.is_(False), within(flags_.c.unit_id, scope),
                   heard(scope), not_owned(viewer), among(flags_.c.status, WAITING))
            .order_by(members.c.strength.desc(), flags_.c.id)
        )  # fmt: skip
        return [
            MemberRow(
                r.id,
                r.channel,
                r.text,
                r.raised_on,
                r.item_id,
                r.item or "",
                r.place or "",
                r.strength,
                tuple(r.because),
                (r.fields or {}).get("number", ""),
            )
            for r in self.session.execute(query)
        ]

    def near_entries(self, scope: Scope, group_id: str) -> list[Near]:
        query = worded(
            lambda group_id: select(risks_, items_.c.name.label("item"), members.c.strength)
            .join(members, members.c.risk_id == risks_.c.id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
            .where(members.c.group_id == group_id, within(risks_.c.unit_id, scope), ~among(risks_.c.status, ENDED))
            .order_by(members.c.strength.desc(), risks_.c.number),
            group_id=group_id,
        )  # fmt: skip
        return [Near(Choice(r.id, r.number, r.title, r.item or ""), r.strength) for r in self.session.execute(*query)]
