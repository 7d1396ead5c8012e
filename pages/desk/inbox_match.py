"""The entries a flag may belong to, side by side with it; merging says what will change, and a person decides."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.review import distinctions, merging, previewing, quoting
from core.review.merging import Choice, Likeness, MergeForm
from core.review.quoting import Quote
from core.rows import InboxRow
from core.text import _, literal
from pages.desk.inbox_turn import STATE, act, done, panel, suggest_again, tell_apart
from pages.ui import changes, gate, voices
from pages.ui.forms import Form


def candidates(row: InboxRow, likely: Sequence[Likeness]) -> None:
    """At most three entries, each with why it may be the same and two answers; then what was told apart before."""
    if likely:
        st.html(voices.legend(_("May be the same as"), likely))
        said = gate.ask(quoting.quotes, [likeness.match.risk_id for likeness in likely])
        for n, (likeness, cell) in enumerate(zip(likely, st.columns(max(2, len(likely))), strict=False)):
            with cell:
                _candidate(row, likeness, said[likeness.match.risk_id], first=n == 0)
    else:
        st.caption(_("No entry of this register resembles it. It may be a new one."))
    for apart in gate.ask(distinctions.told_apart, row.id):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"qyc_apart_{apart.risk_id}"):
            told = _("Not the same as No. {n} “{title}” ({name}, {day})", n=apart.number, title=apart.title,
                     name=apart.said_by, day=apart.said_on)  # fmt: skip
            st.caption(literal(told))
            if st.button(_("Suggest it again"), key=f"again:{apart.risk_id}", type="tertiary"):
                suggest_again(row.id, apart.risk_id)


def _candidate(
    row: InboxRow, likeness: Likeness, said: Sequence[Quote], *, first: bool, chosen: bool = False
) -> None:
    match, kind = likeness.match, "pre" if likeness.match.preselected else "may"
    with st.container(border=True, key=f"qyc_{kind}_{match.risk_id}"):
        voices.candidate_card(likeness, said, row.text)
        with st.container(horizontal=True, gap="small"):
            if not chosen and st.button(
                _("Merge into No. {n}…", n=likeness.number), key=f"into:{match.risk_id}",
                type="primary" if match.preselected and not STATE.get("inbox:act") else "secondary",
            ):  # fmt: skip
                act("merge", match.risk_id)
            if st.button(_("Not the same"), key=f"apart:{match.risk_id}", shortcut="0" if first else None):
                tell_apart(row, match.risk_id, likeness.number)


def merge_beside(row: InboxRow, likely: Sequence[Likeness]) -> None:
    """The entry to merge into, whichever is chosen, and beside it the form that says what will change."""
    choices = {c.risk_id: c for c in gate.ask(merging.open_entries, row.id)}
    if not choices:
        st.info(_("This register has no open entry yet. Open the flag as an entry of its own."))
        return
    entry, deed = st.columns(2)
    with deed, panel("merge"):
        wanted = _merge_form(row, likely, choices)
        if st.button(_("Not now"), key="inbox:not_now", type="tertiary"):
            act("")
    said = gate.ask(quoting.quotes, [wanted])[wanted] if wanted else []
    with entry:
        for likeness in likely:
            if likeness.match.risk_id == wanted:
                st.html(voices.legend(_("May be the same as"), [likeness]))
                _candidate(row, likeness, said, first=True, chosen=True)
                return
        if wanted:
            with st.container(border=True, key=f"qyc_may_{wanted}"):
                voices.choice_card(choices[wanted], said, row.text)


def _merge_form(row: InboxRow, likely: Sequence[Likeness], choices: Mapping[str, Choice]) -> str | None:
    """Which entry, why, what will change, and one button that Ctrl+Enter presses too; the entry that is chosen.

    Enter alone would merge from wherever the focus stands, for it is pressed on every other button as well.
    """
    first = [likeness.match.risk_id for likeness in likely if likeness.match.risk_id in choices]
    words = {risk_id: named(choices[risk_id]) for risk_id in dict.fromkeys([*first, *choices])}
    into = STATE.get("inbox:into") or _preselected(likely, first)
    name, start = f"merge:{row.id}:{into}", {"risk_id": into}
    form = Form(name, MergeForm, options={"risk_id": words}, start=start, draft=False)
    wanted: str | None = form.fields["risk_id"]
    if wanted is None:
        st.caption(_("Choose an entry, and what will change stands here."))
    elif not changes.merge(gate.ask(previewing.preview, row.id, wanted)):
        return wanted
    sent = form.send(
        _("Merge"), lambda work, to: merging.merge(work, row.id, to.risk_id, to.reason), shortcut="Ctrl+Enter"
    )
    if sent and wanted:
        done(row, _("Merged into entry No. {n}.", n=choices[wanted].number))
    return wanted


def _preselected(likely: Sequence[Likeness], first: Sequence[str]) -> str | None:
    """The entry that stands ready to be confirmed: the preselected one, else the likeliest."""
    ready = [likeness.match.risk_id for likeness in likely if likeness.match.preselected]
    return next((risk_id for risk_id in (*ready, *first) if risk_id in first), None)


def named(choice: Choice) -> str:
    """An entry as one chooses it from a list."""
    label = _("No. {n} {title}", n=choice.number, title=choice.title)
    return f"{label}（{choice.item}）" if choice.item else label
