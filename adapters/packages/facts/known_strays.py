"""Which references lead nowhere and name nothing that is known."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.known import Known
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.strays import OF_PEOPLE
from sync.facts import CLASS_STATE, GROUP_STATE, PERSON_NAMES, FactType

PEOPLE = (PERSON_NAMES, ENROLMENT, EMPLOYMENT)
SECTIONS = (CLASS_STATE, GROUP_STATE)


def leave_open_strays(roster: Roster, known: Known) -> None:
    """Somebody who is known and has no row any more was meant himself; by an id that nobody has, anybody."""
    for what, of, missing in roster.doubts.strays.found():
        if not _is_known(roster, known, PEOPLE if what in OF_PEOPLE else SECTIONS, missing):
            roster.doubts.strays.leave_open(what, of)


def _is_known(roster: Roster, known: Known, kinds: Iterable[FactType], id_: str) -> bool:
    return any((school, id_) in known.get(kind, {}) for kind in kinds for school in roster.schools)
