"""Hand-over: what somebody who leaves held passes to somebody else, seen before it happens."""

from collections.abc import Sequence

import streamlit as st

from core.access import Permission
from core.ledgers import handover
from core.ledgers.handover import HandOver, Passing
from core.organisation.people import Found
from core.text import _, literal
from pages.ui import deeds, gate, persons
from pages.ui.forms import Form
from pages.ui.persons import Persons

NOBODY = Found({}, more=False)


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
givers = Persons(handover.givers)
if gate.ask(handover.givers) == NOBODY:
    st.info(_("Nothing that could be handed over hangs on anybody in your area."))
    st.stop()
st.write(_("When somebody leaves a post, everything that hangs on them passes to one person. Deadlines run on."))
giver_id, giver = persons.choose(_("Who leaves"), givers, key="handover:giver")
if giver_id:
    takers = Persons(handover.takers, (giver_id,))
    taker_id, taker = persons.choose(_("Who takes over"), takers, key=f"handover:taker:{giver_id}")
    if taker_id:
        giver, taker = giver.split(" · ")[0], taker.split(" · ")[0]
        passing = gate.ask(handover.preview, giver_id, taker_id)
        _preview(passing, taker)
        if not passing.conflicts:
            form = Form(f"handover:{giver_id}:{taker_id}", HandOver, skip=("giver_id", "taker_id"))
            form.fields |= {"giver_id": giver_id, "taker_id": taker_id}
            if done := form.send(_("Hand over now"), handover.hand_over):
                deeds.done(_(
                    "{giver} has handed over to {taker}: {posts} posts, {entries} entries, {measures} measures.",
                    giver=giver, taker=taker, posts=len(done.value.posts),
                    entries=len(done.value.entries), measures=len(done.value.measures),
                ))  # fmt: skip
