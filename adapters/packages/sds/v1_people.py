"""The students and teachers of a School Data Sync v1 package, and their sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import BLANK_DAY
from adapters.packages.files.ids import id_of, referred
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import name_of
from adapters.packages.roster.people import Person, Post
from adapters.packages.roster.role_words import STUDENT
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Teaching
from adapters.packages.sds import v1_layouts as layouts
from adapters.packages.sds.v1_rows import has_id, is_gone
from adapters.packages.spill.mappings import SpillMap
from sync.facts import PersonNames

TEACHER = "teacher"


class People:
    """Reads people into a roster. `schools` are the names of those that are there; None is one that is gone."""

    def __init__(self, tables: Tables, roster: Roster, schools: Mapping[str, str | None]) -> None:
        self._tables = tables
        self._roster = roster
        self._schools = schools
        self._roles: SpillMap[str, frozenset[str]] = tables.spill.mapping()  # without any: there and gone

    def read(self) -> None:
        """Adds people, their roles and their enrolments to the roster."""
        self._read_people(layouts.STUDENTS, STUDENT)
        self._read_people(layouts.TEACHERS, TEACHER)
        for row in self._enrolled(layouts.STUDENT_ENROLLMENTS, STUDENT):
            enrolment = id_of(row, "Section SIS ID"), id_of(row, "SIS ID"), BLANK_DAY.isoformat()
            self._roster.student_enrolments[enrolment] = True
        for row in self._enrolled(layouts.TEACHER_ROSTERS, TEACHER):
            section = id_of(row, "Section SIS ID")
            teaching = Teaching(id_of(row, "SIS ID"), primary=False, begins_on=BLANK_DAY)
            self._roster.teachers[section] = (*self._roster.teachers.get(section, ()), teaching)

    def _read_people(self, layout: Layout, role: str) -> None:
        """A row for each school of a student or teacher; of one school the later one counts."""
        seen: SpillMap[tuple[str, str], tuple[object, ...]] = self._tables.spill.mapping()
        for row in self._tables.rows(layout):
            if not has_id(row):
                continue
            person, school = id_of(row, "SIS ID"), id_of(row, "School SIS ID")
            told = _names(row), row["Grade"], is_gone(row)
            self._roles.setdefault(person, frozenset())
            if referred(row, "School SIS ID", self._schools) is not None and not self._is_another(row, person, role):
                if seen.get((person, school), told) != told:
                    row.warn("duplicate_id", "one row for a school", "SIS ID")
                seen[person, school] = told
                self._read_person(row, person, Post(school, role, grade=row["Grade"]))

    def _is_another(self, row: Row, person: str, role: str) -> bool:
        """Whether one id is a student and a teacher who are not called the same."""
        roles, before = self._roles[person], self._roster.people.get(person)
        if not roles or role in roles or before is None or before.names == _names(row):
            return False
        row.warn("id_of_two_people", "an id of its own for a teacher", "SIS ID")
        return True

    def _read_person(self, row: Row, person: str, post: Post) -> None:
        others = tuple(
            other
            for other in self._roster.posts.get(person, ())
            if (other.organisation_id, other.role) != (post.organisation_id, post.role)
        )
        self._roster.posts[person] = others if is_gone(row) else (*others, post)
        if is_gone(row):
            return
        self._roles[person] |= {post.role}
        names, before = _names(row), self._roster.people.get(person)
        if names is None:
            row.warn("person_without_name", "a last or first name", "Last Name")
        grade = post.grade if post.role == STUDENT else (before.grade if before is not None else "")
        self._roster.people[person] = Person(names, None, grade)

    def _enrolled(self, layout: Layout, role: str) -> Iterator[Row]:
        """The rows whose section is there, and whose person is there in that role."""
        for row in self._tables.rows(layout):
            section = referred(row, "Section SIS ID", self._roster.sections)
            roles = referred(row, "SIS ID", self._roles)
            if roles is None or section is None or section.gone:
                continue
            if role in roles:
                yield row
            elif roles:
                row.warn("role_mismatch", f"the id of a {role}", "SIS ID")


def _names(row: Row) -> PersonNames | None:
    last, first, middle = (name_of(row, column) for column in ("Last Name", "First Name", "Middle Name"))
    return PersonNames(last, first, middle or None) if last or first else None
