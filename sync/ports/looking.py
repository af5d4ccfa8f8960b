"""The port for looking at whole rooms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sync.ids import AccountId, RoomNo
from sync.looks import Difference, KnownRoom, RoomSeen, ToReadBack


class RoomToLook(NamedTuple):
    """A room claimed to be looked at. `lease_no`: its number of leases at that time. `run_no`: the reconcile that it is
    for, else None; unless that is to `apply`, the look leaves nothing to be done. `needs_person`: we lacked a right
    there.
    """

    room_no: RoomNo
    chat: str
    lease_no: int
    run_no: int | None = None
    apply: bool = True
    needs_person: bool = False


class Progress(NamedTuple):
    """How many rooms a reconcile has, how many were looked at, and the platform accounts of the others."""

    rooms: int
    looked: int
    tokens: Sequence[str]


@dataclass(frozen=True, slots=True)
class Looked:
    """The outcome of a look. `gone`: accounts that are out as they should be. `failure`: the code of the failure if the
    look failed; `again`: temporarily.
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
        """Claim up to `limit` rooms for `lasts_s`: those of a reconcile, those changed and not looked at since, and
        those unseen for longest. None while the account is paused.
        """

    async def claim_of(self, run_no: int, token: str, limit: int, lasts_s: float) -> list[RoomToLook]:
        """Claim rooms of one reconcile only."""

    async def next_turn_in(self, token: str) -> float:
        """In how many seconds, at the earliest, there is a room to look at; a minute at most."""

    async def progress(self, run_no: int) -> Progress: ...

    async def known(self, seen: Mapping[RoomNo, RoomSeen]) -> dict[RoomNo, KnownRoom]:
        """How rooms are believed to be, by number."""

    async def finish(self, looked: Sequence[Looked]) -> None:
        """Record what is to be read back, and when rooms were looked at. A room whose look failed comes again when its
        claim expires.
        """

    async def pause(self, token: str, seconds: float) -> None:
        """Pause looking for a platform account."""
