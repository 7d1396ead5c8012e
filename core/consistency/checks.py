"""The consistency checks (核对): every rule over the register, and what they find in one community on a day.

What is an early warning already is no check. Nothing here changes anything: people mend, or set a finding aside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.consistency import levels, measures, openness, people
from core.consistency.checked import Checked
from core.consistency.checking import Check, Severity, digest
from core.lifecycle import ENDED
from core.text import _

CHECKS = (*people.CHECKS, *levels.CHECKS, *measures.CHECKS, *openness.CHECKS)
BY_CODE = {check.code: check for check in CHECKS}


@dataclass(frozen=True)
class Finding:
    """What a check found: about which entry, or about something beside the register. `key` stays the same as long as
    its facts do; `is_open` says that its entry, where it has one, is not over."""

    check: Check
    unit_id: str
    unit: str
    subject: str
    risk_id: str | None
    number: int | None
    title: str
    about: tuple[str, ...]
    facts: tuple[object, ...]
    is_open: bool

    @cached_property
    def key(self) -> str:
        return digest(self.check.code, self.subject, self.facts)

    @property
    def where(self) -> str:
        """What it hangs on: its entry, or what it is about beside the register."""
        if self.risk_id:
            return _("No. {n} {title}", n=self.number, title=self.title)
        return self.about[0] if self.about else self.unit

    @property
    def told(self) -> str:
        """What exactly, in one line."""
        return " · ".join(self.about if self.risk_id else self.about[1:])


def findings(seen: Checked, today: date) -> Iterator[Finding]:
    """Everything the checks find in a community, check by check."""
    for check in CHECKS:
        for one in check.sees(seen, today):
            entry = seen.entry.get(one.risk_id or "")
            yield Finding(
                check, seen.unit_id, seen.unit, one.subject, one.risk_id, entry.number if entry else None,
                entry.title if entry else "", one.about, one.facts,
                entry is None or entry.status not in ENDED,
            )  # fmt: skip


def by_severity(found: list[Finding]) -> dict[Severity, int]:
    return {severity: sum(one.check.severity is severity for one in found) for severity in Severity}


def way(finding: Finding) -> tuple[str, dict[str, str]]:
    """The page where a finding is mended, with its address."""
    if finding.risk_id:
        return "entry", {"id": finding.risk_id}
    query = {
        "catalogue": {"unit": finding.unit_id}, "disclosure": {"unit": finding.unit_id, "view": "catalogue"},
        "rounds": {"round": finding.subject},
        "decisions": {"id": finding.subject} if finding.check.code == "steps_disordered" else {},
    }  # fmt: skip
    return finding.check.where, query[finding.check.where]
