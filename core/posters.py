"""Posters: which notices a community can hang up, one for itself, each of its places and each public power item."""

from dataclasses import dataclass

from core.access import Permission
from core.doorstep import Doorstep, recording
from core.store import Work


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

    community: str
    places: tuple[Poster, ...]
    items: tuple[Poster, ...]


def posters(work: Work) -> list[Posters]:
    """The sheets of the communities for whose residents the actor may write down what they say."""
    work.actor.require(Permission.FLAG_RECORD)
    return [_posters(work, step) for step in recording(work)]


def _posters(work: Work, step: Doorstep) -> Posters:
    names, codes = dict(step.places), {row.id: row.code for row in work.store.places(step.community_id)}
    places = (Poster(step.community, step.code), *(Poster(name, codes[key]) for key, name in names.items()))
    return Posters(
        step.community, places, tuple(Poster(name, step.code, key) for key, name in step.item_words().items())
    )
