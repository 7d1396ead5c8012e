"""What people do with flags, entries and measures: each deed one of the things they may do now, at random."""

from collections.abc import Callable
from typing import Any

from core.access import RESIDENT, Scope
from core.entries import actions, escalation, rating, risks, signing
from core.entries.actions import Action as A
from core.entries.escalation import Extension, HandingDown, Settling
from core.prevention import claims, looking, measures
from core.prevention.measures import Measure
from core.review import inbox, merging, triage
from core.turning import START
from core.voices import flags, points, sealing
from core.voices.followup import rate_answer
from core.words import (
    ActorKind,
    Channel,
    Dimension,
    FlagStatus,
    Level,
    MeasureStatus,
    ResolveLevel,
    ReviewResult,
    RiskType,
    Triage,
)
from tests.years.town import OFFICE, Deed, Town, by_residents, in_days

WORDS = (
    "书记一个人说了算", "低保名单没有贴出来", "门面出租不公开", "公章登记不全", "物业费收支没公示", "楼道维修报价太高",
)  # fmt: skip


@by_residents
def _speak(town: Town, home: str) -> None:
    said, n = town.dice.choice(WORDS) + str(town.dice.random()), town.dice.randrange(3)
    if town.dice.random() < 0.08:  # somebody is named, and now and then accused
        name = town.place.people[town.who(home, "head", "clerk", "member", "watch")].name
        said = f"{name}{town.dice.choice(('从来不贴名单', '收了红包才办事'))}{said}"
    draft = flags.ResidentFlag(text=said, item_id=town.place.items[f"{home}{n}"])
    town.codes.append((home, str(town.place.do(RESIDENT, flags.speak, town.place.units[home].code, draft, Channel.QR))))


@by_residents
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


def _unseal(town: Town, home: str) -> None:
    """The discipline desk confirms a seal, or lifts it."""
    rows = town.place.ask("desk", lambda work: work.store.sealed_page(work.actor.scope("sealed:lift"), START))
    waiting = [row.id for row in rows if not row.confirmed]
    if waiting:
        deed = town.dice.choice((sealing.confirm_seal, sealing.lift_seal))
        town.place.do("desk", deed, waiting[0], "看过内容")


def _point(town: Town, home: str) -> None:
    form = points.PointForm(unit_ids=[town.place.units[home].id], text="用印登记不全" + str(town.dice.random()))
    town.place.do(town.who(home, "supervisor"), points.raise_point, form)


def _answer_point(town: Town, home: str) -> None:
    who = town.who(home, "head", "clerk")
    waiting = [row for row in town.place.ask(who, points.received) if not row.is_answered]
    if waiting:
        town.place.do(who, points.not_applicable, waiting[0].flag_id, "本社区没有这项业务")


def _entry(town: Town, home: str) -> bool:
    """Somebody does with some entry one of the things they may do now: mostly who is to go on with it."""
    found = town.one_of("risks WHERE unit_id = :id AND status <> 'archived'", home)
    if found is None:
        return False
    who = town.holder_of(home, found["owner_id"]) if found["status"] == "controlled" else ""
    if not who or town.dice.random() < 0.3:
        who = town.who(home, *TURNS.get(found["status"], ANYBODY) if town.dice.random() < 0.8 else ANYBODY)
    planned = town.one_of("measures WHERE status <> 'verified' AND risk_id = :id", found["id"])
    enough = {A.PLAN} if planned and town.dice.random() < 0.95 else set()
    may = sorted(town.place.ask(who, actions.actions, found["id"]) & ON_ENTRY.keys() - enough)
    if not may:
        return False
    [chosen] = town.dice.choices(may, [LIKING.get(deed, 1) for deed in may])
    ON_ENTRY[chosen](town, home, who, found["id"])
    return True


def _claim(town: Town, home: str) -> None:
    """Somebody takes a measure for members on, and now and then thinks better of it."""
    who = town.who(home, *OFFICE)
    rows = town.place.ask("city_supervisor", _for_members, town.place.units[home].path)
    if rows:
        chosen = town.dice.choice(rows)
        town.place.do(who, claims.claim, chosen)
        if town.dice.random() < 0.1:
            town.place.do(who, claims.give_up, chosen)


def _for_members(work: Any, path: str) -> list[str]:
    found = work.store.some(Measure, Scope((path,)), actor_kind=ActorKind.MEMBER, claimed_by=None)
    return sorted(one.id for one in found if one.status is not MeasureStatus.VERIFIED)


def _measure(town: Town, home: str) -> bool:
    """Whoever owns a measure, or is to verify it, says how it stands; now and then somebody else tries to."""
    found = town.one_of("measures WHERE unit_id = :id AND status <> 'verified'", home)
    if found is None:
        return False
    part = "watchdog_id" if found["status"] == "verifying" else "owner_id"
    who = town.holder_of(home, found[part])
    if not who or town.dice.random() < 0.1:
        who = town.who(home, *ANYBODY)
    deeds: dict[str, list[tuple[Deed, Any]]] = {
        "verifying": [(measures.verify, ())] * 3 + [(measures.send_back, ())],
        "doing": [(measures.ask_verification, ())] * 2 + [(measures.report, (60,))],
    }  # fmt: skip
    deed, more = town.dice.choice(deeds.get(found["status"], [(measures.report, (30,))]))
    town.place.do(who, deed, found["id"], *more, "看过现场和照片")
    return True


def _plan(town: Town, home: str, who: str, risk_id: str) -> None:
    person, checker = (town.id_of(town.who(home, *keys)) for keys in (("head", "clerk", "member"), ("watch", "watch2")))
    kind = town.dice.choice((ActorKind.PARTY, ActorKind.MEMBER))
    form = measures.MeasureForm(
        text="按季公开并留存照片", actor_kind=kind, owner_id=person, watchdog_id=checker, starts_on=town.place.today,
        due_on=in_days(town, 3, 60),
    )  # fmt: skip
    town.place.do(who, measures.plan, risk_id, form)


def _rate(town: Town, _home: str, who: str, risk_id: str) -> None:
    given = {name: town.dice.randint(1, 3) for name in ("power", "discretion", "probability", "harm")}
    form = rating.RatingForm(**given, level=town.dice.choice(list(Level)), reason="结合实际评定")
    town.place.do(who, rating.rate, risk_id, form)


def _assign(town: Town, home: str, who: str, risk_id: str) -> None:
    doers = [town.id_of(town.who(home, "head", "clerk", "member")) for _n in range(2)]
    town.place.do(who, risks.assign, risk_id, *doers, town.id_of(town.who(home, "watch", "watch2")))


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

ANYBODY = (*OFFICE, "supervisor", "supervisor")
TURNS = {
    "unrated": ("supervisor",), "rated": ("watch", "watch2"), "announced": ("supervisor",),
    "filed": ("watch", "supervisor", "head"), "verifying": ("watch", "watch2", "supervisor"),
    "closed": ("watch", "watch2", "supervisor"), "reopened": ("supervisor", "head"),
}  # fmt: skip
"""Whose turn it mostly is with an entry in a state."""
LIKING: dict[A, float] = {
    A.CLOSE: 6, A.ASK_CLOSING: 6, A.LOOK: 6, A.CONTROL: 6, A.ANNOUNCE: 4, A.FILE: 4, A.SIGN: 2, A.REOPEN: 0.3,
    A.PLAN: 3, A.RAISE_UP: 0.3, A.HAND_DOWN: 0.5, A.SETTLE: 0.3, A.EXTEND: 0.3,
}  # fmt: skip
"""How much likelier than other deeds some are, so that entries come to their end; 1 for the rest."""

DEEDS: tuple[tuple[Deed, float], ...] = (
    (_speak, 0.12), (_review, 0.25), (_unseal, 0.02), (_entry, 0.6), (_entry, 0.6), (_measure, 0.5), (_claim, 0.05),
    (_point, 0.02), (_answer_point, 0.03), (_rate_as_sender, 0.03),
)  # fmt: skip
"""What may happen in a community on a day, and how likely it is where everybody is zealous."""
