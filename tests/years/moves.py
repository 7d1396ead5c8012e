"""People who move: posts become vacant, work is handed over or left, communities are exchanged, others come."""

from typing import Any

from core.access import FOUNDER
from core.errors import Refused
from core.ledgers import handover
from core.ledgers.handover import HandOver
from core.organisation import people, posts
from core.words import Role
from tests.makers import make_person
from tests.years.town import OFFICE, Deed, Town

CADRES, WATCHERS = ("head", "clerk", "member"), ("watch", "watch2")


def _move_post(town: Town, home: str) -> None:
    """A post becomes vacant, or is taken up again by one of the cadres."""
    key = town.place.posts[f"{home}{town.dice.randrange(3)}"]
    [row] = [row for row in town.place.ask(FOUNDER, posts.posts) if row.id == key]
    if row.holders:
        town.place.do("system", posts.leave_post, row.holders[0][0])
    else:
        town.place.do("system", posts.take_post, row.id, town.id_of(town.who(home, *CADRES)))


def _hand_over(town: Town, home: str) -> None:
    keys = town.dice.choice((CADRES, WATCHERS))
    _pass_on(town, home, *town.dice.sample(keys, 2))


def _pass_on(town: Town, home: str, giver: str, taker: str) -> None:
    order = HandOver(
        giver_id=town.id_of(f"{home}_{giver}"), taker_id=town.id_of(f"{home}_{taker}"), reason="岗位调整"
    )
    town.place.do(town.above(home), handover.hand_over, order)


def _exchange(town: Town, home: str) -> bool:
    """Two people of the same office exchange their communities; what hangs on them is handed over first, or left."""
    other, key = town.dice.choice(town.communities), town.dice.choice(tuple(OFFICE))
    if other == home:
        return False
    for here in (home, other):
        _try_to_pass_on(town, here, key)
    for here, there in ((home, other), (other, home)):
        who = f"{here}_{key}"
        for held in town.place.ask(FOUNDER, _roles, town.id_of(who)):
            town.place.do("security", people.revoke_role, held)
        town.place.do("security", people.grant_role, town.id_of(who), OFFICE[key], town.place.units[there].id)
        town.seat(who, there, OFFICE[key])
    both = town.place.people
    both[f"{home}_{key}"], both[f"{other}_{key}"] = both[f"{other}_{key}"], both[f"{home}_{key}"]
    return True


def _roles(work: Any, person_id: str) -> list[str]:
    return [held.id for held in work.store.assignments(person_id)]


def _try_to_pass_on(town: Town, home: str, key: str) -> None:
    others = [one for one in (CADRES if key in CADRES else WATCHERS) if one != key]
    try:
        if town.dice.random() < 0.7:
            _pass_on(town, home, key, town.dice.choice(others))
    except Refused:
        pass


def _replace(town: Town, home: str) -> None:
    """Somebody leaves, their account is closed, and somebody new comes."""
    key = town.dice.choice(tuple(OFFICE))
    _try_to_pass_on(town, home, key)
    town.place.do("system", people.close_account, town.id_of(f"{home}_{key}"))
    _arrive(town, f"{home}_{key}", home, OFFICE[key])


def _arrive(town: Town, who: str, unit: str, role: Role) -> None:
    number = town.dice.randrange(10**9)
    make_person(town.place, f"n{number}", f"人{who}{number}", unit, role)
    town.place.people[who] = town.place.people.pop(f"n{number}")


def _replace_mentor(town: Town, _home: str) -> None:
    """The second superior of a street goes, with or without handing over."""
    going, staying = town.id_of("north_second"), town.id_of("north_supervisor")
    if town.dice.random() < 0.5:
        order = HandOver(giver_id=going, taker_id=staying, reason="调离")
        town.place.do("system", handover.hand_over, order)
        town.place.do("system", people.close_account, going)
    else:
        for held in town.place.ask(FOUNDER, _roles, going):
            town.place.do("security", people.revoke_role, held)
    _arrive(town, "north_second", "street0", Role.SUPERVISOR)


MOVES: tuple[tuple[Deed, float], ...] = (
    (_move_post, 0.01), (_hand_over, 0.01), (_exchange, 0.004), (_replace, 0.003), (_replace_mentor, 0.0005),
)  # fmt: skip
"""As `deeds.DEEDS`."""
