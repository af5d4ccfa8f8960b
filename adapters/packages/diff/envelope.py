"""Facts as CloudEvents: types, data, and the envelope that makes a later import win."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

IMPORT = "urn:rollcall:import:"


class Said(NamedTuple):
    """One event before its envelope: its kind, the type without `school.` and `.v1`, its subject, and its data."""

    kind: str
    subject: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """`at` is aware; every event of a package carries it, and a later import of the same source has a later one."""

    source: str
    at: datetime

    def around(self, said: Said) -> dict[str, Any]:
        """The event as structured JSON; its id is a hash of what it says, from whom and when."""
        time = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        kind = f"school.{said.kind}.v1"
        content = json.dumps([self.source, kind, said.data, time], sort_keys=True, separators=(",", ":"))
        return {
            "specversion": "1.0",
            "id": hashlib.sha256(content.encode()).hexdigest(),
            "source": self.source,
            "type": kind,
            "time": time,
            "sequence": time,
            "subject": said.subject,
            "datacontenttype": "application/json",
            "data": said.data,
        }


def source_of(name: str) -> str:
    """The `source` of a package's events, a URI."""
    return f"{IMPORT}{quote(name, safe=':/@+,;=~')}"[:512]


def said(kind: str, key: tuple[str, ...], data: Mapping[str, Any], effective_on: date | None = None) -> Said:
    """An event of the organisation that `key` begins with, about the entity that follows (else about itself)."""
    day = {} if effective_on is None else {"effective_on": effective_on.isoformat()}
    return Said(kind, key[min(1, len(key) - 1)], {"organisation_id": key[0], **data, **day})
