"""What may happen in a school, in the words of its people; each is one event, its envelope aside.

Persons, classes, groups and chats made by hand go by their names, which are their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

YEAR = "2026/2027"


@dataclass(frozen=True, slots=True)
class Happening:
    """An event without its envelope, recorded `ago` before it is told."""

    type: str
    data: dict[str, Any]
    ago: timedelta = timedelta(0)

    def on(self, day: date) -> Happening:
        return replace(self, data=self.data | {"effective_on": day.isoformat()})

    def in_school(self, school: str) -> Happening:
        return replace(self, data={"organisation_id": school} | self.data)

    def recorded(self, **ago: float) -> Happening:
        return replace(self, ago=timedelta(**ago))


def _school(type_: str, **data: Any) -> Happening:
    return Happening(f"school.{type_}.v1", data)


def _account(type_: str, **data: Any) -> Happening:
    return Happening(f"account.{type_}.v1", data)


def registered(name: str = "Школа № 1", **more: Any) -> Happening:
    return _school("organisation.registered", name=name, **more)


def chat_administrator_assigned(person: str | None) -> Happening:
    return _school("organisation.chat_administrator_assigned", employee_id=person)


def blocked(person: str) -> Happening:
    return _school("person.blocked", person_id=person)


def unblocked(person: str) -> Happening:
    return _school("person.unblocked", person_id=person)


def class_opened(name: str, year: str = YEAR, **more: Any) -> Happening:
    return _school("class.opened", class_id=name, name=name, school_year=year, **more)


def class_renamed(class_id: str, to: str, **more: Any) -> Happening:
    return _school("class.renamed", class_id=class_id, name=to, **more)


def homeroom_assigned(class_id: str, to: str | None) -> Happening:
    return _school("class.homeroom_teacher_assigned", class_id=class_id, employee_id=to)


def class_closed(class_id: str) -> Happening:
    return _school("class.closed", class_id=class_id)


def group_opened(
    name: str, *, of_class: str | None = None, teacher: str | None = None, students: Iterable[str] | None = None
) -> Happening:
    named = None if students is None else list(students)
    more = {"class_id": of_class, "teacher_id": teacher, "student_ids": named}
    return _school("group.opened", group_id=name, subject=name, name=name, **more)


def group_teacher_assigned(group: str, to: str | None) -> Happening:
    return _school("group.teacher_assigned", group_id=group, teacher_id=to)


def group_students_set(group: str, students: Iterable[str] | None) -> Happening:
    return _school("group.students_set", group_id=group, student_ids=None if students is None else list(students))


def group_closed(group: str) -> Happening:
    return _school("group.closed", group_id=group)


def enrolled(student: str, into: str) -> Happening:
    return _school("student.enrolled", student_id=student, class_id=into)


def transferred(student: str, to: str) -> Happening:
    return _school("student.transferred", student_id=student, to_class_id=to)


def promoted(student: str, to: str, year: str = "2027/2028") -> Happening:
    return _school("student.promoted", student_id=student, to_class_id=to, school_year=year)


def expelled(student: str, reason: str = "left") -> Happening:
    return _school("student.expelled", student_id=student, reason=reason)


def restored(student: str, into: str) -> Happening:
    return _school("student.restored", student_id=student, class_id=into)


def restoration_cancelled(student: str) -> Happening:
    return _school("student.restoration_cancelled", student_id=student)


def guardian_assigned(guardian: str, of: str, *, snapshot: bool = False) -> Happening:
    return _school("guardian.assigned", guardian_id=guardian, student_id=of, snapshot=snapshot)


def guardian_removed(guardian: str, of: str, *, denied: bool = False) -> Happening:
    return _school("guardian.removed", guardian_id=guardian, student_id=of, denied=denied)


def hired(person: str, position: str = "teaching_staff") -> Happening:
    return _school("employee.hired", employee_id=person, position_type=position)


def position_changed(person: str, to: str) -> Happening:
    return _school("employee.position_changed", employee_id=person, position_type=to)


def dismissed(person: str) -> Happening:
    return _school("employee.dismissed", employee_id=person)


def chat_created(
    name: str,
    *,
    group: str | None = None,
    employees: Iterable[str] = (),
    students: Iterable[str] = (),
    guardians: Iterable[str] = (),
    excluded: Iterable[str] = (),
) -> Happening:
    people = {"employee_ids": list(employees), "student_ids": list(students), "excluded_ids": list(excluded)}
    kind = {"chat_type": "subject", "group_id": group} if group else {"chat_type": "other"}
    return _school("chat.created", chat_id=name, name=name, guardian_ids=list(guardians), **kind, **people)


def chat_edited(
    chat_id: str, *, name: str | None = None, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> Happening:
    return _school("chat.edited", chat_id=chat_id, name=name, add_ids=list(add), remove_ids=list(remove))


def chat_deleted(chat_id: str) -> Happening:
    return _school("chat.deleted", chat_id=chat_id)


def linked(person: str, account: int) -> Happening:
    return _account("linked", person_id=person, provider="max", external_user_id=str(account))


def link_declined(person: str) -> Happening:
    return _account("link_declined", person_id=person, provider="max")


def unlinked(person: str) -> Happening:
    return _account("unlinked", person_id=person, provider="max")
