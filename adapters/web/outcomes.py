"""What `POST /v1/events` takes and answers, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from adapters.web.problems import ProblemDetails
from schemas.binding import BATCH, STRUCTURED


def _is_none(value: object) -> bool:
    return value is None


class OutcomeOfEvent(BaseModel):
    """`source` and `id` are null where they could not be read."""

    source: str | None
    id: str | None
    outcome: Literal["queued", "applied", "kept", "duplicate", "stale", "rejected"]
    error: Annotated[ProblemDetails | None, Field(exclude_if=_is_none)] = None


class Outcomes(BaseModel):
    """One an event, in their order."""

    outcomes: list[OutcomeOfEvent]


_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "time", "data"],
    "properties": {name: {"type": "string"} for name in ("specversion", "id", "source", "type", "time")}
    | {"data": {"type": "object"}},
}

REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            STRUCTURED: {"schema": _EVENT},
            BATCH: {"schema": {"type": "array", "items": _EVENT}},
            "application/json": {"schema": {"type": "object"}},
        },
    }
}
