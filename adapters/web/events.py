"""`POST /v1/events`: CloudEvents by HTTP, one or a batch; one POST is one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from adapters.web.access import SIGNED_IN, Writer
from adapters.web.contents import problems_of
from adapters.web.doors import ACCOUNTS, EVENTS, Doors, Grant, Taken, TheDoors
from adapters.web.outcomes import REQUEST, Outcomes
from adapters.web.problems import Problem, of_rejection, response
from schemas.binding import BATCH, HTTP, content_type_of, media_type_of
from schemas.catalogue import IncomingEvent, topic_of
from schemas.rejections import Rejection, WrongField
from sync.views.registry import Schools

LARGEST_BODY = 4 * 1024 * 1024  # bytes
HEARD_OUT = 16 * LARGEST_BODY

router = APIRouter(tags=["events"], dependencies=SIGNED_IN)


@router.post(
    "/v1/events",
    status_code=202,
    response_model=Outcomes,
    responses=problems_of(400, 401, 403, 413, 422, 503),
    openapi_extra=REQUEST,
)
async def take_events(request: Request, doors: TheDoors, grant: Writer) -> Response:
    """Take one CloudEvent, structured or binary, or a batch; 202 once database or topic has them."""
    body = await _body(request)
    headers = [(name.decode("latin-1"), value) for name, value in request.headers.raw]
    if media_type_of(content_type_of(headers)) == BATCH:
        outcomes = await _take(_batch(body, doors), doors, grant)
        return JSONResponse({"outcomes": [_told(taken) for taken in outcomes]}, 202)
    [taken] = await _take([doors.decode(body, headers, doors.now(), HTTP)], doors, grant)
    if taken.rejection is not None:
        return response(of_rejection(taken.rejection))
    return JSONResponse({"outcomes": [_told(taken)]}, 202)


async def _body(request: Request) -> bytes:
    """The body. What is too large is read on to its end, though not for ever: else the sender would not hear why."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST_BODY:
            body += chunk
        elif size > HEARD_OUT:
            break
    if size > LARGEST_BODY:
        raise Problem(413, f"A body has at most {LARGEST_BODY} bytes")
    return bytes(body)


def _batch(body: bytes, doors: Doors) -> Sequence[IncomingEvent | Rejection]:
    try:
        return doors.decode_batch(body, doors.now())
    except ValueError as error:
        raise Problem(400, "The body is not a JSON array") from error


async def _take(events: Sequence[IncomingEvent | Rejection], doors: Doors, grant: Grant) -> Sequence[Taken]:
    return await doors.intake.take([_permitted(event, grant) for event in events])


def _permitted(event: IncomingEvent | Rejection, grant: Grant) -> IncomingEvent | Rejection:
    if isinstance(event, Rejection):
        return event
    if (ACCOUNTS if _is_account(event) else EVENTS) not in grant.scopes:
        return _not_permitted(event, WrongField("/type", "The token's scopes do not permit this type"))
    if not _is_account(event) and not _of(event.data, grant.schools):
        return _not_permitted(event, WrongField("/data/organisation_id", "The token is for other schools"))
    if grant.schools is not None and event.source not in grant.sources:
        return _not_permitted(event, WrongField("/source", "The token speaks as other sources"))
    return event


def _is_account(event: IncomingEvent) -> bool:
    return topic_of(event) == "account"


def _of(data: Any, schools: Schools) -> bool:
    return schools is None or data.organisation_id in schools


def _not_permitted(event: IncomingEvent, why: WrongField) -> Rejection:
    return Rejection("not_permitted", (why,), event.source, event.id)


def _told(taken: Taken) -> dict[str, Any]:
    told = {"source": taken.source, "id": taken.id, "outcome": taken.outcome}
    return told if taken.rejection is None else told | {"error": of_rejection(taken.rejection)}
