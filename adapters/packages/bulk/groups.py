"""Groups, their teachers and students, as facts."""

from __future__ import annotations

from adapters.packages.bulk.classes import TEACHERS
from adapters.packages.bulk.doubted import teacher_stays, with_students_in_doubt
from adapters.packages.bulk.teachers import group_teacher
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.roster import Topic
from sync.facts import GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, GroupRoster, GroupState
from sync.ids import PersonId

STUDENTS = (Topic.STUDENT_ENROLMENTS, Topic.PEOPLE, Topic.STUDENT_ROLES)  # what it takes to know who is in a group


def state_groups(reading: Reading) -> None:
    """Every row that is no class. A group's events have no days, so who is yet to begin is not listed yet."""
    for section, begins in reading.roster.with_students():
        if reading.is_class(section):
            continue
        name, subject = reading.title_of(section, GROUP_STATE), reading.subject_of(section)
        value = GroupState(open=True, class_id=None, subject=subject, name=name)
        reading.snapshot.state(GROUP_STATE, section.key, Stated(value))
        if reading.roster.tells(*TEACHERS):
            stated = group_teacher(reading, reading.roster.teachers.get(section.section_id, ()))
            if not teacher_stays(reading, GROUP_TEACHER, section.key, stated):
                reading.snapshot.state(GROUP_TEACHER, section.key, stated)
        if reading.roster.tells(*STUDENTS):
            now = {student for student, begins_on in begins.items() if reading.is_current(begins_on)}
            students = with_students_in_doubt(reading, section.key, now)
            reading.snapshot.state(
                GROUP_ROSTER, section.key, Stated(GroupRoster(tuple(map(PersonId, sorted(students)))))
            )
    if reading.roster.tells(*STUDENTS):
        reading.snapshot.whole[GROUP_ROSTER] = reading.roster.schools_heard_of(Topic.STUDENT_ENROLMENTS)
