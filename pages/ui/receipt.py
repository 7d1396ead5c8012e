"""A receipt on the screen: shown once, kept through reruns of the tab until somebody says it is saved."""

from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

import segno
import streamlit as st

from core import asking, flags, followup, supports, telling
from core.access import RESIDENT
from core.crowd import is_crowded
from core.doorstep import Doorstep
from core.errors import Invalid, Missing, Refused
from core.receipts import grouped, locator, parts, plain
from core.store import Work
from core.story import Story
from core.telling import Caution, Concern
from core.text import N_, _
from core.words import Channel
from pages.ui import gate
from pages.ui.throttle import may_guess, may_speak, note_wrong


@dataclass(frozen=True)
class Question:
    """What a sender is asked before words are kept: what the board says of the same matter, and what to look at once
    more."""

    alike: tuple[supports.Alike, ...]
    cautions: tuple[Caution, ...]


def keep(page: str, code: str, unit_code: str, joined: int = 0, concerns: tuple[Concern, ...] = ()) -> None:
    """Hold a receipt for this tab and show it from the next run on; `joined` is the entry that was joined by it, and
    `concerns` say which doors are nearer for what was said."""
    st.session_state[f"receipt:{page}"] = (plain(code), unit_code, joined, concerns)
    st.rerun()


def show(page: str, heading: str, saved: str) -> None:
    """When a receipt is held, show it in place of the page, with `saved` as the one way on."""
    held = st.session_state.get(f"receipt:{page}")
    if held is None:
        return
    digits, unit_code, joined, concerns = held
    st.subheader(_("You are counted in") if joined else heading)
    for concern in concerns:
        st.info(telling.door(concern))
    groups = "".join(f"<span>{group}</span> " for group in grouped(digits).split(" "))
    sheet = _("Open the sheet to print")
    title, picture, file = _("Your receipt code"), _("QR code of your receipt"), _("receipt")
    told = _("It is shown this once. With it, and only with it, you can see what becomes of your words.")
    if joined:
        told = _("It is shown this once. With it, and only with it, you can see what becomes of the entry, and leave it again.")  # fmt: skip  # noqa: E501
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
            f"<input type='hidden' name='joined' value='{joined or ''}'>"
            f"<input type='hidden' name='concerns' value='{','.join(concerns)}'>"
            f"<button name='do' value='show'>{escape(sheet)}</button></form>"
        )  # fmt: skip
    if st.button(saved, type="primary"):
        del st.session_state[f"receipt:{page}"]
        st.rerun()
    st.stop()


def ask_or_speak(work: Work, step: Doorstep, draft: flags.ResidentFlag) -> str | Question:
    """What the sender is asked first; where there is nothing to ask, speak and give the receipt."""
    question = Question(supports.already_said(work, step.code, draft), telling.second_look(draft.text))
    return question if question.alike or question.cautions else speak(work, step, draft)


def speak(work: Work, step: Doorstep, draft: flags.ResidentFlag) -> str:
    """Speak from inside the app, within the same limits as behind a QR code."""
    _refuse_crowd(work, step)
    return flags.speak(work, step.code, draft, Channel.WEB)


def join(work: Work, step: Doorstep, number: int, place_id: str | None) -> str:
    """Join an entry on the board from inside the app, within the same limits."""
    _refuse_crowd(work, step)
    return supports.join(work, step.code, number, place_id, Channel.WEB)


def _refuse_crowd(work: Work, step: Doorstep) -> None:
    if not may_speak(step.community_id, is_crowded(work, step.community_id)):
        raise Refused(N_("Many people are sending at this moment. Please send it again in a minute."))


def story(code: str) -> Story | supports.Joined | asking.Told | None:
    """What became of the matter a code belongs to; None, with the sentence shown, when it opens nothing."""
    both = parts(code)
    if both and not may_guess(both[0]):
        st.error(_("Too many wrong codes were tried. Please come back in a quarter of an hour."))
        return None
    try:
        opened = gate.inquire(RESIDENT, followup.unlock, code)
        if opened.asks:
            return gate.inquire(RESIDENT, asking.follow, opened)
        if opened.supports:
            return gate.inquire(RESIDENT, supports.follow, opened)
        return gate.inquire(RESIDENT, followup.follow, opened)
    except Missing as refusal:
        if note_wrong(locator(plain(code))):
            gate.perform(RESIDENT, followup.note_guessing)
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
