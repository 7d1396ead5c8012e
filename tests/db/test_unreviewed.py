"""Flags that nobody may review are found without walking all that wait, and are those that a plain recount finds."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table, delete, insert, select
from sqlalchemy.orm import Session

from core.access import GRANTS, Permission, Scope
from core.organisation.recusal import NAMED
from core.organisation.units import new_id
from core.turning import COUNTED
from core.words import FlagStatus, Kinship, Role, Source
from db.engine import connect
from db.questions.voices import WAITING
from db.store import SqlStore
from db.tables import assignments, flags_, holdings, items_, people_, recusals, units_
from db.tables.relative_tables import declarations_
from tests import makers
from tests.makers import NAMES, Place, copy_of

pytestmark = pytest.mark.privacy

UNITS = ("city", "street", "far_street", "banyan", "river", "grid")
WHO = ("clerk", "watchdog", "supervisor")
REVIEWERS = {role for role in Role if Permission.INBOX_READ in GRANTS[role]}
UNIT, PERSON = st.sampled_from(UNITS), st.sampled_from(WHO)
ROLES = st.lists(st.tuples(PERSON, st.sampled_from((Role.WATCHDOG, Role.SUPERVISOR, Role.CADRE)), UNIT), max_size=3)
SAID = st.tuples(
    UNIT, st.sampled_from(("relief", None)), st.sampled_from((Source.RESIDENT, Source.SELF, Source.SUPERIOR)),
    st.sampled_from((FlagStatus.NEW, FlagStatus.ASKED, FlagStatus.MERGED)), st.booleans(), st.sets(PERSON),
)  # fmt: skip
KIN = st.tuples(PERSON, PERSON, st.booleans(), st.booleans()).filter(lambda kin: kin[0] != kin[1])
SEEN = st.tuples(st.lists(UNIT, max_size=2) | st.just(["/"]), st.sampled_from(("discipline", "clerk")))


@pytest.fixture(scope="module")
def still(made: Place) -> Iterator[Place]:
    """The small place with one flag, left as it is: what is written into it is taken back."""
    engine = connect("sqlite://")
    place = copy_of(made, engine)
    makers.speak(place)
    yield place
    engine.dispose()


ONE = ("banyan", "relief", Source.RESIDENT, FlagStatus.NEW, False)
STREET = (["street"], "discipline")


@example(  # the only one who could is named, and answers for the power item as well
    roles=[("watchdog", Role.WATCHDOG, "banyan")], left=set(), holders=[("watchdog", True)], kin=[],
    said=[(*ONE, {"watchdog"})], seen=STREET,
)  # fmt: skip
@example(  # ... is a relative of who answers for it
    roles=[("watchdog", Role.WATCHDOG, "banyan")], left=set(), holders=[], kin=[("clerk", "watchdog", True, False)],
    said=[(*ONE, set())], seen=STREET,
)  # fmt: skip
@example(  # ... has left, so that another one is left, who is named
    roles=[("clerk", Role.SUPERVISOR, "street"), ("supervisor", Role.SUPERVISOR, "street")], left={"clerk"}, holders=[],
    kin=[], said=[(*ONE, {"supervisor"})], seen=STREET,
)  # fmt: skip
@example(
    roles=[("clerk", Role.SUPERVISOR, "street"), ("supervisor", Role.SUPERVISOR, "street")], left={"supervisor"},
    holders=[], kin=[], said=[(*ONE, {"clerk"})], seen=STREET,
)  # fmt: skip
@example(  # ... and each of two who could is named once
    roles=[("clerk", Role.SUPERVISOR, "street"), ("supervisor", Role.SUPERVISOR, "city")], left=set(), holders=[],
    kin=[], said=[(*ONE, {"clerk"}), (*ONE, {"supervisor"})], seen=STREET,
)  # fmt: skip
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    roles=ROLES, left=st.sets(PERSON, max_size=2), holders=st.lists(st.tuples(PERSON, st.booleans()), max_size=3),
    kin=st.lists(KIN, max_size=4), said=st.lists(SAID, min_size=1, max_size=6), seen=SEEN,
)  # fmt: skip
def test_nobody_may_review_what_a_plain_recount_finds(still: Place, seen: Any, said: Any, **about: Any) -> None:
    with still.engine.connect() as written:
        _write(written, still, said, **about)
        units, viewer = seen
        paths = tuple(still.units[key].path if key != "/" else key for key in units)
        scope = Scope(paths, still.people[viewer].person_id)
        assert SqlStore(Session(written)).unreviewed(scope) == plainly(written, scope)
        written.rollback()


def _write(written: Connection, place: Place, said: Any, roles: Any, left: Any, holders: Any, kin: Any) -> None:
    """Whoever reviews, answers for relief or is related, and flags with those whom they name."""
    people, day = {key: place.people[key].person_id for key in NAMES}, place.today
    here = place.units["banyan"].id
    written.execute(delete(assignments))
    for who, role, at in set(roles):
        _put(written, assignments, person_id=people[who], role=role, unit_id=place.units[at].id)
    written.execute(people_.update().where(people_.c.id.in_([people[who] for who in left])).values(left_on=day))
    for who, stays in holders:
        _put(written, holdings, person_id=people[who], post_id=place.posts["relief"], since=day,
             until=None if stays else day, unit_id=here)  # fmt: skip
    for (one, other), confirmed, ended in {(one, other): ((one, other), *rest) for one, other, *rest in kin}.values():
        _put(written, declarations_, person_id=people[one], relative_id=people[other], kind=Kinship.SPOUSE,
             unit_id=here, declared_on=day, confirmed_on=day if confirmed else None,
             ended_on=day if ended else None)  # fmt: skip
    for at, item, source, status, sealed, named in said:
        flag_id = _copied(written, unit_id=place.units[at].id, item_id=item and place.items[item], source=source,
                          status=status, sealed=sealed)  # fmt: skip
        for who in named:
            _put(written, recusals, flag_id=flag_id, person_id=people[who], reason=NAMED, unit_id=here)


def _put(written: Connection, table: Table, **values: Any) -> None:
    written.execute(insert(table).values(id=new_id(), **values))


def _copied(written: Connection, **values: Any) -> str:
    """One flag more, like the one that stands in the place but for some things."""
    row = written.execute(select(flags_).limit(1)).one()._asdict()
    made = {**row, "id": new_id(), **values}
    written.execute(insert(flags_).values(made))
    return str(made["id"])


def plainly(written: Connection, scope: Scope) -> list[tuple[str, int]]:
    """The same, one flag after another."""
    tables = (units_, people_, assignments, holdings, items_, recusals, declarations_, flags_)
    units, people, roles, held, items, away, kin, flags = ([*written.execute(select(one))] for one in tables)
    path, stays = {row.id: row.path for row in units}, {row.id for row in people if row.left_on is None}
    post, named = {row.id: row.post_id for row in items}, {(row.flag_id, row.person_id) for row in away}
    related = {(row.person_id, row.relative_id) for row in kin if row.ended_on is None}
    related |= {(row.relative_id, row.person_id) for row in kin if row.ended_on is None and row.confirmed_on}

    def answers(person: str, item_id: str | None) -> bool:
        holders = {row.person_id for row in held if item_id and row.post_id == post[item_id] and row.until is None}
        return any(person == holder or (person, holder) in related for holder in holders)

    def reviewed(flag: Any) -> bool:
        return any(
            row.role in REVIEWERS and row.person_id in stays and path[flag.unit_id].startswith(path[row.unit_id])
            and (flag.id, row.person_id) not in named and not answers(row.person_id, flag.item_id)
            for row in roles
        )  # fmt: skip

    found = Counter(
        flag.unit_id for flag in flags
        if scope.covers(path[flag.unit_id]) and not flag.sealed and flag.status in WAITING
        and flag.source is not Source.SUPERIOR and (flag.id, scope.viewer) not in named and not reviewed(flag)
    )  # fmt: skip
    name = {row.id: row.name for row in units}
    return [(name[key], found[key]) for key in sorted(found, key=path.__getitem__)]


def test_where_nobody_reviews_at_all_so_many_are_counted_and_no_more(still: Place) -> None:
    scope = Scope((still.units["street"].path,), still.people["discipline"].person_id)
    with still.engine.connect() as written:
        assert SqlStore(Session(written)).unreviewed(scope) == []
        written.execute(delete(assignments).where(assignments.c.role.in_(REVIEWERS)))
        for _n in range(COUNTED + 1):
            _copied(written)
        assert SqlStore(Session(written)).unreviewed(scope) == [("榕树社区", COUNTED + 1)]
        written.rollback()
