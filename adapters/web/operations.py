"""How it goes: health, status, what waits for a person."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from adapters.web.access import SIGNED_IN, Reader
from adapters.web.contents import READING, problems_of
from adapters.web.doors import TheDoors
from adapters.web.lists import AskedWindow, Page, page
from adapters.web.problems import Problem
from sync.views.operations import DeadLetterView, HoldView
from sync.views.status import StatusView

router = APIRouter(tags=["operations"])


@router.get("/livez")
async def live() -> dict[str, Any]:
    """Whether the process answers."""
    return {"status": "live"}


@router.get("/readyz", responses=problems_of(503))
async def ready(doors: TheDoors) -> dict[str, Any]:
    """Whether requests can be served: the database answers and has its tables."""
    if not await doors.registry.operations.ready():
        raise Problem(503, "The database does not answer, or has no tables yet (rollcall db upgrade)")
    return {"status": "ready"}


@router.get("/v1/status", dependencies=SIGNED_IN, responses=READING)
async def show_status(doors: TheDoors, grant: Reader) -> StatusView:
    """Where everything stands, as far as the token's schools go."""
    return await doors.registry.operations.status(grant.schools, doors.now())


@router.get("/v1/dead-letters", dependencies=SIGNED_IN, responses=READING)
async def list_dead_letters(doors: TheDoors, grant: Reader, window: AskedWindow) -> Page[DeadLetterView]:
    """Records of topics that could not be taken, the latest last. A token for some schools sees none: whose a broken
    record is, nobody can tell.
    """
    return page(await doors.registry.operations.dead_letters(grant.schools, window))


@router.get("/v1/holds", dependencies=SIGNED_IN, responses=READING)
async def list_holds(doors: TheDoors, grant: Reader, window: AskedWindow) -> Page[HoldView]:
    """Removals that a guard held, decided ones included, the latest last."""
    return page(await doors.registry.operations.holds(grant.schools, window))
