"""Changes a second out: settlers against a simulator without limits, beside a loop that only makes the same calls."""

from __future__ import annotations

import asyncio
import os
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple, cast

import aiohttp
from sqlalchemy import func, select

from adapters.database.schema import changes
from adapters.database.store import Database
from adapters.max.client import MaxClient, max_transport
from adapters.slots import Slots
from adapters.wire.transport import Transport
from bench.empty_jobs import drained
from bench.ground import KINDS, Ground
from bench.measure import Pairs, Rates, Stopwatch, timed
from bench.schools import FIRST_ACCOUNT, Movers, intake_of, load, some_schools, take
from bench.start_up import ROLLCALL
from rollcall.bell import Bell
from rollcall.clock import SystemClock
from rollcall.workers import ROOMS_AT_ONCE, SETTLE_EVERY_S
from sync.use_cases.settle_rooms import Dispatch, Settler

SCHOOLS = 2
ROUNDS = 5
TRANSFERS = 400
TOKEN = "simulator"


class Request(NamedTuple):
    method: str
    path: str
    query: Mapping[str, Any] | None
    body: Any


@dataclass(slots=True)
class Recorder:
    """A transport that keeps what it was asked to send, by the chat it was about, in order."""

    sender: Transport
    sent: dict[str, list[Request]] = field(default_factory=lambda: defaultdict(list))

    @property
    def call_timeout_s(self) -> float:
        return self.sender.call_timeout_s

    async def send(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: object = None
    ) -> dict[str, Any]:
        answer = await self.sender.send(method, path, query=query, body=body)
        chat = str(answer["chat_id"]) if path == "chats" else path.split("/")[1]
        self.sent[chat].append(Request(method, path, query, body))
        return answer

    def taken(self) -> dict[str, list[Request]]:
        sent, self.sent = self.sent, defaultdict(list)
        return sent


async def measure(ground: Ground) -> AsyncIterator[Pairs]:
    schools = some_schools(SCHOOLS)
    async with unlimited_simulator() as url:
        for kind in KINDS:
            for pairs in await _on(ground, kind, schools, url):
                yield pairs


async def _on(ground: Ground, kind: str, schools: Sequence[Any], url: str) -> list[Pairs]:
    loaded = ground.empty(kind)
    await load(loaded, schools)
    filled = Rates(f"changes out of {kind}: all chats made and filled", "changes")
    moved = Rates(f"changes out of {kind}: {TRANSFERS} transfers", "changes")
    queued = Rates(f"changes out of {kind} beside pgqueuer's empty jobs", "changes")
    for _ in range(ROUNDS):
        await _arrange(url, sum(len(school.people) for school in schools))
        database = Database(ground.copy(loaded), linger=timedelta())
        async with max_transport(f"{url}/max", TOKEN, call_timeout_s=20.0, tls=None) as sender, _bare(url) as bare:
            recorder = Recorder(sender)
            made, settling = await _compare(filled, database, recorder, bare)
            if kind == "postgresql":
                queued.add(made, settling, await drained(ground.empty(kind), made))
            await take(intake_of(database), Movers(schools).transfers(TRANSFERS))
            await _compare(moved, database, recorder, bare)
        await database.close()
    return [*filled.pairs, *(queued.pairs if kind == "postgresql" else ()), *moved.pairs]


async def _compare(rates: Rates, database: Database, recorder: Recorder, bare: Bare) -> tuple[int, Stopwatch]:
    """Settles all there is to settle, then has the same calls made on chats like those."""
    client = MaxClient(cast(Transport, recorder), partner_operations=True)
    dispatch = Dispatch(database, {"max": client}, Slots(lambda _: 0), SystemClock())
    before = await _changes(database)
    with timed() as settling:
        await drained_by(dispatch)
    made = await _changes(database) - before
    with timed() as calling:
        await bare.make(recorder.taken())
    rates.add(made, settling, calling)
    return made, settling


async def drained_by(dispatch: Dispatch) -> None:
    """As a serving process does, until there is nothing more to do."""
    answered = Bell()
    settler = Settler(dispatch, ROOMS_AT_ONCE, answered=answered.ring)
    while await settler.go_on() or settler.busy:
        await answered.heard(SETTLE_EVERY_S)


async def _changes(database: Database) -> int:
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(changes))).scalar_one())


# the ceiling


@dataclass(slots=True)
class Bare:
    """Makes calls on the twins of chats: chats of the same world, with the same people in them."""

    base: str
    session: aiohttp.ClientSession
    twins: dict[str, str] = field(default_factory=dict)
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ROOMS_AT_ONCE))

    async def make(self, sent: Mapping[str, Sequence[Request]]) -> None:
        await asyncio.gather(*(self._in_order(chat, requests) for chat, requests in sent.items()))

    async def _in_order(self, chat: str, requests: Sequence[Request]) -> None:
        async with self.at_once:
            for method, path, query, body in requests:
                if path == "chats":
                    twin = await self._send(method, path, query, body | {"client_ref": f"{body['client_ref']}-twin"})
                    self.twins[chat] = str(twin["chat_id"])
                else:
                    await self._send(method, path.replace(chat, self.twins[chat], 1), query, body)

    async def _send(self, method: str, path: str, query: Mapping[str, Any] | None, body: Any) -> Any:
        async with self.session.request(method, f"{self.base}/{path}", params=query, json=body) as response:
            response.raise_for_status()
            return await response.json()


@asynccontextmanager
async def _bare(url: str) -> AsyncIterator[Bare]:
    headers, connector = {"Authorization": TOKEN}, aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(headers=headers, connector=connector) as session:
        yield Bare(f"{url}/max", session)


# the simulator, in a process of its own


@asynccontextmanager
async def unlimited_simulator() -> AsyncIterator[str]:
    """Its address, without a slash at its end."""
    settings = {"ROLLCALL_SIMULATOR_PORT": "0", "ROLLCALL_SIMULATOR_REQUESTS_PER_SECOND": "0"}
    process = await asyncio.create_subprocess_exec(
        ROLLCALL, "simulator", env={**os.environ, **settings}, stderr=asyncio.subprocess.PIPE
    )
    try:
        told = (await process.stderr.readline()).decode() if process.stderr else ""
        yield re.findall(r"http://[\d.:]+", told)[0]
    finally:
        process.terminate()
        await process.wait()


async def _arrange(url: str, people: int) -> None:
    """An empty world that everybody has an account in."""
    users = [
        {"user_id": FIRST_ACCOUNT + number, "phone": f"+7900{number:07}", "first_name": "-", "last_name": "-"}
        for number in range(people)
    ]
    async with aiohttp.ClientSession() as session:
        for path, body in (("reset", {}), ("users", users)):
            async with session.post(f"{url}/_sim/{path}", json=body) as response:
                response.raise_for_status()
