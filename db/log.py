"""The audit log as it is kept: chains, their heads, and reading them."""

import json
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.access import Scope
from core.audit import Entry
from core.rows import AuditRow, ChainRow
from db.scoping import Asking, within
from db.tables import audit_entries, chain_heads, people_, units_


class Log(Asking):
    """Appending to chains and reading them."""

    def last_entry(self, chain: str) -> Entry | None:
        """The last entry of a chain; the chain is locked until the work ends, so entries never fork."""
        upsert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        self.session.execute(upsert(chain_heads).values(chain=chain, n=0, digest="").on_conflict_do_nothing())
        head = self.session.execute(
            select(chain_heads.c.n).where(chain_heads.c.chain == chain).with_for_update()
        ).scalar_one()
        return self.session.get(Entry, (chain, head)) if head else None

    def append(self, entry: Entry) -> None:
        self.session.add(entry)
        self.session.flush()
        self.session.execute(
            update(chain_heads).where(chain_heads.c.chain == entry.chain).values(n=entry.n, digest=entry.digest)
        )

    def chains(self, scope: Scope) -> list[ChainRow]:
        unit_of_chain = _unit_of(chain_heads.c.chain)
        query = (
            select(chain_heads, units_.c.name)
            .join(units_, units_.c.id == unit_of_chain)
            .where(within(units_.c.id, scope))
            .order_by(units_.c.path, chain_heads.c.chain)
        )
        return [
            ChainRow(row.chain, row.name, row.chain.endswith(":residents"), row.n)
            for row in self.session.execute(query)
        ]

    def entries_of_chain(self, scope: Scope, chain: str, below: int | None, limit: int) -> list[AuditRow]:
        query = self._lines().where(audit_entries.c.chain == chain, within(_unit_of(audit_entries.c.chain), scope))
        if below is not None:
            query = query.where(audit_entries.c.n < below)
        return self._read(query.order_by(audit_entries.c.n.desc()).limit(limit))

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
