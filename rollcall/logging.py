"""Logs: one structured line a batch or call, to stderr; JSON unless a person reads it on a terminal."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure_logging(log_format: str) -> None:
    """`log_format` is `console`, `json`, or `auto`: console on a terminal. What libraries log looks the same."""
    last = _last(console=log_format == "console" or (log_format == "auto" and sys.stderr.isatty()))
    structlog.configure(
        processors=[*BEFORE, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    without = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=BEFORE, processors=[without, *last]))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def _last(*, console: bool) -> list[Any]:
    if console:
        # without the values of variables
        return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
