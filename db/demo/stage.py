"""The stage of the demo: the place, its people and their posts, and a clock that moves from deed to deed."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

from core import dates, items
from core.access import FOUNDER, Actor, Grant, Permission
from core.events import Event
from core.organisation import founding, people, posts
from core.organisation.units import NewUnit, Unit, add_unit, plant
from core.store import Work
from core.words import Role
from db.work import hold_signatures

OPENING = time(9, 0)
"""When offices open, local time: the first deed of a day happens then."""
EARLIEST = datetime.min.replace(tzinfo=UTC)
BEGINNING = 440
"""Days ago on which the place was set up, before its first round."""

Row = dict[str, Any]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Stage:
    """The place in the making, and what is still to be played there, by day and step."""

    site: Work
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, str] = field(default_factory=dict)
    risks: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)
    plans: list[tuple[int, int, Callable[[], object]]] = field(default_factory=list)
    moment: datetime = EARLIEST

    def day(self, ago: int) -> date:
        return self.site.today - timedelta(days=ago)

    def do(
        self, ago: int, who: Actor | str, deed: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Do something in somebody's name, a little later than whatever was done before on that day."""
        opening = datetime.combine(self.day(ago), OPENING, dates.HERE).astimezone(UTC)
        self.moment = min(max(opening, self.moment + timedelta(seconds=20)), self.site.now)
        actor = self.people[who] if isinstance(who, str) else who
        doing = Work(actor, self.site.store, self.moment)
        done = deed(doing, *args, **kwargs)
        hold_signatures(doing)
        doing.store.keep_versions(self.day(ago))
        return done

    def plan(
        self, ago: int | None, step: int, act: Callable[Concatenate["Stage", int, P], object], *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:  # fmt: skip
        """Keep an act for its day; what never came to pass has no day."""
        if ago is not None:
            self.plans.append((-ago, step, lambda: act(self, ago, *args, **kwargs)))

    def play(self) -> None:
        """Everything kept, in the order of days, and within a day of steps."""
        for _day, _step, act in sorted(self.plans, key=lambda plan: plan[:2]):
            act()


def upon(
    stage: Stage, ago: int, shelf: Mapping[str, str], key: str, who: Actor | str, deed: Callable[..., object],
    *args: object,
) -> None:  # fmt: skip
    """An act on something that will stand on its shelf by the day it is played."""
    stage.do(ago, who, deed, shelf[key], *args)


def settle(stage: Stage, place: Row) -> None:
    """The root and its three administrators first; they then do the rest themselves."""
    root, *rest = place["units"]
    founding.plant_kinds(stage.site)
    city = plant(None, root["kind"], root["name"])
    stage.site.store.add(city)
    stage.units[root["key"]] = city
    stage.do(BEGINNING, FOUNDER, lambda doing: doing.record(Event.SITE_FOUNDED, city.id, chain=city.id))
    staff = sorted(place["people"], key=lambda person: person["unit"] != root["key"])
    for person in [p for p in staff if p["unit"] == root["key"]]:
        _employ(stage, person, FOUNDER, FOUNDER)
    system, security = holding(stage, Role.SYSTEM_ADMIN), holding(stage, Role.SECURITY_ADMIN)
    for unit in rest:
        new = NewUnit(parent_id=stage.units[unit["parent"]].id, kind=unit["kind"], name=unit["name"])
        unit_id = stage.do(BEGINNING, system, add_unit, new)
        stage.units[unit["key"]] = stage.site.store.one(Unit, unit_id, FOUNDER.scope(Permission.UNIT_EDIT))
    for person in [p for p in staff if p["key"] not in stage.people]:
        _employ(stage, person, system, security)


def holding(stage: Stage, role: Role) -> Actor:
    return next(actor for actor in stage.people.values() if role in actor.roles)


def _employ(stage: Stage, person: Row, opener: Actor, granter: Actor) -> None:
    home = stage.units[person["unit"]]
    new = people.NewPerson(
        unit_id=home.id, name=person["name"], account=person["account"], password=secrets.token_urlsafe(18)
    )
    person_id = stage.do(BEGINNING, opener, people.open_account, new)
    for held in person["roles"]:
        stage.do(BEGINNING, granter, people.grant_role, person_id, Role(held["role"]), stage.units[held["unit"]].id)
    stage.site.store.person(person_id).must_change = False
    grants = tuple(Grant(role, path) for role, path in stage.site.store.grants(person_id))
    stage.people[person["key"]] = Actor(person_id, person["name"], grants, home.id)


def furnish(stage: Stage, place: Row) -> None:
    """Posts, who holds them, and each community's catalogue of power items, entered by its first cadre."""
    system = holding(stage, Role.SYSTEM_ADMIN)
    for post in place["posts"]:
        home = stage.units[post["unit"]].id
        stage.posts[post["key"]] = stage.do(BEGINNING, system, posts.add_post, home, post["name"])
    for person in place["people"]:
        for post in person["posts"]:
            person_id = stage.people[person["key"]].person_id or ""
            stage.do(BEGINNING, system, posts.take_post, stage.posts[post], person_id)
    for item in place["items"]:
        home = stage.units[item["unit"]].id
        cadre = next(a for a in stage.people.values() if a.unit_id == home and Role.CADRE in a.roles)
        point = items.suggestions(item["library"])[0]
        form = items.ItemForm(
            name=point.power_item, dimension=point.dimension, post_id=stage.posts[item["post"]], masked=point.masked,
            disclosure_class=point.disclosure_class, disclosure_when=point.disclosure_when,
            **{name: item[name] for name in ("basis", "body", "procedure", "time_limit", "supervision", "major")},
        )  # fmt: skip
        stage.items[item["key"]] = stage.do(BEGINNING, cadre, items.add_item, home, form)
