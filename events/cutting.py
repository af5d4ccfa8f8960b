"""Cutting messages that are too long for their topic: headers give the original size and hash. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from schemas.messages import LARGEST_EVENT, Message

LONGEST_KEY = 1024
KEPT_HEADERS = 16 * 1024
OURS = "rollcall-"


def cut(message: Message) -> Message:
    """The beginning of the value, as long as an event may be, with the whole size in bytes and the SHA-256 in headers.
    Keeps the original headers that fit, and all of ours.
    """
    value = message.value[:LARGEST_EVENT]
    about = {"size": str(len(message.value)), "sha256": sha256(message.value).hexdigest()}
    told = ((f"{OURS}{name}", text.encode()) for name, text in about.items())
    key = None if message.key is None else message.key[:LONGEST_KEY]
    return Message(key, value, (*_with_room(message), *told))


def _with_room(message: Message) -> Iterator[tuple[str, bytes | None]]:
    room = KEPT_HEADERS
    for name, value in message.headers:
        size = 0 if name.startswith(OURS) else len(name.encode()) + len(value or b"")
        if size <= room:
            room -= size
            yield name, value
