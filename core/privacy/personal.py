"""Personal data in what somebody wrote: found where they stand; numbers are covered before anything is kept."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import phonenumbers
from stdnum import luhn
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from core.privacy.names import names_in
from core.text import N_, Term


class Kind(Term):
    ID_NUMBER = "id_number", N_("identity number")
    PHONE = "phone", N_("telephone number")
    BANK_CARD = "bank_card", N_("bank card number")
    PLATE = "plate", N_("number plate")
    EMAIL = "email", N_("e-mail address")
    CONTACT = "contact", N_("WeChat or QQ number")
    NAME = "name", N_("name of a person")
    ADDRESS = "address", N_("address to the door")


NUMBERS = frozenset(Kind) - {Kind.NAME, Kind.ADDRESS}
"""What is covered before it is kept; names and addresses are only told (domain rules 5.5 and 5.6)."""
COVER = "*"


@dataclass(frozen=True)
class Finding:
    """A piece of a text that tells of a person; not `sure` where only its shape speaks for it."""

    kind: Kind
    start: int
    end: int
    text: str
    sure: bool


def find(text: str) -> list[Finding]:
    """What tells of a person, in order and without overlap, each by its place in the text as it was written.

    Full-width and Chinese digits, gaps inside numbers and invisible signs are seen through.
    """
    line, places = _seen(text)
    hits = _numbers(line)
    hits += [(*hit.span(), Kind.ADDRESS, True) for hit in _ADDRESS.finditer(_without(line, hits))]
    hits += [(*span, Kind.NAME, True) for span in names_in(_without(line, hits))]
    return _findings(text, places, hits)


def masked(text: str, kinds: frozenset[Kind] = NUMBERS) -> str:
    """The text with what is found covered but for its first and last two signs, or but for an e-mail's domain.

    Nothing else changes. What may be a number is covered even where no check digit proves it.
    """
    line, places = _seen(text)
    found = _findings(text, places, _numbers(line)) if kinds <= NUMBERS else find(text)
    covered = list(text)
    for finding in found:
        for at in _inner(finding) if finding.kind in kinds else ():
            covered[finding.start + at] = COVER
    return "".join(covered)


def _inner(finding: Finding) -> list[int]:
    signs = [at for at, sign in enumerate(finding.text) if sign.isalnum()]
    if finding.kind is not Kind.EMAIL:
        return signs[2:-2]
    mailbox = [at for at in signs if at < len(_AT.split(finding.text, maxsplit=1)[0])]
    return mailbox[min(2, len(mailbox) // 2) :]


_Hit = tuple[int, int, Kind, bool]
_DONE = "\0"
_AT = re.compile(r"\s*[@＠﹫(（\[［]")
_INVISIBLE = re.compile(r"[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20e3\ufe00-\ufe0f\ufeff]")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFE6B: 0x40} | {
    code: 0x30 + unicodedata.digit(chr(code))
    for code in chain(range(0xB2, 0x3000), range(0x1D7CE, 0x1D800)) if unicodedata.digit(chr(code), None) is not None
}  # fmt: skip
_NUMERALS = "〇零一幺壹二贰两三叁四肆五伍六陆七柒八捌九玖"
_CHINESE = str.maketrans(_NUMERALS, "0011122233445566778899")
_DASH = r"\-\u2010-\u2015\u2212"
_GAP = rf"(?:\s?[.·•_~){_DASH}]{{1,2}}\s?|\s{{1,2}})?"
_AT_DOMAIN = r"(?:\s?@\s?|\s?[(\[]at[)\]]\s?)(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,}"
_REMAINS = re.compile(
    rf"(?<![0-9])[0-9](?:{_GAP}[0-9])?(?={_GAP}\*)|\*{_AT_DOMAIN}"
    rf"|\*{_GAP}(?:[0-9]{_GAP}[0-9A-Za-z]|[A-Za-z]{_GAP}[0-9])(?![0-9A-Za-z])"
    rf"|\*{_GAP}[{_NUMERALS}]{{2}}"
)


def _seen(text: str) -> tuple[str, Sequence[int]]:
    """The text as it is searched, and where each of its signs stands; what is left of covered numbers is passed by."""
    line = text.translate(_NARROW)
    places: Sequence[int] = range(len(text))
    if _INVISIBLE.search(line):
        places = [at for at, sign in enumerate(line) if not _INVISIBLE.match(sign)]
        line = "".join(line[at] for at in places)
    if COVER in line:
        line = _REMAINS.sub(lambda left: _DONE * len(left[0]), line)
    return line, places


def _without(line: str, hits: Iterable[_Hit]) -> str:
    for start, end, *_rest in hits:
        line = line[:start] + _DONE * (end - start) + line[end:]
    return line


def _findings(text: str, places: Sequence[int], hits: Iterable[_Hit]) -> list[Finding]:
    found: list[Finding] = []
    for first, behind, kind, sure in sorted(hits, key=lambda hit: (hit[0], -hit[1])):
        start, end = places[first], places[behind - 1] + 1
        if not found or found[-1].end <= start:
            found.append(Finding(kind, start, end, text[start:end], sure))
    return found


_SIGN = "A-HJ-NP-Za-hj-np-z"
_PLATE = re.compile(
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\s?[{_SIGN}][·•.\s{_DASH}]?(?=(?:[A-Za-z]*[0-9]){{2}})"
    rf"(?:[{_SIGN}0-9]{{4}}[挂学警港澳使领]|[{_SIGN}0-9]{{5,6}}(?![A-Za-z0-9]))"
)
_EMAIL = re.compile(rf"[A-Za-z0-9](?:[A-Za-z0-9_.%+-]{{0,62}}[A-Za-z0-9_])?{_AT_DOMAIN}")
_CONTACT = re.compile(
    r"(?:微信号(?:[:\s]|是|为){0,3}|(?:[微薇]信|(?<![A-Za-z*])(?:wx|vx|WX|VX)|加[vV])(?:号|[iI][dD]|账号)?(?:[:\s]|是|为){0,3}"
    r"(?=[A-Za-z_-]*[0-9_-]))(?P<wechat>[A-Za-z][A-Za-z0-9_-]{5,19})(?![A-Za-z0-9_-])"
    r"|(?<![A-Za-z*])(?:QQ|qq|扣扣)(?:号码?)?(?:[:\s]|是|为){0,3}(?P<qq>[1-9][0-9]{4,10})(?![0-9元万])"
)
_RUN = re.compile(rf"[0-9](?:{_GAP}[0-9]){{6,}}(?:{_GAP}[Xx])?")


def _numbers(line: str) -> list[_Hit]:
    """All numbers, looked for again as long as there are more: one that stood beside another may come out then."""
    found: list[_Hit] = []
    while hits := _once(line):
        found += hits
        line = _without(line, hits)
    return found


def _once(line: str) -> list[_Hit]:
    hits: list[_Hit] = [(*hit.span(), Kind.EMAIL, True) for hit in _EMAIL.finditer(line)]
    hits += [(*hit.span(), Kind.PLATE, True) for hit in _PLATE.finditer(_without(line, hits))]
    for written in (line, line.translate(_CHINESE)):
        digits = _without(written, hits)
        for run in _RUN.finditer(digits):
            hits += _in_run(line, digits, run)
    for hit in _CONTACT.finditer(_without(line, hits)):
        hits.append((*hit.span(hit.lastgroup or 0), Kind.CONTACT, True))
    return hits


def _in_run(line: str, digits: str, run: re.Match[str]) -> list[_Hit]:
    """The numbers in a run of digits, each from the start to the end of a group: first the proven, then the longest.

    Among Chinese numerals only what is proven counts, and it may end inside a group, for words go on with numerals.
    """
    at = [place for place in range(*run.span()) if digits[place].isalnum()]
    spoken = [line[place] != digits[place] for place in at]
    starts = [n for n in range(len(at)) if not n or at[n] > at[n - 1] + 1]
    ends = [n for n in range(1, len(at)) if at[n] > at[n - 1] + 1 or spoken[n] or digits[at[n]] in "Xx"] + [len(at)]
    hits = [
        hit
        for first in starts for last in ends if 7 <= last - first <= 19
        if (hit := _judged(digits, at[first], at[last - 1] + 1, whole=last - first == len(at)))
        and (hit[3] or not any(spoken[first:last]))
    ]  # fmt: skip
    chosen: list[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (not hit[3], hit[0] - hit[1], hit[0])):
        if all(hit[1] <= start or end <= hit[0] for start, end, *_rest in chosen):
            chosen.append(hit)
    return chosen


_MONEY = re.compile(r"[.,0-9]*\s?(?:元(?!旦)|块钱|万[元块]|亿元)")
_DATE = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}[-.\s](?:0?[1-9]|1[0-2])[-.\s](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])")
_ORDER = re.compile(r"(?:[单编文票证]号|流水号?|发票号码?|合同号|订单|工单|条码)(?:[:\s.]|是|为|No){0,3}$")
_CARD = re.compile("62|60|9[0-9]|4|5[1-5]|3[4-7]")


def _judged(line: str, start: int, end: int, *, whole: bool) -> _Hit | None:
    """What a number is by its check digits, birth date, or the plan of telephone numbers; else by its length alone."""
    piece, before = line[start:end], line[max(0, start - 12) : start]
    digits = re.sub("[^0-9Xx]", "", piece)
    if (whole or len(digits) == 18) and _is_identity(digits):
        return start, end, Kind.ID_NUMBER, True
    if whole and 15 <= len(digits) <= 19 and digits.isdigit() and luhn.is_valid(digits) and _CARD.match(digits):
        return start, end, Kind.BANK_CARD, not _ORDER.search(before)
    counts = bool(_MONEY.match(line, end) or before[-1:] in {"¥", "$"} or _DATE.search(piece))
    sure = None if counts else _phone(piece, digits, before)
    if sure is not None:
        opens = before.endswith("+") or (before.endswith("(") and ")" in piece)
        return start - opens, end, Kind.PHONE, sure and not _ORDER.search(before)
    if (counts and len(piece) > len(digits)) or not re.fullmatch(r"(?:[0-9][\s\-]?){14,18}[0-9Xx]", piece):
        return None
    kind = Kind.ID_NUMBER if len(digits) == 18 else Kind.BANK_CARD
    return (start, end, kind, False) if kind is Kind.ID_NUMBER or digits.isdigit() else None


_IDENTITY = re.compile("[0-9]{6}(?:18|19|20)[0-9]{9}[0-9Xx]")
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")


def _is_identity(digits: str) -> bool:
    """Whether check digit and birth date are right; of the old ones with 15 digits, province and birth date."""
    if len(digits) == 15 and digits.isdigit() and _PROVINCE.match(digits):
        digits = f"{digits[:6]}19{digits[6:]}"
    elif not _IDENTITY.fullmatch(digits) or ric.calc_check_digit(digits) != digits[17].upper():
        return False
    try:
        return bool(ric.get_birth_date(digits))
    except ValidationError:
        return False


_CALL = re.compile(r"(?:电话|座机|固话|手机|热线|拨打?|致电|号码|联系方式)(?:号码?)?(?:[:\s]|是|为){0,3}$")
_DAY = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])")
_TIDY = re.compile("11|3 4 4|3 3 5|3 8|7 4|3 5 3|4 7|5 6|6 5|1(?: 1){10}")


def _phone(piece: str, digits: str, before: str) -> bool | None:
    """Whether digits are a telephone number for sure, or perhaps, or (None) not at all."""
    sizes = [len(group) for group in re.findall("[0-9]+", piece)]
    if mobile := re.fullmatch("((?:00)?86)?(1[3-9][0-9]{9})", digits):
        code = len(mobile[1] or "")
        sizes = sizes[1:] if sizes[0] == code else [sizes[0] - code, *sizes[1:]]
        if _TIDY.fullmatch(" ".join(map(str, sizes))) and _is_given_out(mobile[2]):
            return True
        return False if re.fullmatch(r"(?:[0-9][\s\-]?)+", piece) else None
    if before.endswith("+"):
        return _is_given_out(f"+{digits}") or None
    if re.fullmatch("0[0-9]{9,11}", digits) and (len(sizes) == 1 or sizes[0] in {3, 4}):
        plain = re.fullmatch("0[0-9]{2,3}-?[0-9]{7,8}", piece)
        return _is_given_out(digits) or (False if plain else None)
    if re.fullmatch("[48]00[0-9]{7}", digits) and sizes in ([10], [3, 3, 4], [3, 4, 3], [3, 7]):
        return _is_given_out(digits) or None
    is_local = re.fullmatch("[2-8][0-9]{6,7}", digits) and sizes in ([7], [8], [3, 4], [4, 4])
    return True if is_local and _CALL.search(before) and not _DAY.fullmatch(digits) else None


def _is_given_out(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "CN"))
    except phonenumbers.NumberParseException:
        return False


_N = "(?:[A-Za-z]?[0-9]{1,4}|[一二三四五六七八九十百]{1,4}|[A-Za-z甲乙丙丁])"
_UNIT = rf"(?:{_N}|[东西南北中])\s?单元\s?"
_ROOM = "(?:[0-9]{1,4}|[零〇一二三四五六七八九十百]{2,4})"
_UNITS = r"[0-9.,:%]|\s?(?:[年月日号元块万千人户个次名张份米平多余家台辆天斤岁分周只条棵期盏处套间位吨]|公里|kg)"
_ADDRESS = re.compile(
    rf"(?:(?:{_N}\s?(?:号楼|号院|号|栋|幢|座|#楼?)\s?,?){{1,3}}(?:{_UNIT})?|{_UNIT})(?:{_N}\s?[楼层]\s?)?"
    rf"(?:{_ROOM}[A-Za-z]?\s?(?:室(?![一二三两][室厅])|号?房(?![东租产价屋款费管]|改[房革])|号室)"
    r"|(?<=[栋幢座楼元层#])[0-9]{2,4}号(?![楼院门线文岗])"
    r"|(?<=单元)[0-9]{3,4}户(?!居民|人家|业主|家庭|住户|代表|群众|[都共全每])"
    rf"|(?:(?<=[栋幢座楼元层#])|(?<=[栋幢座楼元层#]\s))(?:[0-9]{{3,4}}|[零〇一二三四五六七八九]{{3,4}})(?!{_UNITS})"
    r"|[东西南北中左右]{1,2}户(?![外型主口数均]))"
    r"|(?:(?<=住)|(?<=住在)|(?<=家在)|(?<=房号)|(?<=房号:))[0-9]{1,2}-[0-9]{1,2}-[0-9]{3,4}(?![0-9-])"
)
