"""Rosters with only the facts that the list of chats needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.read.loaded import Loaded
from adapters.database.schema import organisations
from sync import chats
from sync.facts import CHAT_NAME, CHAT_STATE, CLASS_NAME, CLASS_STATE, GROUP_STATE, REGISTRATION
from sync.ids import ChatId, ClassId, GroupId, OrganisationId
from sync.roster import Roster

ORGANISATION = "organisation_id"

OF_CHATS = (REGISTRATION, CLASS_STATE, CLASS_NAME, GROUP_STATE, CHAT_STATE, CHAT_NAME)


class Rosters:
    def __init__(self, bulk: Bulk, loaded: Loaded) -> None:
        self._bulk, self._loaded = bulk, loaded

    async def days(self, ids: Iterable[OrganisationId]) -> dict[OrganisationId, date]:
        """The stored days of schools; those without a row are not in it."""
        rows = await self._bulk.matching(organisations, (ORGANISATION,), [(key,) for key in ids])
        return {row.organisation_id: day_of(row) for row in rows}

    async def of_chats(self, organisation_id: OrganisationId) -> Roster | None:
        """The names and states of the classes, groups and chats of a school; None of one that is not registered."""
        days = await self.days([organisation_id])
        facts = await self._loaded.facts(OF_CHATS, (ORGANISATION,), [(organisation_id,)])
        if not days or not facts.of(REGISTRATION):
            return None
        return Roster(organisation_id, days[organisation_id], facts)


def day_of(row: Any) -> date:
    day: date = row.day or date.min  # never planned yet: only undated facts hold
    return day


def listed_chats(roster: Roster) -> Iterator[ChatId]:
    """The chats that a school's list has: the staff's, of classes ever open, ever made by hand."""
    if roster.registration is None:
        return
    yield chats.staff_chat(roster.organisation_id)
    for (class_id,) in roster.holding(CLASS_STATE):
        yield chats.class_chat(class_id)
        yield chats.parents_chat(class_id)
    for (chat_id,) in roster.holding(CHAT_STATE):
        yield chat_id


def chat_type(chat_id: ChatId, roster: Roster) -> str:
    """The type of a chat, open or not; of a deleted one its last type, where it is still known."""
    derived = chats.derived_from(chat_id)
    if derived is not None:
        return derived[0]
    assertion = roster.holding(CHAT_STATE).get((chat_id,))
    return (assertion.value.chat_type if assertion is not None else None) or chats.OTHER


def origin(chat_id: ChatId, roster: Roster) -> tuple[ClassId | None, str | None, GroupId | None, str | None]:
    """What a chat belongs to: class id and name, group id and subject."""
    class_id = chats.class_of(chat_id)
    if class_id is not None:
        return class_id, roster.class_name(class_id), None, None
    assertion = roster.holding(CHAT_STATE).get((chat_id,))
    group_id = assertion.value.group_id if assertion is not None else None
    group = roster.holding(GROUP_STATE).get((group_id,)) if group_id is not None else None
    if group is None:
        return None, None, group_id, None
    class_id = group.value.class_id
    return class_id, roster.class_name(class_id) if class_id is not None else None, group_id, group.value.subject
