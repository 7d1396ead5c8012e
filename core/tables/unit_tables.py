"""Units as a table: each row a unit below another, which may stand in the same file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from core.access import Permission
from core.errors import explain
from core.formats.books import Value
from core.formats.cells import Read
from core.formats.tabular import Field, Row, Table, Trouble
from core.organisation import units
from core.organisation.units import NewUnit
from core.store import Work
from core.tables.importing import Change, Kind, Plan
from core.text import N_, _, clean, folded

Path = tuple[str, ...]
"""The names (folded) from the top of the tree down to a unit."""
_BETWEEN = re.compile(r"[/／\\·>＞→|｜]")


@dataclass
class Tree:
    """The units there are and those a file adds; `kinds` are ranks by code, the highest unit the lowest rank."""

    ranks: dict[str, int]
    words: dict[str, str]
    ids: dict[Path, str] = field(default_factory=dict)
    kinds: dict[Path, str] = field(default_factory=dict)
    closed: set[Path] = field(default_factory=set)
    trails: dict[Path, str] = field(default_factory=dict)
    _by_name: dict[str, list[Path]] = field(default_factory=dict)

    def put(self, trail: str, kind: str, unit_id: str = "") -> None:
        path = parts(trail)
        self.ids[path], self.kinds[path], self.trails[path] = unit_id, kind, trail
        self._by_name.setdefault(path[-1], []).append(path)

    def found(self, said: str) -> list[Path]:
        """The units a text may mean: by name, or by as much of the way from the top as is written."""
        wanted = parts(said)
        hits = self._by_name.get(wanted[-1], []) if wanted else []
        return [wanted] if wanted in hits else [path for path in hits if path[-len(wanted) :] == wanted]


def parts(said: str) -> Path:
    return tuple(filter(None, map(folded, _BETWEEN.split(clean(said)))))


def tree(work: Work) -> Tree:
    """The tree as far as the actor looks after it."""
    work.actor.require(Permission.UNIT_EDIT)
    kinds = work.store.kinds()
    found = Tree({kind.code: kind.rank for kind in kinds}, units.kinds(work))
    for row in units.tree(work):
        found.put(row.trail, row.kind, row.id)
        if row.closed_on is not None:
            found.closed.add(parts(row.trail))
    return found


def _fields(work: Work, _unit_id: str) -> tuple[Field, ...]:
    kinds = units.kinds(work)
    return (
        Field("above", N_("Unit above"), ABOUT["above"], required=True, width=36),
        Field("kind", N_("Kind"), ABOUT["kind"], required=True, read=_kind_of(kinds),
              choices=tuple(kinds.values())),
        Field("name", N_("Name"), ABOUT["name"], required=True, width=24),
    )  # fmt: skip


def _kind_of(kinds: Mapping[str, str]) -> Read:
    """A reader of kinds: by the whole name, or by a part of one that names several, such as street (township)."""
    known: dict[str, str] = {}
    for code, name in kinds.items():
        for word in (name, *re.split(r"[()（）]", name)):
            known.setdefault(folded(word), code)

    def read(text: str) -> str:
        if folded(text) not in known:
            raise ValueError(_("Please use one of: {words}.", words=_(", ").join(kinds.values())))
        return known[folded(text)]

    return read


ABOUT = {
    "above": N_("The unit it stands below: its name, or the way from the top with / between. It may stand in this "
                "file too."),
    "kind": N_("What kind of unit it is."),
    "name": N_("Its name, as people know it. Up to 60 characters."),
}  # fmt: skip


def _plan(work: Work, _unit_id: str, found: Table) -> Plan:
    grown, changes, troubles, same = tree(work), [], [], 0
    left, before = list(found.rows), -1
    while left and len(left) != before:
        before, waiting = len(left), []
        for row in left:
            made = _placed(grown, row, found)
            if made is None:
                waiting.append(row)
            elif isinstance(made, Trouble):
                troubles.append(made)
            elif made.said:
                changes.append(made)
            else:
                same += 1
        left = waiting
    troubles += [found.trouble(row, "above", _(LOST)) for row in left]
    troubles += [
        found.trouble(row, "above", _(SEVERAL)) for row in found.rows if len(grown.found(row.values["above"])) > 1
    ]
    return Plan(tuple(changes), tuple(troubles), same)


LOST = N_("No such unit. Write its name, or the way from the top such as City/District/Street.")
SEVERAL = N_("Several units have this name. Write the way from the top such as City/District/Street.")


def _placed(grown: Tree, row: Row, found: Table) -> Change | Trouble | None:
    """A row put into the tree; a change without words where it stands there already, None where its place is not
    there yet."""
    above = grown.found(row.values["above"])
    if len(above) != 1:
        return None if not above else found.trouble(row, "above", _(SEVERAL))
    try:
        new = NewUnit(parent_id="-", kind=row.values["kind"], name=row.values["name"])
    except ValidationError as error:
        return found.trouble(row, "name", explain(error).get("name", ""))
    path, kind = above[0], new.kind
    trail = f"{grown.trails[path]} · {clean(new.name)}"
    own = parts(trail)
    if own == path:  # nothing but signs that stand between names
        return found.trouble(row, "name", _("Please fill this in."))
    if own in grown.kinds:
        if own in grown.closed or grown.kinds[own] != kind:
            return found.trouble(row, "name", _("There is a unit with this name here already."))
        return Change(row.n, trail, False, ())
    if path in grown.closed:
        return found.trouble(row, "above", _("This unit is closed already."))
    if grown.ranks[kind] <= grown.ranks[grown.kinds[path]]:
        return found.trouble(row, "kind", _("A {kind} cannot stand below this unit.", kind=grown.words[kind]))
    grown.put(trail, kind)
    said = ((_("Unit above"), "", grown.trails[path]), (_("Kind"), "", grown.words[kind]))
    return Change(row.n, clean(new.name), True, said, (path, own, new))


def _save(work: Work, _unit_id: str, plan: Plan) -> None:
    ids = tree(work).ids
    for change in plan.changes:
        path, own, new = change.form
        ids[own] = units.add_unit(work, new.model_copy(update={"parent_id": ids[path]}))


def _now(work: Work, _unit_id: str) -> Sequence[Sequence[Value]]:
    kinds, rows = units.kinds(work), units.tree(work)
    trails = {row.id: row.trail for row in rows}
    return [
        [trails[row.parent_id].replace(" · ", "/"), kinds[row.kind], row.name] for row in rows
        if row.closed_on is None and row.parent_id in trails
    ]  # fmt: skip


KIND = Kind("units", N_("Table of units"), Permission.UNIT_EDIT, _fields, _plan, _save, _now)
