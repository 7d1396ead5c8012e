"""Days and limits (domain rules on clocks); working days are counted by `core.organisation.calendar`."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")

FIRST_REVIEW = 5
"""Working days until a flag has had its first review."""
POINT_ANSWER = 15
"""Working days until a community has answered a superior's point."""
OBJECT = 5
"""Working days in which a unit may object to what was handed to it."""
TELL_SENDER = 15
"""Working days until the sender has been told what came of it."""
FINISH = 60
"""Working days until what was taken into the register is done, where no measure says another day."""
EXTENSION = 30
"""Working days by which that limit can be extended, once."""
PUBLIC_NOTICE = 7
"""Calendar days an entry stays on public notice before it is filed."""
SECOND_LOOK = (30, 90)
"""Calendar days after closing at which an entry is looked at again."""
LOOK_OPENS = 7
"""Calendar days before its day from which a second look may be made."""
LOOK_ONCE_MORE = 30
"""Calendar days until the next look where one could not tell."""
OLDEST = 3
"""Years back to which a stated date is believed."""


def is_believed(day: date, today: date) -> bool:
    """Whether a stated date is kept: not in the future, and no more than three years back."""
    return (today.year - OLDEST, today.month, today.day) <= (day.year, day.month, day.day) and day <= today


def today(now: datetime) -> date:
    """The local date of an aware instant."""
    return now.astimezone(HERE).date()


def now() -> datetime:
    return datetime.now(UTC)
