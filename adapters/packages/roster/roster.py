"""A roster: what a package says of schools, people, sections and enrolments, and of what it says all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from adapters.packages.findings import Place
from adapters.packages.roster.changes import Changes
from adapters.packages.roster.doubts import Doubts
from adapters.packages.roster.people import Person, Posts
from adapters.packages.roster.sections import Section, Teaching
from adapters.packages.spill.mappings import Spill, SpillMap
from adapters.packages.spill.sorted_groups import SortedGroups


class Topic(Enum):
    """What the files of a package may tell the whole truth of."""

    PEOPLE = "people"
    FLAGS = "flags"
    POSTS = "posts"
    STUDENT_ROLES = "student roles"
    LINKS = "links"
    SECTIONS = "sections"
    STUDENT_ENROLMENTS = "student enrolments"
    TEACHER_ENROLMENTS = "teacher enrolments"


@dataclass(slots=True)
class Roster:
    """A whole package by ids. What is gone is None or left out; so is what ended before the day it is read for.

    `student_enrolments`: as (section, student, the day it begins on). `teachers`: by section. `links`: the relation's
    word, by student and guardian. `section_rows`: where each section's row is. `schools`: their names by their ids,
    those of `unnamed` for want of a better one. `leftovers`: students in sections that have no row, or are gone, with
    the places of their enrolments. `untold_names`: the parts of people's names that the package has no column of.
    `told`: of what the package states the whole truth; of enrolments it does so for the schools in `heard`, of which
    some row is one, be it over. `changes`: of a delta alone.
    """

    sis: str
    spill: Spill
    people: SpillMap[str, Person | None]
    posts: SpillMap[str, Posts]
    sections: SpillMap[str, Section | None]
    student_enrolments: SpillMap[tuple[str, str, str], bool]
    teachers: SpillMap[str, tuple[Teaching, ...]]
    links: SpillMap[tuple[str, str], str]
    section_rows: SpillMap[str, Place]
    leftovers: SpillMap[tuple[str, str], Place]
    doubts: Doubts
    schools: dict[str, str] = field(default_factory=dict)
    unnamed: set[str] = field(default_factory=set)
    removed_schools: set[str] = field(default_factory=set)
    untold_names: frozenset[str] = frozenset()
    told: set[Topic] = field(default_factory=set)
    heard: set[tuple[Topic, str]] = field(default_factory=set)
    changes: Changes | None = None

    def tells(self, *topics: Topic) -> bool:
        """Whether the package states the whole truth of all of these."""
        return self.told.issuperset(topics)

    def schools_heard_of(self, topic: Topic) -> frozenset[str]:
        """The schools of which some row is of this topic, and those removed."""
        return frozenset(school for heard, school in self.heard if heard is topic).union(self.removed_schools)

    def persons(self) -> Iterator[tuple[str, Person]]:
        """Everybody who is there, by ids."""
        return ((id_, person) for id_, person in self.people.entries() if person is not None)

    def all_sections(self) -> Iterator[Section]:
        """The sections that count, those that are gone among them."""
        return (section for _, section in self.sections.entries() if section is not None)

    def with_students(self) -> Iterator[tuple[Section, dict[str, date]]]:
        """The sections that are there, each with its students and the first of the days that they begin on."""
        enrolments = SortedGroups(self.student_enrolments, key=lambda enrolment: enrolment[0])
        for section in self.all_sections():
            if not section.gone:
                begins: dict[str, date] = {}
                for _, student, day in enrolments.of(section.section_id):
                    begins.setdefault(student, date.fromisoformat(day))
                yield section, begins
