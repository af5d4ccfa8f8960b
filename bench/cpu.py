"""The processor time of this process and of all that it has started, which a busy machine does not change much; and
its memory.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PROC = Path("/proc")
SECOND = 1e9  # Linux tells nanoseconds


def spent() -> Mapping[int, float]:
    """Seconds by process id. Linux only."""
    ended = os.times()  # of children that were waited for
    used = {os.getpid(): time.process_time() + ended.children_user + ended.children_system}
    return used | {child: _seconds(child) for child in _below(os.getpid(), _children())}


def since(before: Mapping[int, float]) -> float:
    """Seconds that went by in all processes there are now."""
    return sum(seconds - before.get(process, 0.0) for process, seconds in spent().items())


def peak_memory() -> float:
    """The most MB that this process had. Linux only: `ru_maxrss` has what its parent had in it."""
    told = (PROC / "self" / "status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def _seconds(process: int) -> float:
    try:
        threads = [(task / "schedstat").read_text() for task in (PROC / str(process) / "task").iterdir()]
    except OSError:  # it has ended meanwhile
        return 0.0
    return sum(int(told.split()[0]) for told in threads) / SECOND


def _children() -> Mapping[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for folder in PROC.glob("[0-9]*"):
        try:
            told = (folder / "stat").read_text()
        except OSError:
            continue
        parent = int(told.rpartition(")")[2].split()[1])
        children[parent].append(int(folder.name))
    return children


def _below(process: int, children: Mapping[int, list[int]]) -> Iterator[int]:
    for child in children.get(process, ()):
        yield child
        yield from _below(child, children)
