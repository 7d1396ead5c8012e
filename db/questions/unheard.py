"""What is kept from a reader of a community's voices. Of a community most is heard: so what is not is asked for."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, String, cast, exists, literal, select, true, union

from core.access import Scope
from core.words import Source
from db.kept import kept
from db.scoping import heard, within
from db.tables import flags_, links, recusals, supports_, units_

_away = recusals.alias()  # `heard` asks for recusals of its own
HERE = ("", "")

Hidden = Callable[[Any], CompoundSelect[Any]]
"""The flags of a community that are kept from a reader, of whom there are few: they are sealed or name somebody."""


@kept
def kept_from(scope: Scope) -> Hidden:
    """What the viewer does not hear: it is sealed, or it names them."""
    return lambda unit: _kept_apart(unit, _away.c.person_id == scope.viewer, ~heard(scope))


def not_open(unit: Any) -> CompoundSelect[Any]:
    """What is sealed or names anybody."""
    return _kept_apart(unit, _away.c.unit_id == unit, true())


def _kept_apart(unit: Any, named: ColumnElement[bool], hidden: ColumnElement[bool]) -> CompoundSelect[Any]:
    here = select(flags_.c.id).where(flags_.c.unit_id == unit, hidden)
    return union(here.where(flags_.c.sealed), here.join(_away, _away.c.flag_id == flags_.c.id).where(named))


def silent(scope: Scope, unit: Any) -> CompoundSelect[Any]:
    """Entry and source of what spoke in a community where nothing of it may be heard; and `HERE` where the community
    lies in scope."""
    hidden = links.c.flag_id.in_(kept_from(scope)(unit))
    voice, other = flags_.alias("voice"), links.alias("other")
    another = exists().where(
        other.c.risk_id == links.c.risk_id, flags_.c.id == other.c.flag_id, flags_.c.source == voice.c.source,
        heard(scope),
    )  # fmt: skip
    joined = exists().where(supports_.c.risk_id == links.c.risk_id, voice.c.source == Source.RESIDENT)
    silent = (
        select(links.c.risk_id, cast(voice.c.source, String).label("source"))
        .join(voice, voice.c.id == links.c.flag_id)
        .where(hidden, ~another, ~joined)
    )
    here = select(*[literal(one).label(name) for one, name in zip(HERE, ("risk_id", "source"), strict=True)])
    return union(silent, here.where(exists().where(units_.c.id == unit, within(units_.c.id, scope))))
