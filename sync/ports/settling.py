"""What settling rooms asks of a transaction, and what it hands over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from sync.answers import Effects
from sync.room import RoomWork, Step


@dataclass(frozen=True, slots=True)
class Done:
    """What an answer means for a room, which is as it was when the call was made; no step: no call was made."""

    room: RoomWork
    step: Step | None = None
    effects: Effects = field(default_factory=Effects)


class Release(NamedTuple):
    """How a lease ends: the room is due again at `grade` after `retry_in_s` (0: at once), or not at all."""

    room: RoomWork
    grade: int | None
    retry_in_s: float | None


class SettlingTransaction(Protocol):
    """One transaction of settling rooms, many at a time. Leases go by the database's clock."""

    async def claim(self, limit: int, lease_s: float) -> list[RoomWork]:
        """Leases rooms that are due, by grade, then turn. A mover's removal waits until his school's adds were tried.

        One whose lease died with a call on its way comes with that call in `in_flight`.
        """

    async def forget_calls(self, rooms: Sequence[RoomWork], again_in_s: float) -> None:
        """The calls of leases that died: their places become unknown, to be read now and again that much later."""

    async def complete(self, done: Sequence[Done]) -> dict[int, RoomWork | None]:
        """Writes what answers mean, and gives the rooms by number as they are now, locked against planning.

        None: the lease is no longer this one, and `unknown` is all that was written. A room that is locked by somebody
        else is not in the answer, and nothing was written of it.
        """

    async def intend(self, steps: Sequence[tuple[RoomWork, Step]], lease_s: float) -> None:
        """Notes the calls that are about to be made, and renews the leases. From now their places may be anything."""

    async def release(self, releases: Sequence[Release]) -> None:
        """Ends leases."""

    async def pause(self, token: str, seconds: float) -> None:
        """Lets every room of a platform token wait; a longer pause stays."""

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, str, str]]) -> None:
        """Leaves accounts to be read back: (token, external chat id, account, why). Chats not ours are passed over."""
