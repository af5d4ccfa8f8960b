"""The known facts by person and by section, as the rows of a delta ask for them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT
from adapters.packages.facts.known import Known, Was
from adapters.packages.facts.standing import stands
from adapters.packages.roster.role_words import GUARDIANS, STUDENT
from adapters.packages.spill.mappings import Spill, SpillMap
from sync.facts import (
    CLASS_STATE,
    GROUP_STATE,
    GUARDIANSHIP,
    FactType,
    Key,
)

STAFF = "teacher"  # whatever the position: of known staff it only counts that they are


class Where(NamedTuple):
    """The school of a class or group, and which of the two it is."""

    is_open: bool
    organisation_id: str
    is_class: bool


class KnownFacts:
    """What is known, read once: of sections their schools; of people their roles, schools and links."""

    def __init__(self, known: Known, spill: Spill) -> None:
        self._known = known
        self._roles: SpillMap[str, frozenset[str]] = spill.mapping()
        self._schools: SpillMap[str, frozenset[str]] = spill.mapping()
        self._studies: SpillMap[str, frozenset[str]] = spill.mapping()
        self._guardians: SpillMap[str, tuple[Key, ...]] = spill.mapping()
        self._wards: SpillMap[str, tuple[Key, ...]] = spill.mapping()
        self._sections: SpillMap[str, tuple[Where, ...]] = spill.mapping()
        self._read_sections()
        self._read_people()
        self._read_links()

    def roles(self, person: str) -> frozenset[str]:
        """The words of the roles that somebody is known to have or to have had."""
        return frozenset(self._roles.get(person, ()))

    def schools(self, person: str) -> frozenset[str]:
        """The schools that know somebody as anything."""
        return frozenset(self._schools.get(person, ()))

    def studies(self, student: str) -> frozenset[str]:
        """The schools where somebody has a class or a guardian."""
        return frozenset(self._studies.get(student, ()))

    def guardians(self, student: str) -> tuple[Key, ...]:
        """The links that stand, of a student."""
        return tuple(self._guardians.get(student, ()))

    def wards(self, guardian: str) -> tuple[Key, ...]:
        """The links that stand, of a guardian."""
        return tuple(self._wards.get(guardian, ()))

    def where(self, section: str, named: str | None, schools: AbstractSet[str]) -> Where | None:
        """The section that a row means, whose id may be of several schools: that of the school the row names, else of
        one of `schools`, the person's, else the one there is; of those of one school what is open.
        """
        found = tuple(self._sections.get(section, ()))
        at_home = [where for where in found if where.organisation_id in schools]
        of_row = [where for where in found if where.organisation_id == named]
        candidates = of_row or at_home or found
        is_one = len({where.organisation_id for where in candidates}) == 1
        return max(candidates) if is_one else None

    def value(self, kind: FactType, key: Key) -> object:
        """The value known to hold, or None."""
        was = self.was(kind, key)
        return None if was is None else was.value

    def was(self, kind: FactType, key: Key) -> Was | None:
        """What is known of a fact, None where nothing is."""
        return self._known.get(kind, {}).get(key)

    def stands(self, kind: FactType, key: Key) -> bool:
        """Whether a fact says that something is, on the day or announced for later."""
        was = self.was(kind, key)
        return was is not None and stands(was)

    def keys(self, kind: FactType) -> Iterator[Key]:
        """The keys of the facts of a kind that stand."""
        return (key for key in self._known.get(kind, {}) if self.stands(kind, key))

    def relation(self, guardian_id: str) -> str | None:
        """What a guardian is to another student, where no role tells it."""
        for key in self.wards(guardian_id):
            relation: str | None = getattr(self.value(GUARDIANSHIP, key), "relation", None)
            if relation:
                return relation
        return None

    def _read_sections(self) -> None:
        for kind in (GROUP_STATE, CLASS_STATE):
            for key in self._known.get(kind, {}):
                where = Where(self.stands(kind, key), key[0], kind is CLASS_STATE)
                self._sections[key[1]] = (*self._sections.get(key[1], ()), where)

    def _read_people(self) -> None:
        for kind, role in ((ENROLMENT, STUDENT), (EMPLOYMENT, STAFF)):
            for school, person in self._known.get(kind, {}):
                _add(self._roles, person, role)
                if self.stands(kind, (school, person)):
                    _add(self._schools, person, school)
                    if kind is ENROLMENT:
                        _add(self._studies, person, school)

    def _read_links(self) -> None:
        for key in self.keys(GUARDIANSHIP):
            school, guardian, student = key
            _add(self._roles, guardian, GUARDIANS[0])
            _add(self._roles, student, STUDENT)
            _add(self._schools, guardian, school)
            _add(self._schools, student, school)
            _add(self._studies, student, school)
            self._guardians[student] = (*self.guardians(student), key)
            self._wards[guardian] = (*self.wards(guardian), key)


def _add(sets: SpillMap[str, frozenset[Any]], key: str, item: str) -> None:
    known = sets.get(key, frozenset())
    if item not in known:
        sets[key] = known | {item}
