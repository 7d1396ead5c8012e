"""What is kept from a reader of voices is what `heard` does not let through: it is only found the other way round."""

from collections.abc import Sequence

from sqlalchemy import Connection, exists, select

from core.access import Permission, Scope
from core.words import Source
from db.questions.unheard import kept_from, not_open
from db.scoping import heard, within
from db.tables import flags_, links, recusals, supports_, units_
from tests.hidden import HIDING, lived
from tests.makers import Place


def hiding(place: Place, names: Sequence[str]) -> None:
    lived(place, ["merged", "joined"])
    for name in names:
        HIDING[name](place)


def test_what_is_kept_from_a_reader_is_all_that_is_not_heard(place: Place) -> None:
    hiding(place, sorted(HIDING))
    with place.engine.connect() as connection:
        units = list(connection.scalars(select(units_.c.id)))
        public = ~flags_.c.sealed & ~exists().where(recusals.c.flag_id == flags_.c.id)
        told = 0
        for unit in units:
            here = select(flags_.c.id).where(flags_.c.unit_id == unit)
            assert set(connection.scalars(not_open(unit))) == set(connection.scalars(here.where(~public)))
            for scope in scopes(place):
                hidden = set(connection.scalars(kept_from(scope)(unit)))
                assert hidden == set(connection.scalars(here.where(~heard(scope))))
                told += len(hidden)
        assert told


def test_of_what_spoke_what_may_be_heard_is_told(place: Place) -> None:
    hiding(place, ["sealed by hand", "names clerk"])
    silenced = 0
    for who, scope in zip(place.people, scopes(place), strict=True):
        for unit in place.units.values():
            with place.engine.connect() as connection:
                every, own = _said(connection, unit.id, Scope(("/",), "nobody")), _said(connection, unit.id, scope)
            found = place.ask(who, lambda w, s=scope, u=unit.id, e=every: w.store.heard_voices(s, u, e))
            assert found == own
            silenced += len(every - own)
    assert silenced


def scopes(place: Place) -> list[Scope]:
    return [place.actor(who).scope(Permission.REGISTER_READ) for who in place.people]


def _said(connection: Connection, unit: str, scope: Scope) -> set[tuple[str, str]]:
    """Entries of a community with the sources that somebody hears in them, by reading every voice."""
    voices = (
        select(links.c.risk_id, flags_.c.source)
        .join(flags_, flags_.c.id == links.c.flag_id)
        .where(links.c.unit_id == unit, within(links.c.unit_id, scope), heard(scope))
    )
    joined = select(supports_.c.risk_id).where(supports_.c.unit_id == unit, within(supports_.c.unit_id, scope))
    found = {(r.risk_id, r.source.value) for r in connection.execute(voices)}
    return found | {(risk_id, Source.RESIDENT.value) for risk_id in connection.scalars(joined)}
