"""What schools publish about themselves, their classes and their teaching groups."""

from __future__ import annotations

from typing import ClassVar, Literal

from schemas.envelope import Data, Event
from schemas.text import DEFAULT_TIME_ZONE, Day, Id, Ids, Maybe, MaybeTimeZone, Name, SchoolYear, Text


class SchoolData(Data):
    organisation_id: Id


class RegisteredData(SchoolData):
    """`chat_administrator_id`: absent leaves the chat administrator as is, null says there is none."""

    null_speaks: ClassVar[frozenset[str]] = frozenset({"chat_administrator_id"})

    name: Name
    time_zone: MaybeTimeZone = DEFAULT_TIME_ZONE
    chat_administrator_id: Id | None = None
    sis: Maybe[Text] = None


class ChatAdministratorData(SchoolData):
    employee_id: Id | None


class ClassOpenedData(SchoolData):
    """`homeroom_teacher_id`: absent leaves the homeroom teacher as is, null says there is none."""

    null_speaks: ClassVar[frozenset[str]] = frozenset({"homeroom_teacher_id"})

    class_id: Id
    name: Name
    school_year: SchoolYear
    homeroom_teacher_id: Id | None = None
    effective_on: Maybe[Day] = None


class ClassRenamedData(SchoolData):
    class_id: Id
    name: Name
    school_year: Maybe[SchoolYear] = None


class HomeroomData(SchoolData):
    class_id: Id
    employee_id: Id | None
    effective_on: Maybe[Day] = None


class ClassClosedData(SchoolData):
    class_id: Id
    effective_on: Maybe[Day] = None


class GroupOpenedData(SchoolData):
    """`student_ids`: null is the whole class, the empty list nobody."""

    group_id: Id
    class_id: Id | None
    subject: Name
    name: Name
    teacher_id: Id | None
    student_ids: Ids | None


class GroupTeacherData(SchoolData):
    group_id: Id
    teacher_id: Id | None


class GroupStudentsData(SchoolData):
    """`student_ids`: null is the whole class, the empty list nobody."""

    group_id: Id
    student_ids: Ids | None


class GroupClosedData(SchoolData):
    group_id: Id


class OrganisationRegistered(Event):
    type: Literal["school.organisation.registered.v1"]
    data: RegisteredData


class ChatAdministratorAssigned(Event):
    type: Literal["school.organisation.chat_administrator_assigned.v1"]
    data: ChatAdministratorData


class ClassOpened(Event):
    type: Literal["school.class.opened.v1"]
    data: ClassOpenedData


class ClassRenamed(Event):
    type: Literal["school.class.renamed.v1"]
    data: ClassRenamedData


class HomeroomTeacherAssigned(Event):
    type: Literal["school.class.homeroom_teacher_assigned.v1"]
    data: HomeroomData


class ClassClosed(Event):
    type: Literal["school.class.closed.v1"]
    data: ClassClosedData


class GroupOpened(Event):
    type: Literal["school.group.opened.v1"]
    data: GroupOpenedData


class GroupTeacherAssigned(Event):
    type: Literal["school.group.teacher_assigned.v1"]
    data: GroupTeacherData


class GroupStudentsSet(Event):
    type: Literal["school.group.students_set.v1"]
    data: GroupStudentsData


class GroupClosed(Event):
    type: Literal["school.group.closed.v1"]
    data: GroupClosedData
