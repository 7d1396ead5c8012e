"""What is searched for: flags in the index of what was said (db.questions.near), everything else in one of things by
their words.

The latter, `said_things`, is kept by whatever is written, like the former; no words of a flag are in it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    column,
    event,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.orm import Mapper

from core.access import Scope
from core.entries.risks import Risk
from core.entries.searching import Found, Hit, Sought, excerpt
from core.items import Item
from core.ledgers.decisions import Decision
from core.lifecycle import ENDED
from core.openness.board import Publication
from core.openness.showing import ShownAnswer, ShownDecision, ShownDue
from core.openness.subjects import Subject
from core.organisation.posts import Post
from core.organisation.units import Unit
from core.prevention.measures import Measure
from core.text import folded
from core.turning import Listed, Turn
from core.words import Source
from db.keyset import listed, upward
from db.questions.near import span
from db.questions.voices import WAITING
from db.scoping import HOLDING, Asking, heard, not_owned, readable, visible, within
from db.tables import flags_, items_, links, risks_, units_

said_index = table("said_index", column("subject"), column("said"), column("unit_id"))
things_ = table(
    "said_things", column("kind"), column("subject"), column("unit_id"), column("title"), column("words"),
    column("head"), column("leads"),
)  # fmt: skip
NUMBERED, TITLED, WORDED = range(3)
"""What is found by its number comes first, then by its title, then by other words."""
HOMES = 12
"""Communities up to which each one's part of SQLite's index is asked; beyond, all of it."""
TRIPLES = 8
"""Triples of a word by which SQLite's index is asked; what it finds is then looked at character by character."""


class Finding(Asking):
    """What is searched for; every question leaves out what its reader may not see before anything is counted."""

    def find_entries(self, scope: Scope, sought: Sought, most: int, turn: Turn) -> Listed[Hit]:
        held, own = self._hold(things_.c.words, sought), within(risks_.c.unit_id, scope)
        entry, item = things_.c.kind == Found.ENTRY.value, things_.c.kind == Found.ITEM.value
        ways = [
            select(things_.c.subject.label("id"), self._rank(sought).label("rank"))
            .where(entry, within(things_.c.unit_id, scope), held),
            select(risks_.c.id, literal(WORDED)).join(things_, things_.c.subject == risks_.c.item_id)
            .where(item, held, own),
        ]  # fmt: skip
        if sought.number is not None:
            ways.append(select(risks_.c.id, literal(NUMBERED)).where(own, risks_.c.number == sought.number))
        found = union_all(*ways).subquery()
        best = select(found.c.id, func.min(found.c.rank).label("rank")).group_by(found.c.id).subquery()
        query = (
            select(risks_.c.id, risks_.c.unit_id, risks_.c.number, risks_.c.title, units_.c.name.label("unit"),
                   items_.c.name.label("item"), func.count().over().label("total"))
            .join(best, best.c.id == risks_.c.id)
            .join(units_, units_.c.id == risks_.c.unit_id)
            .outerjoin(items_, items_.c.id == risks_.c.item_id)
        )  # fmt: skip
        order = upward(best.c.rank, risks_.c.status.in_(ENDED), risks_.c.number, risks_.c.id)
        return listed(self.session, query, risks_.c.id, order, turn, most, _entry, counted=True)

    def find_voices(
        self, scope: Scope, sought: Sought, most: int, turn: Turn, raw: Scope | None = None
    ) -> Listed[Hit]:
        said = self._said(sought, scope)
        query = (
            select(flags_.c.id, flags_.c.unit_id, flags_.c.text, flags_.c.source, risks_.c.id.label("risk_id"),
                   risks_.c.number, units_.c.name.label("unit"), func.count().over().label("total"))
            .join(said, said.c.subject == flags_.c.id)
            .join(links, and_(links.c.flag_id == flags_.c.id, links.c.undone_at.is_(None)))
            .join(risks_, risks_.c.id == links.c.risk_id)
            .join(units_, units_.c.id == risks_.c.unit_id)
            .where(within(risks_.c.unit_id, scope), heard(scope), readable(raw))
        )  # fmt: skip
        order = upward(risks_.c.status.in_(ENDED), risks_.c.number, flags_.c.raised_on, flags_.c.id)

        def voice(r: Row[Any]) -> Hit:
            return _voice(Found.VOICE, r, sought, r.risk_id, r.number)

        return listed(self.session, query, flags_.c.id, order, turn, most, voice, counted=True)

    def find_waiting(
        self, scope: Scope, sought: Sought, most: int, turn: Turn, sources: Sequence[Source]
    ) -> Listed[Hit]:
        said, kind = self._said(sought, scope), Found.POINT if Source.SUPERIOR in sources else Found.WAITING
        query = (
            select(flags_.c.id, flags_.c.unit_id, flags_.c.text, flags_.c.source, units_.c.name.label("unit"),
                   func.count().over().label("total"))
            .join(said, said.c.subject == flags_.c.id)
            .join(units_, units_.c.id == flags_.c.unit_id)
            .where(within(flags_.c.unit_id, scope), heard(scope), not_owned(scope.viewer or ""),
                   flags_.c.status.in_(WAITING), flags_.c.source.in_(sources))
        )  # fmt: skip

        def waiting(r: Row[Any]) -> Hit:
            return _voice(kind, r, sought, r.id)

        order = upward(flags_.c.due_on, flags_.c.id)
        return listed(self.session, query, flags_.c.id, order, turn, most, waiting, counted=True)

    def find_things(self, scope: Scope, sought: Sought, most: int, kinds: Sequence[Found]) -> dict[Found, Listed[Hit]]:
        best, of_kind = self._best(sought), things_.c.kind
        hits = (
            select(things_, func.row_number().over(partition_by=of_kind, order_by=best).label("place"),
                   func.count().over(partition_by=of_kind).label("total"))
            .where(*self._things(scope, sought, kinds))
            .subquery()
        )  # fmt: skip
        query = select(hits, units_.c.name.label("unit"), units_.c.code).join(units_, units_.c.id == hits.c.unit_id)
        found: dict[Found, Listed[Hit]] = {}
        for r in self.session.execute(query.where(hits.c.place <= most).order_by(hits.c.kind, hits.c.place)):
            found.setdefault(Found(r.kind), Listed(total=r.total, most=most)).append(_thing(r))
        return found

    def find_of_kind(self, scope: Scope, sought: Sought, most: int, turn: Turn, found: Found) -> Listed[Hit]:
        query = (
            select(things_, things_.c.subject.label("id"), units_.c.name.label("unit"), units_.c.code,
                   func.count().over().label("total"))
            .join(units_, units_.c.id == things_.c.unit_id)
            .where(*self._things(scope, sought, [found]))
        )  # fmt: skip
        order = upward(*self._best(sought))
        return listed(self.session, query, things_.c.subject, order, turn, most, _thing, counted=True)

    def _best(self, sought: Sought) -> tuple[ColumnElement[Any], ...]:
        return self._rank(sought), func.length(things_.c.title), things_.c.subject

    def _things(self, scope: Scope, sought: Sought, kinds: Sequence[Found]) -> tuple[ColumnElement[bool], ...]:
        kind = things_.c.kind.in_([kind.value for kind in kinds])
        return kind, within(things_.c.unit_id, scope), self._hold(things_.c.words, sought)

    def _said(self, sought: Sought, scope: Scope) -> CTE:
        """Flags and entries that say it: found first, then held against what may be seen."""
        query = select(said_index.c.subject).where(self._hold(said_index.c.said, sought))
        if not self._is_sqlite:
            return query.where(within(said_index.c.unit_id, scope)).cte("said").prefix_with("MATERIALIZED")
        if asked := " AND ".join(filter(None, map(_triples, sought.terms))):
            query = query.where(literal_column("said_index").op("MATCH")(asked))
        parts = [query.where(literal_column("rowid").between(*span(home))) for home in self._homes(scope)]
        found = union_all(*parts) if parts else query  # each community's rows lie together
        return found.cte("said").prefix_with("MATERIALIZED")

    def _homes(self, scope: Scope) -> list[str]:
        """The communities in a scope, where they are few."""
        if scope.paths not in (kept := self.session.info.setdefault("homes", {})):
            query = select(units_.c.id).where(HOLDING, visible(Unit, scope)).limit(HOMES + 1)
            kept[scope.paths] = list(self.session.scalars(query))
        return kept[scope.paths] if len(kept[scope.paths]) <= HOMES else []

    def _hold(self, words: ColumnElement[Any], sought: Sought) -> ColumnElement[bool]:
        """That words hold each term in any of its forms."""
        return and_(*[
            or_(*[func.instr(words, form) > 0 if self._is_sqlite else words.contains(form, autoescape=True)
                  for form in forms])
            for forms in sought.terms
        ])  # fmt: skip

    def _rank(self, sought: Sought) -> ColumnElement[int]:
        """Whether the first term stands in the title of a thing, or only in its other words."""
        find = func.instr if self._is_sqlite else func.strpos
        at = func.coalesce(*[func.nullif(find(things_.c.words, form), 0) for form in sought.terms[0]], 0)
        return case((at <= things_.c.head, TITLED), else_=WORDED)


def _triples(forms: Sequence[str]) -> str:
    """How SQLite's index is asked for a word in any of its forms; nothing where one is too short for it."""
    if min(map(len, forms)) < 3:
        return ""
    return "(" + " OR ".join("(" + " AND ".join(_quoted(form)) + ")" for form in forms) + ")"


def _quoted(form: str) -> list[str]:
    triples = dict.fromkeys(form[n : n + 3] for n in range(len(form) - 2))
    return ['"' + triple.replace('"', '""') + '"' for triple in list(triples)[:TRIPLES]]


def _entry(r: Row[Any]) -> Hit:
    return Hit(Found.ENTRY, r.id, r.title, r.unit_id, r.unit, r.id, r.number, r.item or "")


def _voice(kind: Found, r: Row[Any], sought: Sought, leads: str, number: int | None = None) -> Hit:
    said = excerpt(r.text, sought if r.source != Source.RESIDENT else None)
    return Hit(kind, r.id, said, r.unit_id, r.unit, leads, number, r.source.label)


def _thing(r: Row[Any]) -> Hit:
    kind = Found(r.kind)
    return Hit(kind, r.subject, r.title, r.unit_id, r.unit, r.code if kind is Found.PUBLISHED else r.leads)


# the index of things

THINGS: dict[type[Any], tuple[Found, tuple[str, ...], str]] = {
    Risk: (Found.ENTRY, ("title", "manifestation"), "id"),
    Measure: (Found.MEASURE, ("text", "indicator"), "risk_id"),
    Item: (Found.ITEM, ("name", "basis", "body"), "id"),
    Subject: (Found.SUBJECT, ("name", "heading", "elements"), "id"),
    Decision: (Found.DECISION, ("title",), "id"),
    Unit: (Found.UNIT, ("name",), "id"),
    Post: (Found.POST, ("name",), "unit_id"),
    Publication: (Found.PUBLISHED, ("wording", "item"), "id"),
    ShownDecision: (Found.PUBLISHED, ("title", "item"), "id"),
    ShownDue: (Found.PUBLISHED, ("subject", "text"), "id"),
    ShownAnswer: (Found.PUBLISHED, ("wording", "answer"), "id"),
}
"""What is found by its name: which kind it is, its words (the title first), and what it leads to."""
_ENDED: dict[type[Any], str] = {Item: "retired", Subject: "retired_on", Unit: "closed_on"}
"""What has ended and is found no more."""


def _keep(_mapper: Mapper[Any], connection: Connection, thing: Any) -> None:
    """Keep the index with what is written, in the same transaction."""
    _forget(_mapper, connection, thing)
    put_things(connection, [thing])


def put_things(connection: Connection, things: Sequence[Any]) -> None:
    """Put things into an index in which none of them stands; what has ended stays out."""
    if rows := [_row(thing) for thing in things if not getattr(thing, _ENDED.get(type(thing), ""), None)]:
        connection.execute(_PUT, rows)


def _row(thing: Any) -> dict[str, object]:
    kind, names, leads = THINGS[type(thing)]
    unit_id = thing.id if isinstance(thing, Unit) else thing.unit_id
    return _kept(kind, thing.id, unit_id, [getattr(thing, name) for name in names], getattr(thing, leads))


def _forget(_mapper: Mapper[Any], connection: Connection, thing: Any) -> None:
    connection.execute(_DROP, {"kind": THINGS[type(thing)][0].value, "subject": thing.id})


def put_thing(
    connection: Connection, kind: Found, subject: str, unit_id: str, words: Sequence[str], leads: str
) -> None:
    """Put one thing into the index; the first of its words is its title."""
    connection.execute(_PUT, _kept(kind, subject, unit_id, words, leads))


def _kept(kind: Found, subject: str, unit_id: str, words: Sequence[str], leads: str) -> dict[str, object]:
    folded_ = [folded(word) for word in words]
    return {
        "kind": kind.value, "subject": subject, "unit_id": unit_id, "title": words[0], "words": "\n".join(folded_),
        "head": len(folded_[0]), "leads": leads,
    }  # fmt: skip


_DROP = text("DELETE FROM said_things WHERE kind = :kind AND subject = :subject")
_PUT = text(
    "INSERT INTO said_things (kind, subject, unit_id, title, words, head, leads) "
    "VALUES (:kind, :subject, :unit_id, :title, :words, :head, :leads)"
)

for _kind in THINGS:
    event.listen(_kind, "after_insert", _keep)
    event.listen(_kind, "after_update", _keep)
    event.listen(_kind, "after_delete", _forget)
