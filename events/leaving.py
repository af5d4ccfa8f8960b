"""Leaving the process, where going on could lose something."""

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
    """Ends the process at once: nothing half done is acknowledged, and the next start goes on from the database."""
    log.critical("stream.leaving", why=why, exc_info=error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(CANNOT_GO_ON)


def end_within(seconds: float, code: int = 0) -> threading.Timer:
    """Ends the process by then, unless the timer is cancelled; says where its threads stood. For one that was told to
    stop: what it has not done is done at the next start. It is heard where the loop is blocked, too.
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
