"""Hear what a platform tells by itself: it leaves something to be read back, or a chat to be adopted."""

from __future__ import annotations

from collections.abc import Sequence

from sync.ports.store import Store
from sync.updates import PlatformUpdate


async def hear_updates(store: Store, token: str, updates: Sequence[PlatformUpdate], marker: str | None = None) -> int:
    """Hears updates of one platform account, in any order and as often as they are told; gives how many were new.

    `marker`: how far all of its updates were heard by now, where they are asked for. Raises StoreUnavailable with
    nothing heard (retriable).
    """
    async with store.adopting() as tx:
        new = await tx.hear(token, updates) if updates else 0
        if marker is not None:
            await tx.keep_marker(token, marker)
    return new
