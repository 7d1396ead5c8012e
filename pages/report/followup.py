"""Coming back with a receipt, inside the app: what became of it, answering, rating."""

from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.openness.requests import Told
from core.text import _, day, literal
from core.voices import followup
from core.voices.receipts import plain
from core.voices.story import Line
from core.voices.supports import Joined
from pages.ui import adding, gate, receipt
from pages.ui.marks import kept_words, left_words, words, working_words

gate.require(Permission.RECEIPT_OPEN)
st.title(_("See what became of it"))

with st.form("code", border=False):
    typed = st.text_input(_("The code on your receipt"), help=_("36 digits. Blanks do not matter."), key="receipt_code")
    st.form_submit_button(_("Look it up"), type="primary")
if not typed:
    st.caption(_("The code is lost? Nobody can find it again, because nobody knows who you are. You can say it once more, and the public board shows what is being done."))  # fmt: skip  # noqa: E501
    st.stop()


def lines(told: tuple[Line, ...]) -> None:
    st.subheader(_("What has happened"))
    for line in told:
        mark = "●" if line.done else "○"
        st.markdown(f"{mark} {day(line.day) if line.day else ''} {literal(line.sentence)}")


def more() -> None:
    """What one takes along or deletes is done on the plain page, where it can be saved as a file."""
    label = escape(_("Save, print, prove or delete"))
    st.html(
        "<form method='post' action='/receipt' target='_blank' class='qy-look'>"
        f"<input type='hidden' name='code' value='{plain(typed)}'>"
        f"<button name='do' value='open'>{label}</button></form>"
    )


opened = receipt.unlocked(typed)
if opened is None:
    st.stop()
story = receipt.story(opened)

today = dates.today(dates.now())
if isinstance(story, Told):
    st.caption(" · ".join(part for part in (story.community, story.subject) if part))
    st.subheader(story.headline.rstrip("。."))
    if story.due_on:
        by = _("by {day}", day=story.due_on)
        st.text(f"{working_words(story.due_on, today)} · {by}")
    if story.answer:
        st.html(words(story.answer))
    lines(story.lines)
    more()
    st.stop()
st.caption(" · ".join(part for part in (story.community, story.place) if part))
st.header(story.headline.rstrip("。."))
st.text(_("Next: {step}", step=story.next_step))
if story.due_on:
    by = _("by {day}", day=story.due_on)
    working = not isinstance(story, Joined) and story.working
    st.text(f"{left_words(story.due_on, today, working=working)} · {by}")
if isinstance(story, Joined):
    st.html(words(story.wording))
    lines(story.lines)
    more()
    st.stop()
for promise in story.promises:
    until, working = _("by {day}", day=promise.due_on), promise.working
    if promise.done_on:
        stands = kept_words(promise.due_on, promise.done_on, working=working)
    else:
        stands = left_words(promise.due_on, today, working=working)
    st.text(f"{'✓' if promise.done_on else '○'} {promise.what} · {until} · {stands}")
for said in story.thread:
    with st.chat_message("user" if said.from_sender else "assistant"):
        who = _("You") if said.from_sender else _("The office")
        st.caption(f"{who} · {day(said.day)}")
        st.html(words(said.text))
if story.may_answer:
    answer = st.text_area(_("Your answer"), max_chars=2000, key="answer")
    if st.button(_("Send the answer")) and gate.do(followup.answer, opened, answer):
        st.rerun()
if story.may_write:
    with st.expander(_("Add something to what you said")):
        addition = st.text_area(_("What you want to add"), max_chars=2000, key="addition")
        if st.button(_("Send this")) and gate.do(followup.write, opened, addition):
            st.rerun()
lines(story.lines)

if story.may_rate:
    st.subheader(_("How was it handled?"))
    asked = (_("Did they respond?"), _("Was it solved?"), _("Are you satisfied?"))
    given = [
        st.segmented_control(label, range(1, 6), default=before, key=f"rate{n}")
        for n, (label, before) in enumerate(zip(asked, story.ratings, strict=True))
    ]
    if st.button(_("Send the rating")) and gate.do(followup.rate_answer, opened, *given):
        st.success(_("Thank you. This has been noted."))

if story.may_ask_again:
    with st.expander(_("Not solved? Ask for it to be taken up again")):
        again = st.text_area(_("What is still not right?"), max_chars=2000, key="again")
        st.caption(_("Once for each answer. The watchdog committee and the street read it."))
        if st.button(_("Ask for it")) and gate.do(followup.ask_reopening, opened, again):
            st.rerun()

st.subheader(_("What you said"))
st.html(words(story.text))
adding.own_level(opened, story, "follow")
adding.files(opened, story, "follow")
more()
