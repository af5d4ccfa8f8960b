"""`PATCH /v1/organisations/{id}`: the platform account of a school."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from adapters.web.access import SIGNED_IN, Operator, in_school
from adapters.web.contents import problems_of
from adapters.web.doors import TheDoors
from adapters.web.paths import PathId
from adapters.web.problems import Problem, not_found
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=problems_of(401, 403, 404, 409, 422, 503))

REFUSALS = {Choice.NOT_SET: 422, Choice.CHATS_STAND: 409}


class Account(BaseModel):
    """What is left out stays; an empty `account` is the platform's first."""

    model_config = ConfigDict(extra="forbid")

    platform: str | None = Field(None, max_length=16)
    account: str | None = Field(None, max_length=64)


@router.patch("/v1/organisations/{organisation_id}")
async def choose_account(
    organisation_id: PathId, account: Account, doors: TheDoors, grant: Operator
) -> OrganisationView:
    """Choose the account that makes a school's chats. Chats that stand stay with the one that made them."""
    choice = await doors.choose_account(in_school(organisation_id, grant), account.platform, account.account)
    if choice in REFUSALS:
        raise Problem(REFUSALS[choice], choice.value)
    view = await doors.registry.schools.organisation(organisation_id)
    if view is None:
        raise not_found()
    return view
