"""Who of those enrolled as teachers is the one of a class or group."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.packages.facts.reading import Reading
from adapters.packages.facts.snapshot import Stated
from adapters.packages.roster.sections import Teaching
from sync.facts import GroupTeacher, Homeroom
from sync.ids import PersonId


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


def group_teacher(reading: Reading, teachers: Iterable[Teaching]) -> Stated:
    """The teacher of now, or nobody: a group's events have no days."""
    now = [teaching for teaching in teachers if reading.is_current(teaching.begins_on)]
    return Stated(GroupTeacher(_best(reading, now)))


def _best(reading: Reading, teachers: list[Teaching]) -> PersonId | None:
    """Primary before not, then the latest to begin, then the lowest id (counted where it comes to that)."""
    if not teachers:
        return None
    rank = max((teaching.primary, teaching.begins_on) for teaching in teachers)
    best = {teaching.employee_id for teaching in teachers if (teaching.primary, teaching.begins_on) == rank}
    if len(best) > 1:
        reading.findings.add("teacher_ambiguous", "one primary teacher of a class")
    return PersonId(min(best))
