"""Packs to learn from each other: made of what stands on the public board, and taken in as suggestions."""

from collections.abc import Sequence

import streamlit as st

from core import items
from core.access import Permission
from core.errors import Invalid
from core.organisation.places import Reach
from core.tables import exchange
from core.tables.exchange import Chosen, Offer, PackFile, TakenPack
from core.text import _, literal
from pages.ui import deeds, gate, marks, places, tables
from pages.ui.downloads import document
from pages.ui.places import Ground, Look

STATE = st.session_state


def show() -> None:
    ground = Ground(Permission.PACK_SHARE, Reach.COMMUNITIES)
    unit_id = places.one(_("Community"), ground, key="pack:unit", look=Look(260)).id
    words = {"in": _("Take a pack in"), "out": _("Make a pack")}
    if deeds.choose(words, "pack:deed") == "out":
        _make(unit_id)
    else:
        _take(unit_id)
        _taken(unit_id)


def _make(unit_id: str) -> None:
    st.caption(_("Entries on the public board, in words without people, places or small numbers. Change the words here "
                 "where they would only be understood in this community; the register stays as it is."))  # fmt: skip
    offers = {one.risk_id: one for one in gate.ask(exchange.offered, unit_id)}
    if not offers:
        st.info(_("No entry of this community is on the public board yet. What has not been reviewed for the public "
                  "does not leave the house either."))  # fmt: skip
        return
    title = st.text_input(_("Title of the pack"), _("Integrity risks and what is done about them"), max_chars=80,
                          key="pack:title")  # fmt: skip
    picked = st.multiselect(
        _("Entries"), list(offers), placeholder=_("Please choose"), key=f"pack:entries:{unit_id}",
        format_func=lambda key: f"{offers[key].number}　{offers[key].risk_point}",
    )  # fmt: skip
    if not picked:
        return
    chosen = [_worded(offers[key]) for key in picked]
    if st.button(_("Check the wording"), type="primary", key="pack:check"):
        STATE["pack:told"] = (unit_id, title, chosen, _problems(unit_id, title, chosen))
    seen = STATE.get("pack:told")
    if not seen or seen[:3] != (unit_id, title, chosen):
        return
    if seen[3]:
        st.error("\n\n".join(seen[3]))
        return
    st.success(_("No people, places or small numbers were found. Please read it once more as a stranger would."))
    document(_("Save the pack"), f"{title}.zip", exchange.written, exchange.taken_out, unit_id, title, chosen)


def _problems(unit_id: str, title: str, chosen: Sequence[Chosen]) -> list[str]:
    """What must be changed before this can go out, in sentences."""
    try:
        gate.inquire(gate.actor(), exchange.checked, unit_id, title, chosen)
    except Invalid as refusal:
        return list(dict.fromkeys(refusal.fields.values()))
    return []


def _worded(offer: Offer) -> Chosen:
    """An entry in words that can be changed; a measure emptied is left out."""
    with st.container(border=True):
        left, right = st.columns([2, 3])
        item = left.text_input(_("Power item"), offer.power_item, key=f"pack:item:{offer.risk_id}", max_chars=80)
        point = right.text_area(_("Risk point"), offer.risk_point, key=f"pack:point:{offer.risk_id}", max_chars=300,
                                height="content")  # fmt: skip
        measures = [
            st.text_area(_("Measure {n}", n=n), text, key=f"pack:measure:{offer.risk_id}:{n}", max_chars=500,
                         height="content")
            for n, text in enumerate(offer.measures, 1)
        ]
    return Chosen(offer.risk_id, item or "", point or "", tuple(text or "" for text in measures))


def _take(unit_id: str) -> None:
    st.caption(_("A pack of another community becomes suggestions at self-inspection and at planning. Each is taken "
                 "over by a person, one by one; nothing in the register changes by itself."))  # fmt: skip
    version = STATE.setdefault("pack:upload", 0)
    file = st.file_uploader(_("Exchange pack (.zip, up to 1 MB)"), type=["zip"], key=f"pack:file:{version}",
                            max_upload_size=1)  # fmt: skip
    if file is None:
        return
    content = file.getvalue()
    try:
        pack, _digest = exchange.read(content)
    except Invalid as refusal:
        st.error("\n\n".join(refusal.fields.values()))
        return
    st.markdown(_("**{title}**, made on {day}: {n} risk points.", title=literal(pack.title), day=pack.made_on,
                  n=len(pack.points)))  # fmt: skip
    _points(pack, unit_id)
    pressed = st.button(_("Take these in as suggestions"), type="primary", key="pack:in")
    if pressed and gate.do(exchange.take_in, unit_id, content):
        STATE["pack:upload"] = version + 1
        deeds.done(_("Taken in. The suggestions stand at self-inspection and at planning from now on."))


def _points(pack: PackFile | TakenPack, unit_id: str) -> None:
    names = [row.name for row in gate.ask(items.catalogue, unit_id)]
    points = pack.points if isinstance(pack, PackFile) else pack.told()
    tables.table(
        [_("Power item"), _("Risk point"), _("Level elsewhere"), _("Measures")],
        [
            [_here(point.power_item, names), point.risk_point, tables.Mark(marks.level_mark(point.level)),
             "；".join(row.text for row in point.measures) or "—"]
            for point in tables.page(points, f"pack:points:{unit_id}:{pack.title}")
        ],
    )  # fmt: skip


def _here(name: str, names: Sequence[str]) -> str:
    """A power item by its name elsewhere, with the one it meets in this catalogue where that is called differently."""
    own = next((own for own in names if exchange.same_item(own, name)), None)
    if own is None:
        return _("{name} (not in this catalogue)", name=name)
    return name if own == name else _("{name} (here: {own})", name=name, own=own)


def _taken(unit_id: str) -> None:
    packs = gate.ask(exchange.packs, unit_id)
    st.subheader(_("Packs taken in"))
    if not packs:
        st.info(_("None yet. What another community has learned stands here with its risk points and measures once its "
                  "pack has been taken in."))  # fmt: skip
    for pack in packs:
        said = _("{title} · {n} risk points · taken in on {day}", title=pack.title, n=len(pack.points),
                 day=pack.taken_on)  # fmt: skip
        with st.expander(literal(said)):
            _points(pack, unit_id)
            away = deeds.sure(
                _("Put this pack away"), _("Its suggestions are shown no more. What was taken over stays."),
                _("Put it away"), f"pack:drop:{pack.id}",
            )  # fmt: skip
            if away and gate.do(exchange.put_away, pack.id):
                deeds.done(_("The pack has been put away."))
