"""Second looks: due now, still ahead, and made, each with the way to its entry."""

import streamlit as st

from core import dates
from core.access import Permission
from core.prevention import looking
from core.prevention.looking import LookRow
from core.text import N_, _
from pages.ui import gate, marks, turning
from pages.ui.tables import Cell, Link, Mark, table

DUE, AHEAD, DONE = "due", "ahead", "done"
VIEWS = {DUE: N_("Due now"), AHEAD: N_("Still ahead"), DONE: N_("Made")}
EMPTY = {
    DUE: N_("No second look is due. 30 and 90 days after a closing the entry stands here."),
    AHEAD: N_("No second look is planned. The closing of an entry plans the first."),
    DONE: N_("No second look has been made yet."),
}


def page() -> None:
    gate.require(Permission.REGISTER_READ)
    st.title(_("Second looks"))
    st.caption(_("Whether what was closed still holds, seen by somebody who had no part in it."))
    wanted = st.query_params.get("view")
    chosen = st.segmented_control(
        _("Which"), list(VIEWS), default=wanted if wanted in VIEWS else DUE, key=f"looks:{wanted}",
        format_func=lambda view: _(VIEWS[view]), label_visibility="collapsed", required=True,
    ) or DUE  # fmt: skip
    rows = gate.ask(looking.listed, chosen, turning.wanted())
    if not rows:
        st.info(_(EMPTY[chosen]))
        return
    _table(rows, done=chosen == DONE)
    turning.buttons(rows.turned, 0, f"looks:{chosen}")


def _table(rows: list[LookRow], *, done: bool) -> None:
    several = len({row.unit for row in rows}) > 1
    place = [_("Community")] if several else []
    rest = [_("Result"), _("Verified level"), _("What was seen"), _("By")] if done else [_("Due"), _("Who may make it")]
    table(
        [_("Number"), *place, _("Risk point"), _("Level"), _("Look"), *rest],
        [
            [Link(_("No. {n}", n=row.number), "entry", {"id": row.risk_id}), *([row.unit] if several else []),
             row.title, Mark(marks.level_mark(row.level)), row.n,
             *(_made(row) if done else _waits(row))]
            for row in rows
        ],
    )  # fmt: skip


def _made(row: LookRow) -> list[Cell]:
    level = Mark(marks.level_mark(row.verified_level)) if row.verified_level else "—"
    who = _("{name}, {day}", name=row.looker, day=row.looked_on)
    return [row.result.label if row.result else "", level, row.note, who]


def _waits(row: LookRow) -> list[Cell]:
    today = dates.today(dates.now())
    until = marks.limit(row.due_on, today)
    who = _("you may make it") if row.mine and gate.actor().may(Permission.RISK_LOOK_AGAIN) else _("somebody else")
    return [Mark(until), _("nobody may make it") if row.deserted else who]


page()
