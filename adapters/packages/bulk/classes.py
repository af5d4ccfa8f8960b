"""Classes and their homeroom teachers, as facts."""

from __future__ import annotations

from adapters.packages.bulk.doubted import teacher_stays
from adapters.packages.bulk.teachers import homeroom_teacher
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.roster import Topic
from sync.facts import (
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    GROUP_STATE,
    GROUP_TEACHER,
    HOMEROOM,
    ClassName,
    ClassState,
    ClassYear,
)

TEACHERS = (Topic.TEACHER_ENROLMENTS, Topic.PEOPLE, Topic.POSTS)  # what it takes to know who teaches


def state_classes(reading: Reading) -> None:
    """The rows that are classes, and their teachers; the classes of grades come with their students."""
    for section in reading.roster.all_sections():
        if section.gone or not reading.is_class(section):
            continue
        state_class(reading, section.key, reading.title_of(section, CLASS_NAME), reading.year_of(section))
        if reading.roster.tells(*TEACHERS):
            stated = homeroom_teacher(reading, reading.roster.teachers.get(section.section_id, ()))
            if not teacher_stays(reading, HOMEROOM, section.key, stated):
                reading.snapshot.state(HOMEROOM, section.key, stated)
    if reading.roster.tells(Topic.SECTIONS):
        own = {section.organisation_id for section in reading.roster.all_sections()}
        own |= reading.roster.removed_schools
        reading.snapshot.whole |= {CLASS_STATE: own | reading.graded, GROUP_STATE: own}
    if reading.roster.tells(*TEACHERS):
        schools = reading.roster.schools_heard_of(Topic.TEACHER_ENROLMENTS)
        reading.snapshot.whole |= {HOMEROOM: schools, GROUP_TEACHER: schools}


def state_class(reading: Reading, key: tuple[str, str], name: str, school_year: str) -> None:
    """A class by school and id, that it is open, its name and its school year."""
    reading.snapshot.state(CLASS_STATE, key, Stated(ClassState(open=True)))
    reading.snapshot.state(CLASS_NAME, key, Stated(ClassName(name)))
    reading.snapshot.state(CLASS_YEAR, key, Stated(ClassYear(school_year)))
