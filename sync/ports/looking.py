"""What looking at whole rooms asks of a transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sync.ids import AccountId, RoomNo
from sync.looks import Difference, KnownRoom, RoomSeen, ToReadBack


class RoomToLook(NamedTuple):
    """A room that it is this process's turn to look at. `lease_no`: how often it was leased by then. `run_no`: of the
    look at its whole school that it is for, else None; of such a one that is not to `apply`, nothing is left to do.
    `needs_person`: we lacked a right there by then.
    """

    room_no: RoomNo
    chat: str
    lease_no: int
    run_no: int | None = None
    apply: bool = True
    needs_person: bool = False


class Progress(NamedTuple):
    """How many rooms a reconcile is of, how many of them were looked at, and the platform accounts of the others."""

    rooms: int
    looked: int
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to. `gone`: accounts that are out as they should be. `failure`: why there was nothing to see, by
    its code; `again`: for now.
    """

    room: RoomToLook
    asks: Sequence[ToReadBack] = ()
    differences: Sequence[Difference] = ()
    members: Mapping[AccountId, str] | None = None
    gone: Sequence[str] = ()
    failure: str | None = None
    again: bool = False


class LookTransaction(Protocol):
    """One transaction of looking at rooms of one platform account. Times are the database's."""

    async def claim(self, token: str, limit: int, lasts_s: float) -> list[RoomToLook]:
        """Up to `limit` rooms to look at: those of a look at their whole school, those that were changed and not looked
        at since, and who was looked at longest ago. Nobody else is given them for `lasts_s`; none while the account is
        paused.
        """

    async def claim_of(self, run_no: int, token: str, limit: int, lasts_s: float) -> list[RoomToLook]:
        """Rooms of one look at a school alone."""

    async def next_turn_in(self, token: str) -> float:
        """In how many seconds, at the earliest, there is a room to look at; a minute at most."""

    async def progress(self, run_no: int) -> Progress: ...

    async def known(self, seen: Mapping[RoomNo, RoomSeen]) -> dict[RoomNo, KnownRoom]:
        """How rooms are believed to be, by number."""

    async def finish(self, looked: Sequence[Looked]) -> None:
        """Leaves what is to be read back, and notes when rooms were looked at; a room without anything to see comes
        again when its claim has run out.
        """

    async def pause(self, token: str, seconds: float) -> None:
        """Lets a platform account rest."""
