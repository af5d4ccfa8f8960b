"""Running what is asynchronous from a command, on the faster loop where there is one."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Runs to the end; blocks."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def collect_rarely() -> None:
    """For a long-running process, once it is loaded: exclude the present objects from garbage collection, which costs a
    fifth of a batch otherwise.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - absent on some systems
    except ImportError:
        return None
    return uvloop.new_event_loop
