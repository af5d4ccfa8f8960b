"""`PATCH /v1/organisations/{id}`: the platform account of a school, and its policies."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from adapters.web.access import SIGNED_IN, Operator, in_school
from adapters.web.contents import problems_of
from adapters.web.dependencies import Deps
from adapters.web.paths import PathOrganisation
from adapters.web.problems import Problem, not_found
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=problems_of(401, 403, 404, 409, 422, 503))

BY = "web"  # who chose, as far as is known

REFUSALS = {Choice.NOT_SET: 422, Choice.CHATS_STAND: 409}


class Chosen(BaseModel):
    """What is left out stays; an empty `account` is the platform's first."""

    model_config = ConfigDict(extra="forbid")

    platform: str | None = Field(None, max_length=16)
    account: str | None = Field(None, max_length=64)
    strangers: Literal["ask", "revert", "adopt"] | None = None
    titles: Literal["revert", "keep"] | None = None


@router.patch("/v1/organisations/{organisation_id}")
async def choose(organisation_id: PathOrganisation, chosen: Chosen, deps: Deps, grant: Operator) -> OrganisationView:
    """Choose the account that makes a school's chats (those that stand stay with the one that made them), and what is
    done about strangers there, and about titles that people gave.
    """
    school = in_school(organisation_id, grant)
    if chosen.platform is not None or chosen.account is not None:
        choice = await deps.choose_account(school, chosen.platform, chosen.account)
        if choice in REFUSALS:
            raise Problem(REFUSALS[choice], choice.value)
    if chosen.strangers is not None or chosen.titles is not None:
        await deps.choose_policies(school, chosen.strangers, chosen.titles, BY)
    view = await deps.registry.schools.organisation(organisation_id)
    if view is None:
        raise not_found()
    return view
