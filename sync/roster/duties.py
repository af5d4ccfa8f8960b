"""Which persons have to do with which classes, groups and chats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from sync.facts import GROUP_ROSTER, GROUP_TEACHER, HAND_PICK, HOMEROOM, Assertion
from sync.ids import ChatId, ClassId, GroupId, PersonId
from sync.roster.chats import Chats
from sync.roster.people import People


class Duties(People, Chats):
    """Homeroom teachers, teachers and students of groups, and picks by hand."""

    @cached_property
    def _homerooms(self) -> Mapping[PersonId, list[tuple[ClassId, Assertion]]]:
        homerooms = defaultdict(list)
        for (class_id,), assertion in self.holding(HOMEROOM).items():
            homerooms[assertion.value.employee_id].append((class_id, assertion))
        return homerooms

    def homerooms(self, employee_id: PersonId) -> Sequence[tuple[ClassId, Assertion]]:
        """The classes a person is homeroom teacher of, open or not."""
        return self._homerooms.get(employee_id, ())

    @cached_property
    def _taught(self) -> Mapping[PersonId, list[tuple[GroupId, Assertion]]]:
        taught = defaultdict(list)
        for (group_id,), assertion in self.holding(GROUP_TEACHER).items():
            taught[assertion.value.employee_id].append((group_id, assertion))
        return taught

    def groups_taught(self, employee_id: PersonId) -> Iterator[tuple[GroupId, Assertion]]:
        return ((group, assertion) for group, assertion in self._taught.get(employee_id, ()) if self.group_open(group))

    @cached_property
    def _rosters(self) -> tuple[Mapping[PersonId, list[GroupId]], Mapping[ClassId, list[GroupId]]]:
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

    def groups_of(self, student_id: PersonId) -> Iterator[tuple[GroupId, Assertion]]:
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
    def _picks(self) -> Mapping[PersonId, list[tuple[ChatId, Assertion]]]:
        picks = defaultdict(list)
        for (chat_id, person_id), assertion in self.holding(HAND_PICK).items():
            picks[person_id].append((chat_id, assertion))
        return picks

    def picks(self, person_id: PersonId, pick: str) -> Iterator[tuple[ChatId, Assertion]]:
        """The chats into which (`added`) or out of which (`excluded`) a person was put by hand."""
        return ((chat, assertion) for chat, assertion in self._picks.get(person_id, ()) if assertion.value.pick == pick)
