"""Each attack on a real server, in a process of its own: what it is answered, that others are answered meanwhile, for
how long the loop is held and how much memory it costs. `docs/operating.md` has the figures.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.adapters.max.platforms import answering
from tests.web.conftest import BATCH
from tests.web.lag import MOST_S

TOKEN, SECRET = "root-of-the-tests", "a-secret-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
STRUCTURED = {"Content-Type": "application/cloudevents+json"}
JSON = {"Content-Type": "application/json"}
PATIENCE_S = 120
MOST_MB = 128
CHATS, CALL_S = 40, 3.0
HELD_S = 0.4  # by all threads together, which take more where the loop waits for a processor

MIB = 1024 * 1024
ITEMS = b"[" + b",".join([b"{}"] * 1_300_000) + b"]"
DEEP = b"[" * (4 * MIB - 1)


@dataclass(frozen=True)
class Bore:
    """What the process had to bear since it was last asked."""

    own_s: float
    held_s: float
    slowness: float
    now_mb: int
    most_mb: int


@dataclass(frozen=True)
class Served:
    """The process, and how to ask it."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def bore(self) -> Bore:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return Bore(**json.loads(self.process.stdout.readline()))


@contextlib.contextmanager
def serving(database: Path, **settings: str) -> Iterator[Served]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
    own = {"WEB_PORT": "0", "DATABASE_URL": f"sqlite:///{database}", "ADMIN_TOKEN": TOKEN, "MAX_TOKEN": "t"}
    environ |= {f"ROLLCALL_{name}": value for name, value in (own | settings).items()}
    log = database.with_suffix(".log")
    arguments = [sys.executable, "-m", "tests.web.attacked"]
    with (
        log.open("wb") as out,
        subprocess.Popen(arguments, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out) as process,
    ):
        try:
            yield Served(process, listens_on(process, log), log)
        finally:
            process.kill()


def listens_on(process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + PATIENCE_S
    while (found := re.search(r"listens on (\S+)", log.read_text())) is None:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until
        time.sleep(0.05)
    return found[1]


@dataclass(frozen=True)
class Attacker:
    """A client; what it asks has the token unless it is told otherwise."""

    served: Served
    session: aiohttp.ClientSession

    async def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> int:
        sent = BEARER | (headers or {})
        async with self.session.request(method, self.served.url + path, headers=sent, **more) as response:
            await response.read()
            return response.status

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.served.url.removeprefix("http://").split(":")
        return await asyncio.open_connection(host, int(port))

    async def raw(self, content: bytes) -> int:
        """Sends bytes as they are, and gives the status of the answer."""
        reader, writer = await self.connect()
        writer.write(content)
        try:
            await writer.drain()
            return int((await reader.readline()).split()[1])
        except ConnectionError:  # who is answered while he still sends may not hear it
            return 400
        finally:
            writer.close()

    async def many(self, number: int, begun: bytes) -> list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """So many connections, on each of which something was begun."""
        made = [await self.connect() for _ in range(number)]
        for _, writer in made:
            writer.write(begun)
        return made


async def statuses(made: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> Counter[str]:
    """How connections ended: by which status, or closed without a word."""
    ended: Counter[str] = Counter()
    for reader, writer in made:
        with contextlib.suppress(ConnectionError):
            answer = (await reader.read()).split()
            ended[answer[1].decode() if answer else "closed"] += 1
        writer.close()
    return ended


@cache
def bomb() -> bytes:
    return gzip.compress(b" " * 300 * MIB, 1)


def batch(events: int = 10_000) -> bytes:
    """Good events, as many as a batch may have."""
    head = {"specversion": "1.0", "source": "sis", "type": "school.person.described.v1", "time": "2026-11-01T10:00:00Z"}
    data = {"organisation_id": "s", "last_name": "Иванова", "first_name": "Анна", "middle_name": "Петровна"}
    made = [head | {"id": str(number), "data": data | {"person_id": f"p{number}"}} for number in range(events)]
    return json.dumps(made, ensure_ascii=False).encode()


Attack = Callable[[Attacker], Awaitable[object]]


def posted(path: str, body: Callable[[], bytes], headers: dict[str, str], method: str = "POST") -> Attack:
    async def attack(attacker: Attacker) -> object:
        sent = await asyncio.to_thread(body)
        return await attacker.ask(method, path, data=BytesIO(sent), headers=headers)

    return attack


def got(path: str, headers: dict[str, str] | None = None) -> Attack:
    async def attack(attacker: Attacker) -> object:
        head = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        sent = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n{head}\r\n"
        return await attacker.raw(sent.encode())

    return attack


async def half_bodies(attacker: Attacker) -> object:
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 1000000\r\n\r\n"
    made = await attacker.many(100, head.encode() + b"{" * 60_000)
    return await statuses(made)


async def large_bodies(attacker: Attacker) -> object:
    """All at a time, none of them to its end."""
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 4000000\r\n\r\n"
    made = await attacker.many(100, head.encode() + b"{" * 3_900_000)
    return set(await statuses(made)) <= {"408", "503"}


async def half_headers(attacker: Attacker) -> object:
    return await statuses(await attacker.many(1_000, b"GET /livez HTTP/1.1\r\nHost:"))


async def idle(attacker: Attacker) -> object:
    return await statuses(await attacker.many(1_000, b""))


async def endless_header(attacker: Attacker) -> object:
    return await attacker.raw(b"GET /livez HTTP/1.1\r\nX: " + b"a" * 16 * MIB)


async def crumbs(attacker: Attacker) -> object:
    """A body in a hundred thousand chunks of a byte, from somebody who is nobody."""
    head = b"POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    return await attacker.raw(head + b"1\r\na\r\n" * 100_000)


async def crumbs_of_a_known(attacker: Attacker) -> object:
    head = f"POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nTransfer-Encoding: chunked\r\n\r\n"
    # too large, or too late: a busy machine takes its time
    return await attacker.raw(head.encode() + b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n") in {408, 413}


async def pipelined(attacker: Attacker) -> object:
    """A thousand requests in one go, and no answer read."""
    made = await attacker.many(20, b"GET /v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 1_000)
    await asyncio.sleep(1)
    for _, writer in made:
        writer.close()
    return await attacker.ask("GET", "/livez")


async def metrics(attacker: Attacker) -> object:
    """What costs the database something, and needs no token."""
    return Counter(await asyncio.gather(*(attacker.ask("GET", "/metrics") for _ in range(100))))


SECRETS = {"X-Max-Bot-Api-Secret": SECRET, **JSON}

ATTACKS: dict[str, tuple[Attack, object]] = {
    "1.3 million items": (posted("/v1/events", lambda: ITEMS, BATCH), 413),
    "1.3 million items as one event": (posted("/v1/events", lambda: ITEMS, STRUCTURED), 413),
    "1.3 million items to another route": (posted("/v1/persons/p/accounts/max", lambda: ITEMS, JSON, "PUT"), 413),
    "1.3 million fields to another route": (
        posted("/v1/organisations/s", lambda: json.dumps(dict.fromkeys(range(300_000), 1)).encode(), JSON, "PATCH"),
        413,
    ),
    "10,000 good events": (posted("/v1/events", batch, BATCH), 202),
    "4 MiB of brackets": (posted("/v1/events", lambda: DEEP, BATCH), 400),
    "1.3 million items as one event of a batch": (posted("/v1/events", lambda: b"[" + ITEMS + b"]", BATCH), 202),
    "64 KiB of brackets": (posted("/v1/events", lambda: DEEP[:65_000], STRUCTURED), 400),
    "64 KiB of brackets to another route": (posted("/v1/reconcile", lambda: DEEP[:65_000], JSON), 400),
    "300 MB of a body": (posted("/v1/events", lambda: b" " * 300 * MIB, BATCH), 413),
    "a gzip bomb": (
        posted("/v1/events", bomb, BATCH | {"Content-Encoding": "gzip"}),
        400,
    ),
    "an update of 16 MiB": (posted("/webhooks/max", lambda: b"[" * 16 * MIB, SECRETS), 413),
    "an update of 340,000 items": (posted("/webhooks/max", lambda: ITEMS[:1_020_001] + b"{}]", SECRETS), 200),
    "an update of 1 MiB of brackets": (posted("/webhooks/max", lambda: DEEP[:MIB], SECRETS), 400),
    "100 bodies half sent": (half_bodies, Counter({"408": 100})),
    "100 bodies of 4 MiB, not quite": (large_bodies, True),
    "1,000 half headers": (half_headers, Counter({"closed": 1_000})),
    "1,000 idle connections": (idle, Counter({"closed": 1_000})),
    "16 MiB of a header": (endless_header, 400),
    "a query of 16 MiB": (got("/v1/explain?person=" + "a" * 16 * MIB), 400),
    "a query of 3,000 parameters": (got("/v1/explain?person=a" + "&a=b" * 3_000), 404),
    "3,000 ranges": (got("/v1/openapi.json", {"Range": "bytes=" + "0-1," * 3_000 + "0-1"}), 200),
    "a body in crumbs": (crumbs, 401),
    "a body in crumbs, with a token": (crumbs_of_a_known, True),
    "20,000 pipelined requests": (pipelined, 200),
    "100 times /metrics": (metrics, Counter({200: 100})),
}


@pytest.fixture(scope="module")
def served(prepared_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    database = tmp_path_factory.mktemp("attacked") / "served.db"
    shutil.copy(prepared_sqlite, database)
    with serving(database, MAX_WEBHOOK_SECRET=SECRET, MAX_URL="http://127.0.0.1:9") as made:
        yield made


@pytest.fixture
async def attacker(served: Served) -> AsyncIterator[Attacker]:
    async with attacking(served) as made:
        assert await made.ask("POST", "/v1/events", data=batch(100), headers=BATCH) == 202  # what is made once, is
        yield made


@contextlib.asynccontextmanager
async def attacking(served: Served) -> AsyncIterator[Attacker]:
    connector, timeout = aiohttp.TCPConnector(limit=0, force_close=True), aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        yield Attacker(served, session)


async def others(attacker: Attacker, over: asyncio.Event) -> list[int]:
    """What somebody else is answered who asks all the time."""
    told = [await attacker.ask("GET", "/v1/organisations")]
    while not over.is_set():
        told.append(await attacker.ask("GET", "/v1/organisations"))
        await asyncio.sleep(0.05)
    return told


@dataclass(frozen=True)
class Cost:
    """What an attack cost: for how long the loop was held by its own thread, and by all of them; and memory."""

    own_s: float
    held_s: float
    slowness: float
    grew_mb: int

    def too_much(self) -> bool:
        too_long = self.own_s > MOST_S * self.slowness or self.held_s > HELD_S * self.slowness
        return too_long or self.grew_mb > MOST_MB


async def under(attack: Attack, attacker: Attacker) -> tuple[object, Cost]:
    """What an attack is answered, and costs; somebody else is answered all the while."""
    await attacker.ask("GET", "/v1/organisations")
    before = await asyncio.to_thread(attacker.served.bore)
    over = asyncio.Event()
    asking = asyncio.create_task(others(attacker, over))
    try:
        answer = await attack(attacker)
    finally:
        over.set()
    assert set(await asking) == {200}
    bore = await asyncio.to_thread(attacker.served.bore)
    return answer, Cost(round(bore.own_s, 3), round(bore.held_s, 3), bore.slowness, bore.most_mb - before.now_mb)


@pytest.mark.parametrize(("attack", "answer"), ATTACKS.values(), ids=ATTACKS)
async def test_an_attack_is_answered_and_keeps_nobody_waiting(
    attacker: Attacker, attack: Attack, answer: object, record_property: Callable[[str, object], None]
) -> None:
    told, cost = await under(attack, attacker)
    record_property("cost", str(cost))
    assert (told, cost.too_much()) == (answer, False), cost


# What stands in the platform's place, and answers what no platform should.


@dataclass
class Platform:
    """By `answer` every request is answered; `often`: CHATS of them were."""

    answer: Callable[[web.Request], Awaitable[web.StreamResponse]]
    asked: int = 0
    often: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.asked >= CHATS:
            self.often.set()
        return await self.answer(request)


async def well(_: web.Request) -> web.StreamResponse:
    return web.json_response({"user_id": 1, "updates": [], "subscriptions": [], "marker": 1, "success": True})


def streamed(part: bytes, number: int, **headers: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", **headers})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for _ in range(number):
                await response.write(part)
        return response

    return answer


async def bombed(request: web.Request) -> web.StreamResponse:
    return await streamed(bomb(), 1, **{"Content-Encoding": "gzip"})(request)


ENDLESS = 10**9
ANSWERS = {
    "16 MiB of items": streamed(b"[" + b"{}," * (5 * MIB) + b"{}]", 1),
    "16 MiB of brackets": streamed(b"[" * (16 * MIB - 1), 1),
    "a gzip bomb": bombed,
    "an endless body": streamed(b" " * MIB, ENDLESS),
}


def twenty_classes(school: str) -> bytes:
    """A school of which 41 chats are to be made at once."""
    of, numbers = {"organisation_id": school}, itertools.count(1)
    head = {"specversion": "1.0", "source": school, "time": "2025-11-01T10:00:00Z"}
    said: list[tuple[str, dict[str, Any]]] = [("school.organisation.registered.v1", of | {"name": "Школа"})]
    for each in map(str, range(1, 21)):
        opened = {"class_id": each, "name": each, "school_year": "2025/2026"}
        said.append(("school.class.opened.v1", of | opened))
        said.append(("school.student.enrolled.v1", of | {"student_id": f"p{each}", "class_id": each}))
        said.append(("school.guardian.assigned.v1", of | {"student_id": f"p{each}", "guardian_id": f"g{each}"}))
        for person, account in ((f"p{each}", each), (f"g{each}", f"9{each}")):
            said.append(("account.linked.v1", {"person_id": person, "provider": "max", "external_user_id": account}))
    return json.dumps([head | {"id": str(next(numbers)), "type": type_, "data": data} for type_, data in said]).encode()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_whatever_the_platform_answers_the_process_stands(
    sqlite_url: str, answer: Any, record_property: Callable[[str, object], None]
) -> None:
    """41 chats are to be made, and so many requests are answered so at the same time."""
    platform = Platform(well)
    await asyncio.to_thread(bomb)  # it takes its time, once

    async def attack(attacker: Attacker) -> object:
        platform.answer, platform.asked = answer, 0
        platform.often.clear()
        status = await attacker.ask("POST", "/v1/events", data=twenty_classes("s"), headers=BATCH)
        async with asyncio.timeout(PATIENCE_S):
            await platform.often.wait()
        await asyncio.sleep(CALL_S)  # by then those that came are answered, or given up
        return status

    database = Path(sqlite_url.removeprefix("sqlite:///"))
    async with answering(platform.hear) as address:
        of = {"MAX_URL": address, "MAX_PARTNER_OPERATIONS": "true", "CALL_TIMEOUT_S": f"{CALL_S:g}", "LEASE_S": "20"}
        served = contextlib.ExitStack()
        try:
            made = await asyncio.to_thread(served.enter_context, serving(database, **of))
            async with attacking(made) as attacker:
                await attacker.ask("POST", "/v1/events", data=twenty_classes("w"), headers=BATCH)
                await platform.often.wait()  # what is loaded once, is
                told, cost = await under(attack, attacker)
        finally:
            await asyncio.to_thread(served.close)
    record_property("cost", str(cost))
    assert (told, cost.too_much()) == (202, False), cost
