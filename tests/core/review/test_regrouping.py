"""Moving, splitting and telling apart keep every voice, and taking them back gives back exactly what was."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import audit
from core.access import FOUNDER, Permission
from core.entries import risks
from core.entries.risks import Risk
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.organisation.units import new_id
from core.review import distinctions, merging, previewing, regrouping, triage
from core.review.merging import Link
from core.review.suggesting import Suggestion
from core.voices.flags import Flag
from core.words import Dimension, FlagStatus, Level, RiskStatus, RiskType, Source
from db.engine import connect
from db.tables import suggestions_
from tests import makers
from tests.core.review.test_triage import flag_of, holds, spoken
from tests.makers import Place, copy_of


def risk_of(place: Place, risk_id: str) -> Risk:
    return place.ask("watchdog", lambda work: work.store.find(Risk, risk_id))


def links_of(place: Place, risk_id: str, undone: bool = False) -> list[Link]:
    return place.ask("watchdog", lambda work: work.store.links_of(risk_id, undone))


def link_of(place: Place, flag_id: str) -> Link:
    """The standing link of a flag."""
    risk = place.ask("watchdog", lambda work: work.store.entry_of(flag_id))
    return next(link for link in links_of(place, risk.id) if link.flag_id == flag_id)


def entry_of(place: Place, flag_id: str) -> str:
    found = place.ask("watchdog", lambda work: work.store.entry_of(flag_id))
    return found.id if found else ""


def kept(place: Place, flag_id: str) -> dict[str, object]:
    return {name: value for name, value in vars(flag_of(place, flag_id)).items() if name[0] != "_"}


def merged(place: Place, risk_id: str, text: str) -> str:
    flag_id = spoken(place, text)
    place.do("watchdog", merging.merge, flag_id, risk_id, "同一件事")
    return flag_id


def two_entries(place: Place) -> tuple[str, str, str]:
    """An entry with two voices, one with a single voice, and the flag that was merged into the first."""
    home, other = makers.open_risk(place), makers.open_risk(place, "公章谁都能盖一下", "公章使用登记不全")
    return home, other, merged(place, home, "名单贴了两天就撕了")


def form(title: str = "名单张贴时间太短") -> risks.RiskForm:
    return risks.RiskForm(title=title, dimension=Dimension.CLEAN_AFFAIRS, risk_type=RiskType.PROCESS)


def test_a_flag_moves_with_its_state_and_comes_back_exactly(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    before, first = kept(place, flag_id), link_of(place, flag_id)
    with pytest.raises(Denied):
        place.do("clerk", regrouping.move, first.id, other, "说的是公章")
    with pytest.raises(Invalid):
        place.do("watchdog", regrouping.move, first.id, other, " ")
    with pytest.raises(Invalid):
        place.do("watchdog", regrouping.move, first.id, home, "还在原处")
    moved = place.do("watchdog", regrouping.move, first.id, other, "说的是公章")
    assert (entry_of(place, flag_id), kept(place, flag_id)) == (other, before)
    with pytest.raises(Stale):
        place.do("watchdog2", regrouping.move, first.id, other, "晚了一步")
    with pytest.raises(Stale, match="最后"):
        place.do("watchdog2", regrouping.take_back, first.id, "晚了一步")
    with pytest.raises(Denied):
        place.do("clerk", regrouping.take_back, moved, "移错了")
    with pytest.raises(Invalid):
        place.do("supervisor", regrouping.take_back, moved, "")
    place.do("supervisor", regrouping.take_back, moved, "移错了")
    assert (entry_of(place, flag_id), kept(place, flag_id)) == (home, before)
    again = link_of(place, flag_id)
    facts = ("flag_id", "risk_id", "before", "linked_by", "linked_at", "reason", "founding", "came_from", "deed_id")
    assert [getattr(again, fact) for fact in facts] == [getattr(first, fact) for fact in facts]
    assert len(links_of(place, home, undone=True)) == 3
    place.do("watchdog", merging.unmerge, again.id, "其实不是")
    assert flag_of(place, flag_id).status is FlagStatus.NEW


def test_who_answers_for_either_entry_moves_nothing(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    link_id = link_of(place, flag_id).id
    place.do(FOUNDER, lambda work: holds(work, place.posts["seal"], place.people["watchdog"].person_id))
    place.do("supervisor", risks.describe, other, makers.entry_form(place, "公章使用登记不全", "seal"))
    for risk_id, start in ((other, home), (home, other)):
        flag = links_of(place, start)[0]
        with pytest.raises(Denied):
            place.do("watchdog", regrouping.move, flag.id, risk_id, "归到那边")
    moved = place.do("watchdog2", regrouping.move, link_id, other, "归到那边")
    with pytest.raises(Denied):
        place.do("watchdog", regrouping.take_back, moved, "移错了")
    assert place.ask("watchdog", regrouping.open_now, other).take_back == frozenset()
    assert place.ask("watchdog2", regrouping.open_now, home).take_back == {moved}
    place.do("watchdog2", regrouping.take_back, moved, "移错了")


def test_nothing_moves_across_communities_into_an_ended_entry_or_under_seal(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    link_id = link_of(place, flag_id).id
    for who in ("other_watchdog", "far_supervisor"):
        with pytest.raises(Missing):
            place.do(who, regrouping.move, link_id, other, "归到那边")
        with pytest.raises(Missing):
            place.do(who, regrouping.split, home, [link_id], form(), "两回事")
        with pytest.raises(Missing):
            place.ask(who, regrouping.open_now, home)
    makers.speak(place, "江边停车位没有公示", None, "river")
    [far] = [row for row in makers.inbox(place, "supervisor") if row.unit == "江畔社区"]
    away = place.do("supervisor", merging.open_entry, far.id, makers.entry_form(place, "停车位没有公示", None))
    with pytest.raises(Refused):
        place.do("supervisor", regrouping.move, link_id, away, "归到那边")
    place.do("watchdog", merging.unmerge, links_of(place, other)[0].id, "立错了")
    with pytest.raises(Refused):
        place.do("watchdog", regrouping.move, link_id, other, "归到那边")
    place.do(FOUNDER, seal_by_force, flag_id)
    with pytest.raises(Missing):
        place.do("watchdog", regrouping.move, link_id, home, "归到那边")


def seal_by_force(work: Any, flag_id: str) -> None:
    work.store.find(Flag, flag_id).sealed = True
    work.record(Event.FLAG_SEALED, flag_id, chain="test")


def test_the_only_voice_of_a_rated_entry_stays_and_an_emptied_one_is_withdrawn_and_restored(place: Place) -> None:
    home, other, _flag_id = two_entries(place)
    [link] = links_of(place, other)
    makers.rated(place, other)
    with pytest.raises(Refused):
        place.do("watchdog", regrouping.move, link.id, home, "归到那边")
    third = makers.open_risk(place, "停车费收了不开票", "停车收费不开票据")
    [link] = links_of(place, third)
    before = risk_of(place, third).status
    moved = place.do("watchdog", regrouping.move, link.id, home, "归到那边")
    assert risk_of(place, third).status is RiskStatus.ARCHIVED
    assert flag_of(place, link.flag_id).status is FlagStatus.OPENED
    assert place.ask("watchdog", regrouping.open_now, third).take_back == {moved}
    place.do("watchdog", regrouping.take_back, moved, "移错了")
    assert risk_of(place, third).status is before
    assert [one.founding for one in links_of(place, third)] == [True]


def test_a_split_founds_an_entry_and_is_taken_back_as_a_whole(place: Place) -> None:
    home, _other, flag_id = two_entries(place)
    third = merged(place, home, "名单字太小看不清")
    standing = [link.id for link in links_of(place, home)]
    chosen = [link_of(place, one).id for one in (flag_id, third)]
    flags = {one: kept(place, one) for one in (flag_id, third)}
    for ids in ([], standing):
        with pytest.raises(Invalid):
            place.do("watchdog", regrouping.split, home, ids, form(), "两回事")
    with pytest.raises(Denied):
        place.do("clerk", regrouping.split, home, chosen, form(), "两回事")
    with pytest.raises(Invalid):
        place.do("watchdog", regrouping.split, home, chosen, form("周小满贴的名单字太小"), "两回事")
    with pytest.raises(Invalid):
        place.do("watchdog", regrouping.split, home, chosen, form(), "")
    founded = place.do("watchdog", regrouping.split, home, chosen, form(), "说的是贴多久")
    new = links_of(place, founded)
    assert {link.flag_id: link.founding for link in new} == {flag_id: True, third: False}
    assert len({link.deed_id for link in new}) == 1
    assert {one: kept(place, one) for one in flags} == flags
    with pytest.raises(Stale):
        place.do("watchdog2", regrouping.split, home, chosen, form(), "晚了一步")
    place.do("supervisor", regrouping.take_back, new[1].id, "还是一回事")
    assert [entry_of(place, one) for one in flags] == [home, home]
    assert {one: kept(place, one) for one in flags} == flags
    assert risk_of(place, founded).status is RiskStatus.ARCHIVED


def test_a_split_stays_once_its_entry_was_rated_has_other_voices_or_lost_one(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    third = merged(place, home, "名单字太小看不清")

    def split() -> str:
        chosen = [link_of(place, one).id for one in (flag_id, third)]
        return str(place.do("watchdog", regrouping.split, home, chosen, form(), "说的是贴多久"))

    founded = split()
    joined = merged(place, founded, "贴一天就没了")
    with pytest.raises(Refused, match="其他声音"):
        place.do("watchdog", regrouping.take_back, link_of(place, third).id, "还是一回事")
    place.do("watchdog", merging.unmerge, link_of(place, joined).id, "并错了")
    moved = place.do("watchdog", regrouping.move, link_of(place, third).id, other, "说的是公章")
    with pytest.raises(Refused, match="拆分"):
        place.do("watchdog", regrouping.take_back, link_of(place, flag_id).id, "还是一回事")
    place.do("watchdog", regrouping.take_back, moved, "移错了")
    place.do("watchdog", regrouping.take_back, link_of(place, flag_id).id, "还是一回事")
    assert entry_of(place, third) == home
    makers.rated(place, split())
    assert place.ask("watchdog", regrouping.open_now, entry_of(place, third)).take_back == frozenset()
    with pytest.raises(Refused, match="评定"):
        place.do("watchdog", regrouping.take_back, link_of(place, third).id, "还是一回事")


def test_what_is_told_apart_is_remembered_until_taken_back_or_merged_by_hand(place: Place) -> None:
    home, _other, _flag_id = two_entries(place)
    waiting = spoken(place, "低保名单看不到")
    inside = links_of(place, home)[0].flag_id
    with pytest.raises(Denied):
        place.do("clerk", distinctions.tell_apart, waiting, home)
    with pytest.raises(Missing):
        place.do("other_watchdog", distinctions.tell_apart, waiting, home)
    with pytest.raises(Refused):
        place.do("watchdog", distinctions.tell_apart, inside, home)
    place.do("watchdog", distinctions.tell_apart, waiting, home, "说的是另一份名单")
    place.do("watchdog2", distinctions.tell_apart, waiting, home)
    [apart] = place.ask("watchdog", distinctions.told_apart, waiting)
    assert (apart.risk_id, apart.number, apart.reason) == (home, 1, "说的是另一份名单")
    assert judged(place, waiting, home) is False
    place.do("watchdog", distinctions.take_back_distinction, waiting, home)
    assert place.ask("watchdog", distinctions.told_apart, waiting) == []
    assert judged(place, waiting, home) is None
    with pytest.raises(Stale):
        place.do("watchdog", distinctions.take_back_distinction, waiting, home)
    place.do("watchdog", distinctions.tell_apart, waiting, home)
    link_id = place.do("watchdog", merging.merge, waiting, home)
    assert place.ask("watchdog", distinctions.told_apart, waiting) == []
    assert judged(place, waiting, home) is True
    place.do("watchdog", merging.unmerge, link_id, "并错了")
    assert [a.risk_id for a in place.ask("watchdog", distinctions.told_apart, waiting)] == [home]
    assert judged(place, waiting, home) is False


def test_who_answers_for_the_entry_tells_nothing_apart(place: Place) -> None:
    home = makers.open_risk(place)
    waiting = spoken(place, "低保名单看不到", item=None)
    place.do(FOUNDER, lambda work: holds(work, place.posts["relief"], place.people["watchdog"].person_id))
    with pytest.raises(Denied):
        place.do("watchdog", distinctions.tell_apart, waiting, home)
    place.do("watchdog2", distinctions.tell_apart, waiting, home)
    with pytest.raises(Denied):
        place.do("watchdog", distinctions.take_back_distinction, waiting, home)


def test_a_move_onto_what_was_told_apart_ends_that_until_it_is_taken_back(place: Place) -> None:
    _home, other, flag_id = two_entries(place)
    place.do("watchdog", distinctions.tell_apart, flag_id, other, "与公章无关")
    moved = place.do("watchdog", regrouping.move, link_of(place, flag_id).id, other, "说的还是公章")
    assert place.ask("watchdog", distinctions.told_apart, flag_id) == []
    place.do("watchdog", regrouping.take_back, moved, "移错了")
    [apart] = place.ask("watchdog", distinctions.told_apart, flag_id)
    assert (apart.risk_id, apart.reason) == (other, "与公章无关")


def judged(place: Place, flag_id: str, risk_id: str) -> bool | None:
    found = place.ask("watchdog", lambda work: work.store.judgement(flag_id, risk_id))
    return found.same if found else None


def test_moving_judges_both_pairs(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    assert judged(place, flag_id, home) is True
    moved = place.do("watchdog", regrouping.move, link_of(place, flag_id).id, other, "说的是公章")
    assert (judged(place, flag_id, home), judged(place, flag_id, other)) == (False, True)
    place.do("watchdog", regrouping.take_back, moved, "移错了")
    assert (judged(place, flag_id, home), judged(place, flag_id, other)) == (True, False)


def test_a_preview_tells_what_the_deed_then_does(place: Place) -> None:
    home, other, flag_id = two_entries(place)
    makers.rated(place, home)
    waiting = spoken(place, "名单没有贴全")
    seen = place.ask("watchdog", previewing.preview, waiting, home)
    assert seen.change.counts == {Source.RESIDENT: (2, 3)}
    assert (seen.change.level, seen.ended, seen.own, seen.change.public) == (Level.MEDIUM, False, False, False)
    place.do("watchdog", merging.merge, waiting, home)
    after = place.ask("watchdog", previewing.preview, spoken(place, "还有一条"), home)
    assert after.change.before == seen.change.after
    leaves, joins = place.ask("watchdog", previewing.preview_move, link_of(place, flag_id).id, other)
    assert (leaves.counts, joins.counts) == ({Source.RESIDENT: (3, 2)}, {Source.RESIDENT: (1, 2)})
    stays, founds = place.ask("watchdog", previewing.preview_split, home, [link_of(place, flag_id).id])
    assert (stays.counts, founds.counts, founds.number) == ({Source.RESIDENT: (3, 2)}, {Source.RESIDENT: (0, 1)}, None)
    assert founds.new_sources == [Source.RESIDENT]
    place.do(FOUNDER, lambda work: holds(work, place.posts["relief"], place.people["watchdog"].person_id))
    assert place.ask("watchdog", previewing.preview, spoken(place, "再有一条"), home).own
    for question, *rest in (
        (previewing.preview, waiting, home), (previewing.preview_split, home, []),
        (previewing.preview_move, link_of(place, flag_id).id, other),
    ):  # fmt: skip
        with pytest.raises(Missing):
            place.ask("far_supervisor", question, *rest)
        with pytest.raises(Denied):
            place.ask("clerk", question, *rest)


def test_the_queue_stands_by_lateness_then_certainty_then_limit(place: Place) -> None:
    home, other, _flag_id = two_entries(place)
    late = spoken(place, "最早的一条")
    place.later(10)
    unlike, less, sure, apart = (spoken(place, f"第{n}条没人管") for n in "一二三四")
    asked = spoken(place, "问过的一条")
    place.do(FOUNDER, suggested, {less: (home, 0.5), sure: (other, 0.9), apart: (home, 0.99), asked: (home, 0.99)})
    place.do("watchdog", distinctions.tell_apart, apart, home)
    place.do("watchdog", triage.ask_sender, asked, "哪一天？")
    rows = makers.inbox(place)
    ids = [row.id for row in rows]
    assert ids[:3] == [late, sure, less]
    assert set(ids[3:5]) == {unlike, apart}
    assert ids[5] == asked
    told = {row.id: (row.certainty, row.likely_number) for row in rows}
    assert (told[sure], told[less], told[apart]) == ((0.9, 2), (0.5, 1), (None, None))
    place.do("watchdog", merging.unmerge, links_of(place, other)[0].id, "立错了")
    assert {row.id: row.certainty for row in makers.inbox(place)}[sure] is None


def suggested(work: Any, pairs: dict[str, tuple[str, float]]) -> None:
    """Suggestions as the matching would keep them, in place of those it kept itself."""
    work.store.session.execute(suggestions_.delete())
    for flag_id, (risk_id, probability) in pairs.items():
        unit_id = work.store.find(Flag, flag_id).unit_id
        work.store.add(Suggestion(new_id(), unit_id, flag_id, risk_id, probability))
    work.record(Event.FLAG_RAISED, "test", chain="test")


FLAGS, ENTRIES = 4, 2
OPS = st.lists(
    st.tuples(
        st.sampled_from(("merge", "merge", "open", "move", "move", "move", "split", "split", "apart", "apart", "back")),
        st.integers(0, FLAGS + ENTRIES - 1), st.integers(0, 3), st.integers(1, 7),
    ),
    min_size=4, max_size=20,
)  # fmt: skip


class Register:
    """A small register in which everything can be done, and everything that was done be taken back in order."""

    def __init__(self, place: Place) -> None:
        self.place = place
        texts = [f"第{n}件：名单没有贴出来" for n in range(FLAGS)]
        self.risks = [makers.open_risk(place, f"{n}号公章谁都能盖", f"第{n}号公章使用登记不全") for n in range(ENTRIES)]
        makers.rated(place, self.risks[0])
        founders = [links_of(place, risk)[0].flag_id for risk in self.risks]
        self.flags = [spoken(place, text, item=None) for text in texts] + founders
        place.do("watchdog", triage.ask_sender, self.flags[1], "哪一天？")
        for flag_id in (self.flags[0], self.flags[2]):  # so that a splitting can take two voices and leave one
            place.do("watchdog", merging.merge, flag_id, self.risks[0], "同一件事")
        place.do(FOUNDER, self._say_levels)
        self.undo: list[tuple[Callable[[], object], dict[str, object]]] = []
        self.links: set[str] = set()

    def _say_levels(self, work: Any) -> None:
        for flag_id, level in zip(self.flags, (Level.HIGH, Level.LOW, None, Level.MEDIUM), strict=False):
            work.store.find(Flag, flag_id).level = level
        work.record(Event.SENDER_RATED, "test", chain="test")

    def state(self) -> dict[str, object]:
        """Everything that must come back exactly."""

        def read(work: Any) -> dict[str, object]:
            found: dict[str, object] = {}
            scope = work.actor.require(Permission.FLAG_MERGE)
            for flag_id in self.flags:
                flag, risk = work.store.find(Flag, flag_id), work.store.entry_of(flag_id)
                found[flag_id] = (
                    flag.status, flag.triage, flag.reason, flag.decided_on, flag.level, risk.id if risk else None,
                    frozenset(work.store.apart(flag_id)),
                )  # fmt: skip
            for risk_id in self.risks:
                risk, heard = work.store.find(Risk, risk_id), work.store.heard_in(scope, risk_id)
                found[risk_id] = (risk.status, risk.level, Counter(heard))
            return found

        return dict(self.place.ask("watchdog", read))

    def do(self, name: str, flag_no: int, risk_no: int, mask: int) -> None:
        if name == "back":
            self.back()
            return
        before, flag_id = self.state(), self.flags[flag_no]
        risk_id = self.risks[risk_no % len(self.risks)]
        try:
            undo = getattr(self, f"_{name}")(flag_id, risk_id, mask)
        except Refused:
            assert self.state() == before
            return
        self.undo.append((undo, before))

    def back(self) -> None:
        if self.undo:
            undo, before = self.undo.pop()
            undo()
            after = self.state()
            assert {key: after[key] for key in before} == before
            assert {self.status(key) for key in after.keys() - before.keys()} <= {RiskStatus.ARCHIVED}

    def status(self, risk_id: str) -> RiskStatus:
        return risk_of(self.place, risk_id).status

    def _take_back(self, flag_id: str) -> Callable[[], object]:
        return lambda: self.place.do("supervisor", regrouping.take_back, link_of(self.place, flag_id).id, "放回去")

    def _merge(self, flag_id: str, risk_id: str, _mask: int) -> Callable[[], object]:
        self.place.do("watchdog", merging.merge, flag_id, risk_id, "同一件事")
        return self._take_back(flag_id)

    def _open(self, flag_id: str, _risk_id: str, _mask: int) -> Callable[[], object]:
        self.risks.append(self.place.do("watchdog", merging.open_entry, flag_id, form()))
        return self._take_back(flag_id)

    def _move(self, flag_id: str, risk_id: str, _mask: int) -> Callable[[], object]:
        if not entry_of(self.place, flag_id):
            raise Refused("not in an entry")
        self.place.do("watchdog", regrouping.move, link_of(self.place, flag_id).id, risk_id, "归到那边")
        return self._take_back(flag_id)

    def _split(self, _flag_id: str, risk_id: str, mask: int) -> Callable[[], object]:
        chosen = [link for n, link in enumerate(links_of(self.place, risk_id)) if mask >> n & 1]
        self.risks.append(
            self.place.do("watchdog", regrouping.split, risk_id, [one.id for one in chosen], form(), "两回事")
        )
        return self._take_back(chosen[-1].flag_id)

    def _apart(self, flag_id: str, risk_id: str, _mask: int) -> Callable[[], object]:
        if risk_id in self.place.ask("watchdog", lambda work: work.store.apart(flag_id)):
            raise Refused("said already")
        self.place.do("watchdog", distinctions.tell_apart, flag_id, risk_id)
        return lambda: self.place.do("watchdog2", distinctions.take_back_distinction, flag_id, risk_id)

    def check(self) -> None:
        """At every moment: a flag stands in one entry at most, no link was deleted, and the log holds."""
        links = [link for risk in self.risks for link in links_of(self.place, risk, undone=True)]
        standing = Counter(link.flag_id for link in links if link.undone_at is None)
        assert not standing or max(standing.values()) == 1
        assert self.links <= {link.id for link in links}
        self.links = {link.id for link in links}
        assert all(link.linked_at.tzinfo is UTC for link in links)

    def check_log(self) -> None:
        chain = self.place.units["banyan"].id
        assert self.place.ask("auditor", audit.check, chain).first is None


@pytest.mark.costly
@settings(max_examples=settings().max_examples * 2 // 5, suppress_health_check=list(HealthCheck))
@given(ops=OPS)
def test_taking_everything_back_in_order_gives_back_the_flags_the_entries_and_the_ratings(
    made: Place, ops: list[tuple[str, int, int, int]]
) -> None:
    engine = connect("sqlite://")
    register = Register(copy_of(made, engine))
    first = register.state()
    for op in ops:
        register.do(*op)
        register.check()
    while register.undo:
        register.back()
        register.check()
    after = register.state()
    assert {key: after[key] for key in first} == first
    register.check_log()
    engine.dispose()
