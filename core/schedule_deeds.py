"""What a changed row of the schedule does to its entry: the deeds of the entry, each with its own right and its checks.

Whatever the deed would refuse is found out beforehand, so that a person reads it beside the row and not after it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pydantic import ValidationError

from core import measures, points, risks, rounds, schedule
from core.access import Permission
from core.cells import named, one_of
from core.columns import stated_day
from core.errors import Denied, Invalid, Refused, explain
from core.flags import CadreFlag
from core.measures import MeasureForm
from core.points import PointForm
from core.risks import CHECKERS, DOERS, Risk, RiskForm
from core.schedule import Of, ScheduleRow, people
from core.store import Work
from core.text import N_, _, clean
from core.wording import without_people
from core.words import Answer, Dimension, RiskType, Role

DESCRIBED = {
    Of.TITLE: "title", Of.SHOWS: "manifestation", Of.ITEM: "item_id", Of.DIMENSION: "dimension", Of.KIND: "risk_type",
}  # fmt: skip
ASSIGNED = {Of.OWNER: "owner_id", Of.LEADER: "leader_id", Of.WATCHDOG: "watchdog_id"}
_NUMBERED = re.compile(r"^\s*(?:\d+\s*[.、．)）]|[（(]\d+[)）])\s*")


@dataclass(frozen=True)
class Said:
    """One row with what it says, and the columns in which that is something else than what is kept."""

    n: int
    entry: ScheduleRow
    cells: Mapping[Of, str]
    changed: tuple[Of, ...]


class Wrong(ValueError):
    """A cell that cannot be taken: its column and what would be right."""

    def __init__(self, of: Of, why: str) -> None:
        super().__init__(why)
        self.of = of


@dataclass
class Deeds:
    """What a row would do: the columns it changes, what is wrong, what stays and why, and the deeds themselves."""

    changes: list[Of] = field(default_factory=list)
    troubles: list[tuple[Of, str]] = field(default_factory=list)
    kept: list[tuple[Of, str]] = field(default_factory=list)
    steps: list[Callable[[Work], object]] = field(default_factory=list)

    def do(self, work: Work) -> None:
        for step in self.steps:
            step(work)

    def tried(self, columns: Sequence[Of], names: Mapping[Of, str], check: Callable[[], object]) -> bool:
        """Whether a deed would be done; else what it refuses is told of its columns."""
        try:
            check()
        except Wrong as fault:
            self.troubles.append((fault.of, str(fault)))
        except ValidationError as error:
            self.wrong(explain(error), names, columns[0])
        except Invalid as refusal:
            self.wrong(refusal.fields, names, columns[0])
        except Refused as refusal:
            self.kept += [(of, str(refusal)) for of in columns]
        else:
            return True
        return False

    def wrong(self, fields: Mapping[str, str], names: Mapping[Of, str], other: Of) -> None:
        columns = {name: of for of, name in names.items()}
        self.troubles += [(columns.get(name, other), why) for name, why in fields.items()]


def bare(name: str) -> str:
    """A name without the posts in brackets behind it."""
    return re.split("[（(]", name, maxsplit=1)[0].rstrip() if name.rstrip().endswith((")", "）")) else name


class People:
    """Who fits which part, and which power items there are, looked up once for each community."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._kept: dict[tuple[str, str], dict[str, str]] = {}

    def _once(self, unit_id: str, what: str, find: Callable[[], dict[str, str]]) -> dict[str, str]:
        if (unit_id, what) not in self._kept:
            self._kept[unit_id, what] = find()
        return self._kept[unit_id, what]

    def fitting(self, unit_id: str, of: Of) -> dict[str, str]:
        roles: list[Role] = sorted(CHECKERS if of is Of.WATCHDOG else DOERS)
        scope = self._work.actor.scope(Permission.REGISTER_READ)
        return self._once(unit_id, str(roles), lambda: people(self._work.store.holders(scope, unit_id, roles)))

    def items(self, unit_id: str) -> dict[str, str]:
        scope = self._work.actor.scope(Permission.REGISTER_READ)
        return self._once(unit_id, "items", lambda: {
            row.id: row.name for row in self._work.store.item_rows(scope, unit_id) if not row.retired
        })  # fmt: skip

    def person(self, unit_id: str, of: Of, text: str) -> str | None:
        """Whom a cell names: as the table names them, or by the name alone; `Wrong` where nobody or several fit."""
        if not text:
            return None
        known = self.fitting(unit_id, of)
        names = _(", ").join(list(known.values())[:20])
        right = _("Nobody of this name fits here, or several do. Use one of: {names}.", names=names)
        try:
            return str(named(known, right)(text))
        except ValueError:
            alone = {key: bare(name) for key, name in known.items()}
        try:
            return str(named(alone, right)(bare(text)))
        except ValueError as fault:
            raise Wrong(of, str(fault)) from fault

    def item(self, unit_id: str, text: str) -> str | None:
        if not text:
            return None
        right = _("No such power item here. Use a name from the catalogue of power items, or leave it empty.")
        try:
            return str(named(self.items(unit_id), right)(text))
        except ValueError as fault:
            raise Wrong(Of.ITEM, str(fault)) from fault


def deeds(work: Work, said: Said, known: People) -> Deeds:
    """What the changed cells of a row would do."""
    scope = work.actor.require(Permission.REGISTER_READ)
    done, risk = Deeds(), work.store.one(Risk, said.entry.id, scope)
    _describe(work, risk, said, known, done)
    _assign(work, risk, said, known, done)
    _further(work, risk, said, known, done)
    return done


def _right(work: Work, unit_id: str, permission: Permission) -> bool:
    """Whether the actor holds a right at a community."""
    return bool(work.actor.roles_with(permission, work.store.register_of(unit_id).path))


def _need(work: Work, unit_id: str, permission: Permission) -> None:
    if not _right(work, unit_id, permission):
        raise Denied


def _term(of: Of, text: str) -> Any:
    if not text:
        raise Wrong(of, _("Please fill this in."))
    try:
        return one_of(*(Dimension if of is Of.DIMENSION else RiskType))(text)
    except ValueError as fault:
        raise Wrong(of, str(fault)) from fault


def _describe(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    columns = [of for of in said.changed if of in DESCRIBED]
    values: dict[str, Any] = {name: getattr(risk, name) for name in DESCRIBED.values()}

    def check() -> None:
        for of in columns:
            text = said.cells[of]
            if of is Of.ITEM:
                values["item_id"] = known.item(risk.unit_id, text)
            else:
                values[DESCRIBED[of]] = _term(of, text) if of in (Of.DIMENSION, Of.KIND) else text
        form = RiskForm.model_validate(values)
        _need(work, risk.unit_id, Permission.RISK_DESCRIBE)
        risks.check_change(work, risk)
        without_people(work, risk.unit_id, title=form.title, manifestation=form.manifestation)

    if columns and done.tried(columns, DESCRIBED, check):
        done.changes += columns
        done.steps.append(partial(risks.describe, risk_id=risk.id, form=RiskForm.model_validate(values)))


def _assign(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    columns = [of for of in said.changed if of in ASSIGNED]
    values: dict[str, str | None] = {name: getattr(risk, name) for name in ASSIGNED.values()}

    def check() -> None:
        for of in columns:
            values[ASSIGNED[of]] = known.person(risk.unit_id, of, said.cells[of])
        _need(work, risk.unit_id, Permission.RISK_ASSIGN)
        risks.check_change(work, risk)
        risks.check_people(work, risk, **values)

    if columns and done.tried(columns, ASSIGNED, check):
        done.changes += columns
        done.steps.append(lambda doing: risks.assign(doing, risk.id, *values.values()))


def lines(text: str) -> list[str]:
    """The measures a cell names, one on each line, without their numbers."""
    found = (" ".join(_NUMBERED.sub("", line).split()) for line in clean(text).split("\n"))
    return list(dict.fromkeys(line for line in found if line))


STAYS = N_("A planned measure is not changed or taken out by a file. Write further ones on lines of their own.")
DAY_STAYS = N_("The day of a planned measure stays as it was planned.")


def _further(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    """Further lines become measures: done by the owner, verified by whoever watches, due on the day of the row."""
    columns = [of for of in (Of.MEASURES, Of.DUE) if of in said.changed]
    old, new = lines(schedule.numbered([one.text for one in said.entry.measures])), lines(said.cells[Of.MEASURES])
    further = [line for line in new if line not in old]
    if Of.MEASURES not in columns:
        done.kept += [(of, _(DAY_STAYS)) for of in columns]
        return
    if not further or not set(old) <= set(new):
        done.kept += [(of, _(STAYS)) for of in columns]
        return
    forms: list[MeasureForm] = []

    def check() -> None:
        forms.extend(_measure(work, said, known, line) for line in further)
        _need(work, risk.unit_id, Permission.MEASURE_PLAN)
        for form in forms:
            measures.check_plan(work, risk, form)

    if done.tried(columns, PLANNED, check):
        done.changes += columns
        done.steps.extend(partial(measures.plan, risk_id=risk.id, form=form) for form in forms)


PLANNED = {Of.MEASURES: "text", Of.OWNER: "owner_id", Of.WATCHDOG: "watchdog_id", Of.DUE: "due_on"}


def _measure(work: Work, said: Said, known: People, line: str) -> MeasureForm:
    """A further measure as a form would be typed."""
    values: dict[str, Any] = {"text": line, "starts_on": work.today, "due_on": stated_day(said.cells[Of.DUE])}
    if values["due_on"] is None:
        raise Wrong(Of.DUE, _("Please write the date with its year, such as 2026-03-05."))
    for of in (Of.OWNER, Of.WATCHDOG):
        values[PLANNED[of]] = known.person(said.entry.unit_id, of, said.cells[of])
        if values[PLANNED[of]] is None:
            raise Wrong(of, _("A further measure needs somebody here."))
    return MeasureForm.model_validate(values)


def proposal(work: Work, unit_id: str, cells: Mapping[Of, str], known: People) -> Deeds:
    """What a new row would do: a flag of a superior, or of a post-holder, that waits for its first review."""
    work.actor.require(Permission.REGISTER_READ)
    done, columns = Deeds(), [of for of in PROPOSED if cells[of]]

    def check() -> None:
        title, shows = cells[Of.TITLE], cells[Of.SHOWS]
        if len(title) < SHORTEST:
            raise Wrong(Of.TITLE, _("Please say what could go wrong, in at least {n} characters.", n=SHORTEST))
        text = f"{title}\n{shows}" if shows and shows != title else title
        kind = _term(Of.KIND, cells[Of.KIND]) if cells[Of.KIND] else RiskType.PROCESS
        item_id = known.item(unit_id, cells[Of.ITEM])
        if _right(work, unit_id, Permission.FLAG_RAISE):
            name = known.items(unit_id).get(item_id or "")
            values = {"unit_ids": [unit_id], "item_name": name, "text": text, "risk_type": kind}
            point = PointForm.model_validate(values)
            done.steps.append(partial(points.raise_point, form=point))
        elif _right(work, unit_id, Permission.FLAG_INSPECT):
            found = CadreFlag.model_validate({"text": text, "risk_type": kind})
            item, _unit, _round = rounds.to_inspect(work, item_id or "", work.actor.scope(Permission.FLAG_INSPECT))
            done.steps.append(partial(rounds.inspect, item_id=item.id, answer=Answer.FOUND, found=found))
        else:
            raise Denied(N_("New risk points are proposed by post-holders and superiors."))

    if done.tried([Of.TITLE], {Of.TITLE: "text"}, check):
        done.changes = columns
    return done


PROPOSED = (Of.TITLE, Of.SHOWS, Of.KIND, Of.ITEM)
SHORTEST = 4
