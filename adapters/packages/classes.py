"""Classes, groups and who is in them, as facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date

from adapters.packages.findings import NOWHERE
from adapters.packages.known import Stated
from adapters.packages.records import LONGEST_ID
from adapters.packages.roster import Post, Posts, Section, Teaching, Topic
from adapters.packages.snapshot import Reading, graded_class
from adapters.packages.values import BLANK_DAY
from adapters.packages.words import STUDENT
from sync.facts import (
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    ENROLMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    HOMEROOM,
    ClassName,
    ClassState,
    ClassYear,
    Enrolment,
    GroupRoster,
    GroupState,
    GroupTeacher,
    Homeroom,
)

LARGEST_LIST = 60_000  # bytes of JSON: an event has 65,536 at most, and the rest of one at most 5,000
WITHOUT_GRADE = "Без класса"


def state_classes(reading: Reading) -> None:
    """The rows that are classes, and their teachers; the classes of grades come with their students."""
    for section in _sections(reading, classes=True):
        year = section.school_year or reading.school_year
        state_class(reading, (section.organisation_id, section.section_id), section.title, year)
        if reading.roster.tells(Topic.TEACHINGS):
            stated = homeroom_teacher(reading, reading.roster.teachers.get(section.section_id, ()))
            reading.snapshot.state(HOMEROOM, (section.organisation_id, section.section_id), stated)
    if reading.roster.tells(Topic.SECTIONS):
        schools = reading.roster.schools.keys() | reading.roster.removed_schools
        reading.snapshot.whole |= {CLASS_STATE: schools, GROUP_STATE: schools}


def state_class(reading: Reading, key: tuple[str, str], name: str, school_year: str) -> None:
    reading.snapshot.state(CLASS_STATE, key, Stated(ClassState(open=True)))
    reading.snapshot.state(CLASS_NAME, key, Stated(ClassName(name)))
    reading.snapshot.state(CLASS_YEAR, key, Stated(ClassYear(school_year)))


def _sections(reading: Reading, *, classes: bool) -> Iterator[Section]:
    for section in reading.roster.sections:
        if not section.gone and reading.is_class(section) is classes:
            yield section


def homeroom_teacher(reading: Reading, teachers: Iterable[Teaching]) -> Stated:
    """The teacher of now; where there is none yet, the first one to come, from that day on."""
    now = _best(reading, [teaching for teaching in teachers if reading.is_current(teaching.begins_on)])
    if now is not None:
        return Stated(Homeroom(now))
    begins_on = min((teaching.begins_on for teaching in teachers), default=None)
    if begins_on is None:
        return Stated(Homeroom(None))
    first = [teaching for teaching in teachers if teaching.begins_on == begins_on]
    return Stated(Homeroom(_best(reading, first)), begins_on)


def _best(reading: Reading, teachers: list[Teaching]) -> str | None:
    """Primary before not, then the latest to begin, then the lowest id (counted where it comes to that)."""
    if not teachers:
        return None
    rank = max((teaching.primary, teaching.begins_on) for teaching in teachers)
    best = {teaching.employee_id for teaching in teachers if (teaching.primary, teaching.begins_on) == rank}
    if len(best) > 1:
        reading.findings.add("teacher_ambiguous", "one primary teacher of a class")
    return min(best)


def state_students(reading: Reading) -> None:
    """The class of each student in each school."""
    if reading.graded:
        _state_grades(reading)
    chosen: dict[tuple[str, str], dict[str, date]] = {}
    for section in _sections(reading, classes=True):
        for seat in reading.roster.seats.get(section.section_id, ()):
            begins = chosen.setdefault((section.organisation_id, seat.student_id), {})
            begins[section.section_id] = min(seat.begins_on, begins.get(section.section_id, seat.begins_on))
    years = {section.section_id: section.school_year for section in _sections(reading, classes=True)}
    for key, begins in chosen.items():
        class_id, begins_on = _chosen(reading, begins)
        state_enrolment(reading, key, class_id, years[class_id], begins_on)
    _tell_enrolments(reading)


def _chosen(reading: Reading, begins: dict[str, date]) -> tuple[str, date]:
    """Of several classes the latest to begin, then the lowest id; a move announced ahead is not counted as several."""
    at_once = [reading.is_current(day) for day in begins.values()]
    if max(at_once.count(True), at_once.count(False)) > 1:
        reading.findings.add("several_classes", "one homeroom of a student")
    latest = max(begins.values())
    return min(class_id for class_id, day in begins.items() if day == latest), latest


def state_enrolment(
    reading: Reading, key: tuple[str, str], class_id: str, school_year: str | None, begins_on: date | None
) -> None:
    value = Enrolment(class_id, school_year or reading.school_year, None, "")
    reading.snapshot.state(ENROLMENT, key, Stated(value, reading.effective_on(begins_on)))


def _tell_enrolments(reading: Reading) -> None:
    roster = reading.roster
    if roster.tells(Topic.PEOPLE, Topic.STUDIES):
        complete = roster.tells(Topic.SECTIONS, Topic.SEATS)
        reading.snapshot.whole[ENROLMENT] = roster.schools.keys() if complete else reading.graded


def _state_grades(reading: Reading) -> None:
    """One class for each school and grade, of everybody who has a student's role there."""
    for person, posts in reading.roster.posts.items():
        for school, post in _studies(reading, posts).items():
            grade = reading.roster.people[person].grade or post.grade
            state_grade(reading, school, person, grade, post.begins_on)


def state_grade(reading: Reading, school: str, person: str, grade: str, begins_on: date | None) -> None:
    """A student's enrolment in the class that the grade is."""
    class_id = graded_class(school, grade)
    reading.findings.add("classes_from_grade", "homerooms in a school")
    if len(class_id) > LONGEST_ID:
        reading.findings.add("bad_id", "a shorter grade")
        return
    if not grade:
        reading.findings.add("no_grade", "a grade of a student")
    state_class(reading, (school, class_id), grade or WITHOUT_GRADE, reading.school_year)
    reading.snapshot.state(HOMEROOM, (school, class_id), Stated(Homeroom(None)))
    state_enrolment(reading, (school, person), class_id, None, begins_on)


def _studies(reading: Reading, posts: Posts) -> dict[str, Post]:
    """The student's role of a person in each school without homerooms: the one that began first."""
    found: dict[str, Post] = {}
    for post in posts:
        school = post.organisation_id
        if post.role != STUDENT or school not in reading.graded or reading.is_over(post.ends_on):
            continue
        if school not in found or _begin(post) < _begin(found[school]):
            found[school] = post
    return found


def _begin(post: Post) -> date:
    return post.begins_on or BLANK_DAY


def state_groups(reading: Reading) -> None:
    """Every row that is no class. A group's events have no days, so who is yet to begin is not listed yet."""
    for section in _sections(reading, classes=False):
        key = section.organisation_id, section.section_id
        reading.snapshot.state(
            GROUP_STATE, key, Stated(GroupState(open=True, class_id=None, subject=section.subject, name=section.title))
        )
        if reading.roster.tells(Topic.TEACHINGS):
            teachers = reading.roster.teachers.get(section.section_id, ())
            reading.snapshot.state(GROUP_TEACHER, key, group_teacher(reading, teachers))
        if reading.roster.tells(Topic.SEATS):
            seats = reading.roster.seats.get(section.section_id, ())
            students = {seat.student_id for seat in seats if reading.is_current(seat.begins_on)}
            reading.snapshot.state(GROUP_ROSTER, key, Stated(GroupRoster(tuple(sorted(students)))))


def group_teacher(reading: Reading, teachers: Iterable[Teaching]) -> Stated:
    now = [teaching for teaching in teachers if reading.is_current(teaching.begins_on)]
    return Stated(GroupTeacher(_best(reading, now)))


def leave_out_large(reading: Reading) -> None:
    """Leaves a group's students as they were where their list makes an event larger than the event contract takes.

    A part of the list would say that the others are not in the group.
    """
    rosters = reading.snapshot.facts.get(GROUP_ROSTER, {})
    for key in [key for key, stated in rosters.items() if _is_large(stated.value)]:
        place = reading.roster.places.get(key[1], NOWHERE)
        reading.findings.add("group_too_large", "a group whose event has 64 KiB at most", place)
        del rosters[key]


def _is_large(roster: GroupRoster) -> bool:
    return len(json.dumps(roster.student_ids, ensure_ascii=False).encode()) > LARGEST_LIST
