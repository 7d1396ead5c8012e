"""The first start: the door to the set-up, the real site or the demo behind it, and who one is there."""

from core.access import FOUNDER
from core.errors import Refused
from core.organisation import founding, signin
from core.rows import PersonRow
from core.text import N_
from db.demo.seed import make_demo
from db.engine import databases
from db.keyring import ring
from db.work import reading, work


def door() -> founding.Door:
    """The door to the set-up, the same for every server with the keys of this site."""
    return founding.Door.of(ring())


def knock(typed: str) -> bool:
    """Whether a code opens the door to the set-up; a wrong one is counted, and too many of them are refused."""
    with work(databases.real(), FOUNDER) as doing:
        return founding.knock(doing, door(), typed)


def found(form: founding.Founding) -> str:
    """Set up the real site and sign its founder in; gives the token for the cookie. The demo ends with it."""
    with work(databases.real(), FOUNDER) as doing:
        return signin.enter(doing, founding.found(doing, form))


def start_demo() -> None:
    """Make the demo; refused once the site is real."""
    databases.make_demo(make_demo)
    _refuse_outside_demo()


def demo_people() -> list[PersonRow]:
    """The invented people one may be in the demo."""
    _refuse_outside_demo()
    with reading(databases.demo(), FOUNDER) as asked:
        return founding.demo_people(asked)


def enter_demo(person_id: str) -> str:
    """Sign in as one of the demo's people; gives the token for the cookie."""
    _refuse_outside_demo()
    with work(databases.demo(), FOUNDER) as doing:
        return signin.enter(doing, person_id)


def _refuse_outside_demo() -> None:
    if not databases.is_demo():
        raise Refused(N_("There is no demo here."))
