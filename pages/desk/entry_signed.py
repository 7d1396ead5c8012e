"""Who signed an entry, whether it still holds, and signing again with what was changed before one's eyes."""

from html import escape

import streamlit as st

from core import dates
from core.entries import signing
from core.entries.entry import EntryRow
from core.entries.signed import Hold
from core.entries.signing import SignatureRow
from core.text import _
from pages.ui import gate

SIGNS = {Hold.VALID: "✓", Hold.STALE: "!", Hold.EXPIRED: "!"}


def panel(row: EntryRow) -> None:
    """The signatures that stand, and those that others took the place of folded."""
    st.subheader(_("Signatures"), anchor="signed")
    found = gate.ask(signing.signatures, row.id)
    standing = [one for one in found if one.hold is not None]
    if not found:
        st.caption(
            _("Nobody has signed yet. The rating is signed by who decides it, and the closing by who confirms it.")
        )
    for one in standing:
        st.html(_standing(one))
    if past := [one for one in found if one.hold is None]:
        lines = "".join(f"<li>{escape(_words(one))}</li>" for one in past)
        with st.expander(_("Earlier signatures: {n}", n=len(past))):
            st.html(f"<ul class='qy-facts qy-tall'>{lines}</ul>")


def _standing(one: SignatureRow) -> str:
    hold = one.hold or Hold.VALID
    mark = "qy-held" if hold is Hold.VALID else "qy-lapsed"
    said = f"<p>{escape(_words(one))}</p><p class='{mark}'>{SIGNS[hold]} {escape(_held(one))}</p>"
    return f"<div class='qy-speech'>{said}</div>"


def _words(one: SignatureRow) -> str:
    return _("{stage}: signed by {name} on {day}", stage=one.stage, name=one.signer, day=one.signed_on)


def _held(one: SignatureRow) -> str:
    if one.hold is Hold.STALE and one.stale_on:
        return _("No longer holds: something was changed on {day}. It is to be signed again.", day=one.stale_on)
    if one.hold is Hold.EXPIRED and one.expires_on:
        return _("No longer holds: it ran out on {day}. It is to be signed again.", day=one.expires_on)
    if one.expires_on:
        return _("Holds until {day}, as long as nothing material is changed", day=one.expires_on)
    return _("Holds as long as nothing material is changed")


def form(row: EntryRow) -> bool:
    """What was changed since, and the button that signs exactly what is shown here; whether it was signed."""
    found = gate.ask(signing.asked, row.id)
    if found.changes:
        st.write(_("Changed since it was signed:"))
        st.html(f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in found.changes)}</ul>")
    else:
        st.write(_("Nothing was changed. Please look at the entry and say whether it still stands."))
    today = dates.today(dates.now())
    st.caption(_("With your name you confirm what stands in this entry today, {day}.", day=today))
    label = _("Sign this {stage}", stage=found.stage)
    pressed = st.button(label, type="primary", key="entry:sign")
    return pressed and gate.do(signing.sign_again, row.id, found.digest) is not None
