"""What holds in one school on one day: the facts a rule may ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property

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
    PLACEMENT,
    POSITION,
    REGISTRATION,
    Key,
    Kind,
    Word,
)
from sync.timelines import holding


class Facts:
    """Timelines by kind and key: all that is known, or a slice of it."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        self._timelines: dict[Kind, dict[Key, list[Word]]] = defaultdict(lambda: defaultdict(list))
        self.add(words)

    def add(self, words: Iterable[Word]) -> None:
        for word in words:
            self._timelines[word.kind][word.key].append(word)

    def of(self, kind: Kind) -> Mapping[Key, Sequence[Word]]:
        return self._timelines.get(kind, {})

    def words(self) -> Iterator[Word]:
        for timelines in self._timelines.values():
            for timeline in timelines.values():
                yield from timeline


class Roster:
    """One school on one day, as far as `facts` go. Keys below are without the organisation."""

    def __init__(self, organisation_id: str, day: date, facts: Facts, *, denials_count: bool = True) -> None:
        self.organisation_id = organisation_id
        self.day = day
        self._facts = facts
        self._denials_count = denials_count
        self._holding: dict[Kind, dict[Key, Word]] = {}

    def holding(self, kind: Kind) -> Mapping[Key, Word]:
        """What counts today of a kind, by the key less the organisation."""
        if kind not in self._holding:
            self._holding[kind] = dict(self._read(kind))
        return self._holding[kind]

    def _read(self, kind: Kind) -> Iterator[tuple[Key, Word]]:
        for key, timeline in self._facts.of(kind).items():
            word = holding(timeline, self.day) if key[0] == self.organisation_id else None
            if word is not None:
                yield key[1:], word

    # the school

    @cached_property
    def registration(self) -> Word | None:
        return self.holding(REGISTRATION).get(())

    @cached_property
    def chat_administrator(self) -> tuple[str, Word] | None:
        """The employee who administrates every chat, while employed."""
        word = self.holding(CHAT_ADMINISTRATOR).get(())
        if word is None or word.value.employee_id is None or not self.employed(word.value.employee_id):
            return None
        return word.value.employee_id, word

    # its people

    def employed(self, person_id: str) -> Word | None:
        """The word that sets the position of an employee: a position is known, and nothing says dismissed."""
        admission = self.holding(EMPLOYMENT).get((person_id,))
        if admission is not None and not admission.value.employed:
            return None
        return self.holding(POSITION).get((person_id,))

    def enrolled(self, person_id: str) -> Word | None:
        """The word that names the class of a student: one is named, and nothing says that they left the school."""
        admission = self.holding(ATTENDANCE).get((person_id,))
        if admission is not None and not admission.value.at_school:
            return None
        return self.holding(PLACEMENT).get((person_id,))

    def blocked(self, person_id: str) -> Word | None:
        word = self.holding(BLOCK).get((person_id,))
        return word if word is not None and word.value.blocked else None

    @cached_property
    def denials(self) -> Mapping[tuple[str, str], Word]:
        """The denials in force, by guardian and student."""
        return {(key[0], key[1]): word for key, word in self.holding(DENIAL).items() if word.value.denied}

    @cached_property
    def denied(self) -> Mapping[str, Sequence[Word]]:
        """The denials in force, by guardian; of nobody else."""
        denied: dict[str, list[Word]] = {}
        for (guardian_id, _), word in self.denials.items():
            denied.setdefault(guardian_id, []).append(word)
        return denied

    @cached_property
    def _children(self) -> Mapping[str, list[tuple[str, Word]]]:
        children = defaultdict(list)
        for (guardian_id, student_id), word in self.holding(GUARDIANSHIP).items():
            if word.value.assigned and (guardian_id, student_id) not in self.denials:
                children[guardian_id].append((student_id, word))
        if not self._denials_count:
            for (guardian_id, student_id), word in self.denials.items():
                children[guardian_id].append((student_id, word))
        return children

    def children(self, guardian_id: str) -> Sequence[tuple[str, Word]]:
        """The students a person is guardian of, less those the person is denied."""
        return self._children.get(guardian_id, ())

    @cached_property
    def without_denials(self) -> Roster:
        """The same school as if guardians were denied nothing: to tell whom a denial keeps out of what."""
        return Roster(self.organisation_id, self.day, self._facts, denials_count=False)

    # its classes, groups and chats

    def class_open(self, class_id: str) -> bool:
        word = self.holding(CLASS_STATE).get((class_id,))
        return word is not None and word.value.open and self.registration is not None

    def group_open(self, group_id: str) -> Word | None:
        word = self.holding(GROUP_STATE).get((group_id,))
        return word if word is not None and word.value.open and self.registration is not None else None

    def chat_by_hand(self, chat_id: str) -> Word | None:
        """A chat made by hand that exists."""
        word = self.holding(CHAT_STATE).get((chat_id,))
        return word if word is not None and word.value.exists and self.registration is not None else None

    def open_chat(self, chat_id: str) -> str | None:
        """The type of a chat that is open in this school; None of any other."""
        derived = chats.derived_from(chat_id)
        if derived is None:
            word = self.chat_by_hand(chat_id)
            return word.value.chat_type if word is not None else None
        chat_type, origin = derived
        if chat_type == chats.STAFF:
            return chat_type if origin == self.organisation_id and self.registration is not None else None
        return chat_type if self.class_open(origin) else None

    def open_chats(self) -> Iterator[str]:
        if self.registration is not None:
            yield chats.staff_chat(self.organisation_id)
        for (class_id,) in self.holding(CLASS_STATE):
            if self.class_open(class_id):
                yield chats.class_chat(class_id)
                yield chats.parents_chat(class_id)
        for (chat_id,) in self.holding(CHAT_STATE):
            if self.chat_by_hand(chat_id) is not None:
                yield chat_id

    # who stands where

    @cached_property
    def _homerooms(self) -> Mapping[str, list[tuple[str, Word]]]:
        homerooms = defaultdict(list)
        for (class_id,), word in self.holding(HOMEROOM).items():
            homerooms[word.value.employee_id].append((class_id, word))
        return homerooms

    def homerooms(self, employee_id: str) -> Sequence[tuple[str, Word]]:
        """The classes a person is homeroom teacher of, open or not."""
        return self._homerooms.get(employee_id, ())

    @cached_property
    def _taught(self) -> Mapping[str, list[tuple[str, Word]]]:
        taught = defaultdict(list)
        for (group_id,), word in self.holding(GROUP_TEACHER).items():
            taught[word.value.employee_id].append((group_id, word))
        return taught

    def groups_taught(self, employee_id: str) -> Iterator[tuple[str, Word]]:
        return ((group, word) for group, word in self._taught.get(employee_id, ()) if self.group_open(group))

    @cached_property
    def _rosters(self) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
        named, whole = defaultdict(list), defaultdict(list)
        for (group_id,), word in self.holding(GROUP_ROSTER).items():
            group = self.group_open(group_id)
            if group is None:
                continue
            for student_id in word.value.student_ids or ():
                named[student_id].append(group_id)
            if word.value.student_ids is None and group.value.class_id is not None:
                whole[group.value.class_id].append(group_id)
        return named, whole

    def groups_of(self, student_id: str) -> Iterator[tuple[str, Word]]:
        """The open groups a student studies in, with the word that says so."""
        enrolled = self.enrolled(student_id)
        if enrolled is None:
            return
        named, whole = self._rosters
        class_id = enrolled.value.class_id
        for group_id in named.get(student_id, ()):
            group = self.group_open(group_id)
            if group is not None and group.value.class_id in {None, class_id}:
                yield group_id, self.holding(GROUP_ROSTER)[(group_id,)]
        if self.class_open(class_id):
            yield from ((group_id, enrolled) for group_id in whole.get(class_id, ()))

    @cached_property
    def _group_chats(self) -> Mapping[str, list[str]]:
        of_group = defaultdict(list)
        for (chat_id,), word in self.holding(CHAT_STATE).items():
            if word.value.chat_type == chats.SUBJECT and self.chat_by_hand(chat_id) is not None:
                of_group[word.value.group_id].append(chat_id)
        return of_group

    def group_chats(self, group_id: str) -> Sequence[str]:
        return self._group_chats.get(group_id, ())

    @cached_property
    def _picks(self) -> Mapping[str, list[tuple[str, Word]]]:
        picks = defaultdict(list)
        for (chat_id, person_id), word in self.holding(HAND_PICK).items():
            picks[person_id].append((chat_id, word))
        return picks

    def picks(self, person_id: str, pick: str) -> Iterator[tuple[str, Word]]:
        """The chats into which (`added`) or out of which (`excluded`) a person was put by hand."""
        return ((chat, word) for chat, word in self._picks.get(person_id, ()) if word.value.pick == pick)

    def name_of(self, kind: Kind, entity_id: str) -> Word | None:
        """The word that names a class (CLASS_NAME, CLASS_YEAR) or a chat (CHAT_NAME)."""
        return self.holding(kind).get((entity_id,))

    def class_name(self, class_id: str) -> str | None:
        word = self.name_of(CLASS_NAME, class_id)
        return word.value.name if word is not None else None

    def class_year(self, class_id: str) -> str | None:
        word = self.name_of(CLASS_YEAR, class_id)
        return word.value.school_year if word is not None else None

    def chat_name(self, chat_id: str) -> Word | None:
        return self.name_of(CHAT_NAME, chat_id)
