"""Decoding received bytes to an event of the catalogue, or to a rejection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from events.elements import DECODER, elements
from schemas.binding import KAFKA, STRUCTURED, Binding, Headers, attributes_of, content_type_of, media_type_of
from schemas.catalogue import CATALOGUE, EVENTS, IncomingEvent
from schemas.chats import DEFAULT_CHAT_CANNOT_BE_DELETED
from schemas.messages import LARGEST_EVENT, MOST_EVENTS
from schemas.rejections import Reason, Rejection, TooManyEvents, WrongField, wrong_fields
from schemas.text import EventId, Source

LARGEST_READ = 16 * LARGEST_EVENT  # bytes: longer bodies are not parsed at all

FARTHEST_AHEAD = timedelta(hours=24)

_IDENTITY: Final[Mapping[str, TypeAdapter[str]]] = {"source": TypeAdapter(Source), "id": TypeAdapter(EventId)}


class NotABatch(ValueError):  # noqa: N818 - says what the body is
    """The body is not a JSON array: nothing of it can be taken."""


def decode(
    value: bytes, headers: Headers, received_at: datetime, binding: Binding = KAFKA
) -> IncomingEvent | Rejection:
    """Reads one event, structured or binary. Never raises, whatever the bytes are.

    `received_at` is the aware moment of the first receipt (in Kafka: the record's timestamp).
    """
    content = _content(value, headers, binding) if len(value) <= LARGEST_READ else None
    if len(value) > LARGEST_EVENT:
        return _rejection("too_large", content, WrongField("", f"An event has at most {LARGEST_EVENT} bytes"))
    if isinstance(content, Rejection):
        return content
    try:
        event = EVENTS.validate_python(content)
    except ValidationError as error:
        return _refusal(content, error)
    if event.time > received_at + FARTHEST_AHEAD:
        ahead = WrongField("/time", "Input should be at most 24 hours after the receipt")
        return Rejection("time_too_far_ahead", (ahead,), event.source, event.id)
    return event


def decode_batch(body: bytes, received_at: datetime) -> list[IncomingEvent | Rejection]:
    """Decode a JSON array of structured events. Return an event or a rejection for each, in order.

    Raises:
        NotABatch: the body is not a JSON array, or nested too deeply to tell.
        TooManyEvents: it has more than MOST_EVENTS elements; none of them was decoded.
    """
    try:
        each = list(islice(elements(body.decode()), MOST_EVENTS + 1))
    except (ValueError, RecursionError) as error:
        raise NotABatch("the body is not a JSON array") from error
    if len(each) > MOST_EVENTS:
        raise TooManyEvents(f"a batch has at most {MOST_EVENTS} events")
    return [decode(element, (), received_at) for element in each]


def _content(value: bytes, headers: Headers, binding: Binding) -> object:
    """The message's content as the attributes of a structured event; or the rejection."""
    content_type = content_type_of(headers)
    kind = media_type_of(content_type)
    attributes = {} if kind == STRUCTURED else attributes_of(headers, binding)
    if kind == STRUCTURED or (content_type is None and not attributes):
        return _read(value, Rejection("not_json", (WrongField("", "Input should be JSON"),)))
    if kind.startswith("application/cloudevents"):
        return Rejection("not_cloudevents", (WrongField("", "Structured events should be in the JSON format"),))
    return {**attributes, "datacontenttype": content_type, "data": _read(value, otherwise=value)}


def _read(value: bytes, otherwise: object) -> object:
    try:
        return from_json(value, allow_inf_nan=False)
    except ValueError:
        return _read_at_length(value, otherwise)


def _read_at_length(value: bytes, otherwise: object) -> object:
    """Parse valid JSON that the fast parser cannot take, so that the wrong field can be named."""
    try:
        return DECODER.decode(value.decode())
    except (ValueError, RecursionError):
        return otherwise


def _refusal(content: object, error: ValidationError) -> Rejection:
    if not isinstance(content, dict):
        return _rejection("not_cloudevents", content, WrongField("", "Input should be an object"))
    if missing := tuple(_missing(content)):
        return _rejection("not_cloudevents", content, *missing)
    if content["type"] not in CATALOGUE:
        return _rejection("unknown_type", content, WrongField("/type", "Input should be a type of the contract"))
    kinds = {detail["type"] for detail in error.errors(include_url=False, include_input=False)}
    reason: Reason = "default_chat_cannot_be_deleted" if kinds == {DEFAULT_CHAT_CANNOT_BE_DELETED} else "invalid"
    return _rejection(reason, content, *wrong_fields(error))


def _missing(content: Mapping[str, Any]) -> Iterator[WrongField]:
    """The errors in the attributes that every CloudEvent must have."""
    if content.get("specversion") != "1.0":
        yield WrongField("/specversion", 'Input should be "1.0"')
    for name in ("id", "source", "type"):
        if not isinstance(content.get(name), str) or not content[name]:
            yield WrongField(f"/{name}", "Input should be a string that is not empty")


def _rejection(reason: Reason, content: object, *errors: WrongField) -> Rejection:
    return Rejection(reason, errors, _identity(content, "source"), _identity(content, "id"))


def _identity(content: object, name: str) -> str | None:
    try:
        return _IDENTITY[name].validate_python(content.get(name), strict=True) if isinstance(content, dict) else None
    except ValidationError:
        return None
