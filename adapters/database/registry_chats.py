"""Reading the chats of a school, and who is in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from adapters.database.load.facts import ORGANISATION
from adapters.database.load.rows import place_of, room_of
from adapters.database.registry_schools import SchoolReader, listed_chats
from adapters.database.tables import places, rooms
from adapters.database.windows import window_of
from sync import chats
from sync.desired import exclusions_of_person
from sync.facts import BLOCK, CHAT_STATE, DENIAL, GROUP_STATE, HAND_PICK
from sync.places import ADMIN, Room
from sync.platform import Capabilities
from sync.roster import Facts, Roster
from sync.slices import Cause
from sync.standings import REFUSED, WAITING, Seat, Standing, chat_state, needs_person, standings
from sync.titles import Titles, title
from sync.touched import EVERYBODY, Touch
from sync.views.chats import ChatView, MemberView
from sync.views.registry import Listed, Window

EXCLUDED = "excluded"

Platforms = Mapping[str, Capabilities]
"""What the platform accounts can do, by the name of their token."""

ALL_CAN = Capabilities(makes_chats=True, archives_chats=True, add_at_once=1, admins_at_once=1, read_at_once=1)


def makes_chats(token: str, platforms: Platforms) -> bool:
    return platforms.get(token, ALL_CAN).makes_chats


class ChatReader(SchoolReader):
    titles: Titles
    platforms: Platforms

    async def chats(self, organisation_id: str, window: Window) -> Listed[ChatView] | None:
        roster = await self.chat_roster(organisation_id)
        if roster is None:
            return None
        part = window_of(sorted(set(listed_chats(roster))), str, window)
        present = await self.present_rooms(part.items, roster)
        seats = await self.seats({row.room_no for row in present.values()})
        views = [self._view(chat_id, roster, present.get(chat_id), seats) for chat_id in part.items]
        return Listed(views, part.next, part.total)

    async def present_rooms(self, chat_ids: Iterable[str], roster: Roster) -> dict[str, Any]:
        """The rows of the rooms that chats have now, by chat."""
        keys = [(roster.organisation_id, chat_id) for chat_id in chat_ids]
        found = await self.matching(rooms, (ORGANISATION, "chat_id"), keys)
        last: dict[str, Any] = {}
        for row in found:
            if row.chat_id not in last or last[row.chat_id].life < row.life:
                last[row.chat_id] = row
        return {chat_id: row for chat_id, row in last.items() if is_present(room_of(row), roster)}

    async def seats(self, room_nos: Collection[int]) -> Mapping[int, Sequence[Seat]]:
        by_room: dict[int, list[Seat]] = defaultdict(list)
        for row in await self.matching(places, ("room_no",), [(room_no,) for room_no in room_nos]):
            by_room[row.room_no].append(seat_of(row))
        return by_room

    def standings(self, row: Any, seats: Iterable[Seat]) -> dict[str, Standing]:
        """Who stands in a room, by person."""
        stuck = needs_person(room_of(row), makes_chats=makes_chats(row.platform_token, self.platforms))
        return standings(seats, stuck=stuck)

    def _view(self, chat_id: str, roster: Roster, row: Any, seats: Mapping[int, Sequence[Seat]]) -> ChatView:
        own = seats.get(row.room_no, ()) if row is not None else ()
        stand = self.standings(row, own).values() if row is not None else ()
        desired = [standing for standing in stand if standing.role is not None]
        can_make = makes_chats(row.platform_token, self.platforms) if row is not None else True
        return ChatView(
            chat_id,
            title(chat_id, roster, self.titles),
            chat_type(chat_id, roster),
            *origin(chat_id, roster),
            archived=roster.open_chat(chat_id) is None,
            state=chat_state(room_of(row) if row is not None else None, own, makes_chats=can_make),
            external_chat_id=row.external_chat_id if row is not None else None,
            participants=len(desired),
            waiting=sum(standing.state == WAITING for standing in desired),
            administrators=sorted(standing.person_id for standing in desired if standing.role == ADMIN),
        )

    async def members(
        self, organisation_id: str, chat_id: str, window: Window, *, excluded: bool
    ) -> Listed[MemberView] | None:
        roster = await self.chat_roster(organisation_id)
        if roster is None or chat_id not in set(listed_chats(roster)):
            return None
        present = await self.present_rooms([chat_id], roster)
        row = present.get(chat_id)
        stand = self.standings(row, (await self.seats([row.room_no]))[row.room_no]) if row is not None else {}
        views = [_member(standing, row) for standing in stand.values()]
        if excluded:
            views += [view for view in await self._excluded(chat_id, roster) if view.person_id not in stand]
        return window_of(sorted(views, key=_person), _person, window)

    async def _excluded(self, chat_id: str, roster: Roster) -> list[MemberView]:
        school = roster.organisation_id
        everybody = {Touch(school, EVERYBODY, school): Cause(0, by_event=False)}
        slices = await self.load(everybody, {school: roster.day})
        whole = slices[school].roster if school in slices else Roster(school, roster.day, Facts())
        return [view for person in sorted(_perhaps_out(chat_id, whole)) for view in _kept_out(person, chat_id, whole)]


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


def chat_type(chat_id: str, roster: Roster) -> str:
    """The type of a chat, open or not; of a deleted one what it last was, where that is known still."""
    derived = chats.derived_from(chat_id)
    if derived is not None:
        return derived[0]
    word = roster.holding(CHAT_STATE).get((chat_id,))
    return (word.value.chat_type if word is not None else None) or chats.OTHER


def origin(chat_id: str, roster: Roster) -> tuple[str | None, str | None, str | None, str | None]:
    """What a chat is of: class id and name, group id and subject."""
    class_id = chats.class_of(chat_id)
    if class_id is not None:
        return class_id, roster.class_name(class_id), None, None
    word = roster.holding(CHAT_STATE).get((chat_id,))
    group_id = word.value.group_id if word is not None else None
    group = roster.holding(GROUP_STATE).get((group_id,)) if group_id is not None else None
    if group is None:
        return None, None, group_id, None
    class_id = group.value.class_id
    return class_id, roster.class_name(class_id) if class_id is not None else None, group_id, group.value.subject


def _person(view: MemberView) -> str:
    return view.person_id


def invite_link(standing: Standing, room: Any) -> str | None:
    """The link of a room for who is wanted in it and was refused."""
    offered = standing.state == REFUSED and standing.role is not None
    return room.invite_link or None if offered else None


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


def _perhaps_out(chat_id: str, roster: Roster) -> Iterator[str]:
    """Those whom some exclusion may concern: who is not among them need not be asked about."""
    blocked = {person for (person,), word in roster.holding(BLOCK).items() if word.value.blocked}
    picked = {person for chat, person in roster.holding(HAND_PICK) if chat == chat_id}
    denied = {guardian for guardian, _ in roster.holding(DENIAL)}
    yield from blocked | picked | denied


def _kept_out(person: str, chat_id: str, roster: Roster) -> Iterator[MemberView]:
    exclusions = exclusions_of_person(person, roster).get(chat_id)
    if exclusions:
        names = sorted({exclusion.exclusion for exclusion in exclusions})
        yield MemberView(person, None, EXCLUDED, (), None, None, names)
