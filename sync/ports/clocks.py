"""The ports of time: the pacer of requests, and the clock."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol


class Pacer(Protocol):
    """The right to make a request: at most so many a second for one platform token."""

    def slot(self, token: str, *, urgent: bool = False, look: bool = False) -> AbstractAsyncContextManager[None]:
        """Wait for a slot: urgent requests first, looks last except for their share of all slots. The slot is free
        again one second after the block ends.
        """


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""

    def monotonic(self) -> float:
        """Monotonic seconds, from an arbitrary origin."""
