"""A town of many communities whose people act at random, by a seed: late, skipped, reopened, escalated, moved."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from core import (
    actions,
    escalation,
    flags,
    founding,
    handover,
    inbox,
    items,
    looking,
    measures,
    merging,
    points,
    posts,
    rating,
    register,
    risks,
    signing,
    tasks,
    triage,
    units,
)
from core.access import FOUNDER, RESIDENT
from core.actions import Action as A
from core.actions import MeasureAction as M
from core.errors import Refused
from core.escalation import Extension, HandingDown, Settling
from core.followup import rate_answer
from core.words import (
    Channel,
    Dimension,
    FlagStatus,
    Level,
    ResolveLevel,
    ReviewResult,
    RiskType,
    Role,
    Triage,
)
from db.work import work
from tests.makers import START, Place, make_person

WORDS = ("低保名单没有贴出来", "门面出租不公开", "公章登记不全", "物业费收支没公示", "楼道维修报价太高")
ITEMS = ("低保初核", "公章使用", "门面出租")


@dataclass
class Town:
    """So many communities under two streets, and the dice that decide who does what."""

    place: Place
    dice: random.Random
    communities: list[str] = field(default_factory=list)
    codes: list[tuple[str, str]] = field(default_factory=list)
    spare: dict[str, str] = field(default_factory=dict)
    done: int = 0

    def day(self, zeal: float) -> None:
        """One day: each community does a few things, with a zeal from 0 (nothing) to 1."""
        for home in self.communities:
            for deed, chance in DEEDS:
                if self.dice.random() < chance * (zeal if deed is not _speak else 1):
                    self._try(deed, home)

    def _try(self, deed: Callable[["Town", str], object], home: str) -> None:
        try:
            deed(self, home)
            self.done += 1
        except Refused:
            pass  # random people often want what they may not do

    def who(self, home: str, *roles: str) -> str:
        """One of the people of a community, or its supervisor."""
        role = self.dice.choice(roles)
        if role != "supervisor":
            return f"{home}_{role}"
        north = self.place.units[home].parent_id == self.place.units["street0"].id
        return "north_supervisor" if north else "south_supervisor"


def make_town(engine: Engine, seed: int, size: int) -> Town:
    """A city, a district, two streets and the communities; a supervisor at every level."""
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
    town = Town(place, random.Random(seed), [f"c{n}" for n in range(size)])
    for key, unit in (("north_supervisor", "street0"), ("south_supervisor", "street1"), ("city_supervisor", "city")):
        make_person(place, key, f"督{key}", unit, Role.SUPERVISOR)
    for home in town.communities:
        for key, role in (("head", Role.CADRE), ("clerk", Role.CADRE), ("member", Role.CADRE),
                          ("watch", Role.WATCHDOG), ("watch2", Role.WATCHDOG)):  # fmt: skip
            make_person(place, f"{home}_{key}", f"人{home}{key}", home, role)
        for n, name in enumerate(ITEMS):
            post = place.do(FOUNDER, posts.add_post, place.units[home].id, f"{name}岗")
            place.posts[f"{home}{n}"] = post
            holder = place.people[f"{home}_{('head', 'clerk', 'member')[n]}"].person_id
            place.do(FOUNDER, posts.take_post, post, holder)
            form = items.ItemForm(name=name, dimension=Dimension.CLEAN_AFFAIRS, post_id=post)
            place.items[f"{home}{n}"] = place.do(f"{home}_head", items.add_item, place.units[home].id, form)
    return town


def _speak(town: Town, home: str) -> None:
    said, n = town.dice.choice(WORDS) + str(town.dice.random()), town.dice.randrange(3)
    draft = flags.ResidentFlag(text=said, item_id=town.place.items[f"{home}{n}"])
    town.codes.append((home, str(town.place.do(RESIDENT, flags.speak, town.place.units[home].code, draft, Channel.QR))))


def _rate_as_sender(town: Town, home: str) -> None:
    own = [code for of, code in town.codes if of == home]
    if own:
        town.place.do(RESIDENT, rate_answer, town.dice.choice(own), None, town.dice.choice((1, 1, 2, 4, 5)), None)


def _review(town: Town, home: str) -> None:
    who, place, dice = town.who(home, "watch", "watch2", "supervisor"), town.place, town.dice
    rows = [row for row in place.ask(who, inbox.inbox, place.units[home].id) if row.status is FlagStatus.NEW]
    if not rows:
        return
    flag_id, way = rows[0].id, dice.random()
    entries = place.ask(who, merging.open_entries, flag_id)
    if way < 0.4 and entries:
        place.do(who, merging.merge, flag_id, dice.choice(entries).risk_id)
    elif way < 0.8:
        form = risks.RiskForm(title=dice.choice(WORDS), item_id=place.items[f"{home}{dice.randrange(3)}"],
                              dimension=Dimension.CLEAN_AFFAIRS, risk_type=RiskType.PROCESS)  # fmt: skip
        place.do(who, merging.open_entry, flag_id, form)
    elif way < 0.9:
        place.do(who, triage.decline, flag_id, "不属于廉政风险")
    else:
        place.do(who, triage.refer, flag_id, Triage.LIVELIHOOD, "民生诉求")


def _point(town: Town, home: str) -> None:
    form = points.PointForm(unit_ids=[town.place.units[home].id], text="用印登记不全" + str(town.dice.random()))
    town.place.do(town.who(home, "supervisor"), points.raise_point, form)


def _answer_point(town: Town, home: str) -> None:
    who = town.who(home, "head", "clerk")
    waiting = [row for row in town.place.ask(who, points.received) if not row.is_answered]
    if waiting:
        town.place.do(who, points.not_applicable, waiting[0].flag_id, "本社区没有这项业务")


def _entry(town: Town, home: str) -> None:
    """Somebody does with some entry one of the things they may do now."""
    who = town.who(home, "head", "clerk", "member", "watch", "watch2", "supervisor", "supervisor")
    seen = town.place.ask(who, register.register, register.Filter(unit_id=town.place.units[home].id))
    if not seen.rows:
        return
    row = town.dice.choice(seen.rows)
    may = sorted(town.place.ask(who, actions.actions, row.id) & ON_ENTRY.keys())
    if may:
        ON_ENTRY[town.dice.choice(may)](town, home, who, row.id)


def _measure(town: Town, home: str) -> None:
    """Somebody does with some measure one of the things they may do now."""
    who = town.who(home, "head", "clerk", "member", "watch", "watch2", "supervisor")
    question = tasks.to_verify if who.endswith(("watch", "watch2", "supervisor")) else tasks.mine
    found = [task for task in town.place.ask(who, question) if task.may]
    if not found:
        return
    task = town.dice.choice(found)
    deeds = {
        M.REPORT: lambda: town.place.do(who, measures.report, task.row.id, town.dice.randrange(100), "已有进展"),
        M.ASK_VERIFICATION: lambda: town.place.do(who, measures.ask_verification, task.row.id, "已完成"),
        M.VERIFY: lambda: town.place.do(who, measures.verify, task.row.id, "现场看过，属实"),
        M.SEND_BACK: lambda: town.place.do(who, measures.send_back, task.row.id, "现场没有"),
    }
    may = sorted(task.may & deeds.keys())
    if may:
        deeds[town.dice.choice(may)]()


def _move_post(town: Town, home: str) -> None:
    """A post becomes vacant, or is taken up again by one of the cadres."""
    key = f"{home}{town.dice.randrange(3)}"
    [row] = [row for row in town.place.ask(FOUNDER, posts.posts) if row.id == town.place.posts[key]]
    if row.holders:
        town.place.do(FOUNDER, posts.leave_post, row.holders[0][0])
    else:
        taker = town.place.people[town.who(home, "head", "clerk", "member")].person_id
        town.place.do(FOUNDER, posts.take_post, row.id, taker)


def _hand_over(town: Town, home: str) -> None:
    two = town.dice.sample(("head", "clerk", "member"), 2)
    giver, taker = (town.place.people[f"{home}_{key}"].person_id for key in two)
    order = handover.HandOver(giver_id=giver, taker_id=taker, reason="岗位调整")
    town.place.do(town.who(home, "supervisor"), handover.hand_over, order)


def _plan(town: Town, home: str, who: str, risk_id: str) -> None:
    person = town.place.people[town.who(home, "head", "clerk", "member")].person_id or ""
    checker = town.place.people[town.who(home, "watch", "watch2")].person_id or ""
    form = measures.MeasureForm(
        text="按季公开并留存照片", owner_id=person, watchdog_id=checker, starts_on=town.place.today,
        due_on=town.place.today + timedelta(days=town.dice.randrange(3, 60)),
    )  # fmt: skip
    town.place.do(who, measures.plan, risk_id, form)


def _rate(town: Town, _home: str, who: str, risk_id: str) -> None:
    given = {name: town.dice.randint(1, 3) for name in ("power", "discretion", "probability", "harm")}
    form = rating.RatingForm(**given, level=town.dice.choice(list(Level)), reason="结合实际评定")
    town.place.do(who, rating.rate, risk_id, form)


def _assign(town: Town, home: str, who: str, risk_id: str) -> None:
    doers = [town.place.people[town.who(home, "head", "clerk", "member")].person_id for _n in range(2)]
    town.place.do(who, risks.assign, risk_id, *doers, town.place.people[town.who(home, "watch", "watch2")].person_id)


def _down(town: Town, _home: str, who: str, risk_id: str) -> None:
    below = sorted(town.place.ask(who, escalation.below, risk_id))
    if below:
        form = HandingDown(unit_id=town.dice.choice(below), reason="请办理")
        town.place.do(who, escalation.hand_down, risk_id, form)


def _look(town: Town, _home: str, who: str, risk_id: str) -> None:
    form = looking.LookForm(
        result=town.dice.choice(list(ReviewResult)), verified_level=town.dice.choice(list(Level)), note="现场看过"
    )
    town.place.do(who, looking.look, risk_id, form)


def _sign(town: Town, _home: str, who: str, risk_id: str) -> None:
    town.place.do(who, signing.sign_again, risk_id, town.place.ask(who, signing.asked, risk_id).digest)


def _simply(deed: Callable[..., Any], *more: Any) -> Callable[[Town, str, str, str], None]:
    def doing(town: Town, _home: str, who: str, risk_id: str) -> None:
        town.place.do(who, deed, risk_id, *more)

    return doing


ON_ENTRY: dict[A, Callable[[Town, str, str, str], None]] = {
    A.RATE: _rate, A.ASSIGN: _assign, A.PLAN: _plan, A.HAND_DOWN: _down,
    A.ANNOUNCE: _simply(risks.announce, risks.Notice(wording="公开有时不够及时")),
    A.FILE: _simply(risks.file), A.FILE_UNDISCLOSED: _simply(risks.file, "涉及个人隐私"),
    A.CONTROL: _simply(risks.control), A.ASK_CLOSING: _simply(risks.ask_closing, "措施已落实"),
    A.LOOK: _look, A.SIGN: _sign, A.CLOSE: _simply(risks.close),
    A.REFUSE_CLOSING: _simply(risks.refuse_closing, "还要再看"),
    A.REOPEN: _simply(risks.reopen, "问题又出现"), A.RAISE_UP: _simply(escalation.raise_up, "本级解决不了"),
    A.GIVE_BACK: _simply(escalation.give_back, "可以解决"), A.OBJECT_HANDING: _simply(escalation.object_to, "不属本级"),
    A.EXTEND: _simply(escalation.extend, Extension(days=10, reason="等批复")),
    A.SETTLE: _simply(escalation.settle, Settling(resolve_level=ResolveLevel.LOCAL)),
}  # fmt: skip
DEEDS: tuple[tuple[Callable[[Town, str], object], float], ...] = (
    (_speak, 0.12), (_review, 0.25), (_entry, 0.6), (_entry, 0.6), (_measure, 0.5), (_point, 0.02),
    (_answer_point, 0.03), (_rate_as_sender, 0.03), (_move_post, 0.01), (_hand_over, 0.01),
)  # fmt: skip
"""What may happen in a community on a day, and how likely it is where everybody is zealous."""
