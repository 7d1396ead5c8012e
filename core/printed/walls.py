"""Sheets for the wall (社区权力上墙): one sheet for each power item, with its flow, its post and how it is watched."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from core.access import Permission
from core.documents import Document, kept
from core.formats import pdf
from core.organisation.units import Unit
from core.rows import ItemRow
from core.store import Work
from core.text import _
from core.words import DisclosureClass

_STEPS = re.compile(r"[\n→⇒；;]|-+>")
_NUMBER = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）.、．]|[①-⑳])\s*")


class PaperSize(StrEnum):
    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True)
class Wall:
    """The sheets of a community on a day; `address` is its public board."""

    community: str
    address: str
    day: date
    items: tuple[ItemRow, ...]


def offered(work: Work, unit_id: str) -> list[ItemRow]:
    """The power items of a community that are for the public."""
    scope = work.actor.require(Permission.ITEM_READ)
    unit = work.store.one(Unit, unit_id, scope)
    return [row for row in work.store.public_items(unit.id) if row.disclosure_class is not DisclosureClass.NONE]


def taken(work: Work, unit_id: str, item_ids: Collection[str], site: str) -> Wall:
    """The sheets of some power items to be printed; `site` is the address the product is reached at."""
    scope = work.actor.require(Permission.ITEM_READ)
    unit = work.store.one(Unit, unit_id, scope)
    rows = tuple(row for row in offered(work, unit_id) if row.id in item_ids)
    kept(work, unit, Document.WALL, len(rows))
    return Wall(unit.name, f"{site}/b/{unit.code}", work.today, rows)


def written(wall: Wall, size: PaperSize = PaperSize.A4) -> bytes:
    """The sheets as PDF, each power item on a page of its own, or on more where it has much to say."""
    return pdf.written("wall", {
        "paper": size.value, "sheets": [_sheet(wall, row) for row in wall.items], "flow": _("How it is done"),
        "code": pdf.code(wall.address), "invite": _("Scan to see what is made public, and to say what worries you"),
        "address": _("Or type this address: {address}", address=wall.address),
        "phones": _("Misconduct of a certain person: 12388. Daily needs: 12345. Emergencies: 110, 119, 120."),
        "foot": _("{community}, as of {day}", community=wall.community, day=wall.day),
    })  # fmt: skip


def steps(procedure: str) -> list[str]:
    """The steps of a procedure as it was typed, without the numbers in front of them."""
    parts = (_NUMBER.sub("", part).strip() for part in _STEPS.split(procedure))
    return [part for part in parts if part]


def _sheet(wall: Wall, row: ItemRow) -> dict[str, Any]:
    facts = (
        (_("Basis"), row.basis), (_("Who handles it"), row.body), (_("Post in charge"), row.post),
        (_("Time limit"), row.time_limit), (_("Who watches, and how"), row.supervision),
        (_("How and when disclosed"), "·".join(t.label for t in (row.disclosure_class, row.disclosure_when) if t)),
    )  # fmt: skip
    marks = [row.dimension.label, *([_("Major decision, appointment, project or large sum")] if row.major else [])]
    return {
        "over": _("Powers of {community}, open to all", community=wall.community), "name": row.name,
        "marks": " · ".join(marks), "facts": [fact for fact in facts if fact[1].strip()], "steps": steps(row.procedure),
    }
