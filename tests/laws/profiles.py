"""A share of the profile's examples, for laws of which one example costs a whole road."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, settings

WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


def share_of_examples(share: float, *, shrinks: bool = True) -> Callable[[Any], Any]:
    """Runs a test on this share of the examples that the profile asks for. Without shrinking one that fails is told as
    it was found: a smaller one is not worth half an hour.
    """
    profile = settings.get_profile(settings.get_current_profile_name())
    phases = profile.phases if shrinks else WITHOUT_SHRINKING
    return settings(max_examples=max(1, round(profile.max_examples * share)), phases=phases)
