"""Reads OneRoster 1.1 and 1.2 bulk packages into a roster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from adapters.packages import layouts
from adapters.packages.findings import Place
from adapters.packages.manifest import PackageKind
from adapters.packages.places import Places
from adapters.packages.reader import Row
from adapters.packages.records import Ids, is_gone, name_of, records
from adapters.packages.roster import Person, Post, Roster, Seat, Teaching, Topic
from adapters.packages.sources import Sources
from adapters.packages.values import BLANK_DAY, day_of, flag_of, list_of
from adapters.packages.words import GUARDIANS, STUDENT, fits, position_type, role_of
from sync.facts import PersonNames

AGENTS = "agentSourcedIds"


def roster_of(sources: Sources) -> Roster:
    """Raises PackageError."""
    return _Reading(sources).roster_read()


class _Reading:
    """One package being read: its people and who does what where, on top of its places."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._ids = Ids(sources.options.namespace)
        self._places = Places(sources, self._ids)
        self._roster = Roster("oneroster", schools=self._places.schools, removed_schools=self._places.removed_schools)
        self._people: dict[str, Person | None] = {}
        self._posts: defaultdict[str, list[Post]] = defaultdict(list)
        self._agents: dict[str, tuple[Place, tuple[str, ...]]] = {}
        self._same_posts: dict[Post, Post] = {}  # most rows say the same of somebody else: kept once
        self._same_seats: dict[Seat, Seat] = {}

    def roster_read(self) -> Roster:
        self._roster.sections = [section for section in self._places.sections.values() if section is not None]
        self._read_users()
        if self._sources.manifest.kind is PackageKind.ONEROSTER_1_2:
            self._read_roles()
        self._name_people()
        self._link()
        self._read_enrollments()
        self._tell()
        return self._roster

    def _tell(self) -> None:
        has_rows, roster = self._sources.has_rows, self._roster
        in_users = self._sources.manifest.kind is PackageKind.ONEROSTER_1_1
        told = {
            Topic.PEOPLE: has_rows("users.csv"),
            Topic.FLAGS: self._sources.has_column("users.csv", "enabledUser"),
            Topic.POSTS: has_rows("users.csv" if in_users else "roles.csv"),
            Topic.LINKS: self._sources.has_column("users.csv", AGENTS),
            Topic.SECTIONS: has_rows("classes.csv"),
            Topic.SEATS: has_rows("enrollments.csv"),
        }
        roster.told = {topic for topic, is_told in told.items() if is_told}

    # People

    def _read_users(self) -> None:
        in_users = self._sources.manifest.kind is PackageKind.ONEROSTER_1_1
        rows = self._sources.rows(layouts.USERS_1_1 if in_users else layouts.USERS_1_2)
        self._people = records(rows, self._ids, self._person)

    def _person(self, row: Row, *, gone: bool) -> Person | None:
        raw = row["sourcedId"]
        self._agents.pop(raw, None)
        self._posts.pop(raw, None)
        if gone:
            return None
        if agents := list_of(row[AGENTS]):
            self._agents[raw] = row.place(AGENTS), agents
        if row["role"]:
            self._posts[raw] = self._posts_of_user(row)
        enabled = flag_of(row, "enabledUser")
        if enabled is False and not self._sources.options.block_disabled:
            row.warn("disabled_user", "an enabled user", "enabledUser")
        grade = next(iter(list_of(row["grades"])), "")
        return Person(self._ids(raw), self._names(row), enabled, grade)

    def _names(self, row: Row) -> PersonNames | None:
        last, first, middle = (name_of(row, column) for column in ("familyName", "givenName", "middleName"))
        if not last and not first:
            row.warn("person_without_name", "a family or given name", "familyName")
            return None
        return PersonNames(last, first, middle or None)

    def _name_people(self) -> None:
        for raw, person in self._people.items():
            if person is not None:
                self._roster.people[person.person_id] = person
                self._roster.posts[person.person_id] = self._posts.get(raw, [])

    # Roles

    def _posts_of_user(self, row: Row) -> list[Post]:
        """The one role of a 1.1 user, at each of the user's organisations."""
        role = role_of(row, "role")
        if role is None:
            return []
        schools = [self._school(row, org, "orgSourcedIds") for org in list_of(row["orgSourcedIds"]) or ("",)]
        return [self._post(school, role, None, None) for school in dict.fromkeys(schools)]

    def _read_roles(self) -> None:
        for row in self._sources.rows(layouts.ROLES):
            if not is_gone(row) and self._refers(row, "userSourcedId", self._people):
                self._read_role(row)

    def _read_role(self, row: Row) -> None:
        role = role_of(row, "role")
        if role is None or not self._refers(row, "orgSourcedId", self._places.orgs):
            return
        school = self._school(row, row["orgSourcedId"], "orgSourcedId")
        post = self._post(school, role, day_of(row, "beginDate"), day_of(row, "endDate"))
        self._posts[row["userSourcedId"]].append(post)

    def _school(self, row: Row, org: str, column: str) -> str | None:
        if org not in self._places.orgs:
            row.warn("dangling_reference", "the id of an organisation", column)
            return None
        school = self._places.school_of(org)
        if school is None and not self._places.is_removed(org):
            row.warn("role_outside_schools", "a school, or what is under one", column)
        return school

    def _post(self, school: str | None, role: str, begins_on: date | None, ends_on: date | None) -> Post:
        post = Post(school, role, begins_on, ends_on)
        return self._same_posts.setdefault(post, post)

    # Links

    def _link(self) -> None:
        for raw, (place, agents) in self._agents.items():
            for agent in agents:
                self._link_two(raw, agent, place)

    def _link_two(self, raw: str, agent: str, place: Place) -> None:
        findings = self._sources.findings
        if agent not in self._people:
            findings.add("dangling_reference", "the id of a user", place)
        elif self._people[agent] is None:
            return
        elif self._is(raw, STUDENT) and self._relation(agent):
            self._add_link(agent, raw)
        elif self._relation(raw) and self._is(agent, STUDENT):
            self._add_link(raw, agent)
        else:
            findings.add("agent_not_guardian", "a student's guardian, or a guardian's student", place)

    def _add_link(self, guardian: str, student: str) -> None:
        self._roster.links[self._ids(guardian), self._ids(student)] = self._relation(guardian)

    def _relation(self, raw: str) -> str:
        """The word of the first role that makes somebody a guardian, blank for who is none."""
        return next((post.role for post in self._posts.get(raw, ()) if post.role in GUARDIANS), "")

    def _is(self, raw: str, role: str) -> bool:
        return any(fits(post.role, role) for post in self._posts.get(raw, ()))

    # Enrolments

    def _read_enrollments(self) -> None:
        for row in self._sources.rows(layouts.ENROLLMENTS):
            if is_gone(row):
                continue
            refers = [
                self._refers(row, "classSourcedId", self._places.sections),
                self._refers(row, "userSourcedId", self._people),
            ]
            if all(refers):
                self._read_enrollment(row)

    def _read_enrollment(self, row: Row) -> None:
        section, person = self._places.sections[row["classSourcedId"]], self._people[row["userSourcedId"]]
        role = role_of(row, "role")
        if role is None or section is None or section.gone or person is None or not self._matches(row, role):
            return
        self._check_school(row, section.organisation_id)
        begins_on, ends_on = day_of(row, "beginDate") or BLANK_DAY, day_of(row, "endDate")
        primary = flag_of(row, "primary")
        if self._sources.options.is_over(ends_on):
            return
        if role == STUDENT:
            seat = Seat(person.person_id, begins_on)
            self._roster.seats[section.section_id].append(self._same_seats.setdefault(seat, seat))
        elif position_type(role) == "teaching_staff":
            self._roster.teachers[section.section_id].append(Teaching(person.person_id, bool(primary), begins_on))

    def _matches(self, row: Row, role: str) -> bool:
        if self._is(row["userSourcedId"], role):
            return True
        row.warn("role_mismatch", "a role that the user has", "role")
        return False

    def _check_school(self, row: Row, organisation_id: str) -> None:
        school = row["schoolSourcedId"]
        if school and self._ids(school) != organisation_id:
            row.warn("school_mismatch", "the school of the class", "schoolSourcedId")

    def _refers(self, row: Row, column: str, known: Mapping[str, object]) -> bool:
        """Whether the reference leads to a row that counts; to one that is gone it quietly does not."""
        if row[column] not in known:
            row.warn("dangling_reference", "an id that the package has", column)
            return False
        return known[row[column]] is not None
