"""Self-inspection (自己找): one screen for a whole round, saved as one goes."""

from html import escape

import streamlit as st

from core import dates
from core.access import Permission
from core.inspection import rounds
from core.inspection.quarters import A_YEAR, FIELDS
from core.inspection.rounds import Change, Looked, OwnRound, RoundForm, Sheet
from core.rows import InspectionRow
from core.tables import exchange
from core.text import N_, _, day, literal
from core.voices.flags import CadreFlag
from core.words import Answer
from pages.ui import already, gate, marks, shell
from pages.ui.forms import Form

ROWS = 15


def page() -> None:
    gate.require(Permission.FLAG_INSPECT)
    own = gate.ask(rounds.own_round)
    if not own.sheets:
        st.title(_("Self-inspection"))
        _explain_no_items(own)
        return
    sheet = own.sheets[0]
    if len(own.sheets) > 1:
        names = {each.unit_id: each for each in own.sheets}
        chosen = st.segmented_control(
            _("Community"), list(names), default=sheet.unit_id, format_func=lambda key: names[key].unit, required=True
        )
        sheet = names[chosen or sheet.unit_id]
    if sheet.due_on is None:
        st.title(_("Self-inspection"))
        _offer_round(sheet)
        return
    _header(sheet, own.posts)
    if sheet.rows:
        _rows(sheet)


def _explain_no_items(own: OwnRound) -> None:
    if own.posts:
        posts = "、".join(own.posts)
        st.info(_("No power item hangs on your post yet ({posts}). Choose them in the catalogue first.", posts=posts))
        shell.link("catalogue", _("Open the catalogue of power items"))
    else:
        st.info(
            _("You hold no post yet. The system administrator gives people their posts; once you hold one, the power "
              "items of that post stand here for you to go through.")
        )  # fmt: skip


def _offer_round(sheet: Sheet) -> None:
    st.info(
        _("No round is open now. In a round everybody goes through the power items of their own post, {n} in your "
          "case, and says for each whether a risk has come up. Your street usually opens it; your community may "
          "also open one of its own.", n=len(sheet.rows))
    )  # fmt: skip
    today = dates.today(dates.now())
    st.subheader(_("Open a round for {unit}", unit=sheet.unit))
    form = Form(
        "round", RoundForm, options={"unit_id": {sheet.unit_id: sheet.unit}}, draft=False, columns=2,
        skip=(*FIELDS, "posts"),
        start={"title": _("Self-inspection {year}", year=today.year), "starts_on": today, "ends_on": today + A_YEAR},
    )  # fmt: skip
    st.caption(_("The round has four parts of equal length; the self-inspection is asked for by the end of the first. "
                 "The days can be changed on the page of rounds."))  # fmt: skip
    if form.send(_("Open the round"), rounds.open_round):
        st.rerun()


def _header(sheet: Sheet, posts: tuple[str, ...]) -> None:
    today = dates.today(dates.now())
    st.title(sheet.title)
    if sheet.due_on:
        limit = marks.lamp(sheet.due_on, today, marks.due_words(sheet.due_on, today))
        until = _("until {day}", day=sheet.due_on)
        st.html(f"<p class='qy-muted'>{escape('、'.join(posts))} · {until} · {limit}</p>")
    if not sheet.rows:
        st.info(_("This round does not ask your posts, so there is nothing to go through."))
        return
    told = _("{done} of {all} done", done=sheet.done, all=len(sheet.rows))
    if sheet.left:
        told += " · " + _("about {n} minutes left", n=sheet.left)
    st.progress(sheet.done / len(sheet.rows), text=told)


def _rows(sheet: Sheet) -> None:
    if sealed := st.session_state.pop("sealed", ""):
        st.warning(sealed)
    words = {"left": _("Left ({n})", n=sheet.left), "all": _("All ({n})", n=len(sheet.rows))}
    shown = st.segmented_control(
        _("Show"), list(words), default="left" if sheet.left else "all", format_func=words.__getitem__, required=True,
        key=f"shown:{sheet.round_id}:{not sheet.left}", label_visibility="collapsed",
    )  # fmt: skip
    if not sheet.left:
        st.success(
            _("You have gone through every power item of this round. What you found is with the first review now.")
        )
    rows = [row for row in sheet.rows if shown != "left" or row.answer is None]
    pages = -(-len(rows) // ROWS)
    number = 1
    below = st.container()
    if pages > 1:
        number = st.pagination(pages, key=f"page:{shown}")
    with below:
        last = ""
        for row in rows[(number - 1) * ROWS : number * ROWS]:
            if row.dimension.label != last:
                last = row.dimension.label
                st.html(f"<h2 class='qy-group'>{escape(last)}</h2>")
            _row(row, sheet.unit_id, sheet.reason)


def _row(row: InspectionRow, unit_id: str, reason: str) -> None:
    """One power item; where nothing is found, `reason` stands for it, once one was given on this sheet."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    entries = _("{n} open entries", n=row.open_entries) if row.open_entries else ""
    left.html(f"<div class='qy-item'>{escape(row.item)} <span class='qy-muted'>{escape(entries)}</span></div>")
    options = [Answer.CHANGED, Answer.FOUND] if row.answer is Answer.FOUND else list(Answer)
    choice = right.segmented_control(
        _("What you say of {item}", item=row.item), options, default=row.answer, format_func=lambda a: a.label,
        key=_key(row), label_visibility="collapsed", on_change=_open, args=(row.item_id,),
    )  # fmt: skip
    again = choice is Answer.NOTHING and row.answer is not Answer.NOTHING and reason
    if again and gate.do(rounds.inspect, row.item_id, Answer.NOTHING):
        _close(row)
    if choice is not None and st.session_state.get("open_row") == row.item_id:
        _details(row, choice, unit_id)
    else:
        _said(row, choice)


def _said(row: InspectionRow, choice: Answer | None) -> None:
    """What was said already, and the way to say more."""
    nothing = row.answer is Answer.NOTHING
    said = [_("Looked: {text}", text=row.note) if nothing else _("Changed: {text}", text=row.note)] if row.note else []
    said += [_("Found: {text}", text=text) for text in row.found]
    if row.said_on and said:
        said.append(f"{row.said_by} · {day(row.said_on)}")
    if said:
        st.html(f"<p class='qy-muted'>{'<br>'.join(map(escape, said))}</p>")
    if choice is None:
        return
    if choice is not row.answer:
        label = _("Not saved yet: go on")
    elif choice is Answer.NOTHING:
        label = _("Change the reason")
    else:
        label = _("Found another") if choice is Answer.FOUND else _("Change the note")
    st.button(f"{label} ›", type="tertiary", key=f"more:{row.item_id}", on_click=_open, args=(row.item_id,))


def _details(row: InspectionRow, choice: Answer, unit_id: str) -> None:
    with st.container(border=True):
        if choice is Answer.NOTHING:
            _looked(row)
            return
        if choice is Answer.CHANGED:
            change = Form(f"change:{row.item_id}", Change, start={"note": row.note})
            if change.send(_("Save"), rounds.note_change, row.item_id):
                _close(row)
            return
        chips = st.container()
        words, rating = st.columns([3, 2])
        rating.caption(_("Your own rating: 1 low, 2 medium, 3 high. All four or none."))
        left, right = rating.columns(2)
        found = Form(f"found:{row.item_id}", CadreFlag, columns={
            "text": words, "risk_type": words, "power": left, "discretion": left, "probability": right, "harm": right,
        })  # fmt: skip
        with chips:
            _suggest(row, found, unit_id)
        if already.shown((unit_id,), found.fields["text"], row.item_id):
            st.caption(_("You can still save it as your own voice: the first review decides whether it joins one."))
        done = found.send(_("Save what you found"), rounds.inspect, row.item_id, Answer.FOUND, "")
        if done:
            if done.value:
                st.session_state["sealed"] = _(
                    "What you wrote names somebody together with misconduct. It was kept, sealed, and only the "
                    "discipline desk can read it."
                )
            _close(row)


LOOKED = (
    N_("Went through this year's records; nothing new"), N_("Process, people and rules are as they were"),
    N_("Nothing of this kind was handled this year"),
)  # fmt: skip


def _looked(row: InspectionRow) -> None:
    """How one looked, asked once for the whole sheet."""
    st.caption(_("Asked once: it then stands for each item where you find nothing, and you can change it there."))
    chips = st.container(horizontal=True)
    form = Form(f"looked:{row.item_id}", Looked, start={"reason": row.note})
    for n, words in enumerate(LOOKED):
        if chips.button(f"＋ {_(words)}", key=f"looked:{row.item_id}:{n}"):
            form.fill(reason=_(words))
    if form.send(_("Save"), rounds.find_nothing, row.item_id):
        _close(row)


def _suggest(row: InspectionRow, form: Form[CadreFlag], unit_id: str) -> None:
    for n, point in enumerate(gate.ask(exchange.known_elsewhere, unit_id, row.item)):
        if not n:
            st.caption(_("Known elsewhere: take it over and change what differs here"))
        if st.button(f"＋ {literal(point.risk_point)}", key=f"chip:{row.item_id}:{n}"):
            typed = str(form.fields["text"]).strip()
            text = f"{typed}\n{point.risk_point}" if typed else point.risk_point
            form.fill(text=text, risk_type=point.risk_type)


def _key(row: InspectionRow) -> str:
    return f"say:{row.item_id}:{st.session_state.get(f'said:{row.item_id}', 0)}"


def _open(item_id: str) -> None:
    st.session_state["open_row"] = item_id


def _close(row: InspectionRow) -> None:
    st.session_state.pop("open_row", None)
    st.session_state[f"said:{row.item_id}"] = st.session_state.get(f"said:{row.item_id}", 0) + 1
    st.rerun()


page()
