"""Who is affected by a change of facts: the only logic that depends on events. What it misses stays wrong until the
nightly run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from sync import chats
from sync.facts import (
    ATTENDANCE,
    BLOCK,
    CHAT_ADMINISTRATOR,
    CHAT_NAME,
    CHAT_STATE,
    CLASS_NAME,
    CLASS_STATE,
    CLASS_YEAR,
    DENIAL,
    EMPLOYMENT,
    GROUP_ROSTER,
    GROUP_STATE,
    GROUP_TEACHER,
    GUARDIANSHIP,
    HAND_PICK,
    HOMEROOM,
    PERSON_NAMES,
    PLACEMENT,
    POSITION,
    REGISTRATION,
    Assertion,
    FactType,
)
from sync.ids import OrganisationId, PersonId

PERSON, STUDENT, CLASS, YEAR, GROUP, CHAT, TITLE, EVERYBODY, RETRY, PRESENT, MOVED = (
    "person", "student", "class", "year", "group", "chat", "title", "everybody", "retry", "present", "moved",
)  # fmt: skip


class Affected(NamedTuple):
    """Something of one school that has to be planned again.

    person: that person · student: with the guardians · class: its students, their guardians, its teacher, the chat
    administrator, who was picked into its chats · year: how far a class's students got, and no membership · group: its
    students and teacher · chat: who is picked, its group, the chat administrator · title: the chat's name alone ·
    everybody · retry: that person, and what the platform refused of them is asked for again · present: who was seen in
    a room and has no place there; the id is the room's number · moved: whoever stands in a room of a chat: the one that
    takes over may have been filled.
    """

    organisation_id: OrganisationId
    kind: str
    id: str


def affected_by(assertion: Assertion) -> Iterator[Affected]:
    """What one assertion of a fact affects. Of a change, ask it for the assertions before and after."""
    return (
        Affected(assertion.key[0], kind, id_) for kind, id_ in _AFFECTS[assertion.kind](assertion) if id_ is not None
    )


def affected_by_all(assertions: Iterable[Assertion]) -> set[Affected]:
    return {affected for assertion in assertions for affected in affected_by(assertion)}


Pairs = Iterable[tuple[str, str | None]]


def _group_roster(assertion: Assertion) -> Pairs:
    if assertion.value.student_ids is None:
        return ((GROUP, assertion.key[1]),)
    return tuple((PERSON, student_id) for student_id in assertion.value.student_ids)


def _class_titles(assertion: Assertion) -> Pairs:
    return (TITLE, chats.class_chat(assertion.key[1])), (TITLE, chats.parents_chat(assertion.key[1]))


_AFFECTS: dict[FactType, Callable[[Assertion], Pairs]] = {
    REGISTRATION: lambda assertion: ((EVERYBODY, assertion.key[0]),),
    CHAT_ADMINISTRATOR: lambda assertion: ((PERSON, assertion.value.employee_id),),
    PERSON_NAMES: lambda _: (),
    BLOCK: lambda assertion: ((PERSON, assertion.key[1]),),
    CLASS_STATE: lambda assertion: ((CLASS, assertion.key[1]),),
    CLASS_NAME: _class_titles,
    CLASS_YEAR: lambda assertion: ((YEAR, assertion.key[1]),),
    HOMEROOM: lambda assertion: ((PERSON, assertion.value.employee_id),),
    GROUP_STATE: lambda assertion: ((GROUP, assertion.key[1]), (CLASS, assertion.value.class_id)),
    GROUP_TEACHER: lambda assertion: ((PERSON, assertion.value.employee_id),),
    GROUP_ROSTER: _group_roster,
    ATTENDANCE: lambda assertion: ((STUDENT, assertion.key[1]),),
    PLACEMENT: lambda assertion: ((STUDENT, assertion.key[1]),),
    GUARDIANSHIP: lambda assertion: ((PERSON, assertion.key[1]),),
    DENIAL: lambda assertion: ((PERSON, assertion.key[1]),),
    EMPLOYMENT: lambda assertion: ((PERSON, assertion.key[1]),),
    POSITION: lambda assertion: ((PERSON, assertion.key[1]),),
    CHAT_STATE: lambda assertion: ((CHAT, assertion.key[1]), (GROUP, assertion.value.group_id)),
    CHAT_NAME: lambda assertion: ((TITLE, assertion.key[1]),),
    HAND_PICK: lambda assertion: ((PERSON, assertion.key[2]),),
}


def persons_named(assertion: Assertion) -> Iterator[PersonId]:
    """The persons whom an assertion ties to its school: only tied persons can be brought into chats by its rules."""
    return (person for person in _NAMES.get(assertion.kind, _nobody)(assertion) if person is not None)


def _nobody(_: Assertion) -> Iterable[PersonId | None]:
    return ()


_NAMES: dict[FactType, Callable[[Assertion], Iterable[PersonId | None]]] = {
    CHAT_ADMINISTRATOR: lambda assertion: (assertion.value.employee_id,),
    PERSON_NAMES: lambda assertion: (assertion.key[1],),
    BLOCK: lambda assertion: (assertion.key[1],),
    HOMEROOM: lambda assertion: (assertion.value.employee_id,),
    GROUP_TEACHER: lambda assertion: (assertion.value.employee_id,),
    GROUP_ROSTER: lambda assertion: assertion.value.student_ids or (),
    ATTENDANCE: lambda assertion: (assertion.key[1],),
    PLACEMENT: lambda assertion: (assertion.key[1],),
    GUARDIANSHIP: lambda assertion: (assertion.key[1], assertion.key[2]),
    DENIAL: lambda assertion: (assertion.key[1], assertion.key[2]),
    EMPLOYMENT: lambda assertion: (assertion.key[1],),
    POSITION: lambda assertion: (assertion.key[1],),
    HAND_PICK: lambda assertion: (assertion.key[2],),
}
