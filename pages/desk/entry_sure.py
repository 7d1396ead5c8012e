"""Confirmations of deeds that reach beyond the office: what will happen is shown before it does."""

from collections.abc import Callable
from datetime import timedelta
from html import escape

import streamlit as st

from core import dates
from core.entries import risks
from core.entries.entry import EntryRow, PublicCard
from core.entries.risks import Notice
from core.text import _
from pages.ui import gate, marks


def announce(row: EntryRow, notice: Notice, card: PublicCard, after: Callable[[], object]) -> None:
    """The card as everybody will read it, and the button that publishes it."""

    def body() -> None:
        st.html(public_card(card))
        until = dates.today(dates.now()) + timedelta(days=dates.PUBLIC_NOTICE)
        st.write(_("Everybody can read this at once. It stays on notice until {day}; rating again takes it back.",
                   day=until))  # fmt: skip
        if st.button(_("Publish now"), type="primary", key="sure:announce") and gate.do(risks.announce, row.id, notice):
            after()

    st.dialog(_("Put on public notice"))(body)()


def file(row: EntryRow, secret_reason: str, after: Callable[[], object]) -> None:
    """What filing means, and the button that does it."""

    def body() -> None:
        st.write(_("After filing nobody can object to the level any more. Next come people and measures."))
        if secret_reason:
            st.write(_("Residents will not see this entry."))
        if st.button(_("File now"), type="primary", key="sure:file") and gate.do(risks.file, row.id, secret_reason):
            after()

    st.dialog(_("File this entry"))(body)()


def close(row: EntryRow, after: Callable[[], object]) -> None:
    """What closing means, and the button that does it."""

    def body() -> None:
        first, second = (dates.today(dates.now()) + timedelta(days=days) for days in dates.SECOND_LOOK)
        st.write(_("Residents will read that this is done. It is looked at again on {first} and {second}, and can be"
                   " reopened with a reason.", first=first, second=second))  # fmt: skip
        if st.button(_("Close now"), type="primary", key="sure:close") and gate.do(risks.close, row.id):
            after()

    st.dialog(_("Close this entry"))(body)()


def public_card(card: PublicCard) -> str:
    """An entry as the public board shows it."""
    planned = [(text, _("by {day}", day=due)) for text, due in card.measures]
    lines = "".join(f"<li>{escape(text)} · {escape(due)}</li>" for text, due in planned)
    none = _("No measure is planned yet.")
    done = f"<ul>{lines}</ul>" if lines else f"<p class='qy-muted'>{escape(none)}</p>"
    return (
        f"<div class='qy-notice'><p class='qy-muted'>{escape(card.unit)} · {escape(card.item)}</p>"
        f"<p><strong>{escape(card.wording)}</strong></p><p>{marks.level_mark(card.level)}</p>{done}</div>"
    )
