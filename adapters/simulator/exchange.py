"""The road of one request through the simulator, whatever its dialect: token, limit, fault, world, log, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from multidict import MultiMapping

from adapters.simulator.entities import Call, Update
from adapters.simulator.faults import Fault, Faults, Kind
from adapters.simulator.feed import Feed
from adapters.simulator.ground import Ground
from adapters.simulator.limits import SlidingSecond
from adapters.simulator.max_updates import update_body
from adapters.simulator.vkid.books import Books
from adapters.simulator.world import World

NONSENSE = ("<html>502 Bad Gateway</html>", '{"success": tru', "[]", "null")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dialect answers: JSON, or plain text. `changed` are the users whom the request really changed."""

    status: int
    body: Any
    chat_id: int | None = None
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, read. `arrived_s` is when it arrived, by the simulation's clock; `at` when it reaches the world."""

    path: Mapping[str, str]
    query: MultiMapping[str]
    body: bytes
    arrived_s: float
    at: datetime
    fault: Fault


Handler = Callable[[World, Ask], Answer]
Route = Callable[[web.Request], Awaitable[web.StreamResponse]]
Deed = tuple[str, int | None]
"""What a write asks for, as the log of calls names it, and in which chat."""

Deeds = Callable[[web.Request, bytes], Deed | None]
"""What a request with this body asks for; None of one that only reads."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between platforms before the world is asked anything."""

    name: str
    token: Callable[[web.Request], Awaitable[str | None]]
    wrong_token: Answer
    too_many: Answer
    server_errors: tuple[Answer, ...]
    lying_ok: Callable[[bytes], Answer]


@dataclass(slots=True)
class Simulation:
    """What one simulator holds. `clock` is monotonic, in seconds, asked once a request, as it arrives; `now`
    gives the aware UTC time.
    """

    token: str
    requests_per_second: int
    clock: Callable[[], float]
    now: Callable[[], datetime]
    feed: Feed
    world: World = field(init=False)
    vk_id: Books = field(init=False)
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """An empty world without faults. Requests under way end in the old one; who subscribed hears of the new one."""
        self.world, self.faults, self.vk_id = World(self._hear), Faults(), Books()

    def _hear(self, ground: Ground, update: Update) -> None:
        """Of VK's chats, whose ids are above 0, MAX tells nothing."""
        if (update.chat_id or 0) <= 0:
            self.feed.put(update_body(ground, update))


@dataclass(frozen=True, slots=True)
class Exchange:
    """Answers the requests of one dialect."""

    simulation: Simulation
    dialect: Dialect
    limit: SlidingSecond

    def reads(self, handler: Handler) -> Route:
        return self.does(lambda _request, _body: None, handler)

    def writes(self, action: str, handler: Handler) -> Route:
        """Every request is in the log of calls as `action`, whatever becomes of it."""
        return self.does(lambda request, _body: (action, _chat_in(request)), handler)

    def unstruck(self, route: Route, own_limit: SlidingSecond | None = None) -> Route:
        """Has a route answer by itself what the token, the limit and its own limit let through; no fault strikes it."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            arrived_s = self.simulation.clock()
            if refusal := await self._refusal(request, arrived_s):
                return answered(refusal)
            if own_limit is not None and not own_limit.admits(request.path, arrived_s):
                return answered(self.dialect.too_many)
            return await route(request)

        return guarded

    def does(self, deeds: Deeds, handler: Handler) -> Route:
        """A route of which `deeds` tells what each request asks for."""

        async def route(request: web.Request) -> web.StreamResponse:
            return await self._answer(request, deeds, handler)

        return route

    async def _answer(self, request: web.Request, deeds: Deeds, handler: Handler) -> web.StreamResponse:
        world, arrived_s, body = self.simulation.world, self.simulation.clock(), await request.read()
        fault = self.simulation.faults.draw(request.method, request.path)
        deed = deeds(request, body)
        lies = deed is not None and fault.kind is Kind.LYING_OK
        answer = await self._refusal(request, arrived_s) or self._struck(fault)
        if answer is None and lies:
            answer = self.dialect.lying_ok(body)
        await asyncio.sleep(fault.delay_s)
        if answer is None and fault.kind is not Kind.RESET_BEFORE:
            ask = Ask(request.match_info, request.query, body, arrived_s, self.simulation.now(), fault)
            answer = handler(world, ask)
        broken = fault.kind in {Kind.RESET_BEFORE, Kind.RESET_AFTER} or request.transport is None
        if deed is not None:
            self._record(world, request, deed, answer, answered=not broken)
        if broken or answer is None:
            return broken_off(request)
        return _sent(answer, fault)

    async def _refusal(self, request: web.Request, arrived_s: float) -> Answer | None:
        token = await self.dialect.token(request)
        if token is None or token != self.simulation.token:
            return self.dialect.wrong_token
        return None if self.limit.admits(token, arrived_s) else self.dialect.too_many

    def _struck(self, fault: Fault) -> Answer | None:
        if fault.kind is Kind.TOO_MANY:
            return self.dialect.too_many
        if fault.kind is Kind.SERVER_ERROR:
            return fault.dice.choice(self.dialect.server_errors)
        return None

    def _record(self, world: World, request: web.Request, deed: Deed, answer: Answer | None, *, answered: bool) -> None:
        told, (action, asked_of) = answer or Answer(0, None), deed
        chat_id = told.chat_id if told.chat_id is not None else asked_of
        status = answer.status if answer else None
        at, name = self.simulation.now(), self.dialect.name
        call = Call(0, at, name, action, chat_id, told.changed, request.method, request.path, status, answered)
        world.record(call)


def _chat_in(request: web.Request) -> int | None:
    chat_id = request.match_info.get("chat_id")
    return None if chat_id is None else int(chat_id)


def _sent(answer: Answer, fault: Fault) -> web.StreamResponse:
    if fault.kind is Kind.WRONG_JSON and answer.status == 200:
        return web.Response(text=fault.dice.choice(NONSENSE), content_type="application/json")
    return answered(answer)


def answered(answer: Answer) -> web.Response:
    if isinstance(answer.body, str):
        return web.Response(status=answer.status, text=answer.body)
    return web.json_response(answer.body, status=answer.status)


def broken_off(request: web.Request) -> web.StreamResponse:
    """The connection breaks without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
