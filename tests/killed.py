"""Run as a process of its own, to be killed in the middle: an import or a bulk deed that says after each transaction
what is kept. What to do comes as a pickle on the standard input."""

import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.access import Actor
from core.entries import bulk
from core.formats.sheets import Sheet
from core.tables import importing, portions
from core.tables.importing import Kind
from db.engine import connect
from db.work import reading, work


@dataclass(frozen=True)
class Import:
    """A sheet to be taken in by somebody at a unit, `kind` found by its name among those given."""

    url: str
    actor: Actor
    module: str
    unit_id: str
    sheet: Sheet

    @property
    def kind(self) -> Kind:
        found: Kind = __import__(self.module, fromlist=["KIND"]).KIND
        return found

    def run(self) -> None:
        engine = connect(self.url)
        with reading(engine, self.actor) as asked:
            plan = importing.look(asked, self.kind, self.unit_id, self.sheet)

        def save(portion: portions.Portion) -> None:
            with work(engine, self.actor) as doing:
                importing.save(doing, self.kind, self.unit_id, portion.sheet, portion.mark, portion.rows)

        told = portions.carry_out(portions.portions(self.sheet, plan), save, lambda saved: say(saved.done))
        assert told.left == [], told.left


@dataclass(frozen=True)
class Bulk:
    """A deed on rows that were previewed, one after the other."""

    url: str
    actor: Actor
    deed: bulk.Deed
    rows: Sequence[bulk.Planned]
    form: Any

    def run(self) -> None:
        engine = connect(self.url)
        for row in self.rows:
            with work(engine, self.actor) as doing:
                bulk.carry_out(doing, self.deed, row, self.form, "together")
            say(row.id)


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    say("begun")
    pickle.load(sys.stdin.buffer).run()
    say("end")
