"""The chats of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.database.read.platforms import Platforms
from adapters.database.read.portions import portions
from adapters.database.read.rooms import ROOMS_AT_ONCE, Rooms
from adapters.database.read.rosters import Rosters, chat_type, listed_chats, origin
from adapters.database.read.windows import window_of
from adapters.database.rows import room_of
from sync.places import ADMIN
from sync.roster import Roster
from sync.standings import WAITING, Seat, Standing, chat_state
from sync.titles import Titles, title
from sync.views.chats import ChatView
from sync.views.registry import Listed, Window


class Chats:
    def __init__(self, rosters: Rosters, rooms: Rooms, platforms: Platforms, titles: Titles) -> None:
        self._rosters, self._rooms, self._platforms, self._titles = rosters, rooms, platforms, titles

    async def chats(self, organisation_id: str, window: Window) -> Listed[ChatView] | None:
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None:
            return None
        part = window_of(sorted(set(listed_chats(roster))), str, window)
        present = await self._rooms.present(part.items, roster)
        views: list[ChatView] = []
        async for chat_ids in portions(part.items, ROOMS_AT_ONCE):
            found = {chat_id: present[chat_id] for chat_id in chat_ids if chat_id in present}
            seats = await self._rooms.seats([row.room_no for row in found.values()])
            for chat_id in chat_ids:
                row = found.get(chat_id)
                own = seats.get(row.room_no, ()) if row is not None else ()
                stand = await self._rooms.standings(row, own) if row is not None else {}
                views.append(self._view(chat_id, roster, row, own, stand))
        return Listed(views, part.next, part.total)

    def _view(
        self, chat_id: str, roster: Roster, row: Any, seats: Sequence[Seat], stand: Mapping[str, Standing]
    ) -> ChatView:
        desired = [standing for standing in stand.values() if standing.role is not None]
        can_make = self._platforms.of(row.platform_token).makes_chats if row is not None else True
        return ChatView(
            chat_id,
            title(chat_id, roster, self._titles),
            chat_type(chat_id, roster),
            *origin(chat_id, roster),
            archived=roster.open_chat(chat_id) is None,
            state=chat_state(room_of(row) if row is not None else None, seats, makes_chats=can_make),
            external_chat_id=row.external_chat_id if row is not None else None,
            participants=len(desired),
            waiting=sum(standing.state == WAITING for standing in desired),
            administrators=sorted(standing.person_id for standing in desired if standing.role == ADMIN),
        )
