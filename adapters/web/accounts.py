"""A person's accounts: shown, linked and unlinked. What is changed is an event like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Header, Response
from pydantic import BaseModel

from adapters.web.access import REASON_HEADER, SIGNED_IN, Linker, LinkReader
from adapters.web.contents import READING, problems_of
from adapters.web.dependencies import Dependencies, Deps, Grant
from adapters.web.lists import Page
from adapters.web.paths import PathPerson
from adapters.web.problems import Problem, not_found
from schemas.accounts import NOT_A_PERSONS, Provider
from schemas.text import AccountId
from sync import ids
from sync.accounts import own_source
from sync.ids import PersonId
from sync.ports.linking import NobodysAccount, Speaker
from sync.views.persons import AccountView
from sync.views.registry import Schools

OWN = {"pointer": "/external_user_id", "detail": NOT_A_PERSONS}

Reason = Annotated[str | None, Header(alias=REASON_HEADER, description="Why, for the audit; may be percent-encoded.")]

router = APIRouter(tags=["accounts"], dependencies=SIGNED_IN, responses=problems_of(400) | READING)


class Link(BaseModel):
    external_user_id: AccountId


@router.get("/v1/persons/{person_id}/accounts")
async def list_accounts(person_id: PathPerson, deps: Deps, grant: LinkReader) -> Page[AccountView]:
    """The accounts a person is linked to, by provider."""
    return Page(items=await _accounts(person_id, deps, grant.schools), next=None)


@router.get("/v1/persons/{person_id}/accounts/{provider}")
async def show_account(person_id: PathPerson, provider: Provider, deps: Deps, grant: LinkReader) -> AccountView:
    """The account of one provider."""
    return await _account(person_id, provider, deps, grant)


@router.put("/v1/persons/{person_id}/accounts/{provider}", responses={202: {"model": AccountView}})
async def link(
    *, person_id: PathPerson, provider: Provider, body: Link, deps: Deps, grant: Linker, response: Response
) -> AccountView:
    """Link a person to an account; the account linked before leaves the chats. With Kafka 202, and what is told is
    what will be.
    """
    account = ids.AccountId(body.external_user_id)
    try:
        said = await deps.account_events.linked(person_id, provider, account, _speaker(grant))
    except NobodysAccount as error:
        raise _refusal(error) from error
    assert said.view is not None  # noqa: S101 - of what is linked it is told
    if said.queued:
        response.status_code = 202
    return said.view


@router.delete("/v1/persons/{person_id}/accounts/{provider}", status_code=204)
async def unlink(person_id: PathPerson, provider: Provider, deps: Deps, grant: Linker, _: Reason = None) -> None:
    """Unlink a person's account."""
    await _account(person_id, provider, deps, grant)
    await deps.account_events.unlinked(person_id, provider, _speaker(grant))


def _speaker(grant: Grant) -> Speaker:
    return Speaker(own_source(None if grant.schools is None else grant.token_id), grant.schools)


def _refusal(error: NobodysAccount) -> Problem:
    if error.field == "external_user_id":
        return Problem(422, "The account is the service's own", [OWN])
    wrong = {"parameter": "person_id", "detail": "Input should be an id of 1 to 128 characters"}
    return Problem(422, "No person can have this id", [wrong])


async def _accounts(person_id: PersonId, deps: Dependencies, schools: Schools) -> Sequence[AccountView]:
    accounts = await deps.registry.people.accounts(person_id, schools)
    if accounts is None:
        raise not_found()
    return accounts


async def _account(person_id: PersonId, provider: str, deps: Dependencies, grant: Grant) -> AccountView:
    for account in await _accounts(person_id, deps, grant.schools):
        if account.provider == provider:
            return account
    raise not_found()
