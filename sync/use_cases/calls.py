"""One request of a room's step, within its lease and its token's limit; and what its answer, or none, says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from sync.answers import Effects, answered, failed
from sync.errors import Failure, PlatformError
from sync.platform import Platform
from sync.ports.clocks import Clock, Pacer
from sync.ports.store import Store
from sync.room import Act, RoomWork, Step
from sync.use_cases.leased import Leased


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What settling needs. A call ends within `call_timeout_s`, well before its lease does."""

    store: Store
    platforms: Mapping[str, Platform]
    pacer: Pacer
    clock: Clock
    call_timeout_s: float = 20.0
    lease_s: float = 60.0
    margin_s: float = 5.0

    def leased(self, room: RoomWork) -> Leased:
        return Leased(room, self.platforms[room.platform_token].capabilities, self.clock.monotonic())


async def call(dispatch: Dispatch, leased: Leased, step: Step) -> Effects:
    """Makes the step's request; the lease knows afterwards what it came to."""
    try:
        answer = await _paced(dispatch, leased, step)
    except PlatformError as error:
        leased.heed(error, step)
        return failed(step, leased.room, error)
    effects = answered(step, leased.room, answer, leased.can)
    leased.learn(step, effects)
    return effects


async def _paced(dispatch: Dispatch, leased: Leased, step: Step) -> object:
    token = leased.room.platform_token
    own = step.act is Act.LIST  # it takes a slot for each of its pages
    async with nullcontext() if own else dispatch.pacer.slot(token):
        leased.sent = True
        spent = dispatch.clock.monotonic() - leased.renewed_at
        if spent + dispatch.call_timeout_s + dispatch.margin_s > dispatch.lease_s:
            raise PlatformError(Failure.RETRY, "lease.too.short", retry_after_s=0.0)
        try:
            async with asyncio.timeout(dispatch.call_timeout_s):
                return await request(dispatch.platforms[token], leased.room, step)
        except TimeoutError as error:
            raise PlatformError(Failure.UNCONFIRMED, "timeout") from error


def request(platform: Platform, room: RoomWork, step: Step) -> Awaitable[object]:
    """The one request of a step; its answer is read by `answered`."""
    return _REQUESTS[step.act](platform, room.external_chat_id or "", room, step)


_REQUESTS: Mapping[Act, Callable[[Platform, str, RoomWork, Step], Awaitable[object]]] = {
    Act.LOOK: lambda platform, chat, _, __: platform.read_chat(chat),
    Act.READ: lambda platform, chat, _, step: platform.read_members(chat, step.accounts),
    Act.LIST: lambda platform, chat, _, __: platform.list_members(chat),
    Act.CREATE: lambda platform, _, room, __: platform.create_chat(room.wanted_title, room.nonce),
    Act.RENAME: lambda platform, chat, room, _: platform.rename_chat(chat, room.wanted_title),
    Act.ADD: lambda platform, chat, _, step: platform.add_members(chat, step.accounts),
    Act.GRANT: lambda platform, chat, _, step: platform.grant_admin(chat, step.accounts),
    Act.REVOKE: lambda platform, chat, _, step: platform.revoke_admin(chat, step.accounts[0]),
    Act.REMOVE: lambda platform, chat, _, step: platform.remove_member(chat, step.accounts[0]),
    Act.ARCHIVE: lambda platform, chat, _, __: platform.archive_chat(chat),
}
