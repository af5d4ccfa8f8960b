"""Leaving the process, where going on could lose something."""

from __future__ import annotations

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


def end_within(seconds: float) -> None:
    """Ends the process by then if it has not ended by itself. For one that was told to stop: it has done its part."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
