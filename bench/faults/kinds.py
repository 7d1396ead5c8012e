"""What a fault is, and what came of trying it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench.faults.grounds import Grounds


class NotTried(Exception):
    """Why a fault could not be made to happen here."""


@dataclass
class Outcome:
    """What was tried, in a few words with numbers, and everything that did not hold."""

    tried: str = ""
    wrong: list[str] = field(default_factory=list)

    def hold(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)


@dataclass(frozen=True)
class Fault:
    """One fault: `expected` is what must hold when `run` has made it happen."""

    name: str
    expected: str
    run: Callable[[Grounds], Outcome]


@dataclass(frozen=True)
class Row:
    """A fault with what came of it: `outcome` is None where it was not tried."""

    fault: Fault
    outcome: Outcome | None
    why: str
    seconds: float

    @property
    def is_lost(self) -> bool:
        return bool(self.outcome and self.outcome.wrong)

    def told(self) -> str:
        if self.outcome is None:
            return f"| {self.fault.name} | not tried: {self.why} | {self.fault.expected} | **not tried** |"
        lost = "; ".join(self.outcome.wrong) or "nothing lost"
        return f"| {self.fault.name} | {self.outcome.tried} | {self.fault.expected} | {lost} |"


def verdict(rows: list[Row]) -> tuple[str, int]:
    """One sentence about all of them, and the exit code: 1 when anything was lost. What was not tried is no success."""
    lost, untried = sum(row.is_lost for row in rows), sum(row.outcome is None for row in rows)
    survived = len(rows) - lost - untried
    said = f"{survived} of {len(rows)} faults survived, {lost} lost something, {untried} not tried"
    return said, 1 if lost else 0
