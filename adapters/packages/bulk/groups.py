"""Groups, their teachers and students, as facts."""

from __future__ import annotations

from adapters.packages.bulk.teachers import group_teacher
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.roster import Topic
from sync.facts import GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, GroupRoster, GroupState


def state_groups(reading: Reading) -> None:
    """Every row that is no class. A group's events have no days, so who is yet to begin is not listed yet."""
    for section, begins in reading.roster.with_students():
        if reading.is_class(section):
            continue
        value = GroupState(open=True, class_id=None, subject=section.subject, name=section.title)
        reading.snapshot.state(GROUP_STATE, section.key, Stated(value))
        if reading.roster.tells(Topic.TEACHER_ENROLMENTS):
            teachers = reading.roster.teachers.get(section.section_id, ())
            reading.snapshot.state(GROUP_TEACHER, section.key, group_teacher(reading, teachers))
        if reading.roster.tells(Topic.STUDENT_ENROLMENTS):
            students = {student for student, begins_on in begins.items() if reading.is_current(begins_on)}
            reading.snapshot.state(GROUP_ROSTER, section.key, Stated(GroupRoster(tuple(sorted(students)))))
