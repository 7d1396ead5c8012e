"""Moving everything into another database, of the same or the other kind of server."""

from sqlalchemy import Connection, Engine, func, select, text

from core.audit import Break
from core.errors import Refused
from core.text import N_
from db.carrying.filling import Tell, heads_of, put, settle, tallied, told
from db.carrying.lines import FORMS, Tally, lines
from db.carrying.places import at_rest, empty


def move(source: Engine, target: Engine, tell: Tell) -> tuple[int, list[Break]]:
    """Fill an empty database with everything of another one that nobody uses meanwhile; how many rows that was, and
    the chains that do not hold, as they did not before.

    It is one transaction over there, kept once everything was read back: whoever is killed before leaves it as empty
    as it was. `Refused` where the one is in use or the other not empty, or where something does not arrive."""
    with at_rest(source) as here, empty(target) as there:
        sent: dict[str, Tally] = {form.name: Tally() for form in FORMS}
        whole = counted(here)
        for form in FORMS:
            travelling = tallied(lines(here, form), sent[form.name])
            put(there, form, told(form.name, travelling, whole[form.name], tell))
        heads = heads_of(here)
        broken = settle(there, sent, heads, tell)
        if heads_of(there) != heads or heads_of(here) != heads:
            raise Refused(N_("The chains of the log do not end the same on both sides; nothing was kept."))
    plan(target)
    return sum(tally.rows for tally in sent.values()), broken


def counted(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        form.name: connection.execute(select(func.count()).select_from(form.table)).scalar_one() for form in FORMS
    }


def plan(engine: Engine) -> None:
    """Let PostgreSQL look at what it holds now, so that it plans its questions by it."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
