"""Fields of updates. Whatever is not as it should be raises TypeError or ValueError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.wire.narrowed import storable

LONGEST_KEY = 256


def key_of(update: Mapping[str, Any]) -> str:
    """An update has no id of its own: it is told by what, where, of whom and when."""
    who = (update.get("user") or {}).get("user_id", update.get("user_id"))
    return text_in(f"{update['update_type']} {update.get('chat_id')} {who} {int(update['timestamp'])}")[:LONGEST_KEY]


def text_in(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return storable(value)


def id_in(value: object) -> str:
    """An int64, as text."""
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise ValueError("not an id")
    return str(value)
