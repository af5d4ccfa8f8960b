"""The enrolments of a whole OneRoster package: of students, and of those who teach."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from adapters.packages.files.columns import Layout
from adapters.packages.files.days import BLANK_DAY, day_of
from adapters.packages.files.ids import Ids, check_whole, id_of
from adapters.packages.files.not_understood import About
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import flag_of
from adapters.packages.oneroster.records import is_gone
from adapters.packages.oneroster.users import Users
from adapters.packages.roster.role_words import STUDENT, position_type, role_of
from adapters.packages.roster.roster import Roster, Topic
from adapters.packages.roster.sections import Section, Teaching
from adapters.packages.roster.strays import Open


class _Seat(NamedTuple):
    """What a row says, whether or not its references lead anywhere."""

    person: str
    section: str
    role: str
    primary: bool
    begins_on: date


class Enrolments:
    """Of a whole package every row counts, whatever its id."""

    def __init__(self, tables: Tables, users: Users, roster: Roster) -> None:
        self._tables = tables
        self._users = users
        self._roster = roster
        self._doubts = roster.doubts
        self._sections = Ids(roster.sections, tables.spill)

    def read(self, layout: Layout) -> None:
        """Adds the enrolments of students and of teaching staff to the roster."""
        for row in self._tables.rows(layout):
            with row:
                if not is_gone(row):
                    self._read(row)

    def _read(self, row: Row) -> None:
        role, primary = role_of(row, "role"), flag_of(row, "primary") is True
        begins_on, ends_on = day_of(row, "beginDate") or BLANK_DAY, day_of(row, "endDate")
        check_whole(row, "classSourcedId")
        check_whole(row, "userSourcedId")
        section = self._sections.find(row, "classSourcedId")
        person = self._users.ids.find(row, "userSourcedId")
        seat = _Seat(
            id_of(row, "userSourcedId") if person is None else person[0],
            id_of(row, "classSourcedId") if section is None else section[0],
            role, primary, begins_on,
        )  # fmt: skip
        is_over = self._tables.options.is_over(ends_on)
        if person is None or section is None:
            self._lead_nowhere(row, seat, has_person=person is not None, has_section=section is not None, over=is_over)
        elif section[1] is not None:
            self._seat(row, seat, section[1], is_gone=person[1] is None, is_over=is_over)

    def _seat(self, row: Row, seat: _Seat, section: Section, *, is_gone: bool, is_over: bool) -> None:
        if is_gone:
            self._hear(seat, section)
        elif section.gone:
            if seat.role == STUDENT and not is_over and self._users.may_have(seat.person, STUDENT):
                self._roster.leftovers[seat.person, seat.section] = row.place("classSourcedId")
        elif self._users.has(seat.person, seat.role):
            self._enrol(row, seat, section, is_over=is_over)
        elif self._users.may_have(seat.person, seat.role):
            self._doubt(row, seat, is_over=is_over)
        else:
            row.warn("role_mismatch", "a role that the user has", "role")

    def _enrol(self, row: Row, seat: _Seat, section: Section, *, is_over: bool) -> None:
        named, school = id_of(row, "schoolSourcedId"), section.organisation_id
        if named not in {"", school} and named.casefold() != school.casefold():
            row.warn("school_mismatch", "the school of the class", "schoolSourcedId")
        self._hear(seat, section)
        if is_over:
            return
        if seat.role == STUDENT:
            self._roster.student_enrolments[seat.section, seat.person, seat.begins_on.isoformat()] = True
        elif _is_teacher(seat):
            teaching = Teaching(seat.person, seat.primary, seat.begins_on)
            self._roster.teachers[seat.section] = (*self._roster.teachers.get(seat.section, ()), teaching)

    def _hear(self, seat: _Seat, section: Section) -> None:
        if seat.role == STUDENT:
            self._roster.heard.add((Topic.STUDENT_ENROLMENTS, section.organisation_id))
        elif _is_teacher(seat):
            self._roster.heard.add((Topic.TEACHER_ENROLMENTS, section.organisation_id))

    def _lead_nowhere(self, row: Row, seat: _Seat, *, has_person: bool, has_section: bool, over: bool) -> None:
        """A reference to a row that is there and not understood is counted there."""
        rows = self._doubts.rows
        if not has_section and not rows.names(About.SECTIONS, seat.section):
            row.warn("dangling_reference", "the id of a class", "classSourcedId")
        if not has_person and not rows.names(About.PEOPLE, seat.person):
            row.warn("dangling_reference", "the id of a user", "userSourcedId")
        self._doubt(row, seat, is_over=over)
        if not over:
            self._stray(seat, has_person=has_person, has_section=has_section)
        if not has_section and not over and seat.role == STUDENT and self._is_student(seat, has_person=has_person):
            self._roster.leftovers[seat.person, seat.section] = row.place("classSourcedId")
        if row.line.unended:
            rows.add_anything(About.ENROLMENTS)

    def _stray(self, seat: _Seat, *, has_person: bool, has_section: bool) -> None:
        is_student = seat.role == STUDENT
        if has_section:
            self._doubts.strays.add(Open.STUDENTS if is_student else Open.TEACHERS, seat.section, seat.person)
        elif has_person:
            self._doubts.strays.add(Open.STUDIES if is_student else Open.TEACHINGS, seat.person, seat.section)

    def _is_student(self, seat: _Seat, *, has_person: bool) -> bool:
        return self._users.may_have(seat.person, STUDENT) if has_person else self._doubts.has_person(seat.person)

    def _doubt(self, row: Row, seat: _Seat, *, is_over: bool) -> None:
        row.leave_out()
        if is_over:
            return
        if seat.role == STUDENT:
            self._doubts.add_study(seat.person, seat.section, seat.begins_on)
            self._doubts.add_study(seat.section, seat.person, seat.begins_on)
        else:
            self._doubts.add_teaching(seat.person, seat.section)
            self._doubts.add_teaching(seat.section, seat.person)


def _is_teacher(seat: _Seat) -> bool:
    return position_type(seat.role) == "teaching_staff"
