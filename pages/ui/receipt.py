"""A receipt on the screen: shown once, kept through reruns of the tab until somebody says it is saved."""

from dataclasses import dataclass
from html import escape

import segno
import streamlit as st

from core.access import RESIDENT
from core.errors import Invalid, Missing, Refused
from core.openness import requests
from core.privacy.crowd import is_crowded
from core.store import Work
from core.text import N_, _
from core.voices import flags, followup, supports, telling, unlocking
from core.voices.doorstep import Doorstep
from core.voices.receipts import grouped, locator, parts, plain
from core.voices.story import Story
from core.voices.telling import Caution, Concern
from core.voices.unlocking import Opened
from core.words import Channel
from pages.ui import adding, gate
from pages.ui.downloads import Unnoted, site, unnoted
from pages.ui.throttle import may_guess, may_speak, note_wrong

SHOWN = "receipt"
"""What the address of a page says while a receipt stands on it: that there is one, and nothing of it."""


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
    st.query_params[SHOWN] = page
    st.rerun()


def show(page: str, heading: str, saved: str) -> None:
    """When a receipt is held, show it in place of the page, with `saved` as the one way on."""
    held = st.session_state.get(f"receipt:{page}")
    if held is None:
        tell_of_loss(page)
        return
    digits, unit_code, joined, concerns = held
    st.header(_("You are counted in") if joined else heading)
    for concern in concerns:
        st.info(telling.door(concern))
    _card(digits, joined=bool(joined))
    _take_along(digits, unit_code, joined, concerns)
    if page == "speak" and not joined:
        _add(digits)
    if st.button(saved, type="primary"):
        del st.session_state[f"receipt:{page}"]
        was_shown(page)
        st.rerun()
    st.stop()


def _card(digits: str, *, joined: bool) -> None:
    """The code in groups, its QR, and what it is for."""
    groups = "".join(f"<span>{group}</span> " for group in grouped(digits).split(" "))
    title, picture = _("Your receipt code"), _("QR code of your receipt")
    told = _("It is shown this once. With it, and only with it, you can see what becomes of your words.")
    if joined:
        told = _("It is shown this once. With it, and only with it, you can see what becomes of the entry, and leave it again.")  # fmt: skip  # noqa: E501
    st.html(
        f"<div class='qy-receipt'><p>{escape(title)}</p><p class='qy-digits'>{groups}</p>"
        f"<img alt='{escape(picture)}' src='{_picture(digits)}'>"
        f"<p>{escape(told)}</p></div>"
    )  # fmt: skip


def _take_along(digits: str, unit_code: str, joined: int, concerns: tuple[Concern, ...]) -> None:
    """Saving the code as a file, and the sheet to print."""
    title, sheet, file = _("Your receipt code"), _("Open the sheet to print"), _("receipt")
    with st.container(horizontal=True):
        words = f"{title}\r\n{grouped(digits)}\r\n{_address()}\r\n"
        unnoted(_("Save as a text file"), words, f"{file}.txt", Unnoted.OWN)
        st.html(
            "<form method='post' action='/receipt' target='_blank' class='qy-look'>"
            f"<input type='hidden' name='code' value='{digits}'>"
            f"<input type='hidden' name='unit' value='{escape(unit_code)}'>"
            f"<input type='hidden' name='joined' value='{joined or ''}'>"
            f"<input type='hidden' name='concerns' value='{','.join(concerns)}'>"
            f"<button name='do' value='show'>{escape(sheet)}</button></form>"
        )  # fmt: skip


def _add(digits: str) -> None:
    """What the sender may add at once, with the receipt in hand."""
    if opened := unlocked(digits):
        found = story(opened)
        if isinstance(found, Story):
            adding.own_level(opened, found, "speak")
            adding.files(opened, found, "speak")


def was_shown(page: str) -> None:
    """Forget that a receipt stands on a page: it is saved."""
    if st.query_params.get(SHOWN) == page:
        del st.query_params[SHOWN]


def tell_of_loss(page: str) -> None:
    """Say that a receipt was on the screen when the page was loaded anew or the server restarted: it is lost."""
    if st.query_params.get(SHOWN) == page:
        st.warning(_("The page was interrupted while a receipt stood here, and it cannot be shown again. What was said has arrived. If the code was not saved, please say it once more."))  # fmt: skip  # noqa: E501


def ask_or_speak(work: Work, step: Doorstep, draft: flags.ResidentFlag) -> str | Question:
    """What the sender is asked first; where there is nothing to ask, speak and give the receipt."""
    found = telling.second_look(telling.cautions(draft.text))
    question = Question(supports.already_said(work, step.community_id, draft), found)
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


def unlocked(code: str) -> Opened | None:
    """What a code opens; None, with the sentence shown, when it opens nothing. Guessing is counted."""
    both = parts(code)
    if both and not may_guess(both[0]):
        st.error(_("Too many wrong codes were tried. Please come back in a quarter of an hour."))
        return None
    try:
        return gate.inquire(RESIDENT, unlocking.unlock, code)
    except Missing as refusal:
        if note_wrong(locator(plain(code))):
            gate.perform(RESIDENT, followup.note_guessing)
        st.error(str(refusal))
    except Invalid as refusal:
        st.error("\n\n".join(refusal.fields.values()))
    return None


def story(opened: Opened) -> Story | supports.Joined | requests.Told:
    """What became of the matter of a receipt."""
    if opened.asks:
        return gate.ask(requests.follow, opened)
    if opened.supports:
        return gate.ask(supports.follow, opened)
    return gate.ask(followup.follow, opened)


def _picture(digits: str) -> str:
    return segno.make(f"{_address()}#{digits}", error="m").svg_data_uri(scale=5, border=2, light="#fff")


def _address() -> str:
    return f"{site()}/receipt"
