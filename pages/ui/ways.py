"""Where the work of each kind that waits for somebody is done, and what its button says."""

from dataclasses import dataclass

from core.home import Chore
from core.text import N_


@dataclass(frozen=True)
class Way:
    """Where the work of one kind is done, and what its button says."""

    address: str
    verb: str
    working_days: bool = False
    query: tuple[tuple[str, str], ...] = ()


WAYS = {
    Chore.SEALED: Way("sealed", N_("Look at sealed matters")),
    Chore.INBOX: Way("inbox", N_("Review flags"), working_days=True),
    Chore.AGAIN: Way("inbox", N_("See who asks again")),
    Chore.GROUPS: Way("groups", N_("Review group by group")),
    Chore.POINTS: Way("points", N_("Answer superiors' points"), working_days=True),
    Chore.WARNINGS: Way("warnings", N_("See the warnings")),
    Chore.HANDED: Way("escalations", N_("See what was handed to you"), working_days=True),
    Chore.MEASURES: Way("measures", N_("Report on my measures")),
    Chore.INSPECT: Way("inspect", N_("Go on with the self-inspection")),
    Chore.VERIFY: Way("measures", N_("Verify measures")),
    Chore.CLOSE: Way("register", N_("Confirm closings"), query=(("status", "verifying"),)),
    Chore.COMMITMENTS: Way("ledgers", N_("See pledges and visits")),
    Chore.LOOK: Way("looks", N_("Look again")),
    Chore.SIGN: Way("register", N_("Sign again"), query=(("lapsed", "1"),)),
    Chore.RATE: Way("register", N_("Rate entries"), query=(("status", "unrated"),)),
    Chore.ANNOUNCE: Way("register", N_("Put entries on public notice"), query=(("status", "rated"),)),
    Chore.FILE: Way("register", N_("File entries"), query=(("status", "announced"),)),
    Chore.DISCLOSE: Way("disclosure", N_("Record what is published")),
    Chore.REQUESTS: Way(
        "disclosure", N_("Answer what residents ask to see"), working_days=True, query=(("view", "asked"),)
    ),
    Chore.RATE_AGAIN: Way("register", N_("See what is to be rated again"), query=(("again", "1"),)),
    Chore.UNINSPECTED: Way("rounds", N_("See which posts are missing")),
    Chore.CLOSE_ROUND: Way("rounds", N_("Close the round")),
    Chore.UNANSWERED: Way("raise", N_("See who has not answered"), working_days=True, query=(("view", "answers"),)),
    Chore.DESERTED: Way("looks", N_("See which they are")),
    Chore.UNREVIEWED: Way("relatives", N_("See where they wait")),
    Chore.RELATIVES: Way("relatives", N_("See what was declared")),
    Chore.VACANT: Way("catalogue", N_("See vacant posts"), query=(("show", "vacant"),)),
    Chore.CALENDAR: Way("calendar", N_("Enter the holidays")),
}
