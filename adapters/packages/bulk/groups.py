"""Groups, their teachers and students, as facts."""

from __future__ import annotations

import json

from adapters.packages.bulk.teachers import group_teacher
from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.findings import NOWHERE
from adapters.packages.roster.roster import Topic
from sync.facts import GROUP_ROSTER, GROUP_STATE, GROUP_TEACHER, GroupRoster, GroupState

LARGEST_LIST = 60_000  # bytes of JSON: an event has 65,536 at most, and the rest of one at most 5,000


def state_groups(reading: Reading) -> None:
    """Every row that is no class. A group's events have no days, so who is yet to begin is not listed yet."""
    for section, seats in reading.roster.taken():
        if reading.is_class(section):
            continue
        value = GroupState(open=True, class_id=None, subject=section.subject, name=section.title)
        reading.snapshot.state(GROUP_STATE, section.key, Stated(value))
        if reading.roster.tells(Topic.TEACHINGS):
            teachers = reading.roster.teachers.get(section.section_id, ())
            reading.snapshot.state(GROUP_TEACHER, section.key, group_teacher(reading, teachers))
        if reading.roster.tells(Topic.SEATS):
            students = {student for student, begins_on in seats.items() if reading.is_current(begins_on)}
            reading.snapshot.state(GROUP_ROSTER, section.key, Stated(GroupRoster(tuple(sorted(students)))))


def leave_out_large(reading: Reading) -> None:
    """Leaves a group's students as they were where their list makes an event larger than the event contract takes.

    A part of the list would say that the others are not in the group.
    """
    rosters = reading.snapshot.of(GROUP_ROSTER)
    for key in [key for key, stated in rosters.entries() if _is_large(stated.value)]:
        place = reading.roster.places.get(key[1], NOWHERE)
        reading.findings.add("group_too_large", "a group whose event has 64 KiB at most", place)
        del rosters[key]


def _is_large(roster: GroupRoster) -> bool:
    return len(json.dumps(roster.student_ids, ensure_ascii=False).encode()) > LARGEST_LIST
