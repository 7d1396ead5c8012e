"""The gate between the screen and the program: who is here, asking and doing. It and `first_start` alone import db.

`inquire` and `perform` are for plain web pages and raise refusals; `ask` and `do` are for Streamlit pages and
show them.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Concatenate, Generic, NoReturn, ParamSpec, TypeVar
from urllib.parse import quote

import streamlit as st

from core.access import RESIDENT, Actor, Permission
from core.alerts import notices
from core.errors import Denied, Expired, Invalid, Refused, Stale, Unavailable
from core.organisation import signin
from core.store import Work
from core.text import _
from core.voices import drafts
from db import jobs, shelves
from db.engine import connect, databases, real_url
from db.moment import asking, moment, pass_on
from db.work import work
from db.worker import Worker

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Done(Generic[R]):
    """A deed that was done, with what it gave."""

    value: R


def inquire(actor: Actor, question: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Ask in an actor's name; refusals are raised."""
    with asking(databases.current, actor) as asked:
        return question(asked, *args, **kwargs)


def perform(actor: Actor, deed: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do in an actor's name: committed when this returns; refusals are raised and leave nothing behind."""
    pass_on()
    with work(databases.current(), actor) as doing:
        return deed(doing, *args, **kwargs)


def visit(page: Callable[[], R]) -> R:
    """Run a page: all it asks before a deed, or after it, is of one moment."""
    with moment():
        return page()


def insist(actor: Actor, deed: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do, and once more when it met another deed: of one form sent twice the second gets what the first one got."""
    try:
        return perform(actor, deed, *args, **kwargs)
    except Stale:
        return perform(actor, deed, *args, **kwargs)


def sign_in(account: str, password: str) -> str | None:
    """Sign in; the password is compared before the database is locked for the deed."""
    return perform(RESIDENT, signin.sign_in, inquire(RESIDENT, signin.compare, account, password))


def change_password(session_id: str, old: str, new: str, again: str) -> None:
    """Change the password of whoever is signed in; a wrong present one is counted though nothing is changed."""
    perform(RESIDENT, signin.knows_password, session_id, old)
    perform(RESIDENT, signin.change_password, session_id, old, new, again)


def identify(session_id: str | None) -> signin.SignedIn | None:
    """Who a session stands for now, or None; keeps the session alive."""
    if not session_id:
        return None
    pass_on()
    try:
        found = inquire(RESIDENT, signin.whose, session_id)
    except Expired:
        return None
    if found.quiet:
        with suppress(Unavailable):  # whoever only reads can go on while the database takes nothing in
            perform(RESIDENT, signin.stay, session_id)
    return found


def session_id() -> str | None:
    """The session this browser tab was opened with, as the server's own guard told it."""
    found = st.user.get("sid")
    return found if isinstance(found, str) and found else None


def enter() -> signin.SignedIn | None:
    """Look up who is at this tab; called once at the start of every run of the page."""
    st.session_state["_here"] = identify(session_id())
    return here()


def here() -> signin.SignedIn | None:
    """Who is at this tab in this run. Deeds look it up again, so that a revoked sign-in can do nothing more."""
    found: signin.SignedIn | str | None = st.session_state.get("_here", "nobody was looked up")
    return enter() if isinstance(found, str) else found


def actor() -> Actor:
    """Who acts at this tab; a resident without a name when nobody is signed in."""
    found = here()
    return found.actor if found and not found.must_change else RESIDENT


def unread() -> int:
    """How many notices whoever is here has not read."""
    found = actor()
    return inquire(found, notices.unread) if found.may(Permission.NOTICE_READ) else 0


def require(permission: Permission) -> Actor:
    """The actor, when they hold a permission; else the page ends with its heading, one sentence and the way on."""
    found = actor()
    if not found.may(permission):
        st.title(_("For who works here") if here() is None else _("This page belongs to other work"))
        turn_away()
    return found


def turn_away() -> NoReturn:
    """End the page for somebody who may not see it."""
    if here() is None:
        st.info(_("Please sign in to open this page."))
        if _rescue():
            st.info(_("What you typed is kept for you."))
        st.link_button(_("Sign in"), login_address(), type="primary")
    else:
        st.warning(_("This page is not part of your work. If you think it should be, ask the security administrator."))
    back = _("Back to the first page")
    st.html(f"<p class='qy-facts'><a href='/' target='_self'>‹ {back}</a></p>")
    st.stop()


def login_address() -> str:
    page = st.context.url.rsplit("/", 1)[-1] if isinstance(st.context.url, str) else ""
    query = "&".join(f"{k}={v}" for k, v in st.query_params.items())
    return "/account/login?next=" + quote(f"/{page}{'?' + query if query else ''}", safe="")


def ask(question: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Ask in the name of who is here; a refusal is shown and ends the page."""
    try:
        return inquire(actor(), question, *args, **kwargs)
    except Denied:
        turn_away()
    except Invalid as refusal:
        st.warning("\n\n".join(refusal.fields.values()))
        st.stop()
    except Refused as refusal:
        st.warning(str(refusal))
        st.stop()
    except Unavailable as trouble:
        st.warning(trouble.sentence)
        st.stop()


def do(deed: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> Done[R] | None:
    """Do in the name of who is here; None, with the reason shown, when it is refused."""
    try:
        return Done(attempt(deed, *args, **kwargs))
    except Invalid as refusal:
        st.error("\n\n".join(refusal.fields.values()))
    except Refused as refusal:
        explain_refusal(refusal)
    except Unavailable as trouble:
        st.error(trouble.sentence)
    return None


def attempt(deed: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do in the name of who is here; refusals are raised, an ended sign-in among them."""
    if session_id() and enter() is None:
        raise Expired
    return perform(actor(), deed, *args, **kwargs)


def later(question: Callable[Concatenate[Work, P], R], *args: P.args, **kwargs: P.kwargs) -> Callable[[], R]:
    """A question to be asked when a download is clicked, in a thread of its own: who is here is looked up again."""
    found = here()
    session = found.session_id if found else None

    def asked() -> R:
        return inquire(whose(session), question, *args, **kwargs)

    return asked


def whose(session: str | None) -> Actor:
    """Who acts in a session now; a resident without a name where it has ended."""
    found = identify(session)
    return found.actor if found and not found.must_change else RESIDENT


def explain_refusal(refusal: Refused) -> None:
    """Show why something was not done."""
    st.error(str(refusal))
    if isinstance(refusal, Expired):
        st.link_button(_("Sign in"), login_address())


def keep_draft(form: str, fields: Mapping[str, object]) -> bool:
    """Keep what is typed, for the person of this tab even when their sign-in has just ended from idleness."""
    if (owner := _drafter()) is None:
        return False
    perform(owner, drafts.save, form, fields)
    return True


def watch(form: str, keys: Mapping[str, str]) -> None:
    """Remember under which keys a form's fields stand, for the case that the sign-in ends before they are kept."""
    st.session_state.setdefault("_typed", {})[form] = dict(keys)


def _rescue() -> bool:
    """Keep what stands in the fields of a page whose sign-in has just ended; whether there was anything."""
    kept = False
    for form, keys in st.session_state.pop("_typed", {}).items():
        fields = {name: st.session_state[key] for name, key in keys.items() if st.session_state.get(key)}
        kept = (bool(fields) and keep_draft(form, draft_of(form) | fields)) or kept
    return kept


def draft_of(form: str) -> dict[str, object]:
    owner = _drafter()
    return inquire(owner, drafts.recall, form) if owner else {}


def drop_draft(form: str) -> None:
    if owner := _drafter():
        perform(owner, drafts.drop, form)


def _drafter() -> Actor | None:
    found = session_id()
    return inquire(RESIDENT, signin.drafter, found) if found else None


def site() -> str:
    """Which database is in use."""
    return _named(databases.current())


@lru_cache(maxsize=8)
def _named(engine: Any) -> str:
    return str(engine.url)


def is_demo() -> bool:
    """Whether what is shown is the demo; a page that says that the database is away needs no answer."""
    try:
        return databases.is_demo()
    except Unavailable:
        return False


def is_set_up() -> bool:
    return databases.is_founded() or databases.is_demo()


def is_founded() -> bool:
    return databases.is_founded()


def look_at_settings() -> None:
    """`Refused` where the address of the database or the folder of its data cannot be what they say."""
    connect(real_url()).dispose()


def open_site() -> None:
    """Open and migrate the database."""
    databases.current()


def close_site() -> None:
    databases.close()


def keeping_trouble() -> str:
    """Why nothing is deleted when its time is over; nothing when all is well. For who keeps the site, and its log."""
    if not (why := jobs.trouble()):
        return ""
    return _("Nothing is deleted when its time is over: the variable QINGYUAN_KEEP is wrong. {why}", why=why)


def files_trouble() -> str:
    """Why files can be neither kept nor read; nothing when all is well."""
    return shelves.trouble()


def worker(note: Callable[[BaseException], str]) -> Worker:
    """Whoever carries out long work in the database in use; not yet started."""
    return Worker(databases.current, note)
