"""The audit log as it is kept: chains, their heads, and reading them."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, literal, select, union, union_all, update

from core.access import Scope
from core.audit import Entry, Head, Verdict, residents_chain, verdict
from core.rows import AuditRow, ChainRow
from db.scoping import Asking, lying, within
from db.tables import audit_entries, chain_heads, items_, people_, posts_, units_

BATCH = 500


_HEAD = select(chain_heads.c.n, chain_heads.c.digest).where(chain_heads.c.chain == bindparam("of")).with_for_update()
_LINE = insert(audit_entries).values({field.name: bindparam(f"line_{field.name}") for field in fields(Entry)})
_MOVED = (
    update(chain_heads)
    .where(chain_heads.c.chain == bindparam("line_chain"))
    .values(n=bindparam("line_n"), digest=bindparam("line_digest"))
)
_BOTH = _MOVED.add_cte(_LINE.cte("line"))


class Log(Asking):
    """Appending to chains and reading them."""

    def lock_chain(self, chain: str) -> Head:
        """Where a chain ends; it is locked until the work ends, so lines never fork. Asked once in a deed."""
        held: dict[str, Head] = self.session.info.setdefault("chains", {})
        if chain not in held:
            if (found := self.session.execute(_HEAD, {"of": chain}).first()) is None:
                fresh = self._put(chain_heads).values(chain=chain, n=0, digest="").on_conflict_do_nothing()
                self.session.execute(fresh)
                found = self.session.execute(_HEAD, {"of": chain}).one()
            held[chain] = found.n, found.digest
        return held[chain]

    def append(self, entry: Entry) -> None:
        """Write a line and move its chain's head: one statement where the server takes both in one."""
        self.session.flush()
        line = {f"line_{name}": value for name, value in asdict(entry).items()}
        if self._is_sqlite:
            self.session.execute(_LINE, line)
            self.session.execute(_MOVED, line)
        else:
            self.session.execute(_BOTH, line)
        self.session.info["chains"][entry.chain] = entry.n, entry.digest
        self.session.info["recorded"] = True

    def chains(self, scope: Scope, unit_id: str = "") -> list[ChainRow]:
        unit_of_chain = _unit_of(chain_heads.c.chain)
        query = (
            select(chain_heads, units_.c.name)
            .join(units_, units_.c.id == unit_of_chain)
            .where(within(units_.c.id, scope))
            .order_by(units_.c.path, chain_heads.c.chain)
        )
        if unit_id:
            query = query.where(chain_heads.c.chain.in_([unit_id, residents_chain(unit_id)]))
        return [
            ChainRow(row.chain, row.name, row.chain.endswith(":residents"), row.n)
            for row in self.session.execute(query)
        ]

    def entries_of_chain(self, scope: Scope, chain: str, below: int | None, limit: int) -> list[AuditRow]:
        query = self._lines().where(audit_entries.c.chain == chain, lying(_unit_of(audit_entries.c.chain), scope))
        if below is not None:
            query = query.where(audit_entries.c.n < below)
        return self._read(query.order_by(audit_entries.c.n.desc()).limit(limit))

    def read_chain(self, scope: Scope, chain: str) -> tuple[Iterator[Entry], Head | None]:
        here = lying(_unit_of(literal(chain)), scope)
        return self._stream(chain, 1, here), self._head(chain, here)

    def verdicts(
        self, seen: Mapping[str, Head] | None = None, whole: Callable[[str], bool] = lambda _chain: True
    ) -> Iterator[tuple[str, Verdict]]:
        """Every chain there is, of units and of the site itself, with what reading it found beside what a witness saw;
        of a chain that is not to be read `whole`, only the lines after those."""
        seen = seen or {}
        ends = self._ends()
        for chain in sorted({*ends, *seen}):
            head, last, digest = ends.get(chain, (None, 0, ""))
            mark = seen.get(chain, (0, ""))
            if not whole(chain) and mark[0] and mark == head == (last, digest):
                yield chain, Verdict(None, 0, mark)
                continue
            since = 1 if whole(chain) or head is None or head[0] < mark[0] else max(mark[0], 1)
            yield chain, verdict(chain, self._stream(chain, since), head, mark, since)

    def _ends(self) -> dict[str, tuple[Head | None, int, str]]:
        """By chain: its head, and the number and digest of its last line; found by going from chain to chain."""
        line, other = audit_entries.c, audit_entries.alias().c
        first = select(func.min(line.chain).label("chain")).cte("known", recursive=True)
        beyond = select(func.min(other.chain)).where(other.chain > first.c.chain).scalar_subquery()
        known = first.union_all(select(beyond).where(first.c.chain.is_not(None)))
        every = union(select(known.c.chain).where(known.c.chain.is_not(None)), select(chain_heads.c.chain)).subquery()
        last = select(func.max(line.n)).where(line.chain == every.c.chain).scalar_subquery()
        ended = select(every.c.chain, last.label("last")).subquery()
        query = (
            select(ended.c.chain, ended.c.last, line.digest.label("end"), chain_heads.c.n, chain_heads.c.digest)
            .select_from(ended)
            .outerjoin(chain_heads, chain_heads.c.chain == ended.c.chain)
            .outerjoin(audit_entries, and_(line.chain == ended.c.chain, line.n == ended.c.last))
        )
        return {
            row.chain: ((row.n, row.digest) if row.n is not None else None, row.last or 0, row.end or "")
            for row in self.session.execute(query)
        }

    def names(self, scope: Scope, ids: Collection[str]) -> dict[str, str]:
        """What people, units, posts and power items of a scope are called."""
        named = [
            select(table.c.id, table.c.name).where(table.c.id.in_(ids), within(unit_id, scope))
            for table, unit_id in (
                (people_, people_.c.unit_id), (units_, units_.c.id), (posts_, posts_.c.unit_id),
                (items_, items_.c.unit_id),
            )
        ]  # fmt: skip
        return {row.id: row.name for row in self.session.execute(union_all(*named))}

    def _stream(self, chain: str, since: int, *conditions: ColumnElement[bool]) -> Iterator[Entry]:
        """The lines of a chain in order, fetched a batch at a time, so that a long one is never held as a whole; from
        its first one on, whatever its number, or from number `since`."""
        line, last = audit_entries.c, since - 1 if since > 1 else -1
        query = select(audit_entries).where(line.chain == chain, *conditions).order_by(line.n).limit(BATCH)
        full = True
        while full:
            rows = self.session.execute(query.where(line.n > last)).all()
            for row in rows:
                yield Entry(*row)
            full = len(rows) == BATCH
            last = rows[-1].n if rows else last

    def _head(self, chain: str, *conditions: ColumnElement[bool]) -> Head | None:
        query = select(chain_heads.c.n, chain_heads.c.digest).where(chain_heads.c.chain == chain, *conditions)
        found = self.session.execute(query).first()
        return (found.n, found.digest) if found else None

    def _lines(self) -> Select[Any]:
        return select(audit_entries, people_.c.name.label("person")).outerjoin(
            people_, people_.c.id == audit_entries.c.actor
        )

    def _read(self, query: Select[Any]) -> list[AuditRow]:
        return [
            AuditRow(r.chain, r.n, r.at, r.person or r.actor, r.event, r.subject, json.loads(r.facts), r.digest)
            for r in self.session.execute(query)
        ]


def _unit_of(chain: ColumnElement[str]) -> ColumnElement[str]:
    return func.replace(chain, ":residents", "")
