"""The rights that we are without in a chat, as they are kept with its room and told. Pure."""

from __future__ import annotations

from collections.abc import Sequence

LACKS = "lacks."  # before the name of a right, in the code of a failure


def told(lacks: Sequence[str]) -> str | None:
    """The rights by which the platform calls them; None where we have all."""
    return ", ".join(lacks) or None


def lacking(code: str) -> str:
    """The right that a failure names, or its code: not in the chat, no administrator there."""
    return code.removeprefix(LACKS)
