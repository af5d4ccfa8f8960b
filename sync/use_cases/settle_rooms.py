"""Make rooms as wanted: lease, call, confirm, release. After an unconfirmed call, read back first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sync.acts.act import AnyAct
from sync.acts.effects import Effects
from sync.errors import StoreUnavailable
from sync.ports.settling import Done
from sync.use_cases.calls import Dispatch, call
from sync.use_cases.lease_limits import LeaseLimits
from sync.use_cases.leased import Leased
from sync.use_cases.settle_batch import Answered, Next, claim, settle_batch

__all__ = ["Dispatch", "Settler", "settle_rooms"]

LOCKED_RETRY_S = 0.02  # a room is locked while it is planned, or while an update about it is written


async def settle_rooms(dispatch: Dispatch, limit: int = 50) -> int:
    """Settle up to `limit` rooms that are due. Return how many. Raises as `Settler.go_on` does, after all have ended.

    Safe to stop at any time: a call in flight is read back when its lease has ended.
    """
    settler = Settler(dispatch, limit)
    try:
        claimed = await settler.go_on()
        await settler.rest()
    finally:
        settler.cancel()
    return claimed


@dataclass(slots=True)
class Settler:
    """Settles up to `at_once` rooms at a time, and a quarter more with removals of leavers. Calls go on by themselves
    (`answered` is called after each); the rooms whose calls were answered are written together, in one transaction:
    until it has committed their calls are recorded as in flight, so it may come late.
    """

    dispatch: Dispatch
    at_once: int
    answered: Callable[[], None] = lambda: None
    stopping: bool = False
    _calls: dict[asyncio.Task[Effects], tuple[Leased, AnyAct]] = field(default_factory=dict)
    _late: list[Answered] = field(default_factory=list)  # their rooms were locked by somebody
    _limits: LeaseLimits = field(default_factory=LeaseLimits)

    @property
    def busy(self) -> bool:
        return bool(self._calls or self._late)

    async def go_on(self, *, claims: bool = True) -> int:
        """Do one round: write all rooms whose call was answered, then claim rooms that are due. Return how many. An
        error of one room is raised after the others are written; its lease runs out. Raises StoreUnavailable
        (retriable): answered calls are read back then.
        """
        errors: list[BaseException] = []
        batch, claimed = self._answered(errors), 0
        try:
            claimed = await self._round(batch, claims=claims)
        except StoreUnavailable:
            raise
        except Exception:  # an error of one of them: retry each alone
            for answered in batch:
                await self._alone(answered, errors)
            if not errors:
                raise
        if errors:
            raise errors[0]
        return claimed

    async def rest(self) -> None:
        """Goes on until no room is left, without claiming any."""
        errors: list[Exception] = []
        while self.busy:
            await self._answer()
            try:
                await self.go_on(claims=False)
            except Exception as error:  # noqa: BLE001 - raised when all have ended
                errors.append(error)
        if errors:
            raise errors[0]

    def stop(self) -> None:
        """End each room after its present call; a call that still waits for its slot is not made."""
        self.stopping = True
        for task, (leased, _) in self._calls.items():
            if not leased.sent:
                task.cancel()

    def cancel(self) -> None:
        for task in self._calls:
            task.cancel()

    def _answered(self, errors: list[BaseException]) -> list[Answered]:
        """The answers that have arrived. A call that raised anything but a platform's error ends its room's lease."""
        batch, self._late = self._late, []
        for task in [task for task in self._calls if task.done()]:
            leased, act = self._calls.pop(task)
            if task.cancelled():
                batch.append(Answered(leased, Done(leased.room)))
            elif error := task.exception():
                errors.append(error)
            else:
                self._limits.heard_of(leased)
                if leased.health is not None:
                    self.dispatch.healths.hear(leased.room.platform_token, leased.health)
                batch.append(Answered(leased, Done(leased.room, act, task.result())))
        return batch

    async def _round(self, batch: Sequence[Answered], *, claims: bool) -> int:
        began = self.dispatch.clock.monotonic()
        healths = self.dispatch.healths.to_write(began)
        claimed: list[Leased] = []
        first: Next = {}
        async with self.dispatch.store.settling() as tx:
            following = await settle_batch(tx, batch, self.dispatch, stopping=self.stopping) if batch else {}
            going = [answered.leased for answered in batch if following.get(answered.leased.room.room_no) is not None]
            if claims and not self.stopping:
                free = self._limits.free(self.dispatch, [*self._busy(), *going], self.at_once)
                claimed, first = await claim(tx, free, self.dispatch)
            if healths:
                await tx.note_health(healths)
        self.dispatch.healths.wrote(healths, began)
        self._late += [answered for answered in batch if answered.done.room.room_no not in following]
        self._call([answered.leased for answered in batch], following, began)
        self._call(claimed, first, began)
        return len(claimed)

    def _busy(self) -> list[Leased]:
        return [leased for leased, _ in self._calls.values()] + [answered.leased for answered in self._late]

    async def _alone(self, answered: Answered, errors: list[BaseException]) -> None:
        try:
            await self._round([answered], claims=False)
        except Exception as error:  # noqa: BLE001 - raised when the others are written
            errors.append(error)

    def _call(self, rooms: Sequence[Leased], following: Next, began: float) -> None:
        for leased in rooms:
            act = following.get(leased.room.room_no)
            if act is not None:
                leased.renewed_at, leased.sent, leased.health = began, False, None
                task = asyncio.create_task(call(self.dispatch, leased, act))
                task.add_done_callback(lambda _: self.answered())
                self._calls[task] = leased, act

    async def _answer(self) -> None:
        if self._calls and not self._late:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(LOCKED_RETRY_S)
