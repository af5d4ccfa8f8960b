"""A person's accounts: shown, linked and unlinked. What is changed is an event like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from pydantic import BaseModel, ValidationError

from adapters.web.access import SIGNED_IN, Linker, LinkReader
from adapters.web.contents import READING, problems_of
from adapters.web.doors import Doors, Grant, TheDoors
from adapters.web.lists import Page
from adapters.web.paths import PathId
from adapters.web.problems import Problem, not_found, of_rejection
from schemas.accounts import AccountLinked, AccountUnlinked, Provider
from schemas.text import AccountId
from sync.accounts import AccountWord
from sync.versions import Version
from sync.views.persons import AccountView
from sync.views.registry import Schools

SOURCE = "rollcall"
QUEUED = "queued"
TICK = timedelta(microseconds=1)

router = APIRouter(tags=["accounts"], dependencies=SIGNED_IN, responses=problems_of(400) | READING)


class Link(BaseModel):
    external_user_id: AccountId


@router.get("/v1/persons/{person_id}/accounts")
async def list_accounts(person_id: PathId, doors: TheDoors, grant: LinkReader) -> Page[AccountView]:
    """The accounts a person is linked to, by provider."""
    return Page(items=await _accounts(person_id, doors, grant.schools), next=None)


@router.get("/v1/persons/{person_id}/accounts/{provider}")
async def show_account(person_id: PathId, provider: Provider, doors: TheDoors, grant: LinkReader) -> AccountView:
    """The account of one provider."""
    return await _account(person_id, provider, doors, grant)


@router.put("/v1/persons/{person_id}/accounts/{provider}", responses={202: {"model": AccountView}})
async def link(
    *, person_id: PathId, provider: Provider, body: Link, doors: TheDoors, grant: Linker, response: Response
) -> AccountView:
    """Link a person to an account; the account linked before leaves the chats. With Kafka 202, and what is told is
    what will be.
    """
    data = {"person_id": person_id, "provider": provider, "external_user_id": body.external_user_id}
    at = await _later_than_all(person_id, provider, doors)
    try:
        event = AccountLinked.of(id=doors.new_id(), source=_source(grant), time=at, data=data)
    except ValidationError as error:
        wrong = {"parameter": "person_id", "detail": "Input should be an id of 1 to 128 characters"}
        raise Problem(422, "No person can have this id", [wrong]) from error
    word = AccountWord(person_id, provider, body.external_user_id, Version(event.source, None, at, event.id))
    will_be = await doors.registry.people.account_after(word)
    if await _take(event, doors) == QUEUED:
        response.status_code = 202
    return will_be


@router.delete("/v1/persons/{person_id}/accounts/{provider}", status_code=204)
async def unlink(person_id: PathId, provider: Provider, doors: TheDoors, grant: Linker) -> None:
    """Unlink a person's account."""
    await _account(person_id, provider, doors, grant)
    data = {"person_id": person_id, "provider": provider}
    at = await _later_than_all(person_id, provider, doors)
    await _take(AccountUnlinked.of(id=doors.new_id(), source=_source(grant), time=at, data=data), doors)


def _source(grant: Grant) -> str:
    """Who speaks: for some schools alone it is a source that is bound to them.

    Raises:
        Problem: 403, the token was made without one.
    """
    if grant.schools is None:
        return SOURCE
    if not grant.sources:
        raise Problem(403, "The token speaks as no source; make one with --source")
    return grant.sources[0]


async def _take(event: AccountLinked | AccountUnlinked, doors: Doors) -> str:
    [taken] = await doors.intake.take([event])
    if taken.rejection is not None:
        problem = of_rejection(taken.rejection)
        raise Problem(problem["status"], problem["title"])
    return taken.outcome


async def _accounts(person_id: str, doors: Doors, schools: Schools) -> Sequence[AccountView]:
    accounts = await doors.registry.people.accounts(person_id, schools)
    if accounts is None:
        raise not_found()
    return accounts


async def _account(person_id: str, provider: str, doors: Doors, grant: Grant) -> AccountView:
    for account in await _accounts(person_id, doors, grant.schools):
        if account.provider == provider:
            return account
    raise not_found()


async def _later_than_all(person_id: str, provider: str, doors: Doors) -> datetime:
    """A time at which what is said now wins over all that was said, whoever's clock goes ahead."""
    now, last = doors.now(), await doors.registry.people.last_said_at(person_id, provider)
    return now if last is None else max(now, last + TICK)
