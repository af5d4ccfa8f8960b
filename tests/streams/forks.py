"""Processors that can be killed by the dozen: a process that has loaded everything, and forks one whenever it is told.

`python -m tests.streams.forks`: a line of JSON on stdin, `{"settings": {…}, "dies_in": n}`, is a process; its id comes
on stdout. With `dies_in` it kills itself at that step of a transaction of the stream: a call, or either side of a
commit. At the end of stdin all of them end.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from adapters.database.store import Database
from rollcall import streaming as _loaded  # noqa: F401 - before the fork, for it takes long
from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import PROCESS
from rollcall.serving import run_until_stopped
from rollcall.settings import Settings
from tests.doubles.transaction import Watched


class Fuse:
    """Kills the process at a step."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def step(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            os.kill(os.getpid(), signal.SIGKILL)


def light(steps: int) -> None:
    """From here on, this process dies in so many steps."""
    fuse, streaming = Fuse(steps), Database.streaming

    async def step(_: str, call: Callable[[], Awaitable[Any]]) -> Any:
        fuse.step()
        return await call()

    @asynccontextmanager
    async def fused(self: Database) -> AsyncIterator[Any]:
        async with streaming(self) as transaction:
            yield Watched(transaction, step)
            fuse.step()
        fuse.step()

    Database.streaming = fused  # type: ignore[method-assign]


def process(settings: dict[str, Any], dies_in: int | None) -> None:
    if dies_in is not None:
        light(dies_in)
    configure_logging("json")
    run(run_until_stopped(Settings(**settings), PROCESS))


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    started = []
    for line in sys.stdin:
        told = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _be(told)
        started.append(pid)
        print(pid, flush=True)  # noqa: T201 - it is the answer
    for pid in started:
        _end(pid)


def _be(told: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    try:
        process(told["settings"], told["dies_in"])
    finally:
        os._exit(1 if sys.exc_info()[0] else 0)


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main()
