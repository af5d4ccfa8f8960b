"""What the rows of a package may have confirmed that are there and not understood, or lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from adapters.packages.files.not_understood import About, NotUnderstood
from adapters.packages.findings import Place
from adapters.packages.roster.people import Posts
from adapters.packages.roster.role_words import STUDENT
from adapters.packages.roster.strays import Open, Strays
from adapters.packages.spill.mappings import Spill, SpillMap

ANY = ""  # whoever, or whichever: the row's own id is blank
UNREADABLE_DAY = date.max


class Doubts:
    """`rows` has the words of rows that cannot be read; the rest is of rows that can, and whose references lead
    nowhere. `classes` and `groups` are those that have no row and yet students, with the place of one of these.
    """

    def __init__(
        self, rows: NotUnderstood, spill: Spill, people: Mapping[str, object], posts: Mapping[str, Posts]
    ) -> None:
        self.rows = rows
        self.strays = Strays(spill)
        self._people = people
        self._posts = posts
        self.classes: SpillMap[str, Place] = spill.mapping()
        self.groups: SpillMap[str, Place] = spill.mapping()
        self._studies: SpillMap[tuple[str, str], str] = spill.mapping()
        self._students: SpillMap[str, bool] = spill.mapping()
        self._teachers: SpillMap[str, bool] = spill.mapping()
        self._teachings: SpillMap[tuple[str, str], bool] = spill.mapping()
        self._links: SpillMap[tuple[str, str], bool] = spill.mapping()

    def add_study(self, person: str, section: str, begins_on: date) -> None:
        """That somebody may study in a section, from a day on; either may be ANY."""
        latest = max(begins_on.isoformat(), self._studies.get((person, section), ""))
        self._studies[person, section] = latest
        self._students[person] = True

    def add_teaching(self, person: str, section: str) -> None:
        """That somebody may teach in a section; either may be ANY."""
        self._teachings[person, section] = True
        self._teachers[person] = True

    def add_link(self, one: str, other: str) -> None:
        """That one of two may be the other's guardian."""
        self._links[min(one, other), max(one, other)] = True

    def has_person(self, person: str) -> bool:
        """Whether a row of people, or of their roles, may have named somebody."""
        if self.rows.may_name(About.PEOPLE, person) or self.rows.may_name(About.ROLES, person):
            return True
        return self.strays.is_open(Open.ROLES, ANY) and self.may_lack_role(person)

    def may_lack_role(self, person: str) -> bool:
        """Whether a row of a role leads nowhere, and may be of somebody who is there without any role."""
        return Open.ROLES in self.strays.kinds and self._is_there(person) and not self._posts.get(person)

    def has_employee(self, person: str) -> bool:
        """Whether a row may have named somebody as staff, or a teacher of some section."""
        return self.has_person(person) or person in self._teachers

    def _is_there(self, person: str) -> bool:
        return self._people.get(person) is not None

    def _is_student(self, person: str) -> bool:
        return any(post.role == STUDENT for post in self._posts.get(person, ()))

    def has_section(self, section: str) -> bool:
        """Whether a row of classes may have named a class or group."""
        return self.rows.may_name(About.SECTIONS, section)

    def has_student(self, person: str, section: str) -> bool:
        """Whether a row may have named somebody a student of any section, or anybody of this one."""
        return (
            self.has_person(person)
            or self.rows.may_name(About.ENROLMENTS, person)
            or person in self._students
            or (ANY, section) in self._studies
            or self._is_open_to(person, section)
        )

    def _is_open_to(self, person: str, section: str) -> bool:
        """Whether a row of a section names nobody, or a row of somebody no section, and these may be the two."""
        is_open = self.strays.is_open(Open.STUDENTS, section) or self.strays.is_open(Open.STUDIES, person)
        return is_open and self._is_student(person)

    def study(self, person: str, section: str) -> date | None:
        """The latest day on which a row may have put somebody into a section; None where no row names both."""
        if self.rows.names(About.ENROLMENTS, person) and self.rows.names(About.ENROLMENTS, section):
            return UNREADABLE_DAY
        rows = ((person, section), (person, ANY), (ANY, section))
        days = [day for row in rows if (day := self._studies.get(row)) is not None]
        return date.fromisoformat(max(days)) if days else None

    def may_study(self, person: str, section: str) -> bool:
        """Whether a row may have put somebody into a section, or may have been of anybody anywhere."""
        if self.rows.anything(About.ENROLMENTS) or self._is_open_to(person, section):
            return True
        return self.study(person, section) is not None

    def teaches(self, person: str, section: str) -> bool:
        """Whether a row that names both may have said that somebody teaches in a section."""
        of_rows = self.rows.names(About.ENROLMENTS, person) and self.rows.names(About.ENROLMENTS, section)
        return of_rows or (person, section) in self._teachings or (person, ANY) in self._teachings

    def may_be_taught(self, person: str, section: str) -> bool:
        """Whether a row may have been of somebody who teaches in a section, though it does not name both."""
        if self.rows.anything(About.ENROLMENTS) or (ANY, section) in self._teachings or self.has_person(person):
            return True
        return self.strays.is_open(Open.TEACHERS, section) or self.strays.is_open(Open.TEACHINGS, person)

    def has_link(self, guardian: str, student: str) -> bool:
        """Whether a row may have said that somebody is a student's guardian."""
        return (
            self.has_person(guardian)
            or self.has_person(student)
            or (min(guardian, student), max(guardian, student)) in self._links
            or (self._is_link_open(guardian, student) and self._is_there(guardian) and self._is_there(student))
            or (self.rows.may_name(About.LINKS, guardian) and self.rows.may_name(About.LINKS, student))
        )

    def _is_link_open(self, guardian: str, student: str) -> bool:
        return self.strays.is_open(Open.LINKS, guardian) or self.strays.is_open(Open.LINKS, student)
