"""`PATCH /v1/organisations/{id}`: the platform account of a school, its policies, where its people sign in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from adapters.web.access import SIGNED_IN, Operator, in_school
from adapters.web.contents import problems_of
from adapters.web.dependencies import Dependencies, Deps
from adapters.web.paths import PathOrganisation
from adapters.web.problems import Problem, not_found
from sync.ids import OrganisationId
from sync.invitations import is_address
from sync.plan.actions import told
from sync.use_cases.choose_account import Choice
from sync.views.organisations import OrganisationView

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=problems_of(401, 403, 404, 409, 422, 503))

BY = "web"  # who chose, as far as is known

REFUSALS = {Choice.NOT_SET: 422, Choice.STALLED: 409}


def _address(url: str) -> str:
    if url and not is_address(url):
        raise ValueError("Input should be an https address, with no name or password in it")
    return url


class Chosen(BaseModel):
    """What is left out stays; an empty `account` is the platform's first, an empty `sign_in_url` that of all. Without
    `apply` nothing is changed, and what would be is shown.
    """

    model_config = ConfigDict(extra="forbid")

    platform: str | None = Field(None, max_length=16)
    account: str | None = Field(None, max_length=64)
    strangers: Literal["ask", "revert", "adopt"] | None = None
    titles: Literal["revert", "keep"] | None = None
    sign_in_url: Annotated[str, AfterValidator(_address)] | None = None
    apply: bool = True


class WouldMove(BaseModel):
    """What another platform would do to a school: a plan, and the limits of guards that would hold some of it. Who is
    added with `external_user_id` null waits for an account there. `moves`: whether chats that stand are left for new
    ones; each that is archived is told first where it goes.
    """

    moves: bool
    plan: dict[str, Any]
    holds: list[str]


@router.patch("/v1/organisations/{organisation_id}")
async def choose(
    organisation_id: PathOrganisation, chosen: Chosen, deps: Deps, grant: Operator
) -> OrganisationView | WouldMove:
    """Choose the account that makes a school's chats (those that stand stay with the one that made them), and what is
    done about strangers there, and about titles that people gave; and where its people sign in.

    Another platform moves the school's chats: new ones are made there and filled with who has an account there; each
    that stands is told where it goes, and left, once its new one is filled. With `apply` false that is only shown.
    """
    school = in_school(organisation_id, grant)
    if not chosen.apply:
        return await _shown(school, chosen, deps)
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


async def _shown(school: OrganisationId, chosen: Chosen, deps: Dependencies) -> WouldMove:
    shown = await deps.show_choice(school, chosen.platform, chosen.account)
    if shown.choice is Choice.NO_SCHOOL:
        raise not_found()
    if shown.choice in REFUSALS:
        raise Problem(REFUSALS[shown.choice], shown.choice.value)
    plan = told(school, shown.lines, {})
    return WouldMove(moves=shown.moves, plan=plan, holds=[hold.limit for hold in shown.holds])
