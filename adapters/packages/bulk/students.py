"""The class of each student in each school, as facts."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from adapters.packages.bulk.classes import state_class
from adapters.packages.bulk.doubted import class_stays
from adapters.packages.facts.grade_classes import grade_class_id
from adapters.packages.facts.joined import ENROLMENT, Enrolment
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.files.days import BLANK_DAY
from adapters.packages.files.ids import is_id
from adapters.packages.roster.doubts import ANY
from adapters.packages.roster.people import Post, Posts
from adapters.packages.roster.role_words import STUDENT
from adapters.packages.roster.roster import Topic
from adapters.packages.spill.mappings import SpillMap
from sync.facts import (
    HOMEROOM,
    Homeroom,
)

WITHOUT_GRADE = "Без класса"


def state_students(reading: Reading) -> None:
    """By the rows of enrolments, and by grades where a school has no homerooms."""
    if reading.graded:
        _state_grades(reading)
    in_classes = _enrolments_in_classes(reading).entries()
    for (school, student), enrolments in groupby(in_classes, key=lambda enrolment: enrolment[0][:2]):
        begins = {class_id: begins_on for (_, _, class_id), begins_on in enrolments}
        class_id, begins_on = _chosen(reading, begins)
        section = reading.roster.sections[class_id]
        year = reading.year_of(section) if section is not None else None
        if not class_stays(reading, (school, student), class_id, begins_on):
            state_enrolment(reading, (school, student), class_id, year, begins_on)
    _doubt_leftovers(reading)
    roster = reading.roster
    if roster.tells(Topic.PEOPLE, Topic.STUDENT_ROLES):
        complete = roster.tells(Topic.SECTIONS, Topic.STUDENT_ENROLMENTS)
        heard = roster.schools_heard_of(Topic.STUDENT_ENROLMENTS) if complete else frozenset[str]()
        reading.snapshot.whole[ENROLMENT] = roster.schools.keys() & (heard | reading.graded)


def _doubt_leftovers(reading: Reading) -> None:
    """A class without a row, or called removed, in which somebody still is who is in no other, is not known to be gone.

    Nor is a group without a row.
    """
    if not len(reading.roster.leftovers):
        return
    placed, doubts = _placed(reading), reading.roster.doubts
    for (student, section_id), place in reading.roster.leftovers.entries():
        section = reading.roster.sections.get(section_id)
        if section is None:
            doubts.groups[section_id] = place
        elif not reading.is_class(section):
            continue
        if student not in placed:
            doubts.classes[section_id] = place
            doubts.add_study(student, section_id, BLANK_DAY)


def _placed(reading: Reading) -> SpillMap[str, bool]:
    """Everybody whose class is stated, in any school."""
    placed: SpillMap[str, bool] = reading.roster.spill.mapping()
    for _, student in reading.snapshot.of(ENROLMENT):
        placed[student] = True
    return placed


def _enrolments_in_classes(reading: Reading) -> SpillMap[tuple[str, str, str], date]:
    """The days that enrolments in classes begin on, by school, student and class."""
    found: SpillMap[tuple[str, str, str], date] = reading.roster.spill.mapping()
    for section, students in reading.roster.with_students():
        for student, begins_on in students.items() if reading.is_class(section) else ():
            found[section.organisation_id, student, section.section_id] = begins_on
    return found


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
    """A student's class in a school, by school and student; from `begins_on` on where that is still to come."""
    value = Enrolment(class_id, school_year or reading.school_year, None)
    reading.snapshot.state(ENROLMENT, key, Stated(value, reading.effective_on(begins_on)))


def _state_grades(reading: Reading) -> None:
    """One class for each school and grade, of everybody who has a student's role there."""
    for id_, posts in reading.roster.posts.entries():
        for school, post in _studies(reading, posts).items():
            person = reading.roster.people[id_]
            grade = (person.grade if person is not None else "") or post.grade
            state_grade(reading, school, id_, grade, post.begins_on)


def state_grade(reading: Reading, school: str, person: str, grade: str, begins_on: date | None) -> None:
    """A student's enrolment in the class that the grade is."""
    grade = reading.grades.spelt(school, grade)
    class_id = grade_class_id(school, grade)
    reading.findings.add("classes_from_grade", "homerooms in a school")
    if not is_id(class_id):
        reading.findings.add("bad_id", "a shorter grade")
        reading.roster.doubts.add_study(person, ANY, BLANK_DAY)
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
