"""A slice of one school: all that planning some of its persons and chats needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sync.accounts import Account
from sync.places import Place, Room
from sync.roster import Roster
from sync.school_years import Reached


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody is planned: the event, and whether it is one of the roster. An account's link and a midnight are
    not: they do not open a rejected removal again.
    """

    event_no: int
    by_event: bool


def latest_cause(known: Cause | None, cause: Cause) -> Cause:
    """Two causes as one: the later event, and by an event of the roster if either is."""
    if known is None:
        return cause
    return Cause(max(known.event_no, cause.event_no), known.by_event or cause.by_event)


@dataclass(slots=True)
class Slice:
    """Complete for the persons of `causes` and the chats of `chat_ids`, and for how far `students` got; silent on
    everything else.
    """

    organisation_id: str
    roster: Roster
    causes: Mapping[str, Cause]
    chat_ids: set[str]
    accounts: Mapping[str, Account]
    rooms: dict[int, Room]
    places: Mapping[str, Sequence[Place]]
    students: Collection[str] = ()
    reached: Mapping[str, Reached] = field(default_factory=dict)
    retried: Collection[str] = ()  # persons whose refusals are asked for again
    lives: dict[str, list[Room]] = field(init=False)

    def __post_init__(self) -> None:
        self.lives = {}
        for room in self.rooms.values():
            self.lives.setdefault(room.chat_id, []).append(room)

    def open_room(self, room: Room) -> None:
        self.rooms[room.room_no] = room
        self.lives.setdefault(room.chat_id, []).append(room)

    def account(self, person_id: str) -> Account | None:
        """The account a person stands in chats with; one that somebody else holds is none."""
        account = self.accounts.get(person_id)
        return None if account is None or account.held_by_another else account

    def linked(self, external_user_id: str) -> bool:
        """Whether anybody is linked to an account that a person of this slice ever claimed."""
        return any(account.external_user_id == external_user_id for account in self.accounts.values())

    def present_room(self, chat_id: str) -> Room | None:
        """The room that serves an open chat: its last life, unless that was archived already."""
        last = max(self.lives.get(chat_id, ()), key=lambda room: room.life, default=None)
        return None if last is None or last.for_good else last
