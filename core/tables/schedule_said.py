"""What a row of the schedule says, and what it would do: the ground of the deeds that rows are made into."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from core.access import Permission
from core.entries.risks import CHECKERS, DOERS
from core.errors import Denied, Invalid, Refused, explain
from core.formats.cells import named
from core.store import Work
from core.tables.schedule import Of, ScheduleRow, people
from core.text import _
from core.words import Role


@dataclass(frozen=True)
class Said:
    """One row with what it says, and the columns in which that is something else than what is kept; `reason` is what
    somebody wrote into the remarks."""

    n: int
    entry: ScheduleRow
    cells: Mapping[Of, str]
    changed: tuple[Of, ...]
    reason: str = ""


class Wrong(ValueError):
    """A cell that cannot be taken: its column and what would be right."""

    def __init__(self, of: Of, why: str) -> None:
        super().__init__(why)
        self.of = of


@dataclass
class Deeds:
    """What a row would do: the columns it changes, what is wrong, what stays and why, and the deeds themselves."""

    changes: list[Of] = field(default_factory=list)
    troubles: list[tuple[Of, str]] = field(default_factory=list)
    kept: list[tuple[Of, str]] = field(default_factory=list)
    steps: list[Callable[[Work], object]] = field(default_factory=list)

    def do(self, work: Work) -> None:
        for step in self.steps:
            step(work)

    def read(self, columns: Sequence[Of], take: Callable[[Of], object]) -> bool:
        """Whether every cell can be taken; each that cannot is told."""
        before = len(self.troubles)
        for of in columns:
            try:
                take(of)
            except Wrong as fault:
                self.troubles.append((fault.of, str(fault)))
        return len(self.troubles) == before

    def tried(self, columns: Sequence[Of], names: Mapping[Of, str], check: Callable[[], object]) -> bool:
        """Whether a deed would be done; else what it refuses is told of its columns."""
        try:
            check()
        except Wrong as fault:
            self.troubles.append((fault.of, str(fault)))
        except ValidationError as error:
            self.wrong(explain(error), names, columns[0])
        except Invalid as refusal:
            self.wrong(refusal.fields, names, columns[0])
        except Refused as refusal:
            self.kept += [(of, str(refusal)) for of in columns]
        else:
            return True
        return False

    def wrong(self, fields: Mapping[str, str], names: Mapping[Of, str], other: Of) -> None:
        columns = {name: of for of, name in names.items()}
        self.troubles += [(columns.get(name, other), why) for name, why in fields.items()]


def bare(name: str) -> str:
    """A name without the posts in brackets behind it."""
    return re.split("[（(]", name, maxsplit=1)[0].rstrip() if name.rstrip().endswith((")", "）")) else name


class People:
    """Who fits which part, and which power items there are, looked up once for each community."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._kept: dict[tuple[str, str], dict[str, str]] = {}

    def _once(self, unit_id: str, what: str, find: Callable[[], dict[str, str]]) -> dict[str, str]:
        if (unit_id, what) not in self._kept:
            self._kept[unit_id, what] = find()
        return self._kept[unit_id, what]

    def fitting(self, unit_id: str, of: Of) -> dict[str, str]:
        roles: list[Role] = sorted(CHECKERS if of is Of.WATCHDOG else DOERS)
        scope = self._work.actor.scope(Permission.REGISTER_READ)
        return self._once(unit_id, str(roles), lambda: people(self._work.store.holders(scope, unit_id, roles)))

    def items(self, unit_id: str) -> dict[str, str]:
        scope = self._work.actor.scope(Permission.REGISTER_READ)
        return self._once(unit_id, "items", lambda: {
            row.id: row.name for row in self._work.store.item_rows(scope, unit_id) if not row.retired
        })  # fmt: skip

    def person(self, unit_id: str, of: Of, text: str) -> str | None:
        """Whom a cell names: as the table names them, or by the name alone; `Wrong` where nobody or several fit."""
        if not text:
            return None
        known = self.fitting(unit_id, of)
        names = _(", ").join(list(known.values())[:20])
        right = _("Nobody of this name fits here, or several do. Use one of: {names}.", names=names)
        try:
            return str(named(known, right)(text))
        except ValueError:
            alone = {key: bare(name) for key, name in known.items()}
        try:
            return str(named(alone, right)(bare(text)))
        except ValueError as fault:
            raise Wrong(of, str(fault)) from fault

    def item(self, unit_id: str, text: str) -> str | None:
        if not text:
            return None
        right = _("No such power item here. Use a name from the catalogue of power items, or leave it empty.")
        try:
            return str(named(self.items(unit_id), right)(text))
        except ValueError as fault:
            raise Wrong(Of.ITEM, str(fault)) from fault


def holds(work: Work, unit_id: str, permission: Permission) -> bool:
    """Whether the actor holds a right at a community."""
    return bool(work.actor.roles_with(permission, work.store.register_of(unit_id).path))


def need(work: Work, unit_id: str, permission: Permission) -> None:
    if not holds(work, unit_id, permission):
        raise Denied
