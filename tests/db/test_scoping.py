"""Every question that takes a scope keeps to it: other streets, sealed matters, and the recused."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import dates, home, items
from core.access import EVERYWHERE, FOUNDER, RESIDENT, Permission, Scope
from core.alerts import warnings
from core.consistency import findings
from core.entries import escalation, rating, risks, views
from core.entries.escalation import Passing
from core.entries.register import Filter
from core.entries.searching import Found, sought
from core.errors import Missing
from core.events import Event
from core.home import Chore
from core.insight.blindspots import Sight
from core.inspection import campaigns, rounds
from core.ledgers import commitments, decisions, meetings, mentoring, vettings
from core.ledgers.commitments import counted_since
from core.openness import requests, subjects
from core.organisation import posts
from core.organisation.places import Reach
from core.organisation.recusal import Recusal
from core.organisation.units import new_id
from core.prevention import looking, measures
from core.review import merging, recurrence, triage
from core.review.runs import Group
from core.store import Work
from core.turning import ALL_HERE, START, Listed, Turned
from core.voices import attachments, contacts, followup, openings, points, sealing, unlocking
from core.voices.attachments import Prepared
from core.voices.flags import Flag
from core.voices.openings import Ground, Part
from core.words import (
    Answer,
    CommitmentKind,
    Dimension,
    Level,
    OpeningKind,
    ReviewResult,
    Role,
    RunKind,
    SignedStage,
    Source,
    WarningLevel,
)
from db.paths import under
from db.scoping import within
from db.store import SqlStore
from db.sweeping import PROGRAM
from db.tables import units_
from tests import makers
from tests.bunching import plainly  # noqa: F401
from tests.makers import Place
from tests.raw import Spoken, write_flag
from tests.sheets import begun, worked_off

pytestmark = pytest.mark.usefixtures("plainly")

SCOPED = sorted(
    name for name, question in inspect.getmembers(SqlStore, inspect.isfunction)
    if not name.startswith("_") and "scope" in inspect.signature(question).parameters and name != "forget_rows"
)  # fmt: skip
"""Every question with a scope; `forget_rows` is a deed, tried where runs are cancelled."""


@pytest.fixture
def full(place: Place) -> Place:
    """榕树社区 with something of everything in it."""
    _rounds(place)
    risk_id, measure_id = makers.controlled(place)
    place.do("clerk", measures.report, measure_id, 40, "已整理名单")
    place.do("clerk", measures.attach, measure_id, measures.Upload("名单.pdf", b"%PDF-1.7 x"))
    rated = makers.open_risk(place, "盖章登记本没人记", "公章使用登记不全")
    makers.rated(place, rated)
    place.do("clerk", rating.state, risk_id, "名单每季度都贴过", objection=False)
    place.do("clerk", measures.ask_verification, measure_id, "已张贴并拍照")
    makers.planned(place, risk_id, days=5)
    _closed(place)
    place.later(30)
    look = looking.LookForm(result=ReviewResult.EFFECTIVE, verified_level=Level.LOW, note="现场看过")
    rows = place.ask("watchdog", looking.listed, "due")
    place.do("watchdog", looking.look, next(row.risk_id for row in rows if row.mine), look)
    makers.raise_point(place, ("banyan",))
    _asked_again(place)
    makers.speak(place, "名单贴了两天就撕了")
    makers.speak(place, "周小满收了红包才给办低保")
    place.items["entry"], place.items["measure"] = risk_id, measure_id
    _shown(place, risk_id)
    home = place.units["banyan"].id
    _runs(place)
    vacant = place.do("system", posts.add_post, home, "会计岗")
    form = items.ItemForm(name="收支报账", dimension=Dimension.CLEAN_AFFAIRS, post_id=vacant)
    place.do("secretary", items.add_item, home, form)
    _asked(place, makers.speak(place, "名单上的人谁都不认识"))
    _opened_up(place)
    _small_registers(place)
    makers.related(place, "other_clerk", "other_watchdog")
    makers.related(place, "other_clerk", "auditor", confirmed=False)
    makers.speak(place, "郑守正、钱思远和孙立人都没来看过路灯", None)
    _left_aside(place)
    return place


def _left_aside(place: Place) -> None:
    """A finding of the consistency checks that is left as it is."""
    home = place.units["banyan"].id
    [first, *_rest] = place.ask("supervisor", findings.report, findings.Wanted(home)).found
    form = findings.Putting(reason="下月一并处理", until=place.today + timedelta(days=30))
    place.do("supervisor", findings.set_aside, home, first.finding.key, form)


def _small_registers(place: Place) -> None:
    """A pledge, a joint vetting, a demo site and a meeting."""
    home, supervisor = place.units["banyan"].id, place.people["supervisor"].person_id or ""
    [signer, *_rest] = place.ask("clerk", commitments.signers)
    place.do("clerk", commitments.keep, commitments.CommitmentForm(
        kind=CommitmentKind.PLEDGE, holding_id=signer.holding_id, done_on=place.today,
    ))  # fmt: skip
    form = vettings.VettingForm(unit_id=home, title="届中补选", held_on=place.today, departments="公安")
    place.do("clerk", vettings.begin, form)
    place.do("supervisor", mentoring.mark, mentoring.SiteForm(unit_id=home, mentor_id=supervisor))
    place.do("supervisor", meetings.hold, meetings.MeetingForm(unit_id=home, held_on=place.today, present=5))


def _opened_up(place: Place) -> None:
    """A decision, a catalogue of disclosures with what is owed, and a request for one more."""
    home = place.units["banyan"].id
    place.do("clerk", decisions.add, decisions.DecisionForm(unit_id=home, title="停车棚改造", item_id=None))
    place.do("clerk", subjects.fill, home)
    place.do("clerk", views.save, {"level": ["high"]}, views.ViewForm(name="高等级", unit_id=home))
    form = requests.RequestForm(text="想看看停车棚花了多少钱", subject_id=None)
    place.do(RESIDENT, requests.ask, place.units["banyan"].code, form)


def _shown(place: Place, risk_id: str) -> None:
    """A voice of an entry with a file."""
    words = "名单的照片在这里"
    opened = place.ask(RESIDENT, unlocking.unlock, makers.speak(place, words))
    place.do(RESIDENT, attachments.add, opened, Prepared("image/png", b"a photo", None))
    [row] = [row for row in makers.inbox(place) if row.text == words]
    place.do("watchdog", merging.merge, row.id, risk_id)
    place.do(RESIDENT, followup.rate_answer, opened, 4, 3, 2)
    with place.engine.begin() as rows:
        for voice, level in (("self", "low"), ("resident", "high")):
            said = Spoken(voice, level, False, None, False)
            write_flag(place, rows, risk_id, f"rated-{voice}", place.units["banyan"].id, said)


def _closed(place: Place) -> None:
    """Three closed entries that are to be looked at again, one of them by nobody: who could is named in it."""
    for title, text, named in (
        ("垃圾清运费没有公开", "垃圾清运费花在哪里没有说", ""),
        ("路灯维修没有登记", "路灯坏了修没修没人知道", ""),
        ("快递柜收费没有公开", "快递柜收多少钱没有说", "郑守正和钱思远没来看过快递柜"),
    ):
        risk_id, measure_id = makers.controlled(place, title, text)
        makers.done(place, measure_id)
        if named:
            makers.speak(place, named, None)
            [row] = [row for row in makers.inbox(place, "supervisor") if row.text == named]
            place.do("supervisor", merging.merge, row.id, risk_id)
        place.do("clerk", risks.ask_closing, risk_id, "都已落实")
        place.do("supervisor" if named else "watchdog2", risks.close, risk_id)


def _rounds(place: Place) -> None:
    """A round of one day that is frozen, one that is over, and one over both in which something has changed."""
    for who, key in (("clerk", "banyan"), ("other_clerk", "river")):
        day = rounds.RoundForm(
            unit_id=place.units[key].id, title="一日自查", starts_on=place.today, ends_on=place.today
        )  # fmt: skip
        round_id = place.do(who, rounds.open_round, day)
        if key == "banyan":
            place.do(who, campaigns.close_round, round_id, "当日完成")
    place.later(1)
    makers.opened_round(place)
    place.do("system", posts.take_post, place.posts["seal"], place.people["clerk"].person_id)
    place.do("clerk", rounds.inspect, place.items["seal"], Answer.NOTHING, "翻看了今年的登记")
    makers.rated(place, makers.open_risk(place, "名单贴得太高看不清", "名单张贴位置不当"))
    place.later(1)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.CHANGED, "改为两人入户")


def _asked_again(place: Place) -> None:
    """A sender who does not agree with the answer."""
    words = "门牌掉了没有人管"
    code = makers.speak(place, words, None)
    [row] = [row for row in makers.inbox(place) if row.text == words]
    place.do("watchdog", triage.decline, row.id, "已报物业")
    place.do(RESIDENT, followup.ask_reopening, code, "还是没有人来")


def _asked(place: Place, code: str) -> None:
    """A contact that somebody of the desk asks to open."""
    opened = place.ask(RESIDENT, unlocking.unlock, code)
    place.do(RESIDENT, contacts.leave, opened, "13812345678")
    flag_id = place.ask(RESIDENT, lambda work: unlocking.flag_of(work, opened).id)
    place.do("discipline", openings.ask, flag_id, OpeningKind.CONTACT, "需要核实")


def _runs(place: Place) -> None:
    """An intake with a group beside the entry, another that waits with a bad row, and a search over the street."""
    makers.speak(place, "社区章随便盖没人管", None, "river")
    [seal] = [row.id for row in makers.inbox(place, "other_watchdog") if "社区章" in row.text]
    other = makers.entry_form(place, "公章使用没有登记", None)
    place.do("other_watchdog", merging.open_entry, seal, other)
    place.items["taken"] = begun(place, "1,,,,,,公章谁都能拿去盖", "2,,,,,,公章借出去没有记")
    place.items["searched"] = place.do("supervisor", recurrence.begin, place.units["street"].id)
    worked_off(place)
    point = points.PointForm(unit_ids=[place.units["banyan"].id], text="公章借用要登记")
    place.do("supervisor", points.raise_point, point, group_id=place.ask(FOUNDER, _group, place.items["taken"]))
    place.items["begun"] = begun(place, "1,,,,,,门面租金没人说", "2,,,,,,", without_bad=True)
    makers.planned(place, place.items["entry"], days=5)
    place.do("watchdog", escalation.raise_up, place.items["entry"], "社区解决不了")
    place.do(PROGRAM, warnings.renew, place.units["banyan"].id)


def known(place: Place) -> dict[str, Any]:
    """What each parameter of a question stands for, when one asks about 榕树社区; None for what can stay away."""
    row = makers.inbox(place)[0]
    found = place.ask("supervisor", lambda work: work.store.round_at(place.units["banyan"], work.today))
    clerk = place.people["clerk"].person_id
    return {
        "unit_id": place.units["banyan"].id, "unit": place.units["banyan"], "kind": Flag,
        "key": row.id, "keys": [row.id],
        "ids": [place.items["entry"], place.items["measure"], clerk], "overdue": False,
        "wanted": Filter(), "today": place.today, "day": place.today,
        "risk_id": place.items["entry"], "risk_ids": [place.items["entry"]],
        "unit_ids": [place.units["banyan"].id],
        "stage": SignedStage.RATING, "passing": Passing.CAME_UP, "counted": counted_since(place.today), "state": None,
        "view": "due", "most": 5, "part": Part.OPEN, "ground": Ground.CONTACT, "agreed_since": dates.now(),
        "said": {(place.items["entry"], source.value) for source in Source},
        "measure_id": place.items["measure"],
        "item_id": place.items["relief"], "source": Source.RESIDENT,
        "flag_id": row.id, "person_id": clerk, "viewer": place.people["supervisor"].person_id,
        "awaited": [*home.BY_RIGHT, *home.STEPS, Chore.DESERTED],
        "roles": [Role.CADRE], "round_id": found.id, "round_": found, "round_ids": [found.id],
        "closed_since": place.today, "begun_until": place.today + timedelta(days=300),
        "row": place.ask("supervisor", lambda work: work.store.round_row(Scope((EVERYWHERE,)), found.id)),
        "chain": place.units["banyan"].id,
        "below": None, "limit": 50, "verified": False,
        "status": None, "statuses": None, "mine": None, "skip": 0, "turn": START, "undone": True,
        "first": place.today, "last": place.today, "until": place.today, "since": place.today - timedelta(days=300),
        "post_id": place.posts["relief"], "path": place.units["banyan"].path,
        "sight": Sight(None, "", None, None, None, None),
        "reach": Reach.REGISTERS, "at": None,
        "sought": sought("名单"), "kinds": list(Found), "found": Found.ENTRY, "answered": None,
        "colour": WarningLevel.RED, "open_only": False, "words": "", "sources": list(Source),
        "warning_id": place.ask(FOUNDER, lambda work: work.store.running_warnings(place.units["banyan"].id)[0].id),
        "run_id": place.items["taken"], "group_id": place.ask(FOUNDER, _group, place.items["taken"]),
        "of_runs": {
            "offered_ones": {"ids": [place.units["banyan"].id]},
            "reached_below": {"units": [place.units["banyan"]]},
            "heard_places": {"ids": [place.units["banyan"].id]}, "communities_in": {"ids": [place.units["banyan"].id]},
            "held": {"people": [clerk]}, "count_communities": {"ids": [place.units["banyan"].id]},
            "run_states": {"kind": RunKind.INTAKE}, "common_page": {"run_id": place.items["searched"]},
            "common_rows": {"group_ids": [place.ask(FOUNDER, _group, place.items["searched"])]},
            "overdue_page": {"before": place.today + timedelta(days=366), "of": None},
            "overdue_classes": {"before": place.today + timedelta(days=366)},
            "rows_to_take": {"run_id": place.items["begun"]}, "refused_rows": {"run_id": place.items["begun"]},
            "disclosure_counts": {"today": place.today + timedelta(days=366)},
            "joined_since": {"day": place.today - timedelta(days=300)},
            "raised_since": {"day": place.today - timedelta(days=300)}, "powers": {"ids": [place.items["relief"]]},
        },
    }  # fmt: skip


def _group(work: Work, run_id: str) -> str:
    [group] = work.store.some(Group, Scope((EVERYWHERE,)), run_id=run_id)
    return group.id


def arguments(question: Callable[..., Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the name of the parameter; a name nobody knows fails here and is to be added to `known`."""
    given = {}
    for name, parameter in list(inspect.signature(question).parameters.items())[1:]:
        if name == "scope" or parameter.kind is parameter.VAR_KEYWORD:
            continue
        if name in facts:
            given[name] = facts[name]
        else:
            assert parameter.default is not parameter.empty, f"say in `known` what {name} is"
    return given


def nothing(answer: Any) -> bool:
    """Whether an answer tells nothing."""
    if answer is None or answer == "" or isinstance(answer, bool | date):
        return not answer
    if isinstance(answer, int | float):
        return answer == 0
    if isinstance(answer, Listed) and answer.total:
        return False
    if isinstance(answer, Turned):  # an empty list stands on its first page
        return answer == ALL_HERE
    if isinstance(answer, Mapping):
        return all(nothing(value) for value in answer.values())
    if is_dataclass(answer):
        return all(nothing(getattr(answer, field.name)) for field in fields(answer))
    if isinstance(answer, list | tuple | set | frozenset):
        return all(nothing(part) for part in answer)
    return not list(answer)


def ask(work: Work, name: str, scope: Scope, facts: Mapping[str, Any]) -> Any:
    question = getattr(SqlStore, name)
    facts = {**facts, "raw": scope, "kin": scope, "answering": scope, **facts.get("of_runs", {}).get(name, {})}
    if name in ASKED_BY_SUPERVISOR:
        facts = {**facts, "person_id": scope.viewer}
    try:
        answer = question(work.store, scope=scope, **arguments(question, facts))
    except Missing:
        return None
    return [*answer[0]] if name == "read_chain" and answer else answer


AT = {
    "sealed_page": Permission.SEALED_OPEN, "grounds": Permission.SEALED_OPEN,
    "matter_page": Permission.SEALED_OPEN, "opening_page": Permission.SEALED_OPEN,
    "chains": Permission.AUDIT_READ, "entries_of_chain": Permission.AUDIT_READ, "read_chain": Permission.AUDIT_READ,
}  # fmt: skip
ASKED_BY_SUPERVISOR = {"what_waits", "deserted_first", "to_verify"}
"""Questions about work that is not the clerk's."""
LISTS_OF_UNITS = {"unit_rows", "registers", "offered", "offered_at", "people_rows", "people_page",
                  "people_near", "few_communities"}  # fmt: skip
"""Questions that also answer with what another street has of its own."""


def _unit_of(row: Any) -> str:
    """The unit a row of a list of units speaks of."""
    if isinstance(row, tuple):
        return str(row[0])
    return row if isinstance(row, str) else str(getattr(row, "unit_id", "") or row.id)


@pytest.mark.costly
def test_a_scope_of_another_street_gives_nothing_of_this_community(full: Place) -> None:
    facts, seen, dumb = known(full), [], []
    ours = {full.units[key].id for key in ("street", "banyan", "river", "grid", "building")}
    for name in SCOPED:
        sealed = AT.get(name) is Permission.SEALED_OPEN
        viewer = full.people["discipline" if name == "unreviewed" else "supervisor"]
        home = Scope((full.units["street"].path,), viewer.person_id, sealed)
        away = Scope((full.units["far_street"].path,), full.people["far_supervisor"].person_id, sealed)
        there = full.ask(FOUNDER, ask, name, away, facts)
        if name in LISTS_OF_UNITS:
            leaks = bool(ours & {_unit_of(row) for row in there})
        elif name == "communities_at":
            leaks = bool(ours & {key for key, _name in there[0]})
        elif name == "chains":
            leaks = bool(ours & {row.chain.removesuffix(":residents") for row in there})
        else:
            leaks = not nothing(there)
        seen += [name] if leaks else []
        dumb += [name] if nothing(full.ask(FOUNDER, ask, name, home, facts)) else []
    assert seen == []
    assert dumb == []


@pytest.mark.costly
def test_an_empty_scope_gives_nothing_at_all(full: Place) -> None:
    facts, viewer = known(full), full.people["supervisor"].person_id
    for sealed in (False, True):
        scope = Scope((), viewer, sealed)
        assert [name for name in SCOPED if not nothing(full.ask(FOUNDER, ask, name, scope, facts))] == []


def told(answer: Any) -> str:
    """Everything an answer says, entities with all they hold."""
    if isinstance(answer, Mapping):
        return " ".join(f"{told(key)} {told(value)}" for key, value in answer.items())
    if isinstance(answer, list | tuple | set | frozenset):
        return " ".join(told(part) for part in answer)
    return str(vars(answer)) if hasattr(answer, "__dict__") else str(answer)


def withhold(work: Work, flag_id: str, unit_id: str, person_id: str) -> None:
    work.store.add(Recusal(new_id(), unit_id, flag_id, person_id, "related"))
    work.record(Event.FLAG_RAISED, flag_id, chain=unit_id)


LOG = {"chains", "entries_of_chain", "read_chain"}
"""The audit log keeps ids and deeds, never words; it is the auditor's alone."""


SECRET = "谁家的车位谁先得不开票"


def tellers(full: Place, flag_id: str) -> list[str]:
    """The questions that give a supervisor something of a flag."""
    facts = known(full) | {"key": flag_id, "flag_id": flag_id}
    scope = Scope((full.units["street"].path,), full.people["supervisor"].person_id)
    found = {name: told(full.ask(FOUNDER, ask, name, scope, facts)) for name in SCOPED if name not in LOG}
    return [name for name, words in found.items() if SECRET in words or flag_id in words]


def secret(full: Place) -> str:
    makers.speak(full, SECRET)
    return next(row.id for row in makers.inbox(full) if row.text == SECRET)


@pytest.mark.costly
def test_what_one_is_recused_from_is_shown_by_no_question(full: Place) -> None:
    flag_id = secret(full)
    assert {"inbox", "one", "seen", "some"} <= set(tellers(full, flag_id))
    full.do(FOUNDER, withhold, flag_id, full.units["banyan"].id, full.people["supervisor"].person_id)
    assert tellers(full, flag_id) == []
    full.do("watchdog", merging.merge, flag_id, full.items["entry"])
    assert tellers(full, flag_id) == []


@pytest.mark.costly
def test_what_is_sealed_is_shown_by_no_question_but_the_desks(full: Place) -> None:
    flag_id = secret(full)
    full.do("watchdog", sealing.seal, flag_id, "像举报")
    assert tellers(full, flag_id) == []
    desk = Scope((full.units["street"].path,), full.people["discipline"].person_id, sealed=True)
    assert flag_id in told(full.ask("discipline", ask, "sealed_page", desk, {"turn": START}))


@pytest.mark.costly
def test_counts_leave_out_what_is_withheld_or_sealed(full: Place) -> None:
    scope = Scope((full.units["street"].path,), full.people["supervisor"].person_id)

    def counts(work: Work) -> tuple[object, object, object]:
        viewer = full.people["supervisor"].person_id or ""
        return (
            work.store.voice_cells(scope, None, work.today),
            work.store.what_waits(scope, viewer, work.today, [Chore.INBOX]),
            work.store.voices_counted(scope, None, work.today),
        )  # fmt: skip

    before = full.ask("supervisor", counts)
    makers.speak(full, "谁家的车位谁先得不开票", None)
    [flag_id] = [row.id for row in makers.inbox(full) if "车位" in row.text]
    assert full.ask("supervisor", counts) != before
    full.do(FOUNDER, withhold, flag_id, full.units["banyan"].id, full.people["supervisor"].person_id)
    assert full.ask("supervisor", counts) == before
    makers.speak(full, "楼道灯坏了没人管", None)
    [other] = [row.id for row in makers.inbox(full) if "楼道" in row.text]
    full.do("watchdog", sealing.seal, other, "像举报")
    assert full.ask("supervisor", counts) == before


def test_under_a_path_lie_the_units_whose_paths_begin_with_it(place: Place) -> None:
    with place.engine.connect() as connection:
        paths = list(connection.scalars(select(units_.c.path)))
        for path in paths:
            found = connection.scalars(select(units_.c.path).where(under(Scope((path,), None))))
            assert set(found) == {one for one in paths if one.startswith(path)}
            column = connection.scalars(select(units_.c.path).where(within(units_.c.id, Scope((path, path), None))))
            assert set(column) == {one for one in paths if one.startswith(path)}


@pytest.mark.parametrize("above", ["/", "/1a/", "/1a/2b/", "/1a/2b/3c/", "/1a/2b/3c/4d/"])
def test_siblings_whose_ids_begin_alike_do_not_lie_under_each_other(place: Place, above: str) -> None:
    """At each depth, of wide paths and narrow ones; `0` is the sign after `/`."""
    names = ("5e", "5e0", "5e00", "5", "5f", "5e-", "5eé", "5E")
    paths = [f"{above}{name}/{below}" for name in names for below in ("", "5e/", "0/")]
    with place.engine.begin() as connection:
        [model] = connection.execute(select(units_).where(units_.c.id == place.units["banyan"].id)).mappings()
        rows = [dict(model, id=new_id(), code=new_id()[:16], path=path) for path in paths]
        connection.execute(units_.insert(), rows)
        for path in paths:
            expected = {one for one in paths if one.startswith(path)}
            found = connection.scalars(select(units_.c.path).where(under(Scope((path,), None))))
            assert set(found) == expected
            apart = connection.scalars(select(units_.c.path).where(~under(Scope((path,), None))))
            assert set(paths) - set(apart) == expected
            column = connection.scalars(select(units_.c.path).where(within(units_.c.id, Scope((path, "/9z/"), None))))
            assert set(column) == expected
