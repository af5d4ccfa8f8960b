"""Publishing applied changes and dead letters on topics: each at least once, and always identical."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from events.cutting import cut
from schemas.changes import CHANGES, Cause, ChangeData
from schemas.messages import Message, message_of
from sync.errors import RecordTooLarge
from sync.ports.outgoing import AppliedCause, AppliedChange, Untold
from sync.streams import DeadLetter

SOURCE = "rollcall"
NOBODYS = Cause(source=SOURCE, id="observed", topic="inbox", partition=0, offset=0)
AT_ONCE = 500

_TYPES = {model.type_name(): model for model in CHANGES}

T = TypeVar("T")
Send = Callable[[Sequence[Message]], Awaitable[None]]


async def tell(untold: Untold[T], message: Callable[[T], Message], send: Send) -> int:
    """Publish the oldest unpublished rows. Return how many; 0 while another process does it.

    Raises StoreUnavailable, and what `send` raises: some rows may have been published, and will be again.
    """
    async with untold.turn() as ours:
        if not ours:
            return 0
        found = await untold.oldest(AT_ONCE)
        await _send([message(row) for _, row in found], send)
        await untold.were_told([number for number, _ in found])
        return len(found)


async def _send(messages: Sequence[Message], send: Send) -> None:
    """Send messages; those that are too long are cut, so that they do not block the others."""
    try:
        await send(messages)
    except RecordTooLarge:
        if len(messages) == 1:
            await send([cut(messages[0])])
        else:
            for each in messages:
                await _send([each], send)


def change_message(change: AppliedChange) -> Message:
    """The id includes the time, for after a restore from backup numbers are assigned again."""
    data = ChangeData(
        organisation_id=change.organisation_id,
        chat_id=change.chat_id,
        person_id=change.person_id,
        role=change.role,
        reasons=change.reasons,
        cause=_cause(change.cause),
        applied_at=change.at,
    )
    change_id = f"{change.change_no}-{change.at:%Y%m%dT%H%M%S.%f}"
    made = _TYPES[f"membership.{change.action}.v1"].of(id=change_id, source=SOURCE, time=change.at, data=data)
    return message_of(made, change.organisation_id)


def _cause(cause: AppliedCause | None) -> Cause:
    if cause is None:
        return NOBODYS
    if cause.record is None:
        return Cause(source=cause.source, id=cause.event_id, topic="inbox", partition=0, offset=cause.event_no)
    partition, offset = cause.record
    return Cause(
        source=cause.source, id=cause.event_id, topic=partition.topic, partition=partition.number, offset=offset
    )


def dead_letter_message(letter: DeadLetter) -> Message:
    """The record as received, with headers for the reason and for its position."""
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in letter.errors]
    why = {
        "reason": letter.reason,
        "errors": json.dumps(errors, ensure_ascii=False),
        "topic": letter.partition.topic,
        "partition": str(letter.partition.number),
        "offset": str(letter.offset),
    }
    told = ((f"rollcall-{name}", text.encode()) for name, text in why.items())
    return Message(letter.key, letter.body, (*letter.headers, *told))
