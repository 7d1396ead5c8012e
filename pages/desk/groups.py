"""Groups: flags that were taken in together and may be one matter, reviewed one group after the other."""

from collections.abc import Sequence

import streamlit as st

from core import dates
from core.access import Permission
from core.review import groups
from core.review.groups import Choosing, GroupRow, MemberRow, Review
from core.text import _, literal
from core.words import GroupStatus
from pages.desk import groups_deeds, groups_members
from pages.ui import gate, shell, tables

gate.require(Permission.FLAG_MERGE)
STATE = st.session_state
TODAY = dates.today(dates.now()).isoformat()


def main() -> None:
    st.title(_("Review groups"))
    reviews = gate.ask(groups.reviews)
    groups_deeds.told()
    if not reviews:
        _teach()
        return
    review = _chosen(reviews)
    rows = gate.ask(groups.groups, review.run_id)
    waiting = [row for row in rows if row.status is GroupStatus.OPEN]
    done = len(rows) - len(waiting)
    st.progress(done / len(rows), text=_("{n} groups left of {all}", n=len(waiting), all=len(rows)))
    if waiting:
        _review(waiting)
    else:
        st.success(_("Every group of this intake has been decided. What stood alone waits in the inbox."))
        shell.link("inbox", _("Go to the inbox"))
    _aside([row for row in rows if row.status is GroupStatus.SET_ASIDE])


def _teach() -> None:
    st.info(
        _("No groups wait. When many flags are taken in at once, those that may be one matter are proposed here "
          "together, so that they are decided together.")
    )  # fmt: skip
    shell.link("inbox", _("Go to the inbox"))


def _chosen(reviews: Sequence[Review]) -> Review:
    """The intake that was asked for, else the first with groups left."""
    by_id = {review.run_id: review for review in reviews}
    wanted = st.query_params.get("run")
    if len(reviews) == 1:
        return reviews[0]
    run_id = st.selectbox(
        _("Intake"), list(by_id), index=list(by_id).index(wanted) if wanted in by_id else 0, key="groups:run",
        format_func=lambda key: _("{title} ({unit}): {n} groups left", title=by_id[key].title, unit=by_id[key].unit,
                                  n=by_id[key].left),
    )  # fmt: skip
    return by_id[run_id]


def _review(waiting: Sequence[GroupRow]) -> None:
    current = _current(waiting)
    left, right = st.columns([1, 2.7], gap="medium")
    with left:
        _queue(waiting, current)
    with right:
        members = gate.ask(groups.members, current.id)
        groups_members.head(current, len(members))
        near = gate.ask(groups.near, current.id)
        at = [row.id for row in waiting].index(current.id)
        groups_deeds.like(near)
        with st.container(key="qy_decide"):
            groups_deeds.acts(near, waiting[(at + 1) % len(waiting)].id if len(waiting) > 1 else "")
            panel = st.container()
        shown = groups_members.shown(current, members)
        _noted(current, shown)
        chosen, out = groups_members.cards(current, shown)
        with panel:
            groups_deeds.panel(current, members, near, Choosing(chosen, out))


QUEUE = 40


def _queue(waiting: Sequence[GroupRow], current: GroupRow) -> None:
    with st.container(key="qy_queue", gap=None):
        for row in waiting[:QUEUE]:
            colour = "on" if row.id == current.id else "off"
            with st.container(key=f"qyq_none_{colour}_{row.id}"):
                sure = _("large, weak ties") if row.weak else row.certainty.label
                name = tables.listed(row.about) or _("Group {n}", n=row.n)
                told = " · ".join((_("{n} flags", n=row.mine), sure))
                label = f"{literal(name)}  \n:small[{literal(told)}]"
                if st.button(label, key=f"group:{row.id}", width="stretch") and row.id != current.id:
                    groups_deeds.turn_to(row.id)
    if len(waiting) > QUEUE:
        st.caption(_("{n} more groups move up as these are done.", n=len(waiting) - QUEUE))


def _current(waiting: Sequence[GroupRow]) -> GroupRow:
    """The group that was chosen; when it is decided, the one that has moved into its place."""
    ids = [row.id for row in waiting]
    wanted = STATE.get("groups:current")
    at = ids.index(wanted) if wanted in ids else min(STATE.get("groups:at", 0), len(ids) - 1)
    STATE["groups:current"], STATE["groups:at"] = ids[at], at
    return waiting[at]


def _noted(group: GroupRow, shown: Sequence[MemberRow]) -> None:
    """Keep once a day that these words were opened; without that they are not shown."""
    read = STATE.setdefault("groups:read", {})
    new = [row.flag_id for row in shown if read.get(row.flag_id) != TODAY]
    if new:
        if gate.do(groups.note_readings, group.id, new) is None:
            st.stop()
        read.update(dict.fromkeys(new, TODAY))


def _aside(rows: Sequence[GroupRow]) -> None:
    if not rows:
        return
    with st.expander(_("Set aside ({n})", n=len(rows))):
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center"):
                name = tables.listed(row.about) or _("Group {n}", n=row.n)
                st.write(literal(tables.at(name, _("{n} flags", n=row.mine))))
                if st.button(_("Take up again"), key=f"back:{row.id}") and gate.do(groups.bring_back, row.id):
                    groups_deeds.turn_to(row.id)


main()
