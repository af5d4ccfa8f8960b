"""Where a person stands, school by school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.database.read.loaded import Loaded
from adapters.database.read.persons import Persons
from adapters.database.read.rooms import Rooms, invite_link, is_present
from adapters.database.read.rosters import Rosters, chat_type
from adapters.database.read.windows import window_of
from adapters.database.rows import room_of
from sync.roster import Roster
from sync.standings import Seat, Standing
from sync.titles import Titles, title
from sync.views.persons import MembershipView
from sync.views.registry import Listed, Schools, Window


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a person stands in one school: by chat, with the row of the chat's present room."""

    roster: Roster
    chats: Mapping[str, tuple[Any, Standing]]


class Memberships:
    def __init__(self, loaded: Loaded, rosters: Rosters, persons: Persons, rooms: Rooms, titles: Titles) -> None:
        self._loaded, self._rosters, self._persons = loaded, rosters, persons
        self._rooms, self._titles = rooms, titles

    async def memberships(self, person_id: str, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        seen = await self._persons.seen_schools(person_id, schools)
        if seen is None:
            return None
        views = [
            _membership(room, standing, stands.roster, self._titles)
            for stands in await self.stands(person_id, seen)
            for room, standing in stands.chats.values()
        ]
        return window_of(sorted(views, key=_chat), _chat, window)

    async def stands(self, person_id: str, schools: Sequence[str]) -> list[Stands]:
        """Where a person stands, school by school."""
        days = await self._rosters.days(schools)
        slices = await self._loaded.of_persons([person_id], days)
        seats = await self._rooms.seats_of_person(person_id, days)
        last = await self._rooms.last_among(seats)
        return [Stands(slice_.roster, await self._present(slice_.roster, last, seats)) for slice_ in slices.values()]

    async def _present(
        self, roster: Roster, last: Sequence[Any], seats: Mapping[int, Sequence[Seat]]
    ) -> dict[str, tuple[Any, Standing]]:
        return {
            row.chat_id: (row, standing)
            for row in last
            if row.organisation_id == roster.organisation_id and is_present(room_of(row), roster)
            for standing in (await self._rooms.standings(row, seats[row.room_no])).values()
        }


def _membership(room: Any, standing: Standing, roster: Roster, titles: Titles) -> MembershipView:
    return MembershipView(
        roster.organisation_id,
        room.chat_id,
        title(room.chat_id, roster, titles),
        chat_type(room.chat_id, roster),
        standing.role,
        standing.state,
        standing.reasons,
        standing.external_user_id,
        standing.refused_code,
        standing.waits_for,
        invite_link(standing, room),
    )


def _chat(view: MembershipView) -> str:
    return view.chat_id
