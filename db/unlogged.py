"""What stands in the database past the program: words that no line of the log tells of, codes that nothing means."""

from collections.abc import Iterator

from sqlalchemy import Engine, String, exists, func, select, type_coerce
from sqlalchemy.orm import Session

from core.events import Event
from core.text import N_, _
from db.tables import audit_entries, flags_, metadata
from db.tables.types import Code


def found(engine: Engine) -> list[str]:
    """One sentence for each thing that is found."""
    with Session(engine.execution_options(reading=True)) as session:
        return list(check(session))


def check(session: Session) -> Iterator[str]:
    """The same in a session that is open already. Each table is read once for each of its columns of codes."""
    raised = exists().where(audit_entries.c.subject == flags_.c.id, audit_entries.c.event == Event.FLAG_RAISED)
    for flag_id in session.scalars(select(flags_.c.id).where(~raised).order_by(flags_.c.id)):
        yield _(N_("No line of the audit log tells that the flag {flag} was raised."), flag=flag_id)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Code):
                continue
            known = [term.value for term in column.type.terms]
            plain = type_coerce(column, String)
            counted = select(plain, func.count()).where(column.is_not(None), plain.not_in(known)).group_by(plain)
            for code, n in session.execute(counted):
                yield _(
                    N_("{n} rows of {table} hold “{code}” as {column}, which means nothing."), n=n, table=table.name,
                    code=code, column=column.name,
                )  # fmt: skip
