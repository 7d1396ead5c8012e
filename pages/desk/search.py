"""Search: everything one may see that holds the words, by kind; the words stand in no address and are kept nowhere."""

import streamlit as st

from core.access import Permission
from core.entries import searching
from core.entries.searching import LONGEST, Found
from core.text import _
from pages.ui import finding, gate, turning
from pages.ui.finding import ASKED, KIND, STATE, WORDS


def page() -> None:
    actor = gate.require(Permission.SEARCH_USE)
    st.title(_("Search everything"))
    if STATE.get(ASKED):  # in the head of another page
        STATE["search:field"] = STATE.pop(ASKED)
    elif "search:field" not in STATE and WORDS in STATE:  # come back to
        STATE["search:field"] = STATE[WORDS]
    with st.container(key="qy_search"):
        words = st.text_input(
            _("Search everything"), key="search:field", max_chars=LONGEST, placeholder=_("Number or words"),
            on_change=_anew, autocomplete="off",
        )  # fmt: skip
    STATE[WORDS] = words
    if not searching.sought(words or ""):
        st.caption(
            _("Entries, measures, power items, disclosures, decisions, points, units and posts that you may see "
              "anyway, by number or by words. Several words with blanks between them must all be there.")
        )  # fmt: skip
        return
    kind = STATE.get(KIND)
    if kind:
        _of_kind(words, Found(kind))
    else:
        _all(words, finding.pages(words, actor))


def _anew() -> None:
    """Other words are searched for in everything."""
    STATE[KIND] = None


def _all(words: str, pages: list[tuple[str, str]]) -> None:
    groups = gate.ask(searching.search, words)
    if not groups and not pages:
        st.info(_("Nothing that you may see holds these words."))
    if pages:
        st.subheader(_("Pages"))
        finding.listed([(title, to, "") for title, to in pages])
    for group in groups:
        kind, total = group.kind, group.total
        st.subheader(_("{kind} ({n})", kind=kind, n=total))
        finding.hits(group)
        if total > len(group.hits) and st.button(_("All {n}: {kind}", n=total, kind=kind), key=f"search:all:{kind}"):
            STATE[KIND] = kind.value
            st.rerun()


def _of_kind(words: str, kind: Found) -> None:
    if st.button(_("‹ Everything found"), key="search:back"):
        STATE[KIND] = None
        st.rerun()
    key = f"search:{kind}:{words}"
    groups = gate.ask(searching.search, words, kind, turning.kept(key))
    for group in groups:
        st.subheader(_("{kind} ({n})", kind=kind, n=group.total))
        finding.hits(group)
        turning.under(group.hits, key)
    if not groups:
        st.info(_("Nothing that you may see holds these words."))


page()
