"""The CloudEvents 1.0 envelope, as far as Rollcall reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from schemas.text import Attribute, EventId, Instant, Maybe, Source, Subject, Text

JsonMediaType = Annotated[str, StringConstraints(pattern=r"^[^/;]+/([^;]+\+)?[Jj][Ss][Oo][Nn]\s*(;.*)?$")]

# https://www.w3.org/TR/trace-context/#traceparent-header, read 2026-11-22
_TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")


def _well_formed(traceparent: str | None) -> str | None:
    """What is malformed is left out: the recommendation asks to start a new trace then, never to refuse a message."""
    return traceparent if traceparent is not None and _TRACEPARENT.fullmatch(traceparent) else None


def _checked_only(_: str | None) -> None:
    """Drops what only had to be right: in an event here data is always JSON."""


class Data(BaseModel):
    """What an event says. Fields it does not know are ignored and not kept; no value is made into another type."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    null_speaks: ClassVar[frozenset[str]] = frozenset()
    """The optional fields in which null says something that absence does not."""

    def carries(self, field: str) -> bool:
        """Whether the event said something of an optional field: it was there, and not null unless null speaks."""
        return field in self.model_fields_set and (field in self.null_speaks or getattr(self, field) is not None)


class Event(BaseModel):
    """A CloudEvent of a type that the catalogue knows. `time` is UTC; (`source`, `id`) is the identity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    specversion: Literal["1.0"]
    id: EventId
    source: Source
    type: str
    time: Instant
    subject: Maybe[Subject] = None
    sequence: Maybe[Attribute] = None
    traceparent: Annotated[Maybe[Text], AfterValidator(_well_formed)] = None
    datacontenttype: Annotated[JsonMediaType | None, AfterValidator(_checked_only), Field(exclude=True)] = None
    data_base64: Annotated[None, Field(exclude=True)] = None
    data: Data

    @classmethod
    def type_name(cls) -> str:
        """The one value of `type` that this class is for."""
        return str(get_args(cls.model_fields["type"].annotation)[0])

    @classmethod
    def of(
        cls,
        *,
        id: str,  # noqa: A002 - the attribute's name in CloudEvents
        source: str,
        time: datetime,
        data: Data | Mapping[str, Any],
        subject: str | None = None,
        sequence: str | None = None,
        traceparent: str | None = None,
    ) -> Self:
        """Makes an event of this type.

        Raises:
            pydantic.ValidationError: something in it breaks the contract.
        """
        attributes = {"id": id, "source": source, "time": time, "subject": subject, "sequence": sequence}
        envelope = {"specversion": "1.0", "type": cls.type_name(), "traceparent": traceparent}
        return cls.model_validate({**envelope, **attributes, "data": data})

    def structured(self) -> bytes:
        """The event as one structured JSON in its canonical form: what is the same is written the same.

        However it came (binary, in a batch, escaped, with nulls), it decodes to an equal event. Unknown fields are not
        in it: what the contract does not name is not kept.
        """
        return self.model_dump_json(exclude_unset=True).encode()

    def same_content(self, other: Event) -> bool:
        """Whether two events say the same: equal but for the trace, which is of the sending and not of the fact."""
        return self._content() == other._content()

    def _content(self) -> str:
        return self.model_dump_json(exclude_unset=True, exclude={"traceparent"})
