"""All facts that a delta states, and those that it ends."""

from __future__ import annotations

from adapters.packages.delta.enrolments import Enrolments
from adapters.packages.delta.guardians import state_links
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.delta.moves import SortedMoves
from adapters.packages.delta.people import state_people
from adapters.packages.delta.roles import Roles
from adapters.packages.delta.sections import state_sections
from adapters.packages.delta.still_used import still_used
from adapters.packages.delta.told_roles import ToldRoles
from adapters.packages.facts.reading import Reading
from adapters.packages.roster.changes import Changes


def state_changes(reading: Reading, changes: Changes) -> None:
    """States what the rows of a delta come to, and what they end. Rows that it does not have say nothing."""
    known_facts = KnownFacts(reading.known, reading.roster.spill)
    reading.snapshot.delta = True
    used, told = still_used(reading, changes), ToldRoles(reading, changes, known_facts)
    state_sections(reading, known_facts, used)
    moves = SortedMoves(reading, changes, known_facts, used=used, lost=told.lost())
    Enrolments(reading, known_facts).state(moves)
    Roles(reading, changes, known_facts, told).state()
    state_links(reading, changes, known_facts)
    state_people(reading, known_facts)
