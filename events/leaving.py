"""Ending the process, where continuing could lose data."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
from typing import NoReturn

import structlog

CANNOT_GO_ON = 70  # EX_SOFTWARE of sysexits.h

log = structlog.get_logger()


def leave(why: str, error: BaseException | None = None) -> NoReturn:
    """End the process at once: unfinished work is not acknowledged, and the next start continues from the database."""
    log.critical("stream.leaving", why=why, exc_info=error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(CANNOT_GO_ON)


def end_within(seconds: float, code: int = 0) -> threading.Timer:
    """End the process after that time, unless the timer is cancelled, and print the stacks of its threads. For a
    process that was told to stop: the next start does what is left. Works even if the loop is blocked.
    """
    timer = threading.Timer(seconds, _end, (code,))
    timer.daemon = True
    timer.start()
    return timer


def _end(code: int) -> None:
    log.warning("process.ended_halfway")
    faulthandler.dump_traceback(all_threads=True)
    sys.stderr.flush()
    os._exit(code)
