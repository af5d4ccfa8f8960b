"""`PATCH /v1/organisations/{id}`: the platform account of a school, its policies, where its people sign in."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from adapters.web.access import SIGNED_IN, Operator, in_school
from adapters.web.contents import problems_of
from adapters.web.dependencies import Deps
from adapters.web.paths import PathOrganisation
from adapters.web.problems import Problem, not_found
from sync.invitations import is_address
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=problems_of(401, 403, 404, 409, 422, 503))

BY = "web"  # who chose, as far as is known

REFUSALS = {Choice.NOT_SET: 422, Choice.CHATS_STAND: 409}


def _address(url: str) -> str:
    if url and not is_address(url):
        raise ValueError("Input should be an https address, with no name or password in it")
    return url


class Chosen(BaseModel):
    """What is left out stays; an empty `account` is the platform's first, an empty `sign_in_url` that of all."""

    model_config = ConfigDict(extra="forbid")

    platform: str | None = Field(None, max_length=16)
    account: str | None = Field(None, max_length=64)
    strangers: Literal["ask", "revert", "adopt"] | None = None
    titles: Literal["revert", "keep"] | None = None
    sign_in_url: Annotated[str, AfterValidator(_address)] | None = None


@router.patch("/v1/organisations/{organisation_id}")
async def choose(organisation_id: PathOrganisation, chosen: Chosen, deps: Deps, grant: Operator) -> OrganisationView:
    """Choose the account that makes a school's chats (those that stand stay with the one that made them), and what is
    done about strangers there, and about titles that people gave; and where its people sign in.
    """
    school = in_school(organisation_id, grant)
    if chosen.platform is not None or chosen.account is not None:
        choice = await deps.choose_account(school, chosen.platform, chosen.account)
        if choice in REFUSALS:
            raise Problem(REFUSALS[choice], choice.value)
    if chosen.strangers is not None or chosen.titles is not None:
        await deps.choose_policies(school, chosen.strangers, chosen.titles, BY)
    if chosen.sign_in_url is not None:
        await deps.choose_sign_in(school, chosen.sign_in_url or None)
    view = await deps.registry.schools.organisation(organisation_id)
    if view is None:
        raise not_found()
    return view
