"""A school as a value: who learns, who teaches, whose children they are, and in which groups and chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rollcall.demo.names import Name

ADMINISTRATION, TEACHING_STAFF, OTHER = "administration", "teaching_staff", "other"


@dataclass(frozen=True, slots=True)
class Person:
    person_id: str
    name: Name


@dataclass(frozen=True, slots=True)
class SchoolClass:
    """`grade` from 1; `name` is `5 А`."""

    class_id: str
    grade: int
    name: str
    homeroom_teacher_id: str


@dataclass(frozen=True, slots=True)
class Pupil:
    person_id: str
    class_id: str


@dataclass(frozen=True, slots=True)
class Guardian:
    """One guardian of one child: who has three children is here three times."""

    guardian_id: str
    pupil_id: str
    relation: str


@dataclass(frozen=True, slots=True)
class Employee:
    person_id: str
    position_type: str
    position: str


@dataclass(frozen=True, slots=True)
class Group:
    """`pupil_ids` None is the whole class."""

    group_id: str
    class_id: str
    subject: str
    name: str
    teacher_id: str
    pupil_ids: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat made by hand: of a group, or, without one, of whom it names."""

    chat_id: str
    name: str
    group_id: str | None = None
    employee_ids: tuple[str, ...] = ()
    pupil_ids: tuple[str, ...] = ()
    guardian_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class School:
    """Every pupil is in one class, every guardian has a child here, whoever is named anywhere is among `people`."""

    organisation_id: str
    name: str
    school_year: str
    chat_administrator_id: str
    people: Sequence[Person]
    classes: Sequence[SchoolClass]
    pupils: Sequence[Pupil]
    guardians: Sequence[Guardian]
    employees: Sequence[Employee]
    groups: Sequence[Group]
    chats: Sequence[Chat]
