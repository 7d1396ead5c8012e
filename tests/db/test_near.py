"""The index over what is said: it follows what is written, answers for one community, and no text does it harm."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core import dates
from core.access import Permission
from core.alike.pieces import Said
from core.entries.risks import Risk
from core.organisation.recusal import Recusal
from core.organisation.units import new_id
from core.review import merging
from core.review.merging import Link
from core.review.suggesting import Suggestion
from core.store import Work
from core.voices import sealing
from core.voices.flags import Flag
from core.words import Channel, Dimension, FlagStatus, RiskType, Source
from db.questions import near
from tests import makers
from tests.makers import Place

LETTERS = "门面出租公开招租停车收费路灯楼道电梯绿化垃圾分类补贴名单公示换届选举印章报销合同物业维修资金账目票据签字"
MATTER = "梧桐苑三号楼的充电桩是谁家装的，电费怎么算从没贴过告示"
AGAIN = "梧桐苑3号楼充电桩收电费，告示一张也没贴"


def lines(count: int, seed: int = 0) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices(LETTERS, k=30)) for _n in range(count)]


def register(place: Place, texts: list[str], unit: str = "banyan", per_entry: int = 4) -> dict[str, str]:
    """Entries with these voices, so many in each; gives the entry of every text."""
    unit_id, today, by = place.units[unit].id, place.today, place.people["watchdog"].person_id or ""
    with Session(place.engine) as session:
        before = session.query(Risk).count()
    risks = [
        Risk(new_id(), unit_id, 1000 + before + n, f"第{n}件", None, Dimension.CLEAN_AFFAIRS, RiskType.PROCESS, today)
        for n in range(-(-len(texts) // per_entry))
    ]
    flags = [
        Flag(new_id(), unit_id, None, Source.RESIDENT, Channel.QR, text, today, today, status=FlagStatus.MERGED)
        for text in texts
    ]
    entry = {flag.id: risks[n // per_entry].id for n, flag in enumerate(flags)}
    links = [Link(new_id(), unit_id, flag, risk, FlagStatus.NEW, by, dates.now(), "") for flag, risk in entry.items()]
    with Session(place.engine, expire_on_commit=False) as session:
        session.add_all([*risks, *flags, *links])
        session.commit()
    return {flag.text: entry[flag.id] for flag in flags}


def heard(place: Place, text: str, who: str = "watchdog", unit: str = "banyan", item: str | None = None) -> list[str]:
    """The voices that come into question for a text, as the index gives them."""

    def ask(work: Work) -> list[str]:
        scope, raw = work.actor.require(Permission.FLAG_MERGE), work.actor.scope(Permission.FLAG_READ_RAW)
        found = work.store.candidates(scope, place.units[unit].id, raw, Said("new", text, "", item))
        return [voice.text for one in found for voice in one.voices]

    return list(place.ask(who, ask))


def changed(place: Place, text: str, change: Callable[[Flag], Any]) -> None:
    with Session(place.engine) as session:
        change(session.query(Flag).filter_by(text=text).one())
        session.commit()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask the index even where voices are few."""
    monkeypatch.setattr(near, "FEW", 0)


def test_among_more_voices_than_are_weighed_the_right_entry_is_found(place: Place) -> None:
    texts = [*lines(near.FEW), MATTER, *lines(40, seed=1)]
    entry = register(place, texts)
    makers.speak(place, AGAIN, None)
    row = next(row for row in makers.inbox(place) if row.text == AGAIN)
    [first, *_others] = place.ask("watchdog", merging.candidates, row.id)
    assert first.match.risk_id == entry[MATTER]
    assert len(heard(place, AGAIN)) <= 2 * near.FOUND < len(texts)


def test_a_text_that_is_in_the_index_itself_still_finds_others(place: Place, few: None) -> None:
    register(place, [*lines(30), MATTER, AGAIN], per_entry=1)
    assert MATTER in heard(place, AGAIN)


def test_copies_of_one_sheet_do_not_hide_what_else_is_alike(place: Place, few: None) -> None:
    register(place, [*[lines(1)[0]] * (near.EACH + 20), MATTER], per_entry=1)
    assert MATTER in heard(place, AGAIN + lines(1)[0])


def test_the_index_follows_at_once_what_is_written_and_changed(place: Place, few: None) -> None:
    register(place, lines(5))
    assert MATTER not in heard(place, AGAIN)
    register(place, [MATTER])
    assert MATTER in heard(place, AGAIN)
    changed(place, MATTER, lambda flag: setattr(flag, "text", "暖气片漏水报修两次没有回音"))
    assert heard(place, AGAIN) == []
    assert "暖气片漏水报修两次没有回音" in heard(place, "暖气片漏水没人来")


def test_the_title_of_an_entry_is_found_as_well_as_its_voices(place: Place, few: None) -> None:
    risk_id = makers.open_risk(place, "没人说得清", "充电桩电费没有公开告示")
    register(place, lines(8))
    assert "充电桩电费没有公开告示" in heard(place, "充电桩的电费没有贴告示")
    with Session(place.engine) as session:
        session.get_one(Risk, risk_id).title = "另外一件事"
        session.commit()
    assert heard(place, "充电桩的电费没有贴告示") == []


def test_another_community_is_never_asked(place: Place, few: None) -> None:
    register(place, [MATTER], unit="river")
    register(place, lines(5))
    assert MATTER not in heard(place, AGAIN)
    assert MATTER not in heard(place, AGAIN, who="supervisor")
    assert MATTER in heard(place, AGAIN, who="other_watchdog", unit="river")
    assert heard(place, AGAIN, unit="river") == []


def test_what_is_sealed_and_what_names_the_reader_stays_out(place: Place, few: None) -> None:
    register(place, [MATTER, *lines(5)], per_entry=1)
    assert MATTER in heard(place, AGAIN)
    with Session(place.engine) as session:
        flag = session.query(Flag).filter_by(text=MATTER).one()
        session.add(Recusal(new_id(), flag.unit_id, flag.id, place.people["watchdog"].person_id or "", "name"))
        session.commit()
    assert MATTER not in heard(place, AGAIN)
    assert MATTER in heard(place, AGAIN, who="watchdog2")
    changed(place, MATTER, lambda flag: setattr(flag, "sealed", True))
    assert MATTER not in heard(place, AGAIN, who="watchdog2")


def test_a_resident_is_not_heard_by_who_may_not_read_them(place: Place, few: None) -> None:
    register(place, [MATTER, *lines(5)], per_entry=1)
    assert MATTER in heard(place, AGAIN)

    def without(work: Work) -> list[str]:
        scope = work.actor.require(Permission.FLAG_MERGE)
        found = work.store.candidates(scope, place.units["banyan"].id, None, Said("new", AGAIN))
        return [voice.text for one in found for voice in one.voices]

    assert MATTER not in place.ask("watchdog", without)


def test_what_an_entry_no_longer_holds_is_not_compared(place: Place, few: None) -> None:
    register(place, [MATTER, *lines(5)], per_entry=1)
    with Session(place.engine) as session:
        flag = session.query(Flag).filter_by(text=MATTER).one()
        session.query(Link).filter_by(flag_id=flag.id).one().undone_at = dates.now()
        session.commit()
    assert MATTER not in heard(place, AGAIN)


def test_entries_of_the_same_power_item_come_into_question_whatever_they_say(place: Place, few: None) -> None:
    makers.open_risk(place, "没人说得清", "救助对象名单公开不及时")
    register(place, lines(8))
    assert heard(place, AGAIN) == []
    assert heard(place, AGAIN, item=place.items["relief"]) == ["救助对象名单公开不及时"]


HOSTILE = [
    '" OR NEAR *', '梧桐苑" OR "三号楼', "NEAR(充电桩 电费, 2)", "said:充电桩*", "-充电桩 AND NOT 电费",
    "100%_充电桩_电费%", "\\充电桩\\%", "充电桩'; DROP TABLE flags; --", "充电桩😀电费👨‍👩‍👧怎么算",
    "\u202e充电桩\u202c\u200f电费\u200b怎么算", "充电桩\0电费怎么算", "", "  ", "ab", "。，！", MATTER * 400,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_does_the_index_harm(place: Place, few: None, text: str) -> None:
    register(place, [MATTER, *lines(5)], per_entry=1)
    before = heard(place, AGAIN)
    assert set(heard(place, text)) <= {MATTER, "第0件"}
    register(place, [text])
    assert set(before) <= set(heard(place, AGAIN))


def test_a_percent_sign_is_no_wildcard(place: Place, few: None) -> None:
    register(place, ["充电桩电费涨了", *lines(3)], per_entry=1)
    assert heard(place, "充%费 充_桩 %%% ___") == []


def test_a_sealed_flag_gets_no_suggestion(place: Place) -> None:
    makers.open_risk(place)

    def suggested(flag_id: str) -> int:
        with Session(place.engine) as session:
            return session.query(Suggestion).filter_by(flag_id=flag_id).count()

    makers.speak(place, "低保名单从来没贴出来过，谁能看看", None)
    open_one = next(row for row in makers.inbox(place) if "谁能看看" in row.text)
    assert suggested(open_one.id)
    makers.speak(place, "会计挪用低保款，低保名单从来没见贴出来过", None)
    with Session(place.engine) as session:
        sealed = session.query(Flag).filter_by(sealed=True).one()
    assert not suggested(sealed.id)
    place.do("watchdog", sealing.seal, open_one.id, "像是举报")
    assert MATTER not in heard(place, open_one.text)
