"""Schools, their chats, and who is in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from adapters.web.access import SIGNED_IN, Operator, Reader, in_school
from adapters.web.contents import READING
from adapters.web.dependencies import Deps
from adapters.web.lists import AskedWindow, Page, page
from adapters.web.paths import PathChat, PathOrganisation, PathPerson, QueryChat, QueryOrganisation, QueryPerson
from adapters.web.problems import not_found
from sync.views.chats import ChatView, MemberView
from sync.views.explanation import Explanation
from sync.views.organisations import OrganisationView
from sync.views.persons import MembershipView, PersonView
from sync.views.registry import Asked

router = APIRouter(tags=["registry"], dependencies=SIGNED_IN, responses=READING)


@router.get("/v1/organisations")
async def list_organisations(deps: Deps, grant: Reader, window: AskedWindow) -> Page[OrganisationView]:
    """The schools, by id."""
    return page(await deps.registry.schools.organisations(grant.schools, window))


@router.get("/v1/organisations/{organisation_id}")
async def show_organisation(organisation_id: PathOrganisation, deps: Deps, grant: Reader) -> OrganisationView:
    """One school."""
    view = await deps.registry.schools.organisation(in_school(organisation_id, grant))
    if view is None:
        raise not_found()
    return view


@router.get("/v1/organisations/{organisation_id}/chats")
async def list_chats(
    organisation_id: PathOrganisation, deps: Deps, grant: Reader, window: AskedWindow
) -> Page[ChatView]:
    """The chats of a school, by id."""
    listed = await deps.registry.schools.chats(in_school(organisation_id, grant), window)
    if listed is None:
        raise not_found()
    return page(listed)


@router.get("/v1/organisations/{organisation_id}/chats/{chat_id}/members")
async def list_members(
    *,
    organisation_id: PathOrganisation,
    chat_id: PathChat,
    deps: Deps,
    grant: Reader,
    window: AskedWindow,
    excluded: Annotated[bool, Query()] = False,
) -> Page[MemberView]:
    """Everybody desired in a chat, still in it, or kept; with `excluded` those kept out as well."""
    listed = await deps.registry.schools.members(in_school(organisation_id, grant), chat_id, window, excluded=excluded)
    if listed is None:
        raise not_found()
    return page(listed)


@router.get("/v1/persons/{person_id}")
async def show_person(person_id: PathPerson, deps: Deps, grant: Reader) -> PersonView:
    """One person: names, schools, accounts, and what the person is to be told."""
    view = await deps.registry.people.person(person_id, grant.schools, deps.now())
    if view is None:
        raise not_found()
    return view


@router.delete("/v1/persons/{person_id}/notices/{organisation_id}", status_code=204)
async def close_notice(person_id: PathPerson, organisation_id: PathOrganisation, deps: Deps, grant: Operator) -> None:
    """Close the notice of the new school year, as its reader does."""
    if not await deps.close_notice(in_school(organisation_id, grant), person_id):
        raise not_found()


@router.get("/v1/persons/{person_id}/chats")
async def list_memberships(
    person_id: PathPerson, deps: Deps, grant: Reader, window: AskedWindow
) -> Page[MembershipView]:
    """The chats of a person, with how they stand there."""
    listed = await deps.registry.people.memberships(person_id, grant.schools, window)
    if listed is None:
        raise not_found()
    return page(listed)


@router.get("/v1/explain")
async def explain(
    deps: Deps,
    grant: Reader,
    person: QueryPerson,
    organisation: QueryOrganisation = None,
    chat: QueryChat = None,
) -> Explanation:
    """Why somebody is in a chat, or not: reasons, exclusions, the events behind them, what was tried."""
    explanation = await deps.registry.people.explain(person, Asked(organisation, chat), grant.schools)
    if explanation is None:
        raise not_found()
    return explanation
