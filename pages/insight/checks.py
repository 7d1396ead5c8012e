"""Consistency: what does not fit together in the registers, by weight and by check, with the way to mend it."""

from collections.abc import Sequence

import streamlit as st

from core import dates
from core.access import Permission
from core.consistency import findings
from core.consistency.checking import Check, Severity
from core.consistency.checks import BY_CODE, CHECKS, way
from core.consistency.findings import Community, Found, Putting, Report, Wanted
from core.documents import Document
from core.organisation.places import Reach
from core.text import _
from pages.ui import deeds, gate, marks, places, shell, tables
from pages.ui.downloads import noted
from pages.ui.forms import Form
from pages.ui.places import Ground, Look

actor = gate.require(Permission.REGISTER_READ)
FEW = 5
"""Findings of each check that are shown before one check is chosen."""
CARDS = 8
"""Checks on one page."""


def main() -> None:
    st.title(_("Consistency check"))
    deeds.tell()
    st.caption(
        _("What does not fit together in the register. The software points at it and changes nothing: mend it where it "
          "stands, or say why it stays.")
    )  # fmt: skip
    wanted = _choose()
    found = gate.ask(findings.report, wanted)
    if not found.total:
        st.info(_("No community of yours keeps a register yet."))
        return
    if not found.checked:
        _unchecked(found, wanted)
        _all()
        return
    _counts(found, wanted)
    if found.total > 1:
        _communities(found, wanted)
    if wanted.rule:
        _one(BY_CODE[wanted.rule], found.found, several=found.total > 1)
    else:
        _contents(found, wanted)
        _several(found, wanted)
    _all()


def _choose() -> Wanted:
    """What is shown; it is written into the address."""
    asked = findings.from_query(st.query_params)
    with st.container(horizontal=True, gap="small", key="qy_filters", vertical_alignment="center"):
        unit_id = places.choose(
            _("Community"), Ground(Permission.REGISTER_READ, Reach.REGISTERS), asked.unit_id or "", key="checks:unit",
            every=_("All communities"), look=Look(260, tight=True),
        ).id or None  # fmt: skip
        severities: list[Severity | None] = [None, *Severity]
        severity = st.selectbox(
            _("How it weighs"), severities, severities.index(asked.severity), label_visibility="collapsed", width=170,
            format_func=lambda one: marks.severity_words(one) if one else _("Everything"),
        )  # fmt: skip
        rules: list[str | None] = [None, *BY_CODE]
        rule = st.selectbox(
            _("Check"), rules, rules.index(asked.rule), label_visibility="collapsed", width=420,
            format_func=lambda code: _(BY_CODE[code].what) if code else _("All checks"),
        )  # fmt: skip
        aside = st.checkbox(_("Set aside as well"), asked.aside)
    same = (unit_id, severity, rule, aside) == (asked.unit_id, asked.severity, asked.rule, asked.aside)
    page = asked.page if same else 1
    wanted = Wanted(unit_id, severity, rule, bool(aside), page, asked.now and unit_id == asked.unit_id)
    if dict(st.query_params) != findings.to_query(wanted):
        st.query_params.from_dict(findings.to_query(wanted))
    return wanted


def _address(wanted: Wanted, **changed: str) -> dict[str, str]:
    """The address of what is shown, with something else in it."""
    query = findings.to_query(wanted) | changed
    return {name: value for name, value in query.items() if value}


def _unchecked(found: Report, wanted: Wanted) -> None:
    """Many communities by name, to look into one, or into those on the page at once; or one with many entries."""
    n = len(found.communities)
    if found.total == 1:
        st.caption(_("This register has many entries. To hold all of them against each other takes a while."))
        shell.link("checks", _("Check this register now"), **_address(wanted, now="1"))
        _excel(wanted)
        return
    shell.link("checks", _("Check these {n} communities at once", n=n), **_address(wanted, now="1"))
    tables.table([_("Community")], [[_to(row, wanted)] for row in found.communities])
    _turn(found, wanted)
    _excel(wanted)


def _to(row: Community, wanted: Wanted) -> tables.Link:
    """The way to what one community has."""
    return tables.Link(row.unit, "checks", _address(wanted, unit=row.unit_id, page="", now=""))


def _turn(found: Report, wanted: Wanted) -> None:
    """The choice of a page of communities."""
    if found.pages > 1:
        number = st.pagination(
            found.pages, default=min(wanted.page, found.pages), max_visible_pages=5, key=f"checks:page:{wanted.page}"
        )  # leaves room for the arrows on a phone
        if number != wanted.page:
            st.query_params.from_dict(_address(wanted, page=str(number)))
            st.rerun()


def _excel(wanted: Wanted) -> None:
    title = _("Consistency check")
    noted(
        _("Save as Excel"), f"{title} {dates.today(dates.now()):%Y-%m-%d}.xlsx",
        gate.later(findings.sheet, wanted), Document.CHECKS, wanted.unit_id or "",
    )  # fmt: skip


def _counts(found: Report, wanted: Wanted) -> None:
    cells = "".join(
        f"<li><b>{marks.severity_mark(severity)}</b>{n}</li>" for severity, n in found.counts.items()
    )  # fmt: skip
    st.html(f"<ul class='qy-facts'>{cells}</ul>")
    if found.pages > 1:
        first = findings.COMMUNITIES * (wanted.page - 1)
        st.caption(
            _("Counted are communities {first} to {last} of {n}.", first=first + 1,
              last=first + len(found.communities), n=found.total)
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        _excel(wanted)
        if found.aside and not wanted.aside:
            st.caption(_("{n} findings are set aside.", n=found.aside))


def _communities(found: Report, wanted: Wanted) -> None:
    with st.expander(_("By community ({n})", n=found.total), expanded=not wanted.rule and found.total <= CARDS):
        tables.table(
            [_("Community"), *map(marks.severity_words, Severity)],
            [[_to(row, wanted), *row.counts.values()] for row in found.communities],
        )
        _turn(found, wanted)


def _contents(found: Report, wanted: Wanted) -> None:
    """What follows on the page, check by check."""
    rows: list[list[tables.Cell]] = [
        [tables.Mark(marks.severity_mark(check.severity)),
         tables.Link(_(check.what), "checks", _address(wanted, rule=check.code)), n]
        for check, n in found.rules if wanted.severity in (None, check.severity)
    ]  # fmt: skip
    if len(rows) > FEW:
        with st.expander(_("By check ({n})", n=len(rows)), expanded=True):
            tables.table([_("How it weighs"), _("What does not fit"), _("Findings")], rows)


def _several(found: Report, wanted: Wanted) -> None:
    """Each check that found something, with its first findings."""
    if not found.found:
        st.success(_("Everything that is looked at here fits together."))
        return
    grouped: dict[str, list[Found]] = {}
    for one in found.found:
        grouped.setdefault(one.finding.check.code, []).append(one)
    pages = -(-len(grouped) // CARDS)
    number = st.session_state.get("checks:cards", 1) if pages > 1 else 1
    for code in list(grouped)[CARDS * (number - 1) : CARDS * number]:
        with st.container(border=True, key=f"qyc_{code}", gap="xsmall"):
            _head(BY_CODE[code], len(grouped[code]))
            _table(grouped[code][:FEW], several=found.total > 1)
            label = _("All {n}", n=len(grouped[code])) if len(grouped[code]) > FEW else _("This check alone")
            shell.link("checks", label + " ›", **_address(wanted, rule=code))
    if pages > 1:
        st.pagination(pages, key="checks:cards")


def _one(check: Check, found: Sequence[Found], *, several: bool) -> None:
    """One check with everything it found, and the way to set a finding aside."""
    _head(check, len(found))
    if not found:
        st.success(_("Nothing of this was found."))
        return
    _table(tables.page(found, f"checks:{check.code}"), several=several)
    if actor.may(Permission.CHECK_SET_ASIDE):
        _aside(check, found)


def _head(check: Check, n: int) -> None:
    count = _("{n} found", n=n)
    st.html(
        f"<h3 class='qy-group'>{marks.severity_mark(check.severity)} · {_(check.what)} "
        f"<span class='qy-muted'>{count}</span></h3><p class='qy-muted'>{_(check.why)} {_(check.right)}</p>"
    )


def _table(found: Sequence[Found], *, several: bool) -> None:
    head = [_("Where to mend it"), *([_("Community")] if several else []), _("What exactly")]
    tables.table(head, [
        [tables.Link(one.finding.where, *way(one.finding)), *([one.finding.unit] if several else []),
         " · ".join(filter(None, (one.finding.told, findings.aside_words(one.aside)))) or "—"]
        for one in found
    ], blocks=True)  # fmt: skip


def _aside(check: Check, found: Sequence[Found]) -> None:
    standing = {one.finding.key: one.finding for one in found if one.aside is None}
    resting = {one.aside.id: one for one in found if one.aside is not None}
    if standing:
        with st.expander(_("Leave a finding as it is for a time")):
            key = st.selectbox(
                _("Which finding"), list(standing), key=f"checks:which:{check.code}",
                format_func=lambda key: " · ".join(filter(None, (standing[key].where, standing[key].told))),
            )  # fmt: skip
            form = Form(f"aside:{check.code}", Putting)
            if key and form.send(_("Set aside"), findings.set_aside, standing[key].unit_id, key):
                deeds.done(_("Set aside. It comes back on that day, or when something about it changes."))
    if resting:
        with st.expander(_("Take up again what was set aside")):
            aside_id = st.selectbox(
                _("Which finding"), list(resting), key=f"checks:resting:{check.code}",
                format_func=lambda key: f"{resting[key].finding.where} · "
                f"{findings.aside_words(resting[key].aside)}",
            )  # fmt: skip
            if aside_id and st.button(_("Take up again"), key=f"checks:take:{check.code}") and gate.do(
                findings.take_up, aside_id
            ):
                deeds.done(_("The finding stands again."))


def _all() -> None:
    """Every check in words, folded."""
    shown = st.expander(_("All checks in words ({n})", n=len(CHECKS)), on_change="rerun", key="checks:all")
    with shown:
        if shown.open:
            ordered = sorted(CHECKS, key=lambda check: list(Severity).index(check.severity))
            rows: list[list[tables.Cell]] = [
                [tables.Mark(marks.severity_mark(one.severity)), _(one.what), _(one.right)]
                for one in ordered
            ]
            head = [_("How it weighs"), _("What does not fit"), _("What is right")]
            tables.table(head, rows, blocks=True)


main()
