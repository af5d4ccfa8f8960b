"""What time is asked of: the pacer of requests, and the clock."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol


class Pacer(Protocol):
    """The right to make a request: at most so many a second for one platform token."""

    def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AbstractAsyncContextManager[None]:
        """Waits for a slot: who is urgent before all who are not, a look after both, but for its share of all slots. It
        is free again one second after the block ends.
        """


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""

    def monotonic(self) -> float:
        """Seconds, from anywhere, never back."""
