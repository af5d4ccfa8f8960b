"""`POST /v1/reconcile`: what stands on the platform beside what is wanted; and the last time that was asked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from adapters.web.access import SIGNED_IN, Operator, Reader, in_school
from adapters.web.contents import READING, problems_of
from adapters.web.dependencies import Deps
from adapters.web.paths import AskedOrganisation, storable
from adapters.web.problems import not_found
from sync.ids import OrganisationId
from sync.views.reconciles import ReconcileView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN)


class Ordered(BaseModel):
    model_config = ConfigDict(extra="forbid")

    organisation: Annotated[OrganisationId, Field(min_length=1, max_length=255), BeforeValidator(storable)]
    apply: bool = False


@router.post("/v1/reconcile", responses=problems_of(401, 403, 404, 422, 503) | {202: {"model": ReconcileView}})
async def reconcile(ordered: Ordered, deps: Deps, grant: Operator, response: Response) -> ReconcileView:
    """Look at every chat of a school, and with `apply` put right what differs. 202 with what is known by then, where
    that takes long: it goes on, and the same request again waits for the rest.
    """
    school = in_school(ordered.organisation, grant)
    await deps.reconcile(school, ordered.apply)
    view = await _last(school, deps)
    response.status_code = 200 if view.ended_at is not None else 202
    return view


@router.get("/v1/reconcile", responses=READING)
async def show_reconcile(organisation: AskedOrganisation, deps: Deps, grant: Reader) -> ReconcileView:
    """The last reconcile of a school, the nightly ones included."""
    return await _last(in_school(organisation, grant), deps)


async def _last(school: OrganisationId, deps: Deps) -> ReconcileView:
    view = await deps.registry.operations.reconcile(school)
    if view is None:
        raise not_found()
    return view
