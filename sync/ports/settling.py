"""The port for settling rooms."""

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
    """The effects of an answer on a room, given as it was when the call was made; `act` None: no call was made."""

    room: RoomWork
    act: AnyAct | None = None
    effects: Effects = field(default_factory=Effects)


class Release(NamedTuple):
    """How a lease ends: the room is due again at `grade` after `retry_in_s` (0: at once), or not at all. `attempts`:
    the number of failed attempts so far.
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
        """Lease up to `limit` rooms that are due, by grade, then turn; of a token in `limits` at most that many. With
        `leavers_only` only rooms with removals of leavers. A mover's removal waits until the due adds of the school
        that can be made were tried. A room whose lease died with a call in flight has that call in `in_flight`.
        """

    async def complete(self, done: Sequence[Done]) -> dict[RoomNo, RoomWork | None]:
        """Write the effects of answers. Return the rooms by number in their present state, locked against planning;
        their calls are no longer in flight. None: the lease has been lost, and only the doubts about that call were
        written. A room locked by somebody else is not in the result, and nothing was written for it.
        """

    async def intend(self, acts: Sequence[tuple[RoomWork, AnyAct]], lease_s: float) -> None:
        """Record the calls that are about to be made, and renew the leases. From now on their places are unknown."""

    async def release(self, releases: Sequence[Release]) -> None:
        """End leases."""

    async def pause(self, token: str, seconds: float) -> None:
        """Pause every room of a platform token; a longer existing pause stays."""

    async def note_health(self, healths: Mapping[str, Health]) -> None:
        """Write the health of platform accounts, by token name; `since` is kept while the state is the same."""

    async def note_capabilities(self, capabilities: Mapping[str, Capabilities], looks: str = "on") -> None:
        """Write the capabilities of platform accounts, and whether rooms are looked at, for all readers."""

    async def ask_read_backs(self, asked: Sequence[tuple[str, str, AccountId, str]]) -> None:
        """Request read-backs: (token, external chat id, account, why). Foreign chats are skipped."""
