"""Which pages there are and whose work each one belongs to. The only list of pages."""

from dataclasses import dataclass

from core.access import Permission as P
from core.text import N_
from core.words import Role


@dataclass(frozen=True)
class Place:
    """One page: its file, its address, its title, the permission that opens it; `listed` says it stands in the menu.

    `hidden_from` are roles that may open the page but have no use for it in their menu. Pages `beside` the same address
    share one line of the menu, and lead to each other above their titles.
    """

    file: str
    address: str
    title: str
    permission: P
    listed: bool = True
    hidden_from: frozenset[Role] = frozenset()
    beside: str = ""


PAGES = (
    Place("pages/desk/home.py", "home", N_("Home"), P.ACCOUNT_USE, hidden_from=frozenset({Role.RESIDENT})),
    Place("pages/desk/notices.py", "notices", N_("Notices"), P.NOTICE_READ),
    Place("pages/desk/search.py", "search", N_("Search everything"), P.SEARCH_USE, listed=False),
    Place("pages/desk/addresses.py", "addresses", N_("Be told outside as well"), P.NOTICE_READ, listed=False),
    Place("pages/desk/relatives.py", "relatives", N_("Relatives and recusal"), P.RELATIVE_DECLARE, listed=False),
    Place("pages/report/cadre.py", "inspect", N_("Self-inspection"), P.FLAG_INSPECT),
    Place("pages/desk/inbox.py", "inbox", N_("Inbox"), P.INBOX_READ, beside="inbox"),
    Place("pages/desk/groups.py", "groups", N_("Review groups"), P.FLAG_MERGE, beside="inbox"),
    Place("pages/desk/points.py", "points", N_("Superiors' points"), P.POINT_ANSWER),
    Place("pages/report/superior.py", "raise", N_("Raise a point"), P.FLAG_RAISE),
    Place("pages/desk/sealed.py", "sealed", N_("Sealed matters"), P.SEALED_OPEN),
    Place("pages/desk/openings.py", "openings", N_("Two-person deeds"), P.SEALED_OPEN),
    Place("pages/desk/register.py", "register", N_("Register"), P.REGISTER_READ),
    Place("pages/desk/entry.py", "entry", N_("Entry"), P.REGISTER_READ, listed=False),
    Place("pages/desk/past.py", "past", N_("Register of a former day"), P.REGISTER_READ, listed=False),
    Place("pages/desk/rounds.py", "rounds", N_("Rounds"), P.REGISTER_READ),
    Place("pages/desk/measures.py", "measures", N_("Measures"), P.REGISTER_READ),
    Place("pages/desk/looks.py", "looks", N_("Second looks"), P.REGISTER_READ, beside="looks"),
    Place("pages/insight/checks.py", "checks", N_("Consistency check"), P.REGISTER_READ, beside="looks"),
    Place("pages/desk/disclosure.py", "disclosure", N_("Disclosures"), P.DISCLOSURE_READ, beside="disclosure"),
    Place("pages/desk/decisions.py", "decisions", N_("Decisions in six steps"), P.DECISION_READ, beside="disclosure"),
    Place("pages/desk/warnings.py", "warnings", N_("Early warnings"), P.WARNING_READ, beside="warnings"),
    Place("pages/desk/escalations.py", "escalations", N_("Raised and handed down"), P.RISK_ESCALATE, beside="warnings"),
    Place("pages/desk/ledgers.py", "ledgers", N_("Small registers"), P.LEDGER_READ, beside="ledgers"),
    Place("pages/desk/meetings.py", "meetings", N_("Meetings"), P.MEETING_HOLD, beside="ledgers"),
    Place("pages/insight/overview.py", "overview", N_("Overview"), P.OVERVIEW_READ, beside="overview"),
    Place("pages/insight/voices.py", "voices", N_("Three voices"), P.OVERVIEW_READ, beside="overview"),
    Place("pages/desk/recurrence.py", "recurrence", N_("Common risks"), P.RECURRENCE_RUN, beside="overview"),
    Place("pages/insight/documents.py", "documents", N_("Documents"), P.REGISTER_READ, beside="overview"),
    Place("pages/admin/catalogue.py", "catalogue", N_("Power items"), P.ITEM_READ),
    Place("pages/report/recorded.py", "record", N_("Record for a resident"), P.FLAG_RECORD, beside="record"),
    Place("pages/report/occasion.py", "occasion", N_("Talks and visits"), P.FLAG_RECORD, beside="record"),
    Place("pages/report/posters.py", "posters", N_("Notices to hang up"), P.FLAG_RECORD, listed=False),
    Place("pages/desk/intake.py", "intake", N_("Take in many"), P.FLAG_RECORD, beside="record"),
    Place("pages/admin/handover.py", "handover", N_("Hand over"), P.POST_HAND_OVER),
    Place("pages/admin/units.py", "units", N_("Units"), P.UNIT_EDIT),
    Place("pages/admin/people.py", "people", N_("Accounts and posts"), P.PERSON_EDIT),
    Place("pages/admin/calendar.py", "calendar", N_("Working days"), P.SITE_KEEP),
    Place("pages/admin/matching.py", "matching", N_("Suggestions of entries"), P.MATCHING_CALIBRATE),
    Place("pages/admin/roles.py", "roles", N_("Roles and passwords"), P.ROLE_GRANT),
    Place("pages/admin/audit.py", "audit", N_("Audit log"), P.AUDIT_READ),
    Place("pages/report/resident.py", "speak", N_("Speak up"), P.FLAG_SPEAK),
    Place("pages/report/followup.py", "follow", N_("My receipt"), P.RECEIPT_OPEN),
)

LINES = {
    "inbox": N_("Flags and groups"),
    "record": N_("Record and take in"),
    "looks": N_("Second looks and checks"),
    "disclosure": N_("Disclosures and decisions"),
    "warnings": N_("Warnings and passing on"),
    "ledgers": N_("Small registers and meetings"),
    "overview": N_("Figures"),
}
"""What the menu calls pages that stand beside each other, for whoever has more than one of them."""


def families(mine: list[Place]) -> dict[str, list[Place]]:
    """The pages in somebody's menu by its lines: the first of each line is the one it opens."""
    found: dict[str, list[Place]] = {}
    for place in mine:
        found.setdefault(place.beside or place.address, []).append(place)
    return found
