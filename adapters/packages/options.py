"""How a package is to be read: what `rollcall import` was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Moscow"
MAX_BYTES = 10_000_000_000
MAX_FILES = 1000


class ClassesMode(Enum):
    """What becomes a class where a school may have no homerooms."""

    AUTO = "auto"
    HOMEROOM = "homeroom"
    SECTIONS = "sections"


@dataclass(frozen=True, slots=True)
class Options:
    """`at` is aware: the moment the package speaks of. `progress` gets rows and bytes read so far, now and then.
    A package is of `max_files` files and `max_bytes` bytes, unpacked, at most.

    `keeps_ended` reads a package as it once counted: rows that have ended since count still.
    """

    at: datetime
    as_of: date | None = None
    namespace: str | None = None
    source: str | None = None
    time_zone: str | None = None
    encoding: str | None = None
    separator: str | None = None
    max_bytes: int = MAX_BYTES
    max_files: int = MAX_FILES
    strict: bool = False
    block_disabled: bool = False
    classes: ClassesMode = ClassesMode.AUTO
    keeps_ended: bool = False
    progress: Callable[[int, int], None] | None = None

    @property
    def day(self) -> date:
        """The day the package is read for."""
        return self.as_of or self.at.astimezone(ZoneInfo(self.time_zone or DEFAULT_ZONE)).date()

    def is_over(self, ends_on: date | None) -> bool:
        """Whether what ends on a day, the first that it is not any more, is over."""
        return ends_on is not None and ends_on <= self.day and not self.keeps_ended
