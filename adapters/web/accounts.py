"""A person's accounts: shown, linked and unlinked. What is changed is an event like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, ValidationError

from adapters.web.access import SIGNED_IN, Linker, LinkReader
from adapters.web.contents import READING, problems_of
from adapters.web.dependencies import Dependencies, Deps, Grant
from adapters.web.lists import Page
from adapters.web.paths import PathPerson
from adapters.web.problems import Problem, not_found, of_rejection
from schemas.accounts import NOT_A_PERSONS, AccountLinked, AccountUnlinked, Provider
from schemas.text import AccountId
from sync import ids
from sync.accounts import TICK, AccountAssertion, own_source
from sync.ids import PersonId
from sync.versions import Version
from sync.views.persons import AccountView
from sync.views.registry import Schools

QUEUED = "queued"
OWN = {"pointer": "/external_user_id", "detail": NOT_A_PERSONS}

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
    if await deps.registry.people.is_own(provider, body.external_user_id):
        raise Problem(422, "The account is the service's own", [OWN])
    data = {"person_id": person_id, "provider": provider, "external_user_id": body.external_user_id}
    at = await _later_than_all(person_id, provider, deps, grant)
    try:
        event = AccountLinked.of(id=deps.new_id(), source=_source(grant), time=at, data=data)
    except ValidationError as error:
        wrong = {"parameter": "person_id", "detail": "Input should be an id of 1 to 128 characters"}
        raise Problem(422, "No person can have this id", [wrong]) from error
    assertion = AccountAssertion(
        person_id, provider, ids.AccountId(body.external_user_id), Version(event.source, None, at, event.id)
    )
    will_be = await deps.registry.people.account_after(assertion)
    if await _take(event, deps) == QUEUED:
        response.status_code = 202
    return will_be


@router.delete("/v1/persons/{person_id}/accounts/{provider}", status_code=204)
async def unlink(person_id: PathPerson, provider: Provider, deps: Deps, grant: Linker) -> None:
    """Unlink a person's account."""
    await _account(person_id, provider, deps, grant)
    data = {"person_id": person_id, "provider": provider}
    at = await _later_than_all(person_id, provider, deps, grant)
    await _take(AccountUnlinked.of(id=deps.new_id(), source=_source(grant), time=at, data=data), deps)


def _source(grant: Grant) -> str:
    return own_source(None if grant.schools is None else grant.token_id)


async def _take(event: AccountLinked | AccountUnlinked, deps: Dependencies) -> str:
    [taken] = await deps.intake.take([event])
    if taken.rejection is not None:
        problem = of_rejection(taken.rejection)
        raise Problem(problem["status"], problem["title"])
    return taken.outcome


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


async def _later_than_all(person_id: PersonId, provider: str, deps: Dependencies, grant: Grant) -> datetime:
    """A time at which what is said now wins over all that was said there, whoever's clock goes ahead."""
    now, last = deps.now(), await deps.registry.people.last_said_at(person_id, provider, grant.schools)
    return now if last is None else max(now, last + TICK)
