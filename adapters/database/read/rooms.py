"""The rooms of chats, and who stands in them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from adapters.database.read.platforms import Platforms
from adapters.database.read.portions import portions
from adapters.database.rows import place_of, room_of
from adapters.database.session import Session
from adapters.database.tables import places, rooms
from sync.places import Room
from sync.roster import Roster
from sync.standings import REFUSED, Seat, Standing, standings

ROOMS_AT_ONCE = 10  # some hundred places
SEATS_AT_ONCE = 250

Chat = tuple[str, str]  # (organisation, chat)


class Rooms:
    def __init__(self, session: Session, platforms: Platforms) -> None:
        self._session, self._platforms = session, platforms

    async def present(self, chat_ids: Iterable[str], roster: Roster) -> dict[str, Any]:
        """The rows of the rooms that chats have now, by chat."""
        last = await self.last((roster.organisation_id, chat_id) for chat_id in chat_ids)
        return {chat_id: row for (_, chat_id), row in last.items() if is_present(room_of(row), roster)}

    async def last(self, chats: Iterable[Chat]) -> dict[Chat, Any]:
        """The rows of the last rooms of chats."""
        last: dict[Chat, Any] = {}
        for row in await self._session.matching(rooms, ("organisation_id", "chat_id"), chats):
            chat = row.organisation_id, row.chat_id
            if chat not in last or last[chat].life < row.life:
                last[chat] = row
        return last

    async def last_among(self, room_nos: Collection[int]) -> list[Any]:
        """The rows of those of the rooms that are the last of their chat, by school and chat."""
        rows = await self._session.matching(rooms, ("room_no",), [(number,) for number in room_nos])
        last = await self.last((row.organisation_id, row.chat_id) for row in rows)
        return [row for _, row in sorted(last.items()) if row.room_no in room_nos]

    async def seats_of_person(self, person_id: str, schools: Iterable[str]) -> Mapping[int, Sequence[Seat]]:
        """A person's seats in these schools, by room."""
        seats: dict[int, list[Seat]] = defaultdict(list)
        keys = [(school, person_id) for school in schools]
        for row in await self._session.matching(places, ("organisation_id", "person_id"), keys):
            seats[row.room_no].append(seat_of(row))
        return seats

    async def seats(self, room_nos: Collection[int]) -> Mapping[int, Sequence[Seat]]:
        """Everybody in these rooms, by room."""
        by_room: dict[int, list[Seat]] = defaultdict(list)
        async for numbers in portions(sorted(room_nos), ROOMS_AT_ONCE):
            rows = await self._session.matching(places, ("room_no",), [(number,) for number in numbers])
            await asyncio.sleep(0)  # what was fetched was read in one go
            async for part in portions(rows, SEATS_AT_ONCE):
                for row in part:
                    by_room[row.room_no].append(seat_of(row))
        return by_room

    async def standings(self, row: Any, seats: Iterable[Seat]) -> dict[str, Standing]:
        """Who stands in a room, by person."""
        stuck = self._platforms.stuck(room_of(row), row.platform_token)
        by_person: dict[str, list[Seat]] = defaultdict(list)
        for seat in seats:
            by_person[seat.person_id].append(seat)
        found: dict[str, Standing] = {}
        async for persons in portions(sorted(by_person), SEATS_AT_ONCE):
            found |= standings((seat for person in persons for seat in by_person[person]), stuck=stuck)
        return found


def is_present(room: Room, roster: Roster) -> bool:
    """Whether the last room of a chat serves it still: one archived for good serves no chat that is open again."""
    is_open = roster.open_chat(room.chat_id) is not None
    return not (is_open and room.for_good)


def seat_of(row: Any) -> Seat:
    place = place_of(row)
    return Seat(
        place.person_id,
        place.account,
        place.wanted,
        place.observed,
        place.reasons,
        place.hold_no is not None,
        row.refused_code,
        row.refused_for,
    )


def invite_link(standing: Standing, room: Any) -> str | None:
    """The link of a room for who is wanted in it and was refused."""
    offered = standing.state == REFUSED and standing.role is not None
    return room.invite_link or None if offered else None
