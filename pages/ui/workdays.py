"""The working days of the site, as pages count them."""

from time import monotonic
from weakref import WeakKeyDictionary

from core.access import RESIDENT
from core.organisation.calendar import Calendar, in_use
from pages.ui import gate

FRESH = 60.0
"""Seconds a calendar is used before it is looked up again; another server may have changed it."""
_calendars: WeakKeyDictionary[object, tuple[float, Calendar]] = WeakKeyDictionary()


def calendar() -> Calendar:
    """The working days of the site."""
    site = gate.site()
    looked_up, found = _calendars.get(site, (-FRESH, None))
    if found is None or monotonic() - looked_up > FRESH:
        found = gate.inquire(RESIDENT, in_use)
        _calendars[site] = monotonic(), found
    return found


def forget() -> None:
    """Look it up again next time, because it was changed here."""
    _calendars.clear()
