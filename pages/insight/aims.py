"""Where a count leads, and what the three voices are called in a sentence."""

from core.insight.blindspots import Asked, Choices
from core.text import N_, _
from core.words import Source

_NOUNS = {
    Source.SELF: N_("cadres"), Source.SUPERIOR: N_("superiors"), Source.RESIDENT: N_("residents"),
}  # fmt: skip


def who(source: Source) -> str:
    """A voice as whoever speaks."""
    return _(_NOUNS[source])


def register(asked: Asked, choices: Choices) -> dict[str, str]:
    """The address of the register for what is looked at, archived entries among it."""
    found = {"unit": asked.unit_id, "item": asked.item_id, "dimension": asked.dimension}
    round_ = next((row for row in choices.rounds if row.id == asked.round_id), None)
    if round_:
        paths = {unit.id: unit.path for unit in choices.units}
        chosen, own = paths.get(asked.unit_id or "", ""), paths.get(round_.unit_id, "")
        found["unit"] = round_.unit_id if own.startswith(chosen) and own else asked.unit_id
        last = min(round_.ends_on, round_.closed_on or round_.ends_on)
        found |= {"since": round_.starts_on.isoformat(), "until": last.isoformat()}
    return {name: str(value) for name, value in found.items() if value} | {"whole": "1"}
