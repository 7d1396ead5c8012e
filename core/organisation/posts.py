"""Posts (岗位): what a person answers for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from core.access import Permission
from core.errors import Invalid, Refused
from core.events import Event
from core.organisation.people import Person
from core.organisation.recusal import Known, keep_newcomers_away, leads
from core.organisation.units import Unit, new_id
from core.prevention.looks import Desertion
from core.rows import PostRow
from core.store import Work
from core.text import N_, _, clean
from core.turning import START, Listed, Turn


@dataclass(eq=False)
class Post:
    """A post at a unit; power items hang on it, not on a person. `leads` says that whoever holds it heads the unit."""

    id: str
    unit_id: str
    name: str
    leads: bool = False


@dataclass(eq=False)
class Holding:
    """Who held a post from when to when; `until` is the last day."""

    id: str
    unit_id: str
    post_id: str
    person_id: str
    since: date
    until: date | None = None


class NewPost(BaseModel):
    """A post to create."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    unit_id: str = Field(title=N_("Unit"), min_length=1)
    name: str = Field(title=N_("Name of the post"), min_length=1, max_length=60)


class HeadMark(BaseModel):
    """Whether a post heads its unit."""

    model_config = ConfigDict(frozen=True)

    post_id: str = Field(title=N_("Post"), min_length=1)
    leads: bool = Field(False, title=N_("Heads the unit"))


class NewHolding(BaseModel):
    """A person to put in a post."""

    model_config = ConfigDict(frozen=True)

    post_id: str = Field(title=N_("Post"), min_length=1)
    person_id: str = Field(title=N_("Person"), min_length=1)


def add_post(work: Work, unit_id: str, name: str) -> str:
    """Create a post at a unit; whether it heads the unit follows from its name until somebody says otherwise."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    unit = work.store.one(Unit, unit_id, scope)
    if not clean(name):
        raise Invalid(name=_("Please fill this in."))
    if any(post.name == clean(name) for post in work.store.some(Post, scope, unit_id=unit.id)):
        raise Invalid(name=_("There is a post with this name here already."))
    post = Post(new_id(), unit.id, clean(name)[:60], leads(name))
    work.store.add(post)
    work.record(Event.POST_ADDED, post.id, chain=unit.id, name=post.name)
    return post.id


def mark_head(work: Work, mark: HeadMark) -> None:
    """Say whether a post heads its unit: what is said of whoever holds it begins at the level above."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    post = work.store.one(Post, mark.post_id, scope)
    if post.leads == mark.leads:
        raise Refused(N_("Nothing was changed."))
    post.leads = mark.leads
    work.record(Event.POST_MARKED, post.id, chain=post.unit_id, name=post.name, leads=post.leads)


def take_post(work: Work, post_id: str, person_id: str) -> None:
    """Put a person in a post."""
    work.actor.require(Permission.PERSON_EDIT)
    take_posts(work, [(post_id, person_id)])


def take_posts(work: Work, taken: Sequence[tuple[str, str]]) -> None:
    """Put people in posts, each as (post, person), all of them or none."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    desertion, came = Desertion(work), defaultdict[str, list[Known]](list)
    for post_id, person_id in taken:
        post, person = work.store.one(Post, post_id, scope), work.store.one(Person, person_id, scope)
        if person.left_on is not None:
            raise Refused(N_("This account is closed."))
        if any(h.until is None for h in work.store.some(Holding, scope, post_id=post.id, person_id=person.id)):
            raise Refused(N_("This person holds this post already."))
        work.store.add(Holding(new_id(), post.unit_id, post.id, person.id, work.today))
        work.record(Event.POST_TAKEN, post.id, chain=post.unit_id, person=person.id)
        came[post.unit_id].append(Known(person.id, person.name, (post.name,)))
    desertion.check()
    for unit_id, people in came.items():
        keep_newcomers_away(work, unit_id, people)


def leave_post(work: Work, holding_id: str) -> None:
    """End a holding; the supervisor sees a post without holder on the home page."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    holding = work.store.one(Holding, holding_id, scope)
    if holding.until is not None:
        raise Refused(N_("This person has left the post already."))
    holding.until = work.today
    work.record(Event.POST_LEFT, holding.post_id, chain=holding.unit_id, person=holding.person_id)


def posts(work: Work) -> list[PostRow]:
    """Every post the actor looks after, with who holds it today."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return work.store.post_rows(scope)


def find_posts(work: Work, words: str = "", turn: Turn = START) -> Listed[PostRow]:
    """A page of them: those with the words in their name or unit."""
    scope = work.actor.require(Permission.PERSON_EDIT)
    return work.store.post_page(scope, words.strip(), turn)
