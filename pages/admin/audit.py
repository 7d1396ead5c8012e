"""The audit log: what was done, by whom and when, and whether the record holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import streamlit as st

from core import audit, dates, witness
from core.access import Permission
from core.errors import Refused
from core.events import Event
from core.organisation.places import Reach
from core.rows import AuditRow, ChainRow
from core.text import _, literal, shown
from pages.ui import gate, places, tables
from pages.ui.places import Ground, Look

gate.require(Permission.AUDIT_READ)
UNITS = Ground(Permission.AUDIT_READ, Reach.ALL)


def main() -> None:
    st.title(_("Audit log"))
    st.markdown(
        _("Every change is a line on the chain of its unit, and each line seals the one before it. What residents did "
          "stands on a chain of its own, with the date only.")
    )  # fmt: skip
    _witness()
    unit = places.one(_("Unit"), UNITS, key="audit:unit", look=Look(480))
    chains = {chain.chain: chain for chain in gate.ask(audit.chains, unit.id)}
    if not chains:
        st.info(_("Nothing is on record yet. The first line appears with the first change."))
        return
    chosen = st.segmented_control(
        _("Chain"), list(chains), default=next(iter(chains)), format_func=lambda key: _told(chains[key]),
        key=f"audit:chain:{unit.id}", required=True, label_visibility="collapsed",
    )  # fmt: skip
    chain = chains[chosen or next(iter(chains))]
    with st.container(horizontal=True):
        one = st.button(_("Check this chain"), type="primary", key="audit:one")
        every = st.button(_("Check all chains"), key="audit:all")
    if one:
        _check([chain])
    elif every:
        _check_all(gate.ask(audit.chains))
    _lines(chain)


def _witness() -> None:
    """What the witness outside the database says; it is no chain's own word."""
    try:
        found = gate.ask(witness.seen)
    except Refused as refusal:
        st.error(literal(str(refusal)))
        return
    if found is None:
        return
    chains = {chain.chain: chain for chain in gate.ask(audit.chains)} if found.broken else {}
    for one in found.broken:
        st.error(literal(_("{chain} breaks at line {n}: {why}.", chain=_named(chains[one.chain]), n=one.n,
                           why=one.why)))  # fmt: skip
    if found.broken:
        st.markdown(_("Please keep the database as it is and tell the system administrator and the discipline desk."))
    else:
        st.caption(_("On {day} every chain was as its witness outside the database saw it.", day=shown(found.day)))


def _named(chain: ChainRow) -> str:
    if chain.residents:
        return _("{unit}: what residents did ({n} lines)", unit=chain.unit, n=chain.length)
    return _("{unit}: office work ({n} lines)", unit=chain.unit, n=chain.length)


def _told(chain: ChainRow) -> str:
    return (_("What residents did: {n}", n=chain.length) if chain.residents else
            _("Office work: {n}", n=chain.length))  # fmt: skip


def _check_all(chains: Sequence[ChainRow]) -> None:
    lines = sum(chain.length for chain in chains)
    if lines <= audit.AT_ONCE:
        _check(chains)
        return
    st.info(
        _("The {n} chains hold {lines} lines: more than a page can read while you wait. Here each chain is checked by "
          "itself; whoever keeps the server checks them all by python -m db verify --whole.",
          n=len(chains), lines=lines)
    )  # fmt: skip


def _check(chains: Sequence[ChainRow]) -> None:
    """Read chains one by one, telling how far it has come, and say what was found."""
    bar, lines = st.progress(0.0), 0
    broken: list[str] = []
    for done, chain in enumerate(chains, start=1):
        found = gate.ask(audit.check, chain.chain)
        lines += found.lines
        if found.first:
            broken.append(_("{chain} breaks at line {n}: {why}.", chain=_named(chain), n=found.first.n,
                            why=found.first.why))  # fmt: skip
        bar.progress(done / len(chains), text=_("{done} of {all} chains read", done=done, all=len(chains)))
    bar.empty()
    for sentence in broken:
        st.error(literal(sentence))
    if broken:
        st.markdown(_("Please keep the database as it is and tell the system administrator and the discipline desk."))
    elif len(chains) == 1:
        st.success(_("This chain holds: {lines} lines, each sealed by the next.", lines=lines))
    else:
        st.success(_("All {n} chains hold: {lines} lines, each sealed by the next.", n=len(chains), lines=lines))


def _lines(chain: ChainRow) -> None:
    pages = max(1, -(-chain.length // audit.PAGE))
    number = st.pagination(pages, key=f"audit:page:{chain.chain}") if pages > 1 else 1
    lines = gate.ask(audit.entries, chain.chain, chain.length - audit.PAGE * (number - 1) + 1)
    names = gate.ask(audit.names, lines)
    tables.table(
        [_("No."), _("When"), _("Done by"), _("What"), _("About"), _("Details")],
        [
            [str(line.n), _when(line.at), _who(line), _what(line.event), names.get(line.subject, ""),
             _details(line, names)]
            for line in lines
        ],
    )  # fmt: skip


def _when(at: str) -> str:
    """The local time of an office deed, to the minute; of a resident's deed only the day is known."""
    moment = datetime.fromisoformat(at)
    return str(shown(moment.astimezone(dates.HERE) if moment.tzinfo else moment.date()))


def _who(line: AuditRow) -> str:
    if line.actor == "resident":
        return _("a resident") if audit.is_residents(line.chain) else _("before sign-in")
    programs = {"founder": _("set-up of the product"), "program": _("the program itself")}
    return programs.get(line.actor, line.actor)


def _what(event: str) -> str:
    return Event(event).label if event in set(Event) else event


def _details(line: AuditRow, names: Mapping[str, str]) -> str:
    """The facts of a line in small readable text; codes in words, ids by name or not at all."""
    told = []
    for key, value in line.facts.items():
        if key not in audit.FACTS or value is None:
            continue
        word, terms = audit.FACTS[key]
        text = terms(str(value)).label if terms and value in set(terms) else _fact(value, names)
        if text:
            told.append(_("{fact}: {value}", fact=_(word), value=text))
    return _("; ").join(told)


def _fact(value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return str(len(value))
    text = str(value)
    return names.get(text, "" if _is_id(text) else text)


def _is_id(text: str) -> bool:
    return len(text) == 20 and set(text) <= set("0123456789abcdef")


main()
