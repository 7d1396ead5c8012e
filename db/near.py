"""Finding what a text may be like: the index over everything said, and the voices that come into question.

On SQLite an FTS5 table of triples of characters, kept by what is written; on PostgreSQL pg_trgm's index on the texts.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    ScalarSelect,
    and_,
    cast,
    event,
    func,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Mapper

from core.access import Scope
from core.calibration import Judgement, Weights
from core.flags import Flag
from core.likeness import telling
from core.matching import Candidate
from core.pieces import Said, plain, triples
from core.risks import Risk
from core.suggesting import Suggestion
from core.vocabulary import Vocabulary
from core.words import Source
from db.entries import OVER
from db.scoping import Asking, heard, not_held, within
from db.tables import flags_, judgements, links, risks_, suggestions_, vocabularies, weights_
from db.voices import WAITING

FEW = 300
"""Voices of a community up to which every one is weighed; beyond, those the index finds."""
FOUND = 120
"""Texts taken from the index."""
PROBES = 40
"""Triples, the rarest of the whole index first, by which FTS5 is asked."""
PROBES_POSTGRESQL = 24
"""Triples, the most telling first, by which PostgreSQL is asked: it cannot tell beforehand how rare one is."""


class Near(Asking):
    """Which entries a text is compared with."""

    def candidates(
        self, scope: Scope, unit_id: str, raw: Scope | None = None, near: Said | None = None, only: str | None = None
    ) -> list[Candidate]:
        """Open entries with what is said in them: all of them, `only` one, or where they are many those `near` may
        belong to.

        Residents' words only where `raw` reaches, and by nobody who answers for the power item.
        """
        readable: ColumnElement[bool] = flags_.c.source != Source.RESIDENT
        if raw is not None:
            others = and_(not_held(flags_.c.item_id, raw.viewer), not_held(risks_.c.item_id, raw.viewer))
            readable = or_(readable, and_(within(flags_.c.unit_id, raw), others))
        standing = and_(links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None))
        open_ = and_(
            risks_.c.unit_id == unit_id, within(risks_.c.unit_id, scope), risks_.c.status.not_in(OVER),
        )  # fmt: skip
        narrowed = risks_.c.id == only if only else self._narrowed(unit_id, near)
        query = (
            select(
                risks_.c.id, risks_.c.item_id, risks_.c.title, risks_.c.manifestation, risks_.c.opened_on,
                flags_.c.id.label("flag_id"), flags_.c.text, flags_.c.item_id.label("flag_item"), flags_.c.place_id,
                flags_.c.raised_on, _voices().label("size"),
            )
            .outerjoin(links, standing)
            .outerjoin(flags_, and_(flags_.c.id == links.c.flag_id, heard(scope), readable))
            .where(open_, narrowed)
            .order_by(risks_.c.id, flags_.c.id)
        )  # fmt: skip
        return _candidates(self.session.execute(query).all())

    def waiting(self, unit_id: str, most: int) -> list[Flag]:
        query = select(Flag).where(flags_.c.unit_id == unit_id, flags_.c.status.in_(WAITING), ~flags_.c.sealed)
        return list(self.session.scalars(query.order_by(flags_.c.due_on, flags_.c.id).limit(most)))

    def suggested(self, risk_id: str) -> dict[str, Suggestion]:
        kept = self.session.scalars(select(Suggestion).where(suggestions_.c.risk_id == risk_id))
        return {one.flag_id: one for one in kept}

    def weights(self) -> Weights | None:
        standing = select(Weights).where(weights_.c.undone_at.is_(None))
        return self.session.scalars(standing.order_by(weights_.c.made_at.desc()).limit(1)).first()

    def judgements(self) -> list[Judgement]:
        return list(self.session.scalars(select(Judgement).order_by(judgements.c.judged_on, judgements.c.id)))

    def vocabulary(self) -> Vocabulary | None:
        return self.session.scalars(select(Vocabulary).order_by(vocabularies.c.made_on.desc()).limit(1)).first()

    def sample(self, most: int) -> list[str]:
        query = select(flags_.c.text).where(~flags_.c.sealed).order_by(flags_.c.id).limit(most)  # ids are random
        return list(self.session.scalars(query))

    def _narrowed(self, unit_id: str, near: Said | None) -> ColumnElement[bool]:
        """Nothing where all are wanted or they are few; else the entries and voices that share rare triples, and the
        entries of the same power item."""
        count = select(func.count()).where(links.c.unit_id == unit_id, links.c.undone_at.is_(None))
        if near is None or (self.session.scalar(count) or 0) <= FEW:
            return true()
        found = _asked(self.session.connection(), unit_id, near.text)
        return or_(risks_.c.id.in_(found), flags_.c.id.in_(found), risks_.c.item_id == near.item_id)


def _voices() -> ScalarSelect[int]:
    """How many voices an entry has."""
    own = links.alias()
    count = select(func.count()).where(own.c.risk_id == risks_.c.id, own.c.undone_at.is_(None))
    return count.correlate(risks_).scalar_subquery()


def _candidates(rows: Sequence[Any]) -> list[Candidate]:
    voices: dict[tuple[str, str | None, int], dict[str, Said]] = defaultdict(dict)
    for r in rows:
        group = voices[r.id, r.item_id, r.size + 1]
        group.setdefault(
            r.id, Said(r.id, r.manifestation or r.title, r.title, r.item_id, day=r.opened_on.toordinal(), group=r.id)
        )
        if r.flag_id:
            day = r.raised_on.toordinal()
            group[r.flag_id] = Said(r.flag_id, r.text, "", r.flag_item, r.place_id, day, group=r.id)
    return [Candidate(risk, item, tuple(group.values()), size) for (risk, item, size), group in voices.items()]


def _asked(connection: Connection, unit_id: str, said: str) -> Collection[str]:
    """The ids of the flags and entries of a community that share most of the rarest triples of a text."""
    if connection.dialect.name == "sqlite":
        return _asked_fts(connection, unit_id, said)
    return _asked_trigrams(connection, unit_id, said)


def _asked_fts(connection: Connection, unit_id: str, said: str) -> Collection[str]:
    known = triples(said)
    names = ", ".join(f":t{n}" for n in range(len(known)))
    counted = connection.execute(
        text(f"SELECT term FROM said_terms WHERE term IN ({names}) ORDER BY doc LIMIT :most"),  # noqa: S608
        {"most": PROBES} | {f"t{n}": triple for n, triple in enumerate(known)},
    )
    probes = [row[0] for row in counted]
    if not probes:
        return ()
    first, wanted = _first(unit_id), " OR ".join(f'"{probe}"' for probe in probes)
    rows = connection.execute(
        text(
            "SELECT subject FROM said_index WHERE said_index MATCH :wanted AND rowid BETWEEN :first AND :last "
            "ORDER BY rank LIMIT :most"
        ),
        {"most": FOUND, "wanted": wanted, "first": first, "last": first + _SPAN - 1},
    )
    return [row[0] for row in rows]


def _asked_trigrams(connection: Connection, unit_id: str, said: str) -> Collection[str]:
    probes = telling(said, PROBES_POSTGRESQL)
    if not probes:
        return ()
    asked = []
    for table, column in ((flags_, flags_.c.text), (risks_, risks_.c.title)):
        has = [column.like(f"%{probe}%") for probe in probes]
        shared = sum((cast(one, Integer) for one in has), literal(0))
        asked.append(select(table.c.id, shared.label("shared")).where(table.c.unit_id == unit_id, or_(*has)))
    found = union_all(*asked).subquery()
    rows = connection.execute(select(found.c.id).order_by(found.c.shared.desc(), found.c.id).limit(FOUND))
    return [row[0] for row in rows]


_SPAN = 1 << 39
"""Row numbers of one community in the index lie together, so that it is asked alone; inside they are random."""


def _first(unit_id: str) -> int:
    return (int.from_bytes(hashlib.sha256(unit_id.encode()).digest()[:3]) << 39) & ((1 << 63) - 1)


def _row(unit_id: str, subject: str) -> int:
    """The row number of a flag or entry in the index: from its random id, so that no order of arrival shows."""
    inside = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8]) % _SPAN
    return _first(unit_id) + inside


def _said_of(thing: Flag | Risk) -> str:
    return thing.text if isinstance(thing, Flag) else f"{thing.title}。{thing.manifestation}"


def _keep(_mapper: Mapper[object], connection: Connection, thing: Flag | Risk) -> None:
    """Keep the index of SQLite with what is written, in the same transaction."""
    if connection.dialect.name == "sqlite":
        index_row(connection, thing.unit_id, thing.id, _said_of(thing))


def index_row(connection: Connection, unit_id: str, subject: str, said: str) -> None:
    """Put one flag or entry into the index of SQLite, in place of what it said before."""
    key = _row(unit_id, subject)
    connection.execute(text("DELETE FROM said_index WHERE rowid = :key"), {"key": key})
    connection.execute(
        text("INSERT INTO said_index (rowid, said, subject) VALUES (:key, :said, :subject)"),
        {"key": key, "said": plain(said), "subject": subject},
    )


for _kind in (Flag, Risk):
    event.listen(_kind, "after_insert", _keep)
    event.listen(_kind, "after_update", _keep)
