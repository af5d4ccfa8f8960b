"""The registration of the schools that a package has rows of: the same of a bulk and of a delta."""

from __future__ import annotations

from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.options import DEFAULT_ZONE
from sync.facts import REGISTRATION, Registration


def state_organisations(reading: Reading) -> None:
    """Without a time zone of its own, or a name, a package leaves the one there is."""
    known = reading.known.get(REGISTRATION, {})
    for school, name in reading.roster.schools.items():
        was = known.get((school,))
        before = was.value if was is not None else None
        kept = before.time_zone if before is not None else DEFAULT_ZONE
        told = before.name if before is not None and school in reading.roster.unnamed else name
        value = Registration(told, reading.options.time_zone or kept, reading.roster.sis)
        reading.snapshot.state(REGISTRATION, (school,), Stated(value))
