"""Finding the entry a flag may belong to: plain, explained likeness of words and power item.

Nothing is learnt and nothing kept. Two texts are alike by the two-character pieces they share, the rarer the piece
the more it counts; words that residents and offices use for the same thing count as one word.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SHOWN_FROM = 0.1
"""Likeness below which a candidate is not worth a person's time."""
VERY_LIKE = 0.2
"""Likeness from which an entry is called very like the flag."""
SAME_ITEM = 0.2
"""Added when flag and entry hang on the same power item."""
WHOLE_WORD = 1.5
"""How much a word that has others beside it counts, against a pair of characters."""
SHORTEST = 8
"""A text shorter than so many rare pieces is taken as that long: three characters alone prove little."""

SAME = (
    ("公示", "公开", "公布", "张贴", "贴出", "贴出来", "上墙", "透明", "公告"),
    ("低保", "低保户", "救助", "救济", "困难补助", "困难户", "帮扶", "临时救助"),
    ("名单", "名册", "花名册"),
    ("公章", "印章", "用印", "盖章", "章子", "公印"),
    ("门面", "铺面", "商铺", "店面", "门市", "铺子"),
    ("出租", "招租", "租赁", "租给", "承租", "租金", "房租"),
    ("停车", "车位", "泊车"),
    ("报销", "发票", "票据", "报账", "白条"),
    ("招聘", "招人", "聘用", "用人", "录用"),
    ("账目", "账本", "台账", "收支", "开支", "账"),
    ("经费", "资金", "钱款", "款项", "专款"),
    ("工程", "项目", "施工", "改造", "装修", "维修"),
    ("招标", "比价", "询价", "投标", "采购"),
    ("登记", "记录", "记账", "签字", "签名"),
    ("熟人", "亲戚", "亲属", "关系户", "优亲厚友", "人情", "自家人"),
    ("物资", "东西", "慰问品", "米油"),
    ("验收", "核查", "检查", "把关", "审核"),
    ("拖延", "拖拉", "不及时", "超期", "太慢", "迟迟"),
    ("收费", "乱收费", "收钱", "多收"),
    ("礼金", "红包", "吃请", "请客", "宴请"),
)  # fmt: skip
"""Words that mean the same in this field; each group counts as one word."""

_GROUP_OF = {word: chr(0xE000 + n) for n, group in enumerate(SAME) for word in group}
_SAME = re.compile("|".join(sorted(_GROUP_OF, key=len, reverse=True)))
_LITTLE = re.compile(
    "我们|他们|你们|大家|很久|好久|没人|社区|居委会|居民|没有|从来|怎么|什么|为什么|为啥|不知道|一直|希望|建议|可能|容易|存在|"
    "[的了着过吗呢吧啊呀嘛就都也很又还在是有和与及把被给让到对从个这那哪些我你他她它]"
)
_BREAK = re.compile(r"[^\w\ue000-\uf8ff]+|_+")


@dataclass(frozen=True)
class Candidate:
    """An entry with the words of every flag in it that may be compared."""

    risk_id: str
    item_id: str | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """A likely entry: likeness 0–1 (of the words alone: `alike`), whether the power item is the same, and the words of
    the flag that both share."""

    risk_id: str
    likeness: float
    same_item: bool
    shared: tuple[str, ...]
    alike: float

    @property
    def very_like(self) -> bool:
        """Whether the words alone are very alike."""
        return self.alike >= VERY_LIKE

    @property
    def words_alike(self) -> bool:
        """Whether the words alone would have been enough to show the entry."""
        return self.alike >= SHOWN_FROM


def pieces(texts: Sequence[str]) -> list[frozenset[str]]:
    """The pieces by which each text is compared: pairs of characters, and whole words that have others beside them."""
    whole = "\n".join(text.replace("\n", " ") for text in texts)
    plain = unicodedata.normalize("NFKC", whole).casefold()
    marked = _LITTLE.sub(" ", _SAME.sub(lambda found: _GROUP_OF[found[0]], plain))
    return [_pieces_of(line) for line in marked.split("\n")] if texts else []


def _pieces_of(line: str) -> frozenset[str]:
    found: set[str] = set()
    for run in _BREAK.split(line):
        found.update(run[i : i + 2] for i in range(len(run) - 1))
        found.update(c for c in run if "\ue000" <= c <= "\uf8ff")
    return frozenset(found)


def likely(text: str, item_id: str | None, candidates: Sequence[Candidate], limit: int = 3) -> list[Match]:
    """At most `limit` entries that may be the same matter, the likeliest first; a flag is compared with all members.

    Likeness is the weight of the shared pieces against the geometric mean of what both texts weigh, so that a long one
    is not like every short one; each piece is weighted by how rare it is among everything compared. The same power
    item adds `SAME_ITEM`.
    """
    said = [(n, member) for n, candidate in enumerate(candidates) for member in candidate.texts]
    own, *others = pieces([text, *(member for _n, member in said)])
    weights = _rarity([own, *others])
    least = SHORTEST * (1 + math.log(1 + len(others)))
    best = [0.0] * len(candidates)
    whole = _weight(own, weights)
    for (n, _member), other in zip(said, others, strict=True):
        if not own.isdisjoint(other):
            between = max(math.sqrt(whole * _weight(other, weights)), least)
            best[n] = max(best[n], _weight(own & other, weights) / between)
    found = []
    for candidate, alike in zip(candidates, best, strict=True):
        same = item_id is not None and item_id == candidate.item_id
        score = min(1.0, alike + (SAME_ITEM if same else 0.0))
        if score >= SHOWN_FROM:
            found.append((score, same, candidate, alike))
    found.sort(key=lambda row: (-row[0], row[2].risk_id))
    return [Match(c.risk_id, score, same, shared(text, c.texts), alike) for score, same, c, alike in found[:limit]]


def shared(text: str, others: Iterable[str], most: int = 8) -> tuple[str, ...]:
    """The words of a text that others share: runs of two or more characters, and words that mean the same."""
    words = [found.span() for found in _SAME.finditer(text)]
    runs: set[str] = set()
    groups: set[str] = set()
    for other in others:
        groups.update(_GROUP_OF[word] for word in _SAME.findall(other))
        for block in SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks():
            start, end = _uncut(block.a, block.a + block.size, words)
            run = text[start:end].strip("，。、；：！？,.!? \n")
            if len(_LITTLE.sub("", run)) >= 2 and any(c.isalnum() for c in run):
                runs.add(run)
    runs.update(word for word in _SAME.findall(text) if _GROUP_OF[word] in groups)
    kept: list[str] = []
    for run in sorted(runs, key=lambda r: (-len(r), r)):
        if not any(run in longer for longer in kept):
            kept.append(run)
    return tuple(kept[:most])


def _uncut(start: int, end: int, words: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """A run without the words that its borders cut in two."""
    for first, last in words:
        if first < start < last:
            start = last
        if first < end < last:
            end = first
    return start, max(start, end)


def _rarity(texts: Sequence[frozenset[str]]) -> dict[str, float]:
    seen = Counter(piece for text in texts for piece in text)
    return {
        piece: (1 + math.log(len(texts) / count)) * (WHOLE_WORD if len(piece) == 1 else 1.0)
        for piece, count in seen.items()
    }


def _weight(text: Iterable[str], weights: dict[str, float]) -> float:
    return sum(weights[piece] for piece in text)
