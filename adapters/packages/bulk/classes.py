"""Classes and their homeroom teachers, as facts."""

from __future__ import annotations

from adapters.packages.bulk.teachers import homeroom_teacher
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.roster import Topic
from sync.facts import CLASS_NAME, CLASS_STATE, CLASS_YEAR, GROUP_STATE, HOMEROOM, ClassName, ClassState, ClassYear


def state_classes(reading: Reading) -> None:
    """The rows that are classes, and their teachers; the classes of grades come with their students."""
    for section in reading.roster.all_sections():
        if section.gone or not reading.is_class(section):
            continue
        state_class(reading, section.key, section.title, section.school_year or reading.school_year)
        if reading.roster.tells(Topic.TEACHER_ENROLMENTS):
            stated = homeroom_teacher(reading, reading.roster.teachers.get(section.section_id, ()))
            reading.snapshot.state(HOMEROOM, section.key, stated)
    if reading.roster.tells(Topic.SECTIONS):
        schools = reading.roster.schools.keys() | reading.roster.removed_schools
        reading.snapshot.whole |= {CLASS_STATE: schools, GROUP_STATE: schools}


def state_class(reading: Reading, key: tuple[str, str], name: str, school_year: str) -> None:
    """A class by school and id, that it is open, its name and its school year."""
    reading.snapshot.state(CLASS_STATE, key, Stated(ClassState(open=True)))
    reading.snapshot.state(CLASS_NAME, key, Stated(ClassName(name)))
    reading.snapshot.state(CLASS_YEAR, key, Stated(ClassYear(school_year)))
