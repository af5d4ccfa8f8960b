"""`POST /v1/organisations/{id}/chats/{chat}/adoption`: a code by which a person's chat becomes a school's."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from adapters.web.access import SIGNED_IN, Operator, in_school
from adapters.web.contents import problems_of
from adapters.web.dependencies import Deps
from adapters.web.paths import PathChat, PathOrganisation
from adapters.web.problems import Problem, not_found
from sync.views.registry import Window

router = APIRouter(tags=["operations"], dependencies=SIGNED_IN, responses=problems_of(401, 403, 404, 409, 503))


class Code(BaseModel):
    """Whoever administrates a chat adds the bot to it as an administrator and posts the code there, once."""

    code: str
    expires_at: datetime


@router.post("/v1/organisations/{organisation_id}/chats/{chat_id}/adoption")
async def offer(organisation_id: PathOrganisation, chat_id: PathChat, deps: Deps, grant: Operator) -> Code:
    """Make a code for a chat that has none on the platform yet."""
    school = in_school(organisation_id, grant)
    if await deps.registry.schools.members(school, chat_id, Window(limit=1), excluded=False) is None:
        raise not_found()
    offered = await deps.offer_adoption(school, chat_id)
    if offered is None:
        raise Problem(409, "The chat has one on the platform, or nobody is to be in it yet")
    return Code(code=offered.code, expires_at=offered.expires_at)
