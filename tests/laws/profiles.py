"""A share of the profile's examples, for laws of which one example costs a whole road."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import settings


def share_of_examples(share: float) -> Callable[[Any], Any]:
    """Runs a test on this share of the examples that the profile asks for."""
    return settings(max_examples=max(1, round(settings.default.max_examples * share)))
