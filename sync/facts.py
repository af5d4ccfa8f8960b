"""The facts a roster is made of: one type for each line of the contract's table of facts.

A fact type names the columns of its key, the organisation first, and the type of its value.
An assertion is what one source said of one fact, from a day on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sync.ids import NO_EVENT, ClassId, EventNo, GroupId, PersonId
from sync.versions import Version

AT_ONCE = date.min  # without `effective_on` a fact holds on every day


class Registration(NamedTuple):
    name: str
    time_zone: str
    sis: str | None


class ChatAdministrator(NamedTuple):
    employee_id: PersonId | None


class PersonNames(NamedTuple):
    last_name: str
    first_name: str
    middle_name: str | None


class Block(NamedTuple):
    blocked: bool


class ClassState(NamedTuple):
    open: bool


class ClassName(NamedTuple):
    name: str


class ClassYear(NamedTuple):
    school_year: str


class Homeroom(NamedTuple):
    employee_id: PersonId | None


class GroupState(NamedTuple):
    open: bool
    class_id: ClassId | None
    subject: str | None
    name: str | None


class GroupTeacher(NamedTuple):
    employee_id: PersonId | None


class GroupRoster(NamedTuple):
    """Sorted student ids; None is the whole class of the group."""

    student_ids: tuple[PersonId, ...] | None


class Attendance(NamedTuple):
    """Whether a student is at the school: set by admission and expulsion, never by moves. `reason`: of an expulsion."""

    at_school: bool
    reason: str | None


class Placement(NamedTuple):
    """The class of a student. `how` is the event's verb: enrolled, restored, transferred or promoted."""

    class_id: ClassId
    school_year: str | None
    how: str


class Guardianship(NamedTuple):
    assigned: bool
    relation: str | None


class Denial(NamedTuple):
    denied: bool


class Employment(NamedTuple):
    """Whether somebody works at the school: set by hirings and dismissals, never by changes of position."""

    employed: bool


class Position(NamedTuple):
    """`position_type` is administration, teaching_staff or other."""

    position_type: str
    position: str | None


class ChatState(NamedTuple):
    """A chat made by hand; `chat_type` is subject or other, None when deleted."""

    exists: bool
    chat_type: str | None
    group_id: GroupId | None


class ChatName(NamedTuple):
    name: str


class HandPick(NamedTuple):
    """added, excluded or neither."""

    pick: str


@dataclass(frozen=True, slots=True, eq=False)
class FactType:
    """A line of the table of facts; `value` is a NamedTuple whose fields are the columns."""

    name: str
    key: tuple[str, ...]
    value: type[Any]


ORGANISATION = ("organisation_id",)

REGISTRATION = FactType("registrations", ORGANISATION, Registration)
CHAT_ADMINISTRATOR = FactType("chat_administrators", ORGANISATION, ChatAdministrator)
PERSON_NAMES = FactType("person_names", (*ORGANISATION, "person_id"), PersonNames)
BLOCK = FactType("blocks", (*ORGANISATION, "person_id"), Block)
CLASS_STATE = FactType("class_states", (*ORGANISATION, "class_id"), ClassState)
CLASS_NAME = FactType("class_names", (*ORGANISATION, "class_id"), ClassName)
CLASS_YEAR = FactType("class_years", (*ORGANISATION, "class_id"), ClassYear)
HOMEROOM = FactType("homerooms", (*ORGANISATION, "class_id"), Homeroom)
GROUP_STATE = FactType("group_states", (*ORGANISATION, "group_id"), GroupState)
GROUP_TEACHER = FactType("group_teachers", (*ORGANISATION, "group_id"), GroupTeacher)
GROUP_ROSTER = FactType("group_rosters", (*ORGANISATION, "group_id"), GroupRoster)
ATTENDANCE = FactType("attendances", (*ORGANISATION, "student_id"), Attendance)
PLACEMENT = FactType("placements", (*ORGANISATION, "student_id"), Placement)
GUARDIANSHIP = FactType("guardianships", (*ORGANISATION, "guardian_id", "student_id"), Guardianship)
DENIAL = FactType("denials", (*ORGANISATION, "guardian_id", "student_id"), Denial)
EMPLOYMENT = FactType("employments", (*ORGANISATION, "employee_id"), Employment)
POSITION = FactType("positions", (*ORGANISATION, "employee_id"), Position)
CHAT_STATE = FactType("chat_states", (*ORGANISATION, "chat_id"), ChatState)
CHAT_NAME = FactType("chat_names", (*ORGANISATION, "chat_id"), ChatName)
HAND_PICK = FactType("hand_picks", (*ORGANISATION, "chat_id", "person_id"), HandPick)

FACT_TYPES = (
    REGISTRATION, CHAT_ADMINISTRATOR, PERSON_NAMES, BLOCK, CLASS_STATE, CLASS_NAME, CLASS_YEAR, HOMEROOM,
    GROUP_STATE, GROUP_TEACHER, GROUP_ROSTER, ATTENDANCE, PLACEMENT, GUARDIANSHIP, DENIAL, EMPLOYMENT, POSITION,
    CHAT_STATE, CHAT_NAME, HAND_PICK,
)  # fmt: skip

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Assertion:
    """What one event says of one fact. `event_no` numbers the event in the inbox."""

    kind: FactType
    key: Key
    value: Any
    effective_on: date
    version: Version
    event_no: EventNo = NO_EVENT
