"""The enrolments of a whole OneRoster package: of students, and of those who teach."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import BLANK_DAY, day_of
from adapters.packages.files.ids import id_of, referred
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import flag_of
from adapters.packages.oneroster.records import is_gone
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import STUDENT, position_type, role_of
from adapters.packages.roster.roster import Roster
from adapters.packages.roster.sections import Section, Teaching


class Enrolments:
    """Of a whole package every row counts, whatever its id."""

    def __init__(self, tables: Tables, users: Users, roster: Roster) -> None:
        self._tables = tables
        self._users = users
        self._roster = roster

    def read(self, layout: Layout) -> None:
        """Adds the enrolments of students and of teaching staff to the roster."""
        for row in self._tables.rows(layout):
            if is_gone(row):
                continue
            section = referred(row, "classSourcedId", self._roster.sections)
            person = referred(row, "userSourcedId", self._roster.people)
            if section is not None and person is not None:
                self._read_role(row, section)

    def _read_role(self, row: Row, section: Section) -> None:
        role, person = role_of(row, "role"), id_of(row, "userSourcedId")
        if role is None or section.gone:
            return
        if not self._users.has(person, role):
            row.warn("role_mismatch", "a role that the user has", "role")
            return
        if id_of(row, "schoolSourcedId") not in {"", section.organisation_id}:
            row.warn("school_mismatch", "the school of the class", "schoolSourcedId")
        self._enrol(row, role, section.section_id, person)

    def _enrol(self, row: Row, role: str, section: str, person: str) -> None:
        begins_on, ends_on = day_of(row, "beginDate") or BLANK_DAY, day_of(row, "endDate")
        primary = flag_of(row, "primary") is True
        if self._tables.options.is_over(ends_on):
            return
        if role == STUDENT:
            self._roster.student_enrolments[section, person, begins_on.isoformat()] = True
        elif position_type(role) == "teaching_staff":
            teaching = Teaching(person, primary, begins_on)
            self._roster.teachers[section] = (*self._roster.teachers.get(section, ()), teaching)
