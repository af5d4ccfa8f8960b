"""A batch of a topic as it is read: events, dead letters, and where that leaves each partition."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from events.decode import decode
from events.offsets import Part, Record, after, lacks_before, remaining
from events.translate import translate
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection
from sync.ports.events import Incoming
from sync.streams import DeadLetter, Partition, Position


@dataclass(slots=True)
class Reading:
    """`positions`: how far each partition was handled, moved on by each part. `lacking`: the partitions in which
    records before a part did not come, and the offset behind that part.
    """

    positions: dict[Partition, Position]
    events: list[Incoming] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    lacking: dict[Partition, int] = field(default_factory=dict)

    def read(self, part: Part, now: datetime) -> None:
        """Reads what of the part is to be handled, the parts of a partition in order."""
        position = self.positions[part.partition]
        if lacks_before(position, part):
            self.lacking[part.partition] = part.end
        due = remaining(part, position)
        if due is not None:
            self._take(due, position, now)

    def _take(self, part: Part, position: Position, now: datetime) -> None:
        read = [_decoded(record) for record in part.records]
        bad = [isinstance(one, Rejection) for one in read]
        self.positions[part.partition], count = after(position, part, bad, now)
        for record, one in zip(part.records[:count], read[:count], strict=True):
            if isinstance(one, Rejection):
                self.dead_letters.append(_dead_letter(part.partition, record, one))
            elif one is not None:
                self.events.append(translate(one, (*part.partition, record.offset)))


def _decoded(record: Record) -> IncomingEvent | Rejection | None:
    return None if record.value is None else decode(record.value, record.headers, record.at)


def _dead_letter(partition: Partition, record: Record, why: Rejection) -> DeadLetter:
    return DeadLetter(
        partition,
        record.offset,
        record.key,
        record.headers,
        record.value or b"",
        why.reason,
        tuple((error.pointer, error.detail) for error in why.errors),
        why.source,
        why.id,
        record.at,
    )
