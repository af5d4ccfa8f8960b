"""The students and teachers of a School Data Sync v1 package, and their sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import BLANK_DAY
from adapters.packages.files.ids import Ids, check_whole, id_of, own_id
from adapters.packages.files.not_understood import About
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import name_of, text_of
from adapters.packages.roster.people import Person, Post, is_other_name
from adapters.packages.roster.role_words import STUDENT
from adapters.packages.roster.roster import Roster, Topic
from adapters.packages.roster.sections import Section, Teaching
from adapters.packages.roster.strays import Open
from adapters.packages.sds import v1_layouts as layouts
from adapters.packages.sds.v1_rows import is_gone
from adapters.packages.spill.mappings import SpillMap
from sync.facts import PersonNames

TEACHER = "teacher"
ENROLMENTS = {STUDENT: Topic.STUDENT_ENROLMENTS, TEACHER: Topic.TEACHER_ENROLMENTS}


class People:
    """Reads people into a roster. `schools` are the names of those that are there; None is one that is gone."""

    def __init__(self, tables: Tables, roster: Roster, schools: Mapping[str, str | None]) -> None:
        self._tables = tables
        self._roster = roster
        self._schools = Ids(schools, tables.spill)
        self._roles: SpillMap[str, frozenset[str]] = tables.spill.mapping()  # without any: there and gone
        self._clashed: SpillMap[str, bool] = tables.spill.mapping()

    def read(self) -> None:
        """Adds people, their roles and their enrolments to the roster."""
        self._read_people(layouts.STUDENTS, STUDENT)
        self._read_people(layouts.TEACHERS, TEACHER)
        for section, student in self._enrolled(layouts.STUDENT_ENROLLMENTS, STUDENT):
            self._roster.student_enrolments[section, student, BLANK_DAY.isoformat()] = True
        for section, teacher in self._enrolled(layouts.TEACHER_ROSTERS, TEACHER):
            teaching = Teaching(teacher, primary=False, begins_on=BLANK_DAY)
            self._roster.teachers[section] = (*self._roster.teachers.get(section, ()), teaching)

    def _read_people(self, layout: Layout, role: str) -> None:
        """A row for each school of a student or teacher; of one school the later one counts."""
        seen: SpillMap[tuple[str, str], tuple[object, ...]] = self._tables.spill.mapping()
        for row in self._tables.rows(layout):
            with row:
                person, school = own_id(row, "SIS ID"), self._schools.find(row, "School SIS ID")
                self._check_one_person(row, person, role)
                if school is None:
                    raise row.not_understood("dangling_reference", "the id of a school", "School SIS ID")
                self._roles.setdefault(person, frozenset())
                if school[1] is None:
                    continue
                told = _names(row), row["Grade"], is_gone(row)
                if seen.get((person, school[0]), told) != told:
                    row.warn("duplicate_id", "one row for a school", "SIS ID")
                seen[person, school[0]] = told
                self._read_person(row, person, Post(school[0], role, grade=text_of(row, "Grade")))

    def _check_one_person(self, row: Row, person: str, role: str) -> None:
        """Raises NotUnderstoodError where one id is a student and a teacher who are not called the same."""
        roles, before = self._roles.get(person, frozenset()), self._roster.people.get(person)
        is_another = before is not None and is_other_name(before.names, row["Last Name"], row["First Name"])
        if person in self._clashed or (is_another and role not in roles):
            self._clashed[person] = True
            for told in (self._roles, self._roster.people, self._roster.posts):
                told.pop(person, None)
            raise row.not_understood("id_of_two_people", "an id of its own for a teacher", "SIS ID")

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

    def _enrolled(self, layout: Layout, role: str) -> Iterator[tuple[str, str]]:
        """The sections and people of rows whose section is there, and whose person is there in that role."""
        sections, people = Ids(self._roster.sections, self._tables.spill), Ids(self._roles, self._tables.spill)
        for row in self._tables.rows(layout):
            found: tuple[str, str] | None = None
            with row:
                check_whole(row, "Section SIS ID")
                check_whole(row, "SIS ID")
                found = self._seat(row, role, sections, people)
            if found is not None:
                yield found

    def _seat(self, row: Row, role: str, sections: Ids[Section], people: Ids[frozenset[str]]) -> tuple[str, str] | None:
        section, person = sections.find(row, "Section SIS ID"), people.find(row, "SIS ID")
        if section is None or person is None:
            self._lead_nowhere(row, role, section=section and section[0], person=person and person[0])
            return None
        roles = person[1] or frozenset()
        if section[1] is None or section[1].gone:
            if role == STUDENT and role in roles:
                self._roster.leftovers[person[0], section[0]] = row.place("Section SIS ID")
        elif role in roles or not roles:
            self._roster.heard.add((ENROLMENTS[role], section[1].organisation_id))
            return (section[0], person[0]) if roles else None
        elif self._roster.doubts.has_person(person[0]):
            self._doubt(row, role, section[0], person[0])
        else:
            row.warn("role_mismatch", f"the id of a {role}", "SIS ID")
        return None

    def _lead_nowhere(self, row: Row, role: str, *, section: str | None, person: str | None) -> None:
        """A reference to a row that is there and not understood is counted there."""
        rows, named = self._roster.doubts.rows, (id_of(row, "Section SIS ID"), id_of(row, "SIS ID"))
        if section is None and not rows.names(About.SECTIONS, named[0]):
            row.warn("dangling_reference", "the id of a section", "Section SIS ID")
        if person is None and not rows.names(About.PEOPLE, named[1]):
            row.warn("dangling_reference", f"the id of a {role}", "SIS ID")
        self._doubt(row, role, section or named[0], person or named[1])
        strays, is_student = self._roster.doubts.strays, role == STUDENT
        if section is not None:
            strays.add(Open.STUDENTS if is_student else Open.TEACHERS, section, named[1])
        elif person is not None:
            strays.add(Open.STUDIES if is_student else Open.TEACHINGS, person, named[0])
        if section is None and role == STUDENT and (person or self._roster.doubts.has_person(named[1])):
            self._roster.leftovers[person or named[1], named[0]] = row.place("Section SIS ID")
        if row.line.unended:
            rows.add_anything(About.ENROLMENTS)

    def _doubt(self, row: Row, role: str, section: str, person: str) -> None:
        row.leave_out()
        for pair in ((person, section), (section, person)):
            if role == STUDENT:
                self._roster.doubts.add_study(*pair, BLANK_DAY)
            else:
                self._roster.doubts.add_teaching(*pair)


def _names(row: Row) -> PersonNames | None:
    last, first, middle = (name_of(row, column) for column in ("Last Name", "First Name", "Middle Name"))
    return PersonNames(last, first, middle or None) if last or first else None
