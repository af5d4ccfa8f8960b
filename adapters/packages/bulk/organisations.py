"""The registration of the schools that a package has rows of: the same of a bulk and of a delta."""

from __future__ import annotations

from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.options import DEFAULT_ZONE
from sync.facts import REGISTRATION, Registration


def state_organisations(reading: Reading) -> None:
    """Without a time zone of its own a package leaves the one there is."""
    known = reading.known.get(REGISTRATION, {})
    for school, name in reading.roster.schools.items():
        was = known.get((school,))
        kept = was.value.time_zone if was is not None and was.value is not None else DEFAULT_ZONE
        value = Registration(name, reading.options.time_zone or kept, reading.roster.sis)
        reading.snapshot.state(REGISTRATION, (school,), Stated(value))
