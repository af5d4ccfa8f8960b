"""Where a person stands, school by school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.database.read.loaded import Loaded
from adapters.database.read.persons import Persons
from adapters.database.read.rooms import Rooms, invite_link, is_present
from adapters.database.read.rosters import Rosters, chat_type
from adapters.database.read.windows import window_of
from adapters.database.rows import room_of
from sync.accounts import Account
from sync.ids import ChatId, OrganisationId, PersonId, RoomNo
from sync.membership_states import FOR_ACCOUNT, FOR_HELD_ACCOUNT, MembershipState, PlaceView
from sync.places import OUT
from sync.planning_scope import PlanningScope
from sync.platform import platform_of
from sync.roster import Roster
from sync.titles import Titles, title
from sync.views.persons import MembershipView
from sync.views.registry import Listed, Schools, Window


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a person stands in one school: by chat, with the row of the chat's present room, or of the former one that
    the person is only to leave. `former`: the platforms on which the person stands in a room that chats had before.
    """

    roster: Roster
    chats: Mapping[ChatId, tuple[Any, MembershipState]]
    former: Mapping[ChatId, str]


class Memberships:
    def __init__(self, loaded: Loaded, rosters: Rosters, persons: Persons, rooms: Rooms, titles: Titles) -> None:
        self._loaded, self._rosters, self._persons = loaded, rosters, persons
        self._rooms, self._titles = rooms, titles

    async def memberships(self, person_id: PersonId, schools: Schools, window: Window) -> Listed[MembershipView] | None:
        seen = await self._persons.seen_schools(person_id, schools)
        if seen is None:
            return None
        views = [
            _membership(room, membership, stands.roster, self._titles)
            for stands in await self.stands(person_id, seen)
            for room, membership in stands.chats.values()
        ]
        return window_of(sorted(views, key=_chat), _chat, window)

    async def stands(self, person_id: PersonId, schools: Sequence[OrganisationId]) -> list[Stands]:
        """Where a person stands, school by school."""
        days = await self._rosters.days(schools)
        scopes = await self._loaded.of_persons([person_id], days)
        places = await self._rooms.places_of_person(person_id, days)
        last, former = await self._rooms.among(places)
        stands = []
        for scope in scopes.values():
            own = [row for row in last if row.organisation_id == scope.organisation_id]
            before = [row for row in former if row.organisation_id == scope.organisation_id]
            chats = await self._to_leave(before, places) | await self._present(scope, own, places)
            seen = {row.chat_id: platform_of(row.platform_token) for row in before if _is_there(places[row.room_no])}
            stands.append(Stands(scope.roster, chats, seen))
        return stands

    async def _present(
        self, scope: PlanningScope, last: Sequence[Any], places: Mapping[RoomNo, Sequence[PlaceView]]
    ) -> dict[ChatId, tuple[Any, MembershipState]]:
        return {
            row.chat_id: (row, _waiting(membership, scope.accounts))
            for row in last
            if is_present(room_of(row), scope.roster)
            for membership in (await self._rooms.membership_states(row, places[row.room_no])).values()
        }

    async def _to_leave(
        self, former: Sequence[Any], places: Mapping[RoomNo, Sequence[PlaceView]]
    ) -> dict[ChatId, tuple[Any, MembershipState]]:
        return {
            row.chat_id: (row, membership)
            for row in former
            for membership in (await self._rooms.membership_states(row, places[row.room_no])).values()
            if membership.role is None
        }


def _is_there(places: Sequence[PlaceView]) -> bool:
    return any(place.linked and place.observed != OUT for place in places)


def _waiting(membership: MembershipState, accounts: Mapping[PersonId, Account]) -> MembershipState:
    """A linked person who still waits for an account claims one that somebody else holds."""
    account = accounts.get(membership.person_id)
    if membership.waits_for != FOR_ACCOUNT or account is None or not account.held_by_another:
        return membership
    return replace(membership, waits_for=FOR_HELD_ACCOUNT)


def _membership(room: Any, membership: MembershipState, roster: Roster, titles: Titles) -> MembershipView:
    return MembershipView(
        roster.organisation_id,
        room.chat_id,
        title(room.chat_id, roster, titles),
        chat_type(room.chat_id, roster),
        membership.role,
        membership.state,
        membership.reasons,
        membership.external_user_id,
        membership.refused_code,
        membership.waits_for,
        invite_link(membership, room),
    )


def _chat(view: MembershipView) -> str:
    return view.chat_id
