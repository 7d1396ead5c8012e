"""Exchange packs (可学可复制): risk points and measures of one community as a file that another one can learn from.

Only what stands on the public board goes into a pack, in words without people, places or small numbers. What is taken
in becomes suggestions beside the starter library; nothing in a register changes by it. The file is told in
docs/exchange.md.
"""

import io
import json
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from core.access import Permission
from core.audit import canonical
from core.documents import Document, kept
from core.entries.risks import Risk
from core.errors import Invalid, Missing, Refused
from core.events import Event
from core.evidence import sha256
from core.formats.sheets import BROKEN
from core.items import LibraryPoint, suggestions
from core.organisation.units import Unit, new_id
from core.prevention.measures import Measure
from core.privacy.wording import without_known, without_people, without_places
from core.store import Work
from core.text import N_, _, clean, folded
from core.words import Dimension, DisclosureClass, Level, MeasureStage, MeasureType, RiskType

FORMAT, VERSION = "qingyuan-exchange", 1
CONTENT, DIGEST = "pack.json", "pack.json.sha256"
MOST_POINTS, MOST_MEASURES = 200, 20
LARGEST = 1024 * 1024
"""Bytes of a pack, and of what is packed in it once unpacked."""
NEAR = 4
"""Letters two names of power items must have for one inside the other to count as the same."""

_BROKEN = N_("This file is no exchange pack, or it is damaged. Please ask for it anew.")
_LENGTHS = N_(
    "A text is too short or too long: 4 to 300 characters for a risk point, 4 to 500 for a measure, and 1 to {n} "
    "entries in all."
)
_STRICT = ConfigDict(frozen=True, str_strip_whitespace=True)
Words = Annotated[str, BeforeValidator(lambda said: clean(said) if isinstance(said, str) else said)]
"""A text of a pack, measured without what cannot be seen in it."""


class SharedMeasure(BaseModel):
    """A measure as it stands in a pack."""

    model_config = _STRICT

    text: Words = Field(min_length=4, max_length=500)
    measure_type: MeasureType
    stage: MeasureStage


class SharedPoint(BaseModel):
    """A risk point as it stands in a pack; its level is a suggestion to be rated again locally."""

    model_config = _STRICT

    dimension: Dimension
    risk_type: RiskType
    power_item: Words = Field(min_length=2, max_length=80)
    risk_point: Words = Field(min_length=4, max_length=300)
    level: Level
    measures: tuple[SharedMeasure, ...] = Field(max_length=MOST_MEASURES)


class PackFile(BaseModel):
    """What a pack holds."""

    model_config = _STRICT

    format: str
    version: int
    title: Words = Field(min_length=2, max_length=80)
    made_on: date
    points: tuple[SharedPoint, ...] = Field(min_length=1, max_length=MOST_POINTS)


@dataclass(eq=False)
class TakenPack:
    """A pack a unit has taken in; `points` as they stand in the file, `digest` the SHA-256 of its content."""

    id: str
    unit_id: str
    title: str
    digest: str
    made_on: date
    taken_on: date
    taken_by: str
    points: list[dict[str, Any]]

    def told(self) -> list[SharedPoint]:
        return [SharedPoint.model_validate(point) for point in self.points]


@dataclass(frozen=True)
class Offer:
    """A published entry as it could be shared, in words that may still be made more neutral."""

    risk_id: str
    number: int
    power_item: str
    risk_point: str
    measures: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """What is shared of one entry, in the words chosen for it; the measures in the order of the entry's own."""

    risk_id: str
    power_item: str
    risk_point: str
    measures: tuple[str, ...]


def offered(work: Work, unit_id: str) -> list[Offer]:
    """The entries of a community that may be shared: those on its public board, with a level and a power item."""
    scope = work.actor.require(Permission.PACK_SHARE)
    unit = work.store.one(Unit, unit_id, scope)
    return [
        Offer(page.id, page.number, page.item, page.wording, tuple(row["text"] for row in page.measures))
        for page in work.store.published(unit.id)
        if page.level is not None and page.item
    ]  # fmt: skip


def checked(work: Work, unit_id: str, title: str, chosen: Sequence[Chosen]) -> PackFile:
    """A pack of some entries as it would be written; refused, each place by itself, where words name people, a place
    or a number of few."""
    scope = work.actor.require(Permission.PACK_SHARE)
    unit = work.store.one(Unit, unit_id, scope)
    may = {offer.risk_id for offer in offered(work, unit_id)}
    if any(one.risk_id not in may for one in chosen) or len({one.risk_id for one in chosen}) < len(chosen):
        raise Missing  # of an entry that stood twice, only one would be checked
    texts = {"title": title} | {key: text for one in chosen for key, text in _words(one).items()}
    without_people(work, unit.id, **texts)
    without_places(work, **texts)
    points = [
        _point(work.store.one(Risk, one.risk_id, scope), one, work.store.measures_of(one.risk_id)) for one in chosen
    ]
    told = {"format": FORMAT, "version": VERSION, "title": title, "made_on": work.today, "points": points}
    try:
        return PackFile.model_validate(told)
    except ValidationError as wrong:
        raise Invalid(title=_(_LENGTHS, n=MOST_POINTS)) from wrong


def taken_out(work: Work, unit_id: str, title: str, chosen: Sequence[Chosen]) -> PackFile:
    """A pack of some entries to be written; that it was taken is kept."""
    scope = work.actor.require(Permission.PACK_SHARE)
    pack = checked(work, unit_id, title, chosen)
    kept(work, work.store.one(Unit, unit_id, scope), Document.EXCHANGE, len(pack.points))
    return pack


def _words(one: Chosen) -> dict[str, str]:
    """The texts of an entry as they are checked, each under a name of its own."""
    return {
        f"{one.risk_id}:item": one.power_item, f"{one.risk_id}:point": one.risk_point,
        **{f"{one.risk_id}:measure:{n}": text for n, text in enumerate(one.measures)},
    }  # fmt: skip


def written(pack: PackFile) -> bytes:
    """A pack as a file: its content as JSON and the digest of it, zipped; the same pack is always the same bytes."""
    content = canonical(pack.model_dump(mode="json")).encode()
    kept_in = io.BytesIO()
    with zipfile.ZipFile(kept_in, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, part in ((CONTENT, content), (DIGEST, sha256(content).encode())):
            packed.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return kept_in.getvalue()


def read(content: bytes) -> tuple[PackFile, str]:
    """What a pack holds, with its digest; `Invalid` with the reason where it cannot be taken."""
    if len(content) > LARGEST:
        raise Invalid(file=_("This file is larger than 1 MB."))
    said, told = _parts(content)
    if sha256(said) != told:
        raise Invalid(file=_("This pack was changed after it was made. Please ask for it anew."))
    try:
        loose = json.loads(said)
        if loose.get("format") == FORMAT and isinstance(loose.get("version"), int) and loose["version"] > VERSION:
            raise Invalid(file=_("This pack was made by a newer version of the product. Please update this one first."))
        pack = PackFile.model_validate(loose)
    except (ValueError, AttributeError, RecursionError) as wrong:
        raise Invalid(file=_(_BROKEN)) from wrong
    if pack.format != FORMAT or pack.version != VERSION:
        raise Invalid(file=_(_BROKEN))
    return pack, told


def take_in(work: Work, unit_id: str, content: bytes) -> str:
    """Take a pack in as suggestions for a unit and all below it; refused where it names somebody, or was taken in."""
    scope = work.actor.require(Permission.PACK_SHARE)
    unit = work.store.one(Unit, unit_id, scope)
    pack, digest = read(content)
    if any(one.digest == digest for one in work.store.some(TakenPack, scope, unit_id=unit.id)):
        raise Refused(N_("This pack has been taken in already."))
    known = work.store.known_people(unit.id)
    try:
        without_known(known, title=pack.title)
    except Invalid as found:
        raise Invalid(file=found.fields["title"]) from found
    for n, point in enumerate(pack.points, start=1):
        try:
            without_known(known, point=" ".join((point.power_item, point.risk_point, *_texts(point))))
        except Invalid as found:
            raise Invalid(file=_("Point {n} of this pack: {why}", n=n, why=found.fields["point"])) from found
    taken = TakenPack(
        new_id(), unit.id, pack.title, digest, pack.made_on, work.today, work.person_id,
        [point.model_dump(mode="json") for point in pack.points],
    )  # fmt: skip
    work.store.add(taken)
    work.record(Event.PACK_TAKEN_IN, taken.id, chain=unit.id, rows=len(pack.points), sha256=digest)
    return taken.id


def put_away(work: Work, pack_id: str) -> None:
    """Suggest nothing any more from a pack; what was accepted from it stays."""
    scope = work.actor.require(Permission.PACK_SHARE)
    pack = work.store.one(TakenPack, pack_id, scope)
    work.store.remove(pack)
    work.record(Event.PACK_DROPPED, pack.id, chain=pack.unit_id, sha256=pack.digest)


def packs(work: Work, unit_id: str) -> list[TakenPack]:
    """The packs a unit or one above it has taken in, the newest first."""
    scope = work.actor.require(Permission.PACK_SHARE)
    return work.store.packs_for(work.store.one(Unit, unit_id, scope).id)


def known_elsewhere(work: Work, unit_id: str, item_name: str) -> list[LibraryPoint]:
    """What the starter library and the packs taken in know of a power item, for one who inspects or plans."""
    scope = work.actor.require(Permission.ITEM_READ)
    unit = work.store.one(Unit, unit_id, scope)
    borrowed = [
        LibraryPoint(
            point.dimension, point.risk_type, point.power_item, point.risk_point, point.level, tuple(_texts(point)),
            DisclosureClass.NONE, None, masked=False,
        )
        for pack in work.store.packs_for(unit.id) for point in pack.told() if same_item(point.power_item, item_name)
    ]  # fmt: skip
    return list({point.risk_point: point for point in (*borrowed, *suggestions(item_name))}.values())


def same_item(one: str, other: str) -> bool:
    """Whether two names may be those of one power item: alike, or the one inside the other."""
    short, long = sorted((folded(one), folded(other)), key=len)
    return short == long or (len(short) >= NEAR and short in long)


def _point(risk: Risk, one: Chosen, measures: Sequence[Measure]) -> dict[str, Any]:
    shared = [
        {"text": text, "measure_type": row.measure_type, "stage": row.stage}
        for row, text in zip(measures, one.measures, strict=False) if text.strip()
    ]  # fmt: skip
    return {
        "dimension": risk.dimension, "risk_type": risk.risk_type, "level": risk.level, "power_item": one.power_item,
        "risk_point": one.risk_point, "measures": shared,
    }  # fmt: skip


def _texts(point: SharedPoint) -> Collection[str]:
    return [row.text for row in point.measures]


def _parts(content: bytes) -> tuple[bytes, str]:
    """The content of a pack and the digest that stands beside it; no more is unpacked than a pack may hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sorted(packed.namelist()) != sorted((CONTENT, DIGEST)):
                raise Invalid(file=_(_BROKEN))
            said, told = (packed.open(name).read(LARGEST + 1) for name in (CONTENT, DIGEST))
    except BROKEN as fault:
        raise Invalid(file=_(_BROKEN)) from fault
    if len(said) > LARGEST or len(told) > LARGEST:
        raise Invalid(file=_("This file is larger than 1 MB."))
    return said, told.decode("ascii", "replace").strip()
