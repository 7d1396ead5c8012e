"""Declared relatives (亲属回避申报): who is kept from the matters of whom because they are close relatives.

People declare their relatives among those who have an account here. Whoever declares is kept at once from what concerns
the relative: it costs nobody else anything. The relative is kept from what concerns the one who declared as soon as
they, or the discipline desk, have said that it is so: else somebody could blind the watchers of their own matters by
calling them relatives. Until then the relative reads no more than the day before, and the desk sees it wait. Both ways
it holds for all that was said before (core.organisation.recusal), and what was withheld stays withheld when a
declaration ends: the words were said while the two were relatives, and who said them relied on that.

A declaration is personal data. The two read it, and the discipline desk over the one who declared, which has to decide
where they do not agree; no colleague, and not who grants roles, for the program keeps people away by itself. The log
tells that a declaration was made, confirmed or ended and by whom: not with whom, nor how they are related.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import EVERYWHERE, Permission, Scope
from core.errors import Denied, Invalid, Missing, Refused, Stale
from core.events import Event
from core.orders import not_ahead
from core.organisation.people import Found, Person, found
from core.organisation.recusal import Known, keep_relative_away
from core.organisation.units import Unit, new_id
from core.store import Work
from core.text import N_, _
from core.turning import START, Listed, Turn
from core.words import Kinship


@dataclass(eq=False)
class Declaration:
    """That one person declared another a relative. `unit_id` keeps the account of the first; it counts for the second
    from the confirmation on, and for nobody any more once it has ended."""

    id: str
    unit_id: str
    person_id: str
    relative_id: str
    kind: Kinship
    declared_on: date
    confirmed_on: date | None = None
    confirmed_by: str | None = None
    ended_on: date | None = None
    ended_by: str | None = None


class DeclarationForm(BaseModel):
    """A relative to declare."""

    model_config = ConfigDict(frozen=True)

    relative_id: str = Field(title=N_("Name of the relative"), min_length=1)
    kind: Kinship = Field(title=N_("They are your"))


class Ending(BaseModel):
    """The day on which two people ceased to be relatives, or the declaration was found to be wrong."""

    model_config = ConfigDict(frozen=True)

    ended_on: date = Field(title=N_("Since when it is no longer so"))


@dataclass(frozen=True)
class DeclarationRow:
    """A declaration with the names and units of the two."""

    id: str
    person_id: str
    person: str
    person_unit: str
    relative_id: str
    relative: str
    relative_unit: str
    kind: Kinship
    declared_on: date
    confirmed_on: date | None
    ended_on: date | None

    @property
    def stands(self) -> bool:
        return self.ended_on is None

    @property
    def waits(self) -> bool:
        """Whether it is still to be confirmed."""
        return self.stands and self.confirmed_on is None


def choices(work: Work, words: str = "") -> Found:
    """Everybody else with an account, wherever they are, with their units: relatives work at other places too."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    return found(
        work, Scope((EVERYWHERE,)), words, lambda row: _("{name} · {post}", name=row.name, post=row.unit),
        but=work.person_id,
    )  # fmt: skip


def own(work: Work) -> list[DeclarationRow]:
    """What the actor declared and what others declared of them, those that stand first."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    return work.store.declarations_of(work.person_id)


def declare(work: Work, form: DeclarationForm) -> str:
    """Declare a relative; it keeps the actor away at once, and the relative once it is confirmed."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    me, relative = work.store.person(work.person_id), work.store.find(Person, form.relative_id)
    if relative is None or relative.left_on is not None:
        raise Invalid(relative_id=_("Please choose one of the options."))
    if relative.id == me.id:
        raise Invalid(relative_id=_("Please choose somebody else."))
    for row in work.store.declarations_of(me.id):
        if row.stands and relative.id in (row.person_id, row.relative_id):
            raise Invalid(relative_id=_("This has been declared already; it stands below."))
    made = Declaration(new_id(), me.unit_id, me.id, relative.id, form.kind, work.today)
    work.store.add(made)
    keep_relative_away(work, me.id, _known(relative))
    work.record(Event.RELATIVE_DECLARED, made.id, chain=made.unit_id)
    return made.id


def confirm(work: Work, declaration_id: str) -> None:
    """Whoever was declared a relative says that it is so."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    made = work.store.find(Declaration, declaration_id)
    if made is None or made.relative_id != work.actor.person_id:
        raise Missing
    _confirm(work, made)


def end(work: Work, declaration_id: str, form: Ending) -> None:
    """Whoever declared it says that it is over: never the other, who could so return to what they were kept from."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    made = work.store.find(Declaration, declaration_id)
    if made is None or made.person_id != work.actor.person_id:
        raise Missing
    if form.ended_on < made.declared_on:
        raise Invalid(ended_on=_("This lies before the declaration."))
    not_ahead(work.today, ended_on=form.ended_on)
    _end(work, made, form.ended_on)


def judged(work: Work, turn: Turn = START) -> Listed[DeclarationRow]:
    """The declarations made in the area of a discipline desk, 20 a page, those that wait first."""
    scope = work.actor.require(Permission.RELATIVE_JUDGE)
    return work.store.declarations(scope, turn)


def judge(work: Work, declaration_id: str, *, holds: bool) -> None:
    """The discipline desk finds that a declaration holds, or that it does not; never about oneself."""
    scope = work.actor.require(Permission.RELATIVE_JUDGE)
    made = work.store.find(Declaration, declaration_id)
    if made is None:
        raise Missing
    work.store.one(Unit, made.unit_id, scope)
    if work.actor.person_id in (made.person_id, made.relative_id):
        raise Denied(N_("This is about you, so somebody else decides."))
    if holds:
        _confirm(work, made)
    else:
        _end(work, made, work.today)


def unreviewed(work: Work) -> list[tuple[str, int]]:
    """Communities with flags that wait and that nobody may review, because all who could are named in them, answer for
    the power item or are relatives: told to the discipline desk, which may take them on, as how many alone, and no more
    of them than `core.turning.COUNTED` and one."""
    scope = work.actor.require(Permission.RELATIVE_JUDGE)
    return work.store.unreviewed(scope)


def waiting(work: Work) -> int:
    """How many declarations wait for a word of the actor, no more than `core.turning.COUNTED` and one."""
    work.actor.require(Permission.RELATIVE_DECLARE)
    return work.store.waiting_declarations(work.actor.scope(Permission.RELATIVE_JUDGE), work.person_id)


def check_watcher(work: Work, watchdog_id: str | None, doing: Collection[str | None]) -> None:
    """Refuse whoever would watch or verify their own work or a relative's; the words do not say that they are one."""
    if watchdog_id and watchdog_id in doing:
        raise Invalid(watchdog_id=_("Nobody watches or verifies their own work."))
    if watchdog_id in work.store.with_kin(doing):
        raise Invalid(watchdog_id=_("By the rules of recusal this person cannot watch or verify here."))


def _known(person: Person) -> Known:
    return Known(person.id, person.name, ())


def _confirm(work: Work, made: Declaration) -> None:
    if made.ended_on is not None or made.confirmed_on is not None:
        raise Stale
    made.confirmed_on, made.confirmed_by = work.today, work.person_id
    keep_relative_away(work, made.relative_id, _known(work.store.person(made.person_id)))
    work.record(Event.RELATIVE_CONFIRMED, made.id, chain=made.unit_id)


def _end(work: Work, made: Declaration, day: date) -> None:
    if made.ended_on is not None:
        raise Refused(N_("This has ended already."))
    made.ended_on, made.ended_by = day, work.person_id
    work.record(Event.RELATIVE_ENDED, made.id, chain=made.unit_id)
