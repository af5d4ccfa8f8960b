"""Where rows that are not understood may have said what is known, and those that are say otherwise: it stays."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from adapters.packages.facts.joined import EMPLOYMENT, ENROLMENT, Employment
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.facts.standing import is_on
from adapters.packages.roster.role_words import RANK
from sync.facts import GROUP_ROSTER, FactType, Key


def class_stays(reading: Reading, key: Key, class_id: str, begins_on: date) -> bool:
    """Whether a student stays in the known class: another row may have put them there later than this one does."""
    known = reading.known_value(ENROLMENT, key)
    if not is_on(known) or known.class_id == class_id or not reading.is_current(begins_on):
        return False
    day = reading.roster.doubts.study(key[1], known.class_id)
    if day is None or (day, class_id) < (begins_on, known.class_id):
        return False
    reading.snapshot.keep(ENROLMENT, key)
    return True


def position_stays(reading: Reading, key: Key, employment: Employment) -> bool:
    """Whether an employee's known position stays: another row may have said so, and it counts for more."""
    known = reading.known_value(EMPLOYMENT, key)
    if not is_on(known) or known == employment or not reading.roster.doubts.has_person(key[1]):
        return False
    if RANK.get(known.position_type, 0) > RANK.get(employment.position_type or "", 0):
        return False
    reading.snapshot.keep(EMPLOYMENT, key)
    return True


def teacher_stays(reading: Reading, kind: FactType, key: Key, stated: Stated) -> bool:
    """Whether the known teacher of a class or group stays: a row may have named him, or whoever it is."""
    known, doubts = getattr(reading.known_value(kind, key), "employee_id", None), reading.roster.doubts
    if known is None or stated.value.employee_id == known:
        return False
    if not doubts.teaches(known, key[1]) and not (
        stated.value.employee_id is None and doubts.may_be_taught(known, key[1])
    ):
        return False
    reading.snapshot.keep(kind, key)
    return True


def with_students_in_doubt(reading: Reading, key: Key, students: AbstractSet[str]) -> AbstractSet[str]:
    """The students of a group, and those known whom a row may have named."""
    known: Any = reading.known_value(GROUP_ROSTER, key)
    missing = set(getattr(known, "student_ids", None) or ()) - students
    kept = {student for student in missing if reading.roster.doubts.may_study(student, key[1])}
    if kept:
        reading.snapshot.count_kept(GROUP_ROSTER)
    return students | kept
