"""Who saw it: entries by the voices in them, and from where residents are heard."""

from collections.abc import Mapping
from functools import partial

from core.insight import figures
from core.text import _
from core.words import Source
from pages.insight import levels, taking_part
from pages.ui import charts, figure, gate, marks, shell, tables


def show(unit_id: str | None, note: str) -> None:
    found = gate.ask(figures.overview, unit_id)
    if found.total:
        _voices(found.overlap, note, {"unit": unit_id} if unit_id else {})
    else:
        levels.teach()
    taking_part.show(unit_id, note)


def _voices(overlap: Mapping[frozenset[Source], int], note: str, here: dict[str, str]) -> None:
    seen = figures.blind_spots(overlap)
    sentence = _(
        "Of {total} entries, residents alone saw {residents}, cadres alone {cadres}, superiors alone {superiors}; "
        "all three saw {all}.", total=seen.total, residents=seen.only_residents, cadres=seen.only_cadres,
        superiors=seen.only_superiors, all=seen.all_three,
    )  # fmt: skip
    head = figure.Head("voices", _("Who saw it"), sentence, note)
    ranked = sorted(overlap, key=lambda voices: -overlap[voices])
    rows = [
        [
            tables.Mark(marks.voices_mark(voices)), charts.voices_in_words(voices),
            tables.counted(overlap[voices], "register", **here, standing="1", voices=charts.voices_key(voices)),
        ]
        for voices in ranked
    ]  # fmt: skip
    heads = [_("Voices"), _("Who spoke"), _("Entries")]
    for chosen in figure.section(head, partial(charts.overlap, overlap), heads, rows):
        shell.go("register", **here, standing="1", voices=chosen["voices"])
