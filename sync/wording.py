"""The words of messages for operators."""

from __future__ import annotations


def number_of(number: int, one: str, several: str | None = None) -> str:
    """A number with the form of a word that goes with it; where `several` is not given it is `one` with an s."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"
