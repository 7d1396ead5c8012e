"""A resident speaks, inside the app: the same form as behind the QR code."""

import streamlit as st

from core.access import Permission
from core.organisation import units
from core.text import _
from core.voices import doorstep, flags, telling
from pages.report import already
from pages.ui import gate, hints, receipt, shell
from pages.ui.forms import Form

gate.require(Permission.FLAG_SPEAK)
st.title(_("Say what worries you"))
receipt.show("speak", _("Your words have arrived"), _("I have saved the code"))

communities = {row.code: row for row in gate.ask(units.communities)}
if not communities:
    st.info(_("No community takes part here yet."))
    st.stop()
code = st.query_params.get("unit", "") or (next(iter(communities)) if len(communities) == 1 else "")
with st.container(width=720):
    step = gate.ask(doorstep.found, code) if code else None
    if code and step is None:
        st.subheader(_("This link leads nowhere any more"))
        st.text(_("Perhaps the notice is an old one. Please choose your community here."))
    if step is None:
        code = st.selectbox(
            _("Which community is it about?"), list(communities), index=None, placeholder=_("Please choose"),
            format_func=lambda key: communities[key].trail,
        ) or ""  # fmt: skip
        step = gate.ask(doorstep.doorstep, code) if code else None
    if step is not None:
        st.caption(" · ".join(part for part in (step.community, step.place) if part))
        if (asked := st.session_state.get(f"alike:{code}")) is not None:
            already.ask(step, *asked)
        form = Form(
            f"speak:{code}", flags.ResidentFlag, draft=False,
            start={"place_id": step.place_id} | st.session_state.get(f"typed:{code}", {}),
            options={"item_id": step.item_words(), "place_id": step.place_words()},
        )  # fmt: skip
        hints.cautions(telling.cautions(str(form.fields["text"] or "")[: flags.LONGEST]))
        if sent := form.send(_("Send"), receipt.ask_or_speak, step, keep=True):
            form.clear()
            if isinstance(sent.value, receipt.Question):
                already.hold(step, form.fields, sent.value)
            else:
                already.forget(step)
                concerns = telling.urgent(telling.cautions(str(form.fields["text"])))
                receipt.keep("speak", sent.value, step.code, concerns=concerns)
        st.caption(_("The residents' watchdog committee reads it within 5 working days, by {day}. You get a receipt to see what comes of it.", day=step.answer_by))  # fmt: skip  # noqa: E501
    st.caption(_("You leave no name. Only today's date is kept, not the hour and not your phone."))
    st.caption(_("Is it about what a certain person did? The proper way is 12388 or the street discipline desk; daily needs go to 12345; emergencies to 110, 119 or 120. You may still write it here: it is passed to the discipline desk."))  # fmt: skip  # noqa: E501
    shell.link("follow", _("I have a receipt"))
