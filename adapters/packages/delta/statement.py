"""A delta over what is known."""

from __future__ import annotations

from adapters.packages.delta.enrolments import Patch
from adapters.packages.delta.known_facts import Background
from adapters.packages.delta.moves import Seats
from adapters.packages.delta.roles import PeoplePatch
from adapters.packages.delta.sections import state_sections
from adapters.packages.facts.reading import Reading
from adapters.packages.roster.roster import Changes


def state_changes(reading: Reading, changes: Changes) -> None:
    """States what the rows of a delta come to, and what they end. Rows that it does not have say nothing."""
    background = Background(reading.known, reading.roster.spill)
    reading.snapshot.delta = True
    state_sections(reading, background)
    Patch(reading, background).state(Seats(reading, changes, background))
    PeoplePatch(reading, changes, background).state()
