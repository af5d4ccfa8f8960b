"""From the comparison of a package with what was to the events that tell the difference, but for their envelope."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.packages.diff.comparison import Comparison
from adapters.packages.diff.envelope import Said, said
from adapters.packages.diff.groups import group_events
from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, Enrolment
from adapters.packages.facts.snapshot import Stated
from adapters.packages.facts.standing import is_on
from adapters.packages.options import DEFAULT_ZONE, Options
from sync.facts import (
    BLOCK,
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    GUARDIANSHIP,
    HOMEROOM,
    PERSON_NAMES,
    REGISTRATION,
    Key,
)


def differences(comparison: Comparison, options: Options) -> Iterator[Said]:
    """One event a fact: organisations, people, employees, classes, students, guardians, groups."""
    yield from _organisations(comparison, options)
    yield from _people(comparison)
    yield from _employees(comparison)
    yield from _classes(comparison)
    yield from _students(comparison)
    yield from _guardians(comparison)
    yield from group_events(comparison)


def _organisations(comparison: Comparison, options: Options) -> Iterator[Said]:
    for key, stated in comparison.news(REGISTRATION):
        value = stated.value
        zone = {"time_zone": value.time_zone} if options.time_zone or value.time_zone != DEFAULT_ZONE else {}
        yield said("organisation.registered", key, {"name": value.name, "sis": value.sis, **zone})


def _people(comparison: Comparison) -> Iterator[Said]:
    for key, stated in comparison.news(PERSON_NAMES):
        yield said("person.described", key, {"person_id": key[1], **stated.value._asdict()})
    for key, _ in comparison.news(BLOCK):
        yield said("person.blocked", key, {"person_id": key[1]})
    for key in comparison.ended(BLOCK):
        yield said("person.unblocked", key, {"person_id": key[1]})


def _employees(comparison: Comparison) -> Iterator[Said]:
    for key, (value, day) in comparison.news(EMPLOYMENT):
        verb = "position_changed" if is_on(comparison.was(EMPLOYMENT, key)) else "hired"
        yield said(f"employee.{verb}", key, {"employee_id": key[1], **value._asdict()}, day)
    for key in comparison.ended(EMPLOYMENT):
        yield said("employee.dismissed", key, {"employee_id": key[1]})


def _classes(comparison: Comparison) -> Iterator[Said]:
    for key in comparison.spoken_of(CLASS_STATE, HOMEROOM):
        homeroom = comparison.stated(HOMEROOM, key) if comparison.is_news(HOMEROOM, key) else None
        if comparison.is_news(CLASS_STATE, key):
            yield _class_opened(comparison, key)
            homeroom = homeroom if homeroom and homeroom.effective_on else None
        elif comparison.is_news(CLASS_NAME, key) or comparison.is_news(CLASS_YEAR, key):
            yield said("class.renamed", key, {"class_id": key[1], **_title(comparison, key)})
        if homeroom is not None:
            (teacher,), day = homeroom
            yield said("class.homeroom_teacher_assigned", key, {"class_id": key[1], "employee_id": teacher}, day)
    for key in comparison.ended(CLASS_STATE):
        yield said("class.closed", key, {"class_id": key[1]}, comparison.closing_day(key))


def _class_opened(comparison: Comparison, key: Key) -> Said:
    """Names the teacher of now; who is to come is assigned beside it: one event a fact."""
    homeroom = comparison.stated(HOMEROOM, key)
    named = homeroom is not None and homeroom.effective_on is None
    teacher = {"homeroom_teacher_id": homeroom.value.employee_id} if homeroom and named else {}
    return said("class.opened", key, {"class_id": key[1], **_title(comparison, key), **teacher})


def _title(comparison: Comparison, key: Key) -> dict[str, str]:
    name, year = (comparison.snapshot.of(kind)[key].value for kind in (CLASS_NAME, CLASS_YEAR))
    return {"name": name.name, "school_year": year.school_year}


def _students(comparison: Comparison) -> Iterator[Said]:
    for key, stated in comparison.news(ENROLMENT):
        yield _student(comparison, key, stated)
    for key in comparison.ended(ENROLMENT):
        yield said("student.expelled", key, {"student_id": key[1], "reason": "left"})


def _student(comparison: Comparison, key: Key, stated: Stated) -> Said:
    was, (now, day) = comparison.was(ENROLMENT, key), stated
    left = comparison.snapshot.left.get(key)
    if was is None and left is not None:
        was = Enrolment(left, None, None)
    if not is_on(was):
        verb = "enrolled" if was is None else "restored"
        return said(f"student.{verb}", key, {"student_id": key[1], "class_id": now.class_id}, day)
    move = {"student_id": key[1], "from_class_id": was.class_id, "to_class_id": now.class_id}
    before = comparison.was(CLASS_YEAR, (key[0], was.class_id))
    year = before.school_year if before is not None else was.school_year
    if year is not None and now.school_year > year:
        return said("student.promoted", key, {**move, "school_year": now.school_year}, day)
    return said("student.transferred", key, move, day)


def _guardians(comparison: Comparison) -> Iterator[Said]:
    for key, stated in comparison.news(GUARDIANSHIP):
        link = {"guardian_id": key[1], "student_id": key[2], "relation": stated.value.relation}
        yield said("guardian.assigned", key, {**link, "snapshot": True})
    for key in comparison.ended(GUARDIANSHIP):
        yield said("guardian.removed", key, {"guardian_id": key[1], "student_id": key[2], "denied": False})
