"""What became different about an entry, in words; computed from what it was on two days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.text import N_, _, day
from core.words import (
    ActorKind,
    Dimension,
    DisclosureClass,
    DisclosureWhen,
    Level,
    MeasureStage,
    MeasureStatus,
    MeasureType,
    RatingStage,
    RiskStatus,
    RiskType,
    Source,
)

Fields = Mapping[str, Any]
Shown = Callable[[Any], str]
"""How a value of a field is told."""


@dataclass(frozen=True)
class Difference:
    """One sentence, and the fields it speaks of: names of a version's fields, `measures.ID`, `measures.ID.NAME`, or
    `voices.SOURCE`."""

    fields: tuple[str, ...]
    said: str


def material(fields: Fields) -> dict[str, object]:
    """What counts as a change from year to year: level, measures, description and voices."""
    measures = {m["id"]: (m["text"], m["status"], m["due_on"], m["owner"]) for m in fields["measures"]}
    names = ("title", "manifestation", "item_id", "level", "expected_level", "verified_level")
    return {name: fields[name] for name in names} | {"measures": measures, "voices": _told_of(fields["voices"])}


def _told_of(voices: dict[str, int]) -> dict[str, int]:
    """How many of each voice there are; of residents alone that there are any. Who goes from day to day would else
    count them by the days on which they spoke again (core.privacy.small)."""
    return {source: 1 if source == Source.RESIDENT else n for source, n in voices.items() if n}


def told(before: Fields, after: Fields) -> tuple[str, ...]:
    """Each difference as a sentence, the weightiest first; nothing where there is none."""
    return tuple(one.said for one in differences(before, after))


def differences(before: Fields, after: Fields) -> Iterator[Difference]:
    """Every field that differs, in sentences. How many residents spoke is told by none, nor that more of them did."""
    yield from _levels(before, after)
    for name, what, shown in _PLAIN:
        if before[name] != after[name]:
            yield Difference((name,), _turned(_(what), _value(before[name], shown), _value(after[name], shown)))
    yield from _described(before, after)
    if before["measures"] != after["measures"]:
        yield from _measures(before, after)
    if before["voices"] != after["voices"]:
        yield from _voices(before, after)


_AT_FIRST = ("level", "status", "post", "owner", "measures", "voices")
"""What is told of an entry that was not there before; the rest stands in it."""


def founded(fields: Fields) -> tuple[str, ...]:
    """What is told of an entry that was not there before: its opening, and what was decided since."""
    blank = dict.fromkeys(name for name, _what, _shown in _PLAIN) | {
        "level": None, "expected_level": None, "verified_level": None, "measures": [], "ratings": [], "voices": {},
    }  # fmt: skip
    same = {name: fields[name] for name in ("title", "manifestation", "dimension", "risk_type", "disclosure_class",
                                            "disclosure_when", "item", "item_id")}  # fmt: skip
    opened = _("Opened on {day}", day=date.fromisoformat(fields["opened_on"]))
    found = differences(blank | same, fields)
    return opened, *(one.said for one in found if one.fields[0].split(".")[0] in _AT_FIRST)


def _label(kind: Any) -> Shown:
    return lambda value: str(kind(value).label)


def _day(value: Any) -> str:
    return day(date.fromisoformat(value))


def _quoted(text: str) -> str:
    return _("“{text}”", text=text) if text else ""


_PLAIN: tuple[tuple[str, str, Shown], ...] = (
    ("status", N_("State"), _label(RiskStatus)), ("dimension", N_("Dimension"), _label(Dimension)),
    ("risk_type", N_("Kind of risk"), _label(RiskType)), ("post", N_("Post in charge"), str),
    ("owner", N_("In charge"), str), ("leader", N_("Leader in charge"), str), ("watchdog", N_("Watches"), str),
    ("announced_on", N_("Day of the public notice"), _day), ("filed_on", N_("Day of the filing"), _day),
    ("closed_on", N_("Day of the closing"), _day),
    ("disclosure_class", N_("Class of disclosure"), _label(DisclosureClass)),
    ("disclosure_when", N_("When disclosed"), _label(DisclosureWhen)),
)  # fmt: skip
_OF_MEASURE: tuple[tuple[str, str, Shown], ...] = (
    ("due_on", N_("Due day"), _day), ("starts_on", N_("Start day"), _day), ("owner", N_("Owner"), str),
    ("watchdog", N_("Verifier"), str), ("measure_type", N_("Kind of measure"), _label(MeasureType)),
    ("stage", N_("Stage"), _label(MeasureStage)), ("actor_kind", N_("Who carries it out"), _label(ActorKind)),
    ("indicator", N_("How we see that it is done"), _quoted),
)  # fmt: skip
_STAGES = (
    (RatingStage.INITIAL, "level", N_("Level")), (RatingStage.EXPECTED, "expected_level", N_("Expected level")),
    (RatingStage.VERIFIED, "verified_level", N_("Verified level")),
)  # fmt: skip


def _value(value: Any, shown: Shown) -> str:
    return shown(value) if value else ""


def _turned(what: str, before: str, after: str) -> str:
    """That something became something else, was set, or is no longer there."""
    if not before:
        return _("{what} is now {after}", what=what, after=after)
    if not after:
        return _("{what} is no longer set; it was {before}", what=what, before=before)
    return _("{what} changed from {before} to {after}", what=what, before=before, after=after)


def _levels(before: Fields, after: Fields) -> Iterator[Difference]:
    """Levels with the reason of their rating, and ratings that left the level as it was."""
    decided = after["ratings"][len(before["ratings"]) :]
    if not decided and all(before[name] == after[name] for _stage, name, _word in _STAGES):
        return
    for stage, name, word in _STAGES:
        new = [rating for rating in decided if rating["stage"] == stage]
        why = _(", reason: {reason}", reason=new[-1]["reason"]) if new and new[-1]["reason"] else ""
        level = _label(Level)
        old, now = (_value(one[name], level) for one in (before, after))
        if old != now:
            yield Difference((name, "ratings"), _turned(_(word), old, now) + why)
        elif new:
            yield Difference(("ratings",), _("Rated anew: {what} stays {level}", what=_(word), level=now) + why)


def _described(before: Fields, after: Fields) -> Iterator[Difference]:
    if before["title"] != after["title"]:
        yield Difference(("title",), _turned(_("Wording"), *(_quoted(one["title"]) for one in (before, after))))
    if before["manifestation"] != after["manifestation"]:
        words = _turned(_("How it shows"), *(_quoted(one["manifestation"]) for one in (before, after)))
        yield Difference(("manifestation",), words)
    public = [one.get("wording") or "" for one in (before, after)]  # not kept of days before it could be changed
    if public[0] != public[1] and all(public):
        yield Difference(("wording",), _turned(_("Public wording"), *map(_quoted, public)))
    names = [_quoted(one["item"] or "") for one in (before, after)]
    if before["item_id"] != after["item_id"]:
        yield Difference(("item_id", "item"), _turned(_("Power item"), *names))
    elif names[0] != names[1]:
        yield Difference(("item",), _turned(_("Name of the power item"), *names))


def _measures(before: Fields, after: Fields) -> Iterator[Difference]:
    old, new = ({m["id"]: m for m in one["measures"]} for one in (before, after))
    for key in (key for key in new if key not in old):
        m, due = new[key], _day(new[key]["due_on"])
        said = _("Measure added: “{text}”, {owner} until {due}", text=m["text"], owner=m["owner"], due=due)
        if m["status"] != MeasureStatus.OPEN:
            said += _(", now {state}", state=MeasureStatus(m["status"]))
        yield Difference((f"measures.{key}",), said)
    for key in (key for key in old if key not in new):
        yield Difference((f"measures.{key}",), _("Measure no longer there: “{text}”", text=old[key]["text"]))
    for key in (key for key in new if key in old):
        yield from _measure(f"measures.{key}.", old[key], new[key])


def _measure(path: str, old: Fields, new: Fields) -> Iterator[Difference]:
    named = _("Measure “{text}”", text=new["text"])
    if old["text"] != new["text"]:
        yield Difference((f"{path}text",), _turned(_("Measure"), *(_quoted(one["text"]) for one in (old, new))))
    steps = tuple(f"{path}{name}" for name in ("status", "percent", "done_on"))
    if old["status"] != new["status"]:
        states = [MeasureStatus(one["status"]).label for one in (old, new)]
        yield Difference(steps, _turned(named, *states))
    elif (old["percent"], old["done_on"]) != (new["percent"], new["done_on"]):
        said = _("{measure}: now at {n} %", measure=named, n=new["percent"])
        done = _(", done on {day}", day=_day(new["done_on"])) if new["done_on"] else ""
        yield Difference(steps, said + done)
    for name, what, shown in _OF_MEASURE:
        if old[name] != new[name]:
            words = _turned(_(what), _value(old[name], shown), _value(new[name], shown))
            yield Difference((f"{path}{name}",), _("{measure}: {what}", measure=named, what=words))


def _voices(before: Fields, after: Fields) -> Iterator[Difference]:
    """Which voices came or went."""
    for source in Source:
        old, new = (_told_of(one["voices"]).get(source.value, 0) for one in (before, after))
        if old == new:
            continue
        word = N_("{voice}: spoke again")
        if not old:
            word = N_("{voice}: now spoke too")
        elif new < old:
            word = N_("{voice}: some taken out again") if new else N_("{voice}: no longer in it")
        yield Difference((f"voices.{source.value}",), _(word, voice=source))
