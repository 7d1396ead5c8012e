"""Who may do what, and where. The table is held against tests/access.csv."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import Denied
from core.words import Role


class Permission(StrEnum):
    ACCOUNT_USE = "account:use"
    NOTICE_READ = "notice:read"
    RELATIVE_DECLARE = "relative:declare"
    RELATIVE_JUDGE = "relative:judge"
    FLAG_SPEAK = "flag:speak"
    RECEIPT_OPEN = "receipt:open"
    BOARD_READ = "board:read"
    FLAG_RECORD = "flag:record"
    FLAG_INSPECT = "flag:inspect"
    FLAG_RAISE = "flag:raise"
    POINT_ANSWER = "point:answer"
    INBOX_READ = "inbox:read"
    FLAG_READ_RAW = "flag:read_raw"
    FLAG_TRIAGE = "flag:triage"
    FLAG_MERGE = "flag:merge"
    FLAG_UNMERGE = "flag:unmerge"
    FLAG_SEAL = "flag:seal"
    SEALED_OPEN = "sealed:open"
    SEALED_LIFT = "sealed:lift"
    REGISTER_READ = "register:read"
    RISK_DESCRIBE = "risk:describe"
    RISK_RATE = "risk:rate"
    RISK_STATE = "risk:state"
    RISK_ASSIGN = "risk:assign"
    RISK_ANNOUNCE = "risk:announce"
    RISK_FILE = "risk:file"
    RISK_CONTROL = "risk:control"
    RISK_ASK_CLOSING = "risk:ask_closing"
    RISK_CLOSE = "risk:close"
    RISK_REOPEN = "risk:reopen"
    RISK_LOOK_AGAIN = "risk:look_again"
    RISK_ESCALATE = "risk:escalate"
    RISK_HAND_DOWN = "risk:hand_down"
    CLOCK_EXTEND = "clock:extend"
    WARNING_READ = "warning:read"
    MEASURE_PLAN = "measure:plan"
    MEASURE_REPORT = "measure:report"
    MEASURE_VERIFY = "measure:verify"
    MEASURE_CLAIM = "measure:claim"
    LEDGER_READ = "ledger:read"
    LEDGER_KEEP = "ledger:keep"
    DEMO_SITE_KEEP = "demo_site:keep"
    MEETING_HOLD = "meeting:hold"
    ITEM_READ = "item:read"
    ITEM_EDIT = "item:edit"
    ROUND_OPEN = "round:open"
    DECISION_READ = "decision:read"
    DECISION_EDIT = "decision:edit"
    DECISION_FLAG = "decision:flag"
    DISCLOSURE_READ = "disclosure:read"
    DISCLOSURE_EDIT = "disclosure:edit"
    REQUEST_READ = "request:read"
    REQUEST_ANSWER = "request:answer"
    RECURRENCE_RUN = "recurrence:run"
    OVERVIEW_READ = "overview:read"
    UNIT_EDIT = "unit:edit"
    PERSON_EDIT = "person:edit"
    POST_HAND_OVER = "post:hand_over"
    ROLE_GRANT = "role:grant"
    PASSWORD_RESET = "password:reset"
    AUDIT_READ = "audit:read"
    MATCHING_CALIBRATE = "matching:calibrate"
    SITE_KEEP = "site:keep"


P = Permission
_EVERYONE = {P.ACCOUNT_USE, P.BOARD_READ}
_STAFF = _EVERYONE | {P.NOTICE_READ, P.RELATIVE_DECLARE}
_OFFICE = {P.REGISTER_READ, P.ITEM_READ, P.OVERVIEW_READ, P.DECISION_READ, P.DISCLOSURE_READ}
_REVIEW = {
    P.INBOX_READ, P.FLAG_READ_RAW, P.FLAG_TRIAGE, P.FLAG_MERGE, P.FLAG_UNMERGE, P.FLAG_SEAL, P.RISK_DESCRIBE,
    P.RISK_ASSIGN, P.RISK_ANNOUNCE, P.RISK_CLOSE, P.RISK_REOPEN, P.RISK_LOOK_AGAIN, P.MEASURE_VERIFY,
    P.DECISION_FLAG, P.REQUEST_READ,
}  # fmt: skip

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: frozenset(_EVERYONE | {P.FLAG_SPEAK, P.RECEIPT_OPEN}),
    Role.CADRE: frozenset(
        _STAFF | _OFFICE | {
            P.FLAG_RECORD, P.FLAG_INSPECT, P.POINT_ANSWER, P.RISK_STATE, P.RISK_CONTROL, P.RISK_ASK_CLOSING,
            P.MEASURE_PLAN, P.MEASURE_REPORT, P.ITEM_EDIT, P.ROUND_OPEN, P.RISK_ESCALATE, P.WARNING_READ,
            P.DECISION_EDIT, P.DECISION_FLAG, P.DISCLOSURE_EDIT, P.REQUEST_READ, P.REQUEST_ANSWER, P.MEASURE_CLAIM,
            P.LEDGER_READ, P.LEDGER_KEEP,
        }
    ),
    Role.WATCHDOG: frozenset(
        _STAFF | _OFFICE | _REVIEW | {
            P.FLAG_RECORD, P.RISK_ESCALATE, P.WARNING_READ, P.REQUEST_ANSWER, P.MEASURE_CLAIM, P.LEDGER_READ,
        }
    ),
    Role.SUPERVISOR: frozenset(
        _STAFF | _OFFICE | _REVIEW | {
            P.FLAG_RAISE, P.RISK_RATE, P.RISK_FILE, P.RISK_CONTROL, P.MEASURE_PLAN, P.ITEM_EDIT, P.ROUND_OPEN,
            P.POST_HAND_OVER, P.RECURRENCE_RUN, P.RISK_ESCALATE, P.RISK_HAND_DOWN, P.CLOCK_EXTEND,
            P.WARNING_READ, P.LEDGER_READ, P.DEMO_SITE_KEEP, P.MEETING_HOLD,
        }
    ),
    Role.DISCIPLINE: frozenset(
        _STAFF | _OFFICE | {P.FLAG_READ_RAW, P.FLAG_SEAL, P.SEALED_OPEN, P.SEALED_LIFT, P.RELATIVE_JUDGE}
    ),
    Role.SYSTEM_ADMIN: frozenset(
        _STAFF | {P.UNIT_EDIT, P.PERSON_EDIT, P.POST_HAND_OVER, P.MATCHING_CALIBRATE, P.SITE_KEEP}
    ),
    Role.SECURITY_ADMIN: frozenset(_STAFF | {P.ROLE_GRANT, P.PASSWORD_RESET}),
    Role.AUDITOR: frozenset(_STAFF | {P.AUDIT_READ}),
}  # fmt: skip

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
EVERYWHERE = "/"


def clash(roles: Iterable[Role]) -> bool:
    """Whether one person must not hold these together: watchdog with cadre, or two of the three administrators."""
    held = set(roles)
    return {Role.CADRE, Role.WATCHDOG} <= held or len(held & ADMINISTRATORS) > 1


@dataclass(frozen=True)
class Scope:
    """Where an actor may look: units under any of `paths`, less what `viewer` is recused from."""

    paths: tuple[str, ...]
    viewer: str | None = None
    sealed: bool = False

    def covers(self, path: str) -> bool:
        return any(path.startswith(own) for own in self.paths)


@dataclass(frozen=True)
class Grant:
    """A role held at a unit, and so at every unit below it."""

    role: Role
    path: str


@dataclass(frozen=True)
class Actor:
    """Whoever asks or does: a signed-in person, or a resident without a name."""

    person_id: str | None
    name: str
    grants: tuple[Grant, ...] = field(default=())
    unit_id: str | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    def roles_with(self, permission: Permission, path: str) -> frozenset[Role]:
        """The roles that give the actor a permission at a place of the tree."""
        return frozenset(g.role for g in self.grants if permission in GRANTS[g.role] and path.startswith(g.path))

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[grant.role] for grant in self.grants)

    def scope(self, permission: Permission) -> Scope:
        """Where the actor holds a permission; nowhere is an empty scope."""
        paths = tuple(sorted({g.path for g in self.grants if permission in GRANTS[g.role]}))
        return Scope(paths, self.person_id, sealed=permission in (P.SEALED_OPEN, P.SEALED_LIFT))

    def require(self, permission: Permission) -> Scope:
        """Where the actor holds a permission; `Denied` when nowhere."""
        if not self.may(permission):
            raise Denied
        return self.scope(permission)


RESIDENT = Actor(None, "resident", (Grant(Role.RESIDENT, EVERYWHERE),))
FOUNDER = Actor(None, "founder", tuple(Grant(role, EVERYWHERE) for role in Role if role is not Role.RESIDENT))
