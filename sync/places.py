"""Rooms and places: what is wanted of the platform, and what it last confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sync.ids import NO_EVENT, AccountId, ChatId, EventNo, HoldNo, OrganisationId, PersonId, RoomNo

OUT, MEMBER, ADMIN, UNKNOWN = "out", "member", "admin", "unknown"

IN = frozenset({MEMBER, ADMIN})

NOBODY = AccountId("")  # the account of a place whose person has none: it waits

# the life of a room on the platform
NONE, OPEN, ARCHIVED, GONE, NEEDS_PERSON, TO_ADOPT = "none", "open", "archived", "gone", "needs_person", "to_adopt"


@dataclass(frozen=True, slots=True)
class Room:
    """One platform chat in the life of a chat; `life` counts from 1.

    `wanted_life` is open or archived; `observed_life` none, open, archived, unknown (a call about it is unconfirmed),
    gone, needs_person or to_adopt. `archive_sent`: the call that archives it may have gone out. `made_at`: since when
    it has a chat on the platform, made or adopted. `takes_over`: its school has moved here, and people still stand in
    the room that its chat had; `left_for`: the room that has taken this one over.
    """

    room_no: RoomNo
    organisation_id: OrganisationId
    chat_id: ChatId
    life: int
    wanted_title: str
    wanted_life: str = OPEN
    observed_life: str = NONE
    external_chat_id: str | None = None
    archive_sent: bool = False
    made_at: datetime | None = None
    platform: str = ""
    takes_over: bool = False
    left_for: RoomNo | None = None

    @property
    def for_good(self) -> bool:
        """Whether the room can never serve an open chat again."""
        return self.wanted_life == ARCHIVED and (self.archive_sent or self.observed_life in {ARCHIVED, GONE})


class KeptReason(NamedTuple):
    """A reason as stored with a place: `cause` numbers the event of its ground, `since` is when it first held."""

    reason: str
    role: str
    cause: EventNo
    since: datetime


class Place(NamedTuple):
    """(organisation, person, room, account): the wanted half, which planning writes, and of the observed half what
    planning looks at.

    Settling skips places with a hold. A removal on hold has no reasons: held, it is wanted out; rejected, wanted in. A
    join on hold has reasons, and is wanted out, held or rejected.
    """

    organisation_id: OrganisationId
    person_id: PersonId
    room_no: RoomNo
    account: AccountId
    wanted: str = OUT
    reasons: tuple[KeptReason, ...] = ()
    cause_no: EventNo = NO_EVENT
    wanted_at: datetime | None = None
    leaving: bool = False
    hold_no: HoldNo | None = None
    observed: str = OUT
    left_at: datetime | None = None
    refused: bool = False
    rejected: bool = False

    @property
    def held(self) -> bool:
        """Whether a person has to decide. After the decision the place is rejected, or free of its hold."""
        return self.hold_no is not None and not self.rejected

    @property
    def kept_out(self) -> bool:
        """Whether its join is on hold."""
        return self.hold_no is not None and bool(self.reasons)

    @property
    def seen(self) -> bool:
        """Whether the person may be in the chat by this account."""
        return self.account != NOBODY and self.observed != OUT

    def wanting(self, wanted: str, reasons: tuple[KeptReason, ...], cause_no: EventNo, at: datetime) -> Place:
        """The same place with another wish, free of any hold."""
        return Place(
            self.organisation_id,
            self.person_id,
            self.room_no,
            self.account,
            wanted,
            reasons,
            cause_no,
            at,
            observed=self.observed,
            left_at=self.left_at,
            refused=self.refused,
        )
