"""Databases that are not what the program left: rows changed by hand, and the state of yesterday put back."""

import os
import shutil
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Engine, text

from bench import making
from bench.faults.grounds import Grounds
from bench.faults.kinds import Outcome
from bench.ledger import broken
from bench.speaking import Resident
from bench.stand import Community
from core import home
from core.access import Actor
from core.entries import register
from core.errors import Refused
from core.review import inbox
from core.voices.receipts import plain
from db import auditing, unlogged
from db.tables import flags_

BY_HAND = (
    ("a line of the log was changed", "UPDATE audit_entries SET facts = '{\"n\": 1}' WHERE chain = :chain AND n = 1"),
    ("a line of the log was put in", "INSERT INTO audit_entries SELECT chain, 900000, at, actor, event, subject, "
     "facts, previous, digest FROM audit_entries WHERE chain = :chain AND n = 1"),
    ("a state is none of the program's", "UPDATE flags SET status = 'nonsense' WHERE unit_id = :unit"),
    ("an entry was given a level by hand", "UPDATE risks SET level = 'huge' WHERE unit_id = :unit"),
    ("words stand there that nobody took in", f"INSERT INTO flags ({', '.join(flags_.c.keys())}) SELECT "
     f"'by-hand-0000000001', {', '.join(flags_.c.keys()[1:])} FROM flags WHERE unit_id = :unit LIMIT 1"),
)  # fmt: skip


_UNGUARDED = {
    "sqlite": "DROP TRIGGER audit_no_update", "postgresql": "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
}  # fmt: skip
"""Whoever owns the database can take away the guard of the log first."""


def by_hand(kind: str) -> Callable[[Grounds], Outcome]:
    """Each change by itself on a fresh copy: `python -m db verify` finds it, and every page opens or says in a sentence
    that something of it cannot be read."""

    def run(grounds: Grounds) -> Outcome:
        outcome = Outcome(f"{len(BY_HAND)} changes past the program, each on a copy of its own")
        for name, statement in BY_HAND:
            with grounds.copy(kind) as (here, site):
                engine, one = here.engine(), site.communities[0]
                making.ready(engine, one, site.supervisor, 2, 1)
                code = plain(making.spoken(engine, one.code, "楼道里的灯坏了一年了"))
                with engine.begin() as rows:
                    rows.execute(text(_UNGUARDED[kind]))
                    rows.execute(text(statement), {"chain": f"{one.unit_id}:residents", "unit": one.unit_id})
                outcome.hold(broken(engine) or unlogged.found(engine), f"{name}: not found")
                _still_open(outcome, name, engine, one, site.supervisor)
                if kind == "sqlite" and name == BY_HAND[2][0]:
                    _served(outcome, here, one, code)
                engine.dispose()
        return outcome

    return run


QUESTIONS: Sequence[tuple[str, Callable[..., Any], tuple[Any, ...]]] = (
    ("inbox", inbox.inbox, ()), ("home", home.waiting, ()), ("register", register.register, (register.Filter(),)),
)  # fmt: skip


def _still_open(outcome: Outcome, name: str, engine: Engine, one: Community, supervisor: Actor) -> None:
    for who in (one.watchdog, one.cadre, supervisor):
        for page, question, arguments in QUESTIONS:
            try:
                making.ask(engine, who, question, *arguments)
            except Refused:
                continue
            except Exception as fault:
                outcome.hold(False, f"{name}: {page} breaks ({type(fault).__name__})")


def _served(outcome: Outcome, here: Any, one: Community, code: str) -> None:
    with here.app() as app:
        resident = Resident(app.port)
        for method, path, fields in (
            ("GET", f"/r/{one.code}", {}), ("GET", f"/b/{one.code}", {}), ("GET", "/r", {}),
            ("POST", "/receipt", {"code": code}),
        ):  # fmt: skip
            status, page = resident.ask(method, path, **fields)
            outcome.hold(status == 200 or "db verify" in page, f"{path} answers {status}")


def restored(grounds: Grounds) -> Outcome:
    """The file of yesterday is put back after the day's work: its chains hold by themselves, the witness outside the
    database knows better. An operator may say that it was put back on purpose; it holds from then on."""
    outcome = Outcome("a copy of the file put back after five submissions, checked before, after and once accepted")
    with grounds.copy("sqlite") as (here, site):
        path, yesterday = here.folder / "qingyuan.db", here.folder / "yesterday.db"
        os.environ["QINGYUAN_DATA"] = str(here.folder)
        engine = here.engine()
        making.spoken(engine, site.codes[0], "昨天说的一件事情")
        outcome.hold(not auditing.audit(engine).broken, "it does not hold before")
        engine.dispose()
        shutil.copy(path, yesterday)
        engine = here.engine()
        for n in range(5):
            making.spoken(engine, site.codes[0], f"今天说的第{n}件事情")
        outcome.hold(not auditing.audit(engine).broken, "it does not hold at the end of the day")
        engine.dispose()
        shutil.copy(yesterday, path)
        engine = here.engine()
        found = auditing.audit(engine).broken
        outcome.hold(any(one.why in auditing.RESTORED for one in found), "nobody says that it is older")
        auditing.accept_restored(engine)
        outcome.hold(not auditing.audit(engine).broken, "it does not hold once accepted")
        engine.dispose()
        del os.environ["QINGYUAN_DATA"]
    return outcome


