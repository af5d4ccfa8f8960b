"""Errors as problem details (RFC 9457), whoever raises them: the routes, the framework, the store."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from schemas.rejections import Rejection, pointer_to
from sync.errors import StoreUnavailable, TopicsUnavailable

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

RETRY_AFTER_S = "1"
RETRY_AFTER_BROKER_S = "5"

STATUS_OF = {"not_json": 400, "too_large": 413, "not_permitted": 403}
TITLE_OF = {
    "not_json": "The event is not JSON",
    "not_cloudevents": "This is no CloudEvent",
    "unknown_type": "The contract has no such type",
    "invalid": "The event breaks the contract",
    "too_large": "The event is too large",
    "time_too_far_ahead": "The event's time is too far ahead",
    "default_chat_cannot_be_deleted": "A default chat cannot be deleted",
    "not_permitted": "The token does not permit this event",
}


class WrongPart(BaseModel):
    """A wrong part of what was sent: `pointer` into the body (RFC 6901), or the name of a `parameter`."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDetails(BaseModel):
    type: str
    title: str
    status: int
    detail: str | None = None
    reason: str | None = None
    errors: list[WrongPart] | None = None


class Problem(Exception):  # noqa: N818 - the RFC's word
    """Ends a request with problem details."""

    def __init__(self, status: int, detail: str, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.body = problem(status, detail=detail, errors=errors)


def not_found() -> Problem:
    """Of another school's ids and of unknown ones alike."""
    return Problem(404, "There is nothing here by this id, or not for this token")


def problem(
    status: int,
    *,
    reason: str | None = None,
    title: str | None = None,
    detail: str | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Problem details as JSON has them; what is not there is left out."""
    body: dict[str, Any] = {
        "type": f"urn:rollcall:problem:{reason}" if reason else "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
    }
    more = {"detail": detail, "reason": reason, "errors": list(errors)}
    return body | {name: value for name, value in more.items() if value}


def of_rejection(rejection: Rejection) -> dict[str, Any]:
    """Why an event was not taken, each wrong field by its pointer from the event's root."""
    errors = [{"pointer": error.pointer, "detail": error.detail} for error in rejection.errors]
    status = STATUS_OF.get(rejection.reason, 422)
    return problem(status, reason=rejection.reason, title=TITLE_OF[rejection.reason], errors=errors)


def response(body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(dict(body), body["status"], dict(headers or {}), MEDIA_TYPE)


def answer_with_problems(app: FastAPI) -> None:
    """Makes every error of the app an answer with problem details."""
    app.add_exception_handler(Problem, _raised)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(StoreUnavailable, _of_store)
    app.add_exception_handler(TopicsUnavailable, _of_topics)
    app.add_exception_handler(ClientDisconnect, _hung_up)
    app.add_exception_handler(Exception, _unforeseen)


async def _raised(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - registered so
    return response(error.body)


async def _of_framework(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    told = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    return response(problem(error.status_code, detail=told), error.headers)


def allowing(methods: Callable[[str], Sequence[str]]) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    """Answers 405 with all that may be asked of the path: the framework knows of the first route alone."""

    async def not_allowed(request: Request, error: Exception) -> JSONResponse:
        allowed = methods(request.scope["path"])
        told = {"Allow": ", ".join(allowed)} if allowed else getattr(error, "headers", None)
        return response(problem(405), told)

    return not_allowed


async def _of_validation(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    details = error.errors()
    if any(detail["type"] == "json_invalid" for detail in details):
        return response(problem(400, detail="The body is not JSON"))
    return response(problem(422, errors=[_wrong(detail["loc"], detail["msg"]) for detail in details]))


def _wrong(place: Sequence[int | str], detail: str) -> dict[str, str]:
    where, *path = place
    if where == "body":
        return {"pointer": pointer_to(path), "detail": detail}
    return {"parameter": ".".join(map(str, path)), "detail": detail}


async def _of_store(_: Request, __: Exception) -> JSONResponse:
    body = problem(503, detail="The database does not answer; nothing was done. Send the same again.")
    return response(body, {"Retry-After": RETRY_AFTER_S})


async def _of_topics(_: Request, __: Exception) -> JSONResponse:
    detail = (
        "Kafka does not answer; which of the events it has is not known."
        " Send the same again: what arrives twice counts once."
    )
    return response(problem(503, detail=detail), {"Retry-After": RETRY_AFTER_BROKER_S})


async def _hung_up(request: Request, _: Exception) -> JSONResponse:
    """Nobody is there to hear it. Whose the request was stays out of the log."""
    log.info("request.hung_up", method=request.method, route=getattr(request.scope.get("route"), "path", None))
    return response(problem(400))


async def _unforeseen(_: Request, __: Exception) -> JSONResponse:
    return response(problem(500))
