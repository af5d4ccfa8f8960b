"""What a package says once its format is out of the way: the middle between the readers and the facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple

from adapters.packages.findings import Place
from adapters.packages.spill.mappings import Spill, SpillMap
from adapters.packages.spill.sorted_groups import SortedGroups
from sync.facts import PersonNames


class Topic(Enum):
    """What the files of a package may tell the whole truth of."""

    PEOPLE = "people"
    FLAGS = "flags"
    POSTS = "posts"
    STUDIES = "studies"
    LINKS = "links"
    SECTIONS = "sections"
    SEATS = "seats"
    TEACHINGS = "teachings"


class Person(NamedTuple):
    """`names` are None where the package has none; `enabled` where it does not say; `grade` is blank where unknown.

    `agents`: whose guardian the row says somebody is, or who their guardians are; None where it tells no list.
    """

    names: PersonNames | None
    enabled: bool | None
    grade: str
    agents: tuple[str, ...] | None = None
    place: Place | None = None


class Post(NamedTuple):
    """A role at a school (None: above all schools), on the days from `begins_on` until before `ends_on`."""

    organisation_id: str | None
    role: str
    begins_on: date | None = None
    ends_on: date | None = None
    grade: str = ""


Posts = tuple[Post, ...]


class Section(NamedTuple):
    """A row of classes: a homeroom, or any other teaching group."""

    section_id: str
    organisation_id: str
    title: str
    subject: str
    school_year: str | None
    homeroom: bool
    gone: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.organisation_id, self.section_id


class Teaching(NamedTuple):
    """A teacher's enrolment in a section."""

    employee_id: str
    primary: bool
    begins_on: date


class SeatChange(NamedTuple):
    """A row of a delta's enrolments; `organisation_id` is the school it names, if any. Gone: removed, or over."""

    section_id: str
    organisation_id: str | None
    person_id: str
    role: str
    primary: bool
    begins_on: date
    gone: bool
    place: Place


@dataclass(slots=True)
class Changes:
    """What a delta says beside the roster's active rows. `seats` by the ids of their rows; None counts for nothing.

    `one_role`: a person's posts are all that the person has.
    """

    removed_people: SpillMap[str, bool]
    removed_posts: SpillMap[str, Posts]
    seats: SpillMap[str, SeatChange | None]
    one_role: bool

    def told_seats(self) -> Iterator[SeatChange]:
        return (seat for _, seat in self.seats.entries() if seat is not None)


@dataclass(slots=True)
class Roster:
    """A whole package by ids. What is gone is None or left out; so is what ended before the day it is read for.

    `seats`: pupils' enrolments, as (section, student, the day they begin on). `links`: the relation's word, by student
    and guardian. `places`: where each section's row is.
    """

    sis: str
    spill: Spill
    people: SpillMap[str, Person | None]
    posts: SpillMap[str, Posts]
    sections: SpillMap[str, Section | None]
    seats: SpillMap[tuple[str, str, str], bool]
    teachers: SpillMap[str, tuple[Teaching, ...]]
    links: SpillMap[tuple[str, str], str]
    places: SpillMap[str, Place]
    schools: dict[str, str] = field(default_factory=dict)
    removed_schools: set[str] = field(default_factory=set)
    told: set[Topic] = field(default_factory=set)
    changes: Changes | None = None

    def tells(self, *topics: Topic) -> bool:
        """Whether the package states the whole truth of all of these."""
        return self.told.issuperset(topics)

    def persons(self) -> Iterator[tuple[str, Person]]:
        return ((id_, person) for id_, person in self.people.entries() if person is not None)

    def all_sections(self) -> Iterator[Section]:
        return (section for _, section in self.sections.entries() if section is not None)

    def taken(self) -> Iterator[tuple[Section, dict[str, date]]]:
        """The sections that are there, each with its students and the first of the days that they begin on."""
        seats = SortedGroups(self.seats, key=lambda seat: seat[0])
        for section in self.all_sections():
            if not section.gone:
                begins: dict[str, date] = {}
                for _, student, day in seats.of(section.section_id):
                    begins.setdefault(student, date.fromisoformat(day))
                yield section, begins
