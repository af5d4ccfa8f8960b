"""Reads OneRoster 1.1 and 1.2 bulk packages, and School Data Sync v2 and v2.1, into a roster."""

from __future__ import annotations

from adapters.packages.files.columns import Layout
from adapters.packages.files.rows import Row
from adapters.packages.files.tables import Tables
from adapters.packages.files.values import BLANK_DAY, day_of, flag_of
from adapters.packages.oneroster.changed_enrolments import changes_of
from adapters.packages.oneroster.layouts import DIALECTS, Dialect
from adapters.packages.oneroster.organisations import Places
from adapters.packages.oneroster.records import id_of, is_gone, referred
from adapters.packages.oneroster.users import AGENTS, Users
from adapters.packages.roster.role_words import STUDENT, position_type, role_of
from adapters.packages.roster.roster import Roster, Section, Teaching, Topic


def roster_of(tables: Tables) -> Roster:
    """Raises PackageError."""
    dialect, spill = DIALECTS[tables.manifest.kind], tables.spill
    places = Places(tables, dialect)
    users = Users(tables, places, dialect)
    roster = Roster(
        dialect.sis,
        spill,
        people=users.people,
        posts=users.posts,
        sections=places.sections,
        seats=spill.mapping(),
        teachers=spill.mapping(),
        links=users.links,
        places=places.rows,
        schools=places.schools,
        removed_schools=places.removed_schools,
    )
    if tables.manifest.is_delta:
        roster.changes = changes_of(tables, users, dialect)
        return roster
    _Enrolments(tables, users, roster).read(dialect.enrollments)
    roster.told = {topic for topic, is_told in _told(tables, dialect).items() if is_told}
    return roster


def _told(tables: Tables, dialect: Dialect) -> dict[Topic, bool]:
    return {
        Topic.PEOPLE: tables.has_rows("users.csv"),
        Topic.FLAGS: tables.has_column("users.csv", "enabledUser"),
        Topic.POSTS: tables.has_rows((dialect.roles or dialect.users).name),
        Topic.STUDIES: tables.has_rows((dialect.roles or dialect.users).name),
        Topic.LINKS: tables.has_column("users.csv", AGENTS) or tables.has_rows("relationships.csv"),
        Topic.SECTIONS: tables.has_rows("classes.csv"),
        Topic.SEATS: tables.has_rows("enrollments.csv"),
        Topic.TEACHINGS: tables.has_rows("enrollments.csv"),
    }


class _Enrolments:
    """The rows of enrollments.csv: of a bulk every row counts, whatever its id."""

    def __init__(self, tables: Tables, users: Users, roster: Roster) -> None:
        self._tables = tables
        self._users = users
        self._roster = roster

    def read(self, layout: Layout) -> None:
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
            self._roster.seats[section, person, begins_on.isoformat()] = True
        elif position_type(role) == "teaching_staff":
            teaching = Teaching(person, primary, begins_on)
            self._roster.teachers[section] = (*self._roster.teachers.get(section, ()), teaching)
