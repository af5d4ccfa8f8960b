"""Who is in a chat, and who is kept out of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.database.read.loaded import Loaded
from adapters.database.read.portions import portions
from adapters.database.read.rooms import Rooms, invite_link
from adapters.database.read.rosters import ORGANISATION, Rosters, listed_chats
from adapters.database.read.windows import window_of
from sync.desired import exclusions_of_person
from sync.facts import BLOCK, DENIAL, HAND_PICK
from sync.roster import Roster
from sync.standings import EXCLUDED, Standing
from sync.views.chats import MemberView
from sync.views.registry import Listed, Window

PERSONS_AT_ONCE = 50


class Members:
    def __init__(self, rosters: Rosters, rooms: Rooms, loaded: Loaded) -> None:
        self._rosters, self._rooms, self._loaded = rosters, rooms, loaded

    async def members(
        self, organisation_id: str, chat_id: str, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        roster = await self._rosters.of_chats(organisation_id)
        if roster is None or chat_id not in set(listed_chats(roster)):
            return None
        row = (await self._rooms.present([chat_id], roster)).get(chat_id)
        stand = await self._standings(row) if row is not None else {}
        out = await self._kept_out(chat_id, roster) if excluded else {}
        part = window_of(sorted(stand.keys() | out.keys()), str, window)
        views = [_member(stand[person], row) if person in stand else out[person] for person in part.items]
        return Listed(views, part.next, part.total)

    async def _standings(self, row: Any) -> dict[str, Standing]:
        seats = await self._rooms.seats([row.room_no])
        return await self._rooms.standings(row, seats.get(row.room_no, ()))

    async def _kept_out(self, chat_id: str, roster: Roster) -> dict[str, MemberView]:
        kept_out: dict[str, MemberView] = {}
        async for persons in portions(await self._perhaps_out(chat_id, roster), PERSONS_AT_ONCE):
            of_them = await self._loaded.roster_of_persons(persons, roster.organisation_id, roster.day)
            kept_out |= {view.person_id: view for person in persons for view in _kept_out(person, chat_id, of_them)}
        return kept_out

    async def _perhaps_out(self, chat_id: str, roster: Roster) -> list[str]:
        """Those whom some exclusion may concern: who is not among them need not be asked about."""
        school = roster.organisation_id
        facts = await self._loaded.facts((BLOCK, DENIAL), (ORGANISATION,), [(school,)])
        facts.add(await self._loaded.words(HAND_PICK, (ORGANISATION, "chat_id"), [(school, chat_id)]))
        known = Roster(school, roster.day, facts)
        blocked = {person for (person,), word in known.holding(BLOCK).items() if word.value.blocked}
        picked = {person for _, person in known.holding(HAND_PICK)}
        denied = {guardian for guardian, _ in known.holding(DENIAL)}
        return sorted(blocked | picked | denied)


def _member(standing: Standing, room: Any) -> MemberView:
    return MemberView(
        standing.person_id,
        standing.role,
        standing.state,
        standing.reasons,
        standing.external_user_id,
        standing.refused_code,
        invite_link=invite_link(standing, room),
    )


def _kept_out(person: str, chat_id: str, roster: Roster) -> Iterator[MemberView]:
    exclusions = exclusions_of_person(person, roster).get(chat_id)
    if exclusions:
        names = sorted({exclusion.exclusion for exclusion in exclusions})
        yield MemberView(person, None, EXCLUDED, (), None, None, names)
