"""Reads School Data Sync v1 packages (CSV, also with the British column names) into a roster."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages import layouts
from adapters.packages.reader import Layout, Row
from adapters.packages.records import Ids, name_of, refers
from adapters.packages.roster import Person, Post, Roster, Seat, Section, Teaching, Topic
from adapters.packages.sources import Sources
from adapters.packages.values import BLANK_DAY, word_of
from adapters.packages.words import STUDENT
from sync.facts import PersonNames

ACTIVE = "Active"
TEACHER = "teacher"
TOLD_BY = {
    Topic.STUDIES: layouts.SDS_1_STUDENTS.name,
    Topic.POSTS: layouts.SDS_1_TEACHERS.name,
    Topic.SECTIONS: layouts.SDS_1_SECTIONS.name,
    Topic.SEATS: layouts.SDS_1_SEATS.name,
    Topic.TEACHINGS: layouts.SDS_1_TEACHINGS.name,
}


def roster_of(sources: Sources) -> Roster:
    """Raises PackageError."""
    reader = _Reader(sources)
    reader.read_places()
    reader.read_people(layouts.SDS_1_STUDENTS, STUDENT)
    reader.read_people(layouts.SDS_1_TEACHERS, TEACHER)
    reader.read_seats()
    reader.read_teachings()
    reader.roster.told = {topic for topic, name in TOLD_BY.items() if sources.has_rows(name)}
    if reader.roster.told & {Topic.STUDIES, Topic.POSTS}:
        reader.roster.told.add(Topic.PEOPLE)
    return reader.roster


class _Reader:
    """Keeps rows by the package's own ids; a school of None, and a person without roles, is there and gone."""

    def __init__(self, sources: Sources) -> None:
        self.roster = Roster("other")
        self._sources = sources
        self._ids = Ids(sources.options.namespace)
        self._schools: dict[str, str | None] = {}  # their names
        self._sections: dict[str, Section] = {}
        self._people: dict[str, set[str]] = {}  # the roles of each

    def read_places(self) -> None:
        for row in self._rows(layouts.SDS_1_SCHOOLS):
            self._read_school(row)
        for row in self._rows(layouts.SDS_1_SECTIONS):
            self._read_section(row, gone=not refers(row, "School SIS ID", self._schools) or _is_gone(row))
        self.roster.sections = list(self._sections.values())

    def _read_school(self, row: Row) -> None:
        raw, name = row["SIS ID"], None if _is_gone(row) else name_of(row, "Name") or row["SIS ID"]
        if self._schools.get(raw, name) != name:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self._schools[raw] = name
        school = self._ids(raw)
        self.roster.schools.pop(school, None)
        self.roster.removed_schools.discard(school)
        if name is not None:
            self.roster.schools[school] = name
        else:
            row.warn("school_removed", "a school that stays", "Status")
            self.roster.removed_schools.add(school)

    def _read_section(self, row: Row, *, gone: bool) -> None:
        raw = row["SIS ID"]
        title = name_of(row, "Section Name")
        subject = name_of(row, "Course Subject") or name_of(row, "Course Name") or title or raw
        school = self._ids(row["School SIS ID"])
        section = Section(self._ids(raw), school, title or raw, subject, None, homeroom=False, gone=gone)
        if self._sections.get(raw, section) != section:
            row.warn("duplicate_id", "an id of its own", "SIS ID")
        self._sections[raw] = section
        self.roster.places[section.section_id] = row.place("SIS ID")

    def read_people(self, layout: Layout, role: str) -> None:
        """A row for each school of a student or teacher; of one school the later one counts."""
        seen: dict[tuple[str, str], tuple[object, ...]] = {}
        for row in self._rows(layout):
            key, told = (row["SIS ID"], row["School SIS ID"]), (_names(row), row["Grade"], _is_gone(row))
            self._people.setdefault(row["SIS ID"], set())
            if refers(row, "School SIS ID", self._schools) and not self._is_another(row, role):
                if seen.get(key, told) != told:
                    row.warn("duplicate_id", "one row for a school", "SIS ID")
                seen[key] = told
                self._read_person(row, role, gone=_is_gone(row))

    def _is_another(self, row: Row, role: str) -> bool:
        """Whether one id is a student and a teacher who are not called the same."""
        roles, before = self._people.get(row["SIS ID"]), self.roster.people.get(self._ids(row["SIS ID"]))
        if not roles or role in roles or before is None or before.names == _names(row):
            return False
        row.warn("id_of_two_people", "an id of its own for a teacher", "SIS ID")
        return True

    def _read_person(self, row: Row, role: str, *, gone: bool) -> None:
        raw, school = row["SIS ID"], self._ids(row["School SIS ID"])
        person = self._ids(raw)
        roles, posts = self._people[raw], self.roster.posts.get(person, ())
        posts = tuple(post for post in posts if (post.organisation_id, post.role) != (school, role))
        self.roster.posts[person] = posts
        if gone:
            return
        roles.add(role)
        self.roster.posts[person] = (*posts, Post(school, role, grade=row["Grade"]))
        names = _names(row)
        if names is None:
            row.warn("person_without_name", "a last or first name", "Last Name")
        before = self.roster.people.get(person)
        grade = row["Grade"] if role == STUDENT else (before.grade if before is not None else "")
        self.roster.people[person] = Person(person, names, enabled=None, grade=grade)

    def read_seats(self) -> None:
        seats: dict[Seat, Seat] = {}
        seen: set[tuple[str, str]] = set()
        for row in self._enrolled(layouts.SDS_1_SEATS, STUDENT):
            section, person = self._ids(row["Section SIS ID"]), self._ids(row["SIS ID"])
            if (section, person) not in seen:
                seen.add((section, person))
                seat = Seat(person, BLANK_DAY)
                self.roster.seats[section].append(seats.setdefault(seat, seat))

    def read_teachings(self) -> None:
        for row in self._enrolled(layouts.SDS_1_TEACHINGS, TEACHER):
            teaching = Teaching(self._ids(row["SIS ID"]), primary=False, begins_on=BLANK_DAY)
            self.roster.teachers[self._ids(row["Section SIS ID"])].append(teaching)

    def _enrolled(self, layout: Layout, role: str) -> Iterator[Row]:
        """The rows whose section is there, and whose person is there in that role."""
        for row in self._sources.rows(layout):
            in_section = refers(row, "Section SIS ID", self._sections)
            if refers(row, "SIS ID", self._people) and in_section and not self._sections[row["Section SIS ID"]].gone:
                if role in self._people[row["SIS ID"]]:
                    yield row
                elif self._people[row["SIS ID"]]:
                    row.warn("role_mismatch", f"the id of a {role}", "SIS ID")

    def _rows(self, layout: Layout) -> Iterator[Row]:
        for row in self._sources.rows(layout):
            if self._ids.takes(row["SIS ID"]):
                yield row
            else:
                row.warn("bad_id", "an id of 1 to 128 characters", "SIS ID")


def _is_gone(row: Row) -> bool:
    return bool(row["Status"]) and word_of(row, "Status", (ACTIVE,)) != ACTIVE


def _names(row: Row) -> PersonNames | None:
    last, first, middle = (name_of(row, column) for column in ("Last Name", "First Name", "Middle Name"))
    return PersonNames(last, first, middle or None) if last or first else None
