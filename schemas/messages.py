"""An event as a message of a topic: key, value and headers."""

from __future__ import annotations

import json
from typing import NamedTuple

from schemas.binding import KAFKA, STRUCTURED
from schemas.envelope import Event

LARGEST_EVENT = 65_536
"""Bytes of a structured value, or of binary data."""

MOST_EVENTS = 10_000
"""In one batch by HTTP."""


class Message(NamedTuple):
    """What a topic is given. Nothing in key and headers is personal data: they get logged."""

    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes | None], ...]


def message_of(event: Event, key: str) -> Message:
    """The event in structured mode; in binary mode where only its data are small enough for whoever reads it."""
    value = event.structured()
    if len(value) <= LARGEST_EVENT:
        return Message(key.encode(), value, (("content-type", STRUCTURED.encode()),))
    data = event.data.model_dump_json(exclude_unset=True).encode()
    attributes = json.loads(event.model_dump_json(exclude_unset=True, exclude={"data"}))
    headers = [(f"{KAFKA.prefix}{name}", str(text).encode()) for name, text in attributes.items() if text is not None]
    return Message(key.encode(), data, (("content-type", b"application/json"), *headers))
