"""What residents asked to see made public: each with its limit, and the answer in the office's own words."""

from html import escape

import streamlit as st

from core import dates
from core.openness import requests
from core.openness.requests import AnswerForm, RequestRow
from core.text import _
from pages.ui import deeds, gate, marks, turning
from pages.ui.forms import Form

STATE = st.session_state


def show(unit_id: str, may_take_down: bool) -> None:
    """The open requests first, then what was answered."""
    key = f"disclosure:asked:{unit_id}"
    rows = gate.ask(requests.requests, unit_id, turning.kept(key))
    if not rows:
        st.info(
            _("Nobody has asked for anything to be made public yet. Residents ask on the public board, without an "
              "account, and get an answer within 15 working days.")
        )  # fmt: skip
        return
    for row in rows:
        with st.container(border=True):
            st.html(_head(row))
            if row.answered_on is None:
                _open(row)
            elif row.is_shown and may_take_down and deeds.sure(
                _("Take it off the board"), _("Residents do not see it any more; whoever asked still does."),
                _("Take it off"), row.id,
            ) and gate.do(requests.take_down, row.id):  # fmt: skip
                deeds.done(_("The board does not show it any more."))
    turning.under(rows, key)


def _head(row: RequestRow) -> str:
    today = dates.today(dates.now())
    subject = f"<p><b>{escape(row.subject)}</b></p>" if row.subject else ""
    kept = (
        _("The words have been deleted when their time was over.") if row.answered_on and not row.is_kept
        else _("You or a relative of yours answers for this power item, so the words are kept from you. Somebody else "
               "answers.")
    )  # fmt: skip
    words = marks.words(row.text) if row.text else f"<p class='qy-muted'>{escape(kept)}</p>"
    asked = escape(_("asked on {day}", day=row.asked_on))
    if row.answered_on is None:
        limit = marks.lamp(row.due_on, today, marks.working_words(row.due_on, today))
        return f"<div class='qy-entry'>{subject}{words}<p class='qy-muted'>{asked} · {limit}</p></div>"
    told = [_("answered on {day}", day=row.answered_on)]
    told += [_("cannot be made public")] if row.withheld else []
    told += [_("on the public board")] if row.is_shown else []
    answer = f"<div class='qy-speech'>{marks.words(row.answer)}</div>"
    return (
        f"<div class='qy-entry'>{subject}{words}<p class='qy-muted'>{asked} · {escape(' · '.join(told))}</p>"
        f"{answer}</div>"
    )


def _open(row: RequestRow) -> None:
    if not row.may_answer:
        return
    key = f"asked:{row.id}"
    if not STATE.get(key):
        st.button(_("Answer this request"), key=f"{key}:open", type="primary", on_click=STATE.__setitem__,
                  args=(key, True))  # fmt: skip
        return
    form = Form(f"{key}:form", AnswerForm)
    if form.send(_("Give this answer"), requests.answer, row.id):
        STATE[key] = False
        deeds.done(_("Answered. Whoever asked reads it with their receipt."))
