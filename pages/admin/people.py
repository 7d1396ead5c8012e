"""Accounts and posts: who works with the product, and what each one answers for."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.access import Permission
from core.organisation import people, posts
from core.organisation.people import NewPerson
from core.organisation.places import Reach
from core.organisation.posts import HeadMark, NewHolding, NewPost
from core.rows import PersonRow, PostRow
from core.tables import people_tables
from core.text import _, literal
from core.turning import Listed
from pages.admin import accounts
from pages.ui import deeds, gate, importing, tables, turning
from pages.ui.forms import Form
from pages.ui.places import Ground

gate.require(Permission.PERSON_EDIT)
HOMES = Ground(Permission.PERSON_EDIT, Reach.OPEN)


def main() -> None:
    st.title(_("Accounts and posts"))
    deeds.tell()
    _tell_password()
    area = deeds.choose({"accounts": _("Accounts"), "posts": _("Posts")}, "people:area", _("Area"))
    above = st.container()
    if area == "accounts":
        staff = accounts.listing(people.find_accounts, "people", posts=True)
        with above:
            _accounts(staff)
    else:
        rows = _list_posts()
        with above:
            _posts(rows)


def _accounts(staff: Sequence[PersonRow]) -> None:
    words = {"open": _("Open an account"), "close": _("Close an account"), "table": _("Import a table")}
    chosen = deeds.choose(words, "people:deed")
    if chosen == "open":
        _open()
    elif chosen == "close":
        _close({row.id: _named(row) for row in staff if row.left_on is None})
    else:
        st.caption(_("Accounts and posts are taken from the table. The security administrator gives roles from the "
                     "same table, and each account its first password."))  # fmt: skip
        importing.forms(people_tables.ACCOUNTS)
        importing.taken_in(people_tables.ACCOUNTS)


def _named(row: PersonRow) -> str:
    return tables.at(row.name, f"{row.account} · {row.unit}")


def _open() -> None:
    st.caption(_("Roles are given afterwards by the security administrator. The first password is changed at the "
                 "first sign-in."))  # fmt: skip
    suggested = st.session_state.setdefault("people:password", people.new_password())
    form = Form("person", NewPerson, options={"unit_id": HOMES}, start={"password": suggested}, draft=False, columns=2)
    if form.send(_("Open this account"), people.open_account):
        st.session_state.pop("people:password")
        st.session_state["people:told"] = (form.fields["account"], form.fields["password"])
        st.rerun()


def _tell_password() -> None:
    if told := st.session_state.pop("people:told", None):
        st.success(_("The account “{account}” is open. This is its first password; it is shown this once.",
                     account=literal(told[0])))  # fmt: skip
        st.code(told[1], language=None)


def _close(staff: Mapping[str, str]) -> None:
    person_id = st.selectbox(
        _("Person"), list(staff), index=None, format_func=staff.__getitem__, placeholder=_("Please choose"),
        key="people:closing",
    )  # fmt: skip
    if person_id is None:
        st.caption(_("Hand over posts and open work first. What the person did stays on record."))
        return
    consequence = _(
        "The account of {person} will be closed and every sign-in ended. This cannot be taken back.",
        person=literal(staff[person_id]),
    )
    if deeds.sure(_("Close this account"), consequence, _("Close it"), f"leave:{person_id}") and gate.do(
        people.close_account, person_id
    ):
        deeds.done(_("The account is closed."))


def _posts(rows: Sequence[PostRow]) -> None:
    words = {"add": _("Add a post"), "take": _("Put somebody in a post"), "leave": _("End a post"),
             "head": _("Who heads the unit")}  # fmt: skip
    chosen = deeds.choose(words, "posts:deed")
    if chosen == "add":
        _add()
    elif chosen == "take":
        staff = accounts.find(people.find_accounts, "posts:person")
        here = {row.id: _named(row) for row in staff if row.left_on is None}
        _take({row.id: tables.at(row.name, row.unit) for row in rows}, here)
    elif chosen == "head":
        _mark({row.id: tables.at(row.name, row.unit) for row in rows})
    else:
        _leave({held: tables.at(f"{name} · {row.name}", row.unit) for row in rows for held, _id, name in row.holders})


def _list_posts() -> Listed[PostRow]:
    """The posts that fit what is looked for, a page at a time; those on the page can be chosen above."""
    st.subheader(_("All posts"))
    wanted = st.text_input(_("Find a post"), key="posts:find", placeholder=_("Part of the name of a post or unit"))
    rows = gate.ask(posts.find_posts, wanted, turning.kept(f"posts:{wanted}"))
    if rows:
        tables.table(
            [_("Post"), _("Unit"), _("Held by"), _("Power items"), _("Heads the unit")],
            [
                [row.name, row.unit, tables.listed(name for *_ids, name in row.holders) or _("▲ vacant"), row.items,
                 _("yes") if row.leads else ""]
                for row in rows
            ],
        )  # fmt: skip
        turning.under(rows, f"posts:{wanted}")
    elif wanted:
        st.info(_("No post has this in its name or unit."))
    else:
        st.info(_("No post yet. Power items hang on posts, so that they stay when people change. Add the first one."))
    return rows


def _add() -> None:
    form = Form("post", NewPost, options={"unit_id": HOMES}, columns=2)
    if form.send(_("Add this post"), lambda work, new: posts.add_post(work, new.unit_id, new.name)):
        deeds.done(_("The post was added. Now put somebody in it."))


def _take(choices: Mapping[str, str], staff: Mapping[str, str]) -> None:
    form = Form("holding", NewHolding, options={"post_id": choices, "person_id": staff}, columns=2)
    if form.send(_("Put in this post"), lambda work, new: posts.take_post(work, new.post_id, new.person_id)):
        deeds.done(_("The person holds the post from today on."))


def _mark(choices: Mapping[str, str]) -> None:
    st.caption(_("What residents say of whoever heads a unit is dealt with from the level above. New posts are marked "
                 "by their names: secretary or director, without deputies."))  # fmt: skip
    form = Form("head", HeadMark, options={"post_id": choices}, columns=2)
    if form.send(_("Keep this mark"), posts.mark_head):
        deeds.done(_("This is kept. It counts for what is opened from now on."))


def _leave(held: Mapping[str, str]) -> None:
    holding_id = st.selectbox(
        _("Who leaves which post"), list(held), index=None, format_func=held.__getitem__,
        placeholder=_("Please choose"), key="posts:leaving",
    )  # fmt: skip
    if holding_id is None:
        st.caption(_("To pass open work on together with the post, use “Hand over”."))
        return
    consequence = _("{holding}: ends today. A post without a holder is shown to the supervisor.",
                    holding=literal(held[holding_id]))  # fmt: skip
    if deeds.sure(_("End this post"), consequence, _("End it"), f"leave:{holding_id}") and gate.do(
        posts.leave_post, holding_id
    ):
        deeds.done(_("The person no longer holds the post."))


main()
