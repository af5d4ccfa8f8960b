"""A school's day: what date it is there, and when its next midnight comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Moscow"


def local_day(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def midnight(day: date, time_zone: str) -> datetime:
    """The first instant, in UTC, with that local date. Where clocks skip midnight, the instant they skip at."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def next_local(at: time, now: datetime, time_zone: str) -> datetime:
    """The next instant, in UTC, when clocks there show `at`: of a time shown twice the first; in place of one that
    clocks skip the instant when they would have shown it.
    """
    today = local_day(now, time_zone)
    days = (datetime.combine(today + timedelta(days=ahead), at, ZoneInfo(time_zone)) for ahead in range(3))
    return next(instant for instant in (day.astimezone(UTC) for day in days) if instant > now)
