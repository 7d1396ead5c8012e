"""A receipt on the screen: shown once, kept through reruns of the tab until somebody says it is saved."""

from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st

from core import flags, followup
from core.access import RESIDENT
from core.doorstep import Doorstep
from core.errors import Invalid, Missing, Refused
from core.receipts import grouped, locator, parts, plain
from core.store import Work
from core.text import N_, _
from core.words import Channel
from pages.ui import gate
from pages.ui.throttle import may_guess, may_speak, note_wrong


def keep(page: str, code: str, unit_code: str) -> None:
    """Hold a receipt for this tab and show it from the next run on."""
    st.session_state[f"receipt:{page}"] = (plain(code), unit_code)
    st.rerun()


def show(page: str, heading: str, saved: str) -> None:
    """When a receipt is held, show it in place of the page, with `saved` as the one way on."""
    held = st.session_state.get(f"receipt:{page}")
    if held is None:
        return
    digits, unit_code = held
    st.subheader(heading)
    groups = "".join(f"<span>{group}</span> " for group in grouped(digits).split(" "))
    sheet = _("Open the sheet to print")
    title, picture, file = _("Your receipt code"), _("QR code of your receipt"), _("receipt")
    told = _("It is shown this once. With it, and only with it, you can see what becomes of your words.")
    st.html(
        f"<div class='qy-receipt'><p>{escape(title)}</p><p class='qy-digits'>{groups}</p>"
        f"<img alt='{escape(picture)}' src='{_picture(digits)}'>"
        f"<p>{escape(told)}</p></div>"
    )  # fmt: skip
    with st.container(horizontal=True):
        st.download_button(
            _("Save as a text file"), f"{title}\r\n{grouped(digits)}\r\n{_address()}\r\n",
            file_name=f"{file}.txt", on_click="ignore",
        )  # fmt: skip
        st.html(
            "<form method='post' action='/receipt' target='_blank' class='qy-look'>"
            f"<input type='hidden' name='code' value='{digits}'>"
            f"<input type='hidden' name='unit' value='{escape(unit_code)}'>"
            f"<button name='do' value='show'>{escape(sheet)}</button></form>"
        )  # fmt: skip
    if st.button(saved, type="primary"):
        del st.session_state[f"receipt:{page}"]
        st.rerun()
    st.stop()


def speak(work: Work, step: Doorstep, draft: flags.ResidentFlag) -> str:
    """Speak from inside the app, within the same limits as behind a QR code."""
    if not may_speak(step.community_id):
        raise Refused(N_("Many people are sending at this moment. Please send it again in a minute."))
    return flags.speak(work, step.code, draft, Channel.WEB)


def story(code: str) -> followup.Story | None:
    """What became of the matter a code belongs to; None, with the sentence shown, when it opens nothing."""
    both = parts(code)
    if both and not may_guess(both[0]):
        st.error(_("Too many wrong codes were tried. Please come back in a quarter of an hour."))
        return None
    try:
        return gate.inquire(RESIDENT, followup.follow, code)
    except Missing as refusal:
        note_wrong(locator(plain(code)))
        st.error(str(refusal))
    except Invalid as refusal:
        st.error("\n\n".join(refusal.fields.values()))
    except Refused as refusal:
        st.error(str(refusal))
    return None


def _picture(digits: str) -> str:
    return segno.make(f"{_address()}#{digits}", error="m").svg_data_uri(scale=5, border=2, light="#fff")


def _address() -> str:
    url = st.context.url
    here = urlsplit(url) if isinstance(url, str) else urlsplit("")
    return f"{here.scheme}://{here.netloc}/receipt" if here.netloc else "/receipt"
