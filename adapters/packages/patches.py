"""A delta over what is known."""

from __future__ import annotations

from adapters.packages.background import Background
from adapters.packages.patch import Patch
from adapters.packages.patch_people import PeoplePatch
from adapters.packages.patch_seats import Seats
from adapters.packages.patch_sections import state_sections
from adapters.packages.roster import Changes
from adapters.packages.snapshot import Reading


def state_changes(reading: Reading, changes: Changes) -> None:
    """States what the rows of a delta come to, and what they end. Rows that it does not have say nothing."""
    background = Background(reading.known, reading.roster.shelves)
    reading.snapshot.delta = True
    state_sections(reading, background)
    Patch(reading, background).state(Seats(reading, changes, background))
    PeoplePatch(reading, changes, background).state()
