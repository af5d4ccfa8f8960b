"""Sources that used to send a school's events, and fall silent. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

REGULAR = 5  # days of sending without a silence between: who brings a package once a quarter is not expected
TOLD_FOR = timedelta(days=120)  # longer than the summer; after that nobody expects anything of it


class Heard(NamedTuple):
    """A source of a school: when it was heard last, on how many days since its last silence, and by when it is to be
    heard again (None: it is not expected).
    """

    at: datetime
    days: int
    expected_by: datetime | None


def heard_again(before: Heard | None, now: datetime, silent_after: timedelta) -> Heard:
    """What is known of a source that is heard now."""
    days = 1 if before is None or now - before.at > silent_after else before.days + (now.date() > before.at.date())
    at = now if before is None else max(now, before.at)
    return Heard(at, days, at + silent_after if days >= REGULAR else None)
