"""A delta over what is known."""

from __future__ import annotations

from adapters.packages.background import Background
from adapters.packages.patch import Patch
from adapters.packages.patch_people import PeoplePatch
from adapters.packages.roster import Changes
from adapters.packages.snapshot import Reading


def state_changes(reading: Reading, changes: Changes) -> None:
    """States what the rows of a delta come to, and what they end. Rows that it does not have say nothing."""
    background = Background(reading.known)
    reading.snapshot.delta = True
    Patch(reading, changes, background).state()
    PeoplePatch(reading, changes, background).state()
