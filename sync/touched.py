"""Whom a change touches: the one piece of edge logic. What it forgets is wrong until the nightly run."""

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
    Kind,
    Word,
)

PERSON, STUDENT, CLASS, YEAR, GROUP, CHAT, TITLE, EVERYBODY, RETRY = (
    "person", "student", "class", "year", "group", "chat", "title", "everybody", "retry",
)  # fmt: skip


class Touch(NamedTuple):
    """Something of one school that has to be planned again.

    person: that person · student: with the guardians · class: its students, their guardians, its teacher, the chat
    administrator, who was picked into its chats · year: how far a class's students got, and no membership · group: its
    students and teacher · chat: who is picked, its group, the chat administrator · title: the chat's name alone ·
    everybody · retry: that person, and what the platform refused of them is asked for again.
    """

    organisation_id: str
    kind: str
    id: str


def touched_by(word: Word) -> Iterator[Touch]:
    """What one word of a fact touches. Of a change, ask it for the words before and after."""
    return (Touch(word.key[0], kind, id_) for kind, id_ in _TOUCHES[word.kind](word) if id_ is not None)


def touched_by_all(words: Iterable[Word]) -> set[Touch]:
    return {touch for word in words for touch in touched_by(word)}


Touches = Iterable[tuple[str, str | None]]


def _group_roster(word: Word) -> Touches:
    if word.value.student_ids is None:
        return ((GROUP, word.key[1]),)
    return tuple((PERSON, student_id) for student_id in word.value.student_ids)


def _class_titles(word: Word) -> Touches:
    return (TITLE, chats.class_chat(word.key[1])), (TITLE, chats.parents_chat(word.key[1]))


_TOUCHES: dict[Kind, Callable[[Word], Touches]] = {
    REGISTRATION: lambda word: ((EVERYBODY, word.key[0]),),
    CHAT_ADMINISTRATOR: lambda word: ((PERSON, word.value.employee_id),),
    PERSON_NAMES: lambda _: (),
    BLOCK: lambda word: ((PERSON, word.key[1]),),
    CLASS_STATE: lambda word: ((CLASS, word.key[1]),),
    CLASS_NAME: _class_titles,
    CLASS_YEAR: lambda word: ((YEAR, word.key[1]),),
    HOMEROOM: lambda word: ((PERSON, word.value.employee_id),),
    GROUP_STATE: lambda word: ((GROUP, word.key[1]), (CLASS, word.value.class_id)),
    GROUP_TEACHER: lambda word: ((PERSON, word.value.employee_id),),
    GROUP_ROSTER: _group_roster,
    ATTENDANCE: lambda word: ((STUDENT, word.key[1]),),
    PLACEMENT: lambda word: ((STUDENT, word.key[1]),),
    GUARDIANSHIP: lambda word: ((PERSON, word.key[1]),),
    DENIAL: lambda word: ((PERSON, word.key[1]),),
    EMPLOYMENT: lambda word: ((PERSON, word.key[1]),),
    POSITION: lambda word: ((PERSON, word.key[1]),),
    CHAT_STATE: lambda word: ((CHAT, word.key[1]), (GROUP, word.value.group_id)),
    CHAT_NAME: lambda word: ((TITLE, word.key[1]),),
    HAND_PICK: lambda word: ((PERSON, word.key[2]),),
}


def persons_named(word: Word) -> Iterator[str]:
    """The persons whom a word ties to its school: those whom its rules may ever bring into a chat."""
    return (person for person in _NAMES.get(word.kind, _nobody)(word) if person is not None)


def _nobody(_: Word) -> Iterable[str | None]:
    return ()


_NAMES: dict[Kind, Callable[[Word], Iterable[str | None]]] = {
    CHAT_ADMINISTRATOR: lambda word: (word.value.employee_id,),
    PERSON_NAMES: lambda word: (word.key[1],),
    BLOCK: lambda word: (word.key[1],),
    HOMEROOM: lambda word: (word.value.employee_id,),
    GROUP_TEACHER: lambda word: (word.value.employee_id,),
    GROUP_ROSTER: lambda word: word.value.student_ids or (),
    ATTENDANCE: lambda word: (word.key[1],),
    PLACEMENT: lambda word: (word.key[1],),
    GUARDIANSHIP: lambda word: (word.key[1], word.key[2]),
    DENIAL: lambda word: (word.key[1], word.key[2]),
    EMPLOYMENT: lambda word: (word.key[1],),
    POSITION: lambda word: (word.key[1],),
    HAND_PICK: lambda word: (word.key[2],),
}
