"""A town of many communities whose people act at random, by a seed: late, skipped, reopened, escalated, moved."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, text

from core import items
from core.access import FOUNDER, Grant
from core.errors import Refused
from core.openness import subjects
from core.organisation import founding, posts, units
from core.words import Dimension, DisclosureClass, DisclosureWhen, Role
from db.work import work
from tests.makers import START, Place, make_person

ITEMS = {
    "低保初核": DisclosureWhen.MONTHLY, "公章使用": DisclosureWhen.PERMANENT, "门面出租": DisclosureWhen.NOTICE_7_DAYS,
}  # fmt: skip
"""The power items of each community, and how often they are made public."""
OFFICE = {
    "head": Role.CADRE, "clerk": Role.CADRE, "member": Role.CADRE, "watch": Role.WATCHDOG, "watch2": Role.WATCHDOG,
}  # fmt: skip


@dataclass
class Town:
    """So many communities under two streets, and the dice that decide who does what. A `year` is how many days lie
    between the openings of two rounds; `refused` counts what people wanted and might not do."""

    place: Place
    dice: random.Random
    year: int = 365
    communities: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    rounds: dict[str, str] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    refused: int = 0

    def day(self, deeds: "Sequence[tuple[Deed, float]]", zeal: float, pace: float = 1.0) -> None:
        """One day: each community does a few things, with a zeal from 0 (nothing) to 1; residents speak anyway. A lower
        pace is fewer matters and as much fewer deeds."""
        for home in self.communities:
            for deed, chance in deeds:
                if self.dice.random() < chance * pace * (1 if getattr(deed, "by_residents", False) else zeal):
                    self.let(deed, home)

    def let(self, deed: "Deed", *where: str) -> None:
        """Let somebody try something."""
        name = deed.__name__.strip("_")
        try:
            did = deed(self, *where)
        except Refused:
            self.refused += 1  # random people often want what they may not do
        else:
            self.done[name] = self.done.get(name, 0) + (did is not False)

    def who(self, home: str, *roles: str) -> str:
        """One of the people of a community, or its supervisor."""
        role = self.dice.choice(roles)
        return self.above(home) if role == "supervisor" else f"{home}_{role}"

    def above(self, home: str) -> str:
        """The supervisor of the street of a community."""
        north = self.place.units[home].parent_id == self.place.units["street0"].id
        return "north_supervisor" if north else "south_supervisor"

    def id_of(self, who: str) -> str:
        return self.place.people[who].person_id or ""

    def one_of(self, what: str, key: str) -> dict[str, Any] | None:
        """Any row of a table with a condition on `:id`, which is a community by its key or an id."""
        place = self.place.units[key].id if key in self.place.units else key
        with self.place.engine.connect().execution_options(reading=True) as rows:
            found = rows.execute(text(f"SELECT * FROM {what} ORDER BY id"), {"id": place}).mappings().all()
        return dict(self.dice.choice(found)) if found else None

    def entry_of(self, home: str) -> str | None:
        """Any entry of a community that is not archived, whether or not whoever asks may see it."""
        found = self.one_of("risks WHERE unit_id = :id AND status <> 'archived'", home)
        return found["id"] if found else None

    def holder_of(self, home: str, person_id: str | None) -> str:
        """By which key somebody of a community acts; empty when they are not here."""
        return next((key for key in (f"{home}_{key}" for key in OFFICE) if self.id_of(key) == person_id), "")

    def seat(self, who: str, unit: str, role: Role) -> None:
        """From now on somebody acts with a role at a unit."""
        actor = self.place.people[who]
        self.place.people[who] = replace(actor, grants=(Grant(role, self.place.units[unit].path),))


Deed = Callable[..., Any]


def make_town(engine: Engine, seed: int, size: int, year: int = 365) -> Town:
    """A city, a district, two streets and the communities; supervisors at the city and the streets, a discipline desk,
    and in each community five people, four posts, three power items and what they make public."""
    place = Place(engine, START.replace(month=1, day=5))
    with work(engine, FOUNDER, place.now) as doing:
        founding.plant_kinds(doing)
        tree = [("city", None, "city"), ("district", "city", "district"), ("street0", "district", "street"),
                ("street1", "district", "street")]  # fmt: skip
        tree += [(f"c{n}", f"street{n % 2}", "community") for n in range(size)]
        for key, above, kind in tree:
            place.units[key] = units.plant(place.units[above] if above else None, kind, f"{key}{kind}")
            doing.store.add(place.units[key])
        doing.record("site_founded", place.units["city"].id, chain=place.units["city"].id)
    town = Town(place, random.Random(seed), year, [f"c{n}" for n in range(size)])
    for key, unit, role in (
        ("north_supervisor", "street0", Role.SUPERVISOR), ("north_second", "street0", Role.SUPERVISOR),
        ("south_supervisor", "street1", Role.SUPERVISOR), ("city_supervisor", "city", Role.SUPERVISOR),
        ("desk", "city", Role.DISCIPLINE), ("system", "city", Role.SYSTEM_ADMIN),
        ("security", "city", Role.SECURITY_ADMIN),
    ):  # fmt: skip
        make_person(place, key, f"督{key}", unit, role)
    for home in town.communities:
        _settle(town, home)
    return town


def _settle(town: Town, home: str) -> None:
    place, here = town.place, town.place.units[home].id
    for key, role in OFFICE.items():
        make_person(place, f"{home}_{key}", f"人{home}{key}", home, role)
    for n, (name, when) in enumerate(ITEMS.items()):
        post = place.posts[f"{home}{n}"] = place.do(FOUNDER, posts.add_post, here, f"{name}岗")
        place.do(FOUNDER, posts.take_post, post, town.id_of(f"{home}_{('head', 'clerk', 'member')[n]}"))
        form = items.ItemForm(
            name=name, dimension=Dimension.CLEAN_AFFAIRS, post_id=post, disclosure_class=DisclosureClass.AFFAIRS,
            disclosure_when=when,
        )  # fmt: skip
        place.items[f"{home}{n}"] = place.do(f"{home}_head", items.add_item, here, form)
    leads = place.do(FOUNDER, posts.add_post, here, "社区书记")
    place.do(FOUNDER, posts.take_post, leads, town.id_of(f"{home}_head"))
    place.do(f"{home}_head", subjects.fill, here)


def by_residents(deed: Deed) -> Deed:
    """Marks what residents do, zealous or not."""
    deed.by_residents = True  # type: ignore[attr-defined]
    return deed


def in_days(town: Town, first: int, last: int) -> Any:
    """A day so many days from today."""
    return town.place.today + timedelta(days=town.dice.randrange(first, last))
