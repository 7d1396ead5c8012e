"""Matters that somebody may not know of, put into a site that has something of everything: for tests that ask whether
any answer tells of them. The words of each carry a mark that stands nowhere else."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import text as sql

from core.access import RESIDENT
from core.errors import Refused
from core.inspection import rounds
from core.privacy.cleaning import Cleaned
from core.review import merging, triage
from core.voices import attachments, contacts, flags, followup, openings, retention, sealing, supports
from core.voices.attachments import Prepared
from core.words import Answer, Level, OpeningKind
from tests import makers
from tests.makers import NAMES, Place
from tests.sheets import begun, worked_off

MARK = "zqkvx"
"""Stands in the words of hidden matters and nowhere else."""
ON_BOARD = "救助名单的公开有时不够及时"


def ids(place: Place, table: str, what: str = "id") -> list[str]:
    with place.engine.connect() as connection:
        return [str(row[0]) for row in connection.execute(sql(f"select {what} from {table} order by {what}"))]


# what may have happened before, in any order; what does not fit is refused and left out


def _spoke(place: Place, n: int) -> None:
    makers.speak(place, f"门口第{n}块公告栏的账没有贴", None, ("banyan", "building", "river")[n % 3])


def _opened(place: Place, n: int) -> None:
    makers.open_risk(place, f"第{n}本盖章登记没人记", f"第{n}项用印登记不全")


def _controlled(place: Place, n: int) -> None:
    makers.controlled(place, f"救助名单第{n}次公开不及时", f"低保名单第{n}次没见贴出来")


def _declined(place: Place, n: int) -> None:
    code = makers.speak(place, f"第{n}块门牌掉了没有人管", None)
    row = next(row for row in makers.inbox(place) if f"第{n}块门牌" in row.text)
    place.do("watchdog", triage.decline, row.id, "已报物业")
    place.do(RESIDENT, followup.rate_answer, code, 4, 2, None)
    place.do(RESIDENT, followup.ask_reopening, code, "还是没有人来")


def _asked(place: Place, n: int) -> None:
    code = makers.speak(place, f"旧衣箱第{n}次的钱去哪了", None)
    row = next(row for row in makers.inbox(place) if f"旧衣箱第{n}次" in row.text)
    place.do("watchdog", triage.ask_sender, row.id, "哪一个箱？")
    place.do(RESIDENT, followup.answer, code, "东门那个")


def _merged(place: Place, n: int) -> None:
    makers.speak(place, f"第{n}回，章谁都能拿去盖", None)
    row = next(row for row in makers.inbox(place) if f"第{n}回" in row.text)
    risk = next(iter(ids(place, "risks")), "")
    place.do("watchdog", merging.merge, row.id, risk)


def _pointed(place: Place, n: int) -> None:
    makers.raise_point(place, text=f"第{n}个个别社区用印登记不全")


def _inspected(place: Place, n: int) -> None:
    makers.opened_round(place)
    place.do("clerk", rounds.inspect, place.items["relief"], Answer.NOTHING, "", None)


def _joined(place: Place, n: int) -> None:
    place.do(RESIDENT, supports.join, place.units["building"].code, 1)


def _left(place: Place, n: int) -> None:
    opened = place.ask(RESIDENT, followup.unlock, makers.speak(place, f"楼道第{n}盏灯的电费谁出", None))
    place.do(RESIDENT, contacts.leave, opened, "13812345678")
    place.do(RESIDENT, attachments.add, opened, photo(n))


def _taken_in(place: Place, n: int) -> None:
    begun(place, f"{n},,,,,,公章第{n}次谁都能拿去盖", f"{n + 50},,,,,,公章第{n}次借出去没有记")
    worked_off(place)


HAPPENED: dict[str, Callable[[Place, int], None]] = {
    "spoke": _spoke, "opened": _opened, "controlled": _controlled, "declined": _declined, "asked": _asked,
    "merged": _merged, "pointed": _pointed, "inspected": _inspected, "joined": _joined, "left": _left,
    "taken_in": _taken_in,
}  # fmt: skip


RELATIVES = {
    "clerk": ("other_watchdog", True), "secretary": ("system", False), "watchdog": ("other_clerk", False),
    "supervisor": ("far_supervisor", True),
}  # fmt: skip
"""A relative of each who may not know, at another community, above or under another street, and who declared it."""


def lived(place: Place, happened: Sequence[str]) -> Place:
    """A site in which all this has happened, after an entry on the board and a flag that waits, with relatives."""
    for who, (relative, first) in RELATIVES.items():
        with suppress(Refused):  # lived in before
            makers.related(place, *((who, relative) if first else (relative, who)))
    _controlled(place, 0)
    _spoke(place, 0)
    for n, name in enumerate(happened, start=1):
        try:
            HAPPENED[name](place, n)
        except (Refused, StopIteration):
            continue
    return place


def photo(n: int, words: str = "") -> Prepared:
    """A file whose clean copy is at hand, without the process that makes one."""
    content = f"{words or '账本的照片'}{n}".encode()
    return Prepared("text/plain", content, Cleaned("text/plain", content, words))


# what is hidden, and from whom


@dataclass(frozen=True)
class Hidden:
    """A hidden matter: its flag, the receipt of its sender where there is one, and from whom it is hidden; with
    `desk` from the discipline desk as well, with `recusal` because it names them or a relative."""

    flag_id: str
    code: str
    from_: tuple[str, ...]
    desk: bool = False
    recusal: bool = False


def _new(place: Place, before: list[str]) -> str:
    [flag_id] = set(ids(place, "flags")) - set(before)
    return flag_id


def _added(place: Place, code: str) -> None:
    """What a sender adds, of every kind, with the mark in it."""
    opened = place.ask(RESIDENT, followup.unlock, code)
    place.do(RESIDENT, followup.own_level, opened, Level.HIGH)
    place.do(RESIDENT, contacts.leave, opened, f"微信 {MARK}")
    place.do(RESIDENT, attachments.add, opened, photo(1, MARK))
    if place.ask(RESIDENT, followup.follow, opened).may_write:
        place.do(RESIDENT, followup.write, opened, f"再补一句 {MARK}")


EVERYBODY = tuple(NAMES)
OTHERS = tuple(name for name in NAMES if name not in ("watchdog2", "far_supervisor"))


def sealed_at_once(place: Place) -> Hidden:
    """A lead on misconduct, with a contact that the desk has asked to open and a hold on it."""
    before = ids(place, "flags")
    code = makers.speak(place, f"周小满收了好处才给办低保 {MARK}", "relief", "building")
    flag_id = _new(place, before)
    _added(place, code)
    place.do("discipline", openings.ask, flag_id, OpeningKind.CONTACT, "需要核实")
    place.do("discipline", retention.hold, flag_id, "正在核查")
    return Hidden(flag_id, code, EVERYBODY)


def sealed_by_hand(place: Place) -> Hidden:
    """Words that a watchdog had read and asked about before sealing them, much like what stands on the board."""
    before = ids(place, "flags")
    code = makers.speak(place, f"{ON_BOARD} {MARK}", "relief")
    flag_id = _new(place, before)
    _added(place, code)
    place.do("watchdog", flags.note_reading, flag_id)
    place.do("watchdog", sealing.seal, flag_id, "像举报")
    place.do("discipline", sealing.open_sealed, flag_id, "初核")
    place.do("discipline", sealing.confirm_seal, flag_id, "移交")
    return Hidden(flag_id, code, EVERYBODY)


def sealed_by_a_file(place: Place) -> Hidden:
    """Harmless words with a file that accuses somebody."""
    before = ids(place, "flags")
    code = makers.speak(place, f"低保名单没见贴出来 {MARK}", None)
    opened = place.ask(RESIDENT, followup.unlock, code)
    place.do(RESIDENT, attachments.add, opened, photo(2, f"周小满收了好处 {MARK}"))
    return Hidden(_new(place, before), code, EVERYBODY)


def names_somebody(who: str, named_: str = "") -> Callable[[Place], Hidden]:
    """Words that name one person, or a relative, without an accusation, merged by somebody else into the entry on the
    board."""

    def named(place: Place) -> Hidden:
        before = ids(place, "flags")
        code = makers.speak(place, f"{NAMES[named_ or who]}管的事，低保名单没见贴出来 {MARK}", None, "building")
        flag_id = _new(place, before)
        _added(place, code)
        other = "watchdog2" if who != "watchdog2" else "watchdog"
        entry = next(iter(ids(place, "risks where number = 1")))
        place.do(other, merging.merge, flag_id, entry)
        return Hidden(flag_id, code, (who,), recusal=True)

    return named


def names_the_desk(place: Place) -> Hidden:
    """A lead on the member of the desk, whom nobody above could take it from."""
    before = ids(place, "flags")
    code = makers.speak(place, f"吴清源收了好处才不查 {MARK}", None)
    return Hidden(_new(place, before), code, EVERYBODY, desk=True)


HIDING: dict[str, Callable[[Place], Hidden]] = {
    "sealed at once": sealed_at_once, "sealed by hand": sealed_by_hand, "sealed by a file": sealed_by_a_file,
    "names the desk": names_the_desk,
    **{f"names a relative of {who}": names_somebody(who, RELATIVES[who][0]) for who in RELATIVES},
    **{f"names {who}": names_somebody(who) for who in ("clerk", "secretary", "watchdog", "supervisor")},
}  # fmt: skip
