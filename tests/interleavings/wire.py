"""A wire between a dispatcher and the world that a test holds in its hand: calls on their way, late, lost, landed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.simulator.world import World
from sync.errors import Failure, PlatformError
from sync.use_cases.settle_rooms import Dispatch, settle_rooms
from tests.doubles.platform import Action, WorldPlatform
from tests.road import NoLimit, TestClock

CALL_TIMEOUT_S, LONGEST_LIFE_S = 20.0, 25.0


@dataclass
class Late:
    """A request whose sender has given up, and which may still land."""

    sent_at: datetime
    land: Callable[[], Awaitable[Any]]


@dataclass
class Dispatcher:
    """One worker, one room at a time. It stops before each call has landed, and again before the answer is heard."""

    store: Any
    world: World
    clock: TestClock
    late: list[Late] = field(default_factory=list)
    task: asyncio.Task[int] | None = None
    stage: str = "idle"
    sent_at: datetime | None = None

    def __post_init__(self) -> None:
        self.platform = WorldPlatform(self.world, before=self._sent, after=self._landed)
        self._gate: asyncio.Future[None] | None = None
        self._stopped = asyncio.Event()
        self._action: Action | None = None

    async def start(self) -> None:
        dispatch = Dispatch(
            self.store, {"max": self.platform}, NoLimit(), self.clock, call_timeout_s=CALL_TIMEOUT_S, margin_s=5.0
        )
        self.task = asyncio.create_task(settle_rooms(dispatch, limit=1))
        self.task.add_done_callback(lambda _: self._stop("idle"))
        await self._until_stopped()

    def _stop(self, stage: str) -> None:
        self.stage = stage
        self._stopped.set()

    async def _until_stopped(self) -> None:
        await asyncio.wait_for(self._stopped.wait(), 20)
        self._stopped.clear()
        if self.stage == "idle" and self.task is not None and not self.task.cancelled():
            self.task.result()

    async def _sent(self, action: Action) -> None:
        self._action, self.sent_at = action, self.clock.at
        await self._pause("sent")

    async def _landed(self, _: Action) -> None:
        await self._pause("landed")

    async def _pause(self, stage: str) -> None:
        self._gate = asyncio.get_running_loop().create_future()
        self._stop(stage)
        await self._gate

    async def goes_on(self) -> None:
        """The request lands; or, landed already, its answer is heard."""
        assert self._gate is not None
        self._gate.set_result(None)
        await self._until_stopped()

    async def is_lost(self) -> None:
        """The request never lands; or, landed already, its answer is never heard."""
        assert self._gate is not None
        self._gate.set_exception(PlatformError(Failure.UNCONFIRMED, "connection.lost"))
        await self._until_stopped()

    async def gives_up(self) -> None:
        """The sender stops waiting for a request that may still land."""
        self._leave_on_the_wire()
        await self.is_lost()

    async def dies(self) -> None:
        """SIGKILL: whatever is on the wire stays on it."""
        assert self.task is not None
        if self.stage == "sent":
            self._leave_on_the_wire()
        self.task.cancel()
        await self._until_stopped()

    def _leave_on_the_wire(self) -> None:
        assert self._action is not None
        assert self.sent_at is not None
        action, bare = self._action, WorldPlatform(self.world)
        arguments = {
            "create_chat": (action.title, "the nonce of the only room"),
            "rename_chat": (action.chat, action.title),
            "remove_member": (action.chat, *action.accounts),
            "revoke_admin": (action.chat, *action.accounts),
            "archive_chat": (action.chat,),
        }.get(action.name, (action.chat, action.accounts))
        # A chat made twice by one nonce is one chat, and a read changes nothing: nothing to see.
        if action.name not in {"create_chat", "read_chat", "read_members", "list_members"}:
            self.late.append(Late(self.sent_at, lambda: getattr(bare, action.name)(*arguments)))
