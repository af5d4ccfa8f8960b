"""Why an event was not taken, in a form that a machine reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Reason = Literal[
    "not_json",
    "not_cloudevents",
    "unknown_type",
    "invalid",
    "too_large",
    "time_too_far_ahead",
    "default_chat_cannot_be_deleted",
    "not_permitted",
    "handling_failed",
]

MOST_ERRORS = 100
"""So many wrong fields are named: the list travels in a Kafka header, and a record has to fit the broker."""

_OBJECT_EXPECTED: Final = frozenset({"model_type", "model_attributes_type", "dict_type"})  # names our classes


class TooManyEvents(Exception):  # noqa: N818 - what it has
    """A batch with more events than one may have; none of them was read."""


@dataclass(frozen=True, slots=True)
class WrongField:
    """`pointer` is RFC 6901, from the event's root, "" for the whole; `detail` quotes nothing of what was sent."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """An event that breaks the contract. `source` and `id` are None where they could not be read."""

    reason: Reason
    errors: tuple[WrongField, ...]
    source: str | None = None
    id: str | None = None


def wrong_fields(error: ValidationError) -> tuple[WrongField, ...]:
    """The wrong fields of an event of a known type, `MOST_ERRORS` of them at most."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    fields = tuple(WrongField(_pointer(detail), _detail(detail)) for detail in details[:MOST_ERRORS])
    more = len(details) - MOST_ERRORS
    return fields if more <= 0 else (*fields, WrongField("", f"{more} more fields are wrong"))


def _pointer(detail: ErrorDetails) -> str:
    return pointer_to(detail["loc"][1:])  # the first is the tag of the union: the event's type


def pointer_to(path: Iterable[int | str]) -> str:
    """The place as RFC 6901 writes it."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _detail(detail: ErrorDetails) -> str:
    return "Input should be an object" if detail["type"] in _OBJECT_EXPECTED else detail["msg"]
