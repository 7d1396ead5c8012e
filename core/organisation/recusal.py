"""Recusal: whoever is named in a matter is kept away from it before anybody sees it, and so are the relatives they
declared or who declared them (domain rule 5.2, core.organisation.relatives). All recusals are written by
`_withhold`."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from core.organisation.units import new_id
from core.store import Work
from core.text import folded

NAMED, RELATIVE = "named", "relative"
"""The reason of a recusal: by what was said of somebody, or of a relative of theirs."""


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
    "书记", "主任", "委员", "会计", "出纳", "网格员", "网格长", "楼栋长", "科长", "站长", "队长", "所长",
    "处长", "部长", "局长", "科员", "干事", "经理", "社工", "主席", "组长",
)  # fmt: skip
TITLE = "|".join(_TITLES)
_BETWEEN = r"[\W_]{0,2}"
_NOT_NICKNAMES = re.compile("[老小](?:[区时康包车于方路广石麦米年师家常伙店孩学巷商型便费]|金库|花园)")


def surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def named(text: str, people: Sequence[Known], *, posts: bool = True) -> list[str]:
    """The ids of the people a text names: by full name, by surname with a title, as 某 or 老, or by their post.

    It errs on the side of naming: keeping one reader too many away costs less than letting the wrong one read.
    Without `posts` a post alone names nobody, for what offices say to each other.
    """
    said = folded(text)
    titled = _titled(said, people)
    found = []
    for person in people:
        called = _called(said, folded(person.name)) or person.person_id in titled
        if called or (posts and _is_meant_by_post(said, person)):
            found.append(person.person_id)
    return found


def naming(text: str, people: Sequence[Known]) -> str:
    """The first piece of a text that names one of the people, or an empty string; a post alone names nobody."""
    said = folded(text)
    titled = _titled(said, people)
    pieces = (_called(said, folded(person.name)) or titled.get(person.person_id, "") for person in people)
    return next(filter(None, pieces), "")


def _called(said: str, name: str) -> str:
    """The piece that calls somebody by full name, by surname as 某 or 姓, or as 老 or 小."""
    if name[:1] not in said:  # each of these has the first sign of the name
        return ""
    first, whole = re.escape(surname(name)), _BETWEEN.join(map(re.escape, name))
    hit = (
        (len(name) > 1 and re.search(whole, said))
        or re.search(f"{first}某|姓{first}", said)
        or re.search(f"[老小]{first}", _NOT_NICKNAMES.sub("", said))
    )
    return hit.group() if hit else ""


def _titled(said: str, people: Sequence[Known]) -> dict[str, str]:
    """Who is meant by a surname with a title, and that piece: those whose post bears it, else all of that surname."""
    meant: dict[str, str] = {}
    surnames = {surname(folded(person.name)) for person in people}
    for first in filter(said.__contains__, surnames):
        for hit in re.finditer(f"{re.escape(first)}某{{0,2}}副?({TITLE})", said):
            same = [person for person in people if surname(folded(person.name)) == first]
            fitting = [person for person in same if any(hit[1] in folded(post) for post in person.posts)]
            meant |= {person.person_id: hit[0] for person in fitting or same}
    return meant


def _is_meant_by_post(said: str, person: Known) -> bool:
    for post in map(folded, person.posts):
        duty = post.removesuffix("岗位").removesuffix("岗")
        if len(duty) >= 4 and duty in said:
            return True
        for title in _TITLES:
            if post.endswith(title) and _speaks_of(said, title, post):
                return True
    return False


def _speaks_of(said: str, title: str, post: str) -> bool:
    """Whether a title alone means this post: 某主任 means every one, 主任 not those people turn to for oversight."""
    if re.search(f"某+副?{title}", said):
        return True
    return title in said and not re.search("监|纪", post)


_LEADS, _SECONDS = re.compile("书记|主任"), re.compile("副|监|纪")


def leads(post: str) -> bool:
    """Whether a new post heads its unit, by its name: secretary or director, neither a deputy nor a watcher. From then
    on the mark of the post says so."""
    return bool(_LEADS.search(post)) and not _SECONDS.search(post)


CHARGES = re.compile(
    "贪污|贪了|受贿|行贿|索贿|收(了|受|取)?[^，。]{0,6}(红包|好处|回扣|礼金|贿)|拿(了)?[^，。]{0,6}(回扣|好处费)|吃(了)?回扣|"
    "挪用|侵占|私分|截留|套取|虚报冒领|中饱私囊|以权谋私|公款(吃喝|旅游)|包养"
)
_REPORTS = re.compile("举报|违纪|违法乱纪")
_SOMEBODY = re.compile(f"某|{TITLE}")


def sounds_like_accusation(text: str, names_somebody: bool, *, strangers: bool = False) -> bool:
    """A hint to seal provisionally: misconduct together with somebody who is named; with `strangers` also by a title
    alone or as 某, whether or not they are known here.

    People decide later: the discipline desk confirms or lifts the seal.
    """
    said = folded(text)
    if CHARGES.search(said):
        return names_somebody or (strangers and bool(_SOMEBODY.search(said)))
    return names_somebody and bool(_REPORTS.search(said))


def keep_away(work: Work, flag_id: str, unit_id: str, text: str, *, posts: bool = True, but: str | None = None) -> bool:
    """Withhold a flag from everybody its words name up and down the unit tree, and from the relatives of everybody they
    name anywhere; says whether they name anybody of the tree. `but` is who spoke by name."""
    near, afar = _meant(work, unit_id, text, posts=posts)
    _withhold(work, flag_id, unit_id, [*near, *afar], but)
    return bool(near)


def keep_newcomer_away(work: Work, unit_id: str, newcomer: Known) -> None:
    """Withhold from somebody who has just come to a unit, a role or a post what was said or asked there before about
    them or about a relative."""
    keep_newcomers_away(work, unit_id, [newcomer])


def keep_newcomers_away(work: Work, unit_id: str, newcomers: Sequence[Known]) -> None:
    """The same for several at once; each is looked for alone, so that one does not hide another of the same name."""
    circles = [[one, *work.store.kin(one.person_id)] for one in newcomers]
    for flag_id, home, text, speaker in work.store.words_near(unit_id):
        meant = {person_id for people in circles for person_id in named(text, people)}
        _withhold(work, flag_id, home, meant, speaker)
    for request in work.store.requests_near(unit_id):
        if any(named(request.text, people) or people[0].person_id in request.kept_from for people in circles):
            request.kept_from = kept_from(work, request.unit_id, request.text, request.kept_from)


def keep_relative_away(work: Work, person_id: str, relative: Known) -> None:
    """Withhold from somebody all that was said before about a relative, wherever they have a place."""
    for flag_id, home, speaker in work.store.naming(relative.person_id):
        _withhold(work, flag_id, home, [relative.person_id], speaker)
    for unit_id in sorted(work.store.places_of(person_id)):
        keep_newcomer_away(work, unit_id, relative)


def kept_from(work: Work, unit_id: str, text: str, already: Sequence[str] = ()) -> list[str]:
    """Whom a request for disclosure may be about, by name or post, with their relatives and who is kept from it
    `already`."""
    near, afar = _meant(work, unit_id, text)
    return sorted({*already, *work.store.with_kin([*near, *afar])})


def _meant(work: Work, unit_id: str, text: str, *, posts: bool = True) -> tuple[list[str], list[str]]:
    """Whom a text names of the unit tree, and whom elsewhere or no longer here with a relative in it."""
    people, elsewhere = work.store.nameable(unit_id)
    return named(text, people, posts=posts), named(text, elsewhere)


def _withhold(work: Work, flag_id: str, unit_id: str, people: Collection[str], but: str | None) -> None:
    """Keep a flag from the people it names and from their relatives, once each; never from who spoke."""
    if not people:
        return
    kept = {recusal.person_id: recusal for recusal in work.store.recusals_of(flag_id)}
    for person_id in sorted(work.store.with_kin(people) - {but}):
        reason = NAMED if person_id in people else RELATIVE
        if person_id not in kept:
            work.store.add(Recusal(new_id(), unit_id, flag_id, person_id, reason))
        elif reason == NAMED:
            kept[person_id].reason = NAMED
