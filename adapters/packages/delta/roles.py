"""What a delta states of people by their roles, those that came and those that went: its rows over what is known."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.packages.bulk.students import state_grade
from adapters.packages.delta.known_facts import KnownFacts
from adapters.packages.delta.told_roles import ToldRoles, staff
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, Employment
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.facts.standing import is_on
from adapters.packages.roster.changes import Changes
from adapters.packages.roster.people import Post
from adapters.packages.roster.role_words import RANK, STUDENT, position_type
from sync.facts import (
    GUARDIANSHIP,
    Key,
)

LOWEST = len(RANK)


class Roles:
    """Writes into the snapshot who is employed, who studies no more, and who guards no more; after enrolments."""

    def __init__(self, reading: Reading, changes: Changes, known_facts: KnownFacts, told: ToldRoles) -> None:
        self._reading = reading
        self._snapshot = reading.snapshot
        self._told = told
        self._changes = changes
        self._known_facts = known_facts

    def state(self) -> None:
        """Removed users first, then the classes of grades, then the roles."""
        for person in self._changes.removed_people:
            self._remove(person)
        self._state_grades()
        for person in self._told.people():
            self._state_posts(person)

    def _remove(self, person: str) -> None:
        """Ends what a removed user was."""
        for school in self._known_facts.schools(person):
            self._snapshot.end(ENROLMENT, (school, person))
            self._snapshot.end(EMPLOYMENT, (school, person))
        for key in (*self._known_facts.wards(person), *self._known_facts.guardians(person)):
            self._snapshot.end(GUARDIANSHIP, key)

    def _state_grades(self) -> None:
        """The class of whom a row tells the grade, where grades are the classes."""
        for id_, person in self._reading.roster.persons() if self._reading.graded else ():
            schools = {post.organisation_id: post for post in self._told.active(id_) if post.role == STUDENT}
            for school in self._reading.graded:
                known = self._known_facts.stands(ENROLMENT, (school, id_))
                if school in schools or known:
                    begins_on = schools[school].begins_on if school in schools else None
                    state_grade(self._reading, school, id_, person.grade, begins_on)

    def _state_posts(self, person: str) -> None:
        for school, came, went in self._told.by_school(person):
            self._state_employment((school, person), came, went)
            if self._told.studies_no_more((school, person), came, went):
                self._leave(school, person)
            if self._told.guards_no_more((school, person), went):
                self._end_links(school, self._known_facts.wards(person))

    def _state_employment(self, key: Key, came: list[Post], went: set[str]) -> None:
        """The highest of the roles that rows tell and of the known one, unless a row removes that."""
        posts = staff(came)
        known = self._known_facts.value(EMPLOYMENT, key)
        if self._told.stays(known, went) and self._known_rank(known) < min(map(self._rank, posts), default=LOWEST):
            return
        if posts:
            best = min(posts, key=lambda post: (not self._reading.is_current(post.begins_on), self._rank(post)))
            value = Employment(position_type(best.role), best.role)
            self._snapshot.state(EMPLOYMENT, key, Stated(value, self._reading.effective_on(best.begins_on)))
        else:
            self._end_employment(key, known, went)

    def _end_employment(self, key: Key, known: object, went: set[str]) -> None:
        """Where there is nothing to compare with, a removed role of staff is all that tells of an employment."""
        is_told = any(position_type(role) is not None for role in went)
        if is_on(known) or is_told:
            self._snapshot.end(EMPLOYMENT, key)

    @staticmethod
    def _known_rank(known: object) -> int:
        return RANK.get(getattr(known, "position_type", None) or "", LOWEST + 1)

    @staticmethod
    def _rank(post: Post) -> int:
        return RANK[position_type(post.role) or "other"]

    def _leave(self, school: str, student: str) -> None:
        if (school, student) not in self._snapshot.of(ENROLMENT):
            self._snapshot.end(ENROLMENT, (school, student))
            self._end_links(school, self._known_facts.guardians(student))

    def _end_links(self, school: str, links: Iterable[Key]) -> None:
        for key in links:
            if key[0] == school:
                self._snapshot.end(GUARDIANSHIP, key)
