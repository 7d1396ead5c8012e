"""What a sender is told about their own words before anything is kept: what in them shows who they are, and which door
is quicker. It helps and never refuses."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.alike import hints
from core.organisation.recusal import CHARGES
from core.privacy import personal
from core.privacy.personal import COVER, NUMBERS, Finding
from core.text import N_, Term, _, folded
from core.words import Triage


class Concern(Term):
    NUMBER = "number", N_("personal number")
    SENDER = "sender", N_("shows who you are")
    ACCUSATION = "accusation", N_("about what a certain person did")
    EMERGENCY = "emergency", N_("cannot wait")
    CRIME = "crime", N_("a crime")


ON_SENDER = frozenset({Concern.NUMBER, Concern.SENDER})
"""What is worth one more look before words are kept; the others say where help is nearer and never delay anything."""
ENOUGH = 0.6
"""How sure the first hint must be: it leans to what is urgent, and below this it does so for a number plate alone."""
MOST = 6
"""Pieces of a text that are shown for one concern."""


@dataclass(frozen=True)
class Caution:
    """One thing to tell a sender, with the pieces of their words it is about."""

    concern: Concern
    pieces: tuple[str, ...]
    sentence: str


def cautions(text: str, *, recorded: bool = False, hint: hints.Hint | None = None) -> tuple[Caution, ...]:
    """All there is to tell about a text, the urgent first; in the reader's language.

    `recorded` tells it to somebody who writes down what others say; `hint` is that of the text, where it is known.
    """
    found = personal.find(text)
    numbers = [_number(kind, found) for kind in personal.Kind if kind in NUMBERS]
    pieces = _shown([text[start:end] for start, end in sorted({*_covering(text, found), *_standing_out(text)})])
    told = N_("“{pieces}” may show who said it. Please leave it out.") if recorded else N_("“{pieces}” may show who you are. It can be left out, and nothing is lost by that.")  # fmt: skip  # noqa: E501
    sender = [Caution(Concern.SENDER, pieces, _(told, pieces=_joined(pieces)))]
    return (*_urgent(text, hint), *(caution for caution in (*numbers, *sender) if caution.pieces))


def second_look(found: tuple[Caution, ...]) -> tuple[Caution, ...]:
    """What of the cautions a sender is asked to look at once more before the words are kept; nothing where the words
    cannot wait."""
    return () if urgent(found) else found


def urgent(found: Iterable[Caution]) -> tuple[Concern, ...]:
    """What of the cautions makes a text one that no question may keep waiting."""
    return tuple(one.concern for one in found if one.concern not in ON_SENDER)


def door(concern: Concern) -> str:
    """Where help is nearer, in one sentence; empty for what concerns the sender alone."""
    return _(_DOORS[concern]) if concern in _DOORS else ""


_DOORS = {
    Concern.EMERGENCY: N_("This may not be able to wait. In danger call 110, 119 or 120 now. Here it is read within working days."),  # noqa: E501
    Concern.CRIME: N_("This may be a crime. Please call 110."),
    Concern.ACCUSATION: N_("Is it about what a certain person did? The proper way is 12388 or the street discipline desk."),  # noqa: E501
}  # fmt: skip
_STILL = {
    Concern.EMERGENCY: N_("You may still write it here."), Concern.CRIME: N_("You may still write it here."),
    Concern.ACCUSATION: N_("You may still write it here: it goes straight to the street discipline desk."),
}  # fmt: skip
_DIGITS = re.compile(r"[0-9A-Za-z]{0,3}\*+[0-9A-Za-z]{0,3}")
_URGENT = {
    Triage.EMERGENCY: Concern.EMERGENCY, Triage.CRIME: Concern.CRIME, Triage.ACCUSATION: Concern.ACCUSATION,
}  # fmt: skip


def _urgent(text: str, hint: hints.Hint | None) -> tuple[Caution, ...]:
    bare = _DIGITS.sub("", personal.masked(text))  # the digits of a number are no 110
    hint = hint if hint and bare == text else hints.triage(bare)
    sure = hint.triage in _URGENT and hint.confidence >= ENOUGH
    found = {_URGENT[hint.triage]: hint.because} if sure else {}
    if charge := CHARGES.search(folded(text)):
        found.setdefault(Concern.ACCUSATION, (charge[0],))
    return tuple(
        Caution(concern, pieces, _("{first} {second}", first=door(concern), second=_(_STILL[concern])))
        for concern, pieces in found.items()
    )


def _number(kind: personal.Kind, found: Iterable[Finding]) -> Caution:
    pieces = _shown([one.text for one in found if one.kind is kind])
    told = _("“{pieces}” looks like: {kind}. Such numbers are covered before anything is kept.", pieces=_joined(pieces), kind=kind)  # fmt: skip  # noqa: E501
    return Caution(Concern.NUMBER, pieces, told)


def _shown(pieces: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(pieces))[:MOST]


def _joined(pieces: tuple[str, ...]) -> str:
    return _("”, “").join(pieces)


def can_cover(text: str) -> bool:
    """Whether covering would change a text more than keeping it does by itself: a name or a door of the sender."""
    return bool(_covering(text, personal.find(text)))


def covered(text: str) -> str:
    """The text with numbers covered as before every keeping, and with the sender's name and door covered whole."""
    signs = list(personal.masked(text))
    for start, end in _covering(text, personal.find(text)):
        signs[start:end] = [COVER if sign.isalnum() else sign for sign in signs[start:end]]
    return "".join(signs)


_END = "，。；！？、,;!?\n"
_OWN_NAME = re.compile(r"(?:我叫|我的?名字|我姓|我是|本人|署名|姓名|联系人)(?:[:：\s]|是|为|叫|姓){0,3}$")
_ALONE = re.compile(
    f"我(?:家|们家)?是[^{_END}]{{0,12}}(?:唯一|独一|第一个)[^{_END}]{{0,10}}"
    f"|(?:(?:唯一|只有)[^{_END}]{{0,4}}|就[只剩是差]?)我(?:们)?(?:一?家|一?户|一个人?|自己|一人)(?!都|也)[^{_END}]{{0,8}}"
    f"|(?:全|整|这|本)(?:一?[楼栋幢层]楼?|单元|小区|社区|院|村|网格)[^{_END}]{{0,4}}(?:就|只|仅)有?我(?:们)?(?:家|一|自己)?[^{_END}]{{0,8}}"
    f"|我(?:就)?是[^{_END}]{{0,6}}(?:楼栋?长|网格[员长]|保洁员?|保安|门卫|出纳|会计|业委会(?:主任|委员)|物业经理)"
)
"""What only one person around could say."""


def _covering(text: str, found: Iterable[Finding]) -> list[tuple[int, int]]:
    """Where the sender's own name and doors stand."""
    return [
        (one.start, one.end) for one in found
        if one.kind is personal.Kind.ADDRESS
        or (one.kind is personal.Kind.NAME and _OWN_NAME.search(text[max(0, one.start - 10) : one.start]))
    ]  # fmt: skip


def _standing_out(text: str) -> list[tuple[int, int]]:
    return [hit.span() for hit in _ALONE.finditer(text)]
