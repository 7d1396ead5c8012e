"""What core asks of whoever keeps things about who holds an entry, warnings, and working days."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Protocol

from core.access import Scope

if TYPE_CHECKING:
    from core.alerts.warnings import EarlyWarning, WarningRow
    from core.alerts.watching import Watched
    from core.entries.clocks import Clock, ClockRow
    from core.entries.escalation import PassedRow, Passing
    from core.organisation.calendar import Calendar, SpecialDay
    from core.organisation.units import Unit
    from core.turning import Listed, Turn
    from core.words import WarningLevel


class Holders(Protocol):
    """A part of the store."""

    # clocks and those who hold them
    def running_clock(self, risk_id: str) -> "Clock | None": ...
    def last_clock(self, risk_id: str) -> "Clock | None": ...
    def clock_before(self, clock: "Clock") -> "Clock": ...  # the spell before; there is one
    def end_clock(self, clock: "Clock", day: date) -> None: ...  # written at once: at no moment do two run
    def clock_rows(self, scope: Scope, risk_ids: Collection[str]) -> "dict[str, list[ClockRow]]": ...
    def passed_page(self, scope: Scope, passing: "Passing", turn: "Turn") -> "Listed[PassedRow]": ...  # the nearest day
    def passed_counts(self, scope: Scope) -> "dict[Passing, int]": ...
    def supervised_above(self, unit_id: str) -> "list[Unit]": ...  # the nearest first; a supervisor is there
    def heads(self, unit_id: str) -> set[str]: ...  # who leads a unit, supervises there or keeps its desk
    def units_at(self, paths: Collection[str]) -> set[str]: ...

    # warnings
    def watched(self, unit_id: str, today: date) -> "Watched": ...
    def running_warnings(self, unit_id: str) -> "list[EarlyWarning]": ...
    def warning_rows(self, scope: Scope, viewer: str, colour: "WarningLevel") -> "list[WarningRow]": ...  # that run
    def warning_page(
        self, scope: Scope, viewer: str, mine: bool, colour: "WarningLevel | None", turn: "Turn"
    ) -> "Listed[WarningRow]": ...  # the gravest first, then the oldest
    def warning_counts(self, scope: Scope, viewer: str, mine: bool) -> "dict[WarningLevel, int]": ...
    def runs_warning(self, scope: Scope, viewer: str, warning_id: str) -> bool: ...  # and may be seen

    # working days
    def calendar(self) -> "Calendar": ...
    def special_days(self) -> list["SpecialDay"]: ...
