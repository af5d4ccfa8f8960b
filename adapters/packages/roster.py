"""What a package says once its format is out of the way: the middle between the readers and the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple

from adapters.packages.findings import Place
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
    """`names` are None where the package has none; `enabled` where it does not say; `grade` is blank where unknown."""

    person_id: str
    names: PersonNames | None
    enabled: bool | None
    grade: str


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


class Seat(NamedTuple):
    """A pupil's enrolment in a section."""

    student_id: str
    begins_on: date


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
    """What a delta says beside the roster's active rows. By person: whose list of agents was told, and which.

    `one_role`: a person's posts are all that the person has.
    """

    removed_people: set[str]
    removed_posts: Mapping[str, Posts]
    agents: dict[str, tuple[Place, tuple[str, ...]]]
    seats: list[SeatChange]
    one_role: bool


@dataclass(slots=True)
class Roster:
    """A whole package. What is gone is left out, save for sections; so is what ended before the day it is read for."""

    sis: str
    schools: dict[str, str] = field(default_factory=dict)
    removed_schools: set[str] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)
    posts: dict[str, Posts] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    seats: defaultdict[str, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    teachers: defaultdict[str, list[Teaching]] = field(default_factory=lambda: defaultdict(list))
    links: dict[tuple[str, str], str] = field(default_factory=dict)  # (guardian, student) -> the relation's word
    told: set[Topic] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)  # where each section's row is
    changes: Changes | None = None

    def tells(self, *topics: Topic) -> bool:
        """Whether the package states the whole truth of all of these."""
        return self.told.issuperset(topics)
