"""What a delta states of who is whose guardian: its rows over what is known."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import merge
from itertools import groupby

from adapters.packages.bulk.people import study_places
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.facts.joined import ENROLMENT
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.findings import NOWHERE
from adapters.packages.roster.changes import Changes
from adapters.packages.roster.role_words import GUARDIANS, STUDENT
from adapters.packages.spill.mappings import SpillMap
from sync.facts import (
    GUARDIANSHIP,
    Guardianship,
    Key,
)

Relations = Mapping[str, str | None]  # by guardian, the word of the guardian's role


def state_links(reading: Reading, changes: Changes, known_facts: KnownFacts) -> None:
    """A student's links: those that rows list, and those known, save where the student's own row lists others."""
    links = _Links(reading, changes, known_facts)
    told, schools = links.told(), links.schools()
    listing = (id_ for id_, person in reading.roster.persons() if person.agents is not None)
    for student, _ in groupby(merge(told, schools, listing)):
        links.state(student, told.get(student, {}), schools.get(student, frozenset()))


class _Links:
    def __init__(self, reading: Reading, changes: Changes, known_facts: KnownFacts) -> None:
        self._reading = reading
        self._snapshot = reading.snapshot
        self._changes = changes
        self._known_facts = known_facts

    def schools(self) -> SpillMap[str, frozenset[str]]:
        """Where students have a class, or a student's role, by the delta."""
        found: SpillMap[str, frozenset[str]] = self._reading.roster.spill.mapping()
        for school, student in study_places(self._reading):
            found[student] = found.get(student, frozenset()) | {school}
        return found

    def state(self, student: str, listed: Relations, schools: frozenset[str]) -> None:
        if student in self._changes.removed_people:
            return
        known, person = self._known_facts.guardians(student), self._reading.roster.people.get(student)
        is_told = person is not None and person.agents is not None and STUDENT in self._roles(student)
        stay = {} if is_told else {key[1]: self._known_relation(key) for key in known if not self._is_gone(key)}
        left = self._snapshot.gone(ENROLMENT)
        stays_in = {school for school in self._known_facts.studies(student) if (school, student) not in left}
        for school in schools | stays_in:
            for guardian, relation in {**stay, **listed}.items():
                value = Guardianship(assigned=True, relation=relation)
                self._snapshot.state(GUARDIANSHIP, (school, guardian, student), Stated(value))
        for key in known if is_told else ():
            self._snapshot.end(GUARDIANSHIP, key)

    def _known_relation(self, key: Key) -> str | None:
        relation: str | None = getattr(self._known_facts.value(GUARDIANSHIP, key), "relation", None)
        return relation

    def _is_gone(self, key: Key) -> bool:
        """Whether the guardian is one no more; a link that only ends with the student's leaving goes with them."""
        school, guardian, student = key
        is_ended = key in self._snapshot.gone(GUARDIANSHIP)
        has_left = (school, student) in self._snapshot.gone(ENROLMENT)
        return guardian in self._changes.removed_people or (is_ended and not has_left)

    def told(self) -> SpillMap[str, dict[str, str | None]]:
        """The links that rows list, by student and guardian."""
        links: SpillMap[str, dict[str, str | None]] = self._reading.roster.spill.mapping()
        for id_, person in self._reading.roster.persons():
            for agent in person.agents or ():
                link = self._link(id_, agent)
                if link is not None:
                    guardian, student = link
                    links[student] = {**links.get(student, {}), guardian: self._relation(guardian)}
                elif agent not in self._changes.removed_people:
                    expected = "a student's guardian, or a guardian's student"
                    self._reading.findings.add("agent_not_guardian", expected, person.place or NOWHERE)
        return links

    def _link(self, raw: str, agent: str) -> tuple[str, str] | None:
        """Which of two is the guardian, and which the student: of whom nothing is known may be either."""
        if agent in self._changes.removed_people:
            return None
        mine, theirs = self._roles(raw), self._roles(agent)
        if STUDENT in mine and (not theirs or theirs & {*GUARDIANS}):
            return agent, raw
        if mine & {*GUARDIANS} and (not theirs or STUDENT in theirs):
            return raw, agent
        if not mine:
            return (raw, agent) if STUDENT in theirs else (agent, raw)
        return None

    def _roles(self, person: str) -> set[str]:
        return {post.role for post in self._reading.roster.posts.get(person, ())} | self._known_facts.roles(person)

    def _relation(self, guardian: str) -> str | None:
        posts = self._reading.roster.posts.get(guardian, ())
        told = next((post.role for post in posts if post.role in GUARDIANS), None)
        return told or self._known_facts.relation(guardian)
