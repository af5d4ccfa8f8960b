"""Reads OneRoster 1.1 and 1.2 bulk packages into a roster."""

from __future__ import annotations

from adapters.packages import layouts
from adapters.packages.manifest import PackageKind
from adapters.packages.places import Places
from adapters.packages.reader import Row
from adapters.packages.records import Ids, is_gone, refers
from adapters.packages.roster import Person, Roster, Seat, Section, Teaching, Topic
from adapters.packages.sources import Sources
from adapters.packages.users import AGENTS, Users
from adapters.packages.values import BLANK_DAY, day_of, flag_of
from adapters.packages.words import STUDENT, position_type, role_of


def roster_of(sources: Sources) -> Roster:
    """Raises PackageError."""
    ids = Ids(sources.options.namespace)
    places = Places(sources, ids)
    users = Users(sources, ids, places)
    people = {raw: person for raw, person in users.people.items() if person is not None}
    roster = Roster(
        "oneroster",
        schools=places.schools,
        removed_schools=places.removed_schools,
        people={person.person_id: person for person in people.values()},
        posts={person.person_id: users.posts.get(raw, []) for raw, person in people.items()},
        sections=[section for section in places.sections.values() if section is not None],
        links=users.links,
    )
    _Enrolments(sources, ids, places, users, roster).read()
    roster.told = {topic for topic, is_told in _told(sources).items() if is_told}
    return roster


def _told(sources: Sources) -> dict[Topic, bool]:
    roles_in_users = sources.manifest.kind is PackageKind.ONEROSTER_1_1
    return {
        Topic.PEOPLE: sources.has_rows("users.csv"),
        Topic.FLAGS: sources.has_column("users.csv", "enabledUser"),
        Topic.POSTS: sources.has_rows("users.csv" if roles_in_users else "roles.csv"),
        Topic.LINKS: sources.has_column("users.csv", AGENTS),
        Topic.SECTIONS: sources.has_rows("classes.csv"),
        Topic.SEATS: sources.has_rows("enrollments.csv"),
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

    def read(self) -> None:
        for row in self._sources.rows(layouts.ENROLLMENTS):
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
