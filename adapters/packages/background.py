"""What is known of those whom a delta speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from adapters.packages.compare import is_on
from adapters.packages.known import Known, Was
from adapters.packages.words import GUARDIANS, STUDENT
from sync.facts import CLASS_STATE, EMPLOYMENT, ENROLMENT, GROUP_STATE, GUARDIANSHIP, Key, Kind

STAFF = "teacher"  # whatever the position: of known staff it only counts that they are


class Where(NamedTuple):
    """The school of a class or group, and which of the two it is."""

    organisation_id: str
    is_class: bool


class Background:
    """The known facts by person and by class."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.roles: defaultdict[str, set[str]] = defaultdict(set)
        self.schools: defaultdict[str, set[str]] = defaultdict(set)
        self.studies: defaultdict[str, set[str]] = defaultdict(set)  # where somebody has a class or a guardian
        self.guardians: defaultdict[str, list[Key]] = defaultdict(list)  # the links that stand, by student
        self.wards: defaultdict[str, list[Key]] = defaultdict(list)  # the same, by guardian
        self.sections = dict(self._sections())
        self._read_people()

    def value(self, kind: Kind, key: Key) -> object:
        """The value known to hold, or None."""
        was = self.was(kind, key)
        return None if was is None else was.value

    def was(self, kind: Kind, key: Key) -> Was | None:
        return self._known.get(kind, {}).get(key)

    def stands(self, kind: Kind, key: Key) -> bool:
        """Whether a fact says that something is, on the day or announced for later."""
        was = self.was(kind, key)
        return was is not None and (is_on(was.value) or any(is_on(ahead.value) for ahead in was.ahead))

    def keys(self, kind: Kind) -> Iterator[Key]:
        """The keys of the facts of a kind that stand."""
        return (key for key in self._known.get(kind, {}) if self.stands(kind, key))

    def relation(self, guardian_id: str) -> str | None:
        """What a guardian is to another student, where no role tells it."""
        for key in self.wards.get(guardian_id, ()):
            relation: str | None = getattr(self.value(GUARDIANSHIP, key), "relation", None)
            if relation:
                return relation
        return None

    def _sections(self) -> Iterator[tuple[str, Where]]:
        """What is closed first, so that what is open counts."""
        found = [
            (self.stands(kind, key), key, Where(key[0], kind is CLASS_STATE))
            for kind in (GROUP_STATE, CLASS_STATE)
            for key in self._known.get(kind, {})
        ]
        for _, key, where in sorted(found):
            yield key[1], where

    def _read_people(self) -> None:
        for kind, role in ((ENROLMENT, STUDENT), (EMPLOYMENT, STAFF)):
            for school, person in self._known.get(kind, {}):
                self.roles[person].add(role)
                if self.stands(kind, (school, person)):
                    self.schools[person].add(school)
        for key in self.keys(GUARDIANSHIP):
            school, guardian, student = key
            self.roles[guardian].add(GUARDIANS[0])
            self.roles[student].add(STUDENT)
            self.guardians[student].append(key)
            self.wards[guardian].append(key)
            self.schools[guardian].add(school)
            self.schools[student].add(school)
            self.studies[student].add(school)
        for school, student in self.keys(ENROLMENT):
            self.studies[student].add(school)
