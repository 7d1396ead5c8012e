"""What the consistency checks find about an entry, folded."""

from html import escape

import streamlit as st

from core.consistency import findings
from core.consistency.checking import Severity
from core.consistency.findings import Found
from core.entries.entry import EntryRow
from core.text import _
from pages.ui import gate, marks, shell


def line(row: EntryRow) -> None:
    """Worked out from all that the entry is held against, and so only when somebody wants to know."""
    shown = st.expander(_("Consistency check"), on_change="rerun", key=f"entry:checks:{row.id}")
    with shown:
        if shown.open:
            _found(row)


def _found(row: EntryRow) -> None:
    found = [one for one in gate.ask(findings.of_entry, row.id) if one.aside is None]
    if not found:
        st.success(_("Everything that is looked at here fits together."))
        return
    counts = {severity: sum(one.finding.check.severity is severity for one in found) for severity in Severity}
    told = "　".join(f"{marks.severity_words(severity)} {n}" for severity, n in counts.items() if n)
    st.caption(_("Consistency: {told}", told=told))
    st.html("".join(map(_told, found)))
    shell.link("checks", _("To the consistency check") + " ›", unit=row.unit_id)


def _told(found: Found) -> str:
    check = found.finding.check
    about = f"<br><span class='qy-muted'>{escape(found.finding.told)}</span>" if found.finding.told else ""
    what, right = escape(_(check.what)), escape(_(check.right))
    return f"<p>{marks.severity_mark(check.severity)} {what}{about}<br>{right}</p>"
