"""`/v1/holds`: changes that a guard held, and what a person decides on them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from adapters.web.access import SIGNED_IN, Operator, Reader
from adapters.web.contents import READING, problems_of
from adapters.web.dependencies import Dependencies, Deps, Grant
from adapters.web.lists import AskedWindow, Page, page
from adapters.web.problems import Problem, not_found
from schemas.text import Note
from sync.ids import HoldNo
from sync.ports.holds import Decision
from sync.use_cases.decide_holds import Verdict, approval, rejection
from sync.views.operations import HoldView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=READING)
DECIDING = problems_of(400, 409)

LARGEST = 2**63 - 1


class Reason(BaseModel):
    """Why: it is kept with the hold, and shown."""

    model_config = ConfigDict(extra="forbid")

    reason: Note


@router.get("/v1/holds")
async def list_holds(deps: Deps, grant: Reader, window: AskedWindow) -> Page[HoldView]:
    """Changes that a guard held, decided ones included, the latest last."""
    return page(await deps.registry.operations.holds(grant.schools, window))


@router.get("/v1/holds/{number}")
async def show_hold(number: int, deps: Deps, grant: Reader) -> HoldView:
    """One hold: its plan, its causes, its size, which limit it breaks and until when it waits."""
    return await _hold(number, deps, grant)


@router.post("/v1/holds/{number}/approve", responses=DECIDING)
async def approve(number: int, reason: Reason, deps: Deps, grant: Operator) -> HoldView:
    """Apply what is still as the hold planned it, and nothing else."""
    return await _decide(number, reason, approval, deps, grant)


@router.post("/v1/holds/{number}/reject", responses=DECIDING)
async def reject(number: int, reason: Reason, deps: Deps, grant: Operator) -> HoldView:
    """Leave everybody where they are. A later event about a person may plan the change anew."""
    return await _decide(number, reason, rejection, deps, grant)


async def _decide(
    number: int, reason: Reason, decision: Callable[[str, str], Decision], deps: Dependencies, grant: Grant
) -> HoldView:
    before = await _hold(number, deps, grant)
    decided = await deps.decide_hold(HoldNo(number), decision(grant.token_id, reason.reason))
    if decided.verdict is not Verdict.DONE:
        raise Problem(409, f"Hold {number} of {before.organisation_id} stays as it is: {decided.verdict.value}")
    return await _hold(number, deps, grant)


async def _hold(number: int, deps: Dependencies, grant: Grant) -> HoldView:
    view = await deps.registry.operations.hold(number, grant.schools) if 0 < number <= LARGEST else None
    if view is None:
        raise not_found()
    return view
