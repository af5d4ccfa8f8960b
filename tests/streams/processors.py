"""Processors beside the test: started, killed at any moment, told to stop, started again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rollcall.settings import Settings

ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = 10.0


@dataclass
class Processors:
    """Processes of one group. What they say is on the test's own stderr, so it is shown of a test that fails."""

    settings: Settings
    forks: Process
    alive: list[int] = field(default_factory=list)

    async def start(self, dies_in: int | None = None) -> int:
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        told = {"settings": self.settings.model_dump(mode="json"), "dies_in": dies_in}
        self.forks.stdin.write(json.dumps(told).encode() + b"\n")
        pid = int(await self.forks.stdout.readline())
        self.alive.append(pid)
        return pid

    def lost(self) -> int:
        """How many are there no more, since last asked."""
        gone = [pid for pid in self.alive if not _is_alive(pid)]
        self.alive = [pid for pid in self.alive if pid not in gone]
        return len(gone)

    def kill(self, pid: int) -> None:
        if _is_alive(pid):
            os.kill(pid, signal.SIGKILL)

    async def stop(self, pid: int) -> None:
        """Asks one to stop, and waits until it has: no longer than the contract allows."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        async with asyncio.timeout(ENDS_WITHIN_S):
            while True:
                if not _is_alive(pid):
                    break
                await asyncio.sleep(0.02)
        self.lost()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def processors(settings: Settings) -> AsyncIterator[Processors]:
    command = [sys.executable, "-m", "tests.streams.forks"]
    forks = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=ROOT)
    try:
        yield Processors(settings, forks)
    finally:
        assert forks.stdin is not None
        forks.stdin.close()
        await forks.wait()
