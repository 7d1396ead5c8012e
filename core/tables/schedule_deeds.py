"""What a changed row of the schedule does to its entry: the deeds of the entry, each with its own right and its checks.

Whatever the deed would refuse is found out beforehand, so that a person reads it beside the row and not after it.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from core.access import Permission
from core.entries import risks
from core.entries.risks import Risk, RiskForm
from core.errors import Denied
from core.formats.cells import one_of
from core.inspection import rounds
from core.privacy.wording import without_people
from core.store import Work
from core.tables import schedule_measures
from core.tables.schedule import Of
from core.tables.schedule_said import Deeds, People, Said, Wrong, holds, need
from core.text import N_, _
from core.voices import points
from core.voices.flags import CadreFlag
from core.voices.points import PointForm
from core.words import Answer, Dimension, RiskType

DESCRIBED = {
    Of.TITLE: "title", Of.SHOWS: "manifestation", Of.ITEM: "item_id", Of.DIMENSION: "dimension", Of.KIND: "risk_type",
}  # fmt: skip
ASSIGNED = {Of.OWNER: "owner_id", Of.LEADER: "leader_id", Of.WATCHDOG: "watchdog_id"}


def deeds(work: Work, said: Said, known: People) -> Deeds:
    """What the changed cells of a row would do."""
    scope = work.actor.require(Permission.REGISTER_READ)
    done, risk = Deeds(), work.store.one(Risk, said.entry.id, scope)
    _describe(work, risk, said, known, done)
    _assign(work, risk, said, known, done)
    schedule_measures.plan(work, risk, said, known, done)
    return done


def _term(of: Of, text: str) -> Any:
    if not text:
        raise Wrong(of, _("Please fill this in."))
    try:
        return one_of(*(Dimension if of is Of.DIMENSION else RiskType))(text)
    except ValueError as fault:
        raise Wrong(of, str(fault)) from fault


def as_meant(known: People, unit_id: str, of: Of, text: str) -> str:
    """A cell as it is compared: people as the table names them, words as they are kept, measures in any order; what is
    not understood stays as it is."""
    try:
        if of in ASSIGNED:
            return known.fitting(unit_id, of).get(known.person(unit_id, of, text) or "", "")
        if of is Of.ITEM:
            return known.items(unit_id).get(known.item(unit_id, text) or "", "")
        if of in (Of.DIMENSION, Of.KIND):
            return str(_term(of, text).label)
    except Wrong:
        return text
    return "\n".join(sorted(schedule_measures.lines(text))) if of is Of.MEASURES else text


def _describe(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    columns = [of for of in said.changed if of in DESCRIBED]
    values: dict[str, Any] = {name: getattr(risk, name) for name in DESCRIBED.values()}

    def take(of: Of) -> None:
        text = said.cells[of]
        if of is Of.ITEM:
            values["item_id"] = known.item(risk.unit_id, text)
        else:
            values[DESCRIBED[of]] = _term(of, text) if of in (Of.DIMENSION, Of.KIND) else text

    def check() -> None:
        form = RiskForm.model_validate(values)
        need(work, risk.unit_id, Permission.RISK_DESCRIBE)
        risks.check_change(work, risk)
        without_people(work, risk.unit_id, title=form.title, manifestation=form.manifestation)

    if columns and done.read(columns, take) and done.tried(columns, DESCRIBED, check):
        done.changes += columns
        done.steps.append(partial(risks.describe, risk_id=risk.id, form=RiskForm.model_validate(values)))


def _assign(work: Work, risk: Risk, said: Said, known: People, done: Deeds) -> None:
    columns = [of for of in said.changed if of in ASSIGNED]
    values: dict[str, str | None] = {name: getattr(risk, name) for name in ASSIGNED.values()}

    def take(of: Of) -> None:
        values[ASSIGNED[of]] = known.person(risk.unit_id, of, said.cells[of])

    def check() -> None:
        need(work, risk.unit_id, Permission.RISK_ASSIGN)
        risks.check_change(work, risk)
        risks.check_people(work, risk, **values)

    if columns and done.read(columns, take) and done.tried(columns, ASSIGNED, check):
        done.changes += columns
        done.steps.append(lambda doing: risks.assign(doing, risk.id, *values.values()))


def said_as_flag(title: str, shows: str) -> str:
    """The words of a new row as the flag says them."""
    return f"{title}\n{shows}" if shows and shows != title else title


def proposal(work: Work, unit_id: str, cells: Mapping[Of, str], known: People) -> Deeds:
    """What a new row would do: a flag of a superior, or of a post-holder, that waits for its first review."""
    work.actor.require(Permission.REGISTER_READ)
    done, columns = Deeds(), [of for of in PROPOSED if cells[of]]

    def check() -> None:
        title, shows = cells[Of.TITLE], cells[Of.SHOWS]
        if len(title) < SHORTEST:
            raise Wrong(Of.TITLE, _("Please say what could go wrong, in at least {n} characters.", n=SHORTEST))
        text = said_as_flag(title, shows)
        kind = _term(Of.KIND, cells[Of.KIND]) if cells[Of.KIND] else RiskType.PROCESS
        item_id = known.item(unit_id, cells[Of.ITEM])
        if holds(work, unit_id, Permission.FLAG_RAISE):
            name = known.items(unit_id).get(item_id or "")
            values = {"unit_ids": [unit_id], "item_name": name, "text": text, "risk_type": kind}
            point = PointForm.model_validate(values)
            done.steps.append(partial(points.raise_point, form=point))
        elif holds(work, unit_id, Permission.FLAG_INSPECT):
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
