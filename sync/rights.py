"""The rights that we lack in a chat, as stored with its room and shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LACKS = "lacks."  # before the name of a right, in the code of a failure


def told(lacks: Sequence[str]) -> str | None:
    """The missing rights, by the platform's names; None if we have all."""
    return ", ".join(lacks) or None


def lacking(code: str) -> str:
    """The missing right that a failure names, or the failure's code (not in the chat, no administrator)."""
    return code.removeprefix(LACKS)
