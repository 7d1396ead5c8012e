"""Several receipts at once, to be handed out: kept in the tab until somebody says they are, and printed as slips."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.text import _
from core.voices.receipts import grouped, plain
from pages.ui import receipt, tables

SHORT = 24
"""Signs of a matter that are shown beside its receipt, so that it comes to the right person."""


def keep(page: str, texts: Sequence[str], codes: Sequence[str], unit_code: str) -> None:
    """Hold the receipts of matters for this tab and show them from the next run on; a code is empty where nobody
    wants one."""
    rows = [
        (n, _short(text), plain(code)) for n, (text, code) in enumerate(zip(texts, codes, strict=True), 1) if code
    ]
    st.session_state[f"slips:{page}"] = (len(texts), rows, unit_code)
    if rows:
        st.query_params[receipt.SHOWN] = page
    st.rerun()


def show(page: str) -> None:
    """When receipts are held, show them in place of the page; else what was written down, once."""
    held = st.session_state.get(f"slips:{page}")
    if held is None:
        receipt.tell_of_loss(page)
        return
    count, rows, unit_code = held
    told = _("{n} matters were written down, each as a flag of its own.", n=count)
    if not rows:
        del st.session_state[f"slips:{page}"]
        st.success(told)
        return
    st.subheader(told)
    st.write(_("{n} receipts to hand out. They are shown this once; whoever has the code can see what becomes of the matter.", n=len(rows)))  # fmt: skip  # noqa: E501
    tables.table(
        [_("Matter"), _("What residents said"), _("Receipt code")],
        [[str(n), short, tables.code(grouped(digits))] for n, short, digits in rows],
    )
    _sheet([(n, digits) for n, _short, digits in rows], unit_code)
    if st.button(_("I have handed them over"), type="primary"):
        del st.session_state[f"slips:{page}"]
        receipt.was_shown(page)
        st.rerun()
    st.stop()


def _sheet(rows: Sequence[tuple[int, str]], unit_code: str) -> None:
    """The way to the slips on paper: the codes travel in the body of a form, in no address."""
    label = escape(_("Open the slips to print"))
    codes = " ".join(f"{n}:{digits}" for n, digits in rows)
    st.html(
        "<form method='post' action='/slips' target='_blank' class='qy-look'>"
        f"<input type='hidden' name='codes' value='{codes}'>"
        f"<input type='hidden' name='unit' value='{escape(unit_code)}'><button>{label}</button></form>"
    )


def _short(text: str) -> str:
    said = " ".join(text.split())
    return said if len(said) <= SHORT else said[: SHORT - 1] + "…"
