"""The rooms of chats, and who stands in them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.read.platforms import Platforms
from adapters.database.rows import place_of, room_of
from adapters.database.schema import places, rooms
from sync.ids import ChatId, OrganisationId, PersonId, RoomNo
from sync.membership_states import REFUSED, MembershipState, PlaceView, membership_states
from sync.places import Room
from sync.roster import Roster

ROOMS_AT_ONCE = 10  # some hundred places
PLACES_AT_ONCE = 250

Chat = tuple[OrganisationId, ChatId]


class Rooms:
    def __init__(self, bulk: Bulk, platforms: Platforms) -> None:
        self._bulk, self._platforms = bulk, platforms

    async def present(self, chat_ids: Iterable[ChatId], roster: Roster) -> dict[ChatId, Any]:
        """The rows of the rooms that chats have now, by chat."""
        last = await self.last((roster.organisation_id, chat_id) for chat_id in chat_ids)
        return {chat_id: row for (_, chat_id), row in last.items() if is_present(room_of(row), roster)}

    async def last(self, chats: Iterable[Chat]) -> dict[Chat, Any]:
        """The rows of the last rooms of chats."""
        last: dict[Chat, Any] = {}
        for row in await self._bulk.matching(rooms, ("organisation_id", "chat_id"), chats):
            chat = row.organisation_id, row.chat_id
            if chat not in last or last[chat].life < row.life:
                last[chat] = row
        return last

    async def former(self, row: Any) -> list[Any]:
        """The rows of the other rooms that the chat of this one had, and that are not left for good yet."""
        chat = [(row.organisation_id, row.chat_id)]
        rows = await self._bulk.matching(rooms, ("organisation_id", "chat_id"), chat)
        others = [other for other in rows if other.room_no != row.room_no and not room_of(other).for_good]
        return sorted(others, key=lambda other: other.life)

    async def among(self, room_nos: Collection[RoomNo]) -> tuple[list[Any], list[Any]]:
        """The rows of those of the rooms that are the last of their chat, by school and chat; and of all others that
        are not left for good yet.
        """
        rows = await self._bulk.matching(rooms, ("room_no",), [(number,) for number in room_nos])
        last = await self.last((row.organisation_id, row.chat_id) for row in rows)
        present = [row for _, row in sorted(last.items()) if row.room_no in room_nos]
        numbers = {row.room_no for row in last.values()}
        others = [row for row in rows if row.room_no not in numbers and not room_of(row).for_good]
        return present, sorted(others, key=lambda row: row.life)

    async def places_of_person(
        self, person_id: PersonId, schools: Iterable[OrganisationId]
    ) -> Mapping[RoomNo, Sequence[PlaceView]]:
        """A person's places in these schools, by room."""
        by_room: dict[RoomNo, list[PlaceView]] = defaultdict(list)
        keys = [(school, person_id) for school in schools]
        for row in await self._bulk.matching(places, ("organisation_id", "person_id"), keys):
            by_room[row.room_no].append(view_of(row))
        return by_room

    async def views(self, room_nos: Collection[RoomNo]) -> Mapping[RoomNo, Sequence[PlaceView]]:
        """Everybody in these rooms, by room."""
        by_room: dict[RoomNo, list[PlaceView]] = defaultdict(list)
        async for numbers in portions(sorted(room_nos), ROOMS_AT_ONCE):
            rows = await self._bulk.matching(places, ("room_no",), [(number,) for number in numbers])
            await asyncio.sleep(0)  # what was fetched was read in one go
            async for part in portions(rows, PLACES_AT_ONCE):
                for row in part:
                    by_room[row.room_no].append(view_of(row))
        return by_room

    async def membership_states(self, row: Any, places: Iterable[PlaceView]) -> dict[PersonId, MembershipState]:
        """Who stands in a room, by person."""
        stuck = self._platforms.stuck(room_of(row), row.platform_token)
        by_person: dict[PersonId, list[PlaceView]] = defaultdict(list)
        for place in places:
            by_person[place.person_id].append(place)
        found: dict[PersonId, MembershipState] = {}
        async for persons in portions(sorted(by_person), PLACES_AT_ONCE):
            found |= membership_states((place for person in persons for place in by_person[person]), stuck=stuck)
        return found


def is_present(room: Room, roster: Roster) -> bool:
    """Whether the last room of a chat still serves it; a room archived for good does not serve a reopened chat."""
    is_open = roster.open_chat(room.chat_id) is not None
    return not (is_open and room.for_good)


def view_of(row: Any) -> PlaceView:
    place = place_of(row)
    return PlaceView(
        place.person_id,
        place.account,
        place.wanted,
        place.observed,
        place.reasons,
        place.hold_no,
        place.rejected,
        row.refused_code,
        row.refused_for,
        place.cause_no,
    )


def invite_link(membership: MembershipState, room: Any) -> str | None:
    """The room's invite link, for a wanted person whom the platform refused."""
    offered = membership.state == REFUSED and membership.role is not None
    return room.invite_link or None if offered else None
