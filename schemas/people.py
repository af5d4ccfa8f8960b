"""What schools publish about people: their names, students, guardians and employees."""

from __future__ import annotations

from typing import Literal

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from schemas.envelope import Event
from schemas.roster import SchoolData
from schemas.text import CleanText, Day, Flag, Id, Maybe, Name, PersonName, SchoolYear, Text

PositionType = Literal["administration", "teaching_staff", "other"]
LeavingReason = Literal["left", "graduated", "expelled", "other"]


class NamesData(SchoolData):
    person_id: Id
    last_name: PersonName
    first_name: PersonName
    middle_name: Maybe[Name] = None

    @field_validator("first_name")
    @classmethod
    def _one_is_there(cls, first_name: str, info: ValidationInfo) -> str:
        if not first_name and info.data.get("last_name") == "":
            raise PydanticCustomError("nameless", "Last and first name should not both be empty")
        return first_name


class BlockData(SchoolData):
    person_id: Id
    effective_on: Maybe[Day] = None


class EnrolmentData(SchoolData):
    student_id: Id
    class_id: Id
    effective_on: Maybe[Day] = None


class TransferData(SchoolData):
    student_id: Id
    from_class_id: Maybe[Id] = None
    to_class_id: Id
    effective_on: Maybe[Day] = None


class PromotionData(TransferData):
    school_year: SchoolYear


class ExpulsionData(SchoolData):
    student_id: Id
    reason: Maybe[LeavingReason] = None
    effective_on: Maybe[Day] = None


class StudentData(SchoolData):
    student_id: Id


class GuardianAssignedData(SchoolData):
    """`snapshot`: restated by an import; never lifts a denial."""

    guardian_id: Id
    student_id: Id
    relation: Maybe[Text] = None
    snapshot: Flag = False


class GuardianRemovedData(SchoolData):
    guardian_id: Id
    student_id: Id
    denied: Flag = False


class PositionData(SchoolData):
    employee_id: Id
    position_type: PositionType
    position: Maybe[CleanText] = None
    effective_on: Maybe[Day] = None


class DismissalData(SchoolData):
    employee_id: Id
    effective_on: Maybe[Day] = None


class PersonDescribed(Event):
    type: Literal["school.person.described.v1"]
    data: NamesData


class PersonBlocked(Event):
    type: Literal["school.person.blocked.v1"]
    data: BlockData


class PersonUnblocked(Event):
    type: Literal["school.person.unblocked.v1"]
    data: BlockData


class StudentEnrolled(Event):
    type: Literal["school.student.enrolled.v1"]
    data: EnrolmentData


class StudentTransferred(Event):
    type: Literal["school.student.transferred.v1"]
    data: TransferData


class StudentPromoted(Event):
    type: Literal["school.student.promoted.v1"]
    data: PromotionData


class StudentExpelled(Event):
    type: Literal["school.student.expelled.v1"]
    data: ExpulsionData


class StudentRestored(Event):
    type: Literal["school.student.restored.v1"]
    data: EnrolmentData


class RestorationCancelled(Event):
    type: Literal["school.student.restoration_cancelled.v1"]
    data: StudentData


class GuardianAssigned(Event):
    type: Literal["school.guardian.assigned.v1"]
    data: GuardianAssignedData


class GuardianRemoved(Event):
    type: Literal["school.guardian.removed.v1"]
    data: GuardianRemovedData


class EmployeeHired(Event):
    type: Literal["school.employee.hired.v1"]
    data: PositionData


class PositionChanged(Event):
    type: Literal["school.employee.position_changed.v1"]
    data: PositionData


class EmployeeDismissed(Event):
    type: Literal["school.employee.dismissed.v1"]
    data: DismissalData
