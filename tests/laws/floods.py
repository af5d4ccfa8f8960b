"""Histories of a small school in which many come and go at once: whole groups of pupils, of parents, of the staff."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from hypothesis import strategies as st

from tests.interleavings.told import Event, Told
from tests.road import START

SCHOOL = "school-1"
CLASSES = ("5a", "5b", "6a")
PUPILS = tuple(f"pupil-{number}" for number in range(9))
PARENTS = tuple(f"parent-{number}" for number in range(6))
STAFF = tuple(f"teacher-{number}" for number in range(4))
PEOPLE = (*PUPILS, *PARENTS, *STAFF)
ACCOUNTS = {person: str(100 + number) for number, person in enumerate(PEOPLE)}
OTHERS = {person: str(200 + number) for number, person in enumerate(PEOPLE)}
CHILDREN = {
    PARENTS[0]: (0, 1),
    PARENTS[1]: (2, 3),
    PARENTS[2]: (4,),
    PARENTS[3]: (4, 7),
    PARENTS[4]: (8,),
    STAFF[0]: (6,),
}
WAITING = (PUPILS[8], PARENTS[4])  # have no account to begin with
CLUB, CLUBBERS = "club", (PUPILS[0], PUPILS[4], PARENTS[0], PARENTS[3], STAFF[1])

Some = Sequence[int]
"""Which of those whom something happens to, by their places in the lists above."""


def beginning(told: Told) -> None:
    told.school("organisation.registered", SCHOOL, name="Школа")
    for number, class_id in enumerate(CLASSES):
        told.school("class.opened", SCHOOL, class_id=class_id, homeroom_teacher_id=STAFF[number], **_named(class_id))
    for number, teacher in enumerate(STAFF):
        kind = "other" if number == len(STAFF) - 1 else "teaching_staff"
        told.school("employee.hired", SCHOOL, employee_id=teacher, position_type=kind)
    for number, pupil in enumerate(PUPILS):
        told.school("student.enrolled", SCHOOL, student_id=pupil, class_id=CLASSES[number % 2])
    for parent, children in CHILDREN.items():
        for child in children:
            told.school("guardian.assigned", SCHOOL, guardian_id=parent, student_id=PUPILS[child])
    told.school("group.opened", SCHOOL, group_id="algebra", subject="А", name="А", class_id="5a", teacher_id=STAFF[3],
                student_ids=None)  # fmt: skip
    told.school("chat.created", SCHOOL, chat_id="algebra", name="А", chat_type="subject", group_id="algebra",
                employee_ids=[], student_ids=[])  # fmt: skip
    club(told, (), 0)
    for person in PEOPLE:
        if person not in WAITING:
            told.account("linked", person, ACCOUNTS[person])


def _named(class_id: str) -> dict[str, str]:
    return {"name": class_id, "school_year": "2026/2027"}


def club(told: Told, some: Some, _: int) -> None:
    named = {"chat_id": CLUB, "name": "Клуб", "chat_type": "other"}
    students = [*CLUBBERS[:2], *(PUPILS[at] for at in some)]
    people = {"employee_ids": [CLUBBERS[4]], "student_ids": students, "guardian_ids": CLUBBERS[2:4]}
    told.school("chat.created", SCHOOL, **named, **people)


def no_club(told: Told, _: Some, __: int) -> None:
    told.school("chat.deleted", SCHOOL, chat_id=CLUB)


def pupils(type_: str, **more: str) -> Act:
    """Something that happens to pupils, into a class where the type wants one."""

    def happens(told: Told, some: Some, number: int) -> None:
        key = {"student.restored": "class_id", "student.transferred": "to_class_id"}.get(type_)
        of = {} if key is None else {key: CLASSES[number % 3]}
        for at in some:
            told.school(type_, SCHOOL, student_id=PUPILS[at], **of, **more)

    return happens


def moves_later(told: Told, some: Some, number: int) -> None:
    day = START.date() + timedelta(days=1 + number % 2)
    for at in some:
        told.school("student.transferred", SCHOOL, student_id=PUPILS[at], to_class_id=CLASSES[number % 3],
                    effective_on=day.isoformat())  # fmt: skip


def employees(type_: str, **more: str) -> Act:
    def happens(told: Told, some: Some, _: int) -> None:
        for at in sorted({at % len(STAFF) for at in some}):
            told.school(type_, SCHOOL, employee_id=STAFF[at], **more)

    return happens


def guardians(type_: str, **more: bool) -> Act:
    """Something that is said of parents and their children; of a third of them and of a child of somebody else's."""

    def happens(told: Told, some: Some, number: int) -> None:
        for at in sorted({at % len(PARENTS) for at in some}):
            for child in CHILDREN.get(PARENTS[at], ()) if number else (number + at,):
                told.school(type_, SCHOOL, guardian_id=PARENTS[at], student_id=PUPILS[child], **more)

    return happens


def persons(type_: str) -> Act:
    def happens(told: Told, some: Some, number: int) -> None:
        told.school(type_, SCHOOL, person_id=PEOPLE[(some[0] + 7 * number) % len(PEOPLE)])

    return happens


def classes(type_: str) -> Act:
    def happens(told: Told, _: Some, number: int) -> None:
        named = _named(CLASSES[number % 3]) if type_ == "class.opened" else {}
        told.school(type_, SCHOOL, class_id=CLASSES[number % 3], **named)

    return happens


def by_hand(key: str) -> Act:
    def happens(told: Told, some: Some, number: int) -> None:
        chat = (CLUB, f"staff:{SCHOOL}", f"parents:{CLASSES[0]}")[number % 3]
        people = [PEOPLE[(2 * at + number) % len(PEOPLE)] for at in some]
        told.school("chat.edited", SCHOOL, chat_id=chat, **{key: people})

    return happens


def links(told: Told, some: Some, number: int) -> None:
    """New accounts, their first ones again, or none."""
    for at in some:
        person = PEOPLE[(2 * at + number) % len(PEOPLE)]
        if number % 3 == 2:
            told.account("unlinked", person)
        else:
            told.account("linked", person, (ACCOUNTS, OTHERS)[number % 3][person])


def administrator(told: Told, some: Some, number: int) -> None:
    told.school("organisation.chat_administrator_assigned", SCHOOL, employee_id=STAFF[some[0] % 4] if number else None)


def in_group(told: Told, some: Some, number: int) -> None:
    named = [PUPILS[at] for at in some] if number else None
    told.school("group.students_set", SCHOOL, group_id="algebra", student_ids=named)


Act = Callable[[Told, Some, int], None]
ACTS: tuple[Act, ...] = (
    pupils("student.expelled", reason="left"),
    pupils("student.restored"),
    pupils("student.transferred"),
    employees("employee.dismissed"),
    guardians("guardian.removed", denied=False),
    pupils("student.expelled", reason="graduated"),
    moves_later,
    employees("employee.hired", position_type="teaching_staff"),
    guardians("guardian.removed", denied=True),
    guardians("guardian.assigned"),
    persons("person.blocked"),
    persons("person.unblocked"),
    classes("class.closed"),
    classes("class.opened"),
    by_hand("remove_ids"),
    by_hand("add_ids"),
    links,
    administrator,
    in_group,
    no_club,
    club,
)


def told_of(acts: Sequence[tuple[Act, Some, int]]) -> tuple[list[Event], list[Event]]:
    """What the school begins with, and what happens then."""
    told = Told()
    beginning(told)
    first = len(told.events)
    for act, some, number in acts:
        act(told, some, number)
    return told.events[:first], told.events[first:]


SOMEBODY = st.lists(st.integers(0, len(PUPILS) - 1), min_size=1, max_size=len(PUPILS), unique=True)
HAPPENINGS = st.lists(st.tuples(st.sampled_from(ACTS), SOMEBODY, st.integers(0, 2)), min_size=1, max_size=10)
