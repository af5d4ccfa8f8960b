"""What a school's system publishes about it: a school as CloudEvents, and what happens later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from rollcall.demo.names import Name
from rollcall.demo.school import Chat, Group, School

Event = dict[str, Any]
Said = tuple[str, dict[str, Any]]
"""A type without its version, and the data."""

TICK = timedelta(microseconds=1)


def cloud_events(said: Iterable[Said], *, source: str, at: datetime, prefix: str) -> Iterator[Event]:
    """CloudEvents in structured form, each a microsecond later than the one before; ids are `{prefix}-{number}`."""
    for number, (kind, data) in enumerate(said, start=1):
        yield {
            "specversion": "1.0",
            "id": f"{prefix}-{number}",
            "source": source,
            "type": f"{kind}.v1",
            "time": (at + number * TICK).isoformat(),
            "datacontenttype": "application/json",
            "data": data,
        }


def school_events(school: School, *, source: str, at: datetime) -> Iterator[Event]:
    """All there is to say about a school, in an order in which everything is announced before it is named."""
    return cloud_events(announced(school), source=source, at=at, prefix=school.organisation_id)


def announced(school: School) -> Iterator[Said]:
    own = {"organisation_id": school.organisation_id}
    registered = {"name": school.name, "chat_administrator_id": school.chat_administrator_id}
    yield "school.organisation.registered", {**own, **registered}
    for person in school.people:
        yield described(school.organisation_id, person.person_id, person.name)
    for employee in school.employees:
        data = {"employee_id": employee.person_id, "position_type": employee.position_type}
        yield "school.employee.hired", {**own, **data, "position": employee.position}
    for each in school.classes:
        data = {"class_id": each.class_id, "name": each.name, "school_year": school.school_year}
        yield "school.class.opened", {**own, **data, "homeroom_teacher_id": each.homeroom_teacher_id}
    for pupil in school.pupils:
        yield "school.student.enrolled", {**own, "student_id": pupil.person_id, "class_id": pupil.class_id}
    for guardian in school.guardians:
        ids = {"guardian_id": guardian.guardian_id, "student_id": guardian.pupil_id}
        yield "school.guardian.assigned", {**own, **ids, "relation": guardian.relation}
    for group in school.groups:
        yield "school.group.opened", {**own, **_group(group)}
    for chat in school.chats:
        yield "school.chat.created", {**own, **_chat(chat)}


def described(organisation_id: str, person_id: str, name: Name) -> Said:
    named = {"last_name": name.last, "first_name": name.first, "middle_name": name.middle}
    return "school.person.described", {"organisation_id": organisation_id, "person_id": person_id, **named}


def linked(person_id: str, account: int) -> Said:
    return "account.linked", {"person_id": person_id, "provider": "max", "external_user_id": str(account)}


def _group(group: Group) -> dict[str, Any]:
    return {
        "group_id": group.group_id,
        "class_id": group.class_id,
        "subject": group.subject,
        "name": group.name,
        "teacher_id": group.teacher_id,
        "student_ids": None if group.pupil_ids is None else list(group.pupil_ids),
    }


def _chat(chat: Chat) -> dict[str, Any]:
    data: dict[str, Any] = {
        "chat_id": chat.chat_id,
        "name": chat.name,
        "chat_type": "subject" if chat.group_id else "other",
        "group_id": chat.group_id,
        "employee_ids": list(chat.employee_ids),
        "student_ids": list(chat.pupil_ids),
    }
    return data if chat.group_id else {**data, "guardian_ids": list(chat.guardian_ids)}
