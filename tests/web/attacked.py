"""`rollcall serve` in a process of its own. At each line of its stdin it tells for how long its loop was held since the
last one, and how large it became. It waits 3 seconds where it would wait 30.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from functools import partial
from pathlib import Path

from adapters.web import bodies
from rollcall import serving
from rollcall.logging import configure_logging
from rollcall.loop import run
from rollcall.roles import SERVE
from rollcall.settings import read_settings
from rollcall.silent import close_silent
from tests.web.lag import TICK_S, Lag, slowness

WITHIN_S = 3.0
MB = 1024  # of the kilobytes that the kernel counts in


def size_mb(name: str) -> int:
    """VmRSS is what the process has of the memory, VmHWM the most it had since the mark was taken back."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) // MB


def forget_most() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")


async def tell(own: Lag, held: Lag) -> None:
    asked = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(asked)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while await asked.readline():
        told = {"own_s": own.most_s, "held_s": held.most_s, "now_mb": size_mb("VmRSS"), "most_mb": size_mb("VmHWM")}
        told["slowness"] = slowness()
        await asyncio.sleep(10 * TICK_S)  # the yardstick is no part of what is measured
        own.most_s = held.most_s = 0.0
        forget_most()
        print(json.dumps(told), flush=True)  # noqa: T201 - to whoever asked


async def attacked() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))  # as many systems
    bodies.WITHIN_S = WITHIN_S
    serving.close_silent = partial(close_silent, within_s=WITHIN_S, every_s=0.5)  # type: ignore[attr-defined]
    own, held = Lag(), Lag(time.process_time)
    telling = [asyncio.ensure_future(each) for each in (own.tick(), held.tick(), tell(own, held))]
    await serving.run_until_stopped(read_settings(), SERVE)
    for each in telling:
        each.cancel()


if __name__ == "__main__":
    configure_logging("json")
    run(attacked())
