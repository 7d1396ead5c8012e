"""What is meant for the public holds no people (domain rule 5.5): their names and numbers are found and refused."""

import re
from collections.abc import Sequence

from core.access import EVERYWHERE, Scope
from core.errors import Invalid
from core.organisation.recusal import Known, naming
from core.privacy.personal import NUMBERS, Finding, Kind, find
from core.store import Work
from core.text import _, folded

_ANNOUNCED = "姓名："
_NO_NAMES = re.compile("党员|党支部|党组织?|党委|任前|任期|周转房|成立|应急|高新|金融|农业农村")
"""Words of titles that begin like a name."""
_KIND_OF_PLACE = re.compile("(?:社区|街道|新区|城区|[市区县镇乡村])$")
_FEW = re.compile(
    "(?<![0-9.一二三四五六七八九十百])[1-4一二两三四](?:[名位户个人]?(?:居民|群众|住户|业主|家庭)|[名位户人](?:反映|举报|投诉|提出|认为))"
)
"""A number of people below five (domain rule 5.5), as people write it; “两人签字” is a rule and no count."""
_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}[\dxX]?")


def without_people(work: Work, unit_id: str, **texts: str) -> None:
    """Refuse texts that name somebody or hold a personal number or a door, with the place in the text."""
    without_known(work.store.known_people(unit_id), **texts)


def without_known(known: Sequence[Known], **texts: str) -> None:
    """The same where the people up and down the tree are at hand, for many texts."""
    found = {field: told for field, text in texts.items() if (told := _told(text, known))}
    if found:
        raise Invalid(**found)


def without_places(work: Work, **texts: str) -> None:
    """Refuse texts for other communities that name a place of this site or tell of fewer than five people."""
    rows = work.store.unit_rows(Scope((EVERYWHERE,)))
    names = sorted({word for row in rows for word in _names(row.name)}, key=len, reverse=True)
    found = {field: told for field, text in texts.items() if (told := _placed(folded(text), names))}
    if found:
        raise Invalid(**found)


def _names(name: str) -> tuple[str, ...]:
    """The name of a place, and what is left of it without its kind."""
    whole = folded(name)
    bare = _KIND_OF_PLACE.sub("", whole)
    return (whole, bare) if len(bare) > 1 else (whole,)


def _placed(text: str, names: Sequence[str]) -> str:
    if hit := next((name for name in names if len(name) > 1 and name in text), ""):
        return _("“{name}” names a place. Please describe the matter so that it could be anywhere.", name=hit)
    if few := _FEW.search(text):
        return _("“{piece}” tells of few people. Please leave the number out.", piece=few.group())
    return ""


def names_somebody(work: Work, unit_id: str, text: str) -> bool:
    """Whether a text would be refused for what is meant for the public."""
    return bool(_told(text, work.store.known_people(unit_id)))


def without_names(**texts: str) -> None:
    """Refuse short titles in which anything could be a person's name, also one that nobody here bears."""
    found = {field: _("This names a person: “{name}”. Please describe the matter without people.", name=hit)
             for field, text in texts.items() if (hit := _any_name(text))}  # fmt: skip
    if found:
        raise Invalid(**found)


def _any_name(text: str) -> str:
    """The first piece that would be a name if one were announced there."""
    plain = _NO_NAMES.sub("，", text)
    hits = (hit.text for n in range(len(plain)) for hit in find(_ANNOUNCED + plain[n:]) if hit.kind is Kind.NAME)
    return next(hits, "")


def _told(text: str, known: Sequence[Known]) -> str:
    """The sentence on the first personal piece of a text: numbers first, then people known here, then all others."""
    sure = [finding for finding in find(text) if finding.sure]
    for finding in sure:
        if finding.kind in NUMBERS:
            return _looks(finding)
    if hit := number_in(text):
        return _("“{hit}” may be a personal number. Please leave it out.", hit=hit)
    if hit := naming(text, known):
        return _("This names a person: “{name}”. Please describe the matter without people.", name=hit)
    return _looks(sure[0]) if sure else ""


def _looks(finding: Finding) -> str:
    return _("“{piece}” looks like: {kind}. Please leave it out.", piece=finding.text, kind=finding.kind)


def number_in(text: str) -> str:
    """The first run of seven or more digits, as telephones, cards and identity numbers have them."""
    hit = _NUMBER.search(text)
    return hit.group().strip() if hit else ""
