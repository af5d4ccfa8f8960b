"""How often and how long: numbers that are tried, requests, codes, sign-ins. All by instants that are given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

NUMBERS_A_DAY = 5
"""So many numbers a person may have tried within 24 hours: whatever is sent anew is one, the same number, too."""

FAILURES_AN_HOUR = 20
"""So often whoever a system signs in may have been told within an hour that a number does not match."""

QUIET_FOR = timedelta(minutes=10)
"""The same number sends no other request so soon."""

OPEN_FOR = DAY

CODE_FOR = timedelta(minutes=10)
RESEND_AFTER = timedelta(seconds=60)
SENDS = 1 + 3
CODE_TRIES = 5
CODE_DIGITS = 6

SIGN_IN_FOR = timedelta(minutes=10)
"""From the way to VK ID until «Привязать», each half."""

ANSWERS_IN_S = 2.0
"""Whatever a number comes to is told after so long; what takes longer, after the next multiple of it."""

Instants = tuple[datetime, ...]


def within(instants: Iterable[datetime], now: datetime, last: timedelta) -> Instants:
    """Those that are not over. An instant that is still to come counts: no clock that goes back frees anybody."""
    return tuple(instant for instant in instants if instant > now - last)


def pause_s(passed_s: float, step_s: float = ANSWERS_IN_S) -> float:
    """How long to wait until a whole number of steps has passed, one at least."""
    steps = max(1, -int(-passed_s // step_s))
    return max(0.0, steps * step_s - passed_s)
