"""Long work (批量归并、共性问题): it goes on by itself, can be left and taken up again, and is reviewed group by group."""

from dataclasses import dataclass, field
from datetime import datetime

from core.words import GroupStatus, RunKind, RunStatus


@dataclass(eq=False)
class Run:
    """One piece of long work at a unit: how far it is (`done` of `total`) and how it ended.

    `beat_at` is when whoever does the work last said so; a run whose beat has stopped may be taken up by another.
    """

    id: str
    unit_id: str
    kind: RunKind
    title: str
    begun_by: str
    begun_at: datetime
    status: RunStatus = RunStatus.WAITING
    done: int = 0
    total: int = 0
    beat_at: datetime | None = None
    trouble: str = ""


@dataclass(eq=False)
class RunRow:
    """One row that was handed in for a run, as it was read; `trouble` says why it could not be taken."""

    id: str
    unit_id: str
    run_id: str
    n: int
    fields: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    flag_id: str | None = None


@dataclass(eq=False)
class Group:
    """A proposal that several flags, or entries of several communities, are one matter.

    `risk_id` is the entry it would join, if any; `strength` (0–1) is how sure the weakest tie that holds it together
    is; `weak` marks a large group that hangs together by weak ties.
    """

    id: str
    unit_id: str
    run_id: str
    n: int
    strength: float
    risk_id: str | None = None
    weak: bool = False
    status: GroupStatus = GroupStatus.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None


@dataclass(eq=False)
class Member:
    """One flag or entry in a group: how sure (0–1) and because of which words; `left_out` when a person took it out."""

    id: str
    unit_id: str
    group_id: str
    strength: float
    because: list[str] = field(default_factory=list)
    flag_id: str | None = None
    risk_id: str | None = None
    left_out: bool = False
