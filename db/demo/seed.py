"""The demo: an invented place whose two years of work are played through the real use cases, day by day."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, update

from core.access import FOUNDER, RESIDENT, Permission, Scope
from core.alerts import warnings
from core.entries import escalation, rating, risks, signing
from core.entries.escalation import Extension, HandingDown, Settling
from core.errors import Refused
from core.evidence import Upload
from core.inspection import campaigns, rounds
from core.prevention import looking, measures
from core.privacy.hashing import cheaply
from core.review import merging, recording, recurrence, triage
from core.store import Work
from core.text import N_
from core.voices import flags, followup, points, receipts, sealing
from core.words import Answer, Channel, Level, MeasureStatus, Role, Source, Triage
from db.demo import openness
from db.demo.ledgers import plan_ledgers
from db.demo.stage import Row, Stage, furnish, holding, settle, upon
from db.sweeping import PROGRAM
from db.tables.message_tables import notices_
from db.work import work

FOLDER = Path(__file__).parent


def make_demo(engine: Engine, now: datetime | None = None) -> Stage:
    """Make the whole demo in one transaction, so that nobody ever sees half of it; an empty database only.

    Passwords are random and told to nobody: in the demo one signs in by choosing a person.
    """
    with cheaply(), work(engine, FOUNDER, now) as site:
        if site.store.is_founded():
            raise Refused(N_("This site has been set up already."))
        stage = Stage(site)
        place = _read("place")
        settle(stage, place)
        furnish(stage, place)
        voices = _read("flags")
        _plan_rounds(stage, place, _read("inspections"), voices)
        entries = _read("risks")
        for flag in voices:
            _plan_voice(stage, flag, {entry["key"]: entry for entry in entries})
        for entry in entries:
            _plan_entry(stage, entry)
        openness.plan(stage, _read("openness"))
        for passing in _read("passings"):
            _plan_passing(stage, passing)
        plan_ledgers(stage, _read("ledgers"))
        stage.play()
        for community in ("rongshu", "jiangpan", "shiqiao"):
            stage.do(0, PROGRAM, warnings.renew, stage.units[community].id)
        stage.do(0, holding(stage, Role.SUPERVISOR), recurrence.begin, stage.units["street"].id)
    _read_old_notices(engine, stage.site.today - timedelta(days=NEWS))
    return stage


NEWS = 7
"""Days of notices that the demo's people have not read yet."""


def _read_old_notices(engine: Engine, before: date) -> None:
    with engine.begin() as rows:
        rows.execute(update(notices_).where(notices_.c.day < before).values(is_read=True))


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def _plan_rounds(stage: Stage, place: Row, inspections: list[Row], voices: list[Row]) -> None:
    """Each round with what post-holders said in it; a risk they found is a flag of its own."""
    for campaign in place["rounds"]:
        stage.plan(campaign["days_ago_start"], 0, _open_round, campaign)
        stage.plan(campaign.get("days_ago_closed"), 30, _close_round, campaign)
    own = {(flag["item"], flag["by"], flag["days_ago"]): flag for flag in voices if flag["source"] == Source.SELF}
    for said in inspections:
        found = own.get((said["item"], said["by"], said["days_ago"]))
        stage.plan(said["days_ago"], 1, _inspect, said, found)


def _open_round(stage: Stage, ago: int, campaign: Row) -> None:
    form = rounds.RoundForm(
        unit_id=stage.units[campaign["unit"]].id, title=campaign["title"],
        starts_on=stage.day(ago), ends_on=stage.day(campaign["days_ago_end"]),
    )  # fmt: skip
    stage.rounds[campaign["key"]] = stage.do(ago, holding(stage, Role.SUPERVISOR), rounds.open_round, form)


def _close_round(stage: Stage, ago: int, campaign: Row) -> None:
    who, round_id = holding(stage, Role.SUPERVISOR), stage.rounds[campaign["key"]]
    stage.do(ago, who, campaigns.close_round, round_id, campaign["reason"])


def _inspect(stage: Stage, ago: int, said: Row, flag: Row | None) -> None:
    item_id, answer, actor = stage.items[said["item"]], Answer(said["answer"]), stage.people[said["by"]]
    found = None
    if flag:
        found = flags.CadreFlag(text=flag["text"], risk_type=flag["risk_type"], **flag["factors"])
    stage.do(ago, actor, rounds.inspect, item_id, answer, said["note"], found)
    if flag:
        here = actor.scope(Permission.FLAG_INSPECT)
        today = stage.day(ago)
        stage.flags[flag["key"]] = _only(stage, here, item_id=item_id, raised_by=actor.person_id, raised_on=today)


def _only(stage: Stage, scope: Scope, **equal: object) -> str:
    [flag] = stage.site.store.some(flags.Flag, scope, **equal)
    return flag.id


def _plan_voice(stage: Stage, flag: Row, entries: dict[str, Row]) -> None:
    """One flag, what was decided about it, and what its sender added later."""
    key, fate = flag["key"], flag["fate"]
    if flag["source"] == Source.RESIDENT:
        stage.plan(flag["days_ago"], 1, _speak, flag)
    elif flag["source"] == Source.SUPERIOR:
        stage.plan(flag["days_ago"], 1, _raise, flag)
    entry = entries.get(fate.get("risk", ""))
    stage.plan(fate.get("days_ago"), 2 if fate["kind"] == "open" else 3, _decide, flag, entry)
    answer = fate.get("answer")
    stage.plan(fate.get("answer_days_ago"), 4, upon, stage.receipts, key, RESIDENT, followup.answer, answer)
    if thanks := flag.get("rating"):
        marks = (thanks["response"], thanks["solved"], thanks["satisfied"])
        stage.plan(thanks["days_ago"], 5, upon, stage.receipts, key, RESIDENT, followup.rate_answer, *marks)


def _speak(stage: Stage, ago: int, flag: Row) -> None:
    place = stage.units[flag["place"] or flag["unit"]]
    words = {"text": flag["text"], "item_id": stage.items[flag["item"]] if flag["item"] else None}
    channel = Channel(flag["channel"])
    if writer := flag["recorded_by"]:
        draft = recording.RecordedFlag(**words, place_id=place.id, channel=channel, consent=True)
        code = stage.do(ago, writer, recording.record_for, stage.units[flag["unit"]].id, draft)
    else:
        code = stage.do(ago, RESIDENT, flags.speak, place.code, flags.ResidentFlag(**words, place_id=None), channel)
    locator, _secret = receipts.parts(code) or ("", "")
    receipt = stage.site.store.receipt(locator)
    stage.flags[flag["key"]], stage.receipts[flag["key"]] = (receipt and receipt.flag_id) or "", code
    if flag["level"]:
        stage.do(ago, RESIDENT, followup.own_level, code, Level(flag["level"]))


def _raise(stage: Stage, ago: int, flag: Row) -> None:
    form = points.PointForm(
        unit_ids=[stage.units[flag["unit"]].id], text=flag["text"], risk_type=flag["risk_type"],
        channel=flag["channel"], item_name=stage.site.store.item_name(stage.items[flag["item"]]), **flag["factors"],
    )  # fmt: skip
    point_id = stage.do(ago, flag["by"], points.raise_point, form)
    scope = stage.people[flag["by"]].scope(Permission.FLAG_RAISE)
    stage.flags[flag["key"]] = _only(stage, scope, point_id=point_id)


def _decide(stage: Stage, ago: int, flag: Row, entry: Row | None) -> None:
    """What the flag's fate says: superiors' points are answered by the community, all else has its first review."""
    fate, flag_id = flag["fate"], stage.flags[flag["key"]]
    asked, who, reason = flag["source"] == Source.SUPERIOR, fate["by"], fate.get("reason", "")
    if flag["source"] == Source.RESIDENT and fate["kind"] != "seal":
        stage.do(ago, who, flags.note_reading, flag_id)
    match fate["kind"]:
        case "open" if entry:
            deed = points.accept if asked else merging.open_entry
            stage.risks[entry["key"]] = stage.do(ago, who, deed, flag_id, _form(stage, entry))
        case "merge":
            join = points.already_entry if asked else merging.merge
            stage.do(ago, who, join, flag_id, stage.risks[fate["risk"]], reason)
        case "ask":
            stage.do(ago, who, triage.ask_sender, flag_id, fate["question"])
        case "refer":
            stage.do(ago, who, triage.refer, flag_id, Triage(fate["triage"]), reason)
        case "decline":
            stage.do(ago, who, points.not_applicable if asked else triage.decline, flag_id, reason)
        case "seal":
            _seal(stage, ago, who, flag_id, reason)


def _form(stage: Stage, entry: Row) -> risks.RiskForm:
    return risks.RiskForm(
        title=entry["title"], manifestation=entry["manifestation"], item_id=stage.items[entry["item"]],
        dimension=entry["dimension"], risk_type=entry["risk_type"],
    )  # fmt: skip


def _seal(stage: Stage, ago: int, who: str, flag_id: str, reason: str) -> None:
    """A reader seals by hand; what the words themselves have sealed, the discipline desk opens and confirms."""
    if Role.DISCIPLINE in stage.people[who].roles:
        stage.do(ago, who, sealing.open_sealed, flag_id, reason)
        stage.do(ago, who, sealing.confirm_seal, flag_id, reason)
    else:
        stage.do(ago, who, flags.note_reading, flag_id)
        stage.do(ago, who, sealing.seal, flag_id, reason)


def _plan_entry(stage: Stage, entry: Row) -> None:
    """An entry on its way: rated, announced, filed, controlled, closed, and perhaps opened again."""
    if (decided := entry["rating"]) is None:
        return
    rater, owner = decided["by"], entry["owner"]

    def then(ago: int | None, step: int, who: str, deed: Callable[..., object], *args: object) -> None:
        stage.plan(ago, step, upon, stage.risks, entry["key"], who, deed, *args)

    team = [stage.people[entry[part]].person_id for part in ("owner", "leader", "watchdog")]
    then(decided["days_ago"], 10, rater, rating.rate, _rating(decided))
    then(decided["days_ago"], 11, rater, risks.assign, *team)
    if said := entry["objection"]:
        then(said["days_ago"], 12, said["by"], partial(rating.state, objection=said["objection"]), said["text"])
    if entry["announced_days_ago"] is not None:
        public = risks.Notice.model_validate({name: entry[name] for name in risks.Notice.model_fields})
        then(entry["announced_days_ago"], 13, entry["watchdog"], risks.announce, public)
    then(entry["filed_days_ago"], 14, rater, risks.file, entry["secret_reason"] or "")
    for measure in entry["measures"]:
        _plan_measure(stage, entry, measure)
    then(entry["controlled_days_ago"], 16, owner, risks.control)
    if closing := entry["closing"]:
        then(closing["asked_days_ago"], 21, closing["asked_by"], risks.ask_closing, closing["text"])
        then(closing["closed_days_ago"], 22, closing["closed_by"], risks.close)
    if again := entry["reopened"]:
        then(again["days_ago"], 23, again["by"], risks.reopen, again["reason"])
    for later in entry["later_ratings"]:
        then(later["days_ago"], 24, later["by"], rating.rate, _rating(later))
    for found in entry["looks"]:
        verdict = looking.LookForm(result=found["result"], verified_level=found["level"], note=found["note"])
        then(found["days_ago"], 25, found["by"], looking.look, verdict)
    for who, ago in entry["signed_again"]:
        then(ago, 26, who, _sign_again)


def _sign_again(work: Work, risk_id: str) -> None:
    """Somebody reads what was changed and signs it."""
    signing.sign_again(work, risk_id, signing.asked(work, risk_id).digest)


def _plan_passing(stage: Stage, row: Row) -> None:
    """An entry passed on, its limit extended, or where it is solved."""
    forms: dict[str, Callable[[], object]] = {
        "hand_down": lambda: HandingDown(unit_id=stage.units[row["to"]].id, reason=row["text"]),
        "extend": lambda: Extension(days=row["days"], reason=row["text"]),
        "settle": lambda: Settling(resolve_level=row["level"]),
    }
    given = forms.get(row["deed"], lambda: row["text"])

    def pass_on(stage: Stage, ago: int) -> None:
        stage.do(ago, row["by"], getattr(escalation, row["deed"]), stage.risks[row["entry"]], given())

    stage.plan(row["days_ago"], 25, pass_on)


def _rating(decided: Row) -> rating.RatingForm:
    rest = {name: decided[name] for name in ("overrides", "level", "reason", "stage") if name in decided}
    return rating.RatingForm(**decided["factors"], **rest)


def _plan_measure(stage: Stage, entry: Row, row: Row) -> None:
    """A measure from its planning to the verdict of somebody else."""

    def then(ago: int | None, step: int, who: str, deed: Callable[..., object], *args: object) -> None:
        stage.plan(ago, step, upon, stage.measures, row["key"], who, deed, *args)

    stage.plan(row["planned_days_ago"], 15, _plan_work, entry, row)
    for report in row["progress"]:
        then(report["days_ago"], 17, row["owner"], measures.report, report["percent"], report["text"])
    for file in row["evidence"]:
        then(file["days_ago"], 18, row["owner"], measures.attach, Upload(file["name"], file["text"].encode()))
    then(row["ask_days_ago"], 19, row["owner"], measures.ask_verification, row["ask_text"])
    verdict = measures.verify if row["verdict"] == MeasureStatus.VERIFIED else measures.send_back
    then(row["verdict_days_ago"], 20, row["watchdog"], verdict, row["verdict_text"])


def _plan_work(stage: Stage, ago: int, entry: Row, row: Row) -> None:
    form = measures.MeasureForm(
        text=row["text"], measure_type=row["type"], stage=row["stage"], actor_kind=row["actor_kind"],
        owner_id=stage.people[row["owner"]].person_id or "", indicator=row["indicator"],
        watchdog_id=stage.people[row["watchdog"]].person_id or "",
        starts_on=stage.day(row["days_ago_start"]), due_on=stage.day(row["days_ago_due"]),
    )  # fmt: skip
    stage.measures[row["key"]] = stage.do(ago, entry["owner"], measures.plan, stage.risks[entry["key"]], form)
