"""Days and limits: working days by the Chinese calendar, calendar days otherwise (domain rules on clocks)."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar

HERE = ZoneInfo("Asia/Shanghai")

FIRST_REVIEW = 5
"""Working days until a flag has had its first review."""
POINT_ANSWER = 15
"""Working days until a community has answered a superior's point."""
TELL_SENDER = 15
"""Calendar days until the sender has been told what came of it."""
FINISH = 60
"""Calendar days until what was taken into the register is done, where no measure says another day."""
PUBLIC_NOTICE = 7
"""Calendar days an entry stays on public notice before it is filed."""
SECOND_LOOK = (30, 90)
"""Calendar days after closing at which an entry is looked at again."""
LOOK_OPENS = 7
"""Calendar days before its day from which a second look may be made."""
LOOK_ONCE_MORE = 30
"""Calendar days until the next look where one could not tell."""


def today(now: datetime) -> date:
    """The local date of an aware instant."""
    return now.astimezone(HERE).date()


def now() -> datetime:
    return datetime.now(UTC)


@cache
def is_working_day(value: date) -> bool:
    """Whether offices work on that day; beyond the years the calendar knows, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(value))
    except NotImplementedError:
        return value.weekday() < 5


def after_working_days(start: date, count: int) -> date:
    """The last day of a limit of `count` working days that begins on the day after `start`."""
    current = start
    while count > 0:
        current += timedelta(days=1)
        count -= is_working_day(current)
    return current


def working_days_left(today: date, due: date) -> int:
    """Working days from tomorrow to the due day; negative when it has passed."""
    step = 1 if due >= today else -1
    current, count = today, 0
    while current != due:
        current += timedelta(days=step)
        count += step * is_working_day(current)
    return count
