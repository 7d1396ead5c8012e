"""What became different about an entry, in words; computed from what it was on two days."""

from collections.abc import Mapping
from typing import Any

from core.text import Term, _
from core.words import Level, MeasureStatus, RiskStatus, Source

Fields = Mapping[str, Any]


def material(fields: Fields) -> dict[str, object]:
    """What counts as a change from year to year: level, measures, description and voices."""
    measures = {m["id"]: (m["text"], m["status"], m["due_on"], m["owner"]) for m in fields["measures"]}
    names = ("title", "manifestation", "item_id", "level", "expected_level", "verified_level")
    voices = {source: n for source, n in fields["voices"].items() if n}
    return {name: fields[name] for name in names} | {"measures": measures, "voices": voices}


def told(before: Fields, after: Fields) -> tuple[str, ...]:
    """Each difference as a sentence, the weightiest first; nothing where there is none that a reader would miss."""
    return (
        *_levels(before, after), *_turned(before, after, "status", _("State"), RiskStatus),
        *_described(before, after), *_people(before, after), *_measures(before, after), *_voices(before, after),
    )  # fmt: skip


def _levels(before: Fields, after: Fields) -> list[str]:
    names = {"level": _("Level"), "expected_level": _("Expected level"), "verified_level": _("Verified level")}
    return [said for name, word in names.items() for said in _turned(before, after, name, word, Level)]


def _turned(before: Fields, after: Fields, name: str, word: str, kind: type[Term]) -> list[str]:
    old, new = (kind(one[name]).label if one[name] else _("none yet") for one in (before, after))
    return [_("{what}: {before} → {after}", what=word, before=old, after=new)] if old != new else []


def _described(before: Fields, after: Fields) -> list[str]:
    said = []
    if before["title"] != after["title"]:
        said.append(_("Wording: “{before}” → “{after}”", before=before["title"], after=after["title"]))
    if before["manifestation"] != after["manifestation"]:
        said.append(_("How it shows was described anew"))
    if before["item_id"] != after["item_id"]:
        names = [one["item"] or _("none yet") for one in (before, after)]
        said.append(_("{what}: {before} → {after}", what=_("Power item"), before=names[0], after=names[1]))
    return said


def _people(before: Fields, after: Fields) -> list[str]:
    said = []
    for name, word in (("owner", _("In charge")), ("leader", _("Leads")), ("watchdog", _("Watches"))):
        old, new = (one[name] or _("nobody yet") for one in (before, after))
        if old != new:
            said.append(_("{what}: {before} → {after}", what=word, before=old, after=new))
    return said


def _measures(before: Fields, after: Fields) -> list[str]:
    old = {m["id"]: m for m in before["measures"]}
    said = []
    for new in after["measures"]:
        was = old.get(new["id"])
        if was is None:
            said.append(_("Measure added: “{text}”", text=new["text"]))
            continue
        if was["status"] != new["status"]:
            states = [MeasureStatus(one["status"]).label for one in (was, new)]
            said.append(_("Measure “{text}”: {before} → {after}", text=new["text"], before=states[0], after=states[1]))
        elif was["percent"] != new["percent"]:
            said.append(_("Measure “{text}”: now at {n} %", text=new["text"], n=new["percent"]))
        if was["due_on"] != new["due_on"]:
            said.append(_("Measure “{text}”: due on {after}, was {before}", text=new["text"], before=was["due_on"],
                          after=new["due_on"]))  # fmt: skip
    return said


def _voices(before: Fields, after: Fields) -> list[str]:
    """Which voices came or went; how many residents spoke is told by no sentence."""
    said = []
    for source in Source:
        old, new = (one["voices"].get(source.value, 0) for one in (before, after))
        if new and not old:
            said.append(_("{voice}: now spoke too", voice=source))
        elif old and not new:
            said.append(_("{voice}: no longer in it", voice=source))
        elif new > old:
            said.append(_("{voice}: spoke again", voice=source))
    return said
