"""Rollcall as its users run it: processes over a real broker, a PostgreSQL and a platform over HTTP."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy import select

from adapters.database.schema import rooms
from adapters.database.store import Database
from adapters.simulator.server import Simulator
from tests.servers.kafka import Kafka

PATIENCE_S = 120
MAIN = "from rollcall.cli import main; main()"

_numbers = itertools.count(1)


@dataclass
class Arrivals:
    """A clock for the simulator that keeps what it told: when each request arrived."""

    times: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        self.times.append(time.monotonic())
        return self.times[-1]

    def most_in_a_second(self) -> int:
        first, most = 0, 0
        for last, at in enumerate(self.times):
            while self.times[first] <= at - 1:
                first += 1
            most = max(most, last - first + 1)
        return most


@dataclass
class Running:
    """A process of ours; what it says goes to a file."""

    role: str
    process: Process
    log: Path

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    def said(self) -> str:
        return self.log.read_text()

    def kill(self) -> None:
        self.process.kill()

    async def ends(self) -> float:
        """Asks it to end and gives after how many seconds it did, cleanly."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_S):
            code = await self.process.wait()
        assert code == 0, self.said()
        return time.monotonic() - asked


@dataclass
class Town:
    """Settings that all processes share, and the processes."""

    settings: dict[str, str]
    folder: Path
    platform: Simulator
    session: aiohttp.ClientSession
    running: list[Running] = field(default_factory=list)
    url: str = ""

    def environ(self, **more: str) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith("ROLLCALL_")}
        return outside | {f"ROLLCALL_{name}": value for name, value in (self.settings | more).items()}

    async def start(self, *commands: str, code: str = MAIN) -> list[Running]:
        """Starts processes beside each other and waits until each says that it has begun."""
        return list(await asyncio.gather(*(self._start(command, code) for command in commands)))

    async def _start(self, command: str, code: str) -> Running:
        log = self.folder / f"{command}-{next(_numbers)}.log"
        with log.open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", code, command, env=self.environ(), stderr=out, cwd=self.folder
            )
        running = Running(command, process, log)
        self.running.append(running)
        begun = await self.until(lambda: re.search(r"listens on (\S+)|has begun", running.said()), running)
        self.url = begun[1] or self.url
        return running

    async def until(self, seen: Callable[[], Any], running: Running | None = None) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := seen()):
                assert running is None or running.alive, running.said()
                await asyncio.sleep(0.05)
            return found

    async def command(self, *arguments: str) -> str:
        """Runs a command to its end and gives what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", MAIN, *arguments, env=self.environ(), stdout=-1, stderr=-1, cwd=self.folder
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode()

    async def status(self) -> Mapping[str, Any]:
        async with self.session.get(f"{self.url}/v1/status") as response:
            assert response.status == 200
            told: Mapping[str, Any] = await response.json()
            return told

    async def quiet(self, seconds: float = PATIENCE_S) -> None:
        """Waits until nothing is on its way any more."""
        until = time.monotonic() + seconds
        while left(status := await self.status()):
            assert time.monotonic() < until, (status, [running.said()[-2000:] for running in self.running])
            await asyncio.sleep(0.2)

    async def shown(self) -> dict[str, dict[str, str]]:
        """Who the platform shows in each chat that somebody is in."""
        database = Database(self.settings["DATABASE_URL"])
        async with database.reading() as connection:
            found = (await connection.execute(select(rooms.c.chat_id, rooms.c.external_chat_id))).fetchall()
        await database.close()
        chats = {row.chat_id: self.platform.world.chats[int(row.external_chat_id)] for row in found if row[1]}
        assert {chat.chat_id for chat in chats.values()} == self.platform.world.chats.keys()
        members = {
            chat_id: {
                str(user): "admin" if member.is_admin else "member"
                for user, member in chat.members.items()
                if not member.is_owner
            }
            for chat_id, chat in chats.items()
        }
        return {chat_id: of_chat for chat_id, of_chat in members.items() if of_chat}


def left(status: Mapping[str, Any]) -> int:
    """What has to be 0 for the platform to show what is desired."""
    assert status["lag_records"] is not None, status
    box = status["outbox"]
    return int(
        status["lag_records"] + status["inbox_unprocessed"] + box["pending"] + box["in_flight"] + box["retrying"]
    )


@asynccontextmanager
async def town(
    folder: Path, kafka: Kafka, database_url: str, platform: Simulator, **settings: str
) -> AsyncIterator[Town]:
    """A town with topics and a group of its own; whatever still runs at its end is killed."""
    number = next(_numbers)
    topics = {f"KAFKA_TOPIC_{name}": f"{name.lower()}-{number}" for name in ("ROSTER", "ACCOUNTS", "CHANGES")}
    own = {
        "DATABASE_URL": database_url,
        "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA_GROUP": f"town-{number}",
        "KAFKA_TOPIC_DEAD_LETTERS": f"dead-letters-{number}",
        "KAFKA_PARTITIONS": "4",
        "ADMIN_TOKEN": "root-of-the-tests",
        "SECRET_KEY": "a secret of the tests with 32 bytes",
        "MAX_URL": platform.max_url,
        "MAX_TOKEN": "simulator",
        "MAX_PARTNER_OPERATIONS": "true",
        "WEB_PORT": "0",
        "CALL_TIMEOUT_S": "4",
        "LEASE_S": "20",
    }
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"Authorization": "Bearer root-of-the-tests"})
        )
        made = Town(own | topics | settings, folder, platform, session)
        try:
            yield made
        finally:
            for running in made.running:
                if running.alive:
                    running.kill()
                await running.process.wait()
