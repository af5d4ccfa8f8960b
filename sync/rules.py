"""Who belongs in which chat: R1 to R9, one function each. Every one names the fact that is its ground."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sync import chats
from sync.ids import ChatId, EventNo, PersonId
from sync.roster import Roster

MEMBER, ADMIN = "member", "admin"

EMPLOYEE, STUDENT, GUARDIAN, BY_HAND = "employee", "student", "guardian", "by_hand"

ON_THE_STAFF = frozenset({"administration", "teaching_staff"})


class Reason(NamedTuple):
    """Puts one person into one chat in one role. `cause` numbers the event whose fact is the ground."""

    chat_id: ChatId
    role: str
    reason: str
    cause: EventNo


def staff(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R1: an employee of the administration or the teaching staff, into the staff chat."""
    job = roster.employed(person)
    if job is not None and job.value.position_type in ON_THE_STAFF and roster.registration is not None:
        yield Reason(chats.staff_chat(roster.organisation_id), MEMBER, "employed", job.event_no)


def students(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R2: a student, into the class chat."""
    place = roster.enrolled(person)
    if place is not None and roster.class_open(place.value.class_id):
        yield Reason(chats.class_chat(place.value.class_id), MEMBER, "studies_in", place.event_no)


def homeroom_teachers(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R3 and R5: the homeroom teacher, as administrator of the class chat and of the parents' chat."""
    if roster.employed(person) is None:
        return
    for class_id, assertion in roster.homerooms(person):
        if roster.class_open(class_id):
            yield Reason(chats.class_chat(class_id), ADMIN, "homeroom", assertion.event_no)
            yield Reason(chats.parents_chat(class_id), ADMIN, "homeroom", assertion.event_no)


def guardians(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R4: a guardian, into the parents' chat of the class of each child."""
    for student_id, assertion in roster.children(person):
        place = roster.enrolled(student_id)
        if place is not None and roster.class_open(place.value.class_id):
            chat_id = chats.parents_chat(place.value.class_id)
            yield Reason(chat_id, MEMBER, f"guardian_of:{student_id}", assertion.event_no)


def group_students(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R6: a student of a teaching group, into its chats."""
    for group_id, assertion in roster.groups_of(person):
        for chat_id in roster.group_chats(group_id):
            yield Reason(chat_id, MEMBER, "studies_in_group", assertion.event_no)


def group_teachers(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R7: the teacher of a group, as administrator of its chats."""
    if roster.employed(person) is None:
        return
    for group_id, assertion in roster.groups_taught(person):
        for chat_id in roster.group_chats(group_id):
            yield Reason(chat_id, ADMIN, "teaches", assertion.event_no)


def chat_administrators(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R8: the school's chat administrator, as administrator of every chat."""
    administrator = roster.chat_administrator
    if administrator is not None and administrator[0] == person:
        for chat_id in roster.open_chats():
            yield Reason(chat_id, ADMIN, "chat_administrator", administrator[1].event_no)


def added_by_hand(person: PersonId, roster: Roster) -> Iterator[Reason]:
    """R9: who was added by hand, while tied to the school in a way that fits the chat."""
    for chat_id, assertion in roster.picks(person, "added"):
        if fits(person, roster.open_chat(chat_id), roster):
            yield Reason(chat_id, MEMBER, "added_by_hand", assertion.event_no)


RULES = (
    staff, students, homeroom_teachers, guardians, group_students, group_teachers, chat_administrators, added_by_hand
)  # fmt: skip

# How each reason ties its person to the school; a guardian's reason also names the student.
TIES = {
    "employed": EMPLOYEE,
    "studies_in": STUDENT,
    "homeroom": EMPLOYEE,
    "guardian_of": GUARDIAN,
    "studies_in_group": STUDENT,
    "teaches": EMPLOYEE,
    "chat_administrator": EMPLOYEE,
    "added_by_hand": BY_HAND,
}


def tie_of(reason: str) -> str:
    """The tie to the school behind a reason: employee, student, guardian, or by hand, which may be any of them."""
    return TIES[reason.partition(":")[0]]


FITTING = {
    EMPLOYEE: frozenset({chats.STAFF, chats.CLASS, chats.PARENTS, chats.SUBJECT, chats.OTHER}),
    STUDENT: frozenset({chats.CLASS, chats.SUBJECT, chats.OTHER}),
    GUARDIAN: frozenset({chats.PARENTS, chats.OTHER}),
}


def ties(person: PersonId, roster: Roster) -> Iterator[str]:
    """How a person is tied to the school today: employee, student, guardian of an enrolled student."""
    if roster.employed(person) is not None:
        yield EMPLOYEE
    if roster.enrolled(person) is not None:
        yield STUDENT
    if any(roster.enrolled(student_id) is not None for student_id, _ in roster.children(person)):
        yield GUARDIAN


def fits(person: PersonId, chat_type: str | None, roster: Roster) -> bool:
    """Whether somebody may be added by hand to a chat of this type; nobody to a chat that is not open."""
    return any(chat_type in FITTING[tie] for tie in ties(person, roster))
