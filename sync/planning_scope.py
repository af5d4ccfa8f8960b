"""A scope of planning in one school: all that planning some of its persons and chats needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sync.accounts import Account
from sync.ids import AccountId, ChatId, EventNo, HoldNo, OrganisationId, PersonId, RoomNo
from sync.places import OPEN, Place, Room
from sync.roster import Roster
from sync.school_years import Reached


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody is planned: the event, and whether it is one of the roster. An account's link and a midnight are
    not: they do not open a rejected removal again.
    """

    event_no: EventNo
    by_event: bool


def latest_cause(known: Cause | None, cause: Cause) -> Cause:
    """Two causes as one: the later event, and by an event of the roster if either is."""
    if known is None:
        return cause
    return Cause(max(known.event_no, cause.event_no), known.by_event or cause.by_event)


@dataclass(slots=True)
class PlanningScope:
    """Complete for the persons of `causes`, the chats of `chat_ids`, and the school years of `students`; without
    everything else. The rooms of these chats, of all their lives, are added once `chat_ids` has all that is desired.
    """

    organisation_id: OrganisationId
    roster: Roster
    causes: Mapping[PersonId, Cause]
    chat_ids: set[ChatId]
    accounts: Mapping[PersonId, Account]
    places: Mapping[PersonId, Sequence[Place]]
    students: Collection[PersonId] = ()
    reached: Mapping[PersonId, Reached] = field(default_factory=dict)
    retried: Collection[PersonId] = ()  # persons whose refused changes are retried
    decided: Mapping[HoldNo, bool] = field(default_factory=dict)  # holds: whether a person approved or rejected it
    kept: Mapping[RoomNo, Collection[PersonId]] = field(
        default_factory=dict
    )  # who has a hold in rooms that are to close
    platform: str = ""  # the school's, whose accounts are in `accounts`
    other_accounts: Mapping[str, Mapping[PersonId, Account]] = field(default_factory=dict)  # of other platforms
    moved: Collection[str] = ()  # chats whose room may have been filled, so that the former one can be left
    leaving: dict[RoomNo, RoomNo] = field(default_factory=dict)  # rooms that are left by this plan, for which
    rooms: dict[RoomNo, Room] = field(default_factory=dict)
    lives: dict[ChatId, list[Room]] = field(default_factory=dict)

    def add_room(self, room: Room) -> None:
        self.rooms[room.room_no] = room
        self.lives.setdefault(room.chat_id, []).append(room)

    def accounts_of(self, room: Room) -> Mapping[PersonId, Account]:
        """The accounts of the room's platform."""
        return self.accounts if room.platform == self.platform else self.other_accounts.get(room.platform, {})

    def account(self, person_id: PersonId, room: Room) -> Account | None:
        """The account a person stands in a room with; one that somebody else holds is none."""
        account = self.accounts_of(room).get(person_id)
        return None if account is None or account.held_by_another else account

    def linked(self, external_user_id: AccountId, room: Room) -> bool:
        """Whether anybody is linked to an account that a person of this scope ever claimed."""
        return any(account.external_user_id == external_user_id for account in self.accounts_of(room).values())

    def may_close(self, room: Room) -> bool:
        """Whether a room's chat is closed, while the room may still be open."""
        is_open = self.roster.open_chat(room.chat_id) is not None
        return not (room.for_good or self.moving(room) or (is_open and self.present_room(room.chat_id) is room))

    def present_room(self, chat_id: ChatId) -> Room | None:
        """The room that serves an open chat: its last life, unless that was archived already, or is on a platform that
        the school has left.
        """
        last = max(self.lives.get(chat_id, ()), key=lambda room: room.life, default=None)
        return None if last is None or last.for_good or last.platform != self.platform else last

    # where the school has moved to another platform

    def moving(self, room: Room) -> bool:
        """Whether people stay in a room on a platform that the school has left, until the new room is filled."""
        elsewhere = room.platform != self.platform and room.wanted_life == OPEN and not room.for_good
        stays = room.left_for is None and room.room_no not in self.leaving
        return elsewhere and stays and self.roster.open_chat(room.chat_id) is not None

    def moved_from(self, room: Room) -> list[Room]:
        """The rooms that a present room takes over from, or took, the first of them first."""
        taken, found = {room.room_no}, list[Room]()
        if len(self.lives[room.chat_id]) == 1 or room is not self.present_room(room.chat_id):
            return found
        for other in sorted(self.lives[room.chat_id], key=lambda other: other.life, reverse=True):
            left_for = self.leaving.get(other.room_no, other.left_for)
            if other is not room and (left_for in taken or self.moving(other)):
                taken.add(other.room_no)
                found.insert(0, other)
        return found
