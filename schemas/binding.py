"""How a CloudEvent is laid into a message: the Kafka and HTTP protocol bindings, as far as headers go.

Sources: the protocol bindings of CloudEvents 1.0.2 for Kafka and HTTP, read 2026-11-22.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Binding:
    """`prefix` of the headers that carry attributes; `quoted`: their values may be quoted and percent-encoded."""

    prefix: str
    quoted: bool


KAFKA = Binding("ce_", quoted=False)
HTTP = Binding("ce-", quoted=True)


def media_type_of(content_type: str | None) -> str:
    """The type itself, in lower case and without parameters; "" where none is told."""
    return content_type.partition(";")[0].strip().lower() if content_type else ""


def content_type_of(headers: Headers) -> str | None:
    """The first content type among the headers, None where there is none."""
    for name, value in headers:
        if name.lower() == "content-type" and value:
            return value.decode("latin-1")
    return None


def attributes_of(headers: Headers, binding: Binding) -> dict[str, Any]:
    """The CloudEvents attributes among the headers, whatever the case of their names.

    What is not one UTF-8 text (undecodable, or given twice) stays bytes or a list, which no attribute's rule takes.
    """
    found: dict[str, list[str | bytes]] = {}
    for header, value in headers:
        name = header.lower()
        if name.startswith(binding.prefix) and value is not None:
            found.setdefault(name.removeprefix(binding.prefix), []).append(_text(value, binding))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _text(value: bytes, binding: Binding) -> str | bytes:
    plain = unquote_to_bytes(_unquoted(value)) if binding.quoted else value
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return plain


def _unquoted(value: bytes) -> bytes:
    """Takes the double quotes of RFC 7230, 3.2.6 off."""
    parts: Iterable[bytes] = _QUOTED.findall(value)
    quoted = _WHOLLY_QUOTED.fullmatch(value) is not None
    return b"".join(part[-1:] for part in parts) if quoted else value


_QUOTED = re.compile(rb'\\.|[^"\\]', re.DOTALL)
_WHOLLY_QUOTED = re.compile(rb'"(?:\\.|[^"\\])*"', re.DOTALL)
