"""`POST /v1/events`: CloudEvents by HTTP, one or a batch; one POST is one batch."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from adapters.web.access import SIGNED_IN, Writer
from adapters.web.contents import problems_of
from adapters.web.dependencies import ACCOUNTS, EVENTS, Dependencies, Deps, EventOutcome, Grant
from adapters.web.outcomes import REQUEST, Outcomes
from adapters.web.problems import Problem, of_rejection, response
from schemas.binding import BATCH, HTTP, content_type_of, media_type_of
from schemas.catalogue import IncomingEvent, topic_of
from schemas.messages import LARGEST_EVENT, MOST_EVENTS
from schemas.rejections import Rejection, TooManyEvents, WrongField
from sync.views.registry import Schools

TOO_LARGE = Rejection("too_large", (WrongField("", f"An event has at most {LARGEST_EVENT} bytes"),))

LARGE = 512 * 1024  # bytes: as events a batch is twenty times as large
LARGE_AT_A_TIME = 2
LONG = 1_000  # events: to tell of more of them takes longer than others should wait for the loop

router = APIRouter(tags=["events"], dependencies=SIGNED_IN)


@router.post(
    "/v1/events",
    status_code=202,
    response_model=Outcomes,
    responses=problems_of(400, 401, 403, 413, 422, 503),
    openapi_extra=REQUEST,
)
async def take_events(request: Request, deps: Deps, grant: Writer) -> Response:
    """Take one CloudEvent, structured or binary, or a batch; 202 once database or topic has them."""
    body = await request.body()
    headers = [(name.decode("latin-1"), value) for name, value in request.headers.raw]
    if media_type_of(content_type_of(headers)) == BATCH:
        async with request.app.state.large_batches if len(body) > LARGE else nullcontext():
            outcomes = await _take(await _batch(body, deps), deps, grant)
        request.state.outcomes = Counter(taken.outcome for taken in outcomes)
        return await asyncio.to_thread(_answer, outcomes) if len(outcomes) > LONG else _answer(outcomes)
    if len(body) > LARGEST_EVENT:
        return response(of_rejection(TOO_LARGE))
    [taken] = await _take([deps.decode(body, headers, deps.now(), HTTP)], deps, grant)
    request.state.outcomes = {taken.outcome: 1}
    if taken.rejection is not None:
        return response(of_rejection(taken.rejection))
    return _answer([taken])


async def _batch(body: bytes, deps: Dependencies) -> Sequence[IncomingEvent | Rejection]:
    """In a thread: reading thousands of events takes longer than others should wait for the loop."""
    try:
        return await asyncio.to_thread(deps.decode_batch, body, deps.now())
    except ValueError as error:
        raise Problem(400, "The body is not a JSON array") from error
    except TooManyEvents as error:
        raise Problem(413, f"A batch has at most {MOST_EVENTS} events") from error


async def _take(
    events: Sequence[IncomingEvent | Rejection], deps: Dependencies, grant: Grant
) -> Sequence[EventOutcome]:
    return await deps.intake.take([_permitted(event, grant) for event in events])


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


def _answer(outcomes: Sequence[EventOutcome]) -> Response:
    return JSONResponse({"outcomes": [_told(taken) for taken in outcomes]}, 202)


def _told(event: EventOutcome) -> dict[str, Any]:
    told = {"source": event.source, "id": event.id, "outcome": event.outcome}
    return told if event.rejection is None else told | {"error": of_rejection(event.rejection)}
