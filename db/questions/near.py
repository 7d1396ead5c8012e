"""Finding what a text may be like: the index over everything said, and the voices that come into question.

The index is a table of plain words kept by whatever is written: on SQLite one of FTS5 with its triples of characters,
on PostgreSQL one with an index of pg_trgm.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import log
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Label,
    Select,
    and_,
    bindparam,
    event,
    func,
    inspect,
    select,
    text,
    true,
)
from sqlalchemy.orm import Mapper

from core.access import Scope
from core.alike.calibration import Judged, Weights
from core.alike.likeness import telling
from core.alike.matching import Candidate
from core.alike.pieces import Said, plain
from core.alike.vocabulary import Standing, Vocabulary
from core.entries.risks import Risk
from core.lifecycle import ENDED
from core.review.suggesting import Suggestion
from core.voices.flags import Flag
from db.kept import among, number, worded
from db.questions.trigrams import EACH, hits
from db.questions.voices import WAITING
from db.scoping import Asking, before, heard, inside, readable, within
from db.tables import flags_, judgements, links, risks_, suggestions_, vocabularies, weights_

K = TypeVar("K", int, str)

FEW = 300
"""Voices of a community up to which every one is weighed; beyond, those the index finds."""
FOUND = 24
"""Texts taken from the index."""
PROBES = 48
"""Triples of a text by which the index is asked, those the field's texts say least."""


class Near(Asking):
    """Which entries a text is compared with."""

    def candidates(
        self, scope: Scope, unit_id: str, raw: Scope | None = None, near: Said | None = None, only: str | None = None
    ) -> list[Candidate]:
        """Open entries with what is said in them: all of them, `only` one, or where they are many those `near` may
        belong to.

        Residents' words only where `raw` reaches, and by nobody who answers for the power item.
        """
        if only:
            query = worded(
                lambda unit, one: _compared(scope, raw, true(), risks_.c.unit_id == unit, risks_.c.id == one),
                unit=unit_id, one=only,
            )  # fmt: skip
        elif near is not None and self._are_many(unit_id):
            found = _asked(self.session.connection(), unit_id, near.text)
            query = worded(
                lambda unit, found, entries: _compared(
                    scope, raw, links.c.flag_id.in_(found), risks_.c.unit_id == unit, _OPEN, risks_.c.id.in_(entries)
                ),
                unit=unit_id, found=found, entries=sorted(self._entries_of(found, unit_id, near.item_id)),
            )  # fmt: skip
        else:
            query = worded(lambda unit: _compared(scope, raw, true(), risks_.c.unit_id == unit, _OPEN), unit=unit_id)
        return _candidates(self.session.execute(*query).all())

    def waiting(self, unit_id: str, most: int) -> list[Flag]:
        query = worded(
            lambda most, unit_id: select(Flag)
            .where(flags_.c.unit_id == unit_id, among(flags_.c.status, WAITING), ~flags_.c.sealed)
            .order_by(flags_.c.due_on, flags_.c.id)
            .limit(most),
            most=most, unit_id=unit_id,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def suggested(self, risk_id: str) -> dict[str, Suggestion]:
        kept = self.session.scalars(select(Suggestion).where(suggestions_.c.risk_id == risk_id))
        return {one.flag_id: one for one in kept}

    def weights(self) -> Weights | None:
        query = worded(
            lambda: select(Weights).where(weights_.c.undone_at.is_(None)).order_by(weights_.c.made_at.desc()).limit(1)
        )
        return self.session.scalars(*query).first()

    def judged(self, most: int) -> list[Judged]:
        query = worded(
            lambda most: select(judgements.c.flag_id, judgements.c.same, judgements.c.signs)
            .order_by(judgements.c.id).limit(most),  # ids are random
            most=most,
        )  # fmt: skip
        return [Judged(*row) for row in self.session.execute(*query)]

    def vocabulary(self) -> Vocabulary | None:
        query = worded(lambda: select(Vocabulary).order_by(vocabularies.c.made_on.desc()).limit(1))
        return self.session.scalars(*query).first()

    def vocabulary_made(self) -> Standing | None:
        query = worded(
            lambda: select(vocabularies.c.id, vocabularies.c.texts, vocabularies.c.made_on)
            .order_by(vocabularies.c.made_on.desc()).limit(1)
        )  # fmt: skip
        row = self.session.execute(*query).first()
        return Standing(*row) if row else None

    def sample(self, most: int) -> list[str]:
        query = worded(
            lambda most: select(flags_.c.text).where(~flags_.c.sealed).order_by(flags_.c.id).limit(most),
            most=most,
        )  # fmt: skip
        return list(self.session.scalars(*query))

    def _are_many(self, unit_id: str) -> bool:
        """Whether a community has more voices than are weighed one by one."""
        query = worded(
            lambda unit: select(func.count()).select_from(
                select(links.c.id).where(links.c.unit_id == unit, links.c.undone_at.is_(None)).limit(FEW + 1).subquery()
            ),
            unit=unit_id,
        )
        return (self.session.scalar(*query) or 0) > FEW

    def _entries_of(self, found: Collection[str], unit_id: str, item_id: str | None) -> set[str]:
        """The entries among what was found and those its flags belong to, and the last ones of a power item."""
        of_flags = worded(
            lambda found: select(links.c.risk_id).where(links.c.flag_id.in_(found), links.c.undone_at.is_(None)),
            found=list(found),
        )
        ids = {*found, *self.session.scalars(*of_flags)}
        if item_id is None:
            return ids
        of_item = worded(
            lambda unit, item: select(risks_.c.id)
            .where(risks_.c.unit_id == unit, risks_.c.item_id == item, _OPEN)
            .order_by(risks_.c.number.desc()).limit(number(FOUND)),
            unit=unit_id, item=item_id,
        )  # fmt: skip
        return ids.union(self.session.scalars(*of_item))


_own = links.alias()
_OPEN = ~among(risks_.c.status, ENDED)


def _compared(
    scope: Scope, raw: Scope | None, standing: ColumnElement[bool], *which: ColumnElement[bool]
) -> Select[Any]:
    """Some entries in scope with what is said in them, as far as `standing` of a row of `links`."""
    entries = before(select(risks_.c.id, _voices(scope)).where(within(risks_.c.unit_id, scope), *which), risks_.c.id)
    return (
        select(
            risks_.c.id, risks_.c.item_id, risks_.c.title, risks_.c.manifestation, risks_.c.opened_on,
            flags_.c.id.label("flag_id"), flags_.c.text, flags_.c.item_id.label("flag_item"), flags_.c.place_id,
            flags_.c.raised_on, entries.c.size,
        )
        .select_from(entries)
        .join(risks_, risks_.c.id == entries.c.id)
        .outerjoin(links, and_(links.c.risk_id == risks_.c.id, links.c.undone_at.is_(None), standing))
        .outerjoin(flags_, and_(flags_.c.id == links.c.flag_id, heard(scope), readable(raw, inside)))
        .order_by(risks_.c.id, flags_.c.id)
    )  # fmt: skip


def _voices(scope: Scope) -> Label[int]:
    """How many voices an entry has, as far as they are not kept from the viewer; counted once for each entry."""
    counted = select(func.count()).select_from(_own).join(flags_, flags_.c.id == _own.c.flag_id)
    counted = counted.where(_own.c.risk_id == risks_.c.id, _own.c.undone_at.is_(None), heard(scope))
    return counted.correlate(risks_).scalar_subquery().label("size")


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


def _asked(connection: Connection, unit_id: str, said: str) -> list[str]:
    """The ids of the flags and entries of a community that share most of what is seldom said in a text."""
    probes = telling(plain(said), PROBES)
    if connection.dialect.name == "sqlite":
        return list(connection.scalars(_SUBJECTS, {"rows": _most(_hits_fts(connection, unit_id, probes))}))
    return _most(hits(connection, unit_id, probes))


def _most(said: Iterable[tuple[int, K]]) -> list[K]:
    """Of hits (number of a triple, who says it) those who say most; a triple counts the more the fewer say it."""
    by: dict[int, list[K]] = defaultdict(list)
    for n, subject in said:
        by[n].append(subject)
    total: dict[K, float] = defaultdict(float)
    for subjects in by.values():
        for subject in subjects:
            total[subject] += log((EACH + 1) / len(subjects))
    return sorted(total, key=lambda subject: (-total[subject], subject))[:FOUND]


def _hits_fts(connection: Connection, unit_id: str, probes: Sequence[str]) -> Iterable[tuple[int, int]]:
    if not probes:
        return []
    first, last = span(unit_id)
    asked = " UNION ALL ".join(_ROWS.format(n=n, first=first, last=last) for n in range(len(probes)))
    rows = connection.exec_driver_sql(asked, tuple(f'"{probe}"' for probe in probes))
    return ((n, row) for n, row in rows)


_ROWS = (
    "SELECT {n}, rowid FROM (SELECT rowid FROM said_index "  # noqa: S608
    f"WHERE said_index MATCH ? AND rowid BETWEEN {{first}} AND {{last}} LIMIT {EACH})"
)
"""Who says one triple; the numbers are our own, and the words of people come as parameters."""
_SUBJECTS = text("SELECT subject FROM said_index WHERE rowid IN :rows").bindparams(bindparam("rows", expanding=True))

_SPAN = 1 << 39
"""Row numbers of one community in the index lie together, so that it is asked alone; inside they are random."""


def _first(unit_id: str) -> int:
    return (int.from_bytes(hashlib.sha256(unit_id.encode()).digest()[:3]) << 39) & ((1 << 63) - 1)


def span(unit_id: str) -> tuple[int, int]:
    """The first and the last row number of a community in SQLite's index."""
    return _first(unit_id), _first(unit_id) + _SPAN - 1


def _row(unit_id: str, subject: str) -> int:
    """The row number of a flag or entry in the index: from its random id, so that no order of arrival shows."""
    inside = int.from_bytes(hashlib.sha256(subject.encode()).digest()[:8]) % _SPAN
    return _first(unit_id) + inside


def _said_of(thing: Flag | Risk) -> str:
    return thing.text if isinstance(thing, Flag) else f"{thing.title}。{thing.manifestation}"


def _keep(_mapper: Mapper[object], connection: Connection, thing: Flag | Risk) -> None:
    """Keep the index with what is written, in the same transaction."""
    index_row(connection, thing.unit_id, thing.id, _said_of(thing))


def _keep_words(mapper: Mapper[object], connection: Connection, thing: Flag | Risk) -> None:
    """The same for what was changed: where its words are others, or it stands elsewhere."""
    state = inspect(thing)
    names = ("unit_id", "text") if isinstance(thing, Flag) else ("unit_id", "title", "manifestation")
    if any(state.attrs[name].history.has_changes() for name in names):
        _keep(mapper, connection, thing)


def index_row(connection: Connection, unit_id: str, subject: str, said: str) -> None:
    """Put one flag or entry into the index, in place of what it said before."""
    kept = _kept(unit_id, subject, said)
    if connection.dialect.name != "sqlite":
        connection.execute(_PUT, kept)
        return
    connection.execute(_PUT_FTS, kept)


def index_rows(connection: Connection, things: Sequence[Flag | Risk]) -> None:
    """Put flags or entries into an index in which none of them stands."""
    put = _PUT_FTS if connection.dialect.name == "sqlite" else _PUT
    connection.execute(put, [_kept(thing.unit_id, thing.id, _said_of(thing)) for thing in things])


def _kept(unit_id: str, subject: str, said: str) -> dict[str, object]:
    return {"key": _row(unit_id, subject), "subject": subject, "unit_id": unit_id, "said": plain(said)}


_PUT_FTS = text("INSERT OR REPLACE INTO said_index (rowid, said, subject) VALUES (:key, :said, :subject)")
_PUT = text(
    "INSERT INTO said_index (subject, unit_id, said) VALUES (:subject, :unit_id, :said) "
    "ON CONFLICT (subject) DO UPDATE SET said = excluded.said"
)

for _kind in (Flag, Risk):
    event.listen(_kind, "after_insert", _keep)
    event.listen(_kind, "after_update", _keep_words)
