"""Flags as raw rows, past every rule, for registers that figures are recounted from."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from tests.makers import Place


@dataclass(frozen=True)
class Spoken:
    voice: str
    level: str | None
    sealed: bool
    recused: str | None
    undone: bool


def write_flag(place: Place, rows: Any, risk: str | None, flag_id: str, unit: str, flag: Spoken) -> None:
    rows.execute(
        text("INSERT INTO flags (id, unit_id, source, channel, text, raised_on, due_on, level, status, reason, sealed,"
             " seal_confirmed, version_id) VALUES (:id, :unit, :voice, 'web', 'x', :day, :day, :level, 'merged', '',"
             " :sealed, :no, 1)"),
        {"id": flag_id, "unit": unit, "voice": flag.voice, "day": place.today, "level": flag.level,
         "sealed": flag.sealed, "no": False},
    )  # fmt: skip
    if risk:
        rows.execute(
            text("INSERT INTO links (id, unit_id, flag_id, risk_id, before, linked_by, linked_at, reason, founding,"
                 " undone_at, undone_reason) VALUES (:id, :unit, :flag, :risk, 'new', :who, :at, '', :no, :undone,"
                 " '')"),
            {"id": f"link-{flag_id}", "unit": unit, "flag": flag_id, "risk": risk, "at": place.now, "no": False,
             "who": place.people["watchdog"].person_id, "undone": place.now if flag.undone else None},
        )  # fmt: skip
    if flag.recused:
        rows.execute(
            text("INSERT INTO recusals (id, unit_id, flag_id, person_id, reason) VALUES (:id, :unit, :flag, :who, '')"),
            {"id": f"recusal-{flag_id}", "unit": unit, "flag": flag_id, "who": place.people[flag.recused].person_id},
        )
