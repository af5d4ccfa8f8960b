"""Reading a batch of a topic into events, dead letters, and each partition's new position."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from events.decode import decode
from events.offsets import Part, Record, after, lacks_before, remaining
from events.own_accounts import Accounts, of_people
from events.translate import translate
from schemas.catalogue import IncomingEvent
from schemas.rejections import Rejection, WrongField
from sync.ports.events import Incoming
from sync.streams import DeadLetter, Partition, Position


@dataclass(slots=True)
class Reading:
    """`positions`: how far each partition was handled, moved on by each part. `lacking`: the partitions in which
    records before a part are missing, with the offset behind that part. `own`: the service's own accounts.
    """

    positions: dict[Partition, Position]
    own: Accounts = ()
    events: list[Incoming] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    lacking: dict[Partition, int] = field(default_factory=dict)

    @property
    def linked(self) -> set[tuple[str, str]]:
        """The accounts that somebody is linked to, as (provider, external id)."""
        said = (assertion for event in self.events for assertion in event.accounts)
        return {(each.provider, each.external_user_id) for each in said if each.external_user_id is not None}

    def read(self, part: Part, now: datetime) -> None:
        """Read the records of a part that are to be handled. Parts of a partition must come in order."""
        position = self.positions[part.partition]
        if lacks_before(position, part):
            self.lacking[part.partition] = part.end
        due = remaining(part, position)
        if due is not None:
            self._take(due, position, now)

    def add(self, other: Reading) -> None:
        """The records read after the given ones."""
        self.positions |= other.positions
        self.lacking |= other.lacking

    def _take(self, part: Part, position: Position, now: datetime) -> None:
        read = [of_people(_decoded(record, now), self.own) for record in part.records]
        bad = [isinstance(one, Rejection) for one in read]
        self.positions[part.partition], count = after(position, part, bad, now)
        for record, one in zip(part.records[:count], read[:count], strict=True):
            if isinstance(one, Rejection):
                self.dead_letters.append(_dead_letter(part.partition, record, one))
            elif one is not None:
                self.events.append(translate(one, (*part.partition, record.offset)))


def failed_letter(partition: Partition, record: Record, error: Exception, now: datetime) -> DeadLetter:
    """A dead letter for a record that may be valid but could not be handled. Only the error's type is kept, for its
    message may quote personal data.
    """
    read = _decoded(record, now)
    source, event_id = (None, None) if read is None else (read.source, read.id)
    detail = WrongField("", f"Handling it failed unexpectedly: {type(error).__name__}")
    return _dead_letter(partition, record, Rejection("handling_failed", (detail,), source, event_id))


def _decoded(record: Record, now: datetime) -> IncomingEvent | Rejection | None:
    """Decode a record, as received at its timestamp or now, whichever is earlier: a producer's clock may be fast."""
    return None if record.value is None else decode(record.value, record.headers, min(record.at, now))


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
