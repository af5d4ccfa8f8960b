"""All facts that a whole package states."""

from __future__ import annotations

from adapters.packages.bulk.classes import state_classes
from adapters.packages.bulk.groups import state_groups
from adapters.packages.bulk.guardians import state_guardians
from adapters.packages.bulk.people import state_employees, state_people
from adapters.packages.bulk.students import state_students
from adapters.packages.facts.reading import Reading


def state_all(reading: Reading) -> None:
    """States what the roster says, and of which facts it says all, into the reading's snapshot."""
    reading.snapshot.schools = reading.roster.schools.keys()
    state_employees(reading)
    state_classes(reading)
    state_students(reading)
    state_guardians(reading)
    state_groups(reading)
    state_people(reading)
