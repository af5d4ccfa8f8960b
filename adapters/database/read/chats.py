"""The chats of a school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.database.portions import portions
from adapters.database.read.platforms import Platforms
from adapters.database.read.rooms import ROOMS_AT_ONCE, Rooms
from adapters.database.read.rosters import Rosters, chat_type, listed_chats, origin
from adapters.database.read.windows import window_of
from adapters.database.rows import room_of
from sync.ids import ChatId, OrganisationId, PersonId
from sync.membership_states import WAITING, MembershipState, PlaceView, chat_state
from sync.places import ADMIN
from sync.roster import Roster
from sync.titles import Titles, title
from sync.views.chats import ChatView
from sync.views.registry import Listed, Window


class Chats:
    def __init__(self, rosters: Rosters, rooms: Rooms, platforms: Platforms, titles: Titles) -> None:
        self._rosters, self._rooms, self._platforms, self._titles = rosters, rooms, platforms, titles

    async def chats(self, organisation_id: OrganisationId, window: Window) -> Listed[ChatView] | None:
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None:
            return None
        part = window_of(sorted(set(listed_chats(roster))), str, window)
        present = await self._rooms.present(part.items, roster)
        views: list[ChatView] = []
        async for chat_ids in portions(part.items, ROOMS_AT_ONCE):
            found = {chat_id: present[chat_id] for chat_id in chat_ids if chat_id in present}
            places = await self._rooms.views([row.room_no for row in found.values()])
            for chat_id in chat_ids:
                row = found.get(chat_id)
                own = places.get(row.room_no, ()) if row is not None else ()
                stand = await self._rooms.membership_states(row, own) if row is not None else {}
                views.append(self._view(chat_id, roster, row, own, stand))
        return Listed(views, part.next, part.total)

    def _view(
        self,
        chat_id: ChatId,
        roster: Roster,
        row: Any,
        places: Sequence[PlaceView],
        stand: Mapping[PersonId, MembershipState],
    ) -> ChatView:
        desired = [membership for membership in stand.values() if membership.role is not None]
        can_make = self._platforms.of(row.platform_token).makes_chats if row is not None else True
        return ChatView(
            chat_id,
            title(chat_id, roster, self._titles),
            chat_type(chat_id, roster),
            *origin(chat_id, roster),
            archived=roster.open_chat(chat_id) is None,
            state=chat_state(room_of(row) if row is not None else None, places, makes_chats=can_make),
            external_chat_id=row.external_chat_id if row is not None else None,
            participants=len(desired),
            waiting=sum(membership.state == WAITING for membership in desired),
            administrators=sorted(membership.person_id for membership in desired if membership.role == ADMIN),
        )
