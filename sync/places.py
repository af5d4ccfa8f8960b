"""Rooms and places: what is wanted of the platform, and what it last confirmed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

OUT, MEMBER, ADMIN, UNKNOWN = "out", "member", "admin", "unknown"

IN = frozenset({MEMBER, ADMIN})

NOBODY = ""  # the account of a place whose person has none: it waits

# the life of a room on the platform
NONE, OPEN, ARCHIVED, GONE, NEEDS_PERSON, TO_ADOPT = "none", "open", "archived", "gone", "needs_person", "to_adopt"


@dataclass(frozen=True, slots=True)
class Room:
    """One platform chat in the life of a chat; `life` counts from 1.

    `wanted_life` is open or archived; `observed_life` none, open, archived, unknown (a call about it is unconfirmed),
    gone, needs_person or to_adopt. `archive_sent`: the call that archives it may have gone out.
    """

    room_no: int
    organisation_id: str
    chat_id: str
    life: int
    wanted_title: str
    wanted_life: str = OPEN
    observed_life: str = NONE
    external_chat_id: str | None = None
    archive_sent: bool = False

    @property
    def for_good(self) -> bool:
        """Whether it can only ever be the old room of its chat."""
        return self.wanted_life == ARCHIVED and (self.archive_sent or self.observed_life in {ARCHIVED, GONE})


class KeptReason(NamedTuple):
    """A reason as stored with a place: `cause` numbers the event of its ground, `since` is when it first held."""

    reason: str
    role: str
    cause: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """(organisation, person, room, account): the wanted half, which planning writes, and of the observed half what
    planning looks at. A held removal is wanted = out with a hold; a rejected one is wanted = in with a hold.
    """

    organisation_id: str
    person_id: str
    room_no: int
    account: str
    wanted: str = OUT
    reasons: tuple[KeptReason, ...] = ()
    cause_no: int = 0
    wanted_at: datetime | None = None
    leaving: bool = False
    hold_no: int | None = None
    observed: str = OUT
    left_at: datetime | None = None
    refused: bool = False

    @property
    def held(self) -> bool:
        return self.hold_no is not None and self.wanted == OUT

    @property
    def rejected(self) -> bool:
        return self.hold_no is not None and self.wanted != OUT

    @property
    def seen(self) -> bool:
        """Whether the person may be in the chat by this account."""
        return self.account != NOBODY and self.observed != OUT

    def wanting(self, wanted: str, reasons: tuple[KeptReason, ...], cause_no: int, at: datetime) -> Place:
        """The same place with another wish, free of any hold."""
        return replace(
            self, wanted=wanted, reasons=reasons, cause_no=cause_no, wanted_at=at, hold_no=None, leaving=False
        )
