"""The names of the people that a delta has rows of, and whether they are blocked."""

from __future__ import annotations

from adapters.packages.bulk.people import home_of_all, schools_of_facts, state_names
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.spill.mappings import SpillMap
from sync.facts import BLOCK, Block


def state_people(reading: Reading, known_facts: KnownFacts) -> None:
    """In the schools that know them already, and those that the delta names; last, when that is settled."""
    for id_, _ in reading.roster.persons():
        for school in known_facts.schools(id_):
            reading.snapshot.live_in(id_, school)
    home_of_all(reading)
    state_names(reading)
    if reading.options.block_disabled:
        _state_blocks(reading, known_facts)


def _state_blocks(reading: Reading, known_facts: KnownFacts) -> None:
    """In each of a user's schools; a row that says neither leaves it as it is."""
    stated: SpillMap[tuple[str, str], bool] = reading.roster.spill.mapping()
    for school, person in schools_of_facts(reading):
        stated[person, school] = True
    for id_, _ in reading.roster.persons():
        for school in known_facts.schools(id_):
            stated[id_, school] = True
    for id_, school in stated:
        told = reading.roster.people.get(id_)
        if told is not None and told.enabled is False:
            reading.snapshot.state(BLOCK, (school, id_), Stated(Block(blocked=True)))
        elif told is not None and told.enabled:
            reading.snapshot.end(BLOCK, (school, id_))
