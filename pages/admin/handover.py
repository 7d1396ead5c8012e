"""Hand-over: what somebody who leaves held passes to somebody else, seen before it happens."""

from collections.abc import Sequence

import streamlit as st

from core.access import Permission
from core.ledgers import handover
from core.ledgers.handover import Giver, HandOver, Passing
from core.text import _, literal
from pages.ui import deeds, gate
from pages.ui.forms import Form


def _held(giver: Giver) -> str:
    held = giver.held
    counts = _(
        "{posts} posts, {entries} entries, {measures} measures", posts=held.posts, entries=held.entries,
        measures=held.measures,
    )  # fmt: skip
    return " · ".join(filter(None, (giver.name, giver.unit, counts, _more(held.claims, held.sites))))


def _more(claims: int, sites: int) -> str:
    """The measures taken on and the demo sites mentored, in words; empty where there are none."""
    if not claims and not sites:
        return ""
    return _("{claims} measures taken on, {sites} demo sites mentored", claims=claims, sites=sites)


def _list(title: str, lines: Sequence[str]) -> None:
    st.markdown(f"**{title}**")
    st.markdown("\n".join(f"- {literal(line)}" for line in lines) if lines else _("None."))


def _preview(passing: Passing, name: str) -> None:
    """What passes, what stays, and what stands against it."""
    for conflict in passing.conflicts:
        st.error(conflict)
    with st.container(border=True):
        st.caption(_("This passes to {name}. Due dates stay as they are.", name=literal(name)))
        shown = [(_("Posts"), passing.posts), (_("Entries"), passing.entries), (_("Measures"), passing.measures)]
        more = ((_("Measures taken on"), passing.claims), (_("Demo sites mentored"), passing.sites))
        shown += [(title, lines) for title, lines in more if lines]
        for column, (title, lines) in zip(st.columns(len(shown)), shown, strict=True):
            with column:
                _list(title, lines)
    if passing.staying:
        st.warning(_("This stays where it is:") + " " + literal(" ".join(passing.staying)))


gate.require(Permission.POST_HAND_OVER)
st.title(_("Hand over"))
deeds.tell()
givers = gate.ask(handover.givers)
if not givers:
    st.info(_("Nothing that could be handed over hangs on anybody in your area."))
    st.stop()
st.write(_("When somebody leaves a post, everything that hangs on them passes to one person. Deadlines run on."))
known = {giver.id: giver for giver in givers}
giver_id = st.selectbox(
    _("Who leaves"), list(known), index=None, format_func=lambda key: _held(known[key]),
    placeholder=_("Please choose"), key="handover:giver",
)  # fmt: skip
if giver_id:
    takers = gate.ask(handover.takers, giver_id)
    taker_id = st.selectbox(
        _("Who takes over"), list(takers), index=None, format_func=takers.__getitem__,
        placeholder=_("Please choose"), key=f"handover:taker:{giver_id}",
    )  # fmt: skip
    if taker_id:
        passing = gate.ask(handover.preview, giver_id, taker_id)
        _preview(passing, takers[taker_id].split(" · ")[0])
        if not passing.conflicts:
            form = Form(f"handover:{giver_id}:{taker_id}", HandOver, skip=("giver_id", "taker_id"))
            form.fields |= {"giver_id": giver_id, "taker_id": taker_id}
            if done := form.send(_("Hand over now"), handover.hand_over):
                deeds.done(_(
                    "{giver} has handed over to {taker}: {posts} posts, {entries} entries, {measures} measures.",
                    giver=known[giver_id].name, taker=takers[taker_id].split(" · ")[0], posts=len(done.value.posts),
                    entries=len(done.value.entries), measures=len(done.value.measures),
                ))  # fmt: skip
