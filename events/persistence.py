"""Retrying until the database is available."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from sync.errors import StoreUnavailable

T = TypeVar("T")

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0

log = structlog.get_logger()


class Moved(Exception):  # noqa: N818 - says what happened
    """Another process advanced one of the partitions meanwhile; nothing was written. Retriable at once."""


async def persistently(once: Callable[[], Awaitable[T]]) -> T:
    """Retry until it succeeds. Logs when the database becomes unavailable and when it is back."""
    failures = 0
    while True:
        try:
            done = await once()
        except Moved:
            continue
        except StoreUnavailable as error:
            if not failures:
                log.warning("stream.database_away", error=str(error))
            await asyncio.sleep(min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(failures, 10)))
            failures += 1
            continue
        if failures:
            log.info("stream.database_back", failures=failures)
        return done
