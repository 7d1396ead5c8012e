"""Power items (权力事项): the catalogue each community keeps, and the starter library it picks from."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from core import DATA
from core.access import Permission, Scope
from core.errors import Invalid, Missing, Refused, Stale
from core.events import Event
from core.organisation import places
from core.organisation.places import Reach
from core.organisation.posts import Post
from core.organisation.units import Unit, is_community, new_id
from core.rows import ItemRow, PostRow, UnitRow
from core.store import Work
from core.text import N_, _, clean
from core.words import Dimension, DisclosureClass, DisclosureWhen, Level, RiskType


@dataclass(eq=False)
class Item:
    """One power item of a community. `version` goes up with every change."""

    id: str
    unit_id: str
    name: str
    dimension: Dimension
    basis: str = ""
    body: str = ""
    post_id: str | None = None
    procedure: str = ""
    time_limit: str = ""
    supervision: str = ""
    major: bool = False
    disclosure_class: DisclosureClass = DisclosureClass.NONE
    disclosure_when: DisclosureWhen | None = None
    masked: bool = False
    version: int = 1
    retired: bool = False


class ItemForm(BaseModel):
    """What the catalogue says of a power item."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    name: str = Field(title=N_("Power item"), min_length=2, max_length=80)
    dimension: Dimension = Field(title=N_("Dimension"))
    basis: str = Field("", title=N_("Basis"), max_length=500)
    body: str = Field("", title=N_("Who handles it"), max_length=120)
    post_id: str | None = Field(None, title=N_("Post in charge"))
    procedure: str = Field("", title=N_("Procedure"), max_length=2000, json_schema_extra={"long": True})
    time_limit: str = Field("", title=N_("Time limit"), max_length=120)
    supervision: str = Field("", title=N_("Who watches, and how"), max_length=300)
    major: bool = Field(False, title=N_("Major decision, appointment, project or large sum"))
    disclosure_class: DisclosureClass = Field(DisclosureClass.NONE, title=N_("Disclosure"))
    disclosure_when: DisclosureWhen | None = Field(None, title=N_("When disclosed"))
    masked: bool = Field(False, title=N_("Personal data masked when disclosed"))


@dataclass(frozen=True)
class LibraryPoint:
    """One of the 98 points of the starter library; the level is a suggestion to be rated again locally."""

    dimension: Dimension
    risk_type: RiskType
    power_item: str
    risk_point: str
    level: Level
    measures: tuple[str, ...]
    disclosure_class: DisclosureClass
    disclosure_when: DisclosureWhen | None
    masked: bool


_COLUMN_WORDS = {
    "政治清明": Dimension.CLEAN_POLITICS, "居务清廉": Dimension.CLEAN_AFFAIRS, "干部清正": Dimension.UPRIGHT_CADRES,
    "民风清朗": Dimension.CLEAN_CUSTOMS, "服务高效": Dimension.EFFICIENT_SERVICE,
}  # fmt: skip
_TYPE_WORDS = {
    "思想道德风险": RiskType.ETHICS, "岗位职责风险": RiskType.DUTY, "业务流程风险": RiskType.PROCESS,
    "制度机制风险": RiskType.INSTITUTION, "外部环境风险": RiskType.ENVIRONMENT,
}  # fmt: skip
_LEVEL_WORDS = {"高": Level.HIGH, "中": Level.MEDIUM, "低": Level.LOW}
_CLASS_WORDS = {
    "党务公开": DisclosureClass.PARTY, "居务公开": DisclosureClass.AFFAIRS, "财务公开": DisclosureClass.FINANCE,
    "不公开": DisclosureClass.NONE,
}  # fmt: skip
_WHEN_WORDS = {
    "长期": DisclosureWhen.PERMANENT, "即时": DisclosureWhen.IMMEDIATE, "每月": DisclosureWhen.MONTHLY,
    "每季度": DisclosureWhen.QUARTERLY, "每半年": DisclosureWhen.HALF_YEARLY, "每年": DisclosureWhen.YEARLY,
    "公示7天": DisclosureWhen.NOTICE_7_DAYS,
}  # fmt: skip


@cache
def library() -> tuple[LibraryPoint, ...]:
    """The starter library, in the order of its file."""
    with (DATA / "risk_library.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_point(row) for row in csv.DictReader(file))


def _point(row: dict[str, str]) -> LibraryPoint:
    disclosure = row["disclosure_required"].split("·")
    return LibraryPoint(
        _COLUMN_WORDS[row["dimension"]],
        _TYPE_WORDS[row["risk_type"]],
        row["power_item"],
        row["risk_point"],
        _LEVEL_WORDS[row["typical_level"]],
        tuple(row["preventive_measures"].split("；")),
        _CLASS_WORDS[disclosure[0]],
        _WHEN_WORDS[disclosure[1]] if len(disclosure) > 1 else None,
        "脱敏" in disclosure,
    )


def suggestions(item_name: str) -> tuple[LibraryPoint, ...]:
    """What the library knows of a power item."""
    return tuple(point for point in library() if point.power_item == item_name)


def catalogues(work: Work) -> list[UnitRow]:
    """The communities whose catalogue the actor may read, where they are few; else none."""
    work.actor.require(Permission.ITEM_READ)
    return places.offer(work, Permission.ITEM_READ, Reach.REGISTERS).communities


def catalogue(work: Work, unit_id: str) -> list[ItemRow]:
    """The power items of one community that are in use."""
    scope = work.actor.require(Permission.ITEM_READ)
    order = list(Dimension)
    rows = [row for row in work.store.item_rows(scope, unit_id) if not row.retired]
    return sorted(rows, key=lambda row: (order.index(row.dimension), row.name))


def unattended(work: Work) -> dict[str, int]:
    """How many power items in use have no post or nobody in it, by community; none where every item is held."""
    scope = work.actor.require(Permission.ITEM_READ)
    return work.store.unattended_items(scope)


def posts_for(work: Work, unit_id: str) -> list[PostRow]:
    """The posts that may be in charge of a community's power items: its own and those of its grids."""
    scope = work.actor.require(Permission.ITEM_EDIT)
    unit = _register_unit(work, unit_id)
    here = Scope((unit.path,), scope.viewer)
    return work.store.post_rows(here)


def adopt(work: Work, unit_id: str, names: Sequence[str], post_id: str | None = None) -> int:
    """Take power items of the library into a community's catalogue; those it has already are left alone."""
    scope = work.actor.require(Permission.ITEM_EDIT)
    unit = _register_unit(work, unit_id)
    _check_post(work, unit, post_id)
    have = {item.name for item in work.store.some(Item, scope, unit_id=unit.id) if not item.retired}
    known = {point.power_item: point for point in library()}
    wanted = [known[name] for name in dict.fromkeys(names) if name in known and name not in have]
    for point in wanted:
        item = Item(new_id(), unit.id, point.power_item, point.dimension, post_id=post_id)
        item.disclosure_class, item.disclosure_when, item.masked = (
            point.disclosure_class, point.disclosure_when, point.masked,
        )  # fmt: skip
        work.store.add(item)
        work.record(Event.ITEM_ADDED, item.id, chain=unit.id, name=item.name)
    return len(wanted)


def add_item(work: Work, unit_id: str, form: ItemForm) -> str:
    """Add a power item of the community's own."""
    work.actor.require(Permission.ITEM_EDIT)
    return add_items(work, unit_id, [form])[0]


def add_items(work: Work, unit_id: str, forms: Sequence[ItemForm]) -> list[str]:
    """Add power items of the community's own, all of them or none; gives their ids."""
    work.actor.require(Permission.ITEM_EDIT)
    unit = _register_unit(work, unit_id)
    taken = _names(work, unit.id, None)
    for post_id in {form.post_id for form in forms}:
        _check_post(work, unit, post_id)
    added = []
    for form in forms:
        check(form, taken)
        taken.add(form.name)
        item = Item(new_id(), unit.id, form.name, form.dimension)
        _fill(item, form)
        work.store.add(item)
        work.record(Event.ITEM_ADDED, item.id, chain=unit.id, name=item.name)
        added.append(item.id)
    return added


def change_item(work: Work, item_id: str, form: ItemForm, *, seen: int | None = None) -> None:
    """Change what the catalogue says of a power item; the version goes up.

    `seen` is the version the change was typed on: `Stale` when somebody else has changed it since.
    """
    scope = work.actor.require(Permission.ITEM_EDIT)
    item = work.store.one(Item, item_id, scope)
    if item.retired:
        raise Stale(N_("This power item is retired already."))
    if seen is not None and seen != item.version:
        raise Stale
    check(form, _names(work, item.unit_id, item))
    if form.post_id != item.post_id:
        _check_post(work, _register_unit(work, item.unit_id), form.post_id)
    before = {name: getattr(item, name) for name in ItemForm.model_fields}
    _fill(item, form)
    changed = sorted(name for name, value in before.items() if getattr(item, name) != value)
    if not changed:
        raise Refused(N_("Nothing was changed."))
    item.version += 1
    work.record(Event.ITEM_CHANGED, item.id, chain=item.unit_id, changed=changed, version=item.version)


def retire_item(work: Work, item_id: str) -> None:
    """Take a power item out of the catalogue; entries that hang on it stay."""
    scope = work.actor.require(Permission.ITEM_EDIT)
    item = work.store.one(Item, item_id, scope)
    if item.retired:
        raise Refused(N_("This power item is retired already."))
    item.retired = True
    work.record(Event.ITEM_RETIRED, item.id, chain=item.unit_id, name=item.name)


def _register_unit(work: Work, unit_id: str) -> Unit:
    unit = work.store.one(Unit, unit_id, work.actor.scope(Permission.ITEM_EDIT))
    if not is_community(unit, work):
        raise Missing
    return unit


def _check_post(work: Work, unit: Unit, post_id: str | None) -> None:
    if post_id and work.store.seen(Post, post_id, Scope((unit.path,))) is None:
        raise Invalid(post_id=_("Please choose a post of this community."))


def _names(work: Work, unit_id: str, own: Item | None) -> set[str]:
    """The names of a community's power items in use, but for one's own."""
    others = work.store.some(Item, work.actor.scope(Permission.ITEM_EDIT), unit_id=unit_id)
    return {other.name for other in others if not other.retired and other is not own}


def check(form: ItemForm, taken: Collection[str]) -> None:
    """Refuse a name that another power item has, and a disclosure without its time."""
    if form.name in taken:
        raise Invalid(name=_("There is a power item with this name already."))
    if form.disclosure_class is not DisclosureClass.NONE and form.disclosure_when is None:
        raise Invalid(disclosure_when=_("Please say when it is disclosed."))


def _fill(item: Item, form: ItemForm) -> None:
    for name in ItemForm.model_fields:
        value = getattr(form, name)
        setattr(item, name, clean(value) if type(value) is str else value)
    if item.disclosure_class is DisclosureClass.NONE:
        item.disclosure_when, item.masked = None, False
