"""`python -m bench [NAME …] [--profile FILE]`: measures, and prints a table."""

from __future__ import annotations

import argparse
import cProfile
import logging
import os
import platform
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import structlog
import uvloop

from bench import (
    changes_out,
    events_in,
    imports,
    latency,
    leavers,
    limits,
    packages,
    remembered,
    sizes,
    start_up,
    streams,
)
from bench.ground import Ground, ground
from bench.measure import HEAD, Pairs
from rollcall.loop import collect_rarely

PIECES: dict[str, Callable[[Ground], AsyncIterator[Pairs]]] = {
    "events": events_in.measure,
    "streams": streams.measure,
    "changes": changes_out.measure,
    "latency": latency.measure,
    "leavers": leavers.measure,
    "limits": limits.measure,
    "imports": imports.measure,
    "packages": packages.measure,
    "sizes": sizes.measure,
    "remembered": remembered.measure,
    "start": start_up.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PIECES)}; all by default")
    parser.add_argument("--profile", metavar="FILE", help="write cProfile's statistics; the figures are none then")
    asked = parser.parse_args()
    if unknown := set(asked.names) - PIECES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    print(f"{_machine()}\n\n{HEAD}")
    profile = cProfile.Profile(time.process_time)  # by the clock a busy machine would be in it
    with ground() as on:
        for name in asked.names or PIECES:
            if asked.profile:
                profile.enable()
            uvloop.run(_measured(name, on))
            profile.disable()
    if asked.profile:
        profile.dump_stats(asked.profile)


async def _measured(name: str, on: Ground) -> None:
    collect_rarely()  # as the processes that are measured
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it tells of every partition that has no leader yet
    async for pairs in PIECES[name](on):
        print(pairs.row(), flush=True)


def _machine() -> str:
    busy = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    python = f"Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {os.cpu_count()} cores, {python}, load before {busy}"


if __name__ == "__main__":
    main()
