"""Deeds of people, done as their pages do them: each a use case in a unit of work of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from bench.stand import Community
from core import dates
from core.access import RESIDENT, Actor
from core.entries import rating, risks
from core.prevention import measures as core_measures
from core.review import inbox, merging
from core.voices import flags
from core.words import Dimension, Level, RiskType
from db.work import reading, work


def do(engine: Engine, who: Actor, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A deed, committed when this returns; refusals are raised."""
    with work(engine, who, dates.now()) as doing:
        return deed(doing, *args, **kwargs)


def ask(engine: Engine, who: Actor, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    with reading(engine, who, dates.now()) as asked:
        return question(asked, *args, **kwargs)


def spoken(engine: Engine, code: str, said: str) -> str:
    """A resident speaks; the receipt code."""
    return str(do(engine, RESIDENT, flags.speak, code, flags.ResidentFlag(text=said)))


@dataclass(frozen=True)
class Ready:
    """What waits in a community: an entry under control, flags to merge into it, measures of it to verify, and another
    entry whose closing was asked for."""

    community: Community
    risk_id: str
    flags: tuple[str, ...]
    measures: tuple[str, ...]
    closing_id: str


def ready(engine: Engine, community: Community, supervisor: Actor, flags_: int, measures_: int) -> Ready:
    """Bring a community so far, through the use cases; what takes days is done days ago."""
    risk_id, measures = _controlled(engine, community, supervisor, "救助对象名单公开不及时", measures_)
    closing_id, [last] = _controlled(engine, community, supervisor, "公章使用没有登记", 1)
    do(engine, community.watchdog, core_measures.verify, last, "现场看过，属实")
    do(engine, community.cadre, risks.ask_closing, closing_id, "都做到了")
    for n in range(flags_):
        spoken(engine, community.code, f"名单没有贴出来（{community.code}第{n}次）")
    waiting = ask(engine, community.watchdog, inbox.inbox)
    return Ready(community, risk_id, tuple(row.id for row in waiting[:flags_]), measures, closing_id)


def _controlled(
    engine: Engine, community: Community, supervisor: Actor, title: str, count: int
) -> tuple[str, tuple[str, ...]]:
    """An entry under control whose measures are all reported as done and wait to be verified."""
    cadre, watchdog = community.cadre, community.watchdog
    ago, since = dates.now() - timedelta(days=12), dates.now() - timedelta(days=2)
    with work(engine, RESIDENT, ago) as doing:
        flags.speak(doing, community.code, flags.ResidentFlag(text=title))
    [flag] = [row for row in ask(engine, watchdog, inbox.inbox) if row.text == title]
    form = risks.RiskForm(
        title=title, item_id=community.item_id, dimension=Dimension.CLEAN_AFFAIRS, risk_type=RiskType.PROCESS
    )
    with work(engine, watchdog, ago) as doing:
        risk_id = merging.open_entry(doing, flag.id, form)
    rated = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=Level.MEDIUM, reason="")
    with work(engine, supervisor, ago) as doing:
        rating.rate(doing, risk_id, rated)
    with work(engine, watchdog, ago) as doing:
        risks.announce(doing, risk_id, risks.Notice(wording="救助名单的公开有时不够及时"))
    with work(engine, supervisor, since) as doing:
        risks.file(doing, risk_id)
    with work(engine, watchdog, since) as doing:
        risks.assign(doing, risk_id, cadre.person_id, None, watchdog.person_id)
    planned = []
    for n in range(count):
        today = dates.today(dates.now())
        measure = core_measures.MeasureForm(
            text=f"每季度首月五日前在公开栏张贴名单（{n}）", owner_id=cadre.person_id or "",
            watchdog_id=watchdog.person_id or "", starts_on=today, due_on=today + timedelta(days=20),
        )  # fmt: skip
        planned.append(do(engine, supervisor, core_measures.plan, risk_id, measure))
    do(engine, cadre, risks.control, risk_id)
    for measure_id in planned:
        do(engine, cadre, core_measures.report, measure_id, 60, "已整理名单")
        do(engine, cadre, core_measures.ask_verification, measure_id, "已张贴并拍照")
    return risk_id, tuple(planned)
