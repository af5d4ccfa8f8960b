"""The classes, groups and chats of a school: which are open, and their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from sync import chats
from sync.facts import CHAT_NAME, CHAT_STATE, CLASS_NAME, CLASS_STATE, CLASS_YEAR, GROUP_STATE, Assertion, FactType
from sync.ids import ChatId, ClassId, GroupId
from sync.roster.day import SchoolDay


class Chats(SchoolDay):
    """Classes, groups and chats. Nothing is open in a school that is not registered."""

    def class_open(self, class_id: ClassId) -> bool:
        assertion = self.holding(CLASS_STATE).get((class_id,))
        return assertion is not None and assertion.value.open and self.registration is not None

    def group_open(self, group_id: GroupId) -> Assertion | None:
        assertion = self.holding(GROUP_STATE).get((group_id,))
        return assertion if assertion is not None and assertion.value.open and self.registration is not None else None

    def chat_by_hand(self, chat_id: ChatId) -> Assertion | None:
        """A chat made by hand that exists."""
        assertion = self.holding(CHAT_STATE).get((chat_id,))
        return assertion if assertion is not None and assertion.value.exists and self.registration is not None else None

    def is_deleted(self, chat_id: ChatId) -> bool:
        """Whether a chat was made by hand and exists no more."""
        return chats.derived_from(chat_id) is None and self.chat_by_hand(chat_id) is None

    def open_chat(self, chat_id: ChatId) -> str | None:
        """The type of a chat that is open in this school; None of any other."""
        derived = chats.derived_from(chat_id)
        if derived is None:
            assertion = self.chat_by_hand(chat_id)
            return assertion.value.chat_type if assertion is not None else None
        chat_type, origin = derived
        if chat_type == chats.STAFF:
            return chat_type if origin == self.organisation_id and self.registration is not None else None
        return chat_type if self.class_open(ClassId(origin)) else None

    def open_chats(self) -> Iterator[ChatId]:
        if self.registration is not None:
            yield chats.staff_chat(self.organisation_id)
        for (class_id,) in self.holding(CLASS_STATE):
            if self.class_open(class_id):
                yield chats.class_chat(class_id)
                yield chats.parents_chat(class_id)
        for (chat_id,) in self.holding(CHAT_STATE):
            if self.chat_by_hand(chat_id) is not None:
                yield chat_id

    @cached_property
    def _group_chats(self) -> Mapping[GroupId, list[ChatId]]:
        of_group = defaultdict(list)
        for (chat_id,), assertion in self.holding(CHAT_STATE).items():
            if assertion.value.chat_type == chats.SUBJECT and self.chat_by_hand(chat_id) is not None:
                of_group[assertion.value.group_id].append(chat_id)
        return of_group

    def group_chats(self, group_id: GroupId) -> Sequence[ChatId]:
        return self._group_chats.get(group_id, ())

    def name_of(self, kind: FactType, entity_id: ClassId | ChatId) -> Assertion | None:
        """The assertion that names a class (CLASS_NAME, CLASS_YEAR) or a chat (CHAT_NAME)."""
        return self.holding(kind).get((entity_id,))

    def class_name(self, class_id: ClassId) -> str | None:
        assertion = self.name_of(CLASS_NAME, class_id)
        return assertion.value.name if assertion is not None else None

    def class_year(self, class_id: ClassId) -> str | None:
        assertion = self.name_of(CLASS_YEAR, class_id)
        return assertion.value.school_year if assertion is not None else None

    def chat_name(self, chat_id: ChatId) -> Assertion | None:
        return self.name_of(CHAT_NAME, chat_id)
