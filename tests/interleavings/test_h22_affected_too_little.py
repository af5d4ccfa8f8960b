"""H22: affected too little.

Whom a change touches is the one piece of edge logic, and whom it forgets is wrong until the nightly run. Easily
forgotten are the ones below; the law over random schools, which knows no list, is in `tests/laws/test_touched.py`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.interleavings.told import Event, Told, shown
from tests.road import Road

YEAR = {"school_year": "2026/2027"}


def school(told: Told) -> None:
    told.school("organisation.registered", name="Школа", chat_administrator_id="elena")
    told.school("employee.hired", employee_id="elena", position_type="administration")
    told.school("class.opened", class_id="5a", name="5 А", **YEAR, homeroom_teacher_id="dmitri")
    told.school("employee.hired", employee_id="dmitri", position_type="teaching_staff")
    told.school("student.enrolled", student_id="anna", class_id="5a")
    told.school("guardian.assigned", guardian_id="vera", student_id="anna")
    group = {"group_id": "algebra", "subject": "Алгебра", "name": "Алгебра"}
    told.school("group.opened", **group, class_id="5a", teacher_id="dmitri", student_ids=None)
    lists: dict[str, Any] = {"employee_ids": [], "student_ids": []}
    told.school("chat.created", chat_id="chat", name="Алгебра", chat_type="subject", group_id="algebra", **lists)
    other: dict[str, Any] = {"employee_ids": ["dmitri"], "student_ids": ["anna"], "guardian_ids": ["vera"]}
    told.school("chat.created", chat_id="club", name="Кружок", chat_type="other", **other)


LATE = {
    "a school registered last": "school.organisation.registered.v1",
    "a class opened last": "school.class.opened.v1",
    "a group opened last": "school.group.opened.v1",
    "a chat created last": "school.chat.created.v1",
    "an employee hired last": "school.employee.hired.v1",
    "a student enrolled last": "school.student.enrolled.v1",
    "a guardian assigned last": "school.guardian.assigned.v1",
}


async def stands(road: Road, told: Told) -> None:
    await road.converge()
    assert await shown(road) == told.members("school", road.clock.at.date())


@pytest.mark.parametrize("type_", LATE.values(), ids=LATE.keys())
async def test_what_is_announced_last_brings_in_all_who_were_named_before(road: Road, type_: str) -> None:
    told = Told()
    school(told)
    accounts = [told.account("linked", p, str(n)) for n, p in enumerate(("anna", "vera", "dmitri", "elena"), 1)]
    road.knows("1", "2", "3", "4")
    await road.post(accounts)
    for event in sorted((each for each in told.events if each not in accounts), key=lambda each: each["type"] == type_):
        await road.post([event])
    await stands(road, told)


def afterwards(told: Told) -> list[Event]:
    group = {"group_id": "algebra", "subject": "Алгебра", "name": "Алгебра"}
    return [
        told.school("person.blocked", person_id="anna"),
        told.school("person.unblocked", person_id="anna"),
        told.school("guardian.removed", guardian_id="vera", student_id="anna", denied=True),
        told.school("guardian.assigned", guardian_id="vera", student_id="anna"),
        told.school("guardian.removed", guardian_id="vera", student_id="anna"),
        told.school("guardian.assigned", guardian_id="vera", student_id="anna", snapshot=True),
        told.school("chat.edited", chat_id="club", remove_ids=["anna"]),
        told.school("organisation.chat_administrator_assigned", employee_id="dmitri"),
        told.school("class.homeroom_teacher_assigned", class_id="5a", employee_id="elena"),
        told.school("organisation.chat_administrator_assigned", employee_id="elena"),
        told.school("class.homeroom_teacher_assigned", class_id="5a", employee_id="dmitri"),
        told.school("employee.position_changed", employee_id="dmitri", position_type="other"),
        told.school("chat.deleted", chat_id="club"),
        told.school("class.opened", class_id="5b", name="5 Б", **YEAR),
        told.school("student.transferred", student_id="anna", to_class_id="5b"),
        told.school("group.opened", **group, class_id="5b", teacher_id="dmitri", student_ids=None),
        told.school("group.students_set", group_id="algebra", student_ids=[]),
        told.school("group.teacher_assigned", group_id="algebra", teacher_id="elena"),
        told.school("employee.dismissed", employee_id="elena"),
        told.school("class.closed", class_id="5b"),
        told.school("class.opened", class_id="5b", name="5 Б", **YEAR),
        told.school("group.closed", group_id="algebra"),
        told.school("employee.dismissed", employee_id="dmitri"),
        told.school("student.expelled", student_id="anna"),
    ]


async def test_each_change_reaches_everybody_whom_it_concerns(road: Road) -> None:
    told = Told()
    school(told)
    for number, person in enumerate(("anna", "vera", "dmitri", "elena"), 1):
        told.account("linked", person, str(number))
    road.knows("1", "2", "3", "4")
    await road.post(told.events)
    await stands(road, told)
    known = list(told.events)
    for event in afterwards(told):
        known.append(event)
        await road.post([event])
        await stands(road, Told(known))


async def test_what_is_opened_again_and_names_nobody_brings_back_all_who_were_named_before(road: Road) -> None:
    told = Told()
    lists: dict[str, Any] = {"employee_ids": [], "student_ids": []}
    told.school("organisation.registered", name="Школа")
    for number, teacher in enumerate(("olga", "boris", "pavel"), 1):
        told.school("employee.hired", employee_id=teacher, position_type="teaching_staff")
        told.account("linked", teacher, str(number))
    opened = {"class_id": "5a", "name": "5 А", **YEAR}
    told.school("class.opened", **opened)
    told.school("class.homeroom_teacher_assigned", class_id="5a", employee_id="olga")
    told.school("chat.edited", chat_id="class:5a", add_ids=["boris"])
    told.school("chat.created", chat_id="club", name="Кружок", chat_type="other", **lists)
    told.school("chat.edited", chat_id="club", add_ids=["pavel"])
    road.knows("1", "2", "3")
    await road.post(told.events)
    await stands(road, told)
    for again in (
        told.school("class.closed", class_id="5a"),
        told.school("class.opened", **opened),
        told.school("chat.deleted", chat_id="club"),
        told.school("chat.created", chat_id="club", name="Кружок", chat_type="other", **lists),
    ):
        await road.post([again])
        await road.converge()  # what is closed is archived: the next is a new room
    await stands(road, told)
    assert (await shown(road))["class:5a"] == {"1": "admin", "2": "member"}
    assert (await shown(road))["club"] == {"3": "member"}
