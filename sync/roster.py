"""What holds in one school on one day: the facts a rule may ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

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
    Key,
)
from sync.ids import OrganisationId, PersonId
from sync.timelines import holding, starts_after


class Facts:
    """Timelines by kind and key: all that is known, or some of it."""

    def __init__(self, assertions: Iterable[Assertion] = ()) -> None:
        self._timelines: dict[FactType, dict[Key, list[Assertion]]] = defaultdict(lambda: defaultdict(list))
        self.add(assertions)

    def add(self, assertions: Iterable[Assertion]) -> None:
        for assertion in assertions:
            self._timelines[assertion.kind][assertion.key].append(assertion)

    def of(self, kind: FactType) -> Mapping[Key, Sequence[Assertion]]:
        return self._timelines.get(kind, {})

    def assertions(self) -> Iterator[Assertion]:
        for timelines in self._timelines.values():
            for timeline in timelines.values():
                yield from timeline


class Timelines(Protocol):
    """Where a roster's facts are: timelines by key, the organisation first."""

    def of(self, kind: FactType) -> Mapping[Key, Sequence[Assertion]]: ...


class Roster:
    """One school on one day, as far as `facts` go. Keys below are without the organisation."""

    def __init__(
        self,
        organisation_id: OrganisationId,
        day: date,
        facts: Timelines,
        *,
        denials_count: bool = True,
        leaving_counts: bool = True,
    ) -> None:
        self.organisation_id = organisation_id
        self.day = day
        self._facts = facts
        self._denials_count = denials_count
        self._leaving_counts = leaving_counts
        self._holding: dict[FactType, dict[Key, Assertion]] = {}

    def holding(self, kind: FactType) -> Mapping[Key, Assertion]:
        """What counts today of a kind, by the key less the organisation."""
        if kind not in self._holding:
            self._holding[kind] = dict(self._read(kind))
        return self._holding[kind]

    def _read(self, kind: FactType) -> Iterator[tuple[Key, Assertion]]:
        for key, timeline in self._facts.of(kind).items():
            assertion = holding(timeline, self.day) if key[0] == self.organisation_id else None
            if assertion is not None:
                yield key[1:], assertion

    def learn(self, kind: FactType, key: Key, timeline: Sequence[Assertion]) -> None:
        """What is known of a fact, the organisation first in its key, has changed in `facts`."""
        self.__dict__.pop("without_denials", None)  # a roster of its own, that has not learned it
        if kind in self._holding:
            assertion = holding(timeline, self.day)
            if assertion is None:
                self._holding[kind].pop(key[1:], None)
            else:
                self._holding[kind][key[1:]] = assertion
        if kind not in READ_AS_THEY_ARE:
            for name in DERIVED:
                self.__dict__.pop(name, None)

    def on(self, day: date) -> Roster:
        """The same school on another day."""
        return Roster(self.organisation_id, day, self._facts)

    def changes_ahead(self, kind: FactType, key: Key) -> Iterable[date]:
        """The later days on which what is said of a fact begins to count."""
        return starts_after(self._facts.of(kind).get((self.organisation_id, *key), ()), self.day)

    # the school

    @cached_property
    def registration(self) -> Assertion | None:
        return self.holding(REGISTRATION).get(())

    @cached_property
    def chat_administrator(self) -> tuple[PersonId, Assertion] | None:
        """The employee who administrates every chat, while employed."""
        assertion = self.holding(CHAT_ADMINISTRATOR).get(())
        if assertion is None or assertion.value.employee_id is None or not self.employed(assertion.value.employee_id):
            return None
        return assertion.value.employee_id, assertion

    # its people

    def employed(self, person_id: PersonId) -> Assertion | None:
        """The assertion that sets the position of an employee: a position is known, and nothing says dismissed."""
        admission = self.holding(EMPLOYMENT).get((person_id,))
        if admission is not None and not admission.value.employed and self._leaving_counts:
            return None
        return self.holding(POSITION).get((person_id,))

    def enrolled(self, person_id: PersonId) -> Assertion | None:
        """The assertion that names the class of a student: one is named, and nothing says that they left the school."""
        admission = self.holding(ATTENDANCE).get((person_id,))
        if admission is not None and not admission.value.at_school and self._leaving_counts:
            return None
        return self.holding(PLACEMENT).get((person_id,))

    def blocked(self, person_id: PersonId) -> Assertion | None:
        assertion = self.holding(BLOCK).get((person_id,))
        return assertion if assertion is not None and assertion.value.blocked else None

    @cached_property
    def denials(self) -> Mapping[tuple[PersonId, PersonId], Assertion]:
        """The denials in force, by guardian and student."""
        return {
            (key[0], key[1]): assertion for key, assertion in self.holding(DENIAL).items() if assertion.value.denied
        }

    @cached_property
    def denied(self) -> Mapping[PersonId, Sequence[Assertion]]:
        """The denials in force, by guardian; of nobody else."""
        denied: dict[PersonId, list[Assertion]] = {}
        for (guardian_id, _), assertion in self.denials.items():
            denied.setdefault(guardian_id, []).append(assertion)
        return denied

    @cached_property
    def _children(self) -> Mapping[PersonId, list[tuple[PersonId, Assertion]]]:
        children = defaultdict(list)
        for (guardian_id, student_id), assertion in self.holding(GUARDIANSHIP).items():
            if assertion.value.assigned and (guardian_id, student_id) not in self.denials:
                children[guardian_id].append((student_id, assertion))
        if not self._denials_count:
            for (guardian_id, student_id), assertion in self.denials.items():
                children[guardian_id].append((student_id, assertion))
        return children

    def children(self, guardian_id: PersonId) -> Sequence[tuple[PersonId, Assertion]]:
        """The students a person is guardian of, less those the person is denied."""
        return self._children.get(guardian_id, ())

    @cached_property
    def _wards(self) -> Mapping[PersonId, list[tuple[PersonId, Assertion]]]:
        wards = defaultdict(list)
        for (guardian_id, student_id), assertion in self.holding(GUARDIANSHIP).items():
            wards[guardian_id].append((student_id, assertion))
        return wards

    def wards(self, guardian_id: PersonId) -> Sequence[tuple[PersonId, Assertion]]:
        """The students of whom a person was ever said to be guardian, or no longer so, or denied."""
        return self._wards.get(guardian_id, ())

    @cached_property
    def without_denials(self) -> Roster:
        """The same school as if guardians were denied nothing: to tell whom a denial keeps out of what."""
        return Roster(self.organisation_id, self.day, self._facts, denials_count=False)

    @cached_property
    def without_leaving(self) -> Roster:
        """The same school as if nobody had ever left it: to tell out of what somebody went by leaving."""
        return Roster(self.organisation_id, self.day, self._facts, leaving_counts=False)

    def left(self, person_id: PersonId) -> Iterator[Assertion]:
        """What says that a person left the school, as a student or as an employee."""
        attendance, employment = self.holding(ATTENDANCE).get((person_id,)), self.holding(EMPLOYMENT).get((person_id,))
        if attendance is not None and not attendance.value.at_school:
            yield attendance
        if employment is not None and not employment.value.employed:
            yield employment

    # its classes, groups and chats

    def class_open(self, class_id: str) -> bool:
        assertion = self.holding(CLASS_STATE).get((class_id,))
        return assertion is not None and assertion.value.open and self.registration is not None

    def group_open(self, group_id: str) -> Assertion | None:
        assertion = self.holding(GROUP_STATE).get((group_id,))
        return assertion if assertion is not None and assertion.value.open and self.registration is not None else None

    def chat_by_hand(self, chat_id: str) -> Assertion | None:
        """A chat made by hand that exists."""
        assertion = self.holding(CHAT_STATE).get((chat_id,))
        return assertion if assertion is not None and assertion.value.exists and self.registration is not None else None

    def is_deleted(self, chat_id: str) -> bool:
        """Whether a chat was made by hand and exists no more."""
        return chats.derived_from(chat_id) is None and self.chat_by_hand(chat_id) is None

    def open_chat(self, chat_id: str) -> str | None:
        """The type of a chat that is open in this school; None of any other."""
        derived = chats.derived_from(chat_id)
        if derived is None:
            assertion = self.chat_by_hand(chat_id)
            return assertion.value.chat_type if assertion is not None else None
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
    def _homerooms(self) -> Mapping[PersonId, list[tuple[str, Assertion]]]:
        homerooms = defaultdict(list)
        for (class_id,), assertion in self.holding(HOMEROOM).items():
            homerooms[assertion.value.employee_id].append((class_id, assertion))
        return homerooms

    def homerooms(self, employee_id: PersonId) -> Sequence[tuple[str, Assertion]]:
        """The classes a person is homeroom teacher of, open or not."""
        return self._homerooms.get(employee_id, ())

    @cached_property
    def _taught(self) -> Mapping[PersonId, list[tuple[str, Assertion]]]:
        taught = defaultdict(list)
        for (group_id,), assertion in self.holding(GROUP_TEACHER).items():
            taught[assertion.value.employee_id].append((group_id, assertion))
        return taught

    def groups_taught(self, employee_id: PersonId) -> Iterator[tuple[str, Assertion]]:
        return ((group, assertion) for group, assertion in self._taught.get(employee_id, ()) if self.group_open(group))

    @cached_property
    def _rosters(self) -> tuple[Mapping[PersonId, list[str]], Mapping[str, list[str]]]:
        named, whole = defaultdict(list), defaultdict(list)
        for (group_id,), assertion in self.holding(GROUP_ROSTER).items():
            group = self.group_open(group_id)
            if group is None:
                continue
            for student_id in assertion.value.student_ids or ():
                named[student_id].append(group_id)
            if assertion.value.student_ids is None and group.value.class_id is not None:
                whole[group.value.class_id].append(group_id)
        return named, whole

    def groups_of(self, student_id: PersonId) -> Iterator[tuple[str, Assertion]]:
        """The open groups a student studies in, with the assertion that says so."""
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
        for (chat_id,), assertion in self.holding(CHAT_STATE).items():
            if assertion.value.chat_type == chats.SUBJECT and self.chat_by_hand(chat_id) is not None:
                of_group[assertion.value.group_id].append(chat_id)
        return of_group

    def group_chats(self, group_id: str) -> Sequence[str]:
        return self._group_chats.get(group_id, ())

    @cached_property
    def _picks(self) -> Mapping[PersonId, list[tuple[str, Assertion]]]:
        picks = defaultdict(list)
        for (chat_id, person_id), assertion in self.holding(HAND_PICK).items():
            picks[person_id].append((chat_id, assertion))
        return picks

    def picks(self, person_id: PersonId, pick: str) -> Iterator[tuple[str, Assertion]]:
        """The chats into which (`added`) or out of which (`excluded`) a person was put by hand."""
        return ((chat, assertion) for chat, assertion in self._picks.get(person_id, ()) if assertion.value.pick == pick)

    def name_of(self, kind: FactType, entity_id: str) -> Assertion | None:
        """The assertion that names a class (CLASS_NAME, CLASS_YEAR) or a chat (CHAT_NAME)."""
        return self.holding(kind).get((entity_id,))

    def class_name(self, class_id: str) -> str | None:
        assertion = self.name_of(CLASS_NAME, class_id)
        return assertion.value.name if assertion is not None else None

    def class_year(self, class_id: str) -> str | None:
        assertion = self.name_of(CLASS_YEAR, class_id)
        return assertion.value.school_year if assertion is not None else None

    def chat_name(self, chat_id: str) -> Assertion | None:
        return self.name_of(CHAT_NAME, chat_id)


# Facts out of which a roster derives nothing that it keeps: they change most.
READ_AS_THEY_ARE = frozenset({ATTENDANCE, PLACEMENT, PERSON_NAMES, BLOCK, CLASS_NAME, CLASS_YEAR, CHAT_NAME})

DERIVED = tuple(name for name, value in vars(Roster).items() if isinstance(value, cached_property))
