"""Documents to take away, in one place: for the wall, as Word, and packs to learn from each other."""

import streamlit as st

from core.access import Permission
from core.errors import Refused
from core.formats import fonts
from core.text import N_, _
from pages.insight import exchange, letters, printing
from pages.ui import deeds, gate

actor = gate.require(Permission.REGISTER_READ)
VIEWS = {"print": N_("To hang up"), "word": N_("To write and report"), "exchange": N_("To learn from each other")}


def main() -> None:
    st.title(_("Documents"))
    st.caption(_("Without words of residents and without anything sealed. That a document was taken out is kept in "
                 "the audit log."))  # fmt: skip
    deeds.tell()
    views = [key for key in VIEWS if key != "exchange" or actor.may(Permission.PACK_SHARE)]
    wanted = st.query_params.get("view", "print")
    view = st.segmented_control(
        _("View"), views, default=wanted if wanted in views else "print", format_func=lambda key: _(VIEWS[key]),
        required=True, key=f"documents:{wanted}", label_visibility="collapsed",
    )  # fmt: skip
    if view == "exchange":
        exchange.show()
    elif view == "word":
        letters.show(actor)
    elif _can_print():
        printing.show(actor)


def _can_print() -> bool:
    """Whether there is a font to print with; else why not."""
    try:
        fonts.chinese()
    except Refused as refusal:
        st.warning(str(refusal))
        return False
    return True


main()
