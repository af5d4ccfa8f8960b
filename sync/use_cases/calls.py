"""Making one act's call, within the room's lease and the token's rate limit, and taking its answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from sync.account_health import AccountHealths
from sync.acts.act import AnyAct
from sync.acts.effects import Effects
from sync.errors import Failure, PlatformError
from sync.platform import Platform
from sync.ports.clocks import Clock, Pacer
from sync.ports.store import Store
from sync.room import LEAVERS, RoomWork
from sync.use_cases.leased import Leased


def _without_limit(_: str) -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What settling needs. A call ends within `call_timeout_s`, well before its lease does.

    `per_second`: how many requests a second a platform token allows; 0 is no limit.
    """

    store: Store
    platforms: Mapping[str, Platform]
    pacer: Pacer
    clock: Clock
    call_timeout_s: float = 20.0
    lease_s: float = 60.0
    margin_s: float = 5.0
    per_second: Callable[[str], float] = _without_limit
    healths: AccountHealths = field(default_factory=AccountHealths)

    @property
    def patience_s(self) -> float:
        """How long a call may wait for its slot: after that its lease might end before it does."""
        return self.lease_s - self.call_timeout_s - self.margin_s

    def leased(self, room: RoomWork) -> Leased:
        return Leased(room, self.platforms[room.platform_token].capabilities, self.clock.monotonic())


class TooLate(Exception):  # noqa: N818 - what happened
    """No slot became free while the lease was long enough; nothing was sent."""


async def call(dispatch: Dispatch, leased: Leased, act: AnyAct) -> Effects:
    """Make the act's request, and record its outcome in the lease."""
    try:
        answer = await _paced(dispatch, leased, act)
    except TooLate:
        leased.ran_out()
        return Effects(answer="lease.too.short")
    except PlatformError as error:
        leased.heed(error, act)
        return act.failed(leased.room, error)
    effects = act.confirmed(leased.room, answer)
    leased.learn(act, effects)
    return effects


async def _paced(dispatch: Dispatch, leased: Leased, act: AnyAct) -> object:
    token = leased.room.platform_token
    async with AsyncExitStack() as slot:
        if not act.paces_itself:  # else it takes a slot for each of its requests
            try:
                async with asyncio.timeout(_left_s(dispatch, leased)):
                    urgent = leased.room.grade <= LEAVERS
                    await slot.enter_async_context(dispatch.pacer.slot(token, urgent=urgent))
            except TimeoutError as error:
                raise TooLate from error
        leased.sent = True
        spare_s = _left_s(dispatch, leased)  # asked again: the process may have stood still
        try:
            async with asyncio.timeout(dispatch.call_timeout_s + (spare_s if act.paces_itself else 0.0)):
                return await act.send(dispatch.platforms[token], leased.room)
        except TimeoutError as error:
            raise PlatformError(Failure.UNCONFIRMED, "timeout") from error


def _left_s(dispatch: Dispatch, leased: Leased) -> float:
    """For how many seconds more a call may be begun under the lease. Raises TooLate."""
    left_s = leased.renewed_at + dispatch.patience_s - dispatch.clock.monotonic()
    if left_s < 0:
        raise TooLate
    return left_s
