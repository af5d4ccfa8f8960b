"""How it goes: health, status, what waits for a person."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from adapters.web.access import SIGNED_IN, Reader
from adapters.web.contents import READING, problems_of
from adapters.web.dependencies import Dependencies, Deps
from adapters.web.lists import AskedWindow, Page, page
from adapters.web.problems import Problem
from adapters.web.shared import Ready
from sync.views.operations import DeadLetterView
from sync.views.status import Readiness, StatusView

router = APIRouter(tags=["operations"])


@router.get("/livez")
async def live() -> dict[str, Any]:
    """Whether the process answers."""
    return {"status": "live"}


@router.get("/readyz", responses=problems_of(503))
async def ready(readiness: Ready) -> dict[str, Any]:
    """Whether requests can be served: the database answers, has its tables, and takes what is written. How each
    platform account is stands beside it: events are taken in all the same.
    """
    found = await readiness()
    if (why := found.why) is not None:
        raise Problem(503, f"{why[0].upper()}{why[1:]}")
    return {"status": "ready", "platforms": found.platforms}


async def readiness_of(deps: Dependencies) -> Readiness:
    return await deps.registry.operations.readiness(deps.now())


@router.get("/v1/status", dependencies=SIGNED_IN, responses=READING)
async def show_status(deps: Deps, grant: Reader) -> StatusView:
    """Where everything stands, as far as the token's schools go."""
    return await deps.registry.operations.status(grant.schools, deps.now())


@router.get("/v1/dead-letters", dependencies=SIGNED_IN, responses=READING)
async def list_dead_letters(deps: Deps, grant: Reader, window: AskedWindow) -> Page[DeadLetterView]:
    """Records of topics that could not be taken, the latest last. A token for some schools sees none: whose a broken
    record is, nobody can tell.
    """
    return page(await deps.registry.operations.dead_letters(grant.schools, window))
