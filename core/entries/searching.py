"""Search (搜索): what the actor may see anyway, found by its number or by words in it.

Nothing typed is kept, logged or put into an address: words that are searched for can name people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.access import Permission as P
from core.access import Scope
from core.alike.pieces import plain
from core.store import Work
from core.text import N_, Term, clean, folded
from core.turning import START, Listed, Turn
from core.words import Source

LONGEST = 60
"""Characters that are searched for; the rest would not find more."""
WORDS = 6
"""Words between blanks, all of which have to be there."""
FEW, MANY = 5, 20
"""Hits of one kind beside the others, and on a page of its own."""
_COUNTED = str.maketrans("一二三四五六七八九", "123456789")


class Found(Term):
    """A kind of thing that is found, in the order in which they are shown."""

    ENTRY = "entry", N_("Register entries")
    MEASURE = "measure", N_("Measures")
    VOICE = "voice", N_("What was said in entries")
    WAITING = "waiting", N_("Flags awaiting review")
    POINT = "point", N_("Superiors' points")
    ITEM = "item", N_("Power items")
    SUBJECT = "subject", N_("Disclosure items")
    DECISION = "decision", N_("Decisions in six steps")
    PUBLISHED = "published", N_("On the board for residents")
    UNIT = "unit", N_("Units")
    POST = "post", N_("Posts")


@dataclass(frozen=True)
class Sought:
    """What is searched for: words that all have to be there, each in the forms it may be kept in, and a number."""

    terms: tuple[tuple[str, ...], ...]
    number: int | None = None

    @property
    def tells(self) -> bool:
        """Whether it is enough to look through all that was said for it: one character alone tells nothing."""
        return any(len(form) > 1 for forms in self.terms for form in forms)


@dataclass(frozen=True)
class Hit:
    """Something found. `leads` is the id of what it leads to, a public code for what is published."""

    kind: Found
    id: str
    title: str
    unit_id: str
    unit: str
    leads: str
    number: int | None = None
    detail: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of one kind: a page of it."""

    kind: Found
    hits: Listed[Hit]

    @property
    def total(self) -> int:
        return self.hits.total


_NUMBER = re.compile(r"(?:no\.?|第|#)?0*(\d{1,8})(?:号|项|条)?")
_THINGS = {
    Found.MEASURE: (P.REGISTER_READ,), Found.ITEM: (P.ITEM_READ,), Found.SUBJECT: (P.DISCLOSURE_READ,),
    Found.DECISION: (P.DECISION_READ,), Found.PUBLISHED: (P.BOARD_READ,), Found.UNIT: (P.REGISTER_READ, P.UNIT_EDIT),
    Found.POST: (P.ITEM_READ, P.PERSON_EDIT),
}  # fmt: skip
"""What stands in the index of things, and any of the rights by which it is read."""


def sought(words: str) -> Sought | None:
    """What typed words ask for; None where they hold nothing to search for."""
    parts = [folded(part) for part in clean(words)[:LONGEST].split()][:WORDS]
    terms = tuple(dict.fromkeys(forms for part in parts if (forms := _forms(part))))
    number = _NUMBER.fullmatch("".join(parts))
    return Sought(terms, int(number[1]) if number else None) if terms else None


def _forms(word: str) -> tuple[str, ...]:
    """The forms a word may be kept in: the index of what was said writes 三号楼 as 3号楼."""
    return tuple(dict.fromkeys(filter(None, (word, plain(word), word.translate(_COUNTED)))))


def search(work: Work, words: str, kind: Found | None = None, turn: Turn = START, most: int = FEW) -> list[Group]:
    """What the actor may see that holds all the words, by kind, the best first; of one `kind` a page of 20."""
    work.actor.require(P.SEARCH_USE)
    wanted = sought(words)
    if wanted is None:
        return []
    found = _groups(work, wanted, kind, MANY if kind else most, turn if kind else START)
    return sorted(found, key=lambda group: list(Found).index(group.kind))


def _groups(work: Work, wanted: Sought, kind: Found | None, most: int, turn: Turn) -> Iterator[Group]:
    """Each question is asked at most once, and only of who may have an answer."""
    actor, store = work.actor, work.store
    register = actor.scope(P.REGISTER_READ)
    if kind in (None, Found.ENTRY) and register.paths:
        yield from _group(store.find_entries(register, wanted, most, turn))
    if kind in (None, Found.VOICE) and register.paths and wanted.tells:
        yield from _group(store.find_voices(register, wanted, most, turn, actor.scope(P.FLAG_READ_RAW)))
    if kind in (None, Found.WAITING) and actor.may(P.INBOX_READ) and wanted.tells:
        said = (Source.SELF, Source.RESIDENT)
        yield from _group(store.find_waiting(actor.scope(P.INBOX_READ), wanted, most, turn, said))
    if kind in (None, Found.POINT) and (scope := _where(work, P.POINT_ANSWER, P.FLAG_RAISE)).paths and wanted.tells:
        yield from _group(store.find_waiting(scope, wanted, most, turn, (Source.SUPERIOR,)))
    for scope, kinds in _by_scope(work, kind).items():
        if kind:
            yield from _group(store.find_of_kind(scope, wanted, most, turn, kind))
        else:
            yield from (Group(one, hits) for one, hits in store.find_things(scope, wanted, most, kinds).items())


def _by_scope(work: Work, kind: Found | None) -> dict[Scope, list[Found]]:
    """Which kinds of things are asked for where: most people hold all those rights at the same places."""
    asked: dict[Scope, list[Found]] = {}
    for one, rights in _THINGS.items():
        scope = _where(work, *rights)
        if kind in (None, one) and scope.paths:
            asked.setdefault(scope, []).append(one)
    return asked


def _where(work: Work, *rights: P) -> Scope:
    """Where the actor holds any of these rights."""
    paths = {path for right in rights for path in work.actor.scope(right).paths}
    return Scope(tuple(sorted(paths)), work.actor.person_id)


def _group(hits: Listed[Hit]) -> list[Group]:
    return [Group(hits[0].kind, hits)] if hits else []


LINE = 26
"""Characters of a text that are shown, as many as the queue of the inbox shows."""


def excerpt(text: str, wanted: Sought | None) -> str:
    """A line of a text round the first of the words that stands in it as it was typed; else its beginning.

    Nothing is `wanted` of what a resident said: by one word after the other somebody would read all of it, without its
    sender being told that it was read.
    """
    line = " ".join(text.split())
    terms = wanted.terms if wanted else ()
    at = min((n for forms in terms for form in forms if (n := line.casefold().find(form)) >= 0), default=0)
    start = max(0, min(at - LINE // 4, len(line) - LINE))
    return ("…" if start else "") + line[start : start + LINE] + ("…" if start + LINE < len(line) else "")
