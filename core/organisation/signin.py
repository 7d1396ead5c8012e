"""Sign-in: accounts, server-side sessions, lockout, idle sign-out, changing one's password."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.access import RESIDENT, Actor, Grant, Permission
from core.errors import Expired, Invalid, Refused
from core.events import Event
from core.organisation import doors
from core.organisation.doors import LOCKED, TOO_MANY, TRIES
from core.organisation.people import Person, is_weak
from core.privacy.hashing import hashed, matches
from core.store import Work
from core.text import _, folded

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
QUIET = timedelta(minutes=1)


@dataclass(eq=False)
class Session:
    """A sign-in that lives on the server. `id` is the SHA-256 of the cookie's token."""

    id: str
    person_id: str
    begun_at: datetime
    seen_at: datetime
    ended: bool = False


@dataclass(frozen=True)
class Visit:
    """A sign-in with its person and what they hold, as it is looked up at each visit."""

    person_id: str
    name: str
    unit_id: str
    must_change: bool
    left_on: date | None
    begun_at: datetime
    seen_at: datetime
    ended: bool
    grants: tuple[Grant, ...]


@dataclass(frozen=True)
class SignedIn:
    """What a session stands for: who acts, whether a new password must come first, and whether to note the visit."""

    session_id: str
    actor: Actor
    must_change: bool
    quiet: bool


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Tried:
    """A password that was compared with what is kept for an account, and whether it is right."""

    account: str
    kept: str | None
    is_right: bool


def compare(work: Work, account: str, password: str) -> Tried:
    """Compare a password: slow on purpose, so it is a question of its own and nothing waits for it."""
    work.actor.require(Permission.ACCOUNT_USE)
    person = work.store.person_named(account)
    _refuse_locked(work, person, account)
    kept = _kept(person)
    return Tried(account, kept, matches(password, kept))


def _kept(person: Person | None) -> str | None:
    return person.password if person and person.left_on is None else None


def _refuse_locked(work: Work, person: Person | None, account: str) -> None:
    """`Refused` while an account may not be tried, the same for one that exists and one that does not: so locking tells
    nothing."""
    if person is None:
        doors.refuse_closed(work, _stranger(account))
    elif doors.is_closed(person.locked_until, work.now):
        raise Refused(TOO_MANY)


def _stranger(account: str) -> str:
    return f"account {folded(account)}"


def sign_in(work: Work, tried: Tried) -> str | None:
    """Open a session and give the token for the cookie; None when account or password is wrong.

    The wrong try is kept, so the caller commits in both cases. Five wrong tries lock the account for 15 minutes, and
    of many that were compared at once none beyond the fifth is answered.
    """
    work.actor.require(Permission.ACCOUNT_USE)
    account, person = tried.account, work.store.person_named(tried.account)
    _refuse_locked(work, person, account)
    if person is None or not tried.is_right or tried.kept != _kept(person):
        if person:
            person.failures += 1
            if person.failures >= TRIES:
                person.failures, person.locked_until = 0, work.now + LOCKED
            work.record(Event.SIGN_IN_FAILED, person.id, chain=person.unit_id)
        else:
            doors.wrong(work, _stranger(account))
        return None
    person.failures, person.locked_until = 0, None
    return begin(work, person)


def begin(work: Work, person: Person) -> str:
    """Open a session for a person who has been recognised and give its token."""
    work.actor.require(Permission.ACCOUNT_USE)
    token = secrets.token_urlsafe(32)
    work.store.add(Session(digest(token), person.id, work.now, work.now))
    _as(work, person).record(Event.SIGNED_IN, person.id, chain=person.unit_id)
    return token


def _as(work: Work, person: Person) -> Work:
    """The same work in the name of whoever has just been recognised, so that the log names them."""
    return replace(work, actor=Actor(person.id, person.name))


def enter(work: Work, person_id: str) -> str:
    """Open a session without a password: for the invented people of the demo, and for who has just set up the site."""
    scope = work.actor.require(Permission.ROLE_GRANT)
    person = work.store.one(Person, person_id, scope)
    person.must_change = False
    return begin(work, person)


def sign_out(work: Work, token: str) -> None:
    """End a session."""
    work.actor.require(Permission.ACCOUNT_USE)
    session = work.store.sign_in(digest(token))
    if session and not session.ended:
        session.ended = True
        person = work.store.person(session.person_id)
        _as(work, person).record(Event.SIGNED_OUT, person.id, chain=person.unit_id)


def whose(work: Work, session_id: str) -> SignedIn:
    """Who acts in a session, looked up anew each time so that ending it bites at once; `Expired` when it is over."""
    work.actor.require(Permission.ACCOUNT_USE)
    found = work.store.signed_in(session_id)
    if found is None:
        raise Expired
    if is_over(found, work.now) or found.left_on is not None:
        raise Expired
    actor = Actor(found.person_id, found.name, found.grants, found.unit_id)
    return SignedIn(session_id, actor, found.must_change, quiet=work.now - found.seen_at > QUIET)


def is_over(session: Session | Visit, now: datetime) -> bool:
    """Whether a session has ended, sat idle for 30 minutes, or lasted 12 hours; also when it was seen far in the future
    of a clock that was set back since, for then nobody knows how long it sat idle."""
    return session.ended or abs(now - session.seen_at) > IDLE or now - session.begun_at > LONGEST


def knows_password(work: Work, session_id: str, old: str) -> bool:
    """Whether somebody who is signed in knows their present password: a tab left open is no place to guess it.

    The wrong try is kept, so the caller commits in both cases.
    """
    work.actor.require(Permission.ACCOUNT_USE)
    person = _person_of(work, session_id)
    door = f"password {person.id}"
    doors.refuse_closed(work, door)
    if not matches(old, person.password):
        doors.wrong(work, door)
        return False
    work.store.forget_wrong(door)
    return True


def _person_of(work: Work, session_id: str) -> Person:
    session = work.store.sign_in(session_id)
    if session is None or is_over(session, work.now):
        raise Expired
    return work.store.person(session.person_id)


def change_password(work: Work, session_id: str, old: str, new: str, again: str) -> None:
    """Change one's own password; every other session of the person ends."""
    work.actor.require(Permission.ACCOUNT_USE)
    person = _person_of(work, session_id)
    if not matches(old, person.password):
        raise Invalid(old=_("This is not your present password."))
    if why := is_weak(new, person.account, person.name):
        raise Invalid(new=why)
    if new == old:
        raise Invalid(new=_("Please choose a password other than the present one."))
    if new != again:
        raise Invalid(again=_("The two do not agree."))
    person.password, person.must_change = hashed(new), False
    work.store.end_sessions(person.id, but=session_id)
    _as(work, person).record(Event.PASSWORD_CHANGED, person.id, chain=person.unit_id)


def stay(work: Work, session_id: str) -> None:
    """Keep a session from going idle."""
    work.actor.require(Permission.ACCOUNT_USE)
    work.store.touch(session_id, work.now)


def drafter(work: Work, session_id: str) -> Actor | None:
    """Whose drafts a tab may keep: also for 12 hours after idleness ended the sign-in, so that nothing typed is lost.

    The actor holds no role: it can keep and read its own drafts and do nothing else.
    """
    work.actor.require(Permission.ACCOUNT_USE)
    found = work.store.signed_in(session_id)
    if found is None or found.ended or work.now - found.begun_at > LONGEST:
        return None
    return Actor(found.person_id, found.name, RESIDENT.grants, found.unit_id)
