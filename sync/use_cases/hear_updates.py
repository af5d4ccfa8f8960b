"""Hear a platform's updates: each may lead to a read-back, or to the adoption of a chat."""

from __future__ import annotations

from collections.abc import Sequence

from sync.ports.store import Store
from sync.updates import PlatformUpdate


async def hear_updates(store: Store, token: str, updates: Sequence[PlatformUpdate], marker: str | None = None) -> int:
    """Hear updates of one platform account, in any order and with repetitions. Return how many were new. `marker`: the
    position up to which all updates were heard, if they are polled. Raises StoreUnavailable with nothing heard
    (retriable).
    """
    async with store.hearing() as tx:
        new = await tx.hear(token, updates) if updates else 0
        if marker is not None:
            await tx.keep_marker(token, marker)
    return new
