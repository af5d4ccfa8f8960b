"""How answers that are problems stand in the OpenAPI document."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from adapters.web.problems import MEDIA_TYPE, ProblemDetails

_SCHEMA = ProblemDetails.model_json_schema()
_SCHEMA["properties"]["errors"] = {
    "type": "array",
    "items": _SCHEMA.pop("$defs")["WrongPart"],
}


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _SCHEMA}}}
        for status in statuses
    }


READING = problems_of(401, 403, 404, 422, 503)
