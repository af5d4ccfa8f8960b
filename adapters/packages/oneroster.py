"""Reads OneRoster 1.1 and 1.2 bulk packages, and School Data Sync v2 and v2.1, into a roster."""

from __future__ import annotations

from adapters.packages.changes import changes_of
from adapters.packages.layouts import DIALECTS, Dialect
from adapters.packages.places import Places
from adapters.packages.reader import Layout, Row
from adapters.packages.records import Ids, is_gone, refers
from adapters.packages.roster import Person, Roster, Seat, Section, Teaching, Topic
from adapters.packages.sources import Sources
from adapters.packages.users import AGENTS, Users
from adapters.packages.values import BLANK_DAY, day_of, flag_of
from adapters.packages.words import STUDENT, position_type, role_of


def roster_of(sources: Sources) -> Roster:
    """Raises PackageError."""
    ids, dialect = Ids(sources.options.namespace), DIALECTS[sources.manifest.kind]
    places = Places(sources, ids, dialect)
    users = Users(sources, ids, places, dialect)
    people = {raw: person for raw, person in users.people.items() if person is not None}
    roster = Roster(
        dialect.sis,
        schools=places.schools,
        removed_schools=places.removed_schools,
        people={person.person_id: person for person in people.values()},
        posts={person.person_id: users.posts.get(raw, ()) for raw, person in people.items()},
        sections=[section for section in places.sections.values() if section is not None],
        links=users.links,
        places=places.rows,
    )
    if sources.manifest.is_delta:
        roster.changes = changes_of(sources, ids, users, dialect)
        roster.posts = {ids(raw): posts for raw, posts in users.posts.items()}
        return roster
    _Enrolments(sources, ids, places, users, roster).read(dialect.enrollments)
    roster.told = {topic for topic, is_told in _told(sources, dialect).items() if is_told}
    return roster


def _told(sources: Sources, dialect: Dialect) -> dict[Topic, bool]:
    return {
        Topic.PEOPLE: sources.has_rows("users.csv"),
        Topic.FLAGS: sources.has_column("users.csv", "enabledUser"),
        Topic.POSTS: sources.has_rows((dialect.roles or dialect.users).name),
        Topic.STUDIES: sources.has_rows((dialect.roles or dialect.users).name),
        Topic.LINKS: sources.has_column("users.csv", AGENTS) or sources.has_rows("relationships.csv"),
        Topic.SECTIONS: sources.has_rows("classes.csv"),
        Topic.SEATS: sources.has_rows("enrollments.csv"),
        Topic.TEACHINGS: sources.has_rows("enrollments.csv"),
    }


class _Enrolments:
    """The rows of enrollments.csv: of a bulk every row counts, whatever its id."""

    def __init__(self, sources: Sources, ids: Ids, places: Places, users: Users, roster: Roster) -> None:
        self._sources = sources
        self._ids = ids
        self._places = places
        self._users = users
        self._roster = roster
        self._same: dict[Seat, Seat] = {}  # a student begins most classes on one day: kept once

    def read(self, layout: Layout) -> None:
        for row in self._sources.rows(layout):
            if is_gone(row):
                continue
            in_class = refers(row, "classSourcedId", self._places.sections)
            if refers(row, "userSourcedId", self._users.people) and in_class:
                section = self._places.sections[row["classSourcedId"]]
                person = self._users.people[row["userSourcedId"]]
                self._read_role(row, section, person)

    def _read_role(self, row: Row, section: Section | None, person: Person | None) -> None:
        role = role_of(row, "role")
        if role is None or section is None or section.gone or person is None:
            return
        if not self._users.has(row["userSourcedId"], role):
            row.warn("role_mismatch", "a role that the user has", "role")
            return
        school = row["schoolSourcedId"]
        if school and self._ids(school) != section.organisation_id:
            row.warn("school_mismatch", "the school of the class", "schoolSourcedId")
        self._enrol(row, role, section.section_id, person.person_id)

    def _enrol(self, row: Row, role: str, section_id: str, person_id: str) -> None:
        begins_on, ends_on = day_of(row, "beginDate") or BLANK_DAY, day_of(row, "endDate")
        primary = flag_of(row, "primary") is True
        if self._sources.options.is_over(ends_on):
            return
        if role == STUDENT:
            seat = Seat(person_id, begins_on)
            self._roster.seats[section_id].append(self._same.setdefault(seat, seat))
        elif position_type(role) == "teaching_staff":
            self._roster.teachers[section_id].append(Teaching(person_id, primary, begins_on))
