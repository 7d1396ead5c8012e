"""The members of a group side by side, the words they share marked, each to be ticked in or out."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.review import groups
from core.review.groups import PAGES, GroupRow, MemberRow
from core.text import _, day
from pages.ui import marks, tables

WIDE = 2


def shown(group: GroupRow, members: Sequence[MemberRow]) -> Sequence[MemberRow]:
    """The members that are looked at now: as many at once as one likes, the surest first."""
    sizes = [size for size in PAGES if size < len(members)]
    if not sizes:
        return members[: PAGES[0]]
    offered = [*sizes, next((size for size in PAGES if size >= len(members)), PAGES[-1])]
    size = st.segmented_control(
        _("Shown at once"), list(dict.fromkeys(offered)), default=offered[0], required=True, key=f"size:{group.id}",
        format_func=lambda n: _("{n} flags", n=min(n, len(members))),
    )  # fmt: skip
    looked_at = members[: size or PAGES[0]]
    if len(looked_at) < len(members):
        told = _("{n} of {all} are shown. The others stay in the group and come next.", n=len(looked_at),
                 all=len(members))  # fmt: skip
        st.caption(told)
    return looked_at


def cards(group: GroupRow, looked_at: Sequence[MemberRow]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw the members; which are ticked in, and which of the others are left out of the group."""
    chosen: list[str] = []
    for start in range(0, len(looked_at), WIDE):
        pair = looked_at[start : start + WIDE]
        for member, cell in zip(pair, st.columns(WIDE), strict=False):
            with cell, st.container(border=True, key=f"qym_{member.flag_id}"):
                label = _("Belongs together")
                if st.checkbox(label, value=not group.weak, key=f"in:{group.id}:{member.flag_id}"):
                    chosen.append(member.flag_id)
                st.html(_card(member, group))
    out = () if group.weak else tuple(row.flag_id for row in looked_at if row.flag_id not in chosen)
    return tuple(chosen), out


def head(group: GroupRow, all_: int) -> None:
    """What the group is about, how sure it is, and what is to be minded."""
    name = tables.listed(group.about) or _("Group {n}", n=group.n)
    told = " · ".join((group.unit, _("{n} flags", n=all_), group.certainty.label))
    st.html(f"<h2 class='qy-group'>{escape(name)}</h2><p class='qy-muted'>{escape(told)}</p>")
    if group.weak:
        st.warning(
            _("This group is large and hangs together by weak ties: it may be several matters. Tick what belongs "
              "together; the rest stays here.")
        )  # fmt: skip
    if group.withheld:
        told = _("{n} more are about a power item of yours, so somebody else decides about them.", n=group.withheld)
        st.caption(told)


def _card(member: MemberRow, group: GroupRow) -> str:
    number = _("number {number}", number=member.number) if member.number else ""
    facts = [member.channel.label, number, day(member.raised_on), member.item, member.place]
    sure = groups.certainty(member.strength)
    if sure is not group.certainty:
        facts.append(sure.label)
    told = escape(" · ".join(filter(None, facts)))
    words = marks.words(member.text, member.because)
    return f"<div class='qy-member' tabindex='0'>{words}</div><p class='qy-muted'>{told}</p>"
