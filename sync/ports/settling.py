"""What settling rooms asks of a transaction, and what it hands over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, Protocol

from sync.account_health import Health
from sync.acts.act import AnyAct
from sync.acts.effects import Effects
from sync.ids import AccountId, RoomNo
from sync.platform import Capabilities
from sync.room import RoomWork

NO_LIMITS: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Done:
    """What an answer means for a room, which is as it was when the call was made; no act: no call was made."""

    room: RoomWork
    act: AnyAct | None = None
    effects: Effects = field(default_factory=Effects)


class Release(NamedTuple):
    """How a lease ends: the room is due again at `grade` after `retry_in_s` (0: at once), or not at all. `attempts`:
    how often it was tried in vain by then.
    """

    room: RoomWork
    grade: int | None
    retry_in_s: float | None
    attempts: int = 0


class SettlingTransaction(Protocol):
    """One transaction of settling rooms, many at a time. Leases go by the database's clock."""

    async def claim(
        self, limit: int, lease_s: float, limits: Mapping[str, int] = NO_LIMITS, *, leavers_only: bool = False
    ) -> list[RoomWork]:
        """Leases up to `limit` rooms that are due, by grade, then turn; of a token in `limits` at most so many. With
        `leavers_only` those that somebody has to leave.
        A mover's removal waits until the adds of his school that are due, and can be made, were tried.

        One whose lease died with a call on its way comes with that call in `in_flight`.
        """

    async def complete(self, done: Sequence[Done]) -> dict[RoomNo, RoomWork | None]:
        """Writes what answers mean, and gives the rooms by number as they are now, locked against planning. A call that
        was on its way is not, from now on.

        None: the lease is no longer this one; what is in doubt by that call was written, and nothing else. A room that
        is locked by somebody else is not in the answer, and nothing was written of it.
        """

    async def intend(self, acts: Sequence[tuple[RoomWork, AnyAct]], lease_s: float) -> None:
        """Notes the calls that are about to be made, and renews the leases. From now their places may be anything."""

    async def release(self, releases: Sequence[Release]) -> None:
        """Ends leases."""

    async def pause(self, token: str, seconds: float) -> None:
        """Lets every room of a platform token wait; a longer pause stays."""

    async def note_health(self, healths: Mapping[str, Health]) -> None:
        """How platform accounts are, by their tokens' names; since when stays where it is the same state."""

    async def note_capabilities(self, capabilities: Mapping[str, Capabilities], looks: str = "on") -> None:
        """What platform accounts can do, and whether rooms are looked at, as whoever settles was started: for all who
        read.
        """

    async def note_own_account(self, token: str, account: AccountId) -> None:
        """Which account on its platform is the service's own: nobody can be linked to it."""

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, AccountId, str]]) -> None:
        """Leaves accounts to be read back: (token, external chat id, account, why). Chats not ours are passed over."""
