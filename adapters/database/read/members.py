"""Who is in a chat, and who is kept out of it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, select, union

from adapters.database.bulk import Bulk
from adapters.database.portions import portions
from adapters.database.read.loaded import Loaded
from adapters.database.read.rooms import Rooms, invite_link
from adapters.database.read.rosters import Rosters, listed_chats
from adapters.database.read.windows import window_of
from adapters.database.schema import FACTS, organisations
from sync.accounts import accounts_in, by_person
from sync.desired import exclusions_of_person
from sync.facts import BLOCK, DENIAL, HAND_PICK
from sync.ids import ChatId, OrganisationId, PersonId
from sync.membership_states import EXCLUDED, FOR_ACCOUNT, FOR_HELD_ACCOUNT, MembershipState
from sync.platform import PROVIDERS
from sync.roster import Roster
from sync.views.chats import MemberView
from sync.views.registry import Listed, Window

LOADED_AT_ONCE = 25
RULED_AT_ONCE = 5  # persons, for each of whom all rules are evaluated


class Members:
    def __init__(self, bulk: Bulk, rosters: Rosters, rooms: Rooms, loaded: Loaded) -> None:
        self._bulk, self._rosters, self._rooms, self._loaded = bulk, rosters, rooms, loaded

    async def members(
        self, organisation_id: OrganisationId, chat_id: ChatId, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None or chat_id not in set(listed_chats(roster)):
            return None
        row = (await self._rooms.present([chat_id], roster)).get(chat_id)
        stand = await self._states(row) if row is not None else {}
        out = await self._kept_out(chat_id, roster, stand) if excluded else {}
        part = window_of(sorted(stand.keys() | out.keys()), str, window)
        waiting = [person for person in part.items if person in stand and stand[person].waits_for == FOR_ACCOUNT]
        held = await self.held_by_others(waiting, organisation_id)
        views = [
            _member(stand[person], row, FOR_HELD_ACCOUNT if person in held else stand[person].waits_for)
            if person in stand
            else out[person]
            for person in part.items
        ]
        return Listed(views, part.next, part.total)

    async def held_by_others(self, persons: Sequence[PersonId], school: OrganisationId) -> set[PersonId]:
        """Those who claim an account of the school's platform that somebody else holds."""
        said = await self._loaded.account_assertions(persons)
        [own] = await self._bulk.matching(organisations, ("organisation_id",), [(school,)])
        assertions = said.get(PROVIDERS[own.platform], ())
        bounds = await self._loaded.bounds({assertion.version.source for assertion in assertions})
        accounts = accounts_in(school, by_person(assertions), bounds)
        return {person for person in persons if person in accounts and accounts[person].held_by_another}

    async def _states(self, row: Any) -> dict[PersonId, MembershipState]:
        """Of who is to leave a room that the chat had before, too."""
        former = await self._rooms.former(row)
        places = await self._rooms.views([row.room_no, *(each.room_no for each in former)])
        states: dict[PersonId, MembershipState] = {}
        for each in former:
            there = await self._rooms.membership_states(each, places.get(each.room_no, ()))
            states |= {person: membership for person, membership in there.items() if membership.role is None}
        return states | await self._rooms.membership_states(row, places.get(row.room_no, ()))

    async def _kept_out(self, chat_id: ChatId, roster: Roster, stand: Container[str]) -> dict[PersonId, MemberView]:
        """The persons without a place in a chat whom an exclusion keeps out of it."""
        rows = await self._bulk.fetch(_perhaps_out(roster.organisation_id, chat_id))
        perhaps = sorted(person for (person,) in rows if person not in stand)
        kept_out: dict[PersonId, MemberView] = {}
        async for persons in portions(perhaps, LOADED_AT_ONCE):
            of_them = await self._loaded.roster_of_persons(persons, roster.organisation_id, roster.day)
            async for few in portions(persons, RULED_AT_ONCE):
                kept_out |= {view.person_id: view for person in few for view in _kept_out(person, chat_id, of_them)}
        return kept_out


def _perhaps_out(school: str, chat_id: ChatId) -> CompoundSelect[Any]:
    """Everybody ever blocked, denied, or picked into or out of the chat: nobody else can be kept out of it."""
    block, denial, pick = FACTS[BLOCK].c, FACTS[DENIAL].c, FACTS[HAND_PICK].c
    return union(
        select(block.person_id).where(block.organisation_id == school, block.blocked),
        select(denial.guardian_id).where(denial.organisation_id == school, denial.denied),
        select(pick.person_id).where(pick.organisation_id == school, pick.chat_id == chat_id),
    )


def _member(membership: MembershipState, room: Any, waits_for: str | None) -> MemberView:
    return MemberView(
        membership.person_id,
        membership.role,
        membership.state,
        membership.reasons,
        membership.external_user_id,
        membership.refused_code,
        invite_link=invite_link(membership, room),
        waits_for=waits_for,
    )


def _kept_out(person: PersonId, chat_id: ChatId, roster: Roster) -> Iterator[MemberView]:
    exclusions = exclusions_of_person(person, roster).get(chat_id)
    if exclusions:
        names = sorted({exclusion.exclusion for exclusion in exclusions})
        yield MemberView(person, None, EXCLUDED, (), None, None, names)
