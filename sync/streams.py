"""What is stored about topics: how far each partition was handled, and records that could not be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

HANDLING_FAILED = "handling_failed"
"""The reason for setting apart a record that may be valid: handling it failed unexpectedly."""

Headers = tuple[tuple[str, bytes | None], ...]


class Partition(NamedTuple):
    """A partition of a topic, by the topic's name and the partition's number from 0."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Position:
    """How far a partition was handled: everything below the offset `next`, and nothing from it on.

    `recent_bad` has a bit for each of the last 200 records, the latest the lowest, set where it was a bad one. Since
    `stopped_at` nothing is taken, for the reason `stopped_why`, until a person resumes. `deaths`: how many processes
    ended because the record at `next` could not be handled. `begun`: the offset up to which a process, the first time
    since its start, had begun to handle records; if a later process finds it set, the former died while handling them.
    """

    next: int
    recent_bad: int = 0
    stopped_at: datetime | None = None
    stopped_why: str | None = None
    deaths: int = 0
    begun: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that could not be taken, as it came, and why: `errors` are (JSON pointer, detail).

    `source` and `event_id` are None where they could not be read; `received_at` is the record's own timestamp.
    """

    partition: Partition
    offset: int
    key: bytes | None
    headers: Headers
    body: bytes
    reason: str
    errors: tuple[tuple[str, str], ...]
    source: str | None
    event_id: str | None
    received_at: datetime
