"""What the consistency checks find about an entry, in one folded line."""

from html import escape

import streamlit as st

from core.consistency import findings
from core.consistency.checking import Severity
from core.consistency.findings import Found
from core.entries.entry import EntryRow
from core.text import _
from pages.ui import gate, marks, shell


def line(row: EntryRow) -> None:
    """Nothing where everything fits."""
    found = [one for one in gate.ask(findings.of_entry, row.id) if one.aside is None]
    if not found:
        return
    counts = {severity: sum(one.finding.check.severity is severity for one in found) for severity in Severity}
    told = "　".join(f"{marks.severity_words(severity)} {n}" for severity, n in counts.items() if n)
    with st.expander(_("Consistency: {told}", told=told)):
        st.html("".join(map(_told, found)))
        shell.link("checks", _("To the consistency check") + " ›", unit=row.unit_id)


def _told(found: Found) -> str:
    check = found.finding.check
    about = f"<br><span class='qy-muted'>{escape(found.finding.told)}</span>" if found.finding.told else ""
    what, right = escape(_(check.what)), escape(_(check.right))
    return f"<p>{marks.severity_mark(check.severity)} {what}{about}<br>{right}</p>"
