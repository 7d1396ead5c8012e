"""Posters: which notices a community can hang up, one for itself, each of its places and each public power item."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.access import Permission
from core.documents import Document, kept
from core.formats import pdf
from core.organisation.units import Unit
from core.store import Work
from core.text import _
from core.voices.doorstep import Doorstep, recording
from core.words import RECORDED


@dataclass(frozen=True)
class Poster:
    """One sheet: what it is for, and the public code and power item its address carries (`item_id` may be empty)."""

    about: str
    code: str
    item_id: str = ""

    def query(self) -> dict[str, str]:
        """What the address of the sheet asks for beside its code."""
        return {"item": self.item_id} if self.item_id else {}


@dataclass(frozen=True)
class Posters:
    """The sheets of one community."""

    community_id: str
    community: str
    places: tuple[Poster, ...]
    items: tuple[Poster, ...]


def posters(work: Work, unit_id: str) -> Posters:
    """The sheets of a community for whose residents the actor may write down what they say."""
    work.actor.require(Permission.FLAG_RECORD)
    return _posters(work, recording(work, unit_id))


def _posters(work: Work, step: Doorstep) -> Posters:
    names, codes = dict(step.places), {row.id: row.code for row in work.store.places(step.community_id)}
    places = (Poster(step.community, step.code), *(Poster(name, codes[key]) for key, name in names.items()))
    items = tuple(Poster(name, step.code, key) for key, name in step.item_words().items())
    return Posters(step.community_id, step.community, places, items)


@dataclass(frozen=True)
class Sheet:
    """A notice with the form on its back, as it is printed: where it hangs, what it is about, and its two addresses."""

    community: str
    place: str
    item: str
    speak: str
    board: str


def taken(work: Work, community_id: str, chosen: Collection[Poster], site: str) -> list[Sheet]:
    """Some of the sheets of a community to be printed; `site` is the address the product is reached at."""
    scope = work.actor.require(Permission.FLAG_RECORD)
    found = posters(work, community_id)
    sheets = [_sheet(found, one, site) for one in (*found.places, *found.items) if one in chosen]
    kept(work, work.store.one(Unit, community_id, scope), Document.POSTER, len(sheets))
    return sheets


def written(sheets: Collection[Sheet]) -> bytes:
    """Notices as PDF, each with its front and, on the next page, the form on paper for its back."""
    return pdf.written("poster", {"sheets": [_drawn(sheet) for sheet in sheets], "words": _words()})


def _sheet(found: Posters, poster: Poster, site: str) -> Sheet:
    place = "" if poster.item_id or poster is found.places[0] else poster.about
    speak = f"{site}/r/{poster.code}" + (f"?item={poster.item_id}" if poster.item_id else "")
    return Sheet(
        found.community, place, poster.about if poster.item_id else "", speak, f"{site}/b/{poster.code}"
    )  # fmt: skip


def _drawn(sheet: Sheet) -> dict[str, Any]:
    whole = _("The whole of {place}", place=sheet.community)
    return {
        "where": " · ".join(part for part in (sheet.community, sheet.place) if part), "item": sheet.item,
        "about": _("About: {item}", item=sheet.item) if sheet.item else "",
        "invite": _("Where could it go wrong? Scan and say it. You leave no name.") if sheet.item else _("A list, a seal, a shop to let, a project: where could it go wrong? Scan and say it. You leave no name."),  # noqa: E501
        "places": [sheet.place, whole] if sheet.place else [whole],
        "speak": _("Or type this address: {address}", address=sheet.speak.partition("?")[0]),
        "speak_code": pdf.code(sheet.speak), "board_code": pdf.code(sheet.board),
    }  # fmt: skip


def _words() -> dict[str, Any]:
    """What every notice says alike."""
    return {
        "title": _("Say what worries you"), "board": _("Public board of this community"),
        "board_says": _("What could go wrong, what is being done about it, and by when."),
        "phones": _("Misconduct of a certain person: 12388. Daily needs: 12345. Emergencies: 110, 119, 120."),
        "paper": _("On paper"),
        "free": _("You need not write your name, telephone or door. Three questions; one is enough."),
        "first": _("What worries you?"), "first_says": _("What happened, where, since when."),
        "second": _("What is it about?"), "third": _("Where?"), "elsewhere": _("Elsewhere:"),
        "hand": _("Where to hand it in"),
        "hand_says": _("Into the letter box of the community, or to a member of the residents' watchdog committee. Whoever hands it over in person gets a receipt code to see what comes of it. About what a certain person did: 12388, or in a closed envelope to the street discipline desk."),  # noqa: E501
        "agree": _("I agree that this is entered as I wrote it."), "office": _("For whoever takes it in"),
        "channels": [channel.label for channel in RECORDED], "taken": _("Taken in on"),
        "given": _("Receipt code handed over"),
    }  # fmt: skip
