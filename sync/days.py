"""A school's day: what date it is there, and when its next midnight comes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Moscow"


def local_day(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def midnight(day: date, time_zone: str) -> datetime:
    """The first instant, in UTC, with that local date. Where clocks skip midnight, the instant they skip at."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)
