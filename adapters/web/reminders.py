"""Who of a class has not linked an account: to read, and to print."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from adapters.web.access import SIGNED_IN, Reader, in_school
from adapters.web.contents import READING
from adapters.web.dependencies import Dependencies, Deps, Grant
from adapters.web.paths import PathClass, PathOrganisation
from adapters.web.problems import not_found
from sync.days import local_day
from sync.ids import ClassId, OrganisationId
from sync.views.reminders import RemindersView, SheetKind

router = APIRouter(tags=["registry"], dependencies=SIGNED_IN, responses=READING)

AT_A_TIME = 1  # sheets are printed beside the loop, and each takes the processor from it
OF_CLASS = "/v1/organisations/{organisation_id}/classes/{class_id}"


class Pdf(Response):
    media_type = "application/pdf"


@router.get(f"{OF_CLASS}/reminders")
async def list_unlinked(
    organisation_id: PathOrganisation, class_id: PathClass, deps: Deps, grant: Reader
) -> RemindersView:
    """Those of a class's chat and its parents' chat who wait for an account, by name, and a message to send them."""
    return await _reminders(organisation_id, class_id, deps, grant)


@router.get(f"{OF_CLASS}/reminders.pdf", response_class=Pdf)
async def print_unlinked(
    *,
    organisation_id: PathOrganisation,
    class_id: PathClass,
    request: Request,
    deps: Deps,
    grant: Reader,
    sheet: Annotated[SheetKind, Query()] = "list",
) -> Pdf:
    """The same to print: `list` is the teacher's, with all names on it; `slips` has one for each, to be cut apart."""
    view = await _reminders(organisation_id, class_id, deps, grant)
    on = local_day(deps.now(), view.time_zone)
    async with request.app.state.printing:
        printed = await asyncio.to_thread(deps.print_sheets, sheet, [view], on)
    return Pdf(printed, headers={"Cache-Control": "no-store"})


async def _reminders(school: OrganisationId, class_id: ClassId, deps: Dependencies, grant: Grant) -> RemindersView:
    view = await deps.registry.schools.reminders(in_school(school, grant), class_id)
    if view is None:
        raise not_found()
    return view
