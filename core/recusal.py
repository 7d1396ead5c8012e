"""Recusal: whoever is named in a matter is kept away from it, before anybody sees it (domain rule 5.2)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import folded


@dataclass(eq=False)
class Recusal:
    """A person kept away from a flag, with the reason."""

    id: str
    unit_id: str
    flag_id: str
    person_id: str
    reason: str


@dataclass(frozen=True)
class Known:
    """A person up the unit tree, as a text might name them."""

    person_id: str
    name: str
    posts: tuple[str, ...]


_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐")
_TITLES = (
    "副书记", "副主任", "书记", "主任", "委员", "会计", "出纳", "网格员", "网格长", "科长", "站长",
    "队长", "干事", "部长", "处长",
)  # fmt: skip
_BETWEEN = r"[·•.。\s]*"


def surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def named(text: str, people: Sequence[Known]) -> list[str]:
    """The ids of the people a text names: by full name, by surname with a title they hold, or by their post.

    It errs on the side of naming: keeping one reader too many away costs less than letting the wrong one read.
    """
    plain = folded(text)
    return [person.person_id for person in people if _is_named(plain, person)]


def _is_named(plain: str, person: Known) -> bool:
    name = folded(person.name)
    if len(name) > 1 and re.search(_BETWEEN.join(map(re.escape, name)), plain):
        return True
    first = surname(name)
    for post in map(folded, person.posts):
        if len(post) >= 4 and post in plain:
            return True
        for title in _TITLES:
            if title in post and re.search(f"{re.escape(first)}(某{{0,2}}){title[-2:]}", plain):
                return True
    return bool(re.search(f"{re.escape(first)}某", plain))


_CHARGES = re.compile(
    "贪污|受贿|行贿|索贿|收(了|受|取)?[^，。]{0,6}(红包|好处|回扣|礼金|贿)|拿(了)?[^，。]{0,6}(回扣|好处费)|吃(了)?回扣|"
    "挪用|侵占|私分|截留|套取|虚报冒领|中饱私囊|以权谋私|公款(吃喝|旅游)|举报|违纪|违法乱纪|包养"
)


def sounds_like_accusation(text: str, names_somebody: bool) -> bool:
    """A hint to seal provisionally: words of misconduct together with somebody who is named. People decide later."""
    return names_somebody and bool(_CHARGES.search(folded(text)))
