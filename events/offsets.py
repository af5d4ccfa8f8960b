"""The rules of offsets: which records of a topic are to be handled now. Pure.

A part begins exactly at the stored offset. What lies below it was handled before; above it, records are missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from sync.streams import Headers, Partition, Position

RECENT, MOST_BAD = 200, 100

TOO_MANY_BAD, OUT_OF_RANGE = "too_many_bad_records", "offset_out_of_range"

P = TypeVar("P")
R = TypeVar("R")


class Record(NamedTuple):
    """A record as received. `at`: its timestamp, aware UTC. `value` None: a tombstone."""

    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


Holes = Mapping[tuple[Partition, int], int]
"""Gaps of a partition, in which it has no records: the first missing offset, by the offset behind the gap."""


@dataclass(frozen=True, slots=True)
class Part:
    """The records of a partition from `start` up to before `end`, in order; offsets not among them do not exist."""

    partition: Partition
    start: int
    end: int
    records: Sequence[Record]


class Found(NamedTuple):
    """A partition in Kafka: the group's committed offset, the first offset, and the one behind the last."""

    committed: int | None
    earliest: int
    end: int


def runs(partition: Partition, records: Iterable[Record]) -> list[Part]:
    """Delivered records, as parts without gaps. A gap may be real, or a delivery was lost."""
    found: list[list[Record]] = []
    for record in records:
        if found and record.offset == found[-1][-1].offset + 1:
            found[-1].append(record)
        else:
            found.append([record])
    return [Part(partition, run[0].offset, run[-1].offset + 1, run) for run in found]


def bridged(part: Part, holes: Holes) -> Part:
    """The same part, extended to the beginning of the gap before it, if that gap is known to be real."""
    return replace(part, start=holes.get((part.partition, part.start), part.start))


def batches(polled: Mapping[P, Sequence[R]], most: int) -> Iterator[dict[P, Sequence[R]]]:
    """A poll's records of each partition, in order, as batches of at most `at_most` records. No batch is empty."""
    batch: dict[P, Sequence[R]] = {}
    room = most
    for partition, records in polled.items():
        begun = 0
        while begun < len(records):
            batch[partition] = records[begun : begun + room]
            begun, room = begun + room, room - len(batch[partition])
            if not room:
                yield batch
                batch, room = {}, most
    if batch:
        yield batch


def singles(part: Part) -> Iterator[Part]:
    """The same, record by record."""
    start = part.start
    for record in part.records[:-1]:
        yield Part(part.partition, start, record.offset + 1, [record])
        start = record.offset + 1
    yield Part(part.partition, start, part.end, part.records[-1:])


def remaining(part: Part, position: Position) -> Part | None:
    """The records of a part that are to be handled; None if it was handled already, begins too late, or the partition
    is stopped.
    """
    if position.stopped_at is not None or not part.start <= position.next < part.end:
        return None
    records = [record for record in part.records if record.offset >= position.next]
    return Part(part.partition, position.next, part.end, records)


def lacks_before(position: Position, part: Part) -> bool:
    """Whether records between the stored offset and the part are missing."""
    return position.stopped_at is None and position.next < part.start


def after(position: Position, part: Part, bad: Sequence[bool], now: datetime) -> tuple[Position, int]:
    """The position behind a part, given for each record whether it is bad, and the number of records passed: all,
    unless one bad record too many stops the partition behind it.
    """
    recent = position.recent_bad
    for count, (record, is_bad) in enumerate(zip(part.records, bad, strict=True), start=1):
        recent = (recent << 1 | is_bad) & ((1 << RECENT) - 1)
        if is_bad and recent.bit_count() > MOST_BAD:
            return Position(record.offset + 1, recent, now, TOO_MANY_BAD), count
    return replace(position, next=part.end, recent_bad=recent, deaths=0, begun=None), len(part.records)


def beginning(stored: Position | None, found: Found, now: datetime) -> Position:
    """The offset from which a partition continues: the stored offset, whatever the group has committed. Without a
    commit the topic or the group is new, for deleting a topic deletes its commits: then from the earliest. An offset
    that the topic does not have stops the partition.
    """
    if stored is None or found.committed is None:
        return Position(found.earliest)
    if stored.stopped_at is None and not found.earliest <= stored.next <= found.end:
        return replace(stored, stopped_at=now, stopped_why=OUT_OF_RANGE)
    return stored
