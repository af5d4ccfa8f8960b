"""Updates that a platform sends by itself: never taken as fact, only a reason to look."""

from __future__ import annotations

from typing import NamedTuple

from sync.ids import AccountId
from sync.places import NOBODY

LEFT, REMOVED, CAME, CHAT, RENAMED, POSTED = "left", "removed", "came", "chat", "renamed", "posted"


class PlatformUpdate(NamedTuple):
    """One update of a chat.

    `kind`: left (on their own), removed, came: of `account` · chat: our place or our rights in it changed · renamed:
    `text` is the title · posted: `account` posted `text`. `key` is the same when an update is repeated.
    """

    key: str
    kind: str
    chat: str
    account: AccountId = NOBODY
    text: str = ""
