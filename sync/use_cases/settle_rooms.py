"""Make rooms as wanted: lease, call, confirm, let go. Where nobody knows what a call did, read back first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field

from sync.answers import Effects, Observation, answered, failed, superseded
from sync.errors import Failure, PlatformError
from sync.places import NEEDS_PERSON, OUT
from sync.platform import Platform
from sync.ports import Clock, Pacer, SettlingTransaction, Store
from sync.room import REMOVALS, Act, RoomWork, Step
from sync.steps import next_step

FAILURES_A_LEASE = 2  # after so many unconfirmed calls the platform is left alone for a while
RIGHTS_RETRY_S = 3600.0  # where a person is needed: not every platform tells that they gave the rights back
FIRST_RETRY_S, LONGEST_RETRY_S = 1.0, 3600.0
LIST_AFTER_S = 5.0  # a changed room is looked at as a whole this much later, when nothing else is to be done


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


async def settle_rooms(dispatch: Dispatch, limit: int = 50) -> int:
    """Settles up to `limit` rooms that are due; gives how many. Raises StoreUnavailable (retriable).

    Whatever it is stopped at, nothing is lost: a call on its way is read back when its lease has ended.
    """
    async with dispatch.store.settling() as tx:
        rooms = await tx.claim(limit, dispatch.lease_s)
        orphaned = [room for room in rooms if room.in_flight is not None]
        if orphaned:
            await tx.forget_calls(orphaned, dispatch.call_timeout_s + dispatch.margin_s)
    results = await asyncio.gather(*(_Settling(dispatch, room).run() for room in rooms), return_exceptions=True)
    errors = [result for result in results if isinstance(result, BaseException)]
    if errors:
        raise errors[0]
    return len(rooms)


@dataclass(slots=True)
class _Settling:
    """One room under its lease."""

    dispatch: Dispatch
    room: RoomWork
    skip: frozenset[str | Act] = frozenset()
    lacking: bool = False  # a right in this room
    at_most: int | None = None
    failures: int = 0
    retry_in_s: float | None = None
    pause_s: float | None = None  # for all rooms of the token
    renewed_at: float = field(init=False)

    def __post_init__(self) -> None:
        self.renewed_at = self.dispatch.clock.monotonic()

    @property
    def platform(self) -> Platform:
        return self.dispatch.platforms[self.room.platform_token]

    async def run(self) -> None:
        step, effects = await self._turn(None, Effects())
        while step is not None:
            effects = await self._call(step)
            step, effects = await self._turn(step, effects)

    async def _turn(self, done: Step | None, effects: Effects) -> tuple[Step | None, Effects]:
        """One transaction: what was answered is written, the next call is noted or the lease ends."""
        renewed_at = self.dispatch.clock.monotonic()
        async with self.dispatch.store.settling() as tx:
            if done is not None and not await tx.complete(self.room, done, effects, self.dispatch.lease_s):
                return None, effects
            if not await self._reload(tx):
                return None, effects
            step = self._next()
            if step is None or self._gives_way(step, done):
                await self._release(tx, step)
                return None, effects
            if step.writes:
                await tx.intend(self.room, step, self.dispatch.lease_s)
        self.renewed_at = renewed_at
        return step, effects

    async def _reload(self, tx: SettlingTransaction) -> bool:
        room = await tx.reload(self.room)
        if room is None:
            return False
        taken_over = superseded(room)
        if taken_over.superseded:
            await tx.absorb(room, taken_over)
            room = await tx.reload(room) or room
        self.room = room
        return True

    def _next(self) -> Step | None:
        if self.retry_in_s is not None:
            return None
        return next_step(self.room, self.platform.capabilities, skip=self.skip, at_most=self.at_most)

    def _gives_way(self, step: Step, done: Step | None) -> bool:
        """Ordinary removals are claimed anew: the adds of the same plan, in other rooms, go first. So are listings, and
        each one: two that differ from what is read back between them would else follow each other for ever.
        """
        if step.act is Act.LIST and done is not None:
            return True
        return step.grade >= REMOVALS and self.room.grade < step.grade

    async def _release(self, tx: SettlingTransaction, step: Step | None) -> None:
        if self.pause_s:
            await tx.pause(self.room.platform_token, self.pause_s)
        if step is not None and not (self.lacking and step.act is Act.LIST):
            await tx.release(self.room, step.grade, LIST_AFTER_S if step.act is Act.LIST else 0.0)
        elif self.retry_in_s is None and self.lacking:
            await tx.absorb(self.room, Effects(room={"observed_life": NEEDS_PERSON}, answer=""))
            await tx.release(self.room, self.room.grade, RIGHTS_RETRY_S)
        elif self.retry_in_s is not None or self.skip:
            again = next_step(self.room, self.platform.capabilities)
            wait = self.retry_in_s if self.retry_in_s is not None else self._backoff()
            await tx.release(self.room, again.grade if again else self.room.grade, wait)
        else:
            await tx.release(self.room, None, None)

    def _backoff(self) -> float:
        return min(LONGEST_RETRY_S, FIRST_RETRY_S * 2.0 ** min(self.room.attempts, 12))

    # calls

    async def _call(self, step: Step) -> Effects:
        try:
            answer = await self._request(step)
        except PlatformError as error:
            self._heed(error, step)
            return failed(step, self.room, error)
        effects = answered(step, self.room, answer, self.platform.capabilities)
        if step.act is Act.ADD:
            self.skip |= {account for account, seen in effects.observed.items() if seen == Observation(OUT)}
        return effects

    async def _request(self, step: Step) -> object:
        dispatch = self.dispatch
        own = step.act is Act.LIST  # it takes a slot for each of its pages
        async with nullcontext() if own else dispatch.pacer.slot(self.room.platform_token):
            spent = dispatch.clock.monotonic() - self.renewed_at
            if spent + dispatch.call_timeout_s + dispatch.margin_s > dispatch.lease_s:
                raise PlatformError(Failure.RETRY, "lease.too.short", retry_after_s=0.0)
            try:
                async with asyncio.timeout(dispatch.call_timeout_s):
                    return await request(self.platform, self.room, step)
            except TimeoutError as error:
                raise PlatformError(Failure.UNCONFIRMED, "timeout") from error

    def _heed(self, error: PlatformError, step: Step) -> None:
        """Whether this lease goes on after a failure, and with what."""
        self.failures += 1
        match error.failure:
            case Failure.REFUSED if len(step.accounts) > 1:
                self.at_most = len(step.accounts) // 2  # whoever of them it is, the others are not to suffer
            case Failure.REFUSED if not step.accounts:
                self.skip |= {step.act}  # a title that the platform will not have keeps nobody out
            case Failure.REFUSED if not step.writes:
                self.skip |= set(step.accounts)
            case Failure.REFUSED:
                pass  # noted with the place
            case Failure.GONE:
                pass  # noted with the room
            case Failure.NEEDS_PERSON if step.writes:
                # A look tells whether it is this right alone: then the rest goes on, but what cannot be undone.
                self.skip |= {step.act, Act.ARCHIVE}
                self.lacking = True
            case Failure.NEEDS_PERSON:
                self.retry_in_s = RIGHTS_RETRY_S
            case Failure.UNCONFIRMED if self.failures < FAILURES_A_LEASE:
                pass  # read back at once
            case _:
                self.retry_in_s = self._backoff() if error.retry_after_s is None else error.retry_after_s
        if error.failure in {Failure.BUSY, Failure.CREDENTIALS}:
            self.pause_s = self.retry_in_s  # a limit, an outage, a token refused: it is the same for every room


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
