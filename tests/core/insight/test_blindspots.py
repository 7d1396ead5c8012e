"""Who saw what, held against a recount from the raw rows over random registers, with what is kept from the viewer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from scipy import stats
from sqlalchemy import insert, select, text

from core import items
from core.access import RESIDENT
from core.entries import register
from core.entries.register import Filter
from core.errors import Denied, Missing
from core.insight import blindspots, disputes, silence
from core.insight.blindspots import Asked, Verdict
from core.inspection import rounds
from core.organisation.units import new_id
from core.review import merging
from core.words import Answer, Dimension, Source
from db.tables.round_tables import rounds_
from tests import makers
from tests.core.insight.test_figures import SEES, VIEWERS, VOICES
from tests.makers import Place
from tests.raw import Spoken, write_flag

ITEMS = ("relief", "seal", None)
OF = {"relief": "clean_affairs", "seal": "upright_cadres", None: "clean_customs"}
LEVELS = ("high", "medium", "low", None)
RANK = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True)
class Written:
    community: str
    item: str | None
    day: int
    state: str
    flags: tuple[Spoken, ...]
    joined: int


spoken = some.builds(
    Spoken, some.sampled_from(VOICES), some.sampled_from(LEVELS), some.booleans(),
    some.sampled_from((None, None, *VIEWERS)), some.booleans(),
)  # fmt: skip
registers = some.lists(
    some.builds(
        Written, some.sampled_from(("banyan", "banyan", "river", "far")), some.sampled_from(ITEMS),
        some.integers(-1, 2), some.sampled_from(("unrated", "controlled", "closed", "archived")),
        some.lists(spoken, max_size=4).map(tuple), some.sampled_from((0, 0, 1)),
    ),
    max_size=9,
)  # fmt: skip
EVERY_CASE = [
    Written("banyan", "relief", 0, "closed", (
        Spoken("resident", "high", True, None, False), Spoken("self", "low", False, "clerk", False),
        Spoken("superior", "medium", False, None, True), Spoken("resident", "medium", False, None, False)), 1),
    Written("banyan", "seal", 1, "archived", (Spoken("self", "low", False, None, False),), 0),
]  # fmt: skip


@pytest.mark.costly
@given(
    written=registers, viewer=some.sampled_from(VIEWERS), community=some.sampled_from((None, "banyan", "river")),
    item=some.sampled_from((None, "relief")), in_round=some.booleans(),
)  # fmt: skip
@example(written=EVERY_CASE, viewer="clerk", community=None, item=None, in_round=False)
@example(written=EVERY_CASE, viewer="watchdog", community="banyan", item="relief", in_round=True)
@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.figures
def test_every_figure_is_what_a_recount_of_the_rows_gives(
    place: Place, written: list[Written], viewer: str, community: str | None, item: str | None, in_round: bool
) -> None:
    write(place, written)
    asked = Asked(
        place.units[community].id if community else None, "round" if in_round else None, None,
        place.items[item] if item else None,
    )  # fmt: skip
    if in_round and viewer == "far_supervisor":
        with pytest.raises(Missing):
            place.ask(viewer, blindspots.who_saw, asked)
        return
    found = list(recount(place, viewer, community, item, in_round=in_round))
    shown = place.ask(viewer, blindspots.who_saw, asked)
    counts = Counter(frozenset(voices) for _item, voices, _own in found)
    assert {frozenset(map(str, voices)): n for voices, n in shown.overlap.items() if n} == counts
    assert shown.total == len(found)
    for missed in shown.missed:
        without = [voices for _item, voices, _own in found if missed.silent.value not in voices]
        for other, share in missed.by.items():
            assert (share.part, share.whole) == (sum(other.value in voices for voices in without), len(without))
    _agreement(place, viewer, asked, community, found, in_round=in_round)
    _silence(place, viewer, asked, community, item, found)
    _ratings(place, viewer, asked, found)


def _agreement(
    place: Place, viewer: str, asked: Asked, community: str | None, found: list[Any], *, in_round: bool
) -> None:
    """Each item beside everything else in the unit and the round, whatever item is asked for."""
    everywhere = list(recount(place, viewer, community, None, in_round=in_round))
    shown = place.ask(viewer, blindspots.agreement, asked).items
    names = {place.items["relief"]: "低保和特困人员初核", place.items["seal"]: "公章使用"}
    assert {one.name for one in shown} == {names[about] for about, _v, _o in found if about}
    for one in shown:
        there = [voices for about, voices, _own in everywhere if about and names[about] == one.name]
        rest = [voices for about, voices, _own in everywhere if not about or names[about] != one.name]
        assert (one.several.part, one.several.whole) == (sum(len(v) > 1 for v in there), len(there))
        assert (one.elsewhere.part, one.elsewhere.whole) == (sum(len(v) > 1 for v in rest), len(rest))
        assert {source.value: n for source, n in one.spoke.items() if n} == Counter(v for vs in there for v in vs)
        assert one.verdict is Verdict.FEW or min(len(there), len(rest)) >= 5


def _silence(
    place: Place, viewer: str, asked: Asked, community: str | None, item: str | None, found: list[Any]
) -> None:
    grid = place.ask(viewer, silence.grid, asked)
    here = "banyan" in SEES[viewer] and community in (None, "banyan")
    wanted = {place.items[key] for key in ("relief", "seal") if item in (None, key)} if here else set()
    assert {row.power.id for row in grid.rows} == wanted
    spoke = {key: Counter(voice for about, voices, _own in found if about == key for voice in voices) for key in wanted}
    for row in grid.rows:
        assert {source.value: n for source, n in row.spoke.items() if n} == spoke[row.power.id]
    for pair in grid.pairs:
        one, other = ({key for key in wanted if spoke[key][voice]} for voice in (pair.first, pair.second))
        table = (len(one & other), len(one - other), len(other - one), len(wanted - one - other))
        assert (pair.items.both, pair.items.first, pair.items.second, pair.items.neither) == table
    assert {s.value: n for s, n in grid.empty.items()} == {v: sum(not spoke[k][v] for k in wanted) for v in VOICES}


def _ratings(place: Place, viewer: str, asked: Asked, found: list[Any]) -> None:
    ratings = place.ask(viewer, disputes.ratings, asked)
    tops = [{voice: max(RANK[level] for level in levels) for voice, levels in own.items()} for _i, _v, own in found]
    several = [top for top in tops if len(top) > 1]
    apart = Counter(max(top.values()) - min(top.values()) for top in several)
    assert ratings.apart == (apart[0], apart[1], apart[2])
    assert len(ratings.disputed) == apart[1] + apart[2]
    assert [one.spread for one in ratings.disputed] == sorted((one.spread for one in ratings.disputed), reverse=True)
    for lean in ratings.leanings:
        steps = [top[lean.first] - top[lean.second] for top in several if {lean.first, lean.second} <= top.keys()]
        assert (lean.higher, lean.lower, lean.equal) == (
            sum(s > 0 for s in steps), sum(s < 0 for s in steps), steps.count(0),
        )  # fmt: skip


def write(place: Place, written: list[Written]) -> None:
    """The rows of a random register, in the place of whatever was there; a round of two days at the street."""
    with place.engine.begin() as rows:
        for table in ("recusals", "links", "supports", "risks", "flags", "rounds"):
            rows.execute(text(f"DELETE FROM {table}"))
        today = place.today
        rows.execute(
            text("INSERT INTO rounds (id, unit_id, title, starts_on, filing_from, control_from, evaluation_from,"
                 " ends_on, reason) VALUES ('round', :unit, 'r', :first, :first, :last, :last, :last, '')"),
            {"unit": place.units["street"].id, "first": today, "last": today + timedelta(days=1)},
        )  # fmt: skip
        for n, entry in enumerate(written):
            unit = place.units[entry.community].id
            item = place.items[entry.item] if entry.item and entry.community == "banyan" else None
            rows.execute(
                text("INSERT INTO risks (id, unit_id, number, title, item_id, dimension, risk_type, opened_on,"
                     " manifestation, status, disclosure_class, secret_reason, wording, closing_note, version_id)"
                     " VALUES (:id, :unit, :n, '', :item, :of, 'process', :day, '', :status, 'affairs', '', '', '',"
                     " 1)"),
                {"id": f"risk{n}", "unit": unit, "n": n, "item": item, "of": OF[entry.item if item else None],
                 "day": today + timedelta(days=entry.day), "status": entry.state},
            )  # fmt: skip
            for k, flag in enumerate(entry.flags):
                write_flag(place, rows, f"risk{n}", f"flag{n}-{k}", unit, flag)
            if entry.joined:
                rows.execute(
                    text("INSERT INTO supports (id, unit_id, risk_id, channel, said_on) VALUES (:id, :unit, :risk,"
                         " 'qr', :day)"),
                    {"id": f"support{n}", "unit": unit, "risk": f"risk{n}", "day": today},
                )  # fmt: skip


def recount(
    place: Place, viewer: str, community: str | None, item: str | None, *, in_round: bool
) -> Iterator[tuple[str | None, set[str], dict[str, set[str]]]]:
    """Power item, voices and own ratings of each entry, by plain loops over every row there is."""
    wanted = {place.units[key].id for key in SEES[viewer] if community in (None, key)}
    street = {place.units[key].id for key in ("banyan", "river")}
    me, first, last = place.people[viewer].person_id, str(place.today), str(place.today + timedelta(days=1))
    with place.engine.connect() as rows:
        risks, flags, links, supports, recusals = (
            rows.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("risks", "flags", "links", "supports", "recusals")
        )
    kept_away = {row.flag_id for row in recusals if row.person_id == me}
    heard = {f.id: f for f in flags if not f.sealed and f.id not in kept_away}
    for risk in risks:
        if risk.unit_id not in wanted or (item and risk.item_id != place.items[item]):
            continue
        if in_round and not (first <= str(risk.opened_on) <= last and risk.unit_id in street):
            continue
        here = [heard[k.flag_id] for k in links if k.risk_id == risk.id and not k.undone_at and k.flag_id in heard]
        voices = {flag.source for flag in here} | {"resident" for s in supports if s.risk_id == risk.id}
        own: dict[str, set[str]] = {}
        for flag in here:
            if flag.level:
                own.setdefault(flag.source, set()).add(flag.level)
        if voices:
            yield risk.item_id, voices, own


def say(place: Place, voices: str, n: int, item: str | None = None) -> list[Written]:
    """So many entries with the same voices: s, p and r for cadres, superiors and residents."""
    names = {"s": "self", "p": "superior", "r": "resident"}
    flags = tuple(Spoken(names[voice], None, False, None, False) for voice in voices)
    return [Written("banyan", item, 0, "controlled", flags, 0)] * n


def test_what_cadres_missed_is_told_with_who_raised_it_and_how_sure_that_is(place: Place) -> None:
    write(place, [*say(place, "r", 7), *say(place, "p", 5), *say(place, "sr", 6), *say(place, "s", 4)])
    found = place.ask("supervisor", blindspots.who_saw, Asked())
    by_cadres = next(one for one in found.missed if one.silent is Source.SELF)
    share = by_cadres.by[Source.RESIDENT]
    assert (share.part, share.whole, share.least, share.most) == (7, 12, 3, 11)
    assert found.only_superiors == 5
    assert found.unseen is not None
    assert (found.unseen.low, found.unseen.likely, found.unseen.high) == (0, 4, 17)


def test_agreement_at_one_item_is_held_against_all_others_and_against_how_many_were_tried(place: Place) -> None:
    write(place, [*say(place, "sr", 9, "relief"), *say(place, "r", 1, "relief"), *say(place, "s", 12, "seal"),
                  *say(place, "sr", 2, "seal"), *say(place, "s", 3)])  # fmt: skip
    found = place.ask("supervisor", blindspots.agreement, Asked())
    assert [(one.name, one.verdict) for one in found.items] == [
        ("公章使用", Verdict.LESS), ("低保和特困人员初核", Verdict.MORE),
    ]  # fmt: skip
    relief = found.items[1]
    assert (relief.several.part, relief.several.whole, relief.elsewhere.part, relief.elsewhere.whole) == (9, 10, 2, 17)
    alone = [stats.fisher_exact([[9, 1], [2, 15]]).pvalue, stats.fisher_exact([[2, 12], [9, 4]]).pvalue]
    assert relief.chance == pytest.approx(2 * min(alone))
    assert [one.key for one in found.dimensions] == ["clean_affairs", "upright_cadres", "clean_customs"]
    assert found.dimensions[2].verdict is Verdict.FEW
    one = place.ask("supervisor", blindspots.agreement, Asked(item_id=place.items["relief"]))
    assert [(a.name, a.chance) for a in one.items] == [("低保和特困人员初核", relief.chance)]
    assert [a.key for a in one.dimensions] == ["clean_affairs"]


def test_the_same_item_of_several_communities_is_one_row(place: Place) -> None:
    flags = (Spoken("self", None, False, None, False),)
    write(place, [Written("banyan", "relief", 0, "controlled", flags, 0)] * 3)
    form = items.ItemForm(name="低保和特困人员初核", dimension=Dimension.CLEAN_AFFAIRS)
    item_id = place.do("other_clerk", items.add_item, place.units["river"].id, form)
    with place.engine.begin() as rows:
        rows.execute(text("UPDATE risks SET item_id = :item, unit_id = :unit WHERE id = 'risk2'"),
                     {"item": item_id, "unit": place.units["river"].id})  # fmt: skip
    [row] = place.ask("supervisor", blindspots.agreement, Asked()).items
    assert (row.key, row.several.whole) == ("低保和特困人员初核", 3)
    found = place.ask("supervisor", register.register, Filter(item_name=row.key))
    assert found.total == 3


def test_a_cadre_who_looked_and_found_nothing_is_not_silent(place: Place) -> None:
    makers.opened_round(place)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.NOTHING, "翻看了今年的登记", None)
    grid = place.ask("watchdog", silence.grid, Asked())
    silent = {row.power.name: row.silent for row in grid.rows}
    assert silent == {
        "公章使用": tuple(Source), "低保和特困人员初核": (Source.SUPERIOR, Source.RESIDENT),
    }  # fmt: skip
    assert [row.power.name for row in grid.rows] == ["公章使用", "低保和特困人员初核"]
    assert grid.empty == {Source.SELF: 1, Source.SUPERIOR: 2, Source.RESIDENT: 2}


def test_the_filters_that_are_offered_end_at_the_scope(place: Place) -> None:
    round_id = makers.opened_round(place)
    found = place.ask("clerk", blindspots.choices, None)
    assert [row.id for row in found.rounds] == [round_id]
    chosen = place.ask("supervisor", blindspots.choices, place.units["banyan"].id, round_id)
    assert {unit.id for unit in chosen.units} == {place.units["banyan"].id, chosen.rounds[0].unit_id}
    assert place.ask("far_supervisor", blindspots.choices, place.units["banyan"].id, round_id).units == ()
    assert set(found.items.values()) == {"低保和特困人员初核", "公章使用"}
    assert place.ask("supervisor", blindspots.choices, None).items == {}
    assert place.ask("supervisor", blindspots.choices, place.units["banyan"].id).items
    assert place.ask("far_supervisor", blindspots.choices, place.units["banyan"].id).items == {}
    with pytest.raises(Missing):
        place.ask("far_supervisor", blindspots.who_saw, Asked(round_id=round_id))
    for nobody in ("system", "security", "auditor", RESIDENT):
        for question in (blindspots.who_saw, blindspots.agreement, silence.grid, disputes.ratings):
            with pytest.raises(Denied):
                place.ask(nobody, question, Asked())
        with pytest.raises(Denied):
            place.ask(nobody, blindspots.choices, None)


def test_a_round_older_than_all_that_are_told_of_is_offered_to_whoever_comes_with_its_address(place: Place) -> None:
    round_id = makers.opened_round(place)
    with place.engine.begin() as rows:
        old = dict(rows.execute(select(rounds_)).one()._mapping)
        newer = {"starts_on": place.today + timedelta(days=400), "ends_on": place.today + timedelta(days=430)}
        rows.execute(insert(rounds_), [old | newer | {"id": new_id()} for _n in range(200)])
    offered = [row.id for row in place.ask("supervisor", blindspots.choices, None).rounds]
    assert (len(offered), round_id in offered) == (200, False)
    assert place.ask("supervisor", blindspots.choices, None, round_id).rounds[-1].id == round_id
    for who, asked in (("far_supervisor", round_id), ("supervisor", "nonsense")):
        assert asked not in {row.id for row in place.ask(who, blindspots.choices, None, asked).rounds}


def test_an_empty_register_has_nothing_to_say_and_says_it(place: Place) -> None:
    found = place.ask("supervisor", blindspots.who_saw, Asked())
    assert (found.total, found.unseen, set(found.overlap.values())) == (0, None, {0})
    assert place.ask("supervisor", blindspots.agreement, Asked()).items == ()
    assert place.ask("supervisor", disputes.ratings, Asked()).compared == 0


def test_who_is_higher_is_told_by_the_highest_each_voice_gave(place: Place) -> None:
    flags = (Spoken("resident", "low", False, None, False), Spoken("resident", "high", False, None, False),
             Spoken("self", "low", False, None, False))  # fmt: skip
    write(place, [Written("banyan", "relief", 0, "controlled", flags, 0)] * 6)
    found = place.ask("supervisor", disputes.ratings, Asked(dimension=Dimension.CLEAN_AFFAIRS))
    assert found.apart == (0, 0, 6)
    assert found.disputed[0].said == {Source.RESIDENT: "high", Source.SELF: "low"}
    lean = next(one for one in found.leanings if {one.first, one.second} == {Source.SELF, Source.RESIDENT})
    assert (lean.higher, lean.lower, lean.equal) == (0, 6, 0)
    assert lean.chance == pytest.approx(2 / 64)


@pytest.mark.privacy
def test_a_voice_that_names_the_viewer_is_in_no_figure_of_theirs(place: Place) -> None:
    risk_id = makers.open_risk(place)
    makers.speak(place, "钱思远管的事，低保名单没见贴出来", None)
    [flag] = [row for row in makers.inbox(place) if "钱思远" in row.text]
    before = [place.ask("watchdog2", question, Asked()) for question in (blindspots.who_saw, silence.grid)]
    place.do("watchdog", merging.merge, flag.id, risk_id)
    assert [place.ask("watchdog2", question, Asked()) for question in (blindspots.who_saw, silence.grid)] == before
