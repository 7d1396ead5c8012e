"""Makers: a small place with its people, made through the use cases that make real ones."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from core import items
from core.access import FOUNDER, RESIDENT, Actor, Grant
from core.entries import rating, risks
from core.inspection import rounds
from core.organisation import founding, people, posts, relatives, signin, units
from core.organisation.units import Unit
from core.prevention import measures
from core.review import merging
from core.voices import flags, points
from core.words import Channel, Dimension, DisclosureClass, DisclosureWhen, Kinship, Level, RiskType, Role
from db.work import reading, work

START = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning in Shanghai


@dataclass
class Place:
    """A city with two streets and three communities, and a clock that tests move."""

    engine: Engine
    now: datetime = START
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)

    def do(self, who: Actor | str, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A deed, a moment after the one before."""
        self.now += timedelta(microseconds=1)
        with work(self.engine, self.actor(who), self.now) as doing:
            return deed(doing, *args, **kwargs)

    def ask(self, who: Actor | str, question: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with reading(self.engine, self.actor(who), self.now) as asked:
            return question(asked, *args, **kwargs)

    def sign_in(self, account: str, password: str) -> Any:
        return self.do(RESIDENT, signin.sign_in, self.ask(RESIDENT, signin.compare, account, password))

    def actor(self, who: Actor | str) -> Actor:
        return self.people[who] if isinstance(who, str) else who

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    @property
    def today(self) -> date:
        return self.now.date()


NAMES = {
    "secretary": "林向前", "clerk": "周小满", "watchdog": "郑守正", "watchdog2": "钱思远", "supervisor": "孙立人",
    "discipline": "吴清源", "other_clerk": "冯远方", "other_watchdog": "陈望北", "far_supervisor": "褚南天",
    "system": "卫系统", "security": "蒋安全", "auditor": "沈审计",
}  # fmt: skip


def make_place(engine: Engine) -> Place:
    """榕树社区 with its people and two power items; 江畔社区 beside it; 远山社区 under another street."""
    place = Place(engine)
    with work(engine, FOUNDER, place.now) as doing:
        founding.plant_kinds(doing)
        for key, above, kind, name in (
            ("city", None, "city", "清源市"), ("district", "city", "district", "南湖区"),
            ("street", "district", "street", "望江街道"), ("far_street", "district", "street", "远山街道"),
            ("banyan", "street", "community", "榕树社区"), ("river", "street", "community", "江畔社区"),
            ("far", "far_street", "community", "远山社区"), ("grid", "banyan", "grid", "第一网格"),
            ("building", "grid", "building", "3栋"),
        ):  # fmt: skip
            place.units[key] = units.plant(place.units[above] if above else None, kind, name)
            doing.store.add(place.units[key])
        doing.record("site_founded", place.units["city"].id, chain=place.units["city"].id)
    for key, unit, role in (
        ("secretary", "banyan", Role.CADRE), ("clerk", "banyan", Role.CADRE), ("watchdog", "banyan", Role.WATCHDOG),
        ("watchdog2", "banyan", Role.WATCHDOG), ("supervisor", "street", Role.SUPERVISOR),
        ("discipline", "street", Role.DISCIPLINE), ("other_clerk", "river", Role.CADRE),
        ("other_watchdog", "river", Role.WATCHDOG), ("far_supervisor", "far_street", Role.SUPERVISOR),
        ("system", "city", Role.SYSTEM_ADMIN), ("security", "city", Role.SECURITY_ADMIN),
        ("auditor", "city", Role.AUDITOR),
    ):  # fmt: skip
        make_person(place, key, NAMES[key], unit, role)
    for key, name, holder, item in (
        ("relief", "民政救助岗", "clerk", "低保和特困人员初核"), ("seal", "印章管理岗", "secretary", "公章使用"),
    ):  # fmt: skip
        place.posts[key] = place.do(FOUNDER, posts.add_post, place.units["banyan"].id, name)
        place.do(FOUNDER, posts.take_post, place.posts[key], place.people[holder].person_id)
        form = items.ItemForm(
            name=item, dimension=Dimension.CLEAN_AFFAIRS, post_id=place.posts[key],
            disclosure_class=DisclosureClass.AFFAIRS, disclosure_when=DisclosureWhen.QUARTERLY,
        )  # fmt: skip
        place.items[key] = place.do("secretary", items.add_item, place.units["banyan"].id, form)
    return place


def poured(source: Engine, target: Engine) -> None:
    """Everything of one SQLite database into another, in place of what is there."""
    with source.connect() as one, target.connect() as other:
        one.connection.driver_connection.backup(other.connection.driver_connection)  # type: ignore[union-attr]


def copy_of(made: Place, engine: Engine) -> Place:
    """The same place in another SQLite database."""
    poured(made.engine, engine)
    return brought(made, engine)


def brought(made: Place, engine: Engine) -> Place:
    """The place in a database that is already a copy of its own."""
    return replace(
        made, engine=engine, units=dict(made.units), people=dict(made.people), items=dict(made.items),
        posts=dict(made.posts),
    )  # fmt: skip


PASSWORD = "correct-horse-42"


def make_person(place: Place, key: str, name: str, unit: str, role: Role) -> None:
    new = people.NewPerson(unit_id=place.units[unit].id, name=name, account=key, password=PASSWORD)
    person_id = place.do(FOUNDER, people.open_account, new)
    place.do(FOUNDER, people.grant_role, person_id, role, place.units[unit].id)
    place.people[key] = Actor(person_id, name, (Grant(role, place.units[unit].path),), place.units[unit].id)


def speak(
    place: Place, text: str = "低保名单从来没见贴出来过", item: str | None = "relief", unit: str = "banyan"
) -> str:
    """A resident speaks; gives the receipt code."""
    draft = flags.ResidentFlag(text=text, item_id=place.items[item] if item else None)
    return str(place.do(RESIDENT, flags.speak, place.units[unit].code, draft, Channel.QR))


def inbox(place: Place, who: str = "watchdog") -> list[Any]:
    from core.review import inbox as inboxes

    return list(place.ask(who, inboxes.inbox))


def entry_form(place: Place, title: str = "救助对象名单公开不及时", item: str | None = "relief") -> risks.RiskForm:
    return risks.RiskForm(
        title=title, item_id=place.items[item] if item else None, dimension=Dimension.CLEAN_AFFAIRS,
        risk_type=RiskType.PROCESS,
    )  # fmt: skip


def open_risk(place: Place, text: str = "低保名单从来没见贴出来过", title: str = "救助对象名单公开不及时") -> str:
    """An entry opened on a resident's flag; gives its id."""
    speak(place, text)
    flag = next(row for row in inbox(place) if row.text == text)
    return str(place.do("watchdog", merging.open_entry, flag.id, entry_form(place, title)))


def rated(place: Place, risk_id: str, level: Level = Level.MEDIUM, reason: str = "") -> None:
    form = rating.RatingForm(power=2, discretion=2, probability=2, harm=2, level=level, reason=reason)
    place.do("supervisor", rating.rate, risk_id, form)


def filed(place: Place, risk_id: str) -> None:
    """From rated to filed, through seven days of public notice."""
    place.do("watchdog", risks.announce, risk_id, risks.Notice(wording="救助名单的公开有时不够及时"))
    place.later(7)
    place.do("supervisor", risks.file, risk_id)


def planned(place: Place, risk_id: str, owner: str = "clerk", watchdog: str = "watchdog", days: int = 20) -> str:
    form = measures.MeasureForm(
        text="每季度首月五日前在公开栏张贴名单", owner_id=place.people[owner].person_id or "",
        watchdog_id=place.people[watchdog].person_id or "", starts_on=place.today,
        due_on=place.today + timedelta(days=days),
    )  # fmt: skip
    return str(place.do("supervisor", measures.plan, risk_id, form))


def assigned(place: Place, risk_id: str, owner: str = "clerk", leader: str = "secretary") -> None:
    ids = [place.people[key].person_id for key in (owner, leader, "watchdog")]
    place.do("watchdog", risks.assign, risk_id, *ids)


def controlled(
    place: Place, title: str = "救助对象名单公开不及时", text: str = "低保名单从来没见贴出来过"
) -> tuple[str, str]:
    """An entry under control with one measure; gives both ids."""
    risk_id = open_risk(place, text, title)
    rated(place, risk_id)
    filed(place, risk_id)
    assigned(place, risk_id)
    measure_id = planned(place, risk_id)
    place.do("clerk", risks.control, risk_id)
    return risk_id, measure_id


def done(place: Place, measure_id: str) -> None:
    """Carried out by its owner and verified by the watchdog."""
    place.do("clerk", measures.report, measure_id, 60, "已整理名单")
    place.do("clerk", measures.ask_verification, measure_id, "已张贴并拍照")
    place.do("watchdog", measures.verify, measure_id, "现场看过，属实")


def raise_point(
    place: Place, communities: tuple[str, ...] = ("banyan", "river"), text: str = "个别社区用印登记不全"
) -> str:
    form = points.PointForm(unit_ids=[place.units[key].id for key in communities], text=text)
    return str(place.do("supervisor", points.raise_point, form))


def opened_round(place: Place) -> str:
    form = rounds.RoundForm(
        unit_id=place.units["street"].id, title="2026年度自查", starts_on=place.today,
        ends_on=place.today + timedelta(days=60),
    )  # fmt: skip
    return str(place.do("supervisor", rounds.open_round, form))


def related(place: Place, who: str, relative: str, *, confirmed: bool = True) -> str:
    """One declares another a relative, who says that it is so; gives the id of the declaration."""
    form = relatives.DeclarationForm(relative_id=place.people[relative].person_id or "", kind=Kinship.SPOUSE)
    declaration_id = str(place.do(who, relatives.declare, form))
    if confirmed:
        place.do(relative, relatives.confirm, declaration_id)
    return declaration_id


def work_of(place: Place, who: Actor | str) -> Any:
    """The unit of work itself, for tests of the store."""
    return work(place.engine, place.actor(who), place.now)
