"""Make rooms as wanted: lease, call, confirm, let go. Where nobody knows what a call did, read back first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sync.acts.act import AnyAct
from sync.acts.effects import Effects
from sync.errors import StoreUnavailable
from sync.ports.settling import Done
from sync.use_cases.calls import Dispatch, call
from sync.use_cases.leased import Leased
from sync.use_cases.seats import Seats
from sync.use_cases.turns import Next, Turn, claim, take_turns

__all__ = ["Dispatch", "Settler", "settle_rooms"]

LOCKED_RETRY_S = 0.02  # a room that somebody has locked is planned, or a webhook speaks of it


async def settle_rooms(dispatch: Dispatch, limit: int = 50) -> int:
    """Settles up to `limit` rooms that are due; gives how many. Raises as `Settler.go_on` does, when all have ended.

    Whatever it is stopped at, nothing is lost: a call on its way is read back when its lease has ended.
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
    """Settles up to `at_once` rooms at a time. Calls go on by themselves (`answered` is called after each); the rooms
    whose calls were answered take their turn together, in one transaction: until it has committed their calls are
    noted as being on their way, so it may come late.
    """

    dispatch: Dispatch
    at_once: int
    answered: Callable[[], None] = lambda: None
    stopping: bool = False
    _calls: dict[asyncio.Task[Effects], tuple[Leased, AnyAct]] = field(default_factory=dict)
    _late: list[Turn] = field(default_factory=list)  # their rooms were locked by somebody
    _seats: Seats = field(default_factory=Seats)

    @property
    def busy(self) -> bool:
        return bool(self._calls or self._late)

    @property
    def free(self) -> int:
        """How many more rooms it would claim."""
        return 0 if self.stopping else self.at_once - len(self._calls) - len(self._late)

    async def go_on(self, *, claims: bool = True) -> int:
        """One round: takes the turns of all rooms whose call was answered, then claims rooms that are due; gives how
        many. What goes wrong with one room is raised when the others have had their turn; its lease runs out.

        Raises StoreUnavailable (retriable): whatever was answered is read back.
        """
        errors: list[BaseException] = []
        turns, claimed = self._turns(errors), 0
        try:
            claimed = await self._round(turns, claims=claims)
        except StoreUnavailable:
            raise
        except Exception:  # that of one of them: it is to be alone with it
            for turn in turns:
                await self._alone(turn, errors)
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
        """Ends each room after its present call, unless that still waits for its turn: then it is not made."""
        self.stopping = True
        for task, (leased, _) in self._calls.items():
            if not leased.sent:
                task.cancel()

    def cancel(self) -> None:
        for task in self._calls:
            task.cancel()

    def _turns(self, errors: list[BaseException]) -> list[Turn]:
        """The turns that have come; a call that ended otherwise than platforms do ends its room's."""
        turns, self._late = self._late, []
        for task in [task for task in self._calls if task.done()]:
            leased, act = self._calls.pop(task)
            if task.cancelled():
                turns.append(Turn(leased, Done(leased.room)))
            elif error := task.exception():
                errors.append(error)
            else:
                self._seats.heard_of(leased)
                turns.append(Turn(leased, Done(leased.room, act, task.result())))
        return turns

    async def _round(self, turns: Sequence[Turn], *, claims: bool) -> int:
        began = self.dispatch.clock.monotonic()
        claimed: list[Leased] = []
        first: Next = {}
        async with self.dispatch.store.settling() as tx:
            following = await take_turns(tx, turns, self.dispatch, stopping=self.stopping) if turns else {}
            going = [turn.leased for turn in turns if following.get(turn.leased.room.room_no) is not None]
            if claims and self.free - len(going) > 0:
                seats = self._seats.free(self.dispatch, [*self._busy(), *going])
                claimed, first = await claim(tx, self.free - len(going), seats, self.dispatch)
        self._late += [turn for turn in turns if turn.done.room.room_no not in following]
        self._call([turn.leased for turn in turns], following, began)
        self._call(claimed, first, began)
        return len(claimed)

    def _busy(self) -> list[Leased]:
        return [leased for leased, _ in self._calls.values()] + [turn.leased for turn in self._late]

    async def _alone(self, turn: Turn, errors: list[BaseException]) -> None:
        try:
            await self._round([turn], claims=False)
        except Exception as error:  # noqa: BLE001 - raised when the others have had their turn
            errors.append(error)

    def _call(self, rooms: Sequence[Leased], following: Next, began: float) -> None:
        for leased in rooms:
            act = following.get(leased.room.room_no)
            if act is not None:
                leased.renewed_at, leased.sent = began, False
                task = asyncio.create_task(call(self.dispatch, leased, act))
                task.add_done_callback(lambda _: self.answered())
                self._calls[task] = leased, act

    async def _answer(self) -> None:
        if self._calls and not self._late:
            await asyncio.wait(self._calls, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(LOCKED_RETRY_S)
