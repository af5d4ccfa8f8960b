"""Where platforms post what happens: `POST /webhooks/max`, and `/webhooks/max/{name}` of each further account."""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import APIRouter, Request

from adapters.web.contents import problems_of
from adapters.web.dependencies import Deps
from adapters.web.problems import Problem
from sync.errors import PlatformError

SECRET_HEADER = "X-Max-Bot-Api-Secret"  # noqa: S105 - its name

router = APIRouter(tags=["webhooks"], responses=problems_of(400, 401, 413, 503))


@router.post("/webhooks/max")
async def hear_max(request: Request, deps: Deps) -> dict[str, bool]:
    """Hear an update; 200 once the database has what it leaves to be done. Told again it changes nothing."""
    return await _hear(request, deps, "max")


@router.post("/webhooks/max/{name}")
async def hear_named_max(name: str, request: Request, deps: Deps) -> dict[str, bool]:
    """Hear an update of one of several platform accounts."""
    return await _hear(request, deps, f"max:{name}")


async def _hear(request: Request, deps: Deps, token: str) -> dict[str, Any]:
    given = request.headers.get(SECRET_HEADER, "")
    if deps.webhooks is None or not hmac.compare_digest(given.encode(), deps.webhooks.secret.encode()):
        raise Problem(401, "The secret of the subscription is needed")
    body = await request.body()
    try:
        await deps.webhooks.hear(token, body)
    except ValueError as error:
        raise Problem(400, "The body is not JSON") from error
    except PlatformError as error:
        raise Problem(503, "What is to be said to it was not taken: tell it again") from error
    return {"success": True}
