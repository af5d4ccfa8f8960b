"""What a platform's client is given by whoever makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

Slot = Callable[[], AbstractAsyncContextManager[object]]
"""The right to one request."""

TellRights = Callable[[str, Sequence[str]], None]
"""Hears of which rights we are without in a chat."""


def quiet(_chat: str, _lacking: Sequence[str]) -> None: ...
